export type { Conflict } from "./conflicts.ts";
export { type CotBatch, decodeCotBatch, encodeCotBatch } from "./cot/batch.ts";
export { type CotEntryKind, type CotOutcome, type CotPart, type CotSeparation, separateCotBatch } from "./cot/separate.ts";
export type { Cause } from "./danger.ts";
export type { Authorisation, Doubt, Mute } from "./danger/exempt.ts";
export { type Level, LEVELS } from "./danger/level.ts";
export { type DangerRules, defaultRules, type EscalationStep, type SendRight } from "./danger/rules.ts";
export * from "./entry.ts";
export { type SensorErrors, SYSTEM_SENSOR } from "./fusion.ts";
export { FRAME_FORMATS, type FrameFormat, isRemoteIdFormat, sealFrame } from "./frame-format.ts";
export * from "./intent.ts";
export * from "./loop-records.ts";
export {
  bulletinNumber,
  currentVersion,
  type FallenClaim,
  owedBy,
  type PictureBulletin,
  PIECE_ORDER,
  piecesOf,
  pieceText,
  type Reader,
  type TellingKind,
  type Version as BulletinVersionInPicture,
} from "./memo/bulletin.ts";
export { type Change as MemoChangeInPicture, claimNumber, type PictureClaim, type PictureSource, strictest } from "./memo/claim-life.ts";
export { type Block, changedPieces, emptyPiece } from "./memo/drafting.ts";
export type {
  BulletinNotice,
  BulletinOutside,
  BulletinOverdue,
  MemoIntent,
  MemoThing,
} from "./memo/memo-intent.ts";
export type { CarryFor } from "./memo/memo-life.ts";
export {
  type BulletinSettings as BulletinSettingsInPicture,
  KIT_KINDS,
  type Outing,
  type SourceDocument,
} from "./memo/memo-records.ts";
export type { Kit, PictureRemedy, Training } from "./memo/readiness.ts";
export type { DevicePosition, IssuedCertificate, OwnMessage, Pointing } from "./people/devices.ts";
export type { OwnPosition, Person, PlaceBasis } from "./people/roster.ts";
export * from "./picture.ts";
export type { AreaShape, LatLon } from "./place.ts";
export type { Credibility, Reliability } from "./reports/ratings.ts";
export { isOpen, type KnownMedia, type PictureIncident, type PictureReport } from "./reports/report.ts";
export { type DeviceReach, type ReportIntent, wedgeOf } from "./reports/report-life.ts";
export { REPORT_CONTENT_KINDS, type Outcome, type ReportMedia, type ReportSide, type SightingReport } from "./reports/report-records.ts";
export { compassDeg } from "./reports/meaning.ts";
export { defaultSettings, type Settings } from "./settings.ts";
export type { HeardSource, HeardSensor } from "./sensing.ts";
export type { SourceState } from "./source-health.ts";
export type { Finding, FindingCode, HeardBy, HistoryPoint, IdentityClaim, IdentityKind, Measured, Track, TrackStatus } from "./track.ts";
export { type EnteredWind, type Landmark, MAX_ELEMENTS_CHARACTERS, type SuppliedElements, type SuppliedWind } from "./surroundings.ts";
export type { AlarmFigures } from "./warning/alarms.ts";
export type { DrillScope, Holding } from "./warning/ladder.ts";
export {
  type Decision,
  type LadderStep,
  type LadderWay,
  type PathPoint,
  type PersonAnswer,
  type PictureWarning,
  type Reason,
  type Review,
  type Rung,
  type RungStep,
  rungStep,
  type Threat,
  type WhyCode,
} from "./warning/warning.ts";
export type { ChannelState, FloodGroup, StrayAnswer } from "./warning-life.ts";
