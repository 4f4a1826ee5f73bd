// An outlet that reaches people over something slow or unsure: what it was asked to say waits in a queue, and what became of it comes back as receipts.
import type { BulletinNotice, BulletinOutside, BulletinOverdue, Channel, Level } from "@atalaya/picture";
import type { Language } from "@atalaya/words";
import { type Carried, defaultQueue, DeliveryQueue, type Job, type QueueSettings } from "./delivery-queue.ts";
import type { SaidBulletin } from "./present-bulletin.ts";
import type { Outlet, OutletHealth, OutletReports, TestOutcome, ToldIntent } from "./outlet.ts";
import { type OutletTimes, realTimes } from "./times.ts";

/** One thing to carry: an intent, words about a bulletin, a bulletin for partners, or the test of the channel (which has none of these). */
export interface Letter extends Job {
  readonly address: string;
  readonly language: Language;
  readonly intent?: ToldIntent | undefined;
  /** About a bulletin, ready to be said; its notice, where a result is waited for. */
  readonly said?: SaidBulletin | undefined;
  readonly notice?: BulletinNotice | undefined;
  /** A bulletin as data, for the system of a partner. */
  readonly outside?: { readonly intent: BulletinOutside; readonly body: Readonly<Record<string, unknown>> } | undefined;
}

/** How bulletins are said by an outlet. */
export interface BulletinSpeech {
  /** Undefined: nothing is known of it any more. */
  readonly to: (notice: BulletinNotice) => SaidBulletin | undefined;
  readonly overdue: (intent: BulletinOverdue) => SaidBulletin;
}
/** For which partners an outlet stands, and what it tells them. */
export interface BulletinShowing {
  readonly partners: readonly string[];
  readonly of: (intent: BulletinOutside) => Readonly<Record<string, unknown>> | undefined;
}

/** What a carrier says by itself, not in answer to a letter. */
export interface CarrierEvents {
  /** The link to the other side stands, or does not. */
  link(up: boolean, reason?: string): void;
  /** What became of something that was taken over under this ticket. */
  receipt(ticket: string, step: "delivered" | "seen" | "failed", reason?: string): void;
  /** A person wrote back. */
  reply(address: string, text: string): void;
}

/** One protocol: how a letter goes over it. */
export interface Carrier {
  start(events: CarrierEvents): Promise<void> | void;
  carry(letter: Letter, signal: AbortSignal): Promise<Carried>;
  /** Tries the link while it is down; absent: the next letter does. */
  probe?(signal: AbortSignal): Promise<boolean>;
  /** Whether a device there can be told to stop sounding. Where not, such an intent only withdraws what waits. */
  readonly cancels?: boolean;
  /** A test that takes another way than a letter would. */
  test?(address: string, language: Language): Promise<TestOutcome>;
  /** A warning changed: for a channel that also speaks to nobody by name. */
  show?(): void;
  stop(): Promise<void>;
}

export interface QueuedSettings {
  readonly name: string;
  readonly channel: Channel;
  readonly carrier: Carrier;
  /** Whether a drill names this channel now. The picture asks that too; a voice that reaches strangers asks again. */
  readonly mayDrill: () => boolean;
  /** Whose answer it is, from the words that came back. */
  readonly reply?: ((address: string, text: string) => void) | undefined;
  /** Told once it opens: whom answers go to. */
  readonly started?: ((reports: OutletReports) => void) | undefined;
  /** Absent: it carries no bulletins to people. */
  readonly bulletins?: BulletinSpeech | undefined;
  /** Absent: it carries none to partners. */
  readonly showing?: BulletinShowing | undefined;
  readonly times?: OutletTimes | undefined;
  readonly queue?: Partial<QueueSettings> | undefined;
}

/** Ids carried out, and tickets waited for; beyond, the oldest is forgotten. */
export const MAX_REMEMBERED = 20_000;
/** Failures in a row after which the channel counts as down. */
const DOWN_AFTER = 3;
/** The link is tried so often while it is down. */
const PROBE_EVERY_MS = 30_000;
/** A call to take cover is of no use after this time: what holds then is said by what came later. */
const NOTIFY_HOLDS_MS = 5 * 60_000;
const OVER_HOLDS_MS = 30 * 60_000;
/** A bulletin is told again by reminders: what could not be carried for so long is not said late. */
const BULLETIN_HOLDS_MS = 6 * 3_600_000;
/** Whatever is said of a danger goes before any of it. */
const BULLETIN_URGENCY = 0.5;

const URGENCY: Readonly<Record<Level, number>> = { warning: 5, caution: 3, advisory: 1 };

/** A map that forgets its oldest member at the limit. */
class Remembered<T> {
  readonly #known = new Map<string, T>();
  get(key: string): T | undefined {
    return this.#known.get(key);
  }
  has(key: string): boolean {
    return this.#known.has(key);
  }
  set(key: string, value: T): void {
    this.#known.delete(key);
    this.#known.set(key, value);
    if (this.#known.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

export class QueuedOutlet implements Outlet {
  readonly name: string;
  readonly channel: Channel;
  readonly show?: () => void;
  readonly tellBulletin?: (notice: BulletinNotice) => void;
  readonly tellOverdue?: (intent: BulletinOverdue) => void;
  readonly showBulletin?: (intent: BulletinOutside) => void;
  readonly #carrier: Carrier;
  readonly #mayDrill: () => boolean;
  readonly #reply: (address: string, text: string) => void;
  readonly #started: (reports: OutletReports) => void;
  readonly #times: OutletTimes;
  readonly #queue: DeliveryQueue<Letter>;
  /** Intents taken on, whatever came of them. */
  readonly #known = new Remembered<true>();
  /** Subjects of which something has gone out. */
  readonly #spoken = new Remembered<true>();
  readonly #tickets = new Remembered<ToldIntent | BulletinNotice>();
  #reports: OutletReports | undefined;
  #state: OutletHealth["state"] = "up";
  #reason: string | undefined;
  #failures = 0;
  #carried = 0;
  #givenUp = 0;
  #lastCarriedMs: number | undefined;
  #probe: (() => void) | undefined;
  #tests = 0;
  readonly #testing = new Map<string, (outcome: TestOutcome) => void>();

  constructor({ name, channel, carrier, mayDrill, reply, started, bulletins, showing, times = realTimes, queue }: QueuedSettings) {
    this.name = name;
    this.channel = channel;
    this.#carrier = carrier;
    if (carrier.show !== undefined) this.show = () => carrier.show?.();
    if (bulletins !== undefined) {
      this.tellBulletin = (notice) => this.#tellBulletin(notice, bulletins);
      this.tellOverdue = (intent) => this.#tellOverdue(intent, bulletins);
    }
    if (showing !== undefined) this.showBulletin = (intent) => this.#showBulletin(intent, showing);
    this.#mayDrill = mayDrill;
    this.#reply = reply ?? (() => undefined);
    this.#started = started ?? (() => undefined);
    this.#times = times;
    this.#queue = new DeliveryQueue<Letter>(
      {
        carry: (letter, signal) => {
          // A device may say that it heard before the broker says that it passed the word on.
          const told = letter.intent ?? letter.notice;
          if (told !== undefined) this.#tickets.set(letter.key, told);
          return carrier.carry(letter, signal);
        },
        taken: (letter, result) => this.#taken(letter, result),
        failed: (letter, reason, noLink, attempt) => this.#failed(letter, reason, noLink, attempt),
        givenUp: (letter, reason) => this.#gaveUp(letter, reason),
      },
      times,
      { ...defaultQueue, ...queue },
    );
  }

  async start(reports: OutletReports): Promise<void> {
    this.#reports = reports;
    this.#started(reports);
    await this.#carrier.start({
      link: (up, reason) => {
        if (up) {
          this.#worked();
          this.#queue.tryNow();
        } else this.#stands("down", reason ?? "no link");
      },
      receipt: (ticket, step, reason) => {
        const told = this.#tickets.get(ticket);
        if (told?.type === "bulletin-notice") this.#reports?.bulletinReceipt(told, step === "seen" ? "delivered" : step, reason);
        else if (told !== undefined) this.#reports?.receipt(told, step, reason);
      },
      reply: (address, text) => this.#reply(address, text),
    });
  }

  async stop(): Promise<void> {
    this.#probe?.();
    this.#probe = undefined;
    await this.#queue.stop();
    for (const settle of this.#testing.values()) settle({ ok: false, detail: "the outlet was closed" });
    this.#testing.clear();
    await this.#carrier.stop();
  }

  tell(intent: ToldIntent): void {
    if (this.#known.has(intent.id)) return;
    this.#known.set(intent.id, true);
    const { warningId, personId, address, language } = intent;
    const about = intent.type === "escalate" ? intent.about : "";
    const subject = JSON.stringify([warningId, personId, address, about]);
    // Whatever was to be said of this before is not said any more: this is newer.
    this.#queue.withdraw(subject);
    const isOver = intent.type === "all-clear" || intent.type === "stand-down" || intent.type === "cancel";
    if (isOver && !this.#isWorthSaying(intent, subject)) return;
    // The end of a drill is told whoever heard of it.
    if (intent.drill && !isOver && !this.#mayDrill()) {
      this.#reports?.receipt(intent, "failed", "the drill does not name this channel");
      return;
    }
    // A report is no danger yet: behind what calls to cover, and worth hearing for longer.
    const isReport = intent.type === "team-report";
    const urgency = isReport
      ? intent.atRisk && intent.change !== "taken-back"
        ? 4
        : 2
      : intent.type === "notify" || intent.type === "repeat"
        ? URGENCY[intent.level]
        : isOver
          ? 2
          : 4;
    const holdsMs = isOver || isReport ? OVER_HOLDS_MS : NOTIFY_HOLDS_MS;
    this.#queue.put({ key: intent.id, subject, urgency, holdsMs, address, language, intent });
  }

  #tellBulletin(notice: BulletinNotice, { to }: BulletinSpeech): void {
    if (this.#known.has(notice.id)) return;
    this.#known.set(notice.id, true);
    const { id: key, bulletinId, personId, address, language, kind, drill } = notice;
    const subject = JSON.stringify(["bulletin", bulletinId, personId, address]);
    this.#queue.withdraw(subject);
    const isOver = kind === "withdrawn" || kind === "expired" || kind === "not-concerned";
    const said = to(notice);
    // The end of a drill is told whoever heard of it.
    if (said === undefined || (drill && !isOver && !this.#mayDrill())) {
      this.#reports?.bulletinReceipt(notice, "failed", said === undefined ? "no such bulletin" : "the drill does not name this channel");
      return;
    }
    this.#queue.put({ key, subject, urgency: BULLETIN_URGENCY, holdsMs: BULLETIN_HOLDS_MS, address, language, said, notice });
  }

  #tellOverdue(intent: BulletinOverdue, { overdue }: BulletinSpeech): void {
    if (this.#known.has(intent.id) || (intent.drill && !this.#mayDrill())) return;
    this.#known.set(intent.id, true);
    const { id: key, address, language } = intent;
    const said = overdue(intent);
    this.#queue.put({ key, subject: key, urgency: BULLETIN_URGENCY, holdsMs: BULLETIN_HOLDS_MS, address, language, said });
  }

  #showBulletin(intent: BulletinOutside, { partners, of }: BulletinShowing): void {
    const subject = JSON.stringify(["bulletin", intent.bulletinId]);
    const key = `${this.name} ${intent.id}`;
    const isTheirs = intent.partners.some((partner) => partners.includes(partner));
    const body = of(intent);
    if (this.#known.has(key) || body === undefined || (!isTheirs && !this.#spoken.has(subject))) return;
    if (intent.drill && intent.change !== "withdrawn" && intent.change !== "expired" && !this.#mayDrill()) return;
    this.#known.set(key, true);
    this.#queue.withdraw(subject);
    // A version that is no longer theirs is over for them, and no word of it is said.
    const { kind, id, bulletinId, number, version, drill } = body;
    const shown = isTheirs ? body : { kind, id, bulletinId, number, version, drill, change: "withdrawn", holds: false };
    const outside = { intent, body: shown };
    this.#queue.put({ key, subject, urgency: BULLETIN_URGENCY, holdsMs: BULLETIN_HOLDS_MS, address: "", language: "en", outside });
  }

  /** Nobody is told of the end of what never reached them, nor woken to hear that they may stop answering. */
  #isWorthSaying(intent: ToldIntent, subject: string): boolean {
    // What is on its way may arrive.
    const spoken = this.#spoken.has(subject) || this.#queue.carries(subject);
    if (intent.type === "cancel") return this.#carrier.cancels === true || (intent.why === "not-concerned" && spoken);
    if (intent.type !== "all-clear" && intent.type !== "stand-down") return true;
    // After a restart it is not known what was said; `quiet` is what the journal knows.
    return spoken || !intent.quiet || this.#carrier.cancels === true;
  }

  async test(address: string, language: Language): Promise<TestOutcome> {
    if (this.#carrier.test !== undefined) return this.#carrier.test(address, language);
    this.#tests += 1;
    const key = `test-${this.#times.nowMs()}-${this.#tests}`;
    // Beside the queue: what people need to hear is not behind it, and it is tried once.
    const abort = new AbortController();
    const outcome = await new Promise<TestOutcome>((resolve) => {
      const callOff = this.#times.after(defaultQueue.attemptMs, () => resolve({ ok: false, detail: "no answer in time" }));
      this.#testing.set(key, resolve);
      void this.#carrier
        .carry({ key, subject: key, urgency: 0, holdsMs: NOTIFY_HOLDS_MS, address, language }, abort.signal)
        .catch((error: unknown): Carried => ({ outcome: "again", reason: error instanceof Error ? error.message : "failed" }))
        .then((result) => {
          callOff();
          resolve(
            result.outcome === "taken"
              ? { ok: true, detail: result.detail ?? "taken over" }
              : { ok: false, detail: result.reason.slice(0, 300) },
          );
          if (result.outcome === "taken") this.#worked();
        });
    });
    this.#testing.delete(key);
    abort.abort();
    return outcome;
  }

  health(): OutletHealth {
    return {
      state: this.#state,
      reason: this.#reason,
      waiting: this.#queue.waiting,
      limit: this.#queue.limit,
      oldestS: this.#queue.oldestMs / 1000,
      carried: this.#carried,
      retries: this.#queue.retries,
      withdrawn: this.#queue.withdrawn,
      givenUp: this.#givenUp,
      lastCarriedMs: this.#lastCarriedMs,
    };
  }

  #taken({ subject, intent, key, notice, outside }: Letter, { ticket }: Extract<Carried, { outcome: "taken" }>): void {
    this.#carried += 1;
    this.#lastCarriedMs = this.#times.nowMs();
    this.#spoken.set(subject, true);
    this.#worked();
    if (notice !== undefined) {
      this.#tickets.set(ticket ?? key, notice);
      this.#reports?.bulletinReceipt(notice, "sent");
    }
    if (outside !== undefined) this.#reports?.bulletinShown(outside.intent, "sent");
    if (intent === undefined) return;
    this.#tickets.set(ticket ?? key, intent);
    this.#reports?.receipt(intent, "sent");
  }

  #failed({ intent, notice }: Letter, reason: string, noLink: boolean, attempt: number): void {
    this.#failures += 1;
    // Whoever depends on it is told another way at once; it is tried on, and may still arrive first.
    if (intent !== undefined && attempt === 1) this.#reports?.receipt(intent, noLink ? "no-link" : "failed", reason.slice(0, 200));
    if (notice !== undefined && attempt === 1) this.#reports?.bulletinReceipt(notice, noLink ? "no-link" : "failed", reason.slice(0, 200));
    this.#stands(this.#failures >= DOWN_AFTER ? "down" : "slow", reason);
  }

  #gaveUp({ intent, notice, outside }: Letter, reason: string): void {
    this.#givenUp += 1;
    if (notice !== undefined) this.#reports?.bulletinReceipt(notice, "failed", reason.slice(0, 200));
    if (outside !== undefined) this.#reports?.bulletinShown(outside.intent, "failed", reason.slice(0, 200));
    if (intent !== undefined) this.#reports?.receipt(intent, "failed", reason.slice(0, 200));
  }

  #worked(): void {
    this.#failures = 0;
    this.#stands("up", undefined);
  }

  #stands(state: OutletHealth["state"], reason: string | undefined): void {
    const short = reason?.slice(0, 200);
    if (state !== "up" && this.#probe === undefined) this.#probe = this.#times.after(PROBE_EVERY_MS, () => void this.#tryLink());
    if (state === "up") {
      this.#probe?.();
      this.#probe = undefined;
    }
    // A reason that changes with each attempt is no news: the first is kept while the state stays.
    if (this.#state === state) return;
    this.#state = state;
    this.#reason = short;
    this.#reports?.state(state, short);
  }

  async #tryLink(): Promise<void> {
    this.#probe = undefined;
    const { probe } = this.#carrier;
    const abort = new AbortController();
    const callOff = this.#times.after(defaultQueue.attemptMs, () => abort.abort());
    const works = probe === undefined ? true : await probe.call(this.#carrier, abort.signal).catch(() => false);
    callOff();
    if (works) {
      // One that cannot be tried is given another chance: nothing would ever go over it else.
      this.#worked();
      this.#queue.tryNow();
    } else this.#probe ??= this.#times.after(PROBE_EVERY_MS, () => void this.#tryLink());
  }
}
