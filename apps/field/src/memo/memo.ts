// Bulletins and the carry list on this phone: kept so that they can be read without a network, and what the person does with them goes to the outbox.
import {
  type BulletinEvent,
  type BulletinTold,
  type ClientMessage,
  type DeviceBulletin,
  type DeviceKit,
  type FieldMessage,
  type Kept,
  type OverdueBulletin,
  paths,
} from "@atalaya/protocol";
import { soundAttention } from "@atalaya/web/sound";
import { newId } from "../link/hub.ts";
import { isWaiting, type Item } from "../queue/items.ts";
import type { Hub, NewItem } from "../queue/outbox.ts";
import { hubNow, useField } from "../state.ts";
import { calendarDay } from "../words/words.ts";
import { isAloud, looked, type Seen, withAnnounced, withDone, withNews } from "./bulletins.ts";
import { type Answered, answersOf, datesOf, type Draft, isTold, NO_DRAFT, type Row, rowsOf, toldBy, withAnswer, withRest } from "./kit.ts";

/** As many as the hub says at once. */
const MAX_BULLETINS = 50;
/** After a change of the list all phones ask for it: not all in the same moment. */
const KIT_SPREAD_MS = 2000;

export interface Around {
  readonly hub: Hub;
  /** Resolves when it lies on the phone's disk, or cannot. */
  readonly keep: (name: string, value: unknown) => Promise<void>;
  /** Resolves when it would survive the end of the program. */
  readonly kept: <T>(name: string) => Promise<T | undefined>;
  readonly add: (item: NewItem) => Promise<boolean>;
  readonly forget: (isDone: (item: Item) => boolean) => void;
  readonly say: (message: ClientMessage) => boolean;
}

const { getState, setState: set } = useField;

export class Memo {
  readonly #around: Around;
  #announced: readonly string[] = [];
  #dates: Readonly<Record<string, string>> = {};
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  /** What is kept of somebody under these names, and goes when they leave this phone. */
  static readonly names: readonly string[] = [
    "bulletins",
    "bulletinsSeen",
    "bulletinsAnnounced",
    "overdue",
    "kit",
    "kitDraft",
    "kitDates",
    "aboutMe",
  ];

  async begin(): Promise<void> {
    const { kept } = this.#around;
    this.#announced = (await kept<readonly string[]>("bulletinsAnnounced")) ?? [];
    this.#dates = (await kept<Readonly<Record<string, string>>>("kitDates")) ?? {};
    set({
      bulletins: (await kept<readonly DeviceBulletin[]>("bulletins")) ?? [],
      bulletinsSeen: (await kept<Seen>("bulletinsSeen")) ?? {},
      overdue: (await kept<readonly OverdueBulletin[]>("overdue")) ?? [],
      kit: await kept<DeviceKit>("kit"),
      kitDraft: (await kept<Draft>("kitDraft")) ?? NO_DRAFT,
      kitDates: this.#dates,
      aboutMe: await kept<Kept>("aboutMe"),
    });
  }

  /** Somebody else has the phone now. */
  forget(): void {
    this.#announced = [];
    this.#dates = {};
    set({ bulletins: [], bulletinsSeen: {}, overdue: [], kit: undefined, kitDraft: NO_DRAFT, kitDates: {}, aboutMe: undefined });
  }

  // Bulletins

  heard(message: Extract<FieldMessage, { readonly type: "bulletins" | "bulletin" | "overdue" | "kit-changed" }>): void {
    switch (message.type) {
      case "bulletins":
        this.#hold(message.bulletins, message.bulletins, "held");
        break;
      case "bulletin":
        this.#hold(withNews(getState().bulletins, message.bulletin, MAX_BULLETINS), [message.bulletin], message.why);
        break;
      case "overdue":
        // It names those who have just become so: all of them are asked for.
        void this.askOverdue();
        break;
      case "kit-changed":
        clearTimeout(this.#asking);
        this.#asking = setTimeout(() => void this.askKit(), Math.random() * KIT_SPREAD_MS);
        break;
    }
  }

  /** The hub took what was done here, and says what holds now. */
  taken(item: Item, answer: unknown): void {
    if (item.kind === "kit") this.#holdKit(answer as DeviceKit);
    if (item.kind !== "bulletin") return;
    const bulletin = answer as DeviceBulletin;
    // A newer word may have come over the stream meanwhile.
    const known = getState().bulletins.find(({ id }) => id === bulletin.id);
    if (known !== undefined && known.version > bulletin.version) return;
    this.#hold(withNews(getState().bulletins, bulletin, MAX_BULLETINS), [], "state");
  }

  #hold(bulletins: readonly DeviceBulletin[], news: readonly DeviceBulletin[], why: BulletinTold | "held"): void {
    const here = withDone(news, getState().items);
    const aloud = here.some((bulletin) => isAloud(bulletin, why, this.#announced));
    const announced = withAnnounced(this.#announced, news);
    set({ bulletins });
    void this.#around.keep("bulletins", bulletins).then(() => this.#received(news));
    if (announced !== this.#announced) {
      this.#announced = announced;
      void this.#around.keep("bulletinsAnnounced", announced);
    }
    if (aloud) soundAttention();
  }

  /** Once it can be read here without a network, and not before, it has come. */
  #received(news: readonly DeviceBulletin[]): void {
    const personId = getState().device?.person.id;
    if (personId === undefined) return;
    for (const { id: bulletinId, version, state } of news)
      this.#around.say({ type: "bulletin-receipt", bulletinId, version, personId, ended: state !== "in-force" });
  }

  /** It is on the screen of somebody who looks at it. */
  opened(bulletin: DeviceBulletin): void {
    if (document.visibilityState !== "visible") return;
    const seen = looked(getState().bulletinsSeen, bulletin);
    set({ bulletinsSeen: seen });
    void this.#around.keep("bulletinsSeen", seen);
    const [now] = withDone([bulletin], getState().items);
    if (bulletin.state === "in-force" && now?.openedMs === undefined) void this.#tell(bulletin, "opened");
  }

  /** Kept first, then told: a confirmation that was given off the network arrives later, with its own time, and is one. */
  async confirm(bulletin: DeviceBulletin, answer: string | undefined): Promise<void> {
    const [now] = withDone([bulletin], getState().items);
    if (now === undefined || now.owes.length === 0) return;
    if (await this.#tell(bulletin, "confirmed", answer)) navigator.vibrate?.(80);
  }

  async #tell({ id: bulletinId, version }: DeviceBulletin, step: BulletinEvent["step"], answer?: string): Promise<boolean> {
    const id = newId();
    const event = {
      id,
      step,
      version,
      atMs: Date.now(),
      language: getState().language,
      ...(answer === undefined ? {} : { answer }),
    };
    const wasKept = await this.#around.add({ kind: "bulletin", id, bulletinId, event }).catch(() => undefined);
    // The disk refuses: it is sent from memory all the same.
    if (wasKept !== true) set({ problem: wasKept === undefined ? "disk" : "full" });
    return wasKept !== false;
  }

  /** Leaders: who of the team has not confirmed in time. */
  async askOverdue(): Promise<void> {
    if (getState().device?.person.leader !== true) return;
    const reply = await this.#around.hub.send("GET", paths.deviceOverdue);
    if (!reply.ok) return;
    const overdue = reply.body as readonly OverdueBulletin[];
    set({ overdue });
    void this.#around.keep("overdue", overdue);
  }

  // What is carried

  async askKit(): Promise<void> {
    const reply = await this.#around.hub.send("GET", paths.deviceKit);
    if (reply.ok) this.#holdKit(reply.body as DeviceKit);
  }
  #holdKit(kit: DeviceKit): void {
    set({ kit });
    void this.#around.keep("kit", kit);
  }

  /** The list as it stands on this phone. */
  rows(): readonly Row[] {
    const { kit, kitDraft, device } = getState();
    return kit === undefined ? [] : rowsOf(kit, kitDraft, this.#dates, calendarDay(hubNow(), device?.sector.timeZone));
  }

  answer(row: Row, change: Partial<Answered>): void {
    this.#draft(withAnswer(getState().kitDraft, row, change));
    if (change.endsOn === undefined) return;
    this.#dates = datesOf(this.rows(), this.#dates);
    set({ kitDates: this.#dates });
    void this.#around.keep("kitDates", this.#dates);
  }
  haveRest(): void {
    this.#draft(withRest(getState().kitDraft, this.rows()));
  }
  #draft(draft: Draft): void {
    set({ kitDraft: draft });
    void this.#around.keep("kitDraft", draft);
  }

  /** Keeps and tells what was tapped, unless the hub has it or will. */
  async tellKit(): Promise<void> {
    const { kit: known, kitDraft, items } = getState();
    const rows = this.rows();
    const answers = answersOf(rows);
    if (answers.length === 0 || known === undefined || isTold(known, rows, kitDraft) || toldBy(items.filter(isWaiting), rows) !== undefined)
      return;
    const id = newId();
    const kit = { id, atMs: Date.now(), answers: [...answers] };
    if ((await this.#around.add({ kind: "kit", id, kit }).catch(() => undefined)) !== true) set({ problem: "full" });
  }

  /** The shift is over: the next one is asked anew, and what was answered is of no more use here. Dates stay, on this phone alone. */
  shiftEnded(): void {
    this.#draft({ sinceMs: hubNow(), answers: {} });
    this.#around.forget(({ kind }) => kind === "kit");
  }

  // What is kept about the person

  async askAboutMe(): Promise<void> {
    const reply = await this.#around.hub.send("GET", paths.deviceKept);
    if (!reply.ok) return;
    const aboutMe = reply.body as Kept;
    set({ aboutMe });
    void this.#around.keep("aboutMe", aboutMe);
  }
}
