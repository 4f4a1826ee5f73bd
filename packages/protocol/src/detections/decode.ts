// One line of the detection format: what it says, or why it is refused. Parsing is validation; nothing throws.
import { CLAUSE, Fields, isJsonObject, type Json } from "./fields.ts";
import {
  type DecodedLine,
  type FieldOfView,
  isSensorKind,
  KINDS,
  MAX_CLASSES,
  MAX_DEPTH,
  MAX_LINE_BYTES,
  type Measure,
  MEASURE_RANGE,
  MEASURES,
  OBJECT_CLASSES,
  type ObjectClass,
  RANGE,
  type RefusalCode,
  ruleOf,
  type SensedDetection,
  type SensorKind,
} from "./line.ts";
import { unixSecondsOf } from "./time.ts";

/** How the times of a line are to be read. */
export interface LineClock {
  /** Added to times that are numbers, s: 0 for Unix seconds; a scenario's epoch for the seconds of a scenario. */
  readonly epochS: number;
  /** When the line arrived, Unix s: stands for `t` where a line has none. Undefined: such a line is refused. */
  readonly arrivedS: number | undefined;
}

/** Times as they stand in the file. */
export const SCENARIO_TIME: LineClock = { epochS: 0, arrivedS: undefined };

function refuse(code: RefusalCode, detail: string): DecodedLine {
  return { refused: { code, detail, clause: CLAUSE.line } };
}

/** True when the text is longer than this in UTF-8. */
function longerThan(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  if (text.length * 3 <= bytes) return false;
  let count = 0;
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k);
    // Each half of a surrogate pair stands for two of its four bytes.
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3;
  }
  return count > bytes;
}

/** Whether brackets are opened at all so often that the depth could be passed: five jumps on an ordinary line. */
function opensOften(text: string): boolean {
  let opened = 0;
  for (const bracket of ["[", "{"]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > MAX_DEPTH) return true;
    }
  }
  return false;
}

function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let k = 0; k < text.length; k += 1) {
    const code = text.charCodeAt(k);
    if (inString) {
      if (code === 0x5c) k += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Decodes one line without its line end. Numbers in `t`, `t_rx` and `t_end` become `clock.epochS` later; texts are moments in themselves.
 * A key that is not known is passed over: later versions may add some.
 */
export function decodeDetectionLine(text: string, clock: LineClock = SCENARIO_TIME): DecodedLine {
  if (longerThan(text, MAX_LINE_BYTES)) return refuse("line-too-long", `more than ${MAX_LINE_BYTES} bytes`);
  if (opensOften(text) && deeperThan(text, MAX_DEPTH)) return refuse("nested-too-deep", `more than ${MAX_DEPTH} levels`);
  const value = parsed(text);
  if (value === undefined) return refuse("not-json", "one JSON object per line");
  if (!isJsonObject(value)) return refuse("not-an-object", "one JSON object per line");
  switch (value["type"]) {
    case "det":
      return detectionOf(new Fields(value, CLAUSE.detection), clock);
    case "scan":
      return scanOf(new Fields(value, CLAUSE.scan), clock);
    case "sensor":
      return sensorOf(new Fields(value, CLAUSE.sensor));
    case "scenario":
      return scenarioOf(new Fields(value, CLAUSE.scenario));
    case undefined:
      return refuse("missing-key", "type");
    default:
      return typeof value["type"] === "string"
        ? refuse("unknown-type", "type: sensor, det, scan or scenario")
        : refuse("wrong-type", "type: a text");
  }
}

/** Unix seconds of a key; undefined when it is absent. */
function timeOf(fields: Fields, key: string, epochS: number): number | undefined {
  const value = fields.value(key, false);
  if (value === undefined) return undefined;
  if (typeof value === "number") {
    const [low, high] = RANGE.timeS;
    if (value >= low && value <= high) return value + epochS;
    if (Number.isFinite(value)) fields.refuse("outside-range", `${key}: seconds (not milliseconds)`, CLAUSE.time);
    else fields.refuse("not-finite", key, CLAUSE.time);
  } else if (typeof value === "string") {
    const seconds = unixSecondsOf(value);
    if (seconds !== undefined) return seconds;
    fields.refuse("not-a-time", `${key}: seconds, or a moment like 2026-11-24T08:00:00.250Z`, CLAUSE.time);
  } else fields.refuse("wrong-type", `${key}: seconds as a number, or a moment as text`, CLAUSE.time);
  return undefined;
}

/** The time of `t`, or that of arrival. */
function ownTime(fields: Fields, clock: LineClock): number {
  const own = timeOf(fields, "t", clock.epochS);
  if (own !== undefined) return own;
  if (clock.arrivedS === undefined) fields.refuse("missing-key", "t: needed where no time of arrival is known", CLAUSE.time);
  return clock.arrivedS ?? Number.NaN;
}

function kindOf(fields: Fields): SensorKind | undefined {
  const kind = fields.value("kind", true);
  if (isSensorKind(kind)) return kind;
  if (typeof kind === "string") fields.refuse("unknown-kind", `kind: one of ${Object.keys(KINDS).join(", ")}`, CLAUSE.sensor);
  else if (kind !== undefined) fields.refuse("wrong-type", "kind: a text");
  return undefined;
}

// Sensors

function isMeasure(value: Json): value is Measure {
  return typeof value === "string" && (MEASURES as readonly string[]).includes(value);
}

function measuresOf(fields: Fields, kind: SensorKind): readonly Measure[] {
  const { needs, may, fix } = ruleOf(kind);
  const values = fields.array("z", needs.length > 0);
  if (values === undefined) return [];
  if (values.length > needs.length + may.length) {
    fields.refuse("too-many-values", `z: at most ${needs.length + may.length} for ${kind}`);
    return [];
  }
  const measures: Measure[] = [];
  for (const value of values) {
    if (!isMeasure(value)) {
      fields.refuse(typeof value === "string" ? "unknown-measure" : "wrong-type", `z: of ${MEASURES.join(", ")}`);
      return [];
    }
    if (measures.includes(value) || !(needs.includes(value) || may.includes(value)))
      fields.refuse("kind-mismatch", `z: ${value} has no place here in what a ${kind} measures`);
    measures.push(value);
  }
  for (const need of needs) if (!measures.includes(need)) fields.refuse("kind-mismatch", `z: a ${kind} measures ${needs.join(", ")}`);
  const order = [...needs, ...may];
  if (fix && measures.some((measure, k) => measure !== order[k]))
    fields.refuse("kind-mismatch", `z: a ${kind} gives ${order.join(", ")}, in this order`);
  return measures;
}

function sigmaOf(fields: Fields, count: number): readonly (number | undefined)[] {
  const values = fields.array("sd", false);
  if (values === undefined) return Array.from({ length: count }, () => undefined);
  if (values.length > count) fields.refuse("too-many-values", `sd: ${count}, one for each of z`);
  else if (values.length < count) fields.refuse("wrong-count", `sd: ${count}, one for each of z`);
  const [, high] = RANGE.sigma;
  return values.slice(0, count).map((value) => {
    if (value === null || !fields.numbers("sd", [value], 0, high)) return undefined;
    if (value === 0) fields.refuse("variance-not-positive", "sd: above 0, or null where each detection has R");
    return value as number;
  });
}

function fovOf(fields: Fields): FieldOfView | undefined {
  const fov = fields.object("fov");
  if (fov === undefined) return undefined;
  return {
    rangeM: fields.interval("range_m", fov, MEASURE_RANGE.range_m, false),
    azDeg: fields.interval("az_deg", fov, MEASURE_RANGE.az_deg, true),
    elDeg: fields.interval("el_deg", fov, MEASURE_RANGE.el_deg, false),
    rangeRateMps: fields.interval("rdot_mps", fov, MEASURE_RANGE.rdot_mps, false),
  };
}

function sensorOf(fields: Fields): DecodedLine {
  const id = fields.id("id");
  const kind = kindOf(fields);
  if (kind === undefined) return { refused: fields.fault ?? missing("kind") };
  const measures = measuresOf(fields, kind);
  const maxRangeM = fields.optionalPositive("max_range_m", RANGE.maxRangeM);
  const fallsOff = fields.flag("falls_off");
  const sensor = {
    id,
    kind,
    latDeg: fields.number("lat", MEASURE_RANGE.lat_deg),
    lonDeg: fields.number("lon", MEASURE_RANGE.lon_deg),
    haeM: fields.number("alt", MEASURE_RANGE.alt_m),
    measures,
    sigma: sigmaOf(fields, measures.length),
    periodS: fields.optionalPositive("period_s", RANGE.periodS),
    pd: fields.optionalNumber("pd", RANGE.probability),
    falseAlarmsPerScan: fields.optionalNumber("fa_per_scan", RANGE.falseAlarms),
    fov: fovOf(fields),
    maxRangeM,
    fallsOff,
    soundDelay: fields.flag("sound_delay"),
    rotating: fields.flag("rotating"),
    selfReported: fields.flag("self_reported"),
    rangeFractionSigma: fields.optionalPositive("range_frac_sd", RANGE.fraction),
    timeSigmaS: fields.optionalPositive("t_sd_s", RANGE.timeSigmaS),
  };
  if (maxRangeM === undefined && (kind === "presence" || fallsOff === true))
    fields.refuse("missing-key", `max_range_m: needed ${kind === "presence" ? "for presence" : "with falls_off"}`);
  return fields.fault === undefined ? { type: "sensor", sensor } : { refused: fields.fault };
}

function missing(key: string): { readonly code: "missing-key"; readonly detail: string; readonly clause: string } {
  return { code: "missing-key", detail: key, clause: CLAUSE.line };
}

// Detections

/** The three by three matrix is symmetric (to a millionth of its scale) and positive definite (Sylvester's criterion). */
function isCovariance(c: readonly number[]): boolean {
  const [xx = 0, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, zx = 0, zy = 0, zz = 0] = c;
  const slack = 1e-6 * Math.max(xx, yy, zz);
  if (Math.abs(xy - yx) > slack || Math.abs(xz - zx) > slack || Math.abs(yz - zy) > slack) return false;
  const minor = xx * yy - xy * xy;
  const whole = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
  return xx > 0 && minor > 0 && whole > 0;
}

interface Errors {
  readonly variance: readonly number[] | undefined;
  readonly covarianceEnuM2: readonly number[] | undefined;
}

const NO_ERRORS: Errors = { variance: undefined, covarianceEnuM2: undefined };
const COVARIANCE_VALUES = 9;

function errorsOf(fields: Fields, kind: SensorKind, count: number): Errors {
  const values = fields.array("R", false);
  if (values === undefined) return NO_ERRORS;
  const [low, high] = RANGE.variance;
  if (ruleOf(kind).fix && count === 3 && values.length === COVARIANCE_VALUES) {
    if (!fields.numbers("R", values, -high, high)) return NO_ERRORS;
    const [xx = 0, , , , yy = 0, , , , zz = 0] = values;
    if (!(xx > 0 && yy > 0 && zz > 0)) fields.refuse("variance-not-positive", "R: the diagonal is above 0");
    else if (!isCovariance(values)) fields.refuse("not-positive-definite", "R: a covariance is symmetric and positive definite");
    return { variance: [xx, yy, zz], covarianceEnuM2: values };
  }
  if (values.length !== count) {
    const wanted = `R: ${count}, one for each of z${ruleOf(kind).fix && count === 3 ? ", or the 9 of the covariance" : ""}`;
    fields.refuse(values.length > count ? "too-many-values" : "wrong-count", wanted);
    return NO_ERRORS;
  }
  for (const value of values) if (typeof value === "number" && value <= 0) fields.refuse("variance-not-positive", "R: above 0");
  if (!fields.numbers("R", values, low, high)) return NO_ERRORS;
  return count === 0 ? NO_ERRORS : { variance: values, covarianceEnuM2: undefined };
}

function velocityOf(fields: Fields): readonly [number, number, number] | undefined {
  const values = fields.array("vel_enu", false);
  if (values === undefined) return undefined;
  const [low, high] = RANGE.speedMps;
  if (!fields.count("vel_enu", values, 3, 3) || !fields.numbers("vel_enu", values, low, high)) return undefined;
  const [east = 0, north = 0, up = 0] = values;
  return [east, north, up];
}

/** Classes that this version does not know are passed over; the sum is of those it knows. */
function classesOf(fields: Fields): SensedDetection["classes"] {
  const given = fields.object("classes");
  if (given === undefined) return undefined;
  if (Object.keys(given).length > MAX_CLASSES) {
    fields.refuse("too-many-values", `classes: at most ${MAX_CLASSES}`);
    return undefined;
  }
  const classes: Partial<Record<ObjectClass, number>> = {};
  let sum = 0;
  for (const name of OBJECT_CLASSES) {
    const value = given[name];
    if (value === undefined || !fields.numbers(`classes.${name}`, [value], 0, 1)) continue;
    classes[name] = value as number;
    sum += value as number;
  }
  // Rounded to two places, four parts may come to 1.02.
  if (sum > 1.02) fields.refuse("classes-above-one", "classes: probabilities, at most 1 together");
  return classes;
}

/** Values of `z`. Those of a fix are checked here; for the others only the sensor's declaration knows which is which. */
function valuesOf(fields: Fields, kind: SensorKind): readonly number[] {
  const { needs, may, fix } = ruleOf(kind);
  const values = fields.array("z", needs.length > 0);
  if (values === undefined || !fields.count("z", values, needs.length, needs.length + may.length)) return [];
  if (!fields.numbers("z", values, -1e6, 1e6)) return [];
  if (fix) {
    fields.numbers("z: latitude", values.slice(0, 1), ...MEASURE_RANGE.lat_deg);
    fields.numbers("z: longitude", values.slice(1, 2), ...MEASURE_RANGE.lon_deg);
    fields.numbers("z: altitude", values.slice(2), ...MEASURE_RANGE.alt_m);
  }
  return values;
}

function detectionOf(fields: Fields, clock: LineClock): DecodedLine {
  const id = fields.id("id");
  const sensor = fields.id("sensor");
  const kind = kindOf(fields);
  if (kind === undefined) return { refused: fields.fault ?? missing("kind") };
  const z = valuesOf(fields, kind);
  const { variance, covarianceEnuM2 } = errorsOf(fields, kind, z.length);
  const detection: SensedDetection = {
    id,
    sensor,
    kind,
    scan: fields.optionalWhole("scan", RANGE.scan),
    timeS: ownTime(fields, clock),
    z,
    variance,
    covarianceEnuM2,
    identity: fields.optionalId("uid"),
    velocityEnuMps: velocityOf(fields),
    timeSigmaS: fields.optionalPositive("t_sd", RANGE.timeSigmaS),
    snrDb: fields.optionalNumber("snr_db", RANGE.snrDb),
    classes: classesOf(fields),
  };
  const arrivedS = timeOf(fields, "t_rx", clock.epochS);
  // What else the sensor knows; nothing reads it yet.
  fields.object("attrs");
  if (kind === "systemTrack" && detection.identity === undefined)
    fields.refuse("missing-key", "uid: the number that the other system gave its track");
  return fields.fault === undefined ? { type: "detection", detection, arrivedS } : { refused: fields.fault };
}

// Scans and scenarios

function scanOf(fields: Fields, clock: LineClock): DecodedLine {
  const sensor = fields.id("sensor");
  const number = fields.whole("scan", RANGE.scan);
  const count = fields.whole("n", RANGE.count);
  const timeS = ownTime(fields, clock);
  const endTimeS = timeOf(fields, "t_end", clock.epochS) ?? timeS;
  const arrivedS = timeOf(fields, "t_rx", clock.epochS);
  if (endTimeS < timeS) fields.refuse("interval-reversed", "t_end: not before t");
  const scan = { sensor, scan: number, count, timeS, endTimeS };
  return fields.fault === undefined ? { type: "scan", scan, arrivedS } : { refused: fields.fault };
}

const MAX_NAME = 80;

function scenarioOf(fields: Fields): DecodedLine {
  const scenario = {
    name: fields.text("name", MAX_NAME),
    epochS: timeOf(fields, "epoch", 0),
    durationS: fields.optionalNumber("duration_s", RANGE.timeS),
  };
  return fields.fault === undefined ? { type: "scenario", scenario } : { refused: fields.fault };
}
