// Which protocol do the neighbours on the mesh read? Version 1 is spoken while all of them do: one who reads XML alone would see nothing of it, and
// one who hears XML from us must not be made to fall back for it.
import { type CotFrame, decodeCotFrame, meaningOf, type TakMessage } from "@atalaya/cot";
import { PresentDevices } from "./present-devices.ts";

/** Who has not been heard for this long is no neighbour: version 1 has to be announced every 60 s. */
const GONE_AFTER_MS = 120_000;
const MAX_NEIGHBOURS = 500;

interface Neighbour {
  readonly readsVersion1: boolean;
  readonly heardMs: number;
}

/** Where a device takes what is for it alone. */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT:tcp`, as devices write where they listen; `srctcp`: wherever the datagram came from. */
const TCP_ENDPOINT = /^[^\s]+:(\d{4,5}):(?:src)?tcp$/;

/**
 * Where a message to this neighbour alone may be sent. The host is the one that the datagram came from, whatever the endpoint says: nobody has the hub
 * connect to a third.
 */
function addressOf(endpoint: string | undefined, from: string): DeviceAddress | undefined {
  const port = Number(TCP_ENDPOINT.exec(endpoint ?? "")?.[1] ?? 0);
  return port < 1024 || port > 65_535 ? undefined : { host: from, port };
}

export class Neighbours {
  readonly #known = new Map<string, Neighbour>();

  readonly devices: PresentDevices<DeviceAddress> = new PresentDevices(MAX_NEIGHBOURS, GONE_AFTER_MS);

  /** Learns from a message that came from this address. `self` is our own uid. Returns the uid of a device that was not there before. */
  hear(frame: CotFrame, from: string, self: string, nowMs: number): string | undefined {
    const decoded = decodeCotFrame(frame);
    if ("refused" in decoded) return undefined;
    this.#learn(decoded.message, frame.form, self, nowMs);
    const { event } = decoded.message;
    const meaning = event === undefined ? undefined : meaningOf(event);
    if (event === undefined || meaning?.kind !== "team-position" || event.uid === self) return undefined;
    const address = addressOf(meaning.endpoint, from);
    return address !== undefined && this.devices.hear(event.uid, address, nowMs) ? event.uid : undefined;
  }

  readsVersion1(uid: string): boolean {
    return this.#known.get(uid)?.readsVersion1 === true;
  }

  #learn({ control, event }: TakMessage, form: CotFrame["form"], self: string, nowMs: number): void {
    if (control !== undefined) {
      const uid = control.contactUid ?? event?.uid ?? "";
      if (uid !== "" && uid !== self) this.#note(uid, control.minVersion <= 1 && control.maxVersion >= 1, nowMs);
      return;
    }
    if (event === undefined || form !== "xml") return;
    // Only who can be written to is a neighbour: trackers send XML for all to read, and read nothing.
    const meaning = meaningOf(event);
    if (meaning.kind !== "team-position" || meaning.endpoint === undefined || event.uid === self) return;
    // One that has announced version 1 and writes XML does so for another's sake.
    const known = this.#known.get(event.uid);
    const announced = known?.readsVersion1 === true && nowMs - known.heardMs < GONE_AFTER_MS;
    if (!announced) this.#note(event.uid, false, nowMs);
  }

  #note(uid: string, readsVersion1: boolean, heardMs: number): void {
    this.#known.delete(uid);
    this.#known.set(uid, { readsVersion1, heardMs });
    if (this.#known.size <= MAX_NEIGHBOURS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  allReadVersion1(nowMs: number): boolean {
    for (const [uid, { heardMs }] of this.#known) if (nowMs - heardMs >= GONE_AFTER_MS) this.#known.delete(uid);
    for (const { readsVersion1 } of this.#known.values()) if (!readsVersion1) return false;
    return true;
  }
}
