// Reports, tracks and surroundings that the tests start from.
import assert from "node:assert/strict";
import { pointSeenAt } from "@atalaya/geodesy";
import {
  type Check,
  type Context,
  type Explanation,
  explain,
  type Finding,
  type Fix,
  type LookAlikeKind,
  type Refused,
  type Sighting,
  type UnknownTrack,
} from "../src/index.ts";

export const POST = { latDeg: 31.7619, lonDeg: -106.485, heightHaeM: 1140, sigmaM: 10 };
/** Before sunrise on 25 November 2026: the Sun at −12°, Venus at 118.6°, 23.8° with magnitude −4.9, Spica 3° beside it. */
export const BEFORE_DAWN = Date.UTC(2026, 10, 25, 12, 45);
export const NOON = Date.UTC(2026, 10, 25, 19, 0);
export const VENUS = { azimuthDeg: 118.601, elevationDeg: 23.83 };

export function sighting(changes: Partial<Sighting> = {}): Sighting {
  return {
    what: "sighting",
    observer: POST,
    timeUnixMs: BEFORE_DAWN,
    timeSigmaMs: 3000,
    azimuth: { how: "measured", deg: VENUS.azimuthDeg, sigmaDeg: 8 },
    elevation: { how: "measured", deg: VENUS.elevationDeg, sigmaDeg: 5 },
    ...changes,
  };
}

export function explained(question: Sighting | UnknownTrack, context: Context = {}): Explanation {
  const answer = explain(question, context);
  assert.ok(!("refused" in answer), JSON.stringify(answer));
  return answer;
}

export function refusedAs(answer: Explanation | Refused): string {
  assert.ok("refused" in answer);
  return answer.refused.code;
}

export function found({ findings }: Explanation, kind: LookAlikeKind, subject?: string): Finding | undefined {
  return findings.find((finding) => finding.kind === kind && (subject === undefined || finding.subject === subject));
}

export function checkOf({ checks }: Explanation, kind: LookAlikeKind): Check {
  return checks.find((check) => check.kind === kind)!;
}

export function factor(finding: Finding | undefined, key: Finding["factors"][number]["key"]): number {
  return finding!.factors.find((one) => one.key === key)!.ratio;
}

/** Fixes of something that goes straight, level and steadily: seen from the post at `azimuthDeg`, `elevationDeg`, `rangeM` at the moment `unixMs`. */
export function straight(options: {
  readonly unixMs: number;
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  readonly rangeM: number;
  readonly courseDeg: number;
  readonly speedMps: number;
  readonly fromS?: number;
  readonly toS?: number;
  readonly stepS?: number;
  readonly sigmaM?: number;
}): readonly Fix[] {
  const { unixMs, courseDeg, speedMps, fromS = -20, toS = 20, stepS = 5, sigmaM = 10 } = options;
  const middle = pointSeenAt(POST, { azimuthDeg: options.azimuthDeg, elevationDeg: options.elevationDeg, slantRangeM: options.rangeM });
  const fixes: Fix[] = [];
  for (let s = fromS; s <= toS; s += stepS) {
    const azimuthDeg = s < 0 ? courseDeg + 180 : courseDeg;
    const { latDeg, lonDeg } = pointSeenAt(middle, { azimuthDeg, elevationDeg: 0, slantRangeM: Math.abs(s) * speedMps });
    fixes.push({ timeUnixMs: unixMs + s * 1000, latDeg, lonDeg, heightHaeM: middle.heightHaeM, sigmaM, heightSigmaM: sigmaM });
  }
  return fixes;
}
