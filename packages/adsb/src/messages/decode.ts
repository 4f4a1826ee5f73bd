// From the 7 or 14 bytes of a Mode S frame to what it says.
import { bit, bits } from "../bits.ts";
import { clauses } from "../clauses.ts";
import { parityRemainder, repairOneBit } from "../parity.ts";
import { type Refused, refuse } from "../refusal.ts";
import { altitudeFt13 } from "./altitude.ts";
import { callsignAt } from "./callsign.ts";
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
} from "./fields.ts";
import { squawkText } from "./squawk.ts";
import type {
  AddressKind,
  Content,
  ExtendedSquitter,
  ModeSMessage,
  OperationalStatus,
  Origin,
  TargetState,
  TargetStateV1,
} from "./types.ts";

export type FrameRefusalCode = "unknown-format" | "wrong-length" | "bad-crc";

export interface DecodeOptions {
  /** Put one wrong bit right (formats 11, 17 and 18). Off: what is damaged is refused. */
  readonly repairOneBit?: boolean | undefined;
}

/** An all-call reply carries the code of an interrogator in its parity: 7 bits that may be anything. */
export const INTERROGATOR_CODES = 128;

function known(value: number): number | undefined {
  return value === value ? value : undefined;
}

function squawkOf(code: number): string | undefined {
  return code === 0 ? undefined : squawkText(code);
}

const CATEGORY_SETS = ["", "D", "C", "B", "A"];

function identification(bytes: Uint8Array, me: number): Content {
  return {
    kind: "identification",
    category: `${CATEGORY_SETS[typeCodeOf(bytes, me)]}${bytes[me] & 7}`,
    callsign: callsignAt(bytes, me),
  };
}

function surfacePosition(bytes: Uint8Array, me: number, isRelayed: boolean): Content {
  return {
    kind: "surfacePosition",
    groundSpeedKt: known(surfaceSpeedKt(bytes, me)),
    trackDeg: known(surfaceTrackDeg(bytes, me)),
    isTimeSynchronised: isRelayed ? undefined : bit(bytes, me, 21) === 1,
    isOdd: cprIsOdd(bytes, me) === 1,
    cprLatitude: cprLatitude(bytes, me),
    cprLongitude: cprLongitude(bytes, me),
  };
}

function airbornePosition(bytes: Uint8Array, me: number, isRelayed: boolean): Content {
  return {
    kind: "airbornePosition",
    surveillanceStatus: (bytes[me] >> 1) & 3,
    nicSupplementB: isRelayed ? undefined : (bytes[me] & 1) === 1,
    altitudeFt: known(positionAltitudeFt(bytes, me)),
    altitudeReference: isHeightAboveEllipsoid(typeCodeOf(bytes, me)) ? "ellipsoid" : "pressure",
    isTimeSynchronised: bit(bytes, me, 21) === 1,
    isOdd: cprIsOdd(bytes, me) === 1,
    cprLatitude: cprLatitude(bytes, me),
    cprLongitude: cprLongitude(bytes, me),
  };
}

function velocity(bytes: Uint8Array, me: number, isRelayed: boolean): Content {
  const subtype = velocitySubtype(bytes, me);
  if (subtype < 1 || subtype > 4) return reserved(bytes, me);
  const isIntentChange = isRelayed ? undefined : bit(bytes, me, 9) === 1;
  const nacV = bits(bytes, me, 11, 3);
  const rate = known(verticalRateFpm(bytes, me));
  const verticalRateSource = bit(bytes, me, 36) === 1 ? "pressure" : "gnss";
  const difference = known(heightDifferenceFt(bytes, me));
  if (subtype > 2) {
    return {
      kind: "airVelocity",
      subtype,
      isIntentChange,
      nacV,
      verticalRateFpm: rate,
      verticalRateSource,
      heightDifferenceFt: difference,
      headingDeg: known(headingDeg(bytes, me)),
      airspeedKt: known(airspeedKt(bytes, me)),
      airspeedKind: bit(bytes, me, 25) === 1 ? "true" : "indicated",
    };
  }
  const east = eastKt(bytes, me);
  const north = northKt(bytes, me);
  return {
    kind: "groundVelocity",
    subtype,
    isIntentChange,
    nacV,
    verticalRateFpm: rate,
    verticalRateSource,
    heightDifferenceFt: difference,
    eastKt: known(east),
    northKt: known(north),
    groundSpeedKt: known(speedKt(east, north)),
    trackDeg: known(trackDeg(east, north)),
  };
}

function resolutionAdvisory(bytes: Uint8Array, me: number): Content {
  return {
    kind: "resolutionAdvisory",
    advisories: bits(bytes, me, 9, 14),
    complements: bits(bytes, me, 23, 4),
    isTerminated: bit(bytes, me, 27) === 1,
    isMultipleThreat: bit(bytes, me, 28) === 1,
    threatType: bits(bytes, me, 29, 2),
    threatIdentity: bits(bytes, me, 31, 13) * 8192 + bits(bytes, me, 44, 13),
  };
}

function targetState(bytes: Uint8Array, me: number): TargetState {
  const altitude = bits(bytes, me, 10, 11);
  const pressure = bits(bytes, me, 21, 9);
  return {
    kind: "targetState",
    isSilPerSample: bit(bytes, me, 8) === 1,
    altitudeSource: bit(bytes, me, 9) === 1 ? "management" : "panel",
    selectedAltitudeFt: altitude === 0 ? undefined : (altitude - 1) * 32,
    pressureSettingHpa: pressure === 0 ? undefined : 800 + ((pressure - 1) * 4) / 5,
    selectedHeadingDeg: bit(bytes, me, 30) === 0 ? undefined : (bits(bytes, me, 31, 9) * 180) / 256,
    nacP: bits(bytes, me, 40, 4),
    nicBaro: bit(bytes, me, 44) === 1,
    sil: bits(bytes, me, 45, 2),
    modes:
      bit(bytes, me, 47) === 0
        ? undefined
        : {
            autopilot: bit(bytes, me, 48) === 1,
            verticalNavigation: bit(bytes, me, 49) === 1,
            altitudeHold: bit(bytes, me, 50) === 1,
            approach: bit(bytes, me, 52) === 1,
            lateralNavigation: bit(bytes, me, 54) === 1,
          },
    hasAcas: bit(bytes, me, 53) === 1,
  };
}

function targetStateV1(bytes: Uint8Array, me: number): TargetStateV1 {
  return {
    kind: "targetStateV1",
    verticalSource: bits(bytes, me, 8, 2),
    isTargetAltitudeMsl: bit(bytes, me, 10) === 1,
    altitudeCapability: bits(bytes, me, 12, 2),
    verticalMode: bits(bytes, me, 14, 2),
    targetAltitudeFt: bits(bytes, me, 16, 10) * 100 - 1000,
    horizontalSource: bits(bytes, me, 26, 2),
    targetAngleDeg: bits(bytes, me, 28, 9),
    isTargetTrack: bit(bytes, me, 37) === 1,
    horizontalMode: bits(bytes, me, 38, 2),
    nacP: bits(bytes, me, 40, 4),
    nicBaro: bit(bytes, me, 44) === 1,
    sil: bits(bytes, me, 45, 2),
    modeCodes: bits(bytes, me, 52, 2),
    emergency: bits(bytes, me, 54, 3),
  };
}

function operationalStatus(bytes: Uint8Array, me: number): OperationalStatus {
  const isSurface = (bytes[me] & 7) === 1;
  const version = bits(bytes, me, 41, 3);
  const isAirborne = !isSurface;
  const hasQuality = version > 0;
  const isSecond = version === 2;
  return {
    kind: "operationalStatus",
    isSurface,
    version,
    capabilityCodes: isSurface ? bits(bytes, me, 9, 12) : bits(bytes, me, 9, 16),
    lengthWidth: isSurface ? bits(bytes, me, 21, 4) : undefined,
    operationalModes: bits(bytes, me, 25, 16),
    nicSupplementA: hasQuality ? bit(bytes, me, 44) === 1 : undefined,
    nacP: hasQuality ? bits(bytes, me, 45, 4) : undefined,
    gva: isSecond && isAirborne ? bits(bytes, me, 49, 2) : undefined,
    sil: hasQuality ? bits(bytes, me, 51, 2) : undefined,
    nicBaro: hasQuality && isAirborne ? bit(bytes, me, 53) === 1 : undefined,
    isTrackHeading: hasQuality && isSurface ? bit(bytes, me, 53) === 1 : undefined,
    isMagnetic: hasQuality ? bit(bytes, me, 54) === 1 : undefined,
    isSilPerSample: isSecond ? bit(bytes, me, 55) === 1 : undefined,
  };
}

function reserved(bytes: Uint8Array, me: number): Content {
  return { kind: "reserved", data: Uint8Array.from(bytes.subarray(me, me + 7)) };
}

function contentOf(bytes: Uint8Array, me: number, isRelayed: boolean): Content {
  const typeCode = typeCodeOf(bytes, me);
  const subtype = bytes[me] & 7;
  if (isAirbornePosition(typeCode)) return airbornePosition(bytes, me, isRelayed);
  if (typeCode === 19) return velocity(bytes, me, isRelayed);
  if (typeCode === 0) return { kind: "noPosition", altitudeFt: known(positionAltitudeFt(bytes, me)) };
  if (typeCode <= 4) return identification(bytes, me);
  if (isSurfacePosition(typeCode)) return surfacePosition(bytes, me, isRelayed);
  if (typeCode === 23 && subtype === 7) return { kind: "test", squawk: squawkOf(bits(bytes, me, 9, 13)) };
  if (typeCode === 28 && subtype === 1)
    return { kind: "emergency", emergency: bits(bytes, me, 9, 3), squawk: squawkOf(bits(bytes, me, 12, 13)) };
  if (typeCode === 28 && subtype === 2) return resolutionAdvisory(bytes, me);
  // Bits 6 and 7 are the subtype here; bit 11 marks the older layout off from one that was never flown.
  if (typeCode === 29 && subtype >> 1 === 1) return targetState(bytes, me);
  if (typeCode === 29 && subtype >> 1 === 0 && bit(bytes, me, 11) === 0) return targetStateV1(bytes, me);
  if (typeCode === 31 && subtype <= 1) return operationalStatus(bytes, me);
  return reserved(bytes, me);
}

/** Control fields of format 18 (DO-260B table 2-10): who says it, and whose address it is when no bit of the content says otherwise. */
const CONTROLS: readonly (readonly [origin: Origin, kind: AddressKind])[] = [
  ["adsb", "icao"],
  ["adsb", "other"],
  ["tisb", "icao"],
  ["tisb", "icao"],
  ["unknown", "unknown"],
  ["tisb", "other"],
  ["adsr", "icao"],
  ["unknown", "unknown"],
];

/** Control fields whose content has a bit for the kind of address. */
export function hasAddressBit(control: number): boolean {
  return control === 2 || control === 6;
}

/** TIS-B (2, 5) and ADS-R (6): the bit belongs to the ground station, even where it must be 0. */
export function isGroundStation(control: number): boolean {
  return control === 2 || control === 5 || control === 6;
}

/** TIS-B coarse position (control 3), management (4) and reserved (7) do not begin with a type code. */
export function hasTypeCode(control: number): boolean {
  return control !== 3 && control !== 4 && control !== 7;
}

function extended(bytes: Uint8Array, at: number, df: 17 | 18): ExtendedSquitter {
  const me = at + CONTENT_AT;
  const address = announcedAddress(bytes, at);
  const control = bytes[at] & 7;
  if (df === 17) {
    const typeCode = typeCodeOf(bytes, me);
    return { type: "extended", df, address, addressKind: "icao", origin: "adsb", control, typeCode, content: contentOf(bytes, me, false) };
  }
  const [origin, kind] = CONTROLS[control];
  if (!hasTypeCode(control)) {
    const addressKind = control === 3 && bit(bytes, me, 1) === 1 ? "trackFile" : kind;
    return { type: "extended", df, address, addressKind, origin, control, typeCode: undefined, content: reserved(bytes, me) };
  }
  const addressBit = hasAddressBit(control) ? addressBitNumber(bytes, me) : 0;
  let addressKind = kind;
  if (addressBit !== 0 && bit(bytes, me, addressBit) === 1) addressKind = control === 2 ? "trackFile" : "other";
  const content = contentOf(bytes, me, isGroundStation(control));
  return { type: "extended", df, address, addressKind, origin, control, typeCode: typeCodeOf(bytes, me), content };
}

/**
 * Decodes one frame of 7 or 14 bytes. Refused are formats that nobody uses (22, military, among them), lengths that are not the format's,
 * and squitters and all-call replies whose parity does not hold.
 *
 * In formats 0, 4, 5, 16, 20 and 21 parity and address share their bits: `overlay` is the sender's address if the frame is undamaged, and
 * only a sender heard otherwise proves that (see `AircraftTable`).
 */
export function decodeModeS(
  bytes: Uint8Array,
  at: number,
  length: number,
  options: DecodeOptions = {},
): ModeSMessage | Refused<FrameRefusalCode> {
  const df = length === 0 ? -1 : downlinkFormat(bytes, at);
  if (!isKnownFormat(df)) return refuse("unknown-format", clauses.format, df < 0 ? "no bytes" : `format ${df} is not in use`);
  if (length !== lengthOfFormat(df))
    return refuse("wrong-length", clauses.format, `format ${df} has ${lengthOfFormat(df)} bytes, not ${length}`);
  const remainder = parityRemainder(bytes, at, length);
  switch (df) {
    case 0:
    case 16:
      return {
        type: "acas",
        df,
        overlay: remainder,
        isOnGround: bit(bytes, at, 6) === 1,
        sensitivityLevel: bits(bytes, at, 9, 3),
        replyInformation: bits(bytes, at, 14, 4),
        altitudeFt: known(altitudeFt13(bits(bytes, at, 20, 13))),
      };
    case 4:
    case 20:
      return {
        type: "altitude",
        df,
        overlay: remainder,
        flightStatus: bytes[at] & 7,
        altitudeFt: known(altitudeFt13(bits(bytes, at, 20, 13))),
      };
    case 5:
    case 21:
      return { type: "identity", df, overlay: remainder, flightStatus: bytes[at] & 7, squawk: squawkText(bits(bytes, at, 20, 13)) };
    case 11:
      if (remainder < INTERROGATOR_CODES)
        return { type: "allCall", df, address: announcedAddress(bytes, at), capability: bytes[at] & 7, interrogator: remainder };
      break;
    case 17:
    case 18:
      if (remainder === 0) return extended(bytes, at, df);
      break;
    default:
      return { type: "undecoded", df: df === 19 ? 19 : 24 };
  }
  if (options.repairOneBit === true) {
    const copy = Uint8Array.from(bytes.subarray(at, at + length));
    if (repairOneBit(copy, 0, length) !== undefined) return decodeModeS(copy, 0, length);
  }
  return refuse("bad-crc", clauses.parity, `${remainder.toString(16).padStart(6, "0")} is left of the parity`);
}
