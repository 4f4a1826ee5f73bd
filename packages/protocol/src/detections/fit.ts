// Whether a detection is one of the sensor that was declared: what a line alone cannot tell.
import { CLAUSE } from "./fields.ts";
import { type DeclaredSensor, type LineRefusal, MEASURE_RANGE, type RefusalCode, type SensedDetection } from "./line.ts";

function refuse(code: RefusalCode, detail: string): LineRefusal {
  return { code, detail, clause: CLAUSE.detection };
}

/** Undefined: it fits. Checks kind, number and range of the values, and that their error is known from the detection or the declaration. */
export function fitDeclaration(sensor: DeclaredSensor, detection: SensedDetection): LineRefusal | undefined {
  const { measures, sigma, kind, rangeFractionSigma } = sensor;
  const { z, variance } = detection;
  if (detection.kind !== kind) return refuse("kind-mismatch", `kind: the sensor is declared as ${kind}`);
  if (z.length !== measures.length)
    return refuse(z.length > measures.length ? "too-many-values" : "wrong-count", `z: ${measures.length}, as declared`);
  for (let k = 0; k < measures.length; k += 1) {
    const measure = measures[k];
    const value = z[k];
    if (measure === undefined || value === undefined) continue;
    const [low, high] = MEASURE_RANGE[measure];
    if (value < low || value > high) return refuse("outside-range", `z: ${measure} ${low} to ${high}, not ${value}`);
    if (variance !== undefined || sigma[k] !== undefined) continue;
    if (measure === "range_m" && rangeFractionSigma !== undefined) continue;
    return refuse("no-variance", `R: needed, since the declaration has no sd of ${measure}`);
  }
  return undefined;
}
