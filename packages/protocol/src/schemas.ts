// What the hub's API says and accepts: one schema per thing, shared by hub, console and command; the OpenAPI document comes from these.
// Angles in degrees, lengths in metres, speeds in metres per second, times as Unix milliseconds of the sector's clock.
import { z } from "zod";
import { BulletinTold, DeviceBulletin, OverdueBulletin } from "./bulletins.ts";
import { Incident, Report } from "./reports.ts";
import { Role } from "./roles.ts";
import { Answer, AreaShape, Channel, latDeg, lonDeg, name, Position, reason, timeMs } from "./terms.ts";
import { TRACK_KINDS } from "./track-stream.ts";
import { Notice, Warning } from "./warnings.ts";

/** How the data of a source came to be; it marks all that follows from it. */
export const Origin = z.enum(["live", "recorded", "synthetic"]);
export type Origin = z.infer<typeof Origin>;

/** What the whole screen is marked as. */
export const Mode = z.enum(["live", "drill", "replay"]);
export type Mode = z.infer<typeof Mode>;

export const SourceKind = z.enum([
  "capture",
  "live-pcap",
  "mqtt",
  "broker",
  "http",
  "tcp",
  "adsb",
  "demo",
  "tak",
  "tak-server",
  "tak-mesh",
]);
export type SourceKind = z.infer<typeof SourceKind>;

/**
 * What a source's messages are: Remote ID as receivers send it, lines of the detection format (docs/integrate-a-sensor.md), aircraft's (ADS-B), or
 * Cursor on Target (docs/tak.md).
 */
export const SourceFormat = z.enum(["remote-id", "detections", "adsb", "cot"]);
export type SourceFormat = z.infer<typeof SourceFormat>;

/** Why a line was refused: a code for machines, the key and what was expected, the section of the document. */
export const LineRefusal = z.object({ code: z.string(), detail: z.string(), clause: z.string() });
export type LineRefusal = z.infer<typeof LineRefusal>;

export const SourceHealth = z.object({
  id: z.string(),
  name,
  kind: SourceKind,
  format: SourceFormat,
  origin: Origin,
  state: z.enum(["starting", "hearing", "silent", "ended", "failed"]),
  /** Why it failed or is silent, in a code that the catalogues word. */
  reason: z.string().optional(),
  position: Position.optional(),
  lastFrameMs: timeMs.optional(),
  framesPerS: z.number(),
  frames: z.number().int(),
  refused: z.number().int(),
  /** Sensor clock minus hub clock, s. */
  clockOffsetS: z.number().optional(),
  /** Of a source of detections: sensors declared, detections taken, the newest refusal of a line. */
  sensors: z.number().int().optional(),
  detections: z.number().int().optional(),
  lastRefusal: LineRefusal.optional(),
  /** Of a receiver of aircraft: messages taken, aircraft heard in the last five minutes, positions left out as too far from the sector. */
  messages: z.number().int().optional(),
  aircraft: z.number().int().optional(),
  outside: z.number().int().optional(),
});
export type SourceHealth = z.infer<typeof SourceHealth>;

export const NewSource = z.object({
  name,
  kind: z.enum(["http", "mqtt", "broker", "tcp", "adsb", "tak-server", "tak-mesh"]),
  /** Absent: detections for tcp and ADS-B for adsb, which take nothing else; Cursor on Target for TAK; Remote ID for the others. */
  format: SourceFormat.optional(),
  /** `synthetic`: all that comes of it is marked DRILL. Such a source never runs beside a real one. Absent: live. */
  origin: z.enum(["live", "synthetic"]).optional(),
  /** mqtt: the broker. adsb: the receiver as HOST:PORT; absent: receivers connect to the hub's ADS-B port. */
  url: z.string().max(500).optional(),
  topic: z.string().max(200).optional(),
  username: z.string().max(100).optional(),
  password: z.string().max(200).optional(),
  /** Of a TAK server: its data package, base64; or its address as `url`, with certificate and key, and whom to trust, as PEM. */
  package: z.base64().max(200_000).optional(),
  certificate: z.string().max(20_000).optional(),
  trusted: z.string().max(20_000).optional(),
  position: Position.optional(),
});
export type NewSource = z.infer<typeof NewSource>;

/**
 * How far a sensor is off, as the tracker found it from objects that other sensors saw too, each with its standard deviation. `pairs` is how many
 * comparisons that rests on; 0: nothing is known yet. What is `beyond` its stated limit is shown and not applied; all else is taken out of its
 * measurements.
 */
export const SensorErrors = z.object({
  rangeBiasM: z.number(),
  rangeBiasSigmaM: z.number(),
  azimuthBiasDeg: z.number(),
  azimuthBiasSigmaDeg: z.number(),
  clockBiasS: z.number(),
  clockBiasSigmaS: z.number(),
  applied: z.boolean(),
  beyond: z.array(z.enum(["range", "azimuth", "clock"])),
  pairs: z.number().int(),
});
export type SensorErrors = z.infer<typeof SensorErrors>;

/** A certificate of the hub's own authority, for a person or a device. */
export const Certificate = z.object({
  serial: z.string(),
  name: z.string(),
  device: z.string().optional(),
  /** Uid of the device in TAK: what it says of itself counts as one of ours from the first. */
  uid: z.string().optional(),
  issuedMs: timeMs,
  expiresMs: timeMs,
  revokedMs: timeMs.optional(),
});
export type Certificate = z.infer<typeof Certificate>;

export const NewCertificate = z.object({
  name,
  device: z.string().trim().max(80).optional(),
  uid: z.string().trim().min(1).max(200).optional(),
  days: z.number().int().min(1).max(1095).optional(),
  /** For which client the package is made. */
  client: z.enum(["atak", "itak"]),
  /** Name or address under which the client reaches the hub. */
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/),
});
export type NewCertificate = z.infer<typeof NewCertificate>;

/** A certificate with its data package; both are shown this once. */
export const Enrolment = z.object({
  certificate: Certificate,
  fileName: z.string(),
  /** The ZIP archive, base64. */
  package: z.string(),
  /** Opens the key stores in the package; the package holds it as well. */
  password: z.string(),
  /** What a QR code has to say for iTAK to connect once the package is in. */
  connect: z.string(),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** The authority's certificate and its list of those taken back, PEM. */
export const Authority = z.object({
  certificate: z.string(),
  revocationList: z.string(),
  names: z.array(z.string()),
  port: z.number().optional(),
});
export type Authority = z.infer<typeof Authority>;

/** A sensor declared in the detection format. */
export const Sensor = z.object({
  source: z.string(),
  id: z.string(),
  kind: z.string(),
  /** Absent where it is a person: where our people stand is not told here. */
  position: Position.optional(),
  detections: z.number().int(),
  scans: z.number().int(),
  /** Detections that did not fit the declaration. */
  refused: z.number().int(),
  /** Detections that counted as of their arrival, since their own time could not be. */
  retimed: z.number().int(),
  lastMs: timeMs.optional(),
  clockOffsetS: z.number().optional(),
  errors: SensorErrors.optional(),
  drill: z.boolean(),
});
export type Sensor = z.infer<typeof Sensor>;

/** What came of a request's lines; `reason` is the newest refusal among them. */
export const LinesTaken = z.object({ taken: z.number().int(), refused: z.number().int(), reason: LineRefusal.optional() });
export type LinesTaken = z.infer<typeof LinesTaken>;

/** A drill that may begin: its source, the key of its lines, the sector's time now, and its middle. */
export const DrillBegun = z.object({ source: z.string(), key: z.string(), timeMs, centre: Position });
export type DrillBegun = z.infer<typeof DrillBegun>;

export const Zone = z.object({
  id: z.string().min(1).max(40),
  name,
  /** A post is a place with people; an area is any other watched ground. */
  kind: z.enum(["post", "area"]),
  shape: AreaShape,
  /** Height above the ellipsoid up to which the zone counts, m; none: all heights. */
  ceilingHaeM: z.number().min(-500).max(20_000).optional(),
});
export type Zone = z.infer<typeof Zone>;

/** A reason against what a broadcast claims; `code` is worded by the catalogues, `values` are its figures. */
export const Finding = z.object({
  code: z.enum([
    "impossible-speed",
    "impossible-climb",
    "impossible-acceleration",
    "impossible-jump",
    "operator-too-far",
    "clock-out-of-order",
    "clock-off",
    "identity-in-two-places",
    "ghost-flood",
    "invalid-serial",
    "malformed-message",
    "value-out-of-range",
    "identity-changed",
    "transmitter-changed",
    "emergency-squawk",
  ]),
  firstMs: timeMs,
  lastMs: timeMs,
  count: z.number().int(),
  values: z.record(z.string(), z.union([z.number(), z.string()])),
});
export type Finding = z.infer<typeof Finding>;

/** What does not fit in a 32-byte record: sent when it changes. */
export const TrackSummary = z.object({
  number: z.number().int(),
  id: z.string(),
  /** What it calls itself: serial number, registration, session id; absent when it says nothing. */
  identity: z.string().optional(),
  uaType: z.number().int().optional(),
  drill: z.boolean(),
  recorded: z.boolean(),
  findings: z.number().int(),
});
export type TrackSummary = z.infer<typeof TrackSummary>;

/** What sensors that measure say of a track; sensors are named `source/sensor`. */
export const Measured = z.object({
  /** Probability that there is such a body, 0 to 1. */
  existence: z.number(),
  /** Probabilities of what it is. */
  classes: z.object({ drone: z.number(), bird: z.number(), aircraft: z.number(), unknown: z.number() }),
  /** 95 % of the horizontal error: half axes, and the azimuth of the longer one, 0 to 180°. */
  ellipse: z.object({ majorM: z.number(), minorM: z.number(), azimuthDeg: z.number() }),
  /** Standard deviation of its height. */
  heightSigmaM: z.number(),
  /** Probabilities of how it flies. */
  manoeuvre: z.object({ steady: z.number(), turn: z.number(), hard: z.number() }),
  /** Share of its detections that another track might have had: from 0.2 on its identity may have been exchanged with a neighbour. */
  ambiguity: z.number(),
  /** Set when it flies so close to others that names mean little: how many they are, itself included, and the tracks among them (at most 50). */
  group: z.object({ count: z.number().int(), tracks: z.array(z.string()) }).optional(),
  /** Sensors that have lately contributed. */
  sensors: z.array(z.string()),
  /** The newest associations, oldest first: how probable that the detection was this track's, and how far it lay from what was expected, σ. */
  associations: z.array(z.object({ sensor: z.string(), timeMs, probability: z.number(), distanceSigma: z.number() })),
});
export type Measured = z.infer<typeof Measured>;

export const TrackDetail = TrackSummary.omit({ findings: true }).extend({
  kind: z.enum(TRACK_KINDS),
  status: z.enum(["tentative", "confirmed", "coasting", "ended"]),
  firstMs: timeMs,
  lastMs: timeMs,
  position: Position,
  /** Heights kept apart by their reference, m. */
  heightHaeM: z.number().optional(),
  heightPressureM: z.number().optional(),
  heightAboveTakeoffM: z.number().optional(),
  heightAboveGroundM: z.number().optional(),
  heightMslM: z.number().optional(),
  courseDeg: z.number().optional(),
  speedMps: z.number().optional(),
  verticalSpeedMps: z.number().optional(),
  errorM: z.number().optional(),
  identities: z.array(
    z.object({
      kind: z.enum(["serial", "registration", "utm", "session", "icao", "callsign", "operator-id", "self-id", "other"]),
      value: z.string(),
      valid: z.boolean().optional(),
      problem: z.string().optional(),
    }),
  ),
  operationalStatus: z.number().int().optional(),
  sources: z.array(
    z.object({
      id: z.string(),
      carrier: z.string(),
      transmitter: z.string().optional(),
      rssiDbm: z.number().optional(),
      lastMs: timeMs,
      frames: z.number().int(),
    }),
  ),
  findings: z.array(Finding),
  /** Absent: only broadcasts speak of it. */
  measured: Measured.optional(),
  /** It is a claim that these sensors contradict: they look at that place and see nothing. */
  unseenBy: z.array(z.string()).optional(),
  unseenSinceMs: timeMs.optional(),
  /** True when an operator position was broadcast and is still kept; it is shown only on request with a purpose. */
  operatorPositionKept: z.boolean(),
  /** Newest last; at most 720 points. */
  history: z.array(z.object({ timeMs, latDeg, lonDeg, heightHaeM: z.number().optional() })),
});
export type TrackDetail = z.infer<typeof TrackDetail>;

/** What became of the detections that sensors sent. */
export const TrackerCounts = z.object({
  detections: z.number().int(),
  /** Too old to be worked in. */
  late: z.number().int(),
  duplicates: z.number().int(),
  /** Not worked in for any other reason: no measurement, of the future, of no known sensor, beyond what one scan may hold. */
  refused: z.number().int(),
  /** Tracks in the tracker, those not yet sure included; those dropped above its limit, never one that was confirmed. */
  tracks: z.number().int(),
  shedTracks: z.number().int(),
});
export type TrackerCounts = z.infer<typeof TrackerCounts>;

export const HubHealth = z.object({
  /** How late the last tick was, s. */
  tickLateS: z.number(),
  journal: z.enum(["ok", "full", "failed"]),
  journalQueue: z.number().int(),
  durableSeq: z.number().int(),
  /** Hub clock minus reference, s, when a reference is known; steps noticed since start. */
  clockOffsetS: z.number().optional(),
  clockSteps: z.number().int(),
  silentSources: z.array(z.string()),
  /** True for some seconds after anything was left out for want of room. */
  overloaded: z.boolean(),
  /** What was left out then: frames, detections beyond what one scan may hold, tracks that were never confirmed. */
  dropping: z.array(z.enum(["frames", "detections", "tracks"])),
  /** Since the journal began; absent before any sensor was declared. */
  tracker: TrackerCounts.optional(),
  /** Manned aircraft that come close to a drone, the closest first: an advisory to officers, and to nobody else. */
  conflicts: z.array(
    z.object({
      aircraft: z.object({ number: z.number().int(), id: z.string(), name: z.string().optional() }),
      drone: z.object({ number: z.number().int(), id: z.string(), name: z.string().optional() }),
      /** Horizontal distance now, and the least to come if both go on as they do, m, and in how many seconds. */
      distanceM: z.number(),
      closestM: z.number(),
      inS: z.number(),
      /** The aircraft above the drone then, m; absent: not known. */
      aboveM: z.number().optional(),
    }),
  ),
  /** Channels to people. `told`: how many of the newest notifications have come; from the frame that decided until the device had them, s. */
  channels: z.array(
    z.object({
      channel: Channel,
      state: z.enum(["up", "slow", "down"]),
      reason: z.string().optional(),
      told: z.number().int().optional(),
      p50S: z.number().optional(),
      p99S: z.number().optional(),
    }),
  ),
});
export type HubHealth = z.infer<typeof HubHealth>;

export const Sector = z.object({ name, mode: Mode, replaySpeed: z.number().optional(), centre: Position, timeZone: z.string() });
export type Sector = z.infer<typeof Sector>;

export const User = z.object({ id: z.string(), name, role: Role });
export type User = z.infer<typeof User>;

/** An account as those know it who choose one for somebody's browser. */
export const AccountName = z.object({ id: z.string(), name });
export type AccountName = z.infer<typeof AccountName>;

export const Credentials = z.object({ name, password: z.string().min(1).max(200) });
export const NewOwner = z.object({ token: z.string().min(20).max(100), name, password: z.string().min(12).max(200) });
export const NewUser = z.object({ name, role: Role.exclude(["field"]), password: z.string().min(12).max(200) });
/** A new password for oneself; every session of the account ends. */
export const NewPassword = z.object({ password: z.string().min(1).max(200), newPassword: z.string().min(12).max(200) });
export const SessionInfo = z.object({ user: User, sector: Sector });
export type SessionInfo = z.infer<typeof SessionInfo>;
export const Acknowledgement = z.object({ note: z.string().trim().max(500).optional() });
export const Clearing = z.object({ reason });
export const OperatorRequest = z.object({ purpose: reason });
export const OperatorPosition = z.object({
  latDeg,
  lonDeg,
  heightHaeM: z.number().optional(),
  locationType: z.enum(["takeoff", "live", "fixed", "unknown"]),
  timeMs,
});
export type OperatorPosition = z.infer<typeof OperatorPosition>;

/** Every refusal of the API: a code for machines, what to do in words. */
export const ApiRefusal = z.object({ code: z.string(), message: z.string() });
export type ApiRefusal = z.infer<typeof ApiRefusal>;

/** JSON messages of the browser stream, hub to browser; tracks travel as binary frames beside them. */
export const StreamMessage = z.discriminatedUnion("type", [
  /**
   * Everything but the tracks, which follow as a full binary frame: the first message of a connection, and again for a browser that was behind or
   * asked for a resync, at most once a second.
   */
  z.object({
    type: z.literal("hello"),
    protocol: z.literal(1),
    timeMs,
    sector: Sector,
    user: User,
    tracks: z.array(TrackSummary),
    zones: z.array(Zone),
    warnings: z.array(Warning),
    sources: z.array(SourceHealth),
    health: HubHealth,
  }),
  z.object({ type: z.literal("tracks"), timeMs, changed: z.array(TrackSummary) }),
  z.object({ type: z.literal("zones"), timeMs, zones: z.array(Zone) }),
  /** A warning whole, whenever anything of it changes; never coalesced away. */
  z.object({ type: z.literal("warning"), timeMs, warning: Warning }),
  /** To officers: a report as it now stands, with its incident, whenever anything of it changes. Never dropped. */
  z.object({ type: z.literal("report"), timeMs, change: z.enum(["received", "changed", "reminder"]), report: Report, incident: Incident }),
  /** To a device of a person in danger: something to be told. Never dropped. */
  z.object({ type: z.literal("notice"), timeMs, notice: Notice }),
  /** To a device of a person in danger, after each hello: what holds now, and what has ended lately. */
  z.object({ type: z.literal("notices"), timeMs, notices: z.array(Notice) }),
  /** The answer of a device is on disk. */
  z.object({ type: z.literal("answered"), timeMs, warningId: z.string(), personId: z.string(), answer: Answer }),
  /** To a browser of a person of ours, after each hello: the bulletins in force for them, and those that ended and were not yet seen to. */
  z.object({ type: z.literal("bulletins"), timeMs, bulletins: z.array(DeviceBulletin) }),
  /** To a browser of a person of ours: a bulletin as it now stands for them, and why it comes. Never dropped, never an alarm. */
  z.object({ type: z.literal("bulletin"), timeMs, why: BulletinTold, bulletin: DeviceBulletin }),
  /** To supervisors: who has become overdue with a bulletin. */
  z.object({ type: z.literal("overdue"), timeMs, overdue: OverdueBulletin }),
  /** To officers and analysts: something of this kind has changed, to be read again; at most once a second of a kind. */
  z.object({ type: z.literal("memo-changed"), timeMs, what: z.array(z.enum(["sources", "claims", "bulletins", "readiness"])) }),
  z.object({ type: z.literal("sources"), timeMs, sources: z.array(SourceHealth) }),
  /** At least once a second: the heartbeat that keeps the picture from being called stale. */
  z.object({ type: z.literal("health"), timeMs, health: HubHealth, sector: Sector }),
]);
export type StreamMessage = z.infer<typeof StreamMessage>;

/** Browser to hub. */
export const ClientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("resync") }),
  z.object({ type: z.literal("alive"), tick: z.number().int() }),
  /** A notice has come to a device of the person, or was seen there. */
  z.object({
    type: z.literal("receipt"),
    id: z.string().min(1).max(400),
    warningId: z.string().min(1).max(200),
    personId: z.string().min(1).max(100),
    step: z.enum(["delivered", "seen"]),
  }),
  /** A bulletin as of this version, or, `ended`, that it is over for this person, has come to a device of theirs. */
  z.object({
    type: z.literal("bulletin-receipt"),
    bulletinId: z.string().min(1).max(64),
    version: z.number().int().min(1),
    personId: z.string().min(1).max(100),
    ended: z.boolean(),
  }),
  /** The person's answer, also to a warning that the hub has forgotten. */
  z.object({ type: z.literal("answer"), warningId: z.string().min(1).max(200), personId: z.string().min(1).max(100), answer: Answer }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
