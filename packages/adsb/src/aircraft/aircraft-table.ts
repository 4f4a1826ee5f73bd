// What is known of each aircraft that was heard: frames in, positions and last known values out. Bounded, and nothing is allocated per frame.
import { flatDistanceM, geodesicDistanceM } from "@atalaya/geodesy";
import { bits } from "../bits.ts";
import { altitudeFt13 } from "../messages/altitude.ts";
import { callsignAt } from "../messages/callsign.ts";
import type { SbsMessage } from "../framing/sbs.ts";
import { hasAddressBit, hasTypeCode, INTERROGATOR_CODES } from "../messages/decode.ts";
import {
  addressBitNumber,
  airspeedKt,
  announcedAddress,
  CONTENT_AT,
  cprIsOdd,
  cprLatitude,
  cprLongitude,
  downlinkFormat,
  eastKt,
  headingDeg,
  heightDifferenceFt,
  isAirbornePosition,
  isHeightAboveEllipsoid,
  isKnownFormat,
  isSurfacePosition,
  lengthOfFormat,
  northKt,
  positionAltitudeFt,
  speedKt,
  surfaceSpeedKt,
  surfaceTrackDeg,
  trackDeg,
  typeCodeOf,
  velocitySubtype,
  verticalRateFpm,
} from "../messages/fields.ts";
import { squawkCode, squawkText } from "../messages/squawk.ts";
import { parityRemainder } from "../parity.ts";
import { globalAirborne, globalSurface, localPosition } from "../position/cpr.ts";
import { positionIntegrity } from "../position/integrity.ts";

export interface AircraftTableOptions {
  /** Aircraft that are kept; the one not heard of for longest, nearly, makes room for a new one. 4,096. */
  readonly capacity?: number | undefined;
  /** An aircraft that was silent for longer is forgotten, and its address no longer known, s. 300. */
  readonly forgetAfterS?: number | undefined;
  /** Even and odd frames further apart make no position, s. 10 (DO-260B 2.2.10.3.1). */
  readonly maxPairS?: number | undefined;
  /** A place near which surface positions are: the receiver's, as a rule. Without it they stay unknown. */
  readonly reference?: { readonly latDeg: number; readonly lonDeg: number } | undefined;
  /** Positions further from the reference are withheld, m. No limit. */
  readonly maxRangeM?: number | undefined;
  /** Withhold a position that the aircraft could not have reached since its last one, until a second one agrees with it. On. */
  readonly checksSpeed?: boolean | undefined;
  /** For so long after a position the next one may come from one frame alone, near the last, s. 0: from pairs only. */
  readonly localForS?: number | undefined;
}

/** What `hear` returns for a frame that belongs to no aircraft; codes of `hear`, all negative. */
export const NOT_HEARD = {
  unknownFormat: -1,
  wrongLength: -2,
  badCrc: -3,
  /** Parity hides the address of somebody who was not heard otherwise, or the frame is damaged. */
  unknownAddress: -4,
  /** The frame names nobody. */
  noAddress: -5,
} as const;

/** The last that an aircraft said. Times are seconds on the caller's clock, NaN when it gave none. */
export interface Aircraft {
  readonly address: number;
  readonly isIcao: boolean;
  readonly frames: number;
  readonly lastHeardS: number;
  readonly callsign: string | undefined;
  readonly squawk: string | undefined;
  readonly isOnGround: boolean | undefined;
  /** Above the 1013.25 hPa surface. */
  readonly altitudeFt: number | undefined;
  /** Above the WGS-84 ellipsoid. */
  readonly heightFt: number | undefined;
  readonly groundSpeedKt: number | undefined;
  readonly trackDeg: number | undefined;
  readonly airspeedKt: number | undefined;
  readonly headingDeg: number | undefined;
  readonly verticalRateFpm: number | undefined;
  readonly latDeg: number | undefined;
  readonly lonDeg: number | undefined;
  readonly positionS: number | undefined;
  /** When ground speed and track were told. */
  readonly velocityS: number | undefined;
  /** Height above the ellipsoid less pressure altitude, as a velocity message told it. */
  readonly heightDifferenceFt: number | undefined;
  /** Emitter category: set A to D and number, as "A3" or "B6". */
  readonly category: string | undefined;
  /** Navigation accuracy category of the position; 0 is one that the aircraft does not know. */
  readonly nacP: number | undefined;
  /** Radius that holds the true position by the newest position's integrity, m; undefined: unknown, or more than 20 NM. */
  readonly containmentM: number | undefined;
}

/** The table as plain data that JSON carries, from which `restore` makes one that goes on the same. Unknown numbers are null. */
export interface AircraftTableImage {
  readonly used: number;
  readonly hand: number;
  readonly free: readonly number[];
  readonly counts: readonly [ambiguousPairs: number, implausiblePositions: number, evicted: number];
  /** In the order in which they came in. */
  readonly rows: readonly AircraftImage[];
}
type AircraftImage = readonly [
  row: number,
  isFresh: number,
  callsign: string | null,
  numbers: readonly (number | null)[],
  integers: readonly number[],
  halves: readonly number[],
  halfTimes: readonly (number | null)[],
];

const NOT_ICAO = 0x100_0000;
/** Seconds made of a receiver's counter carry the rounding of a double. */
const TIME_ROUNDING_S = 1e-6;
/** Faster than anything that says its position this way; and what latency and rounding add. */
const MAX_AIR_MPS = 1000;
const MAX_SURFACE_MPS = 150;
const SPEED_MARGIN_M = 3000;

/** Columns of numbers. */
const LAST_HEARD = 0;
const ALTITUDE = 1;
const HEIGHT = 2;
const GROUND_SPEED = 3;
const TRACK = 4;
const AIRSPEED = 5;
const HEADING = 6;
const VERTICAL_RATE = 7;
const LAT = 8;
const LON = 9;
const POSITION_TIME = 10;
/** A position that the last one makes implausible, until the next one decides. */
const DOUBTED_LAT = 11;
const DOUBTED_LON = 12;
const DOUBTED_TIME = 13;
const VELOCITY_TIME = 14;
const HEIGHT_DIFFERENCE = 15;
const NUMBERS = 16;

/** Columns of integers. */
const KEY = 0;
const FRAMES = 1;
const SQUAWK = 2;
const GROUND = 3;
const CALLSIGN_HIGH = 4;
const CALLSIGN_LOW = 5;
/** Type code and number of the identification message; 0: none was heard. */
const CATEGORY = 6;
/** One more than the value; 0: not told. */
const NAC_P = 7;
const VERSION = 8;
/** Type code of the newest position, and the supplements of its integrity. */
const POSITION_TYPE = 9;
const SUPPLEMENTS = 10;
const INTEGERS = 11;

const SUPPLEMENT_A = 1;
const SUPPLEMENT_B = 2;
const SUPPLEMENT_C = 4;
/** DO-260B: the supplements B and C stand in its messages only. */
const VERSION_2 = 2;
const CATEGORY_SETS = ["", "D", "C", "B", "A"];

/** Even and odd half of each aircraft: what kind of position (0 none), and its two numbers. */
const HALF_KIND = 0;
const HALF_LATITUDE = 1;
const HALF_LONGITUDE = 2;
const HALF_INTEGERS = 3;

/**
 * Hears frames and keeps what each aircraft said last. An aircraft comes in by a squitter or a plain all-call reply whose parity holds;
 * replies whose parity hides the address count only for those that are in. Positions come of an even and an odd frame of the same kind (air or
 * surface, direct or from the same sort of ground station) at most `maxPairS` apart; where a time is NaN, the two nearest in order.
 */
export class AircraftTable {
  readonly #capacity: number;
  readonly #forgetAfterS: number;
  readonly #maxPairS: number;
  readonly #reference: { readonly latDeg: number; readonly lonDeg: number } | undefined;
  readonly #maxRangeM: number;
  readonly #checksSpeed: boolean;
  readonly #localForS: number;
  readonly #rows: Map<number, number> = new Map();
  readonly #numbers: Float64Array;
  readonly #integers: Int32Array;
  readonly #halves: Int32Array;
  readonly #halfTimes: Float64Array;
  readonly #callsigns: (string | undefined)[];
  /** Rows that were heard since the hand last passed. */
  readonly #fresh: Uint8Array;
  readonly #free: number[] = [];
  #used = 0;
  #hand = 0;
  readonly #place: Float64Array = new Float64Array(2);

  /** Whether the frame heard last gave a position, and which. */
  hasPosition = false;
  latDeg: number = Number.NaN;
  lonDeg: number = Number.NaN;
  /** Positions withheld so far: pairs that contradict themselves, and places that cannot be. */
  ambiguousPairs = 0;
  implausiblePositions = 0;
  /** Aircraft that had to make room. */
  evicted = 0;

  constructor(options: AircraftTableOptions = {}) {
    const { capacity = 4096, forgetAfterS = 300, maxPairS = 10, reference, maxRangeM, checksSpeed = true, localForS = 0 } = options;
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError("capacity: a whole number from 1");
    this.#capacity = capacity;
    this.#forgetAfterS = forgetAfterS;
    this.#maxPairS = maxPairS + TIME_ROUNDING_S;
    this.#reference = reference;
    this.#maxRangeM = maxRangeM ?? Number.POSITIVE_INFINITY;
    this.#checksSpeed = checksSpeed;
    this.#localForS = localForS;
    this.#numbers = new Float64Array(capacity * NUMBERS).fill(Number.NaN);
    this.#integers = new Int32Array(capacity * INTEGERS);
    this.#halves = new Int32Array(capacity * 2 * HALF_INTEGERS);
    this.#halfTimes = new Float64Array(capacity * 2);
    this.#callsigns = Array.from({ length: capacity }, () => undefined);
    this.#fresh = new Uint8Array(capacity);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Rows of all aircraft, in the order in which they came in. */
  rows(): IterableIterator<number> {
    return this.#rows.values();
  }

  rowOf(address: number, isIcao: boolean): number | undefined {
    return this.#rows.get(isIcao ? address : address | NOT_ICAO);
  }

  /**
   * Takes a frame of `length` bytes, heard at `timeS` (seconds on any clock, NaN: unknown; steps back are allowed). Returns the row of the
   * aircraft that sent it, good until that aircraft is forgotten, or a negative code of `NOT_HEARD`. Allocates only for a new aircraft or callsign.
   */
  hear(bytes: Uint8Array, at: number, length: number, timeS: number): number {
    this.hasPosition = false;
    const format = length === 0 ? -1 : downlinkFormat(bytes, at);
    if (!isKnownFormat(format)) return NOT_HEARD.unknownFormat;
    if (length !== lengthOfFormat(format)) return NOT_HEARD.wrongLength;
    if (format === 19 || format === 24) return NOT_HEARD.noAddress;
    const remainder = parityRemainder(bytes, at, length);
    if (format === 17 || format === 18) return remainder === 0 ? this.#extended(bytes, at, format, timeS) : NOT_HEARD.badCrc;
    if (format === 11) return this.#allCall(announcedAddress(bytes, at), remainder, timeS);
    const row = this.#known(remainder, timeS);
    if (row < 0) return NOT_HEARD.unknownAddress;
    this.#reply(bytes, at, format, row);
    return row;
  }

  aircraft(row: number): Aircraft {
    const number = (column: number): number | undefined => {
      const value = this.#numbers[row * NUMBERS + column];
      return value === value ? value : undefined;
    };
    const integer = (column: number): number => this.#integers[row * INTEGERS + column];
    const ground = integer(GROUND);
    return {
      address: integer(KEY) & 0xff_ffff,
      isIcao: integer(KEY) < NOT_ICAO,
      frames: integer(FRAMES),
      lastHeardS: this.#numbers[row * NUMBERS + LAST_HEARD],
      callsign: this.#callsigns[row],
      squawk: integer(SQUAWK) === 0 ? undefined : squawkText(integer(SQUAWK)),
      isOnGround: ground === 0 ? undefined : ground === 2,
      altitudeFt: number(ALTITUDE),
      heightFt: number(HEIGHT),
      groundSpeedKt: number(GROUND_SPEED),
      trackDeg: number(TRACK),
      airspeedKt: number(AIRSPEED),
      headingDeg: number(HEADING),
      verticalRateFpm: number(VERTICAL_RATE),
      latDeg: number(LAT),
      lonDeg: number(LON),
      positionS: number(POSITION_TIME),
      velocityS: number(VELOCITY_TIME),
      heightDifferenceFt: number(HEIGHT_DIFFERENCE),
      category: integer(CATEGORY) === 0 ? undefined : `${CATEGORY_SETS[integer(CATEGORY) >> 3]}${integer(CATEGORY) & 7}`,
      nacP: integer(NAC_P) === 0 ? undefined : integer(NAC_P) - 1,
      containmentM: this.#containmentM(row),
    };
  }

  #containmentM(row: number): number | undefined {
    const integers = row * INTEGERS;
    const typeCode = this.#integers[integers + POSITION_TYPE];
    if (typeCode === 0) return undefined;
    const supplements = this.#integers[integers + SUPPLEMENTS];
    const isSecond = this.#integers[integers + VERSION] - 1 === VERSION_2;
    const other = isSurfacePosition(typeCode) ? SUPPLEMENT_C : SUPPLEMENT_B;
    return positionIntegrity(typeCode, (supplements & SUPPLEMENT_A) !== 0, isSecond && (supplements & other) !== 0).radiusM;
  }

  /**
   * Takes a line of BaseStation text, heard at `timeS`: what its receiver made of the frames. Returns the row of the aircraft. A position in it
   * passes the same checks as one of two halves.
   */
  tell(message: SbsMessage, timeS: number): number {
    this.hasPosition = false;
    const row = this.#admit(message.isIcao ? message.address : message.address | NOT_ICAO, timeS);
    const numbers = row * NUMBERS;
    const integers = row * INTEGERS;
    const { callsign, altitudeFt, groundSpeedKt, verticalRateFpm, squawk, isOnGround, latDeg, lonDeg } = message;
    if (callsign !== undefined) {
      this.#callsigns[row] = callsign;
      this.#integers[integers + CALLSIGN_HIGH] = 0;
      this.#integers[integers + CALLSIGN_LOW] = 0;
    }
    if (altitudeFt !== undefined) this.#numbers[numbers + ALTITUDE] = altitudeFt;
    if (groundSpeedKt !== undefined) {
      this.#numbers[numbers + GROUND_SPEED] = groundSpeedKt;
      this.#numbers[numbers + TRACK] = message.trackDeg ?? Number.NaN;
      this.#numbers[numbers + VELOCITY_TIME] = timeS;
    }
    if (verticalRateFpm !== undefined) this.#numbers[numbers + VERTICAL_RATE] = verticalRateFpm;
    if (squawk !== undefined) this.#integers[integers + SQUAWK] = squawkCode(squawk) ?? 0;
    if (isOnGround !== undefined) this.#integers[integers + GROUND] = isOnGround ? 2 : 1;
    if (latDeg !== undefined && lonDeg !== undefined) {
      this.#place[0] = latDeg;
      this.#place[1] = lonDeg;
      this.#accept(row, message.transmissionType === 2, timeS);
    }
    return row;
  }

  /** The state as plain data: equal states give equal images. */
  image(): AircraftTableImage {
    const known = (value: number): number | null => (value === value ? value : null);
    const rows = Array.from(this.#rows.values(), (row): AircraftImage => {
      const halves: number[] = [];
      const halfTimes: (number | null)[] = [];
      for (let half = 2 * row; half < 2 * row + 2; half += 1) {
        // What an earlier aircraft left in a half that holds nothing is no part of the state.
        const isSet = this.#halves[half * HALF_INTEGERS + HALF_KIND] !== 0;
        for (let k = 0; k < HALF_INTEGERS; k += 1) halves.push(isSet ? this.#halves[half * HALF_INTEGERS + k] : 0);
        halfTimes.push(isSet ? known(this.#halfTimes[half]) : null);
      }
      return [
        row,
        this.#fresh[row],
        this.#callsigns[row] ?? null,
        Array.from(this.#numbers.subarray(row * NUMBERS, (row + 1) * NUMBERS), known),
        Array.from(this.#integers.subarray(row * INTEGERS, (row + 1) * INTEGERS)),
        halves,
        halfTimes,
      ];
    });
    const counts = [this.ambiguousPairs, this.implausiblePositions, this.evicted] as const;
    return { used: this.#used, hand: this.#hand, free: [...this.#free], counts, rows };
  }

  /** Takes the place of a fresh table's state; its options must be those of the table that made the image. Throws when a row cannot be. */
  restore({ used, hand, free, counts, rows }: AircraftTableImage): void {
    const isRow = (row: number): boolean => Number.isInteger(row) && row >= 0 && row < this.#capacity;
    if (!isRow(hand) || used > this.#capacity || !free.every(isRow)) throw new RangeError("no image of a table of this capacity");
    this.#used = used;
    this.#hand = hand;
    this.#free.push(...free);
    [this.ambiguousPairs, this.implausiblePositions, this.evicted] = counts;
    for (const [row, isFresh, callsign, numbers, integers, halves, halfTimes] of rows) {
      if (!isRow(row)) throw new RangeError(`row ${row}: the table has ${this.#capacity}`);
      for (let k = 0; k < NUMBERS; k += 1) this.#numbers[row * NUMBERS + k] = numbers[k] ?? Number.NaN;
      for (let k = 0; k < INTEGERS; k += 1) this.#integers[row * INTEGERS + k] = integers[k];
      for (let k = 0; k < 2 * HALF_INTEGERS; k += 1) this.#halves[2 * row * HALF_INTEGERS + k] = halves[k];
      for (let k = 0; k < 2; k += 1) this.#halfTimes[2 * row + k] = halfTimes[k] ?? Number.NaN;
      this.#fresh[row] = isFresh;
      this.#callsigns[row] = callsign ?? undefined;
      this.#rows.set(this.#integers[row * INTEGERS + KEY], row);
    }
  }

  /** Drops the aircraft that were silent for too long at `nowS`; those heard without a time stay until they must make room. */
  forget(nowS: number): void {
    for (const [key, row] of this.#rows) {
      if (!this.#isSilent(row, nowS)) continue;
      this.#rows.delete(key);
      this.#free.push(row);
    }
  }

  #isSilent(row: number, nowS: number): boolean {
    return Math.abs(nowS - this.#numbers[row * NUMBERS + LAST_HEARD]) > this.#forgetAfterS;
  }

  #clear(row: number, key: number): void {
    this.#numbers.fill(Number.NaN, row * NUMBERS, (row + 1) * NUMBERS);
    this.#integers.fill(0, row * INTEGERS, (row + 1) * INTEGERS);
    this.#integers[row * INTEGERS + KEY] = key;
    this.#halves[2 * row * HALF_INTEGERS + HALF_KIND] = 0;
    this.#halves[(2 * row + 1) * HALF_INTEGERS + HALF_KIND] = 0;
    this.#callsigns[row] = undefined;
  }

  /** The hand goes round, and takes the first row that was not heard since it last passed. */
  #evict(): number {
    for (;;) {
      const row = this.#hand;
      this.#hand = row + 1 === this.#capacity ? 0 : row + 1;
      if (this.#fresh[row] === 0) {
        this.#rows.delete(this.#integers[row * INTEGERS + KEY]);
        this.evicted += 1;
        return row;
      }
      this.#fresh[row] = 0;
    }
  }

  #vacant(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if (this.#used === this.#capacity) return this.#evict();
    this.#used += 1;
    return this.#used - 1;
  }

  #touch(row: number, timeS: number): void {
    this.#numbers[row * NUMBERS + LAST_HEARD] = timeS;
    this.#integers[row * INTEGERS + FRAMES] += 1;
    this.#fresh[row] = 1;
  }

  /** The row of an aircraft that is in, or -1. */
  #known(key: number, timeS: number): number {
    const row = this.#rows.get(key);
    if (row === undefined || this.#isSilent(row, timeS)) return -1;
    this.#touch(row, timeS);
    return row;
  }

  /** The row of an aircraft, which comes in if it must. */
  #admit(key: number, timeS: number): number {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#vacant();
      this.#rows.set(key, row);
      this.#clear(row, key);
    } else if (this.#isSilent(row, timeS)) this.#clear(row, key);
    this.#touch(row, timeS);
    return row;
  }

  #allCall(address: number, remainder: number, timeS: number): number {
    if (remainder >= INTERROGATOR_CODES) return NOT_HEARD.badCrc;
    // With an interrogator's code in it the parity proves less: it may confirm an aircraft, not bring one in.
    if (remainder === 0) return this.#admit(address, timeS);
    const row = this.#known(address, timeS);
    return row < 0 ? NOT_HEARD.unknownAddress : row;
  }

  #reply(bytes: Uint8Array, at: number, format: number, row: number): void {
    const numbers = row * NUMBERS;
    const integers = row * INTEGERS;
    const code = bits(bytes, at, 20, 13);
    if (format === 5 || format === 21) this.#integers[integers + SQUAWK] = code;
    else {
      const altitude = altitudeFt13(code);
      if (altitude === altitude) this.#numbers[numbers + ALTITUDE] = altitude;
    }
    if (format === 0 || format === 16) {
      if ((bytes[at] & 4) !== 0) this.#integers[integers + GROUND] = 2;
    } else {
      const status = bytes[at] & 7;
      if (status < 4) this.#integers[integers + GROUND] = (status & 1) + 1;
    }
  }

  #extended(bytes: Uint8Array, at: number, format: number, timeS: number): number {
    const me = at + CONTENT_AT;
    let key = announcedAddress(bytes, at);
    let origin = 0;
    if (format === 18) {
      const control = bytes[at] & 7;
      if (control === 4 || control === 7) return NOT_HEARD.noAddress;
      if (control === 1 || control === 5 || (control === 3 && bytes[me] >> 7 === 1)) key |= NOT_ICAO;
      if (hasAddressBit(control)) {
        const number = addressBitNumber(bytes, me);
        if (number !== 0 && bits(bytes, me, number, 1) === 1) key |= NOT_ICAO;
      }
      // Direct, from radar, or from another link: the three do not mix, their positions lag by different times.
      if (control === 2 || control === 3 || control === 5) origin = 1;
      else if (control === 6) origin = 2;
      if (!hasTypeCode(control)) return this.#admit(key, timeS);
    }
    const row = this.#admit(key, timeS);
    const typeCode = typeCodeOf(bytes, me);
    if (isAirbornePosition(typeCode)) {
      this.#integers[row * INTEGERS + POSITION_TYPE] = typeCode;
      this.#supplement(row, SUPPLEMENT_B, origin === 0 && (bytes[me] & 1) === 1);
      this.#altitude(row, isHeightAboveEllipsoid(typeCode) ? HEIGHT : ALTITUDE, positionAltitudeFt(bytes, me));
      this.#integers[row * INTEGERS + GROUND] = 1;
      this.#position(bytes, me, row, false, origin, timeS);
    } else if (typeCode === 19) this.#velocity(bytes, me, row, timeS);
    else if (isSurfacePosition(typeCode)) {
      this.#integers[row * INTEGERS + POSITION_TYPE] = typeCode;
      this.#numbers[row * NUMBERS + VELOCITY_TIME] = timeS;
      this.#integers[row * INTEGERS + GROUND] = 2;
      this.#numbers[row * NUMBERS + GROUND_SPEED] = surfaceSpeedKt(bytes, me);
      this.#numbers[row * NUMBERS + TRACK] = surfaceTrackDeg(bytes, me);
      this.#position(bytes, me, row, true, origin, timeS);
    } else if (typeCode === 0) this.#altitude(row, ALTITUDE, positionAltitudeFt(bytes, me));
    else if (typeCode <= 4) {
      this.#integers[row * INTEGERS + CATEGORY] = bytes[me];
      this.#callsign(bytes, me, row);
    } else if (typeCode === 31) this.#status(bytes, me, row);
    else if (typeCode === 28 && (bytes[me] & 7) === 1) {
      const code = bits(bytes, me, 12, 13);
      if (code !== 0) this.#integers[row * INTEGERS + SQUAWK] = code;
    }
    return row;
  }

  #supplement(row: number, supplement: number, isSet: boolean): void {
    const column = row * INTEGERS + SUPPLEMENTS;
    this.#integers[column] = isSet ? this.#integers[column] | supplement : this.#integers[column] & ~supplement;
  }

  /** Operational status: version, and from version 1 on accuracy and the integrity's supplements (DO-260B 2.2.3.2.7.2). */
  #status(bytes: Uint8Array, me: number, row: number): void {
    const subtype = bytes[me] & 7;
    if (subtype > 1) return;
    const version = bits(bytes, me, 41, 3);
    this.#integers[row * INTEGERS + VERSION] = version + 1;
    if (version === 0) return;
    this.#integers[row * INTEGERS + NAC_P] = bits(bytes, me, 45, 4) + 1;
    this.#supplement(row, SUPPLEMENT_A, bits(bytes, me, 44, 1) === 1);
    if (subtype === 1) this.#supplement(row, SUPPLEMENT_C, bits(bytes, me, 20, 1) === 1);
  }

  #altitude(row: number, column: number, altitudeFt: number): void {
    if (altitudeFt === altitudeFt) this.#numbers[row * NUMBERS + column] = altitudeFt;
  }

  #callsign(bytes: Uint8Array, me: number, row: number): void {
    const high = bits(bytes, me, 9, 24);
    const low = bits(bytes, me, 33, 24);
    const integers = row * INTEGERS;
    if (this.#integers[integers + CALLSIGN_HIGH] === high && this.#integers[integers + CALLSIGN_LOW] === low) return;
    this.#integers[integers + CALLSIGN_HIGH] = high;
    this.#integers[integers + CALLSIGN_LOW] = low;
    this.#callsigns[row] = callsignAt(bytes, me);
  }

  #velocity(bytes: Uint8Array, me: number, row: number, timeS: number): void {
    const subtype = velocitySubtype(bytes, me);
    if (subtype < 1 || subtype > 4) return;
    const numbers = row * NUMBERS;
    if (subtype < 3) {
      const east = eastKt(bytes, me);
      const north = northKt(bytes, me);
      this.#numbers[numbers + GROUND_SPEED] = speedKt(east, north);
      this.#numbers[numbers + TRACK] = trackDeg(east, north);
      this.#numbers[numbers + VELOCITY_TIME] = timeS;
    } else {
      this.#numbers[numbers + HEADING] = headingDeg(bytes, me);
      this.#numbers[numbers + AIRSPEED] = airspeedKt(bytes, me);
    }
    this.#numbers[numbers + VERTICAL_RATE] = verticalRateFpm(bytes, me);
    this.#numbers[numbers + HEIGHT_DIFFERENCE] = heightDifferenceFt(bytes, me);
  }

  #position(bytes: Uint8Array, me: number, row: number, isSurface: boolean, origin: number, timeS: number): void {
    const odd = cprIsOdd(bytes, me);
    const latitude = cprLatitude(bytes, me);
    const longitude = cprLongitude(bytes, me);
    const kind = 1 + 2 * origin + (isSurface ? 1 : 0);
    const half = 2 * row + odd;
    const halves = this.#halves;
    halves[half * HALF_INTEGERS + HALF_KIND] = kind;
    halves[half * HALF_INTEGERS + HALF_LATITUDE] = latitude;
    halves[half * HALF_INTEGERS + HALF_LONGITUDE] = longitude;
    this.#halfTimes[half] = timeS;
    const other = 2 * row + 1 - odd;
    const isPair = halves[other * HALF_INTEGERS + HALF_KIND] === kind && !(Math.abs(timeS - this.#halfTimes[other]) > this.#maxPairS);
    if (isPair && this.#solvePair(row, odd === 1, isSurface)) this.#accept(row, isSurface, timeS);
    else if (!isPair && this.#solveAlone(row, latitude, longitude, odd === 1, isSurface, timeS)) this.#accept(row, isSurface, timeS);
  }

  #solvePair(row: number, isOddNewer: boolean, isSurface: boolean): boolean {
    const halves = this.#halves;
    const even = 2 * row * HALF_INTEGERS;
    const odd = even + HALF_INTEGERS;
    const evenLatitude = halves[even + HALF_LATITUDE];
    const evenLongitude = halves[even + HALF_LONGITUDE];
    const oddLatitude = halves[odd + HALF_LATITUDE];
    const oddLongitude = halves[odd + HALF_LONGITUDE];
    if (!isSurface) {
      if (globalAirborne(evenLatitude, evenLongitude, oddLatitude, oddLongitude, isOddNewer, this.#place)) return true;
      this.ambiguousPairs += 1;
      return false;
    }
    if (this.#reference === undefined) return false;
    const { latDeg, lonDeg } = this.#reference;
    if (globalSurface(evenLatitude, evenLongitude, oddLatitude, oddLongitude, isOddNewer, latDeg, lonDeg, this.#place)) return true;
    this.ambiguousPairs += 1;
    return false;
  }

  #solveAlone(row: number, latitude: number, longitude: number, isOdd: boolean, isSurface: boolean, timeS: number): boolean {
    const numbers = row * NUMBERS;
    if (!(Math.abs(timeS - this.#numbers[numbers + POSITION_TIME]) <= this.#localForS)) return false;
    return localPosition(latitude, longitude, isOdd, isSurface, this.#numbers[numbers + LAT], this.#numbers[numbers + LON], this.#place);
  }

  /** Whether something could have come from one place to the other in the time between: always, where a time or the first place is unknown. */
  #isReachable(fromLat: number, fromLon: number, fromS: number, isSurface: boolean, timeS: number): boolean {
    const allowedM = (isSurface ? MAX_SURFACE_MPS : MAX_AIR_MPS) * Math.abs(timeS - fromS) + SPEED_MARGIN_M;
    return !this.#distanceExceeds(fromLat, fromLon, allowedM);
  }

  #distanceExceeds(fromLat: number, fromLon: number, limitM: number): boolean {
    const lat = this.#place[0];
    const lon = this.#place[1];
    // The flat distance is wrong across a pole: only there, and for what is about to be withheld, is the exact one worth its time.
    return flatDistanceM(fromLat, fromLon, lat, lon) > limitM && geodesicDistanceM(fromLat, fromLon, lat, lon) > limitM;
  }

  #accept(row: number, isSurface: boolean, timeS: number): void {
    const numbers = row * NUMBERS;
    const columns = this.#numbers;
    const reference = this.#reference;
    if (reference !== undefined && this.#maxRangeM < Number.POSITIVE_INFINITY) {
      if (this.#distanceExceeds(reference.latDeg, reference.lonDeg, this.#maxRangeM)) {
        this.implausiblePositions += 1;
        return;
      }
    }
    if (
      this.#checksSpeed &&
      !this.#isReachable(columns[numbers + LAT], columns[numbers + LON], columns[numbers + POSITION_TIME], isSurface, timeS)
    ) {
      const isAgreed =
        columns[numbers + DOUBTED_LAT] === columns[numbers + DOUBTED_LAT] &&
        this.#isReachable(
          columns[numbers + DOUBTED_LAT],
          columns[numbers + DOUBTED_LON],
          columns[numbers + DOUBTED_TIME],
          isSurface,
          timeS,
        );
      columns[numbers + DOUBTED_LAT] = this.#place[0];
      columns[numbers + DOUBTED_LON] = this.#place[1];
      columns[numbers + DOUBTED_TIME] = timeS;
      if (!isAgreed) {
        this.implausiblePositions += 1;
        return;
      }
    }
    columns[numbers + LAT] = this.#place[0];
    columns[numbers + LON] = this.#place[1];
    columns[numbers + POSITION_TIME] = timeS;
    columns[numbers + DOUBTED_LAT] = Number.NaN;
    this.hasPosition = true;
    this.latDeg = this.#place[0];
    this.lonDeg = this.#place[1];
  }
}
