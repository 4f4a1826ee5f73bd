// The life of bulletins: written, released, told to each reader by one way after another, reminded of, handed to the leader and the supervisor when nobody
// answers, and ended. Whom a bulletin concerns follows the people; work at a tick is bounded by what is due then.
import type { CarryItem, MemoRules } from "@atalaya/protocol";
import type { Channel } from "../loop-records.ts";
import type { Person, Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import type { DrillScope } from "../warning/ladder.ts";
import {
  bulletinNumber,
  type BulletinWay,
  currentVersion,
  type Outside,
  owedBy,
  type PictureBulletin,
  pieceText,
  type Reader,
  type Telling,
  type TellingKind,
} from "./bulletin.ts";
import { type ClaimLife, claimNumber, type ClaimTurn, stands } from "./claim-life.ts";
import {
  approvePiece,
  type Block,
  editPart,
  editPiece,
  editSettings,
  newDraft,
  nextDraft,
  type ReleaseFacts,
  releaseBlocks,
  versionOf,
} from "./drafting.ts";
import type { DueTimes } from "./due-times.ts";
import type { BulletinNotice, BulletinOutside, MemoIntent, MemoThing } from "./memo-intent.ts";
import type { BulletinSettings, MemoRecords } from "./memo-records.ts";

export interface BulletinContext {
  readonly settings: Settings;
  readonly roster: Roster;
  readonly claims: ClaimLife;
  readonly due: DueTimes;
  readonly rules: () => MemoRules;
  readonly isDown: (channel: Channel) => boolean;
  readonly drill: () => Readonly<DrillScope> | undefined;
  /** The sector's own carry list, before any bulletin. */
  readonly base: () => readonly CarryItem[] | undefined;
  readonly emit: (intent: MemoIntent) => void;
  readonly changed: (what: MemoThing) => void;
}

export interface BulletinCounts {
  /** Readers and bulletins forgotten above a limit: the journal has them. */
  forgotten: number;
  /** Events of readers or versions that are not known here. */
  strayEvents: number;
}

export interface BulletinLifeImage {
  readonly bulletins: readonly (Omit<PictureBulletin, "readers"> & { readonly readers: readonly Reader[] })[];
  readonly lastNumber: number;
  readonly counts: BulletinCounts;
}

type BulletinKinds =
  | "bulletin"
  | "bulletin-draft"
  | "bulletin-part"
  | "bulletin-actions"
  | "bulletin-carry"
  | "bulletin-question"
  | "bulletin-settings"
  | "bulletin-approval"
  | "bulletin-asked"
  | "bulletin-released"
  | "bulletin-withdrawn"
  | "bulletin-receipt"
  | "bulletin-event"
  | "bulletin-muster"
  | "bulletin-outside";
export type BulletinRecord = { readonly [K in BulletinKinds]: { readonly kind: K; readonly value: MemoRecords[K] } }[BulletinKinds];

/** Ways on which a bulletin can be told, and of these the ones that say when it has come. */
const TELLING_CHANNELS: readonly Channel[] = ["browser", "tak", "sms", "email"];
const SAYS_DELIVERED: readonly Channel[] = ["browser", "tak"];
/** Named in one word to a leader or supervisor. */
const MAX_NAMED = 50;
const MAX_MUSTERS = 200;
/** While a real danger holds a drill up, what it had to say is looked at again this often, µs. */
const HELD_US = 60e6;
const S = 1e6;

/** Bulletin ids hold no space: what stands before the first is the bulletin. */
function readerKey(bulletinId: string, personId: string): string {
  return `${bulletinId} ${personId}`;
}

function hasFailed(ways: readonly Readonly<BulletinWay>[]): boolean {
  return ways.every(({ step }) => step === "failed" || step === "no-link");
}

function newReader({ definition: { id, name, team, language } }: Readonly<Person>): Reader {
  return {
    personId: id,
    name,
    team,
    language,
    news: "new",
    tellings: 0,
    toldVersion: 0,
    confirmations: [],
    reminders: 0,
    noWay: false,
  };
}

export class BulletinLife {
  readonly #context: BulletinContext;
  readonly #bulletins = new Map<string, PictureBulletin>();
  #lastNumber = 0;
  readonly counts: BulletinCounts = { forgotten: 0, strayEvents: 0 };

  constructor(context: BulletinContext) {
    this.#context = context;
  }

  get bulletins(): ReadonlyMap<string, Readonly<PictureBulletin>> {
    return this.#bulletins;
  }

  /** Bulletins whose time is now, the one that was released last at the end. */
  inForce(): readonly PictureBulletin[] {
    return [...this.#bulletins.values()]
      .filter(({ state }) => state === "in-force")
      .sort((a, b) => (currentVersion(a)?.releasedUs ?? 0) - (currentVersion(b)?.releasedUs ?? 0) || a.number - b.number);
  }

  /** Whom settings would reach now. */
  audienceOf(settings: BulletinSettings): readonly Readonly<Person>[] {
    return [...this.#context.roster.people.values()].filter((person) => this.#concerns(settings, person));
  }

  /** What stands between a draft and its release, for who asks. */
  blocksOf(bulletin: Readonly<PictureBulletin>, by: string | undefined, timeUs: number): readonly Block[] {
    const { draft } = bulletin;
    if (draft === undefined) return [];
    return releaseBlocks(bulletin, draft, this.#facts(bulletin, draft.content.settings, by, timeUs));
  }

  #facts(bulletin: Readonly<PictureBulletin>, settings: BulletinSettings, by: string | undefined, timeUs: number): ReleaseFacts {
    const { claims } = this.#context;
    const known = settings.claims.flatMap((id) => claims.claims.get(id) ?? []);
    let standing = 0;
    for (const { state } of this.#bulletins.values()) if (state === "in-force" || state === "waiting") standing += 1;
    return {
      timeUs,
      by,
      twoPerson: this.#context.rules().twoPersonRelease,
      claims: known.map((claim) => ({
        id: claim.id,
        number: claimNumber(claim),
        stands: stands(claim.state),
        sources: claim.sources.flatMap((id) => {
          const source = claims.sources.get(id);
          return source === undefined ? [] : [{ title: source.document.title, handling: source.handling }];
        }),
      })),
      people: this.audienceOf(settings).length,
      hasRoom: bulletin.state === "in-force" || bulletin.state === "waiting" || standing < this.#context.settings.maxBulletinsInForce,
    };
  }

  /** Until when a reader is to confirm; undefined: nothing is owed, or they have not been told. */
  dueUs(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>): number | undefined {
    const version = currentVersion(bulletin);
    const fromUs = reader.openedUs ?? reader.toldUs;
    if (version === undefined || fromUs === undefined || owedBy(bulletin, reader).length === 0) return undefined;
    return fromUs + version.content.settings.confirming.withinS * S;
  }

  /** What was to be told and of which nothing has come back: under the ids it had, for outlets that begin after a restart. */
  pending(): readonly (BulletinNotice | BulletinOutside)[] {
    const pending: (BulletinNotice | BulletinOutside)[] = [];
    for (const bulletin of this.#bulletins.values()) {
      for (const reader of bulletin.readers.values()) {
        for (const way of reader.telling?.ways ?? [])
          if (way.step === "due" && reader.telling !== undefined) pending.push(this.#notice(bulletin, reader, reader.telling, way));
      }
      const intent = this.#outsideIntent(bulletin);
      if (intent !== undefined) pending.push(intent);
    }
    return pending;
  }

  // Snapshots

  image(): BulletinLifeImage {
    return {
      // Readers last, whatever was there first: equal states give equal bytes.
      bulletins: Array.from(this.#bulletins.values(), ({ readers, ...bulletin }) => ({ ...bulletin, readers: [...readers.values()] })),
      lastNumber: this.#lastNumber,
      counts: this.counts,
    };
  }
  restore({ bulletins, lastNumber, counts }: BulletinLifeImage): void {
    for (const { readers, ...bulletin } of bulletins) {
      const restored: PictureBulletin = { ...bulletin, readers: new Map(readers.map((reader) => [reader.personId, reader])) };
      this.#bulletins.set(restored.id, restored);
      this.#setDue(restored);
      for (const reader of restored.readers.values()) this.#setReaderDue(restored, reader);
    }
    this.#lastNumber = lastNumber;
    Object.assign(this.counts, counts);
  }

  // Records

  /** False when it is refused: of something unknown, beyond a limit, or not as it stands. */
  take({ kind, value }: BulletinRecord, timeUs: number): boolean {
    if (kind === "bulletin") return this.#begin(value, timeUs);
    const bulletin = this.#bulletins.get(value.bulletinId);
    if (bulletin === undefined) {
      if (kind === "bulletin-event" || kind === "bulletin-receipt" || kind === "bulletin-muster") this.counts.strayEvents += 1;
      return false;
    }
    const taken = this.#takeOf(bulletin, { kind, value } as BulletinRecord, timeUs);
    if (taken) {
      bulletin.changedUs = timeUs;
      this.#context.changed("bulletins");
    }
    return taken;
  }

  #takeOf(bulletin: PictureBulletin, { kind, value }: BulletinRecord, timeUs: number): boolean {
    const { draft } = bulletin;
    switch (kind) {
      case "bulletin-draft":
        return this.#draft(bulletin, value.on, timeUs);
      case "bulletin-released":
        return this.#release(bulletin, value, timeUs);
      case "bulletin-withdrawn":
        if (bulletin.state !== "in-force" && bulletin.state !== "waiting") return false;
        bulletin.withdrawn = { timeUs, by: value.by, reason: value.reason };
        this.#end(bulletin, "withdrawn", timeUs);
        return true;
      case "bulletin-receipt":
        return this.#receipt(bulletin, value, timeUs);
      case "bulletin-event":
        return this.#event(bulletin, value, timeUs);
      case "bulletin-muster":
        return this.#muster(bulletin, value, timeUs);
      case "bulletin-outside": {
        const { outlet, step, reason, version } = value;
        const { outside } = bulletin;
        if (outside?.version !== version) return false;
        const others = outside.results.filter((known) => known.outlet !== outlet).slice(-49);
        outside.results = [...others, { outlet, step, timeUs, ...(reason === undefined ? {} : { reason }) }];
        return true;
      }
      default:
    }
    if (draft === undefined) return false;
    switch (kind) {
      case "bulletin-part":
        editPart(bulletin, draft, value, timeUs);
        return true;
      case "bulletin-actions":
        editPiece(bulletin, draft, "actions", value.actions, value.by, timeUs);
        return true;
      case "bulletin-carry":
        editPiece(bulletin, draft, "carry", value.items, value.by, timeUs);
        return true;
      case "bulletin-question":
        editPiece(bulletin, draft, "question", value.question, value.by, timeUs);
        return true;
      case "bulletin-settings":
        editSettings(draft, value.settings, value.by, timeUs);
        return true;
      case "bulletin-approval":
        return approvePiece(draft, value, timeUs);
      case "bulletin-asked":
        draft.asked = { by: value.by, timeUs };
        return true;
      default:
        return false;
    }
  }

  #begin({ bulletinId: id, settings, by }: MemoRecords["bulletin"], timeUs: number): boolean {
    if (this.#bulletins.has(id) || !this.#makeRoom()) return false;
    this.#lastNumber += 1;
    this.#bulletins.set(id, {
      id,
      number: this.#lastNumber,
      by,
      madeUs: timeUs,
      changedUs: timeUs,
      state: "draft",
      draft: newDraft(settings, by, timeUs),
      versions: [],
      readers: new Map(),
      fallen: [],
      answers: {},
      musters: [],
    });
    this.#context.changed("bulletins");
    return true;
  }

  /** Beyond the limit the one that ended longest ago is forgotten; where none has ended, there is no room. */
  #makeRoom(): boolean {
    if (this.#bulletins.size < this.#context.settings.maxBulletins) return true;
    let oldest: PictureBulletin | undefined;
    for (const bulletin of this.#bulletins.values())
      if (bulletin.endedUs !== undefined && (oldest === undefined || bulletin.endedUs < (oldest.endedUs ?? 0))) oldest = bulletin;
    if (oldest === undefined) return false;
    this.#forgetReaders(oldest);
    this.#context.due.set(oldest.id, undefined);
    this.#bulletins.delete(oldest.id);
    this.counts.forgotten += 1;
    return true;
  }

  #draft(bulletin: PictureBulletin, on: boolean, timeUs: number): boolean {
    const version = currentVersion(bulletin);
    if (!on) {
      // A bulletin of which nothing is out is its draft.
      if (bulletin.draft === undefined || version === undefined) return false;
      delete bulletin.draft;
      return true;
    }
    if (bulletin.draft !== undefined || version === undefined || (bulletin.state !== "in-force" && bulletin.state !== "waiting"))
      return false;
    bulletin.draft = nextDraft(version, timeUs);
    return true;
  }

  #release(bulletin: PictureBulletin, { rev, by }: MemoRecords["bulletin-released"], timeUs: number): boolean {
    const { draft } = bulletin;
    if (draft === undefined || draft.rev !== rev || this.blocksOf(bulletin, by, timeUs).length > 0) return false;
    const { claims, settings: limits, base } = this.#context;
    const { settings } = draft.content;
    const numbers = settings.claims.flatMap((id) => {
      const claim = claims.claims.get(id);
      return claim === undefined ? [] : [claimNumber(claim)];
    });
    const before = currentVersion(bulletin);
    const version = versionOf(bulletin, draft, by, timeUs, numbers, base());
    bulletin.versions.push(version);
    if (bulletin.versions.length > limits.maxBulletinVersions) bulletin.versions.shift();
    delete bulletin.draft;
    bulletin.fallen = [];
    if (before === undefined || pieceText(before.content, "question") !== pieceText(version.content, "question")) bulletin.answers = {};
    // What people have been told of goes on at once; what nobody knows yet waits for its time.
    if (bulletin.state === "draft" || bulletin.state === "waiting") bulletin.state = settings.validFromUs > timeUs ? "waiting" : "in-force";
    if (bulletin.state === "in-force") this.#comeIntoForce(bulletin, timeUs);
    this.#setDue(bulletin);
    return true;
  }

  /** The newest version holds from now: each reader is told of what they owe. */
  #comeIntoForce(bulletin: PictureBulletin, timeUs: number): void {
    const version = currentVersion(bulletin);
    if (version === undefined) return;
    this.#follow(bulletin, timeUs);
    for (const reader of bulletin.readers.values()) {
      if (reader.ended !== undefined || reader.toldVersion === version.version) continue;
      if (owedBy(bulletin, reader).length === 0) {
        // Nothing new is asked of them: their devices show the version as it is.
        reader.toldVersion = version.version;
        reader.toShow = true;
        this.#setReaderDue(bulletin, reader);
        continue;
      }
      reader.news = reader.toldVersion > 0 ? "changed" : "new";
      reader.toTell = reader.news;
      this.#calm(reader);
      this.#setReaderDue(bulletin, reader);
    }
    this.#outside(bulletin, version.version === 1 ? "new" : "changed", timeUs);
    if (version.content.carry !== undefined) this.#kitChanged(timeUs);
  }

  /** As if nothing of the version in force had been said yet: telling, reminders and escalation begin anew. */
  #calm(reader: Reader): void {
    delete reader.toldUs;
    delete reader.deliveredUs;
    delete reader.openedUs;
    reader.reminders = 0;
    delete reader.remindedUs;
    delete reader.overdueUs;
    delete reader.leaderToldUs;
    delete reader.supervisorToldUs;
  }

  #kitChanged(timeUs: number): void {
    this.#context.emit({ type: "kit-changed", timeUs });
    this.#context.changed("readiness");
  }

  #end(bulletin: PictureBulletin, why: "withdrawn" | "expired", timeUs: number): void {
    bulletin.state = why;
    bulletin.endedUs = timeUs;
    delete bulletin.draft;
    for (const reader of bulletin.readers.values()) {
      if (reader.ended !== undefined) continue;
      if (reader.toldVersion === 0) {
        this.#context.due.set(readerKey(bulletin.id, reader.personId), undefined);
        bulletin.readers.delete(reader.personId);
        continue;
      }
      reader.ended = { why, toldUs: timeUs };
      reader.toTell = why;
      this.#setReaderDue(bulletin, reader);
    }
    if (bulletin.outside !== undefined) this.#outside(bulletin, why, timeUs);
    this.#setDue(bulletin);
    if (currentVersion(bulletin)?.content.carry !== undefined) this.#kitChanged(timeUs);
  }

  // Whom it concerns

  #concerns({ audience, drill }: BulletinSettings, { definition: { id, team, role } }: Readonly<Person>): boolean {
    // A drill reaches those it names, and nobody else.
    if (drill && this.#context.drill()?.people.includes(id) !== true) return false;
    return (
      audience.sector ||
      audience.people.includes(id) ||
      audience.teams.includes(team) ||
      audience.roles.includes(role) ||
      this.#context.roster.postsOf(id).some((post) => audience.posts.includes(post))
    );
  }

  #follow(bulletin: PictureBulletin, timeUs: number): void {
    for (const id of new Set([...bulletin.readers.keys(), ...this.#context.roster.people.keys()])) this.#followPerson(bulletin, id, timeUs);
  }

  /** What somebody owes follows them: a new language, team, role or post, or the end of being one of ours. */
  #followPerson(bulletin: PictureBulletin, personId: string, timeUs: number): void {
    const { roster, settings } = this.#context;
    const version = currentVersion(bulletin);
    if (version === undefined) return;
    const person = roster.person(personId);
    const isMember = person !== undefined && this.#concerns(version.content.settings, person);
    let reader = bulletin.readers.get(personId);
    if (reader === undefined) {
      if (!isMember || bulletin.readers.size >= settings.maxPeople * 2) return;
      reader = newReader(person);
      bulletin.readers.set(personId, reader);
      reader.toTell = "new";
    } else if (!isMember) this.#leave(bulletin, reader, person !== undefined, timeUs);
    else this.#stay(bulletin, reader, person, timeUs);
    if (bulletin.readers.has(personId)) this.#setReaderDue(bulletin, reader);
  }

  #leave(bulletin: PictureBulletin, reader: Reader, canBeTold: boolean, timeUs: number): void {
    if (reader.ended !== undefined) return;
    if (reader.toldVersion === 0) {
      this.#context.due.set(readerKey(bulletin.id, reader.personId), undefined);
      bulletin.readers.delete(reader.personId);
      return;
    }
    reader.ended = { why: "not-concerned", toldUs: timeUs };
    if (canBeTold) reader.toTell = "not-concerned";
    else delete reader.toTell;
    this.#context.emit({ type: "bulletin-state", timeUs, bulletinId: bulletin.id, personId: reader.personId });
  }

  #stay(bulletin: PictureBulletin, reader: Reader, { definition }: Readonly<Person>, timeUs: number): void {
    const { name, team, language, ways } = definition;
    const wasOver = reader.ended?.why === "not-concerned";
    const changedLanguage = reader.language !== language;
    reader.name = name;
    reader.team = team;
    reader.language = language;
    if (wasOver) delete reader.ended;
    const owes = owedBy(bulletin, reader).length > 0;
    const hasNewWay = reader.noWay && ways.some(({ channel }) => this.#mayUse(bulletin, channel));
    if (owes && (wasOver || hasNewWay || (changedLanguage && reader.toldVersion > 0))) {
      if (wasOver) {
        reader.news = "new";
        reader.toTell = "new";
        this.#calm(reader);
      } else reader.toTell ??= reader.news;
    } else if (wasOver) {
      delete reader.toTell;
      this.#context.emit({ type: "bulletin-state", timeUs, bulletinId: bulletin.id, personId: reader.personId });
    }
  }

  /** A person has changed, or is one of ours no longer. */
  personChanged(personId: string, timeUs: number): void {
    for (const bulletin of this.#bulletins.values()) if (bulletin.state === "in-force") this.#followPerson(bulletin, personId, timeUs);
  }
  /** Other people stand at a post. */
  staffChanged(post: string, timeUs: number): void {
    for (const bulletin of this.#bulletins.values()) {
      if (bulletin.state !== "in-force") continue;
      if (currentVersion(bulletin)?.content.settings.audience.posts.includes(post) === true) this.#follow(bulletin, timeUs);
    }
  }
  /** A drill may reach others. */
  drillChanged(timeUs: number): void {
    for (const bulletin of this.#bulletins.values())
      if (bulletin.state === "in-force" && this.#isDrill(bulletin)) this.#follow(bulletin, timeUs);
  }

  /** A claim no longer stands, or does again: those who were told of it are told. */
  claimTurned({ claim, stands: isSo }: ClaimTurn, timeUs: number): void {
    for (const bulletin of this.#bulletins.values()) {
      if (bulletin.state !== "in-force" && bulletin.state !== "waiting") continue;
      if (currentVersion(bulletin)?.content.settings.claims.includes(claim.id) !== true) continue;
      bulletin.fallen = bulletin.fallen.filter(({ claimId }) => claimId !== claim.id);
      if (!isSo)
        bulletin.fallen.push({
          claimId: claim.id,
          number: claimNumber(claim),
          state: claim.state === "refuted" || claim.state === "superseded" ? claim.state : "fallen",
          timeUs,
        });
      bulletin.changedUs = timeUs;
      this.#context.changed("bulletins");
      if (bulletin.state !== "in-force") continue;
      for (const reader of bulletin.readers.values()) {
        if (reader.ended !== undefined || reader.toldVersion === 0) continue;
        if (isSo) reader.toShow = true;
        else reader.toTell ??= "fallen";
        this.#setReaderDue(bulletin, reader);
      }
      if (!isSo && bulletin.outside !== undefined) this.#outside(bulletin, "fallen", timeUs);
    }
  }

  // Telling

  #isDrill(bulletin: Readonly<PictureBulletin>): boolean {
    return currentVersion(bulletin)?.content.settings.drill === true;
  }
  #isHeld(bulletin: Readonly<PictureBulletin>): boolean {
    return this.#isDrill(bulletin) && this.#context.drill()?.pausedUs !== undefined;
  }
  #mayUse(bulletin: Readonly<PictureBulletin>, channel: Channel): boolean {
    if (!TELLING_CHANNELS.includes(channel)) return false;
    return !this.#isDrill(bulletin) || this.#context.drill()?.channels.includes(channel) === true;
  }

  #tell(bulletin: PictureBulletin, reader: Reader, kind: TellingKind, timeUs: number): void {
    const version = currentVersion(bulletin);
    if (version === undefined) return;
    delete reader.toTell;
    reader.tellings += 1;
    const telling: Telling = {
      n: reader.tellings,
      kind,
      version: version.version,
      language: reader.language,
      beganUs: timeUs,
      ways: [],
      done: false,
    };
    reader.telling = telling;
    reader.noWay = false;
    if (kind === "new" || kind === "changed") {
      reader.toldVersion = version.version;
      reader.toldUs ??= timeUs;
    }
    this.#nextWay(bulletin, reader, telling, timeUs);
  }

  /** Goes on to the next channel that a person can be told by. None is left: nobody but a muster reaches them now. */
  #nextWay(bulletin: PictureBulletin, reader: Reader, telling: Telling, timeUs: number): void {
    const { roster, isDown } = this.#context;
    const ways = roster.person(reader.personId)?.definition.ways ?? [];
    const used = new Set(telling.ways.map(({ channel }) => channel));
    // Who owed nothing is not written to because it no longer concerns them: their devices show it.
    const isQuiet = telling.kind === "not-concerned" && reader.confirmations.some(({ version }) => version === reader.toldVersion);
    for (const { channel } of ways) {
      if (used.has(channel) || !this.#mayUse(bulletin, channel) || (isQuiet && channel !== "browser")) continue;
      used.add(channel);
      if (isDown(channel)) continue;
      for (const way of ways) {
        if (way.channel !== channel || telling.ways.some(({ channel: known, address }) => known === channel && address === way.address))
          continue;
        const made: BulletinWay = { channel, address: way.address, step: "due", timeUs };
        telling.ways.push(made);
        this.#context.emit(this.#notice(bulletin, reader, telling, made));
      }
      return;
    }
    telling.done = true;
    reader.noWay = hasFailed(telling.ways);
  }

  #notice(
    bulletin: Readonly<PictureBulletin>,
    reader: Readonly<Reader>,
    telling: Readonly<Telling>,
    way: Readonly<BulletinWay>,
  ): BulletinNotice {
    const { n, kind, version, language } = telling;
    const { channel, address, timeUs } = way;
    return {
      type: "bulletin-notice",
      id: `${bulletin.id}/${reader.personId}/${n}/${channel}/${address}`,
      timeUs,
      bulletinId: bulletin.id,
      number: bulletinNumber(bulletin),
      version,
      telling: n,
      kind,
      personId: reader.personId,
      channel,
      address,
      language,
      drill: this.#isDrill(bulletin),
    };
  }

  #receipt(bulletin: PictureBulletin, value: MemoRecords["bulletin-receipt"], timeUs: number): boolean {
    const reader = bulletin.readers.get(value.personId);
    if (reader === undefined) {
      this.counts.strayEvents += 1;
      return false;
    }
    const { telling } = reader;
    const way =
      telling?.n === value.telling
        ? telling.ways.find(({ channel, address }) => channel === value.channel && address === value.address)
        : undefined;
    if (value.step === "delivered") {
      if (reader.ended !== undefined && telling?.n === value.telling) this.#endCame(reader, timeUs);
      this.#delivered(bulletin, reader, value.version, timeUs);
    }
    if (telling === undefined || way === undefined) return value.step === "delivered";
    const hasCome = way.step === "delivered" || (way.step === "sent" && value.step === "sent");
    if (!hasCome) {
      way.step = value.step;
      way.timeUs = timeUs;
      if (value.reason !== undefined) way.reason = value.reason;
    }
    if (value.step === "delivered" || (value.step === "sent" && !SAYS_DELIVERED.includes(way.channel))) telling.done = true;
    else if (!telling.done && hasFailed(telling.ways.filter(({ channel }) => channel === telling.ways.at(-1)?.channel)))
      this.#nextWay(bulletin, reader, telling, timeUs);
    this.#setReaderDue(bulletin, reader);
    return true;
  }

  /** That it is over has come to a device. */
  #endCame(reader: Reader, timeUs: number): void {
    const { ended, toTell, telling } = reader;
    if (ended === undefined) return;
    ended.deliveredUs ??= timeUs;
    if (toTell === ended.why) delete reader.toTell;
    if (telling !== undefined) telling.done = true;
  }

  #delivered(bulletin: PictureBulletin, reader: Reader, version: number, atUs: number): void {
    reader.noWay = false;
    if (reader.ended !== undefined) return;
    if (version === currentVersion(bulletin)?.version) {
      reader.toldVersion = version;
      reader.toldUs ??= atUs;
      reader.deliveredUs ??= atUs;
      if (reader.toTell === "new" || reader.toTell === "changed") delete reader.toTell;
    }
    if (reader.telling?.version === version && reader.toTell === undefined) reader.telling.done = true;
  }

  #event(bulletin: PictureBulletin, value: MemoRecords["bulletin-event"], timeUs: number): boolean {
    const reader = bulletin.readers.get(value.personId);
    const version = currentVersion(bulletin);
    // Nobody can have read what was not out.
    if (reader === undefined || version === undefined || value.version > version.version) {
      this.counts.strayEvents += 1;
      return false;
    }
    const atUs = this.#happenedUs(bulletin, value, timeUs);
    // What was done before the end, without a network, says nothing of the end.
    if (value.step === "delivered" && reader.ended !== undefined && atUs >= reader.ended.toldUs) this.#endCame(reader, timeUs);
    this.#delivered(bulletin, reader, value.version, atUs);
    if (value.step !== "delivered" && value.version === reader.toldVersion) reader.openedUs ??= atUs;
    if (value.step === "confirmed") {
      const { how, who, answer, language } = value;
      this.#confirm(bulletin, reader, {
        version: value.version,
        timeUs: atUs,
        receivedUs: timeUs,
        by: how,
        ...(who === undefined ? {} : { who }),
        ...(answer === undefined ? {} : { answer }),
        language,
      });
    }
    this.#setReaderDue(bulletin, reader);
    this.#context.emit({ type: "bulletin-state", timeUs, bulletinId: bulletin.id, personId: reader.personId });
    return true;
  }

  /** When something was done, as far as it can be: not before that version was out, and not later than now. */
  #happenedUs(
    bulletin: Readonly<PictureBulletin>,
    { version, atUs }: { readonly version: number; readonly atUs: number },
    timeUs: number,
  ): number {
    const releasedUs = bulletin.versions.find((known) => known.version === version)?.releasedUs ?? 0;
    return Math.min(timeUs, Math.max(atUs, releasedUs));
  }

  /** The first confirmation of a version stands; later ones of it say the same. */
  #confirm(bulletin: PictureBulletin, reader: Reader, confirmed: Reader["confirmations"][number]): void {
    if (reader.confirmations.some(({ version }) => version === confirmed.version)) return;
    reader.confirmations.push(confirmed);
    reader.confirmations.sort((a, b) => a.version - b.version);
    if (reader.confirmations.length > this.#context.settings.maxBulletinVersions) reader.confirmations.shift();
    const { question } = currentVersion(bulletin)?.content ?? {};
    const { answer } = confirmed;
    if (answer !== undefined && question?.answers.some(({ id }) => id === answer) === true)
      bulletin.answers[answer] = (bulletin.answers[answer] ?? 0) + 1;
    this.#context.changed("readiness");
  }

  #muster(bulletin: PictureBulletin, value: MemoRecords["bulletin-muster"], timeUs: number): boolean {
    const version = currentVersion(bulletin);
    if (version === undefined || value.version > version.version || bulletin.musters.includes(value.musterId)) return false;
    bulletin.musters.push(value.musterId);
    if (bulletin.musters.length > MAX_MUSTERS) bulletin.musters.shift();
    const atUs = this.#happenedUs(bulletin, value, timeUs);
    for (const personId of new Set(value.people)) {
      const reader = bulletin.readers.get(personId);
      if (reader === undefined) continue;
      this.#delivered(bulletin, reader, value.version, atUs);
      if (value.version === reader.toldVersion) reader.openedUs ??= atUs;
      this.#confirm(bulletin, reader, {
        version: value.version,
        timeUs: atUs,
        receivedUs: timeUs,
        by: "muster",
        who: value.by,
        language: reader.language,
      });
      this.#setReaderDue(bulletin, reader);
      this.#context.emit({ type: "bulletin-state", timeUs, bulletinId: bulletin.id, personId });
    }
    return true;
  }

  #outside(bulletin: PictureBulletin, change: Outside["change"], timeUs: number): void {
    const version = currentVersion(bulletin);
    if (version === undefined) return;
    if (version.content.settings.audience.partners.length === 0 && bulletin.outside === undefined) return;
    bulletin.outside = { version: version.version, change, timeUs, results: [] };
    const intent = this.#outsideIntent(bulletin);
    if (intent !== undefined) this.#context.emit(intent);
  }
  #outsideIntent(bulletin: Readonly<PictureBulletin>): BulletinOutside | undefined {
    const { outside } = bulletin;
    const settings = currentVersion(bulletin)?.content.settings;
    if (outside === undefined || settings === undefined) return undefined;
    const { version, change, timeUs, results } = outside;
    return {
      type: "bulletin-outside",
      id: `${bulletin.id}/outside/${version}/${change}/${timeUs}`,
      timeUs,
      bulletinId: bulletin.id,
      number: bulletinNumber(bulletin),
      version,
      change,
      partners: settings.audience.partners,
      doneBy: results.map(({ outlet }) => outlet),
      drill: settings.drill,
    };
  }

  // What is due

  #setDue(bulletin: Readonly<PictureBulletin>): void {
    const settings = currentVersion(bulletin)?.content.settings;
    const { due, settings: limits } = this.#context;
    let dueUs: number | undefined;
    if (bulletin.state === "waiting") dueUs = Math.min(settings?.validFromUs ?? 0, settings?.validUntilUs ?? 0);
    else if (bulletin.state === "in-force") dueUs = settings?.validUntilUs;
    else if (bulletin.endedUs !== undefined && bulletin.readers.size > 0) dueUs = bulletin.endedUs + limits.bulletinReadersKeptUs;
    due.set(bulletin.id, dueUs);
  }

  #setReaderDue(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>): void {
    this.#context.due.set(readerKey(bulletin.id, reader.personId), this.#readerDueUs(bulletin, reader));
  }

  #readerDueUs(bulletin: Readonly<PictureBulletin>, reader: Readonly<Reader>): number | undefined {
    if (reader.toTell !== undefined || reader.toShow !== undefined) return 0;
    const times: number[] = [];
    const { telling } = reader;
    if (telling !== undefined && !telling.done)
      times.push((telling.ways.at(-1)?.timeUs ?? telling.beganUs) + this.#context.settings.bulletinNextWayUs);
    const confirming = currentVersion(bulletin)?.content.settings.confirming;
    const overdueUs = this.dueUs(bulletin, reader);
    if (confirming !== undefined && overdueUs !== undefined) {
      if (reader.reminders < confirming.reminders) times.push((reader.remindedUs ?? reader.toldUs ?? 0) + confirming.remindEveryS * S);
      if (reader.overdueUs === undefined) times.push(overdueUs);
      else if (reader.supervisorToldUs === undefined)
        times.push(reader.overdueUs + (reader.leaderToldUs === undefined ? 0 : confirming.supervisorAfterS * S));
    }
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Does what is due of these keys; a reader is a bulletin and a person. */
  settle(keys: readonly string[], timeUs: number): void {
    const overdue = new Map<PictureBulletin, Reader[]>();
    const escalated = new Map<PictureBulletin, Reader[]>();
    for (const key of keys) {
      const at = key.indexOf(" ");
      const bulletin = this.#bulletins.get(at < 0 ? key : key.slice(0, at));
      if (bulletin === undefined) continue;
      if (at < 0) {
        this.#settleBulletin(bulletin, timeUs);
        continue;
      }
      const reader = bulletin.readers.get(key.slice(at + 1));
      if (reader === undefined) continue;
      if (this.#isHeld(bulletin)) {
        this.#context.due.set(key, timeUs + HELD_US);
        continue;
      }
      this.#settleReader(bulletin, reader, timeUs, overdue, escalated);
      this.#setReaderDue(bulletin, reader);
    }
    for (const [bulletin, readers] of overdue) this.#tellLeaders(bulletin, readers, timeUs);
    for (const [bulletin, readers] of escalated) this.#tellSupervisors(bulletin, readers, timeUs);
  }

  #settleBulletin(bulletin: PictureBulletin, timeUs: number): void {
    const settings = currentVersion(bulletin)?.content.settings;
    if (settings === undefined) return;
    if (bulletin.state === "waiting" || bulletin.state === "in-force") {
      this.#context.changed("bulletins");
      bulletin.changedUs = timeUs;
      if (timeUs >= settings.validUntilUs) this.#end(bulletin, "expired", timeUs);
      else if (bulletin.state === "waiting" && timeUs >= settings.validFromUs) {
        bulletin.state = "in-force";
        this.#comeIntoForce(bulletin, timeUs);
      }
    } else if (bulletin.endedUs !== undefined && timeUs >= bulletin.endedUs + this.#context.settings.bulletinReadersKeptUs) {
      this.counts.forgotten += bulletin.readers.size;
      this.#forgetReaders(bulletin);
      return;
    }
    this.#setDue(bulletin);
  }

  #forgetReaders(bulletin: PictureBulletin): void {
    for (const personId of bulletin.readers.keys()) this.#context.due.set(readerKey(bulletin.id, personId), undefined);
    bulletin.readers.clear();
  }

  #settleReader(
    bulletin: PictureBulletin,
    reader: Reader,
    timeUs: number,
    overdue: Map<PictureBulletin, Reader[]>,
    escalated: Map<PictureBulletin, Reader[]>,
  ): void {
    const { toTell } = reader;
    if (reader.toShow !== undefined) {
      delete reader.toShow;
      // What is told is shown with it.
      if (toTell === undefined) this.#context.emit({ type: "bulletin-state", timeUs, bulletinId: bulletin.id, personId: reader.personId });
    }
    if (toTell !== undefined) {
      this.#tell(bulletin, reader, toTell, timeUs);
      this.#context.changed("bulletins");
      return;
    }
    const { telling } = reader;
    const nextWayUs = this.#context.settings.bulletinNextWayUs;
    if (telling !== undefined && !telling.done && timeUs >= (telling.ways.at(-1)?.timeUs ?? telling.beganUs) + nextWayUs)
      this.#nextWay(bulletin, reader, telling, timeUs);
    const confirming = currentVersion(bulletin)?.content.settings.confirming;
    const overdueUs = this.dueUs(bulletin, reader);
    if (confirming === undefined || overdueUs === undefined) return;
    this.#context.changed("bulletins");
    if (reader.reminders < confirming.reminders && timeUs >= (reader.remindedUs ?? reader.toldUs ?? 0) + confirming.remindEveryS * S) {
      reader.reminders += 1;
      reader.remindedUs = timeUs;
      this.#tell(bulletin, reader, "reminder", timeUs);
    }
    const add = (to: Map<PictureBulletin, Reader[]>): void => {
      const readers = to.get(bulletin);
      if (readers === undefined) to.set(bulletin, [reader]);
      else readers.push(reader);
    };
    if (reader.overdueUs === undefined && timeUs >= overdueUs) {
      reader.overdueUs = timeUs;
      if (confirming.leader && this.#leadersOf(reader).length > 0) {
        reader.leaderToldUs = timeUs;
        add(overdue);
      }
    }
    if (reader.overdueUs === undefined || reader.supervisorToldUs !== undefined) return;
    const waitUs = reader.leaderToldUs === undefined ? 0 : confirming.supervisorAfterS * S;
    if (timeUs >= reader.overdueUs + waitUs) {
      reader.supervisorToldUs = timeUs;
      add(escalated);
    }
  }

  /** Leaders of somebody's team: those on shift, and where nobody is, all of them. */
  #leadersOf({ personId, team }: Readonly<Reader>): readonly Readonly<Person>[] {
    if (team === "") return [];
    const leaders = [...this.#context.roster.people.values()].filter(
      ({ definition }) => definition.leader && definition.team === team && definition.id !== personId,
    );
    const onShift = leaders.filter((leader) => leader.onShift);
    return onShift.length > 0 ? onShift : leaders;
  }

  #tellLeaders(bulletin: PictureBulletin, readers: readonly Reader[], timeUs: number): void {
    const byLeader = new Map<string, { readonly leader: Readonly<Person>; readonly about: string[] }>();
    for (const reader of readers) {
      for (const leader of this.#leadersOf(reader)) {
        const known = byLeader.get(leader.definition.id);
        if (known === undefined) byLeader.set(leader.definition.id, { leader, about: [reader.personId] });
        else if (known.about.length < MAX_NAMED) known.about.push(reader.personId);
      }
    }
    for (const {
      leader: { definition },
      about,
    } of byLeader.values()) {
      const usable = definition.ways.filter(({ channel }) => this.#mayUse(bulletin, channel) && !this.#context.isDown(channel));
      const [first] = usable;
      for (const { channel, address } of usable) {
        if (channel !== first?.channel) continue;
        this.#context.emit({
          type: "bulletin-overdue",
          id: `${bulletin.id}/overdue/${timeUs}/${definition.id}/${channel}/${address}`,
          timeUs,
          bulletinId: bulletin.id,
          number: bulletinNumber(bulletin),
          personId: definition.id,
          channel,
          address,
          language: definition.language,
          about,
          drill: this.#isDrill(bulletin),
        });
      }
    }
  }

  #tellSupervisors(bulletin: PictureBulletin, readers: readonly Reader[], timeUs: number): void {
    const about = readers.slice(0, MAX_NAMED).map(({ personId }) => personId);
    this.#context.emit({ type: "bulletin-supervisor", timeUs, bulletinId: bulletin.id, about });
  }
}
