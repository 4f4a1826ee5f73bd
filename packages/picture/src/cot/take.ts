// What becomes of the Cursor on Target messages in an entry: claims for the fusion, positions and words of our people, directions of sensors.
import { type CotElement, type CotEvent, type CotMeaning, decodeCotFrame, elementNamed, isOver, meaningOf } from "@atalaya/cot";
import { geodesicInverse } from "@atalaya/geodesy";
import type { Fusion, SystemTrack } from "../fusion.ts";
import type { OwnMessage, Devices } from "../people/devices.ts";
import type { LatLon } from "../place.ts";
import type { Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import { refuseFrame, type SourceState } from "../source-health.ts";
import { decodeCotBatch } from "./batch.ts";
import type { CotEntryKind } from "./separate.ts";

type Of<K extends CotMeaning["kind"]> = Extract<CotMeaning, { readonly kind: K }>;

/** Errors where none are stated, m (1σ), and the bounds of what is believed. */
const UNSTATED_ERROR_M = 30;
const LEAST_ERROR_M = 1;
/** 95 % of two dimensions in standard deviations. */
const SIGMAS_95 = 2.45;
const MOST_ERROR_M = 500;
const NO_HEIGHT_SIGMA_M = 200;
/** A system that says what it sees is mostly right about it. */
const STATED_CLASS = 0.8;
const MAX_TEXT = 1000;

function defined<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

function clipped(text: string | undefined): string | undefined {
  return text === undefined || text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT);
}

function remarks(detail: readonly CotElement[]): string {
  return elementNamed(detail, "remarks")?.text ?? "";
}

/** Somewhere: what has no position is written at latitude 0, longitude 0. */
function placeOf({ point: { latDeg, lonDeg } }: CotEvent): LatLon | undefined {
  return latDeg === 0 && lonDeg === 0 ? undefined : { latDeg, lonDeg };
}

export class CotTaking {
  readonly #settings: Settings;
  readonly #fusion: Fusion;
  readonly #people: Devices;
  readonly #roster: Roster;

  constructor(settings: Settings, fusion: Fusion, people: Devices, roster: Roster) {
    this.#settings = settings;
    this.#fusion = fusion;
    this.#people = people;
    this.#roster = roster;
  }

  /** Takes an entry's batch. `place` stands for where its source is; undefined: nobody has said where anything is. */
  take(kind: CotEntryKind, source: SourceState, bytes: Uint8Array, place: LatLon | undefined, timeUs: number): void {
    const batch = decodeCotBatch(bytes);
    if (batch === undefined) {
      if (kind === "frame") refuseFrame(source, "not-a-batch");
      return;
    }
    for (const message of batch.messages) {
      const decoded = decodeCotFrame(message);
      if ("refused" in decoded || decoded.message.event === undefined) continue;
      const { event } = decoded.message;
      const meaning = meaningOf(event);
      if (kind === "frame") this.#claim(source, event, meaning, place, timeUs);
      else if (kind === "own-position") this.#ours(source, batch.certificate, event, meaning, timeUs);
      else this.#passing(source, event, meaning, timeUs);
    }
  }

  /** When it was measured: its own time where that can be, else that of arrival; undefined when it was over before it came. */
  #measuredUs({ timeMs, staleMs, startMs }: CotEvent, timeUs: number): number | undefined {
    const { clockToleranceUs } = this.#settings;
    if (isOver({ startMs, staleMs } as CotEvent) || timeUs - staleMs * 1000 > clockToleranceUs) return undefined;
    const ownUs = timeMs * 1000;
    return Math.abs(ownUs - timeUs) <= clockToleranceUs ? Math.min(ownUs, timeUs) : timeUs;
  }

  #claim(source: SourceState, event: CotEvent, meaning: CotMeaning, place: LatLon | undefined, timeUs: number): void {
    if (meaning.kind !== "drone" && meaning.kind !== "aircraft") return;
    const at = placeOf(event);
    const measuredUs = this.#measuredUs(event, timeUs);
    if (at === undefined || measuredUs === undefined) return;
    const { haeM, ceM, leM } = event.point;
    const sigmaM = Math.min(MOST_ERROR_M, Math.max(LEAST_ERROR_M, ceM ?? UNSTATED_ERROR_M));
    const heightSigmaM = haeM === undefined ? NO_HEIGHT_SIGMA_M : Math.min(MOST_ERROR_M, Math.max(LEAST_ERROR_M, leM ?? 2 * sigmaM));
    const track: SystemTrack = {
      uid: event.uid.slice(0, 64),
      ...at,
      haeM: haeM ?? 0,
      sigmaM,
      heightSigmaM,
      courseDeg: meaning.courseDeg,
      speedMps: meaning.speedMps,
      classes: meaning.kind === "drone" ? { drone: STATED_CLASS } : { aircraft: STATED_CLASS },
    };
    this.#fusion.systemTrack(source.definition.origin, source.definition.id, place ?? at, track, measuredUs, timeUs);
  }

  #ours(source: SourceState, certificate: string, event: CotEvent, meaning: CotMeaning, timeUs: number): void {
    if (meaning.kind === "team-position") {
      this.#position(source, certificate, event, meaning, timeUs);
      return;
    }
    const said = this.#saidBy(event, meaning);
    if (said === undefined) return;
    const { uid } = said;
    this.#people.hear(
      defined<OwnMessage>({
        ...said,
        callsign: clipped(said.callsign),
        text: clipped(said.text) ?? "",
        source: source.definition.id,
        certificate,
        isOurs: uid !== undefined && this.#people.owns(certificate, uid),
        place: said.kind === "chat" || said.kind === "delivered" || said.kind === "read" ? undefined : placeOf(event),
        heardUs: timeUs,
        drill: source.definition.origin === "synthetic",
      }),
    );
  }

  #saidBy(
    event: CotEvent,
    meaning: CotMeaning,
  ):
    | {
        readonly kind: OwnMessage["kind"];
        readonly uid: string | undefined;
        readonly callsign: string | undefined;
        readonly messageId: string;
        readonly text: string;
      }
    | undefined {
    switch (meaning.kind) {
      case "alarm": {
        const { callsign, wording, alarm, subjectUid } = meaning;
        return { kind: "alarm", uid: subjectUid, callsign, messageId: event.uid, text: wording ?? alarm };
      }
      case "alarm-cancel":
        return { kind: "alarm-cancel", uid: meaning.subjectUid, callsign: meaning.callsign, messageId: event.uid, text: "" };
      case "medical-evacuation":
        return {
          kind: "medical-evacuation",
          uid: undefined,
          callsign: meaning.callsign,
          messageId: event.uid,
          text: remarks(event.detail),
        };
      case "chat": {
        const { fromUid, fromCallsign, messageId, text } = meaning;
        return { kind: "chat", uid: fromUid, callsign: fromCallsign, messageId: messageId ?? event.uid, text };
      }
      case "chat-receipt":
        return { kind: meaning.state, uid: meaning.fromUid, callsign: undefined, messageId: meaning.messageId ?? event.uid, text: "" };
      default:
        return undefined;
    }
  }

  #position(source: SourceState, certificate: string, event: CotEvent, meaning: Of<"team-position">, timeUs: number): void {
    const at = placeOf(event);
    const measuredUs = this.#measuredUs(event, timeUs);
    if (at === undefined || measuredUs === undefined) return;
    // Whether it is one of ours was decided when it was written, and stands in the kind of its entry.
    const { uid } = event;
    const listed = this.#roster.reachedBy("tak", uid);
    const onShift = listed.filter((id) => this.#roster.person(id)?.onShift === true);
    // Where somebody is off shift is not our matter.
    if (listed.length > 0 && onShift.length === 0) {
      this.#people.forgetPosition(uid);
      return;
    }
    const taken = this.#people.setPosition(
      defined({
        uid: event.uid,
        source: source.definition.id,
        certificate,
        callsign: clipped(meaning.callsign),
        team: clipped(meaning.team),
        role: clipped(meaning.role),
        ...at,
        heightHaeM: event.point.haeM,
        errorM: event.point.ceM,
        speedMps: meaning.speedMps,
        courseDeg: meaning.courseDeg,
        batteryPercent: meaning.batteryPercent,
        measuredUs,
        heardUs: timeUs,
        // On our clock: theirs may be off.
        staleUs: measuredUs + (event.staleMs - event.timeMs) * 1000,
        drill: source.definition.origin === "synthetic",
      }),
    );
    if (!taken) return;
    const errorM = (event.point.ceM ?? UNSTATED_ERROR_M) * SIGMAS_95;
    for (const id of onShift) this.#roster.place(id, { ...at, errorM, timeUs: measuredUs, source: "tak" });
  }

  #passing(source: SourceState, event: CotEvent, meaning: CotMeaning, timeUs: number): void {
    const { id, origin } = source.definition;
    const at = placeOf(event);
    if (at === undefined) return;
    if (meaning.kind === "sensor") {
      if (meaning.azimuthDeg === undefined) return;
      this.#people.point(
        defined({
          uid: event.uid,
          source: id,
          callsign: clipped(meaning.callsign),
          ...at,
          azimuthDeg: ((meaning.azimuthDeg % 360) + 360) % 360,
          fieldOfViewDeg: meaning.fieldOfViewDeg,
          rangeM: meaning.rangeM,
          heardUs: timeUs,
          drill: origin === "synthetic",
        }),
      );
      return;
    }
    if (meaning.kind !== "sensor-point-of-interest" || meaning.sensorUid === undefined) return;
    // Turned into a direction at once; the point itself goes no further.
    const known = this.#people.pointing(meaning.sensorUid) ?? this.#people.position(meaning.sensorUid);
    if (known === undefined) return;
    const { azimuthDeg } = geodesicInverse(known.latDeg, known.lonDeg, at.latDeg, at.lonDeg);
    this.#people.point(
      defined({
        uid: meaning.sensorUid,
        source: id,
        callsign: known.callsign,
        latDeg: known.latDeg,
        lonDeg: known.lonDeg,
        azimuthDeg,
        heardUs: timeUs,
        drill: origin === "synthetic",
      }),
    );
  }
}
