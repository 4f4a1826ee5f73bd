// What one person is told in TAK, on the device that is theirs and on no other, and what they write back: an answer to the warning that it belongs to.
import { createHash } from "node:crypto";
import type { CotEvent } from "@atalaya/cot";
import type { BulletinNotice, BulletinOverdue, LatLon, OwnMessage, PersonIntent, Picture } from "@atalaya/picture";
import {
  answerKeptText,
  askText,
  channelTestText,
  confirmationKeptText,
  type Language,
  messageText,
  type Reply,
  readReply,
} from "@atalaya/words";
import { takeConfirmation } from "./confirmations.ts";
import type { OutletHealth, OutletReports, TestOutcome, ToldIntent } from "./outlet.ts";
import { overdueSaid, saidTo } from "./present-bulletin.ts";
import type { TakLinks } from "../sources/tak/links.ts";
import { Outgoing } from "../sources/tak/outgoing.ts";
import type { ChatDevice, TakEvents } from "./tak-events.ts";

/** How long a device that is tried may take to say that it has the message. */
const TRIED_MS = 5000;
/** Messages of ours whose receipts are waited for, and ids that were announced; beyond, the oldest is forgotten. */
const MAX_REMEMBERED = 20_000;

type Step = "sent" | "delivered" | "seen" | "failed" | "no-link";
/** Something that was said to a device, and who wants to know what became of it. */
interface Told {
  readonly address: string;
  readonly report: (step: Step, reason?: string) => void;
}

/** The id of a message in TAK: the same for the same intent, however often it is told, and saying nothing of whom it is for (RFC 9562 §5.5). */
export function messageIdOf(intentId: string): string {
  const hex = createHash("sha1").update(`urn:atalaya:intent:${intentId}`).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The words of an intent; undefined where there is nothing to say: a device that sounds no more cannot be told so by another sound. */
export function wordsOf(intent: ToldIntent): string | undefined {
  const { type, message, language, facingDeg, drill, reference } = intent;
  if (type === "cancel" || ((type === "all-clear" || type === "stand-down") && intent.quiet)) return undefined;
  const text = messageText(message, language, { drill, ...(facingDeg === undefined ? {} : { facingDeg }) });
  const asks = (type === "notify" || type === "repeat") && intent.level !== "advisory";
  return `${text} ${asks ? `${askText(language)} ` : ""}Ref ${reference}`;
}

/** Which warning, and for whom, a reply means: the one whose reference it names, else the newest that asks, else the newest. */
export function meantBy(
  picture: Pick<Picture, "holdingFor">,
  uid: string,
  text: string,
): { readonly reply: Reply; readonly intent: PersonIntent | undefined } {
  // Newest last.
  const held = picture.holdingFor("tak", uid).toReversed();
  const reply = readReply(
    text,
    held.map(({ intent }) => intent.reference),
  );
  const { reference } = reply;
  const named = reference === undefined ? undefined : held.find(({ intent }) => intent.reference === reference);
  const asking = held.find(({ intent: { type }, answer }) => answer === undefined && (type === "notify" || type === "repeat"));
  return { reply, intent: (named ?? asking ?? held[0])?.intent };
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

export interface PeopleParts {
  readonly picture: () => Picture;
  readonly links: TakLinks;
  readonly events: TakEvents;
  readonly centre: () => LatLon;
  readonly now: () => number;
}

export class TakPeople {
  readonly #parts: PeopleParts;
  #reports: OutletReports | undefined;
  /** Intents by the id that their message has in TAK, as far as they went out. */
  readonly #told = new Map<string, Told>();
  readonly #came = new Set<string>();
  /** Messages that try a device, by their id. */
  readonly #tried = new Map<string, { readonly uid: string; readonly done: (outcome: TestOutcome) => void }>();
  #tests = 0;
  /** When messages that wait in a connection were handed to it, ms. */
  readonly #waiting = new Map<string, number>();
  #carried = 0;
  #givenUp = 0;
  #lastCarriedMs: number | undefined;

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  start(reports: OutletReports): void {
    this.#reports = reports;
    this.#parts.picture().devices.takeFresh();
    // At the next tick: by then its position, and with it its name, is known.
    this.#parts.links.arrived = (uid) => this.#came.add(uid);
  }
  stop(): void {
    this.#parts.links.arrived = () => undefined;
  }

  #device(uid: string): ChatDevice {
    return { uid, callsign: this.#parts.picture().devices.position(uid)?.callsign ?? uid };
  }

  /** Says it to the device whose uid the intent has for an address. An id that was announced there already is not announced again. */
  tell(intent: ToldIntent): void {
    const text = wordsOf(intent);
    const messageId = messageIdOf(intent.id);
    if (text === undefined || this.#told.has(messageId)) return;
    const { address, drill } = intent;
    this.#say(messageId, text, drill, { address, report: (step, reason) => this.#reports?.receipt(intent, step, reason) }, true);
  }

  /** A bulletin, or a word about one: as a chat, without an alarm. */
  tellBulletin(notice: BulletinNotice): void {
    const { address, drill, id, bulletinId, personId, version, language } = notice;
    const messageId = messageIdOf(id);
    if (this.#told.has(messageId)) return;
    const said = saidTo(this.#parts.picture(), notice);
    if (said === undefined) {
      this.#reports?.bulletinReceipt(notice, "failed", "no such bulletin");
      return;
    }
    const report = (step: Step, reason?: string): void => {
      this.#reports?.bulletinReceipt(notice, step === "seen" ? "delivered" : step, reason);
      // The device says that its message was read.
      if (step !== "seen" || (notice.kind !== "new" && notice.kind !== "changed" && notice.kind !== "reminder")) return;
      const atUs = this.#parts.picture().timeUs;
      this.#reports?.bulletinEvent({ bulletinId, personId, version, step: "opened", atUs, how: "tak", language }).catch(() => undefined);
    };
    this.#say(messageId, said.lines.join(" "), drill, { address, report }, false);
  }

  /** A leader hears who of the team is overdue. */
  tellOverdue(intent: BulletinOverdue): void {
    const messageId = messageIdOf(intent.id);
    if (this.#told.has(messageId)) return;
    const { lines } = overdueSaid(this.#parts.picture(), intent);
    this.#say(messageId, lines.join(" "), intent.drill, { address: intent.address, report: () => undefined }, false);
  }

  #say(messageId: string, text: string, drill: boolean, told: Told, urgent: boolean): void {
    const { links, events, centre, now } = this.#parts;
    const said = { messageId, text, place: centre(), drill, to: this.#device(told.address) };
    const outgoing = new Outgoing(messageId, events.chat(said, now()), urgent);
    outgoing.sent = () => {
      // By several networks it goes out several times.
      if (this.#waiting.delete(messageId)) this.#carried += 1;
      this.#lastCarriedMs = now();
      told.report("sent");
    };
    outgoing.unsent = () => {
      if (this.#waiting.delete(messageId)) this.#givenUp += 1;
      // It may come back, and is to be told then.
      this.#told.delete(messageId);
      told.report("failed", "gone");
    };
    remember(this.#told, messageId, told);
    remember(this.#waiting, messageId, now());
    if (links.tell(told.address, outgoing)) return;
    this.#waiting.delete(messageId);
    this.#givenUp += 1;
    this.#told.delete(messageId);
    told.report("no-link", "not connected");
  }

  /** How the messages to people stand. */
  health(): Omit<OutletHealth, "state"> {
    const [oldestMs] = this.#waiting.values();
    return {
      waiting: this.#waiting.size,
      limit: MAX_REMEMBERED,
      oldestS: oldestMs === undefined ? 0 : Math.max(0, (this.#parts.now() - oldestMs) / 1000),
      carried: this.#carried,
      retries: 0,
      withdrawn: 0,
      givenUp: this.#givenUp,
      ...(this.#lastCarriedMs === undefined ? {} : { lastCarriedMs: this.#lastCarriedMs }),
    };
  }

  /** A device has come, or come back: it gets what holds, unless it has it. */
  #arrived(uid: string): void {
    for (const { intent, answer } of this.#parts.picture().holdingFor("tak", uid)) if (answer === undefined) this.tell(intent);
  }

  /** To be called every tick: what people wrote, and that messages have arrived. */
  tick(): void {
    for (const uid of this.#came) this.#arrived(uid);
    this.#came.clear();
    for (const message of this.#parts.picture().devices.takeFresh()) {
      const { kind, uid, certificate } = message;
      // A network of others says any uid: an answer that silences an alarm has to come from the device itself.
      if (uid === undefined || !this.#parts.links.speaksFor(certificate, uid)) continue;
      if (kind === "chat") this.#wrote(uid, message);
      else if (kind === "delivered" || kind === "read") this.#arrivedAt(uid, message);
    }
  }

  /** Says to a device that the channel is tried, and waits a while for it to say that it has that. */
  try(uid: string, language: Language): Promise<TestOutcome> {
    const { links, events, centre, now } = this.#parts;
    this.#tests += 1;
    const messageId = messageIdOf(`test/${uid}/${now()}/${this.#tests}`);
    const said = { messageId, text: channelTestText(language), place: centre(), drill: false, to: this.#device(uid) };
    const outgoing = new Outgoing(messageId, events.chat(said, now()), true);
    return new Promise((resolve) => {
      let detail = "waits: the device does not read";
      let ok = false;
      const done = (outcome: TestOutcome): void => {
        clearTimeout(late);
        this.#tried.delete(messageId);
        resolve(outcome);
      };
      const late = setTimeout(() => done({ ok, detail }), TRIED_MS);
      outgoing.sent = () => {
        ok = true;
        detail = "sent; the device has not said that it has it";
      };
      outgoing.unsent = () => done({ ok: false, detail: "the device has gone" });
      this.#tried.set(messageId, { uid, done });
      if (!links.tell(uid, outgoing)) done({ ok: false, detail: "the device is not connected" });
    });
  }

  #arrivedAt(uid: string, { kind, messageId }: OwnMessage): void {
    const tried = this.#tried.get(messageId);
    if (tried?.uid === uid) tried.done({ ok: true, detail: "the device has it" });
    const told = this.#told.get(messageId);
    if (told?.address === uid) told.report(kind === "read" ? "seen" : "delivered");
  }

  #wrote(uid: string, { text, messageId, drill }: OwnMessage): void {
    const picture = this.#parts.picture();
    const { reply, intent } = meantBy(picture, uid, text);
    const { answer } = reply;
    // Whoever writes has the device in hand.
    if (intent !== undefined) this.#reports?.receipt(intent, "seen");
    if (answer === undefined) {
      const confirmed =
        this.#reports === undefined ? undefined : takeConfirmation(picture, this.#reports, "tak", picture.reachedBy("tak", uid), text);
      confirmed?.kept.then(
        () => {
          const { number, personId, drill: ofDrill } = confirmed;
          const language = picture.person(personId)?.definition.language ?? "es";
          this.#confirm(uid, messageId, confirmationKeptText(number, language), ofDrill);
        },
        () => undefined,
      );
    }
    // What is said when nothing is asked is a conversation, but a call for help is never that.
    if (answer === undefined || (intent === undefined && answer !== "need-help")) return;
    const personId = intent?.personId ?? picture.reachedBy("tak", uid)[0];
    if (personId === undefined) return;
    const warningId = intent?.warningId ?? "tak:unknown";
    this.#reports?.answer({ warningId, personId, answer, channel: "tak", address: uid }).then(
      () =>
        this.#confirm(
          uid,
          messageId,
          answerKeptText(answer, picture.person(personId)?.definition.language ?? "es"),
          intent?.drill ?? drill,
        ),
      // What is not on disk is not confirmed: the person goes on being asked.
      () => undefined,
    );
  }

  #confirm(uid: string, messageId: string, text: string, drill: boolean): void {
    const { links, events, centre, now } = this.#parts;
    const to = this.#device(uid);
    const say = (key: string, event: CotEvent): unknown => links.tell(uid, new Outgoing(key, event, true));
    say(`read ${messageId}`, events.read(messageId, centre(), to, now()));
    const kept = messageIdOf(`kept/${uid}/${messageId}`);
    say(kept, events.chat({ messageId: kept, text, place: centre(), drill, to }, now()));
  }
}
