// A track as the picture holds it: what one emitter has said of itself, as plain data, so that a snapshot is the data itself.
import type { TrackEstimate } from "@atalaya/tracker";
import type { TrackNumber } from "./intent.ts";

export type FindingCode =
  | "impossible-speed"
  | "impossible-climb"
  | "impossible-acceleration"
  | "impossible-jump"
  | "operator-too-far"
  | "clock-out-of-order"
  | "clock-off"
  | "identity-in-two-places"
  | "ghost-flood"
  | "invalid-serial"
  | "malformed-message"
  | "value-out-of-range"
  | "identity-changed"
  | "transmitter-changed"
  | "emergency-squawk";

/** A reason against what is claimed. `values` are the figures that it rests on, the newest ones. */
export interface Finding {
  readonly code: FindingCode;
  readonly firstUs: number;
  lastUs: number;
  count: number;
  values: Readonly<Record<string, number | string>>;
}

export type IdentityKind = "serial" | "registration" | "utm" | "session" | "icao" | "callsign" | "operator-id" | "self-id" | "other";

export interface IdentityClaim {
  readonly kind: IdentityKind;
  readonly value: string;
  /** Whether the form is what its standard asks for; unknown where there is nothing to check. */
  readonly valid?: boolean;
  readonly problem?: string;
}

export interface HeardBy {
  readonly id: string;
  readonly carrier: string;
  readonly transmitter?: string;
  rssiDbm?: number;
  /** Seconds after the hour in the newest Location message heard this way. */
  messageClockS?: number;
  lastUs: number;
  frames: number;
}

/** What sensors that measure say of a track: the tracker's estimate, in the units of the screen. */
export interface Measured {
  /** The tracker's name for the body. */
  label: number;
  /** Probability that there is such a body. */
  existence: number;
  classes: { readonly drone: number; readonly bird: number; readonly aircraft: number; readonly unknown: number };
  /** 95 % of the horizontal error: half axes, m, and the azimuth of the longer one, 0 to 180°. */
  ellipse: { readonly majorM: number; readonly minorM: number; readonly azimuthDeg: number };
  heightSigmaM: number;
  /** Standard deviation of each horizontal component of the velocity, m/s. */
  speedSigmaMps: number;
  /** Probabilities of steady flight, a turn, a hard manoeuvre. */
  manoeuvre: readonly [number, number, number];
  /** Share of its detections that another track might have had. */
  ambiguity: number;
  group?: { readonly id: string; readonly count: number };
  /** Sensors that have lately contributed, as `source/sensor`. */
  sensors: readonly string[];
  /** Newest associations, oldest first. */
  reasons: TrackEstimate["reasons"];
}

export type TrackStatus = "tentative" | "confirmed" | "coasting" | "ended";

export interface HistoryPoint {
  readonly timeUs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM?: number;
}

export interface Track {
  readonly number: TrackNumber;
  /** `T-` and the number in Crockford's base 32; `D-` for a drill. */
  readonly id: string;
  readonly drill: boolean;
  readonly recorded: boolean;
  status: TrackStatus;
  readonly firstUs: number;
  /** Time of the newest position. */
  lastUs: number;
  /** Time it was last heard at all. */
  heardUs: number;
  positions: number;
  latDeg: number;
  lonDeg: number;
  heightHaeM?: number;
  heightPressureM?: number;
  heightAboveTakeoffM?: number;
  heightAboveGroundM?: number;
  heightMslM?: number;
  courseDeg?: number;
  speedMps?: number;
  verticalSpeedMps?: number;
  /** Course and speed are computed from positions, because none were broadcast. */
  velocityDerived?: true;
  /** 95 % horizontal error that it claims for itself. */
  errorM?: number;
  /** Set while sensors measure it: position and velocity are then the tracker's. */
  measured?: Measured;
  /** What it most probably is, once that is likely enough; absent: unknown. */
  kind?: "manned" | "bird";
  /** What flew where it began: it counts as that until its own evidence says otherwise. */
  takenFor?: "bird";
  /** What it is by its own transponder. It holds after the transponder falls silent: an aircraft does not turn into a drone. */
  selfKind?: "manned" | "unmanned";
  /** It is only a broadcast claim, and these sensors look at that place and see nothing. */
  unseenBy?: readonly string[];
  unseenSinceUs?: number;
  uaType?: number;
  operationalStatus?: number;
  identities: IdentityClaim[];
  heardBy: HeardBy[];
  findings: Finding[];
  /** Entry whose sealed part holds the newest operator position. The position itself is not here. */
  operatorSeq?: number;
  /** Which of the positions in that sealed part is this track's: one frame may speak of several aircraft. */
  operatorIndex?: number;
  /** Transmitters bound to it, oldest first. */
  emitters: string[];
  history: HistoryPoint[];
  /** Raised with each change, for those who send changes only. Not part of a snapshot's meaning, yet the same in every replay. */
  revision: number;
  /** True while a warning stands because of it. */
  danger: boolean;
  /** It stands for somebody's word that they are at risk: that report. */
  report?: string;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Short name of a track. */
export function trackId(number: number, drill: boolean): string {
  let rest = number;
  let text = "";
  do {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return `${drill ? "D" : "T"}-${text.padStart(4, "0")}`;
}

/** Adds a finding or renews the one of the same code. At the limit the rarest stays away: what is known already is kept. */
export function note(
  track: Track,
  code: FindingCode,
  timeUs: number,
  values: Readonly<Record<string, number | string>>,
  limit: number,
): void {
  const known = track.findings.find((finding) => finding.code === code);
  if (known !== undefined) {
    known.lastUs = timeUs;
    known.count += 1;
    known.values = values;
  } else if (track.findings.length < limit) track.findings.push({ code, firstUs: timeUs, lastUs: timeUs, count: 1, values });
}
