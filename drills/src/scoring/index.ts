export type * from "../lines.ts";
export {
  decodeTrackLine,
  decodeTruthLine,
  isRefused,
  type Refused,
  readTruth,
  type ScoreRefusal,
  TrackTable,
  type Truth,
} from "./reading.ts";
export { type Score, type ScoreOptions, score, scoreLines } from "./score.ts";
