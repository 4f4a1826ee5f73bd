// What can be said to a person: a key, and the figures that its sentence needs. Directions and distances are from the reader to the drone.

export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A danger at one of the three levels. */
export interface DangerMessage {
  readonly key: "warning" | "caution" | "advisory";
  /** Direction of the drone from the reader, ° from true north; absent: not known. */
  readonly azimuthDeg?: number;
  /** Horizontal distance, m; absent: not known. */
  readonly distanceM?: number;
  /** Seconds until it can be there; absent: it is not known to approach. */
  readonly reachesInS?: number;
  /** Drones flying together; absent: one. */
  readonly count?: number;
  /** It moves away from the reader. */
  readonly leaving?: boolean;
  /** Set once the drone is not heard any more: when it last was, Unix µs. */
  readonly lastHeardUs?: number;
}

/** To a team leader: somebody of the team reports something. Its direction is from the reporter. */
export interface TeamReportMessage {
  readonly key: "team-report";
  readonly name: string;
  readonly atRisk: boolean;
  readonly azimuthDeg?: number;
  /** The place that the reporter named; never coordinates. */
  readonly place?: string;
  /** It was told before, and nobody has opened it. */
  readonly reminder: boolean;
}

export type Message =
  | DangerMessage
  | { readonly key: "fallen"; readonly azimuthDeg?: number; readonly distanceM?: number }
  | { readonly key: "all-clear"; readonly place?: string; readonly lastHeardUs: number; readonly leavingDeg?: number }
  /** The danger goes on, but not for this reader. */
  | { readonly key: "not-concerned"; readonly why: "left" | "off-shift" | "drill-paused" | "withdrawn"; readonly lastHeardUs: number }
  | {
      readonly key: "stand-down";
      readonly what: "own-drone" | "authorised-drone" | "aircraft" | "bird" | "nothing" | "sensor-fault";
      readonly name?: string;
    }
  /** To a team leader or an officer: somebody has not answered, cannot be reached, or needs help. */
  | { readonly key: "unanswered"; readonly why: "no-answer" | "no-link" | "need-help"; readonly name: string }
  | TeamReportMessage
  /** To a team leader who was told of a report: its reporter no longer stands by it. */
  | { readonly key: "report-taken-back"; readonly name: string };

export type MessageKey = Message["key"];
