// The detection format as a JSON Schema (draft 2020-12), one line of a stream being the instance. Made of the decoder's own tables.
import {
  type Interval,
  KINDS,
  MAX_CLASSES,
  MAX_ID,
  MEASURE_RANGE,
  MEASURES,
  OBJECT_CLASSES,
  RANGE,
  ruleOf,
  type SensorKind,
} from "./line.ts";
import { TIME_PATTERN } from "./time.ts";

type Schema = { readonly [key: string]: unknown };

const kinds = Object.keys(KINDS) as readonly SensorKind[];

function number([minimum, maximum]: Interval): Schema {
  return { type: "number", minimum, maximum };
}
function positive([, maximum]: Interval): Schema {
  return { type: "number", exclusiveMinimum: 0, maximum };
}
function whole([minimum, maximum]: Interval): Schema {
  return { type: "integer", minimum, maximum };
}
function pair(range: Interval): Schema {
  return { type: "array", items: number(range), minItems: 2, maxItems: 2 };
}

const id: Schema = { type: "string", minLength: 1, maxLength: MAX_ID, pattern: "^[^\\u0000-\\u001f\\u007f]*$" };
const time: Schema = {
  description: "Seconds since the epoch in force (1970 unless a scenario line said otherwise), or a moment as RFC 3339 text.",
  anyOf: [number(RANGE.timeS), { type: "string", pattern: TIME_PATTERN }],
};
const flag: Schema = { type: "boolean" };

function when(properties: Schema, then: Schema): Schema {
  // The keyword of JSON Schema is called so (draft 2020-12 core §10.2.2.2); nothing awaits a schema.
  // oxlint-disable-next-line unicorn/no-thenable
  return { if: { required: Object.keys(properties), properties }, then };
}
function array(count: number): Schema {
  return { type: "array", minItems: count, maxItems: count };
}

/** What a declaration of this kind must measure; the order is free but for fixes. */
function measuresOf(kind: SensorKind): Schema {
  const { needs, may, fix } = ruleOf(kind);
  const all = [...needs, ...may];
  const free: Schema = {
    items: { enum: all },
    maxItems: all.length,
    ...(needs.length > 0 ? { allOf: needs.map((measure) => ({ contains: { const: measure } })) } : {}),
  };
  const z: Schema = fix
    ? { prefixItems: all.map((measure) => ({ const: measure })), minItems: needs.length, maxItems: all.length }
    : all.length > 0
      ? free
      : { maxItems: 0 };
  return when(
    { kind: { const: kind } },
    {
      properties: { z },
      required: [...(needs.length > 0 ? ["z"] : []), ...(kind === "presence" ? ["max_range_m"] : [])],
    },
  );
}

/** What a detection of this kind holds. */
function valuesOf(kind: SensorKind): Schema {
  const { needs, may, fix } = ruleOf(kind);
  const most = needs.length + may.length;
  const z: Schema = {
    minItems: needs.length,
    maxItems: most,
    ...(fix ? { prefixItems: [...needs, ...may].map((measure) => number(MEASURE_RANGE[measure])) } : {}),
  };
  const variances = (count: number): Schema => ({ ...array(count), items: positive(RANGE.variance) });
  const [, high] = RANGE.variance;
  const above = positive(RANGE.variance);
  const any = number([-high, high]);
  const covariance: Schema = { ...array(9), prefixItems: [above, any, any, any, above, any, any, any, above] };
  const byCount = Array.from({ length: most - needs.length + 1 }, (_, k) => needs.length + k)
    .filter((count) => count > 0)
    .map((count) =>
      when(
        { z: array(count), R: true },
        { properties: { R: fix && count === 3 ? { anyOf: [variances(3), covariance] } : variances(count) } },
      ),
    );
  return when(
    { kind: { const: kind } },
    {
      properties: { z, ...(most === 0 ? { R: array(0) } : {}) },
      required: [...(needs.length > 0 ? ["z"] : []), ...(kind === "systemTrack" ? ["uid"] : [])],
      ...(byCount.length > 0 ? { allOf: byCount } : {}),
    },
  );
}

const sensor: Schema = {
  title: "A sensor and what it can do",
  required: ["id", "kind", "lat", "lon", "alt"],
  properties: {
    id,
    kind: { enum: kinds },
    lat: number(MEASURE_RANGE.lat_deg),
    lon: number(MEASURE_RANGE.lon_deg),
    alt: { ...number(MEASURE_RANGE.alt_m), description: "Metres above the WGS-84 ellipsoid." },
    z: { type: "array", items: { enum: MEASURES }, uniqueItems: true },
    sd: { type: "array", items: { anyOf: [{ type: "null" }, positive(RANGE.sigma)] } },
    period_s: positive(RANGE.periodS),
    pd: number(RANGE.probability),
    fa_per_scan: number(RANGE.falseAlarms),
    fov: {
      type: "object",
      properties: {
        range_m: pair(MEASURE_RANGE.range_m),
        az_deg: pair(MEASURE_RANGE.az_deg),
        el_deg: pair(MEASURE_RANGE.el_deg),
        rdot_mps: pair(MEASURE_RANGE.rdot_mps),
      },
    },
    rotating: flag,
    self_reported: flag,
    sound_delay: flag,
    falls_off: flag,
    max_range_m: positive(RANGE.maxRangeM),
    range_frac_sd: positive(RANGE.fraction),
    t_sd_s: positive(RANGE.timeSigmaS),
  },
  allOf: [
    ...kinds.map(measuresOf),
    when({ falls_off: { const: true } }, { required: ["max_range_m"] }),
    // One deviation for each measure; without measures there is none.
    ...[1, 2, 3, 4].map((count) => when({ z: array(count), sd: true }, { properties: { sd: array(count) } })),
    when({ kind: { const: "presence" }, sd: true }, { properties: { sd: array(0) } }),
  ],
};

const detection: Schema = {
  title: "One measurement",
  required: ["id", "sensor", "kind"],
  properties: {
    id,
    sensor: id,
    kind: { enum: kinds },
    scan: whole(RANGE.scan),
    t: time,
    t_rx: time,
    z: { type: "array", items: { type: "number", minimum: -1e6, maximum: 1e6 } },
    R: { type: "array" },
    snr_db: number(RANGE.snrDb),
    uid: id,
    vel_enu: { ...array(3), items: number(RANGE.speedMps) },
    t_sd: positive(RANGE.timeSigmaS),
    classes: {
      type: "object",
      maxProperties: MAX_CLASSES,
      properties: Object.fromEntries(OBJECT_CLASSES.map((name) => [name, number(RANGE.probability)])),
    },
    attrs: { type: "object" },
  },
  allOf: kinds.map(valuesOf),
};

const scan: Schema = {
  title: "The end of a scan: the sensor looked",
  required: ["sensor", "scan", "n"],
  properties: { sensor: id, scan: whole(RANGE.scan), n: whole(RANGE.count), t: time, t_end: time, t_rx: time },
};

const scenario: Schema = {
  title: "The head of a scenario; taken from synthetic sources only",
  required: ["name"],
  properties: { name: { type: "string", maxLength: 80 }, epoch: time, duration_s: number(RANGE.timeS) },
};

/**
 * The schema. Beyond it the decoder refuses lines that are too long or nested too deep, intervals the wrong way round, days that a month does
 * not have, matrices that are no covariance, and class probabilities above 1 together.
 */
export const detectionsSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Atalaya detections",
  description: "One line of a stream. Keys that are not named here are passed over.",
  type: "object",
  required: ["type"],
  properties: { type: { enum: ["sensor", "det", "scan", "scenario"] } },
  allOf: [
    when({ type: { const: "sensor" } }, { $ref: "#/$defs/sensor" }),
    when({ type: { const: "det" } }, { $ref: "#/$defs/det" }),
    when({ type: { const: "scan" } }, { $ref: "#/$defs/scan" }),
    when({ type: { const: "scenario" } }, { $ref: "#/$defs/scenario" }),
  ],
  $defs: { sensor, det: detection, scan, scenario },
};
