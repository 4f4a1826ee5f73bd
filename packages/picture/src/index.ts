export type { Level } from "./danger.ts";
export * from "./entry.ts";
export * from "./intent.ts";
export * from "./picture.ts";
export { defaultSettings, type Settings } from "./settings.ts";
export type { SourceState } from "./source-health.ts";
export type { Finding, FindingCode, HeardBy, HistoryPoint, IdentityClaim, IdentityKind, Track, TrackStatus } from "./track.ts";
export type { PictureWarning, Reason, WhyCode } from "./warning-life.ts";
