// E-mail by SMTP: one message for each thing said, threaded by warning, with a Message-ID that a repetition can be told by.
import { createHash } from "node:crypto";
import { channelTestText, messageText } from "@atalaya/words";
import { createTransport } from "nodemailer";
import type { Carried } from "./delivery-queue.ts";
import { utcOffsetMin } from "./local-time.ts";
import type { Carrier, Letter } from "./queued.ts";

export interface EmailSettings {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: refused where it is not offered; `none`: a relay on this machine or site, without a password. */
  readonly security: "tls" | "starttls" | "none";
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly ca?: string | undefined;
}

const CONNECT_MS = 10_000;
const SILENT_MS = 12_000;
const SUBJECT_CHARACTERS = 120;

export function isEmailAddress(text: string): boolean {
  return text.length <= 200 && /^[^\s<>,;:"()[\]\\@]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text);
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** As a page that needs nothing from anywhere: for readers who take that form. */
function page(lines: readonly string[], link: string | undefined, language: string): string {
  const safe = (text: string): string =>
    text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? "");
  const paragraphs = lines.map((line, k) => (k === 1 ? `<h1 style="font-size:1.4em">${safe(line)}</h1>` : `<p>${safe(line)}</p>`));
  const linked = link === undefined ? "" : `<p><a href="${safe(link)}">${safe(link)}</a></p>`;
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><body style="font-family:sans-serif;max-width:40em">${paragraphs.join("")}${linked}</body></html>`;
}

function wordsOf({ intent, language }: Letter): { readonly text: string; readonly reference: string | undefined } {
  if (intent === undefined) return { text: channelTestText(language), reference: undefined };
  const { message, drill, facingDeg, timeUs, reference } = intent;
  const facing = facingDeg === undefined ? {} : { facingDeg };
  return { text: messageText(message, language, { drill, utcOffsetMin: utcOffsetMin(timeUs), ...facing }), reference };
}

/** What a server's words mean: 5yz is for good, but for who we are and whether we may (RFC 5321 §4.2.1). */
function meaning(error: unknown): Carried {
  const { message, responseCode, code } = error as { message?: string; responseCode?: number; code?: string };
  const reason = (message ?? "failed").replace(/\s+/g, " ").slice(0, 200);
  if (code === "EAUTH" || code === "ETLS") return { outcome: "again", reason, noLink: true };
  if (responseCode !== undefined && responseCode >= 500) return { outcome: "refused", reason };
  return { outcome: "again", reason, noLink: responseCode === undefined };
}

export class EmailCarrier implements Carrier {
  readonly #settings: EmailSettings;
  readonly #transport: ReturnType<typeof createTransport>;

  constructor(settings: EmailSettings) {
    this.#settings = settings;
    const { host, port, security, username, password, ca } = settings;
    this.#transport = createTransport({
      host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: { minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) },
      ...(username === undefined ? {} : { auth: { user: username, pass: password ?? "" } }),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      // Nothing of a message is fetched from anywhere.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  start(): void {
    // Each message has a connection of its own: there is nothing to keep.
  }

  async stop(): Promise<void> {
    this.#transport.close();
  }

  async probe(): Promise<boolean> {
    await this.#transport.verify();
    return true;
  }

  async carry(letter: Letter): Promise<Carried> {
    if (!isEmailAddress(letter.address)) return { outcome: "refused", reason: "not an e-mail address" };
    const { from } = this.#settings;
    const domain = from.slice(from.lastIndexOf("@") + 1);
    const { said } = letter;
    const { text, reference } = said === undefined ? wordsOf(letter) : { text: said.subject, reference: undefined };
    const whole = said === undefined ? undefined : `${said.lines.join("\n\n")}\n${said.link === undefined ? "" : `\n${said.link}\n`}`;
    const warning = letter.intent?.warningId ?? said?.thread;
    const thread = warning === undefined ? undefined : `<${digest(warning)}@${domain}>`;
    try {
      const sent = (await this.#transport.sendMail({
        from: { name: "Atalaya", address: from },
        to: { name: "", address: letter.address },
        subject: `${reference === undefined ? "" : `[${reference}] `}${text}`.slice(0, SUBJECT_CHARACTERS),
        ...(said === undefined ? {} : { html: page(said.lines, said.link, letter.language) }),
        text: whole ?? `${text}\n${reference === undefined ? "" : `\nRef ${reference}\n`}`,
        messageId: `<${digest(letter.key)}@${domain}>`,
        ...(thread === undefined ? {} : { inReplyTo: thread, references: [thread] }),
        ...(letter.intent === undefined ? {} : { priority: "high" as const, date: new Date(letter.intent.timeUs / 1000) }),
        // No machine is to answer (RFC 3834 §5).
        headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      })) as { readonly response?: string };
      return { outcome: "taken", detail: (sent.response ?? "taken by the mail server").slice(0, 200) };
    } catch (error) {
      return meaning(error);
    }
  }
}
