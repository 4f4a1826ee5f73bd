// Which voices there are: hands each of them what the picture wants said through it, and brings back what became of it. No one waits for another.
import type { BulletinNotice, BulletinOutside, Channel, ChannelState, Intent, MemoIntent, Records, ReportIntent } from "@atalaya/picture";
import type { Sector } from "../sector.ts";
import { Latency } from "./latency.ts";
import type { Outlet, OutletHealth, OutletReports, Receipted, ReceiptStep, ToldIntent } from "./outlet.ts";

/** Ids handed out, and steps reported, that are remembered; beyond, the oldest is forgotten: outlets know those they have carried out themselves. */
const MAX_REMEMBERED = 20_000;

export interface OutletCounts {
  /** Handed to the outlet, and what it said of it. */
  told: number;
  shown: number;
  receipts: Record<ReceiptStep, number>;
  answers: number;
  /** It threw: a fault of ours. The person is told another way. */
  faults: number;
}

interface Running {
  readonly outlet: Outlet;
  readonly counts: OutletCounts;
  readonly reports: OutletReports;
  started: boolean;
}

/** A set that forgets its oldest member at the limit. */
class Remembered {
  readonly #known = new Set<string>();
  /** True when it was not known. */
  add(name: string): boolean {
    if (this.#known.has(name)) return false;
    this.#known.add(name);
    if (this.#known.size > MAX_REMEMBERED) {
      for (const oldest of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    }
    return true;
  }
}

type ForOutlets = Pick<Sector, "picture" | "onTick" | "note" | "command" | "clock">;

export class OutletRegistry {
  readonly #sector: ForOutlets;
  readonly #running: Running[] = [];
  readonly #handed = new Remembered();
  readonly #reported = new Remembered();
  #pendingDone = false;
  #pendingMemoDone = false;
  #stopListening: (() => void) | undefined;

  /** From the frame that decided to the person's device. */
  readonly latency: Latency;

  constructor(sector: ForOutlets) {
    this.#sector = sector;
    this.latency = new Latency(
      () => sector.picture,
      () => sector.clock.nowUs(),
    );
  }

  /** Adds a voice; before `start`. Throws when a channel has one already: a programming error. */
  add(outlet: Outlet): void {
    if (outlet.channel !== undefined && this.#of(outlet.channel) !== undefined) throw new Error(`two outlets for ${outlet.channel}`);
    const counts: OutletCounts = {
      told: 0,
      shown: 0,
      receipts: { sent: 0, delivered: 0, seen: 0, failed: 0, "no-link": 0 },
      answers: 0,
      faults: 0,
    };
    this.#running.push({ outlet, counts, reports: this.#reports(outlet, counts), started: false });
  }

  counts(): readonly {
    readonly name: string;
    readonly channel: Channel | undefined;
    readonly counts: Readonly<OutletCounts>;
    readonly health: OutletHealth | undefined;
  }[] {
    return this.#running.map(({ outlet, counts }) => ({ name: outlet.name, channel: outlet.channel, counts, health: outlet.health?.() }));
  }

  /** Opens every voice and begins to hand out. One that cannot be opened is down, and hinders none of the others. */
  async start(): Promise<void> {
    // First to listen: what is wanted while voices open waits in none of them, but is told another way.
    this.#stopListening = this.#sector.onTick(({ intents, reports, memo }) => {
      this.#handOut(intents, reports);
      this.#handOutMemo(memo);
    });
    await Promise.all(this.#running.map((running) => this.#open(running)));
  }

  async #open(running: Running): Promise<void> {
    try {
      await running.outlet.start(running.reports);
      running.started = true;
      const { state, reason } = running.outlet.health?.() ?? { state: "up" as const, reason: undefined };
      running.reports.state(state, reason);
    } catch (error) {
      running.reports.state("down", error instanceof Error ? error.message.slice(0, 200) : "not opened");
    }
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    await Promise.allSettled(this.#running.filter(({ started }) => started).map(({ outlet }) => outlet.stop()));
  }

  /** The voice of this name. */
  outlet(name: string): Outlet | undefined {
    return this.#running.find(({ outlet }) => outlet.name === name)?.outlet;
  }

  /** Whether a channel has its voice. */
  serves(channel: Channel): boolean {
    return this.#of(channel) !== undefined;
  }

  /** Adds a voice while the hub runs. One that cannot be opened is down: it is heard of by its state. */
  async open(outlet: Outlet): Promise<void> {
    this.add(outlet);
    const running = this.#running.at(-1);
    if (running === undefined || this.#stopListening === undefined) return;
    await this.#open(running);
    // What was to be said by a channel that had no voice is said now, if it still holds.
    for (const intent of this.#sector.picture.pendingMemoIntents()) {
      if (intent.type === "bulletin-outside") this.#showBulletin(running, intent);
      else if (intent.channel === outlet.channel) this.#tellBulletin(intent);
    }
    if (outlet.channel !== undefined)
      for (const intent of this.#sector.picture.pendingIntents()) if (intent.channel === outlet.channel) this.#tell(intent);
  }

  /** Takes a voice away for good. Who depended on its channel is told another way. */
  async close(name: string): Promise<void> {
    const running = this.#running.find(({ outlet }) => outlet.name === name);
    if (running === undefined) return;
    this.#running.splice(this.#running.indexOf(running), 1);
    running.reports.state("down", "no such outlet here");
    if (running.started) await running.outlet.stop();
  }

  #of(channel: Channel): Running | undefined {
    return this.#running.find(({ outlet }) => outlet.channel === channel);
  }

  #handOut(intents: readonly Intent[], reports: readonly ReportIntent[]): void {
    // After a restart: what was to be told and has no receipt, as it is after the time that has passed, under the ids it had.
    if (!this.#pendingDone) {
      this.#pendingDone = true;
      for (const intent of this.#sector.picture.pendingIntents()) this.#tell(intent);
      for (const intent of this.#sector.picture.pendingReportIntents()) this.#tell(intent);
    }
    for (const intent of reports) if (intent.type === "team-report") this.#tell(intent);
    for (const intent of intents) {
      if (intent.type === "warning") {
        const warning = this.#sector.picture.warning(intent.id);
        if (warning === undefined) continue;
        for (const running of this.#running) {
          if (running.outlet.show === undefined) continue;
          running.counts.shown += 1;
          this.#guarded(running, () => running.outlet.show?.(warning, intent.change));
        }
      } else if (intent.type !== "call-list") this.#tell(intent);
    }
  }

  #tell(intent: ToldIntent): void {
    if (!this.#handed.add(intent.id)) return;
    const running = this.#of(intent.channel);
    if (running?.outlet.tell === undefined) {
      this.#receipt(intent, "failed", "no such outlet here");
      return;
    }
    running.counts.told += 1;
    if (intent.type !== "team-report") this.latency.handed(intent);
    if (!this.#guarded(running, () => running.outlet.tell?.(intent))) this.#receipt(intent, "failed", "fault of the outlet");
  }

  #handOutMemo(intents: readonly MemoIntent[]): void {
    // After a restart: what was to be told and has no result, under the ids it had.
    if (!this.#pendingMemoDone) {
      this.#pendingMemoDone = true;
      for (const intent of this.#sector.picture.pendingMemoIntents()) this.#handOutBulletin(intent);
    }
    for (const intent of intents) {
      if (intent.type === "bulletin-notice" || intent.type === "bulletin-outside") this.#handOutBulletin(intent);
      else if (intent.type === "bulletin-overdue" && this.#handed.add(intent.id)) {
        const running = this.#of(intent.channel);
        if (running?.outlet.tellOverdue !== undefined) this.#guarded(running, () => running.outlet.tellOverdue?.(intent));
      }
    }
  }

  #handOutBulletin(intent: BulletinNotice | BulletinOutside): void {
    if (intent.type === "bulletin-notice") this.#tellBulletin(intent);
    else for (const running of this.#running) this.#showBulletin(running, intent);
  }

  #tellBulletin(notice: BulletinNotice): void {
    if (!this.#handed.add(notice.id)) return;
    const running = this.#of(notice.channel);
    if (running?.outlet.tellBulletin === undefined) {
      this.#bulletinReceipt(notice, "failed", "no outlet here that carries bulletins");
      return;
    }
    running.counts.told += 1;
    if (!this.#guarded(running, () => running.outlet.tellBulletin?.(notice)))
      this.#bulletinReceipt(notice, "failed", "fault of the outlet");
  }

  #showBulletin(running: Running, intent: BulletinOutside): void {
    const { name, showBulletin } = running.outlet;
    if (showBulletin === undefined || intent.doneBy.includes(name) || !this.#handed.add(`${name} ${intent.id}`)) return;
    running.counts.shown += 1;
    this.#guarded(running, () => running.outlet.showBulletin?.(intent));
  }

  #bulletinReceipt(notice: BulletinNotice, step: Records["bulletin-receipt"]["step"], reason?: string): boolean {
    const { id, bulletinId, personId, version, telling, channel, address } = notice;
    if (!this.#reported.add(`${id} ${step}`)) return false;
    this.#sector.note("bulletin-receipt", {
      bulletinId,
      personId,
      version,
      telling,
      channel,
      address,
      step,
      ...(reason === undefined ? {} : { reason }),
    });
    return true;
  }

  /** A fault in one voice must silence no other. */
  #guarded(running: Running, call: () => void): boolean {
    try {
      call();
      return true;
    } catch {
      running.counts.faults += 1;
      return false;
    }
  }

  #receipt(intent: Receipted, step: ReceiptStep, reason?: string): boolean {
    const { type, id, warningId, personId, channel, address } = intent;
    if (!this.#reported.add(`${id} ${step}`)) return false;
    this.latency.step(id, channel, step);
    // A leader told of somebody else takes no step on a ladder of their own.
    if (type === "escalate") return true;
    if (type === "team-report") {
      const { change, reportId, reminder } = intent;
      // That it was taken back is said by what reached them: nothing follows if that does not.
      if (change !== "taken-back")
        this.#sector.note("report-leader-receipt", {
          reportId,
          personId,
          reminder,
          channel,
          address,
          step,
          ...(reason === undefined ? {} : { reason }),
        });
      return true;
    }
    this.#sector.note("receipt", { warningId, personId, channel, address, step, ...(reason === undefined ? {} : { reason }) });
    return true;
  }

  #reports({ channel, name }: Outlet, counts: OutletCounts): OutletReports {
    return {
      receipt: (intent, step, reason) => {
        if (this.#receipt(intent, step, reason)) counts.receipts[step] += 1;
      },
      answer: async (answer) => {
        counts.answers += 1;
        await this.#sector.command("answer", answer);
      },
      bulletinReceipt: (notice, step, reason) => {
        if (this.#bulletinReceipt(notice, step, reason)) counts.receipts[step] += 1;
      },
      bulletinEvent: async (event) => {
        counts.answers += 1;
        await this.#sector.command("bulletin-event", event);
      },
      bulletinShown: ({ bulletinId, version }, step, reason) => {
        this.#sector.note("bulletin-outside", { bulletinId, version, outlet: name, step, ...(reason === undefined ? {} : { reason }) });
      },
      state: (state, reason) => {
        if (channel === undefined) return;
        const known: ChannelState | undefined = this.#sector.picture.channels().find((other) => other.channel === channel);
        // Nothing said is up.
        if ((known?.state ?? "up") === state && (known?.reason ?? undefined) === reason) return;
        this.#sector.note("channel-state", { channel, state, ...(reason === undefined ? {} : { reason }) });
      },
    };
  }
}
