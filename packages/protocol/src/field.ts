// What a device in the field says and hears: joining, the shift, the heartbeat, and the messages of its stream.
import { z } from "zod";
import { BulletinTold, DeviceBulletin, OverdueBulletin } from "./bulletins.ts";
import { MyReport } from "./reports.ts";
import { Answer, Language, latDeg, lonDeg, timeMs } from "./terms.ts";

/** POST /join → the session cookie. Codes are made per person, are good once and for a limited time. */
export const JoinRequest = z.strictObject({
  code: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}$/, "eight letters and digits"),
  /** What the owner of the phone calls it, for the list of devices. */
  device: z.string().trim().min(1).max(80),
});
export type JoinRequest = z.infer<typeof JoinRequest>;

/** The answer of POST /people/:id/join-code; shown once, as text and as a QR code of `link`. */
export const JoinCode = z.object({ code: z.string(), link: z.string(), expiresMs: timeMs });
export type JoinCode = z.infer<typeof JoinCode>;

/** GET /field-door: under which addresses a phone of the network reaches the hub, and what it has to trust for that. */
export const FieldDoor = z.object({
  /** `https://NAME:PORT`; none: the hub is to be reached from its own machine only. */
  addresses: z.array(z.string()),
  /** SHA-256 of the certificate of the hub's own authority, to be compared by eye; absent: a phone trusts the hub already. */
  fingerprint: z.string().optional(),
});
export type FieldDoor = z.infer<typeof FieldDoor>;

/** One device of a person: GET /people/:id/devices; DELETE /people/:id/devices/:device revokes it. */
export const Device = z.object({ id: z.string(), name: z.string(), joinedMs: timeMs, usedMs: timeMs });
export type Device = z.infer<typeof Device>;

/** What a device can do now. A missing ability is said with what it costs. */
export const DeviceCan = z.strictObject({
  sound: z.boolean(),
  vibrate: z.boolean(),
  wakeLock: z.boolean(),
  compass: z.boolean(),
  position: z.boolean(),
  notifications: z.boolean(),
  /** The app is the one on the screen. */
  visible: z.boolean(),
});
export type DeviceCan = z.infer<typeof DeviceCan>;

export const DeviceReach = z.enum(["up", "limited", "cut-off"]);
export type DeviceReach = z.infer<typeof DeviceReach>;

/** PUT /device/shift. Beginning and end are kept; so is what the device could not do at its beginning. */
export const DeviceShift = z.strictObject({ on: z.boolean(), can: DeviceCan });
export type DeviceShift = z.infer<typeof DeviceShift>;

/**
 * POST /device/heartbeat, every `heartbeatEveryS` while on shift. Three missed: cut off, and the centre sees it. The position is kept for a day at
 * most, and only while on shift.
 */
export const Heartbeat = z.strictObject({
  sentMs: timeMs,
  can: DeviceCan,
  position: z
    .strictObject({
      latDeg,
      lonDeg,
      errorM: z.number().min(0).max(50_000),
      measuredMs: timeMs,
      facingDeg: z.number().min(0).max(360).optional(),
    })
    .optional(),
  /** Reports and media that wait on the device. */
  queued: z.number().int().min(0).max(10_000),
  batteryPercent: z.number().min(0).max(100).optional(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
export const HeartbeatAnswer = z.object({ timeMs, onShift: z.boolean() });

/** Places that a device may name without a network: posts and landmarks of the sector. */
export const KnownPlace = z.object({
  id: z.string(),
  name: z.string(),
  /** The Spanish name, where there is another. */
  nameEs: z.string().optional(),
  kind: z.enum(["post", "landmark"]),
  latDeg,
  lonDeg,
  errorM: z.number(),
});
export type KnownPlace = z.infer<typeof KnownPlace>;

/** GET /device: who this device speaks for, and what it needs offline. */
export const DeviceInfo = z.object({
  person: z.object({ id: z.string(), name: z.string(), language: Language, team: z.string(), leader: z.boolean() }),
  onShift: z.boolean(),
  sector: z.object({
    name: z.string(),
    mode: z.enum(["live", "drill", "replay"]),
    centre: z.object({ latDeg, lonDeg }),
    timeZone: z.string(),
  }),
  timeMs,
  heartbeatEveryS: z.number(),
  places: z.array(KnownPlace),
});
export type DeviceInfo = z.infer<typeof DeviceInfo>;

/** One's own reliability, for oneself alone. */
export const OwnReliability = z.object({ reliability: z.enum(["A", "B", "C", "D", "E", "F"]), reports: z.number().int() });

/** POST /device/answers: the same answer as over the stream, for a device that was cut off when it was given. Sent again, it is one. */
export const DeviceAnswer = z.strictObject({
  id: z.string().min(8).max(64),
  warningId: z.string().min(1).max(200),
  answer: Answer,
});
export type DeviceAnswer = z.infer<typeof DeviceAnswer>;

/** For a leader's device: a report of the team. */
export const TeamReport = z.object({
  id: z.string(),
  reference: z.string(),
  reporter: z.string(),
  observedMs: timeMs,
  receivedMs: timeMs,
  atRisk: z.boolean(),
  drill: z.boolean(),
  /** Direction from the reporter, and the place that was named. */
  azimuthDeg: z.number().optional(),
  place: z.string().optional(),
  /** 0: the first time it is told; from 1 on, a reminder. */
  reminder: z.number().int(),
  openedMs: timeMs.optional(),
  /** Its reporter no longer stands by it. */
  takenBackMs: timeMs.optional(),
});
export type TeamReport = z.infer<typeof TeamReport>;

/**
 * JSON messages of a device's stream beside those about warnings (`notice`, `notices`, `answered`), which are the same for every browser of a person.
 * A session of the role `field` gets no tracks, no zones and nobody else's warnings.
 */
export const FieldMessage = z.discriminatedUnion("type", [
  /** The first message of a connection. */
  z.object({
    type: z.literal("device-hello"),
    protocol: z.literal(1),
    timeMs,
    device: DeviceInfo,
    reports: z.array(MyReport),
    team: z.array(TeamReport),
  }),
  /** A report of one's own as it now stands, whenever anything of it changes. */
  z.object({ type: z.literal("my-report"), timeMs, report: MyReport }),
  /** A report of the team, on a leader's device: at once, and again as a reminder. */
  z.object({ type: z.literal("team-report"), timeMs, report: TeamReport }),
  /** After the hello: the bulletins in force for this person, and those that ended and were not yet seen to. */
  z.object({ type: z.literal("bulletins"), timeMs, bulletins: z.array(DeviceBulletin) }),
  /** A bulletin as it now stands for this person, and why it comes. No alarm. `state`: only what is owed or known of it has changed. */
  z.object({ type: z.literal("bulletin"), timeMs, why: BulletinTold, bulletin: DeviceBulletin }),
  /** On a leader's device: who of the team has become overdue with a bulletin. */
  z.object({ type: z.literal("overdue"), timeMs, overdue: OverdueBulletin }),
  /** What the person carries is asked differently now, or something was arranged: GET /device/kit. */
  z.object({ type: z.literal("kit-changed"), timeMs }),
  /** At least once a second: without it for three seconds the device cannot warn, and says so. */
  z.object({ type: z.literal("pulse"), timeMs, mode: z.enum(["live", "drill", "replay"]) }),
]);
export type FieldMessage = z.infer<typeof FieldMessage>;
