// The memo as one part of the picture: claims, bulletins and readiness under one clock, and what is wanted done because of them.
import type { CarryItem, MemoRules } from "@atalaya/protocol";
import type { TypedRecord } from "../entry.ts";
import type { Channel } from "../loop-records.ts";
import type { Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import type { DrillScope } from "../warning/ladder.ts";
import { currentVersion, type PictureBulletin } from "./bulletin.ts";
import { BulletinLife, type BulletinLifeImage, type BulletinRecord } from "./bulletin-life.ts";
import { ClaimLife, type ClaimLifeImage, type ClaimRecord } from "./claim-life.ts";
import { DueTimes } from "./due-times.ts";
import type { MemoIntent, MemoThing } from "./memo-intent.ts";
import { KIT_KINDS } from "./memo-records.ts";
import { Readiness, type ReadinessImage, type ReadinessRecord } from "./readiness.ts";

export interface MemoLifeImage {
  readonly claims: ClaimLifeImage;
  readonly bulletins: BulletinLifeImage;
  readonly readiness: ReadinessImage;
  readonly rules: MemoRules;
}

/** What the memo has to know of the rest of the picture. */
export interface MemoContext {
  readonly isDown: (channel: Channel) => boolean;
  readonly drill: () => Readonly<DrillScope> | undefined;
}

/** What a person is to carry now, and by which bulletin; none: by the sector's own list. */
export interface CarryFor {
  readonly items: readonly CarryItem[];
  readonly bulletin?: Readonly<PictureBulletin>;
  /** Of the items that differ from the list before: how many then. */
  readonly was: Readonly<Record<string, number>>;
}

const USUAL_RULES: MemoRules = { twoPersonRelease: true, documentDays: 180 };

export class MemoLife {
  readonly #settings: Settings;
  readonly #roster: Roster;
  readonly #due: DueTimes = new DueTimes();
  readonly claims: ClaimLife;
  readonly bulletins: BulletinLife;
  readonly readiness: Readiness;
  #rules: MemoRules = USUAL_RULES;
  #intents: MemoIntent[] = [];
  readonly #changed = new Set<MemoThing>();
  #changedUs = 0;

  constructor(settings: Settings, roster: Roster, { isDown, drill }: MemoContext) {
    this.#settings = settings;
    this.#roster = roster;
    this.claims = new ClaimLife(settings);
    this.readiness = new Readiness(settings, roster, this.#due);
    this.bulletins = new BulletinLife({
      settings,
      roster,
      claims: this.claims,
      due: this.#due,
      rules: () => this.#rules,
      isDown,
      drill,
      base: () => this.readiness.listFor(""),
      emit: (intent) => {
        this.#intents.push(intent);
      },
      changed: (what) => this.#changed.add(what),
    });
  }

  get rules(): MemoRules {
    return this.#rules;
  }
  /** When something is next due, Unix µs; undefined: time alone changes nothing here. */
  get nextUs(): number | undefined {
    return this.#due.nextUs;
  }
  /** What a person is to carry: by the newest bulletin in force for them that has a list, else by the sector's own; undefined: nobody has said. */
  carryFor(personId: string): CarryFor | undefined {
    const role = this.#roster.person(personId)?.definition.role;
    if (role === undefined) return undefined;
    const base = this.readiness.listFor(role);
    for (const bulletin of [...this.bulletins.inForce()].reverse()) {
      const content = currentVersion(bulletin)?.content;
      const reader = bulletin.readers.get(personId);
      if (content?.carry === undefined || content.settings.drill || reader === undefined || reader.ended !== undefined) continue;
      return { items: content.carry, bulletin, was: currentVersion(bulletin)?.carryWas ?? {} };
    }
    return base === undefined ? undefined : { items: base, was: {} };
  }

  takeIntents(): readonly MemoIntent[] {
    const taken = this.#intents;
    this.#intents = [];
    for (const what of this.#changed) taken.push({ type: "memo-changed", timeUs: this.#changedUs, what });
    this.#changed.clear();
    return taken;
  }

  image(): MemoLifeImage {
    return {
      claims: this.claims.image(),
      bulletins: this.bulletins.image(),
      readiness: this.readiness.image(),
      rules: this.#rules,
    };
  }
  restore({ claims, bulletins, readiness, rules }: MemoLifeImage): void {
    this.claims.restore(claims);
    this.readiness.restore(readiness);
    this.#rules = rules;
    this.bulletins.restore(bulletins);
  }

  /** Takes a record of `MEMO_KINDS`. False when it is refused. */
  take(record: TypedRecord, timeUs: number): boolean {
    this.#changedUs = timeUs;
    const { kind, value } = record;
    if (kind === "memo-rules") {
      this.#rules = value.rules;
      this.#changed.add("bulletins");
      return true;
    }
    if (CLAIM_KINDS.has(kind)) {
      const turns = this.claims.take(record as ClaimRecord, timeUs);
      if (turns === false) return false;
      this.#changed.add("sources").add("claims");
      for (const turn of turns) this.bulletins.claimTurned(turn, timeUs);
      return true;
    }
    if (READINESS_KINDS.has(kind)) {
      const taken = this.readiness.take(record as ReadinessRecord, timeUs);
      this.#changed.add("readiness");
      if (taken) this.#tellOfKit(record as ReadinessRecord, timeUs);
      // With its content or without, once that is erased: such a record leaves no count.
      return taken || KIT_KINDS.has(kind);
    }
    return this.bulletins.take(record as BulletinRecord, timeUs);
  }

  /** Whose devices ask again what is to be carried: those of whom it is, or all. */
  #tellOfKit({ kind, value }: ReadinessRecord, timeUs: number): void {
    const all = kind === "threat-level" || kind === "carry-lists";
    if (all || kind === "outing-removed") this.#intents.push({ type: "kit-changed", timeUs });
    else
      for (const personId of kind === "outing" ? value.outing.people : [value.personId])
        this.#intents.push({ type: "kit-changed", timeUs, personId });
  }

  /** What the memo makes of a record of the warning loop, which the roster has taken already. */
  follow({ kind, value }: TypedRecord, timeUs: number): void {
    this.#changedUs = timeUs;
    switch (kind) {
      case "person":
        this.bulletins.personChanged(value.person.id, timeUs);
        this.#changed.add("readiness");
        break;
      case "person-removed":
        this.bulletins.personChanged(value.id, timeUs);
        this.readiness.forgetPerson(value.id);
        this.#changed.add("readiness");
        break;
      case "post-staff":
        this.bulletins.staffChanged(value.zoneId, timeUs);
        this.#changed.add("readiness");
        break;
      case "shift":
        this.readiness.shiftChanged(value.personId, value.on, timeUs);
        this.#changed.add("readiness");
        break;
      case "drill":
        this.bulletins.drillChanged(timeUs);
        break;
      default:
    }
  }

  /** A tick: so many things that are due, the earliest first; the others at the next. */
  tick(timeUs: number): void {
    const keys = this.#due.take(timeUs, this.#settings.maxDuePerTick);
    if (keys.length === 0) return;
    this.#changedUs = timeUs;
    if (this.readiness.settle(keys)) this.#changed.add("readiness");
    this.bulletins.settle(keys, timeUs);
  }
}

const CLAIM_KINDS: ReadonlySet<string> = new Set<ClaimRecord["kind"]>([
  "memo-source",
  "memo-source-whole",
  "memo-source-look",
  "memo-source-removed",
  "memo-reliability",
  "memo-handling",
  "memo-cites",
  "memo-source-verdict",
  "claim",
  "claim-text",
  "claim-sources",
  "claim-credibility",
  "claim-link",
  "claim-verdict",
]);
const READINESS_KINDS: ReadonlySet<string> = new Set<ReadinessRecord["kind"]>([
  "threat-level",
  "carry-lists",
  "training",
  "outing",
  "outing-removed",
  "kit",
  "remedy",
]);
