// What outlets are handed in tests: intents, and reports that are kept.
import type { PersonIntent } from "@atalaya/picture";
import type { OutletReports } from "../../src/outlets/outlet.ts";

let made = 0;

/** A call to take cover to one person; the rest as given. */
export function notify(more: Partial<PersonIntent> & { readonly type?: PersonIntent["type"] } = {}): PersonIntent {
  made += 1;
  return {
    type: "notify",
    level: "warning",
    change: "told",
    id: `I-${made}`,
    timeUs: 1_795_000_000_000_000,
    warningId: "W-T-1-abc",
    reference: "K7Q2",
    personId: "ana",
    channel: "sms",
    address: "+15550100",
    language: "en",
    message: { key: "warning", azimuthDeg: 225, distanceM: 1400, reachesInS: 78 },
    drill: false,
    ...more,
  } as unknown as PersonIntent;
}

export function over(more: object = {}): PersonIntent {
  return notify({ type: "all-clear", quiet: false, message: { key: "all-clear", lastHeardUs: 1_795_000_000_000_000 }, ...more } as never);
}

export class KeptReports implements OutletReports {
  readonly receipts: string[] = [];
  readonly answers: Parameters<OutletReports["answer"]>[0][] = [];
  readonly bulletinEvents: Parameters<OutletReports["bulletinEvent"]>[0][] = [];
  readonly states: string[] = [];
  #watchers: (() => void)[] = [];
  receipt(intent: { readonly id: string }, step: string, reason?: string): void {
    this.receipts.push(`${intent.id} ${step}${reason === undefined ? "" : ` (${reason})`}`);
    this.#tell();
  }
  answer(answer: Parameters<OutletReports["answer"]>[0]): Promise<void> {
    this.answers.push(answer);
    this.#tell();
    return Promise.resolve();
  }
  bulletinReceipt(notice: { readonly id: string }, step: string, reason?: string): void {
    this.receipt(notice, step, reason);
  }
  bulletinEvent(event: Parameters<OutletReports["bulletinEvent"]>[0]): Promise<void> {
    this.bulletinEvents.push(event);
    this.#tell();
    return Promise.resolve();
  }
  bulletinShown(intent: { readonly id: string }, step: string, reason?: string): void {
    this.receipt(intent, step, reason);
  }
  state(state: string, reason?: string): void {
    this.states.push(reason === undefined ? state : `${state}: ${reason}`);
    this.#tell();
  }
  /** Steps reported of an intent. */
  of(intent: PersonIntent): string[] {
    return this.receipts.filter((line) => line.startsWith(`${intent.id} `)).map((line) => line.slice(intent.id.length + 1));
  }
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers = this.#watchers.filter((watcher) => watcher !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }
  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
