// A shift that is ready: the threat level, what is to be carried by whom, what each has answered, what has to be renewed, and who goes out. What a person
// answered is gone a day after the shift, and nothing is counted up over a person.
import type { CarryItem, CarryList } from "@atalaya/protocol";
import type { Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import type { DueTimes } from "./due-times.ts";
import type { KitAnswer, MemoRecords, Outing, ThreatLevel, TrainingKind } from "./memo-records.ts";

export interface PictureRemedy {
  readonly id: string;
  readonly text: string;
  readonly itemId?: string | undefined;
  readonly by: string;
  readonly timeUs: number;
}

/** What one person answered for one shift, and what was arranged for them. */
export interface Kit {
  answers?: readonly KitAnswer[];
  answeredUs?: number;
  remedies: PictureRemedy[];
  /** The shift that it was for has ended: it counts no more. */
  past: boolean;
  eraseUs: number;
}

export interface Training {
  readonly until: string | null;
  readonly by: string;
  readonly timeUs: number;
}

export interface ReadinessImage {
  readonly threat: { readonly level: ThreatLevel; readonly by: string; readonly timeUs: number } | undefined;
  readonly lists: readonly CarryList[];
  readonly kits: readonly (readonly [person: string, kit: Kit])[];
  readonly trainings: readonly (readonly [person: string, trainings: readonly (readonly [TrainingKind, Training])[]])[];
  readonly outings: readonly Outing[];
}

type ReadinessKinds = "threat-level" | "carry-lists" | "training" | "outing" | "outing-removed" | "kit" | "remedy";
export type ReadinessRecord = { readonly [K in ReadinessKinds]: { readonly kind: K; readonly value: MemoRecords[K] } }[ReadinessKinds];

const LEVELS: readonly ThreatLevel[] = ["high", "raised", "normal"];
/** No bulletin has an empty id. */
const DUE = " kit ";

export class Readiness {
  readonly #settings: Settings;
  readonly #roster: Roster;
  readonly #due: DueTimes;
  #threat: ReadinessImage["threat"];
  #lists: readonly CarryList[] = [];
  readonly #kits = new Map<string, Kit>();
  readonly #trainings = new Map<string, Map<TrainingKind, Training>>();
  readonly #outings = new Map<string, Outing>();

  constructor(settings: Settings, roster: Roster, due: DueTimes) {
    this.#settings = settings;
    this.#roster = roster;
    this.#due = due;
  }

  get threat(): ReadinessImage["threat"] {
    return this.#threat;
  }
  get threatLevel(): ThreatLevel {
    return this.#threat?.level ?? "normal";
  }
  get lists(): readonly CarryList[] {
    return this.#lists;
  }
  outings(): readonly Outing[] {
    return [...this.#outings.values()];
  }
  kitOf(personId: string): Readonly<Kit> | undefined {
    return this.#kits.get(personId);
  }
  trainingOf(personId: string, kind: TrainingKind): Training | undefined {
    return this.#trainings.get(personId)?.get(kind);
  }
  /** Of the records that are held here and are erased in time, the time of the oldest; undefined: none is. */
  oldestUs(): number | undefined {
    let oldest: number | undefined;
    for (const { answeredUs, remedies } of this.#kits.values()) {
      for (const timeUs of [answeredUs, ...remedies.map((remedy) => remedy.timeUs)])
        if (timeUs !== undefined && (oldest === undefined || timeUs < oldest)) oldest = timeUs;
    }
    return oldest;
  }
  /** The sector's own list for a role at the present level; undefined: there is none. */
  listFor(role: string): readonly CarryItem[] | undefined {
    for (const level of LEVELS.slice(LEVELS.indexOf(this.threatLevel))) {
      const own = this.#lists.find((list) => list.level === level && list.role === role);
      const all = own ?? this.#lists.find((list) => list.level === level && list.role === "");
      if (all !== undefined) return all.items;
    }
    return undefined;
  }

  image(): ReadinessImage {
    return {
      threat: this.#threat,
      lists: this.#lists,
      kits: [...this.#kits],
      trainings: Array.from(this.#trainings, ([person, trainings]) => [person, [...trainings]] as const),
      outings: [...this.#outings.values()],
    };
  }
  restore({ threat, lists, kits, trainings, outings }: ReadinessImage): void {
    this.#threat = threat;
    this.#lists = lists;
    for (const [person, kit] of kits) {
      this.#kits.set(person, kit);
      this.#due.set(DUE + person, kit.eraseUs);
    }
    for (const [person, known] of trainings) this.#trainings.set(person, new Map(known));
    for (const outing of outings) this.#outings.set(outing.id, outing);
  }

  /** False when it is refused: of somebody unknown, or beyond a limit. */
  take({ kind, value }: ReadinessRecord, timeUs: number): boolean {
    switch (kind) {
      case "threat-level":
        this.#threat = { level: value.level, by: value.by, timeUs };
        return true;
      case "carry-lists":
        this.#lists = value.lists;
        return true;
      case "training": {
        if (this.#roster.person(value.personId) === undefined) return false;
        const known = this.#trainings.get(value.personId) ?? new Map<TrainingKind, Training>();
        known.set(value.kind, { until: value.until, by: value.by, timeUs });
        this.#trainings.set(value.personId, known);
        return true;
      }
      case "outing": {
        const { outing } = value;
        if (!this.#outings.has(outing.id) && this.#outings.size >= this.#settings.maxOutings && !this.#dropOldest(timeUs)) return false;
        this.#outings.set(outing.id, outing);
        return true;
      }
      case "outing-removed":
        return this.#outings.delete(value.id);
      case "kit": {
        if (this.#roster.person(value.personId) === undefined) return false;
        const kit = this.#current(value.personId);
        kit.answers = value.answers;
        kit.answeredUs = timeUs;
        this.#keep(value.personId, kit, timeUs);
        return true;
      }
      case "remedy": {
        const { personId, remedyId, text, itemId, by } = value;
        if (this.#roster.person(personId) === undefined) return false;
        const kit = this.#current(personId);
        if (kit.remedies.some(({ id }) => id === remedyId)) return true;
        kit.remedies.push({ id: remedyId, text, ...(itemId === undefined ? {} : { itemId }), by, timeUs });
        if (kit.remedies.length > this.#settings.maxRemedies) kit.remedies.shift();
        this.#keep(personId, kit, timeUs);
        return true;
      }
      default:
        return false;
    }
  }

  /** Of the shift that runs, or of the next one: what was of the last is gone with the first word of a new one. */
  #current(personId: string): Kit {
    const known = this.#kits.get(personId);
    if (known !== undefined && !known.past) return known;
    return { remedies: [], past: false, eraseUs: 0 };
  }
  #keep(personId: string, kit: Kit, timeUs: number): void {
    const { kitShiftUs, kitKeptUs } = this.#settings;
    kit.eraseUs = timeUs + (this.#roster.person(personId)?.onShift === true ? kitShiftUs : kitKeptUs);
    this.#kits.set(personId, kit);
    this.#due.set(DUE + personId, kit.eraseUs);
  }
  /** One that is over makes room; where none is, there is none. */
  #dropOldest(timeUs: number): boolean {
    let oldest: Outing | undefined;
    for (const outing of this.#outings.values())
      if (outing.untilUs < timeUs && (oldest === undefined || outing.untilUs < oldest.untilUs)) oldest = outing;
    return oldest !== undefined && this.#outings.delete(oldest.id);
  }

  /** The roster has it already. */
  shiftChanged(personId: string, on: boolean, timeUs: number): void {
    const kit = this.#kits.get(personId);
    if (kit === undefined || kit.past) return;
    kit.past = !on;
    kit.eraseUs = timeUs + (on ? this.#settings.kitShiftUs : this.#settings.kitKeptUs);
    this.#due.set(DUE + personId, kit.eraseUs);
  }
  forgetPerson(personId: string): void {
    this.#kits.delete(personId);
    this.#trainings.delete(personId);
    this.#due.set(DUE + personId, undefined);
  }

  /** Erases what is due of these keys. True: something was. */
  settle(keys: readonly string[]): boolean {
    let erased = false;
    for (const key of keys) if (key.startsWith(DUE)) erased = this.#kits.delete(key.slice(DUE.length)) || erased;
    return erased;
  }
}
