// How much does the tracker's own view of what a track is speak for a kind?
import type { Factor, UnknownTrack } from "./contract.ts";

/**
 * The tracker has weighed how the track moved, and so does this library: of the odds of its shares the square root is taken, so that one piece of evidence is not
 * counted twice in full.
 */
const SHARE_OF_ODDS = 0.5;
/** Keeps a share of nothing from settling the matter, and one kind of evidence within a factor of 10 either way. */
const LEAST_SHARE = 0.05;
const LARGEST = 10;

export function classRatio(classes: UnknownTrack["classes"], kind: "aircraft" | "bird"): readonly Factor[] {
  if (classes === undefined) return [];
  const ratio = ((classes[kind] + LEAST_SHARE) / (classes.drone + LEAST_SHARE)) ** SHARE_OF_ODDS;
  return [{ key: "class", ratio: Math.min(LARGEST, Math.max(1 / LARGEST, ratio)) }];
}
