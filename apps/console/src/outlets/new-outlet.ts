// What each kind of outlet asks for, and the settings that its form makes.
import type { MqttDevice, NewOutlet, OutletKind, WarningLevel } from "@atalaya/protocol";

export interface DeviceDraft {
  readonly id: string;
  readonly name: string;
  readonly kind: MqttDevice["kind"];
  /** Empty: every zone. */
  readonly zone: string;
  readonly level: WarningLevel;
  readonly forS: string;
}
export const EMPTY_DEVICE: DeviceDraft = { id: "", name: "", kind: "siren", zone: "", level: "warning", forS: "120" };

type FieldName =
  | "name"
  | "host"
  | "port"
  | "systemId"
  | "password"
  | "systemType"
  | "from"
  | "tls"
  | "ca"
  | "outbox"
  | "sent"
  | "error"
  | "inbox"
  | "security"
  | "username"
  | "url"
  | "base"
  | "discovery"
  | "sender"
  | "senderName"
  | "contact"
  | "scope"
  | "restriction"
  | "addresses"
  | "level"
  | "push"
  | "partners";

export interface OutletField {
  readonly name: FieldName;
  readonly type: "text" | "number" | "secret" | "tick" | "lines" | "pem" | "security" | "scope" | "level";
  readonly required?: true;
  readonly first?: string;
  readonly most?: number;
}

const NAME: OutletField = { name: "name", type: "text", required: true, most: 80 };
const CA: OutletField = { name: "ca", type: "pem" };
/** Bulletins for these organisations outside go there. */
const PARTNERS: OutletField = { name: "partners", type: "lines" };
const folder = (name: FieldName): OutletField => ({ name, type: "text", required: true, first: `/var/spool/gammu/${name}`, most: 400 });

export const KINDS = ["sms-spool", "smpp", "email", "mqtt", "webhook", "cap"] as const satisfies readonly OutletKind[];

export const FIELDS: Readonly<Record<OutletKind, readonly OutletField[]>> = {
  smpp: [
    NAME,
    { name: "host", type: "text", required: true, most: 253 },
    { name: "port", type: "number", required: true, first: "2775" },
    { name: "systemId", type: "text", required: true, most: 15 },
    { name: "password", type: "secret", most: 8 },
    { name: "systemType", type: "text", most: 12 },
    { name: "from", type: "text", required: true, first: "ATALAYA", most: 20 },
    { name: "tls", type: "tick" },
    CA,
  ],
  "sms-spool": [NAME, folder("outbox"), folder("sent"), folder("error"), folder("inbox")],
  email: [
    NAME,
    { name: "host", type: "text", required: true, most: 253 },
    { name: "port", type: "number", required: true, first: "465" },
    { name: "security", type: "security" },
    { name: "username", type: "text", most: 200 },
    { name: "password", type: "secret", most: 200 },
    { name: "from", type: "text", required: true, most: 200 },
    CA,
  ],
  mqtt: [
    NAME,
    { name: "url", type: "text", required: true, first: "mqtt://127.0.0.1:1883", most: 500 },
    { name: "username", type: "text", most: 100 },
    { name: "password", type: "secret", most: 200 },
    { name: "base", type: "text", required: true, first: "atalaya", most: 100 },
    { name: "discovery", type: "text", first: "homeassistant", most: 100 },
    PARTNERS,
    CA,
  ],
  webhook: [NAME, { name: "url", type: "text", required: true, first: "https://", most: 500 }, PARTNERS, CA],
  cap: [
    NAME,
    { name: "sender", type: "text", required: true, most: 200 },
    { name: "senderName", type: "text", required: true, most: 80 },
    { name: "contact", type: "text", most: 200 },
    { name: "scope", type: "scope" },
    { name: "restriction", type: "text", most: 500 },
    { name: "addresses", type: "lines" },
    { name: "level", type: "level", first: "caution" },
    { name: "push", type: "lines" },
    PARTNERS,
  ],
};

/** The settings that the hub takes; what was left empty is left out. */
export function settingsOf(kind: OutletKind, form: FormData, devices: readonly DeviceDraft[]): NewOutlet {
  const settings: Record<string, unknown> = { kind };
  for (const { name, type } of FIELDS[kind]) {
    const text = String(form.get(name) ?? "").trim();
    if (type === "tick") settings[name] = form.has(name);
    else if (type === "number") settings[name] = Number(text);
    else if (type === "lines") {
      const lines = text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
      if (lines.length > 0) settings[name] = name === "push" ? lines.map((url) => ({ url })) : lines;
    }
    // SMPP has passwords of no letters; Home Assistant's prefix is left out by saying that it is empty.
    else if (text !== "" || (kind === "smpp" && name === "password") || name === "discovery") settings[name] = text;
  }
  if (kind === "mqtt")
    settings["devices"] = devices.map(({ id, name, kind: what, zone, level, forS }) => ({
      id,
      name,
      kind: what,
      level,
      forS: Number(forS),
      ...(zone === "" ? {} : { zones: [zone] }),
    }));
  return settings as unknown as NewOutlet;
}
