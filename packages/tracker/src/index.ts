export type { ClassProbabilities } from "./classes.ts";
export type { EstimateStatus, Reason, TrackEstimate } from "./estimates.ts";
export type { PastPosition } from "./history.ts";
export * from "./input.ts";
export { defaultSettings, type TrackerSettings } from "./settings.ts";
export type { SavedTracker } from "./snapshot.ts";
export { type SensorState, Tracker, type TrackerCounts } from "./tracker.ts";
