// Sends what waits, one after another, until the hub has said that it has it: once each, in order, whatever breaks in between.
import { MEDIA_CHUNK_BYTES, type MediaState, paths, type ReportReceipt } from "@atalaya/protocol";
import { isWaiting, type Item, type MediaItem, nextItem, type ReportItem } from "./items.ts";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What is put in; its place in the order comes with it. */
export type NewItem = Without<Item, "order" | "done" | "madeMs">;

/** Where items and files lie; both survive the end of the program once the promise is kept. */
export interface Store {
  items(): Promise<readonly Item[]>;
  put(item: Item): Promise<void>;
  remove(id: string): Promise<void>;
  file(id: string): Promise<Blob | undefined>;
  putWithFile(item: Item, file: Blob): Promise<void>;
  removeFile(id: string): Promise<void>;
}

/** What a request came to. `unreachable`: nothing is known to have arrived. */
export type Reply<T = unknown> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string; readonly retryAfterS?: number };

/** Requests to the hub. */
export interface Hub {
  send(method: "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<Reply>;
  sendBytes(path: string, bytes: Blob): Promise<Reply>;
  sha256(file: Blob): Promise<string>;
}

/** What the outbox stopped for; `waitMs`: it may go on by itself after that long. */
export type Pause =
  | { readonly why: "empty" }
  | { readonly why: "signed-out" }
  | { readonly why: "unreachable" | "slow-down"; readonly waitMs: number };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
/** Receipts, answers and refusals that are kept for the list; beyond, the oldest that is done goes. */
const MAX_KEPT = 200;
/** What waits is never forgotten; this many of it, and nothing new is taken. */
export const MAX_WAITING = 500;
/** A hash that is not right twice over is not the network's fault. */
const MAX_HASH_ERRORS = 3;

export class Outbox {
  readonly #store: Store;
  readonly #hub: Hub;
  readonly #now: () => number;
  readonly #changed: (items: readonly Item[]) => void;
  readonly #taken: (item: Item, answer: unknown) => void;
  #items: Item[] = [];
  #running: Promise<Pause> | undefined;
  #again = false;
  #failures = 0;
  #hashErrors = new Map<string, number>();

  /** `taken`: the hub has it, and answered so. */
  constructor(
    store: Store,
    hub: Hub,
    now: () => number,
    changed: (items: readonly Item[]) => void,
    taken: (item: Item, answer: unknown) => void = () => undefined,
  ) {
    this.#store = store;
    this.#hub = hub;
    this.#now = now;
    this.#changed = changed;
    this.#taken = taken;
  }

  /** Reads what lay there from before; once, before anything else. */
  async open(): Promise<void> {
    this.#items = [...(await this.#store.items())].sort((a, b) => a.order - b.order);
    this.#changed(this.#items);
  }

  get items(): readonly Item[] {
    return this.#items;
  }
  get waiting(): number {
    return this.#items.filter(isWaiting).length;
  }

  /** Keeps it, and resolves when it would survive the end of the program. False: there is no room, and nothing was taken. */
  async add(item: NewItem, file?: Blob): Promise<boolean> {
    if (this.waiting >= MAX_WAITING) return false;
    const order = (this.#items.at(-1)?.order ?? 0) + 1;
    const whole: Item = { ...item, order, madeMs: this.#now(), done: false };
    // Taken into the order before the disk answers: two presses one after the other keep it.
    this.#items.push(whole);
    await (file === undefined ? this.#store.put(whole) : this.#store.putWithFile(whole, file));
    await this.#forgetOldest();
    this.#changed(this.#items);
    return true;
  }

  /** Somebody else has the phone now: what waits is not theirs to tell, and is kept with that reason. */
  async disown(): Promise<void> {
    for (const item of this.#items.filter(isWaiting)) await this.#set({ ...item, refused: { code: "other-person", message: "" } });
  }

  /** Forgets what is settled and of no more use here. What waits stays. */
  async forget(isDone: (item: Item) => boolean): Promise<void> {
    for (const { id } of this.#items.filter((item) => !isWaiting(item) && isDone(item))) {
      this.#items = this.#items.filter((item) => item.id !== id);
      await this.#store.remove(id);
    }
    this.#changed(this.#items);
  }

  async #set(item: Item): Promise<void> {
    const at = this.#items.findIndex(({ id }) => id === item.id);
    if (at < 0) return;
    this.#items[at] = item;
    await this.#store.put(item);
    this.#changed(this.#items);
  }

  async #forgetOldest(): Promise<void> {
    const settled = this.#items.filter((item) => !isWaiting(item));
    for (const item of settled.slice(0, Math.max(0, settled.length - MAX_KEPT))) {
      this.#items = this.#items.filter(({ id }) => id !== item.id);
      await this.#store.remove(item.id);
      if (item.kind === "media") await this.#store.removeFile(item.id);
    }
  }

  /** Sends until nothing waits or something stops it. Called while it runs, it looks once more at the end. */
  async run(): Promise<Pause> {
    this.#again = true;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #work(): Promise<Pause> {
    for (;;) {
      this.#again = false;
      const item = nextItem(this.#items);
      if (item === undefined) {
        if (this.#again) continue;
        return { why: "empty" };
      }
      const reply = await (item.kind === "media" ? this.#sendMedia(item) : this.#sendText(item));
      if (reply === undefined || reply.ok) {
        this.#failures = 0;
        continue;
      }
      const { status, code, message, retryAfterS } = reply;
      if (status === 401) return { why: "signed-out" };
      if (status === 429) return { why: "slow-down", waitMs: Math.max(1, retryAfterS ?? 5) * 1000 };
      if (status >= 400 && status < 500 && status !== 408 && status !== 425) {
        // It will not be better the next time: kept, shown, and the next one goes on.
        await this.#set({ ...item, refused: { code, message } });
        // What belongs to a report that was not taken has nowhere to go.
        if (item.kind === "report")
          for (const other of this.#items.filter((one) => "reportId" in one && one.reportId === item.id))
            await this.#set({ ...other, refused: { code: "report-refused", message: "" } });
        continue;
      }
      this.#failures += 1;
      return { why: "unreachable", waitMs: Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1)) };
    }
  }

  async #sendText(item: Exclude<Item, MediaItem>): Promise<Reply> {
    const sentMs = this.#now();
    const reply = await this.#post(item, sentMs);
    if (!reply.ok) return reply;
    if (item.kind === "report") {
      const receipt = reply.body as ReportReceipt;
      const done: ReportItem = { ...item, done: true, receipt, tookMs: this.#now() - item.madeMs };
      await this.#set(done);
    } else await this.#set({ ...item, done: true });
    this.#taken(item, reply.body);
    return reply;
  }

  async #post(item: Exclude<Item, MediaItem>, sentMs: number): Promise<Reply> {
    switch (item.kind) {
      case "answer":
        return this.#hub.send("POST", paths.deviceAnswers, item.answer);
      case "report":
        return this.#hub.send("POST", paths.reports, { ...item.report, sentMs });
      case "more":
        return this.#hub.send("POST", paths.reportMore(item.reportId), { ...item.more, sentMs });
      case "reply":
        return this.#hub.send("POST", paths.reportAnswers(item.reportId), item.reply);
      case "take-back":
        return this.#hub.send("POST", paths.reportTakenBack(item.reportId), item.takeBack);
      case "told":
        return this.#hub.send("POST", paths.reportTold(item.reportId));
      case "opened":
        return this.#hub.send("POST", paths.reportOpened(item.reportId));
      case "bulletin":
        return this.#hub.send("POST", paths.deviceBulletinEvents(item.bulletinId), { ...item.event, sentMs });
      case "kit":
        return this.#hub.send("PUT", paths.deviceKit, { ...item.kit, sentMs });
    }
  }

  /** One step of a file: its announcement, or one chunk. In between, anything of a higher rank goes first. */
  async #sendMedia(item: MediaItem): Promise<Reply | undefined> {
    const { id, reportId, media: kind, type, bytes } = item;
    const file = await this.#store.file(id);
    if (file === undefined) {
      await this.#set({ ...item, refused: { code: "gone", message: "" } });
      return undefined;
    }
    let state: MediaState;
    if (item.have < 0) {
      const sha256 = await this.#hub.sha256(file);
      const reply = await this.#hub.send("POST", paths.reportMedia(reportId), { id, kind, type, bytes, sha256 });
      if (!reply.ok) return reply;
      state = reply.body as MediaState;
    } else {
      const chunk = file.slice(item.have, item.have + MEDIA_CHUNK_BYTES);
      const reply = await this.#hub.sendBytes(`${paths.media(id)}?offset=${item.have}`, chunk);
      if (!reply.ok && reply.status === 409) return this.#catchUp(item, reply.code);
      if (!reply.ok) return reply;
      state = reply.body as MediaState;
    }
    await this.#heard(item, state);
    return undefined;
  }

  /** The hub has more or less than we thought, or the whole was not what was announced: it says where to go on. */
  async #catchUp(item: MediaItem, code: string): Promise<Reply | undefined> {
    if (code === "hash") {
      const errors = (this.#hashErrors.get(item.id) ?? 0) + 1;
      this.#hashErrors.set(item.id, errors);
      if (errors >= MAX_HASH_ERRORS) {
        await this.#set({ ...item, refused: { code, message: "" } });
        return undefined;
      }
    }
    const reply = await this.#hub.send("GET", paths.media(item.id));
    if (!reply.ok) return reply;
    await this.#heard(item, reply.body as MediaState);
    return undefined;
  }

  async #heard(item: MediaItem, { have, done, removed }: MediaState): Promise<void> {
    // Somebody has deleted it there: it is not wanted any more.
    await this.#set({ ...item, have, done: done || removed });
    // The phone keeps no film longer than it must.
    if (done || removed) await this.#store.removeFile(item.id);
  }
}
