// From what a frame should say to its bytes: for tests, benchmarks and simulated traffic.
import { setBits } from "../bits.ts";
import { clauses } from "../clauses.ts";
import { writeParity } from "../parity.ts";
import { type Refused, refuse } from "../refusal.ts";
import { altitudeCode13 } from "./altitude.ts";
import { writeCallsign } from "./callsign.ts";
import { hasAddressBit, hasTypeCode, INTERROGATOR_CODES, isGroundStation } from "./decode.ts";
import { addressBitNumber, CONTENT_AT, isAirbornePosition, isHeightAboveEllipsoid, isSurfacePosition, lengthOfFormat } from "./fields.ts";
import { movementCode } from "./movement.ts";
import { squawkCode } from "./squawk.ts";
import type {
  AirVelocity,
  Content,
  CprPosition,
  ExtendedSquitter,
  GroundVelocity,
  ModeSMessage,
  OperationalStatus,
  TargetState,
  TargetStateV1,
} from "./types.ts";

export type EncodeRefusalCode = "does-not-fit" | "wrong-type-code";

/** What keeps a message from being encoded: the first thing found. */
interface Fault {
  first: Refused<EncodeRefusalCode> | undefined;
}

/** Writes fields into one frame and notes what does not fit them. */
class Writer {
  readonly bytes: Uint8Array;
  readonly fault: Fault;
  readonly #at: number;
  constructor(bytes: Uint8Array, at: number, fault: Fault) {
    this.bytes = bytes;
    this.fault = fault;
    this.#at = at;
  }

  refuse(clause: string, detail: string, code: EncodeRefusalCode = "does-not-fit"): void {
    this.fault.first ??= refuse(code, clause, detail);
  }

  number(from: number, count: number, value: number | undefined, clause: string, name: string): void {
    if (value === undefined) return;
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** count) this.refuse(clause, `${name}: ${value} in ${count} bits`);
    else setBits(this.bytes, this.#at, from, count, value);
  }

  flag(number: number, value: boolean | undefined): void {
    if (value === true) setBits(this.bytes, this.#at, number, 1, 1);
  }

  /** A code that its own table gives, if there is one. */
  code(from: number, count: number, code: number | undefined, clause: string, name: string): void {
    if (code === undefined) this.refuse(clause, `${name}: has no code`);
    else this.number(from, count, code, clause, name);
  }
}

/** A code that counts steps of `step` from 1, 0 being unknown. */
function steps(value: number | undefined, step: number): number {
  return value === undefined ? 0 : value / step + 1;
}

function altitude(content: Writer, altitudeFt: number | undefined): void {
  const code = altitudeCode13(altitudeFt);
  content.code(9, 12, code === undefined ? undefined : ((code & 0x1f80) >> 1) | (code & 0x3f), clauses.altitude, "altitudeFt");
}

function cpr(content: Writer, { isOdd, cprLatitude, cprLongitude, isTimeSynchronised }: CprPosition): void {
  content.flag(21, isTimeSynchronised);
  content.flag(22, isOdd);
  content.number(23, 17, cprLatitude, clauses.cpr, "cprLatitude");
  content.number(40, 17, cprLongitude, clauses.cpr, "cprLongitude");
}

function signed(content: Writer, sign: number, count: number, value: number | undefined, step: number, name: string): void {
  content.flag(sign, value !== undefined && value < 0);
  content.number(sign + 1, count, steps(value === undefined ? undefined : Math.abs(value), step), clauses.velocity, name);
}

function velocity(content: Writer, message: GroundVelocity | AirVelocity): void {
  const isGround = message.kind === "groundVelocity";
  const { subtype } = message;
  if (subtype < (isGround ? 1 : 3) || subtype > (isGround ? 2 : 4)) content.refuse(clauses.velocity, `subtype: ${subtype}`);
  const step = subtype % 2 === 0 ? 4 : 1;
  content.number(6, 3, subtype, clauses.velocity, "subtype");
  content.flag(9, message.isIntentChange);
  content.number(11, 3, message.nacV, clauses.velocity, "nacV");
  if (isGround) {
    signed(content, 14, 10, message.eastKt, step, "eastKt");
    signed(content, 25, 10, message.northKt, step, "northKt");
  } else {
    content.flag(14, message.headingDeg !== undefined);
    content.number(15, 10, message.headingDeg === undefined ? 0 : (message.headingDeg * 1024) / 360, clauses.velocity, "headingDeg");
    content.flag(25, message.airspeedKind === "true");
    content.number(26, 10, steps(message.airspeedKt, step), clauses.velocity, "airspeedKt");
  }
  content.flag(36, message.verticalRateSource === "pressure");
  signed(content, 37, 9, message.verticalRateFpm, 64, "verticalRateFpm");
  signed(content, 49, 7, message.heightDifferenceFt, 25, "heightDifferenceFt");
}

function targetState(content: Writer, message: TargetState): void {
  const { selectedAltitudeFt, pressureSettingHpa, selectedHeadingDeg, modes } = message;
  content.number(6, 2, 1, clauses.status, "subtype");
  content.flag(8, message.isSilPerSample);
  content.flag(9, message.altitudeSource === "management");
  content.number(10, 11, steps(selectedAltitudeFt, 32), clauses.status, "selectedAltitudeFt");
  // 0.8 is no binary fraction: the code is the nearest, and it must lead back to the value.
  const pressure = pressureSettingHpa === undefined ? 0 : Math.round((pressureSettingHpa - 800) / 0.8) + 1;
  if (pressureSettingHpa !== undefined && Math.abs(800 + (pressure - 1) * 0.8 - pressureSettingHpa) > 1e-6)
    content.refuse(clauses.status, `pressureSettingHpa: ${pressureSettingHpa}`);
  content.number(21, 9, pressure, clauses.status, "pressureSettingHpa");
  content.flag(30, selectedHeadingDeg !== undefined);
  content.number(31, 9, selectedHeadingDeg === undefined ? 0 : (selectedHeadingDeg * 256) / 180, clauses.status, "selectedHeadingDeg");
  content.number(40, 4, message.nacP, clauses.status, "nacP");
  content.flag(44, message.nicBaro);
  content.number(45, 2, message.sil, clauses.status, "sil");
  content.flag(47, modes !== undefined);
  content.flag(48, modes?.autopilot);
  content.flag(49, modes?.verticalNavigation);
  content.flag(50, modes?.altitudeHold);
  content.flag(52, modes?.approach);
  content.flag(53, message.hasAcas);
  content.flag(54, modes?.lateralNavigation);
}

function targetStateV1(content: Writer, message: TargetStateV1): void {
  content.number(8, 2, message.verticalSource, clauses.status, "verticalSource");
  content.flag(10, message.isTargetAltitudeMsl);
  content.number(12, 2, message.altitudeCapability, clauses.status, "altitudeCapability");
  content.number(14, 2, message.verticalMode, clauses.status, "verticalMode");
  content.number(16, 10, (message.targetAltitudeFt + 1000) / 100, clauses.status, "targetAltitudeFt");
  content.number(26, 2, message.horizontalSource, clauses.status, "horizontalSource");
  content.number(28, 9, message.targetAngleDeg, clauses.status, "targetAngleDeg");
  content.flag(37, message.isTargetTrack);
  content.number(38, 2, message.horizontalMode, clauses.status, "horizontalMode");
  content.number(40, 4, message.nacP, clauses.status, "nacP");
  content.flag(44, message.nicBaro);
  content.number(45, 2, message.sil, clauses.status, "sil");
  content.number(52, 2, message.modeCodes, clauses.status, "modeCodes");
  content.number(54, 3, message.emergency, clauses.status, "emergency");
}

function operationalStatus(content: Writer, message: OperationalStatus): void {
  content.number(6, 3, message.isSurface ? 1 : 0, clauses.status, "subtype");
  content.number(9, message.isSurface ? 12 : 16, message.capabilityCodes, clauses.status, "capabilityCodes");
  if (message.isSurface) content.number(21, 4, message.lengthWidth, clauses.status, "lengthWidth");
  content.number(25, 16, message.operationalModes, clauses.status, "operationalModes");
  content.number(41, 3, message.version, clauses.status, "version");
  content.flag(44, message.nicSupplementA);
  content.number(45, 4, message.nacP, clauses.status, "nacP");
  content.number(49, 2, message.gva, clauses.status, "gva");
  content.number(51, 2, message.sil, clauses.status, "sil");
  content.flag(53, message.nicBaro);
  content.flag(53, message.isTrackHeading);
  content.flag(54, message.isMagnetic);
  content.flag(55, message.isSilPerSample);
}

/** Whether content of this kind stands under the type code. */
function belongs(content: Content, typeCode: number): boolean {
  switch (content.kind) {
    case "identification":
      return typeCode >= 1 && typeCode <= 4 && content.category.startsWith("DCBA".charAt(typeCode - 1));
    case "surfacePosition":
      return isSurfacePosition(typeCode);
    case "airbornePosition":
      return isAirbornePosition(typeCode) && (content.altitudeReference === "ellipsoid") === isHeightAboveEllipsoid(typeCode);
    case "noPosition":
      return typeCode === 0;
    case "groundVelocity":
    case "airVelocity":
      return typeCode === 19;
    case "test":
      return typeCode === 23;
    case "emergency":
    case "resolutionAdvisory":
      return typeCode === 28;
    case "targetState":
    case "targetStateV1":
      return typeCode === 29;
    case "operationalStatus":
      return typeCode === 31;
    case "reserved":
      return content.data.length === 7 && content.data[0] >> 3 === typeCode;
    default:
      return content satisfies never;
  }
}

function writeContent(writer: Writer, content: Content): void {
  switch (content.kind) {
    case "identification":
      writer.number(6, 3, Number.parseInt(content.category.slice(1), 10), clauses.callsign, "category");
      if (!writeCallsign(writer.bytes, CONTENT_AT, content.callsign)) writer.refuse(clauses.callsign, `callsign: ${content.callsign}`);
      break;
    case "surfacePosition":
      writer.code(6, 7, movementCode(content.groundSpeedKt), clauses.surface, "groundSpeedKt");
      writer.flag(13, content.trackDeg !== undefined);
      writer.number(14, 7, content.trackDeg === undefined ? 0 : (content.trackDeg * 128) / 360, clauses.surface, "trackDeg");
      cpr(writer, content);
      break;
    case "airbornePosition":
      writer.number(6, 2, content.surveillanceStatus, clauses.extended, "surveillanceStatus");
      writer.flag(8, content.nicSupplementB);
      altitude(writer, content.altitudeFt);
      cpr(writer, content);
      break;
    case "noPosition":
      altitude(writer, content.altitudeFt);
      break;
    case "groundVelocity":
    case "airVelocity":
      velocity(writer, content);
      break;
    case "test":
      writer.number(6, 3, 7, clauses.extended, "subtype");
      writer.code(9, 13, content.squawk === undefined ? 0 : squawkCode(content.squawk), clauses.identity, "squawk");
      break;
    case "emergency":
      writer.number(6, 3, 1, clauses.status, "subtype");
      writer.number(9, 3, content.emergency, clauses.status, "emergency");
      writer.code(12, 13, content.squawk === undefined ? 0 : squawkCode(content.squawk), clauses.identity, "squawk");
      break;
    case "resolutionAdvisory":
      writer.number(6, 3, 2, clauses.status, "subtype");
      writer.number(9, 14, content.advisories, clauses.status, "advisories");
      writer.number(23, 4, content.complements, clauses.status, "complements");
      writer.flag(27, content.isTerminated);
      writer.flag(28, content.isMultipleThreat);
      writer.number(29, 2, content.threatType, clauses.status, "threatType");
      writer.number(31, 26, content.threatIdentity, clauses.status, "threatIdentity");
      break;
    case "targetState":
      targetState(writer, content);
      break;
    case "targetStateV1":
      targetStateV1(writer, content);
      break;
    case "operationalStatus":
      operationalStatus(writer, content);
      break;
    case "reserved":
      writer.bytes.set(content.data, CONTENT_AT);
      break;
    default:
      content satisfies never;
  }
}

function writeExtended(frame: Writer, message: ExtendedSquitter): void {
  const { df, control, address, addressKind, typeCode, content } = message;
  const { bytes } = frame;
  frame.number(6, 3, control, clauses.control, "control");
  frame.number(9, 24, address, clauses.control, "address");
  const writer = new Writer(bytes, CONTENT_AT, frame.fault);
  if (df === 18 && !hasTypeCode(control)) {
    if (content.kind !== "reserved" || content.data.length !== 7) writer.refuse(clauses.control, `control ${control}: seven bytes`);
    else writeContent(writer, content);
    return;
  }
  if (typeCode === undefined || !belongs(content, typeCode)) {
    writer.refuse(clauses.extended, `${content.kind}: type code ${typeCode}`, "wrong-type-code");
    return;
  }
  if (content.kind !== "reserved") writer.number(1, 5, typeCode, clauses.extended, "typeCode");
  writeContent(writer, content);
  const addressBit = df === 18 && hasAddressBit(control) ? addressBitNumber(bytes, CONTENT_AT) : 0;
  const isOther = df === 18 && isGroundStation(control) && control !== 5 && addressKind !== "icao";
  if (isOther && addressBit === 0) writer.refuse(clauses.control, `${content.kind}: has no bit for the kind of address`);
  else if (isOther) writer.flag(addressBit, true);
}

function write(frame: Writer, message: ModeSMessage): number {
  frame.number(1, 5, message.df, clauses.format, "df");
  switch (message.type) {
    case "acas":
      frame.flag(6, message.isOnGround);
      frame.number(9, 3, message.sensitivityLevel, clauses.format, "sensitivityLevel");
      frame.number(14, 4, message.replyInformation, clauses.format, "replyInformation");
      frame.code(20, 13, altitudeCode13(message.altitudeFt), clauses.altitude, "altitudeFt");
      return message.overlay;
    case "altitude":
      frame.number(6, 3, message.flightStatus, clauses.format, "flightStatus");
      frame.code(20, 13, altitudeCode13(message.altitudeFt), clauses.altitude, "altitudeFt");
      return message.overlay;
    case "identity":
      frame.number(6, 3, message.flightStatus, clauses.format, "flightStatus");
      frame.code(20, 13, squawkCode(message.squawk), clauses.identity, "squawk");
      return message.overlay;
    case "allCall":
      frame.number(6, 3, message.capability, clauses.format, "capability");
      frame.number(9, 24, message.address, clauses.format, "address");
      if (message.interrogator < 0 || message.interrogator >= INTERROGATOR_CODES)
        frame.refuse(clauses.parity, `interrogator: ${message.interrogator}`);
      return message.interrogator;
    case "extended":
      writeExtended(frame, message);
      return 0;
    case "undecoded":
      return 0;
    default:
      return message satisfies never;
  }
}

/**
 * The 7 or 14 bytes of a message, parity included. What a field cannot carry exactly is refused, never rounded or wrapped; a ground speed on
 * the surface takes the code of the step that holds it.
 */
export function encodeModeS(message: ModeSMessage): Uint8Array | Refused<EncodeRefusalCode> {
  const bytes = new Uint8Array(lengthOfFormat(message.df));
  const frame = new Writer(bytes, 0, { first: undefined });
  const overlay = write(frame, message);
  if (!(overlay >= 0 && overlay <= 0xff_ffff)) frame.refuse(clauses.parity, `overlay: ${overlay}`);
  if (frame.fault.first !== undefined) return frame.fault.first;
  writeParity(bytes, 0, bytes.length, overlay);
  return bytes;
}
