// What does the head of a scenario ask for: at which instants, how near an estimate must be to count, and about which place?
import { OBJECT_CLASSES, type ObjectClass } from "@atalaya/tracker";

export interface Head {
  readonly reference: { readonly latDeg: number; readonly lonDeg: number };
  readonly toleranceM: number;
  readonly horizontalOnly: boolean;
  /** Classes that are scored; none: all. */
  readonly classes: readonly ObjectClass[];
  /** The k-th scoring instant, s; undefined beyond the end. */
  instantS(k: number): number | undefined;
}

export const noHead = 'The first line must be the head of a scenario: {"type":"scenario", "ref", "duration_s", "score", …}';

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numberOf(object: unknown, key: string): number {
  const value = isObject(object) ? object[key] : undefined;
  return typeof value === "number" ? value : Number.NaN;
}

/** Instants of one run at most: a day at 10 Hz. */
const MAX_INSTANTS = 864_000;

export function headOf(text: string): Head | { readonly refused: string } {
  let head: unknown;
  try {
    head = JSON.parse(text);
  } catch {
    return { refused: noHead };
  }
  if (!isObject(head) || head["type"] !== "scenario") return { refused: noHead };
  const { ref, score } = head;
  const latDeg = numberOf(ref, "lat");
  const lonDeg = numberOf(ref, "lon");
  const durationS = numberOf(head, "duration_s");
  const firstS = numberOf(score, "t0");
  const stepS = numberOf(score, "dt");
  const toleranceM = numberOf(score, "gospa_c_m");
  if (!(Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 360)) return { refused: "ref: lat and lon in degrees are needed" };
  if (!(durationS >= 0 && Number.isFinite(firstS) && stepS > 0))
    return { refused: "duration_s, score.t0 and score.dt in seconds are needed" };
  const count = Math.floor((durationS - firstS) / stepS + 1e-9) + 1;
  if (count > MAX_INSTANTS) return { refused: `${count} scoring instants; at most ${MAX_INSTANTS}` };
  return {
    reference: { latDeg, lonDeg },
    toleranceM: toleranceM > 0 ? toleranceM : 50,
    horizontalOnly: numberOf(score, "dim") === 2,
    classes:
      isObject(score) && Array.isArray(score["classes"])
        ? OBJECT_CLASSES.filter((name) => (score["classes"] as unknown[]).includes(name))
        : [],
    // Rounded to the millisecond, as times stand in the lines.
    instantS: (k) => (k < count ? Math.round((firstS + k * stepS) * 1000) / 1000 : undefined),
  };
}
