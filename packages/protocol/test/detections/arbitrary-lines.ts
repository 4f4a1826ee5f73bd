// Arbitrary things that the format can say, for property tests.
import {
  type DeclaredSensor,
  type Interval,
  KINDS,
  MEASURE_RANGE,
  type Measure,
  OBJECT_CLASSES,
  RANGE,
  type SensedDetection,
  type SensedScan,
  type SensorKind,
} from "@atalaya/protocol/detections";
import fc from "fast-check";

const number = ([min, max]: Interval): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const positive = ([, max]: Interval): fc.Arbitrary<number> => fc.double({ min: max * 1e-6, max, noNaN: true });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const id = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => Array.from(text).length <= 64);
const interval = (range: Interval): fc.Arbitrary<Interval> =>
  fc.tuple(number(range), number(range)).map(([a, b]): Interval => [Math.min(a, b), Math.max(a, b)]);
export const sensorKind: fc.Arbitrary<SensorKind> = fc.constantFrom(...(Object.keys(KINDS) as SensorKind[]));

function measuresOf(kind: SensorKind): fc.Arbitrary<readonly Measure[]> {
  const { needs, may, fix } = KINDS[kind] as { needs: readonly Measure[]; may: readonly Measure[]; fix: boolean };
  if (fix) return fc.boolean().map((more) => (more ? [...needs, ...may] : needs));
  return fc.subarray([...may]).chain((more) => fc.shuffledSubarray([...needs, ...more], { minLength: needs.length + more.length }));
}

export const declaredSensor: fc.Arbitrary<DeclaredSensor> = sensorKind.chain((kind) =>
  measuresOf(kind).chain((measures) =>
    fc.record({
      id,
      kind: fc.constant(kind),
      latDeg: number([-90, 90]),
      lonDeg: number([-180, 180]),
      haeM: number(MEASURE_RANGE.alt_m),
      measures: fc.constant(measures),
      sigma: fc.tuple(...measures.map(() => maybe(positive(RANGE.sigma)))),
      periodS: maybe(positive(RANGE.periodS)),
      pd: maybe(number(RANGE.probability)),
      falseAlarmsPerScan: maybe(number(RANGE.falseAlarms)),
      fov: maybe(
        fc.record({
          rangeM: maybe(interval(MEASURE_RANGE.range_m)),
          azDeg: maybe(fc.tuple(number(MEASURE_RANGE.az_deg), number(MEASURE_RANGE.az_deg))),
          elDeg: maybe(interval(MEASURE_RANGE.el_deg)),
          rangeRateMps: maybe(interval(MEASURE_RANGE.rdot_mps)),
        }),
      ),
      maxRangeM: positive(RANGE.maxRangeM),
      fallsOff: maybe(fc.boolean()),
      soundDelay: maybe(fc.boolean()),
      rotating: maybe(fc.boolean()),
      selfReported: maybe(fc.boolean()),
      rangeFractionSigma: maybe(positive(RANGE.fraction)),
      timeSigmaS: maybe(positive(RANGE.timeSigmaS)),
    }),
  ),
);

/** A covariance from its Cholesky factor, so that it is one. */
const covariance: fc.Arbitrary<readonly number[]> = fc
  .tuple(...[1, 1, 1].map(() => fc.double({ min: 0.5, max: 50, noNaN: true })), ...[1, 1, 1].map(() => fc.integer({ min: -5, max: 5 })))
  .map(([a = 1, b = 1, c = 1, d = 0, e = 0, f = 0]) => {
    const [xy, xz, yz] = [a * d, a * e, d * e + b * f];
    return [a * a, xy, xz, xy, d * d + b * b, yz, xz, yz, e * e + f * f + c * c];
  });

export const sensedDetection: fc.Arbitrary<SensedDetection> = sensorKind.chain((kind) =>
  measuresOf(kind).chain((measures) => {
    const fix = measures[0] === "lat_deg";
    const variance = fc.tuple(...measures.map(() => positive(RANGE.variance)));
    return fc
      .record({
        id,
        sensor: id,
        kind: fc.constant(kind),
        scan: maybe(fc.maxSafeNat()),
        timeS: number([-1e9, 1e10]),
        z: fc.tuple(...measures.map((measure) => number(MEASURE_RANGE[measure]))),
        errors: maybe(fix && measures.length === 3 ? fc.oneof(variance, covariance) : variance),
        identity: kind === "systemTrack" ? id : maybe(id),
        velocityEnuMps: maybe(fc.tuple(number([-300, 300]), number([-300, 300]), number([-300, 300]))),
        timeSigmaS: maybe(positive(RANGE.timeSigmaS)),
        snrDb: maybe(number(RANGE.snrDb)),
        classes: maybe(fc.dictionary(fc.constantFrom(...OBJECT_CLASSES), number([0, 0.25]))),
      })
      .map(({ errors, classes, ...rest }): SensedDetection => {
        const matrix = errors?.length === 9 ? errors : undefined;
        const [xx = 0, , , , yy = 0, , , , zz = 0] = matrix ?? [];
        return {
          ...rest,
          variance: matrix === undefined ? (errors?.length === 0 ? undefined : errors) : [xx, yy, zz],
          covarianceEnuM2: matrix,
          // In the format's own order, as the decoder gives them.
          classes:
            classes && Object.fromEntries(OBJECT_CLASSES.flatMap((name) => (classes[name] === undefined ? [] : [[name, classes[name]]]))),
        };
      });
  }),
);

export const sensedScan: fc.Arbitrary<SensedScan> = fc.record({
  sensor: id,
  scan: fc.maxSafeNat(),
  count: fc.integer({ min: 0, max: 1_000_000 }),
  timeS: fc.constant(5),
  endTimeS: number([5, 1e9]),
});
