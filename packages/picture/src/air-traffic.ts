// Aircraft as their transponders tell of them: what each receiver has heard, and what of it the picture is told.
import {
  type Aircraft,
  AircraftTable,
  type AircraftTableImage,
  addressText,
  AvrFramer,
  BeastFramer,
  NOT_HEARD,
  type RawFrame,
  SbsFramer,
} from "@atalaya/adsb";
import type { Frame } from "./entry.ts";
import type { LatLon } from "./place.ts";
import type { Report } from "./said.ts";
import type { Settings } from "./settings.ts";
import { refuseFrame, type SourceState } from "./source-health.ts";

/** What a receiver was heard to say since the journal began. */
export interface HeardTraffic {
  messages: number;
  /** Positions left out since they lie too far from the sector, and those of vehicles and obstacles on the ground. */
  outside: number;
  vehicles: number;
}

interface Receiver extends HeardTraffic {
  /** Where surface positions are near to; the table's for its life. */
  readonly reference: LatLon | null;
  readonly table: AircraftTable;
}
type ReceiverImage = HeardTraffic & { readonly reference: LatLon | null; readonly table: AircraftTableImage };
export type TrafficImage = readonly (readonly [source: string, receiver: ReceiverImage])[];

/** An aircraft that a batch spoke of. */
export interface Overheard {
  readonly aircraft: Aircraft;
  /** Messages of it in the batch. */
  readonly messages: number;
  /** Whether the batch brought a position. */
  readonly hasPosition: boolean;
}

const NOTHING: readonly Overheard[] = [];
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [NOT_HEARD.unknownFormat, "unknown-format"],
  [NOT_HEARD.wrongLength, "wrong-length"],
  [NOT_HEARD.badCrc, "bad-crc"],
]);
/** A reply of Mode A or C: no address, no position. */
const MODE_AC_BYTES = 2;

export class AirTraffic {
  readonly #settings: Settings;
  readonly #receivers = new Map<string, Receiver>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** From its image in a snapshot. Throws when it is none of ours. */
  restore(image: TrafficImage): void {
    for (const [source, { table, reference, ...counts }] of image) {
      const receiver = { ...counts, reference, table: this.#table(reference) };
      receiver.table.restore(table);
      this.#receivers.set(source, receiver);
    }
  }

  image(): TrafficImage {
    return [...this.#receivers].map(([source, { table, ...receiver }]) => [source, { ...receiver, table: table.image() }]);
  }

  /** What a source has said; undefined: no aircraft's message. */
  heard(source: string): (Readonly<HeardTraffic> & { readonly aircraft: number }) | undefined {
    const receiver = this.#receivers.get(source);
    if (receiver === undefined) return undefined;
    const { messages, outside, vehicles, table } = receiver;
    return { messages, outside, vehicles, aircraft: table.size };
  }

  /** A source is gone, or stands elsewhere. */
  forget(source: string): void {
    this.#receivers.delete(source);
  }

  /**
   * Takes a batch of whole messages that arrived together. The time is that of arrival: a receiver's counter tells in which order frames came,
   * and they come in that order; it has no hour. `reference`: the receiver's place, or the sector's.
   */
  take(source: SourceState, frame: Frame, timeUs: number, reference: LatLon | undefined): readonly Overheard[] {
    const receiver = this.#of(source, reference);
    if (receiver === undefined) return NOTHING;
    const { table } = receiver;
    const timeS = timeUs / 1e6;
    table.forget(timeS);
    const messages = new Map<number, number>();
    const positions = new Set<number>();
    const count = (row: number): void => {
      receiver.messages += 1;
      if (row < 0) {
        const code = REFUSALS.get(row);
        if (code !== undefined) refuseFrame(source, code);
        return;
      }
      messages.set(row, (messages.get(row) ?? 0) + 1);
      if (table.hasPosition) positions.add(row);
    };
    const hear = ({ bytes, length }: RawFrame): void => {
      if (length !== MODE_AC_BYTES) count(table.hear(bytes, 0, length, timeS));
    };
    const refused = ({ code }: { readonly code: string }): void => refuseFrame(source, code);
    if (frame.format === "adsb-beast") new BeastFramer(hear).push(frame.bytes);
    else if (frame.format === "adsb-avr") {
      const framer = new AvrFramer(hear, refused);
      framer.push(frame.bytes);
      framer.end();
    } else {
      const framer = new SbsFramer((message) => count(table.tell(message, timeS)), refused);
      framer.push(frame.bytes);
      framer.end();
    }
    return Array.from(messages, ([row, sum]) => ({ aircraft: table.aircraft(row), messages: sum, hasPosition: positions.has(row) }));
  }

  /** Counts a position that becomes no track. */
  leftOut(source: string, why: "outside" | "vehicles"): void {
    const receiver = this.#receivers.get(source);
    if (receiver !== undefined) receiver[why] += 1;
  }

  #table(reference: LatLon | null): AircraftTable {
    return new AircraftTable({ capacity: this.#settings.maxAircraftPerSource, reference: reference ?? undefined });
  }

  #of(source: SourceState, place: LatLon | undefined): Receiver | undefined {
    const { id } = source.definition;
    const reference = place === undefined ? null : { latDeg: place.latDeg, lonDeg: place.lonDeg };
    const known = this.#receivers.get(id);
    if (known?.reference?.latDeg === reference?.latDeg && known?.reference?.lonDeg === reference?.lonDeg && known !== undefined)
      return known;
    if (known === undefined && this.#receivers.size >= this.#settings.maxAircraftTables) {
      refuseFrame(source, "too-many-receivers");
      return undefined;
    }
    // The sector or the receiver was moved: what is near to the old place is not near to the new one.
    const { messages, outside, vehicles } = known ?? { messages: 0, outside: 0, vehicles: 0 };
    const fresh: Receiver = { messages, outside, vehicles, reference, table: this.#table(reference) };
    this.#receivers.set(id, fresh);
    return fresh;
  }
}

/** Six hex digits; with a tilde those that are no aircraft's own: anonymous ones, and tracks of ground stations. */
export function aircraftName({ address, isIcao }: Aircraft): string {
  return `${isIcao ? "" : "~"}${addressText(address)}`;
}

const FOOT_M = 0.3048;
const KNOT_MPS = 1852 / 3600;
const FPM_MPS = FOOT_M / 60;
/** Velocity comes twice a second (DO-260B 2.2.3.3.2.5); one that is older than this says nothing of now, s. */
const VELOCITY_GOOD_S = 5;
/** 95 % horizontal error by NACp, m (DO-260B table 2-71); 0: unknown. */
const NAC_P_ERROR_M: readonly (number | undefined)[] = [undefined, 18_520, 7408, 3704, 1852, 926, 555.6, 185.2, 92.6, 30, 10, 3];
/** Where neither accuracy nor integrity is told, m. Ours. */
const UNTOLD_ERROR_M = 30;

/** The newest position as a report; undefined when there is none. */
export function airReport(aircraft: Aircraft, timeS: number): Report | undefined {
  const { latDeg, lonDeg, altitudeFt, heightFt, heightDifferenceFt, verticalRateFpm, groundSpeedKt, trackDeg, velocityS } = aircraft;
  if (latDeg === undefined || lonDeg === undefined) return undefined;
  const isTimely = velocityS !== undefined && timeS - velocityS <= VELOCITY_GOOD_S;
  const isAirborne = aircraft.isOnGround !== true;
  // Pressure altitude and its difference come all the time; a height of its own only where there is no pressure altitude.
  const haeFt = altitudeFt === undefined || heightDifferenceFt === undefined ? heightFt : altitudeFt + heightDifferenceFt;
  return {
    latDeg,
    lonDeg,
    location: undefined,
    courseDeg: isTimely ? trackDeg : undefined,
    speedMps: isTimely && groundSpeedKt !== undefined ? groundSpeedKt * KNOT_MPS : undefined,
    verticalSpeedMps: isTimely && isAirborne && verticalRateFpm !== undefined ? verticalRateFpm * FPM_MPS : undefined,
    heightHaeM: isAirborne && haeFt !== undefined ? haeFt * FOOT_M : undefined,
    heightMslM: undefined,
    heightAboveTakeoffM: undefined,
    errorM: errorOf(aircraft),
    transponder: { heightPressureM: isAirborne && altitudeFt !== undefined ? altitudeFt * FOOT_M : undefined },
  };
}

/** By accuracy where it is told; else half the radius of containment: the accuracy that version 0 pairs with it (DO-260 table 2-11). */
function errorOf({ nacP, containmentM }: Aircraft): number {
  return NAC_P_ERROR_M[nacP ?? 0] ?? (containmentM === undefined ? UNTOLD_ERROR_M : containmentM / 2);
}

/** What an aircraft is by its emitter category (DO-260B table 2-16): B6 flies without anybody on board, set C stands or drives on the ground. */
export function kindByCategory(category: string | undefined): "manned" | "unmanned" | "vehicle" {
  if (category === "B6") return "unmanned";
  return category?.startsWith("C") === true && category !== "C0" ? "vehicle" : "manned";
}

const EMERGENCIES: ReadonlySet<string | undefined> = new Set(["7500", "7600", "7700"]);

/** Unlawful interference, no communications, general emergency (ICAO Annex 10 Vol IV 2.1.4.2). */
export function isEmergency({ squawk }: Aircraft): boolean {
  return EMERGENCIES.has(squawk);
}
