// Short messages through the folders of gammu-smsd (its "files" service): a file in the outbox is a message, where it is moved to says what became of it.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Carried } from "../delivery-queue.ts";
import type { Carrier, CarrierEvents, Letter } from "../queued.ts";
import { numberPlan } from "./pdu.ts";
import { isUrgent, smsOf } from "./short-message.ts";

export interface SpoolSettings {
  readonly outbox: string;
  readonly sent: string;
  readonly error: string;
  readonly inbox: string;
}

const LOOK_EVERY_MS = 250;
const INBOX_EVERY_MS = 1000;
/** Replies taken in at one look; more come with the next. */
const MAX_REPLIES = 100;
const MAX_REPLY_BYTES = 4096;
/** A file that was written this short a time ago may not be whole. */
const SETTLED_MS = 300;

/** One who waits for a modem waits longer than for a network. */
export const SPOOL_ATTEMPT_MS = 90_000;

const INBOX_NAME = /^IN\d{8}_\d{6}_\d+_(\+?\d{3,20})_\d+\.txt$/;

/** UTF-16 with its mark, as the daemon writes by default; else UTF-8. */
function textIn(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  return bytes.toString("utf8");
}

const filesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

export class SpoolCarrier implements Carrier {
  readonly #settings: SpoolSettings;
  #events: CarrierEvents | undefined;
  #looking: NodeJS.Timeout | undefined;
  #pass: Promise<void> | undefined;

  constructor(settings: SpoolSettings) {
    this.#settings = settings;
  }

  async start(events: CarrierEvents): Promise<void> {
    this.#events = events;
    // A folder that is not there is a daemon that is not set up: said at once, not at the first danger.
    for (const folder of Object.values(this.#settings) as string[])
      if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder`);
    await mkdir(this.#pending, { recursive: true });
    this.#looking = setInterval(() => {
      this.#pass ??= this.#takeReplies().finally(() => {
        this.#pass = undefined;
      });
    }, INBOX_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    await this.#pass;
  }

  /** Beside the messages, on the same file system, so that a rename is atomic; the daemon takes only what begins with OUT. */
  get #pending(): string {
    return join(this.#settings.outbox, ".atalaya");
  }

  async probe(): Promise<boolean> {
    // Nothing lies there untaken: the daemon works, or there is nothing to do.
    return (await filesIn(this.#settings.outbox)).every((name) => !name.startsWith("OUT"));
  }

  async carry(letter: Letter, signal: AbortSignal): Promise<Carried> {
    const { ton, address } = numberPlan(letter.address);
    if (ton === 5 || address.length < 3 || address.length > 20) return { outcome: "refused", reason: "not a telephone number" };
    const { outbox } = this.#settings;
    const note = createHash("sha256").update(letter.key).digest("hex").slice(0, 16);
    const known = await this.#fate(note);
    if (known !== undefined) return known;
    const [date = "", time = ""] = new Date().toISOString().replace(/[-:]/g, "").split(/[T.]/);
    const name = `OUT${isUrgent(letter) ? "A" : "M"}${date}_${time}_00_${ton === 1 ? "+" : ""}${address}_${note}.txt`;
    if (!(await filesIn(outbox)).some((other) => other.endsWith(`_${note}.txt`))) {
      const draft = join(this.#pending, name);
      await writeFile(draft, smsOf(letter));
      await rename(draft, join(outbox, name));
    }
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      const fate = await this.#fate(note);
      if (fate !== undefined) return fate;
      const lies = (await filesIn(outbox)).filter((other) => other.endsWith(`_${note}.txt`));
      if (lies.length === 0) {
        // Between two looks it may have been moved.
        return (await this.#fate(note)) ?? { outcome: "again", reason: "the message vanished from the outbox" };
      }
      if (signal.aborted) {
        // Taken back: a daemon that wakes up tomorrow must not call anybody to cover.
        for (const other of lies) await rm(join(outbox, other), { force: true });
        return { outcome: "again", reason: "the SMS daemon does not take it", noLink: true };
      }
    }
  }

  async #fate(note: string): Promise<Carried | undefined> {
    const { sent, error } = this.#settings;
    const isIt = (name: string): boolean => name.includes(`_${note}.`);
    if ((await filesIn(sent)).some(isIt)) return { outcome: "taken", detail: "sent by the modem" };
    const failed = (await filesIn(error)).filter(isIt);
    if (failed.length === 0) return undefined;
    // Cleared away, so that the next attempt is one.
    for (const name of failed) await rm(join(error, name), { force: true });
    return { outcome: "again", reason: "the modem could not send it" };
  }

  async #takeReplies(): Promise<void> {
    const { inbox } = this.#settings;
    const names = (await filesIn(inbox)).filter((name) => INBOX_NAME.test(name)).sort();
    for (const name of names.slice(0, MAX_REPLIES)) {
      const path = join(inbox, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || Date.now() - found.mtimeMs < SETTLED_MS) continue;
      const text = found.size > MAX_REPLY_BYTES ? "" : textIn(await readFile(path).catch(() => Buffer.alloc(0)));
      await rm(path, { force: true });
      this.#events?.reply(INBOX_NAME.exec(name)?.[1] ?? "", text);
    }
  }
}
