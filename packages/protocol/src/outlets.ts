// Outlets that people set up: SMS, e-mail, MQTT, webhooks, CAP; how they stand, and how they are tried.
import { z } from "zod";
import { Channel, Language, name, timeMs, WarningLevel } from "./terms.ts";

const host = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$|^::1$/);
const port = z.number().int().min(1).max(65_535);
/** Certificates (PEM) to trust, instead of the machine's. */
const ca = z
  .string()
  .max(64 * 1024)
  .optional();
const secret = z.string().min(1).max(200);
const folder = z.string().regex(/^\/[^\0]{1,400}$/);
const topic = z
  .string()
  .regex(/^[^+#\0\s/]+(\/[^+#\0\s/]+)*$/)
  .max(100);
const id = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/);

export const OutletKind = z.enum(["smpp", "sms-spool", "email", "mqtt", "webhook", "cap"]);
export type OutletKind = z.infer<typeof OutletKind>;

/** A siren or a light. A person's way by MQTT may name its id. */
export const MqttDevice = z.object({
  id,
  name,
  kind: z.enum(["siren", "light"]),
  /** Absent: every zone. */
  zones: z.array(z.string().min(1).max(100)).max(100).optional(),
  level: WarningLevel.default("warning"),
  /** How long a siren sounds for one danger, s. */
  forS: z.number().int().min(5).max(3600).default(120),
  commandTopic: topic.optional(),
  stateTopic: topic.optional(),
  on: z.string().min(1).max(100).optional(),
  off: z.string().min(1).max(100).optional(),
});
export type MqttDevice = z.infer<typeof MqttDevice>;

/** Organisations that read what goes there, by the names that audiences and markings of bulletins have. */
const partners = z.array(z.string().trim().min(1).max(80)).max(40).default([]);
const Target = z.object({ url: z.string().max(500), ca });

export const NewOutlet = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("smpp"),
    name,
    host,
    port,
    systemId: z.string().min(1).max(15),
    password: z.string().max(8),
    systemType: z.string().max(12).default(""),
    from: z
      .string()
      .trim()
      .regex(/^\+?\d{2,20}$|^[A-Za-z0-9 ]{1,11}$/),
    tls: z.boolean(),
    ca,
  }),
  z.object({ kind: z.literal("sms-spool"), name, outbox: folder, sent: folder, error: folder, inbox: folder }),
  z.object({
    kind: z.literal("email"),
    name,
    host,
    port,
    security: z.enum(["tls", "starttls", "none"]),
    username: z.string().min(1).max(200).optional(),
    password: secret.optional(),
    from: z.string().trim().max(200),
    ca,
  }),
  z.object({
    kind: z.literal("mqtt"),
    name,
    url: z.string().max(500),
    username: z.string().min(1).max(100).optional(),
    password: secret.optional(),
    ca,
    base: topic.default("atalaya"),
    /** Home Assistant's discovery prefix; empty: nothing is described to it. */
    discovery: z.union([topic, z.literal("")]).default("homeassistant"),
    devices: z.array(MqttDevice).max(50).default([]),
    partners,
  }),
  z.object({ kind: z.literal("webhook"), name, ...Target.shape, partners }),
  z.object({
    kind: z.literal("cap"),
    name,
    sender: z.string().trim().max(200),
    senderName: name,
    contact: z.string().trim().max(200).optional(),
    scope: z.enum(["Restricted", "Private"]),
    restriction: z.string().trim().min(1).max(500).optional(),
    addresses: z.array(z.string().trim().min(1).max(100)).max(50).optional(),
    level: WarningLevel.default("caution"),
    push: z.array(Target).max(5).default([]),
    partners,
  }),
]);
export type NewOutlet = z.infer<typeof NewOutlet>;

/** Shown once. `secret`: what signs what a webhook or a push of CAP sends; `key`: with which a system reads the CAP feed. */
export const OutletMade = z.object({ id: z.string(), secret: z.string().optional(), key: z.string().optional() });
export type OutletMade = z.infer<typeof OutletMade>;

export const OutletHealth = z.object({
  state: z.enum(["up", "slow", "down"]),
  reason: z.string().optional(),
  waiting: z.number().int(),
  limit: z.number().int(),
  oldestS: z.number(),
  carried: z.number().int(),
  retries: z.number().int(),
  withdrawn: z.number().int(),
  givenUp: z.number().int(),
  lastCarriedMs: timeMs.optional(),
  /** Devices and networks that are there now, where the other side comes to the hub. */
  connected: z.number().int().optional(),
});
export type OutletHealth = z.infer<typeof OutletHealth>;

export const Outlet = z.object({
  id: z.string(),
  name,
  /** `tak` is the hub's own: it is there without being set up. */
  kind: z.enum([...OutletKind.options, "tak"]),
  /** The channel of people's ways that it serves; absent: it speaks to nobody by name. */
  channel: Channel.optional(),
  /** Where it sends to, for people. */
  to: z.string(),
  /** Absent: it is set up and not open in this run (a replay reaches nobody). */
  health: OutletHealth.optional(),
});
export type Outlet = z.infer<typeof Outlet>;

/** An officer tries addresses of our own people; the owner any. `cap` takes none. */
export const OutletTest = z.object({ address: z.string().trim().max(200).default(""), language: Language.default("en") });
export type OutletTest = z.infer<typeof OutletTest>;
export const OutletTested = z.object({ ok: z.boolean(), detail: z.string() });
export type OutletTested = z.infer<typeof OutletTested>;

/** Who changed where the hub sends to, and when; without any secret. */
export const OutletChange = z.object({
  timeMs,
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  to: z.string(),
  change: z.enum(["added", "removed"]),
  by: z.string(),
});
export type OutletChange = z.infer<typeof OutletChange>;
