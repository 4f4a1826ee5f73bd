// How calm the watch is: alarms per ten minutes, by level, time to acknowledge, chattering, standing and stale (ISA-18.2-2016 §16, EEMUA 191).
import type { Level } from "../danger/level.ts";
import { rankOf } from "../danger/level.ts";
import type { Settings } from "../settings.ts";

interface Alarm {
  readonly timeUs: number;
  readonly level: Level;
  /** What raised it: the same cause again within a minute is chatter. */
  readonly cause: string;
}

export interface AlarmFigures {
  /** Alarms (items that demand an officer's answer: caution or warning, not of a drill) in the last ten minutes. */
  readonly per10Min: number;
  /** More than an officer can take: warnings are then told in groups; what people are told is not touched. */
  readonly flood: boolean;
  /** Raised since the journal began, advisories too. */
  readonly byLevel: Readonly<Record<Level, number>>;
  /** Of the last 500 that were acknowledged; undefined: none was. */
  readonly medianAnswerS: number | undefined;
  readonly p90AnswerS: number | undefined;
  /** Causes that raised three alarms or more within the last minute. */
  readonly chattering: number;
  /** Not yet over; and those of them that stand for longer than a day. */
  readonly standing: number;
  readonly stale: number;
}

export interface AlarmsImage {
  readonly log: readonly Alarm[];
  readonly byLevel: Record<Level, number>;
  readonly answers: readonly number[];
  readonly open: readonly (readonly [id: string, timeUs: number, answered: boolean])[];
}

const WINDOW_US = 600_000_000;
const MINUTE_US = 60_000_000;
const CHATTER = 3;
const MAX_ANSWERS = 500;

function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export class Alarms {
  readonly #settings: Settings;
  #log: Alarm[] = [];
  #byLevel: Record<Level, number> = { advisory: 0, caution: 0, warning: 0 };
  /** Seconds from alarm to acknowledgement, newest last. */
  #answers: number[] = [];
  readonly #open = new Map<string, { readonly timeUs: number; readonly answered: boolean }>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** A warning was raised, or asks again at a higher level. */
  raised(id: string, level: Level, cause: string, timeUs: number): void {
    this.#byLevel[level] += 1;
    if (rankOf(level) < rankOf("caution")) return;
    // What waits for an answer already demands no second one by growing.
    if (this.#open.get(id)?.answered === false) return;
    if (this.#log.length >= this.#settings.maxAlarms) this.#log.shift();
    this.#log.push({ timeUs, level, cause });
    this.#open.set(id, { timeUs, answered: false });
  }
  acknowledged(id: string, timeUs: number): void {
    const open = this.#open.get(id);
    if (open === undefined || open.answered) return;
    this.#open.set(id, { ...open, answered: true });
    this.#answers.push((timeUs - open.timeUs) / 1e6);
    if (this.#answers.length > MAX_ANSWERS) this.#answers.shift();
  }
  /** Times of the alarms that are remembered, oldest first. */
  times(): readonly number[] {
    return this.#log.map(({ timeUs }) => timeUs);
  }
  over(id: string): void {
    this.#open.delete(id);
  }

  figures(timeUs: number): AlarmFigures {
    let per10Min = 0;
    const recent = new Map<string, number>();
    for (let k = this.#log.length - 1; k >= 0; k -= 1) {
      const alarm = this.#log[k];
      if (alarm === undefined || timeUs - alarm.timeUs >= WINDOW_US) break;
      per10Min += 1;
      if (timeUs - alarm.timeUs < MINUTE_US) recent.set(alarm.cause, (recent.get(alarm.cause) ?? 0) + 1);
    }
    let stale = 0;
    for (const open of this.#open.values()) if (timeUs - open.timeUs > this.#settings.staleAfterUs) stale += 1;
    const sorted = [...this.#answers].sort((a, b) => a - b);
    return {
      per10Min,
      flood: per10Min > this.#settings.floodAlarms,
      byLevel: { ...this.#byLevel },
      medianAnswerS: quantile(sorted, 0.5),
      p90AnswerS: quantile(sorted, 0.9),
      chattering: [...recent.values()].filter((count) => count >= CHATTER).length,
      standing: this.#open.size,
      stale,
    };
  }

  image(): AlarmsImage {
    return {
      log: this.#log,
      byLevel: this.#byLevel,
      answers: this.#answers,
      open: [...this.#open].map(([id, { timeUs, answered }]) => [id, timeUs, answered] as const),
    };
  }
  restore({ log, byLevel, answers, open }: AlarmsImage): void {
    this.#log = [...log];
    this.#byLevel = { ...byLevel };
    this.#answers = [...answers];
    for (const [id, timeUs, answered] of open) this.#open.set(id, { timeUs, answered });
  }
}
