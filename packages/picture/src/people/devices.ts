// What did our people's devices in TAK say: where they are, what was said to the hub, where sensors look? Where a person is, says the roster (roster.ts),
// which is told of each position of a device of theirs.
//
// All of it is short-lived: it is forgotten well before its entries are purged, so that a purge changes nothing here.
import type { Records } from "../entry.ts";
import type { Settings } from "../settings.ts";

/** A certificate that the hub issued, by its serial number. */
export interface IssuedCertificate {
  readonly serial: string;
  readonly name: string;
  /** The device's uid, where it was given when the certificate was issued. */
  readonly uid?: string;
}

/** Where one of us last was. */
export interface DevicePosition {
  /** The device's, in TAK: a person may carry several. */
  readonly uid: string;
  readonly source: string;
  /** Serial number of the certificate that it came by; "": by none, through a network of others, and only since the uid is known. */
  readonly certificate: string;
  readonly callsign?: string;
  readonly team?: string;
  readonly role?: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM?: number;
  /** One sigma, horizontally, m. */
  readonly errorM?: number;
  readonly speedMps?: number;
  readonly courseDeg?: number;
  readonly batteryPercent?: number;
  /** When it was measured, and when it came. */
  readonly measuredUs: number;
  readonly heardUs: number;
  /** Until when its sender calls it current. */
  readonly staleUs: number;
  readonly drill: boolean;
}

/** Something said to the hub, or a call for help. */
export interface OwnMessage {
  readonly kind: "alarm" | "alarm-cancel" | "medical-evacuation" | "chat" | "delivered" | "read";
  /** Of the device that said it, as far as it says. */
  readonly uid?: string;
  readonly callsign?: string;
  readonly source: string;
  readonly certificate: string;
  /** True when the certificate is one of ours and the uid is not that of another one. */
  readonly isOurs: boolean;
  /** Uid of the event, of the alarm; of a receipt, that of the message. */
  readonly messageId: string;
  readonly text: string;
  readonly place?: { readonly latDeg: number; readonly lonDeg: number };
  readonly heardUs: number;
  readonly drill: boolean;
}

/** Where a sensor of somebody looks. Only the direction is kept: what it looks at is not ours to keep. */
export interface Pointing {
  readonly uid: string;
  readonly source: string;
  readonly callsign?: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly azimuthDeg: number;
  readonly fieldOfViewDeg?: number;
  readonly rangeM?: number;
  readonly heardUs: number;
  readonly drill: boolean;
}

export interface DevicesImage {
  readonly certificates: readonly IssuedCertificate[];
  readonly positions: readonly DevicePosition[];
  readonly messages: readonly OwnMessage[];
  readonly pointings: readonly Pointing[];
}

/** Puts a value at the end of a map; beyond the limit the one that was renewed longest ago goes. */
function renew<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

export class Devices {
  readonly #settings: Settings;
  readonly #certificates = new Map<string, IssuedCertificate>();
  /** Serial number by the uid that it was issued to; made from the certificates. */
  readonly #issuedTo = new Map<string, string>();
  readonly #positions = new Map<string, DevicePosition>();
  #messages: OwnMessage[] = [];
  #fresh: OwnMessage[] = [];
  readonly #pointings = new Map<string, Pointing>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  restore({ certificates, positions, messages, pointings }: DevicesImage): void {
    for (const certificate of certificates) this.#add(certificate);
    for (const position of positions) this.#positions.set(position.uid, position);
    this.#messages = [...messages];
    for (const pointing of pointings) this.#pointings.set(pointing.uid, pointing);
  }

  image(): DevicesImage {
    return {
      certificates: [...this.#certificates.values()],
      positions: [...this.#positions.values()],
      messages: this.#messages,
      pointings: [...this.#pointings.values()],
    };
  }

  positions(): IterableIterator<DevicePosition> {
    return this.#positions.values();
  }
  position(uid: string): DevicePosition | undefined {
    return this.#positions.get(uid);
  }
  /** Oldest first. */
  messages(): readonly OwnMessage[] {
    return this.#messages;
  }
  pointings(): IterableIterator<Pointing> {
    return this.#pointings.values();
  }

  /** A certificate was issued or revoked. */
  setCertificate({ serial, name, uid, change }: Records["certificate"]): void {
    if (change === "revoked") this.#forget(serial);
    else this.#add({ serial, name, ...(uid === undefined ? {} : { uid }) });
  }

  #forget(serial: string): void {
    const gone = this.#certificates.get(serial);
    this.#certificates.delete(serial);
    if (gone?.uid !== undefined && this.#issuedTo.get(gone.uid) === serial) this.#issuedTo.delete(gone.uid);
  }

  #add(certificate: IssuedCertificate): void {
    this.#certificates.set(certificate.serial, certificate);
    // The newest certificate of a device counts: it was issued because the other is lost, or nearly over.
    if (certificate.uid !== undefined) this.#issuedTo.set(certificate.uid, certificate.serial);
    if (this.#certificates.size <= this.#settings.maxCertificates) return;
    const [oldest] = this.#certificates.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  /**
   * Whether what comes by this certificate under this uid speaks for one of us. By a certificate of ours: unless the uid was issued to another, or
   * another now speaks by it. By none: when the uid is known, as issued or as last heard.
   */
  owns(certificate: string, uid: string): boolean {
    const known = this.#positions.get(uid);
    const issuedTo = this.#issuedTo.get(uid);
    if (certificate === "") return known !== undefined || issuedTo !== undefined;
    if (!this.#certificates.has(certificate)) return false;
    if (issuedTo !== undefined) return issuedTo === certificate;
    return (
      known === undefined || known.certificate === "" || known.certificate === certificate || !this.#certificates.has(known.certificate)
    );
  }

  /**
   * Whether this certificate may answer for the device, and be told what only its carrier is to know: stricter than `owns`, since a network of others
   * says any uid. What was issued to a certificate comes by that one; without one, only a device that has none.
   */
  speaksFor(certificate: string, uid: string): boolean {
    const issuedTo = this.#issuedTo.get(uid);
    if (issuedTo !== undefined) return issuedTo === certificate;
    if (certificate !== "") return this.owns(certificate, uid);
    const known = this.#positions.get(uid)?.certificate ?? "";
    return known === "" || !this.#certificates.has(known);
  }

  /** A newer position of one of us. False: not taken; what came by no certificate does not replace a current one that came by one. */
  setPosition(position: DevicePosition): boolean {
    const known = this.#positions.get(position.uid);
    if (known !== undefined) {
      if (position.measuredUs < known.measuredUs) return false;
      if (position.certificate === "" && known.certificate !== "" && position.heardUs <= known.staleUs) return false;
    }
    renew(this.#positions, position.uid, position, this.#settings.maxOwnPositions);
    return true;
  }
  /** Its person is off shift: where it is, is not our matter. */
  forgetPosition(uid: string): void {
    this.#positions.delete(uid);
  }

  /** Something said; the same message again is one. */
  hear(message: OwnMessage): void {
    const isSame = ({ kind, messageId, uid }: OwnMessage): boolean =>
      kind === message.kind && messageId === message.messageId && uid === message.uid;
    // A repeated alarm renews what is known of it, so that it does not fill the list.
    this.#messages = this.#messages.filter((known) => !isSame(known));
    this.#messages.push(message);
    if (this.#messages.length > this.#settings.maxOwnMessages) this.#messages.shift();
    this.#fresh.push(message);
    if (this.#fresh.length > this.#settings.maxOwnMessages) this.#fresh.shift();
  }
  /** What was said since this was last asked; no part of the state: an answer in it becomes a record of its own. */
  takeFresh(): readonly OwnMessage[] {
    const taken = this.#fresh;
    this.#fresh = [];
    return taken;
  }
  /** Puts back what another picture of the same sector had still to hand out, in place of what a replay brought. */
  replaceFresh(fresh: readonly OwnMessage[]): void {
    this.#fresh = [...fresh];
  }

  point(pointing: Pointing): void {
    renew(this.#pointings, pointing.uid, pointing, this.#settings.maxPointings);
  }
  pointing(uid: string): Pointing | undefined {
    return this.#pointings.get(uid);
  }

  /** Whether something here came of an entry before this time. */
  holdsFromBefore(timeUs: number): boolean {
    for (const { heardUs } of this.#positions.values()) if (heardUs < timeUs) return true;
    return this.#messages.some(({ heardUs }) => heardUs < timeUs);
  }

  /** Forgets what is over. */
  tick(timeUs: number): void {
    const { ownPositionKeptUs, ownMessageKeptUs, pointingKeptUs } = this.#settings;
    for (const [uid, { heardUs }] of this.#positions) if (timeUs - heardUs >= ownPositionKeptUs) this.#positions.delete(uid);
    for (const [uid, { heardUs }] of this.#pointings) if (timeUs - heardUs >= pointingKeptUs) this.#pointings.delete(uid);
    const [oldest] = this.#messages;
    if (oldest !== undefined && timeUs - oldest.heardUs >= ownMessageKeptUs)
      this.#messages = this.#messages.filter(({ heardUs }) => timeUs - heardUs < ownMessageKeptUs);
  }
}
