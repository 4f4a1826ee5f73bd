// Telling each person in danger, and going on until there is an answer: notifications, receipts, answers, escalation, and the end of it.
import type { Message } from "@atalaya/words";
import { type Level, LEVELS, rankOf } from "../danger/level.ts";
import type { DangerRules, EscalationStep } from "../danger/rules.ts";
import { type CallList, type Intent, type IntentId, type PersonIntent, referenceOf, type WarningId } from "../intent.ts";
import type { Answer, Channel, LoopRecords, Way } from "../loop-records.ts";
import type { Person, Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import type { Decision, LadderStep, LadderWay, PictureWarning, Rung, Threat } from "./warning.ts";

/** What a drill may reach. Paused by a real danger until somebody lets it go on. */
export interface DrillScope {
  readonly channels: readonly Channel[];
  readonly people: readonly string[];
  pausedUs?: number;
}

export interface LadderContext {
  readonly settings: Settings;
  readonly roster: Roster;
  readonly rulesOf: (warning: Readonly<PictureWarning>) => DangerRules;
  readonly isDown: (channel: Channel) => boolean;
  readonly drill: () => DrillScope | undefined;
  readonly emit: (intent: Intent) => void;
  /** The warning's data changed: officers' screens show it at the next tick. */
  readonly changed: (warning: PictureWarning) => void;
}

/** What a device shows that comes back: the newest word, and the answer that was given to it. */
export interface Holding {
  readonly intent: PersonIntent;
  readonly answer?: Answer;
}

type OverWhy = NonNullable<Rung["over"]>["why"];
type Extra = "type" | "level" | "change" | "times" | "about" | "quiet" | "why";
/** A union kept apart while keys are left out of it. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Particular = T_Particular<PersonIntent>;
type T_Particular<T> = T extends unknown ? Pick<T, Extract<keyof T, Extra>> : never;

/** Addresses of one person at most on one warning: all that a definition may hold, and those of a definition before. */
const MAX_WAYS = 16;

function isLive({ step }: LadderWay): boolean {
  return step === "due" || step === "sent" || step === "delivered" || step === "seen";
}

function hasFailed({ step }: LadderWay): boolean {
  return step === "failed" || step === "no-link";
}

function threatOf(warning: Readonly<PictureWarning>, personId: string): Threat | undefined {
  return warning.threats.find(({ kind, id }) => kind === "person" && id === personId);
}

function newRung({ id, name }: Threat, timeUs: number): Rung {
  return { personId: id, name, sinceUs: timeUs, ways: [], needsHelp: false, intents: 0, steps: [] };
}

export class Ladders {
  readonly #context: LadderContext;
  /** While a warning climbs: the next moment that any of it waits for. */
  #nextUs: number = Number.POSITIVE_INFINITY;

  constructor(context: LadderContext) {
    this.#context = context;
  }

  /**
   * One standing warning: whom to tell, whom it no longer concerns, whose chain goes on. Returns when time alone will next change something: until then
   * it need not be called, as long as nothing else changes that it looks at.
   */
  climb(warning: PictureWarning, timeUs: number): number {
    const { roster } = this.#context;
    this.#nextUs = Number.POSITIVE_INFINITY;
    // Hundreds of people may be on one ladder: each is looked up, not looked for.
    const rungs = new Map(warning.ladder.map((rung) => [rung.personId, rung]));
    const threats = new Map<string, Threat>();
    for (const threat of warning.threats) {
      if (threat.kind !== "person") continue;
      threats.set(threat.id, threat);
      if (!this.#mayTell(warning, threat.id)) continue;
      const rung = rungs.get(threat.id);
      if (rung === undefined) warning.ladder.push(newRung(threat, timeUs));
      else if (rung.over !== undefined) reopen(rung);
    }
    for (const rung of warning.ladder) {
      if (rung.over !== undefined) continue;
      const person = roster.person(rung.personId);
      const threat = threats.get(rung.personId);
      if (person === undefined || !person.onShift) this.#end(warning, rung, "off-shift", timeUs);
      else if (!this.#mayTell(warning, rung.personId)) this.#end(warning, rung, "drill-paused", timeUs);
      else if (threat === undefined) this.#end(warning, rung, "left", timeUs);
      else {
        this.#tellLevel(warning, rung, person, threat, timeUs);
        this.#goOn(warning, rung, person, threat, timeUs);
      }
    }
    return this.#nextUs;
  }

  /** Ends every rung, with what it is to be told. */
  endAll(warning: PictureWarning, why: "all-clear" | "stand-down" | "withdrawn", timeUs: number): void {
    for (const rung of warning.ladder) if (rung.over === undefined) this.#end(warning, rung, why, timeUs);
  }

  /** False when the person is not on this ladder: the answer or receipt is kept elsewhere. */
  receipt(warning: PictureWarning, receipt: LoopRecords["receipt"], timeUs: number): boolean {
    const rung = warning.ladder.find(({ personId }) => personId === receipt.personId);
    if (rung === undefined) return false;
    const { channel, address, step, reason } = receipt;
    this.#log(rung, { timeUs, what: step, channel, address, ...(reason === undefined ? {} : { detail: reason }) });
    const way = rung.ways.find((known) => known.channel === channel && known.address === address);
    this.#context.changed(warning);
    if (way === undefined) return true;
    if (step === "failed" || step === "no-link") {
      // What has arrived is not undone by a late failure.
      if (way.step === "due" || way.step === "sent") {
        way.step = step;
        if (reason !== undefined) way.reason = reason;
      }
      return true;
    }
    if (step === "sent") way.sentUs ??= timeUs;
    if (step === "delivered") way.deliveredUs ??= timeUs;
    if (step === "seen") way.seenUs ??= timeUs;
    const order: readonly string[] = ["due", "sent", "delivered", "seen"];
    if (hasFailed(way) || (isLive(way) && order.indexOf(step) > order.indexOf(way.step))) way.step = step;
    return true;
  }

  answer(warning: PictureWarning, record: LoopRecords["answer"], timeUs: number): boolean {
    const rung = warning.ladder.find(({ personId }) => personId === record.personId);
    if (rung === undefined) return false;
    const { answer, channel, address, keyedBy } = record;
    const how = {
      ...(channel === undefined ? {} : { channel }),
      ...(address === undefined ? {} : { address }),
    };
    rung.answer = {
      answer,
      timeUs,
      level: rung.told ?? warning.level,
      ...how,
      ...(keyedBy === undefined ? {} : { keyedBy }),
    };
    this.#log(rung, { timeUs, what: "answered", detail: answer, ...how, ...(keyedBy === undefined ? {} : { by: keyedBy }) });
    delete rung.chain;
    delete rung.callUs;
    for (const way of rung.ways) {
      if (!isLive(way) || (way.channel === channel && way.address === address)) continue;
      way.step = "cancelled";
      this.#send(warning, rung, way, { type: "cancel", why: "answered" }, this.#messageTo(warning, rung), timeUs);
    }
    if (answer === "need-help") {
      rung.needsHelp = true;
      this.#tellLeaders(warning, rung, "need-help", timeUs);
      this.#call(warning, rung, "need-help", timeUs);
    }
    this.#context.changed(warning);
    return true;
  }

  closeHelp(warning: PictureWarning, { personId, by, reason }: LoopRecords["help-closed"], timeUs: number): boolean {
    const rung = warning.ladder.find((known) => known.personId === personId);
    if (rung === undefined || !rung.needsHelp) return false;
    rung.needsHelp = false;
    delete rung.callUs;
    this.#log(rung, { timeUs, what: "help-closed", by, detail: reason });
    this.#context.changed(warning);
    return true;
  }

  decide(warning: PictureWarning, { level, decision, by, reason }: LoopRecords["decision"], timeUs: number): boolean {
    const asked = warning.decisions.find((known) => known.level === level);
    if (asked === undefined) {
      // Decided before anybody was in danger at that level: it counts when somebody is.
      warning.decisions.push({ level, askedUs: timeUs, dueUs: timeUs, outcome: decision, decidedUs: timeUs, by, reason });
    } else {
      asked.outcome = decision;
      asked.decidedUs = timeUs;
      asked.by = by;
      asked.reason = reason;
    }
    this.#context.changed(warning);
    return true;
  }

  /** The people of one warning go on under another: what they were told and answered stays, and nobody hears a second alarm. */
  carryOver(from: PictureWarning, into: PictureWarning, timeUs: number): void {
    for (const rung of from.ladder) {
      if (rung.over !== undefined && !rung.needsHelp) continue;
      rung.toldAs ??= from.id;
      const own = into.ladder.find(({ personId }) => personId === rung.personId);
      if (own === undefined) {
        into.ladder.push(rung);
        continue;
      }
      if (rung.answer !== undefined && rankOf(rung.answer.level) >= rankOf(own.told)) {
        own.answer ??= rung.answer;
        delete own.chain;
      }
      own.needsHelp ||= rung.needsHelp;
      for (const way of rung.ways) {
        if (!isLive(way)) continue;
        way.step = "cancelled";
        this.#send(from, rung, way, { type: "cancel", why: "not-concerned" }, this.#messageTo(from, rung), timeUs);
      }
    }
    from.ladder = from.ladder.filter((rung) => !into.ladder.includes(rung));
    this.#context.changed(into);
  }

  /** What was to be sent and has no receipt: for outlets that begin after a restart, under the ids it had. */
  pending(warning: PictureWarning): PersonIntent[] {
    const intents: PersonIntent[] = [];
    for (const rung of warning.ladder) {
      if (rung.over !== undefined || rung.told === undefined) continue;
      for (const way of rung.ways) {
        if (way.step !== "due") continue;
        const identity = { id: way.intentId, timeUs: way.dueUs };
        const particular: Particular = { type: "notify", level: rung.told, change: "told" };
        intents.push(this.#made(warning, rung, way, particular, this.#messageTo(warning, rung), identity));
      }
    }
    return intents;
  }

  /** What happens next if this person does not answer, and when. */
  next(
    warning: Readonly<PictureWarning>,
    { chain, over }: Readonly<Rung>,
  ): { readonly action: EscalationStep["action"]; readonly atUs: number } | undefined {
    if (chain === undefined || over !== undefined) return undefined;
    const step = this.#context.rulesOf(warning).escalation[chain.level][chain.next];
    return step === undefined ? undefined : { action: step.action, atUs: chain.fromUs + step.afterS * 1e6 };
  }

  /**
   * What holds now for the people that an address reaches, of warnings that stand and of those that ended lately: for a device that comes back. It gets
   * what holds, under the id that it may have announced already, never the alarm of then; what is over it gets quietly.
   */
  holding(warning: PictureWarning, personId: string, channel: Channel, address: string, timeUs: number): Holding | undefined {
    const rung = warning.ladder.find((known) => known.personId === personId);
    const way = rung?.ways.find((known) => known.channel === channel && known.address === address);
    if (rung === undefined || way === undefined || rung.told === undefined) return undefined;
    const { over, told, answer } = rung;
    if (over === undefined) {
      const identity = { id: way.intentId, timeUs: way.dueUs };
      const made = this.#made(
        warning,
        rung,
        way,
        { type: "notify", level: told, change: "told" },
        this.#messageTo(warning, rung),
        identity,
      );
      return { intent: made, ...(answer === undefined || rankOf(answer.level) < rankOf(told) ? {} : { answer: answer.answer }) };
    }
    if (timeUs - over.timeUs > this.#context.settings.overShownUs) return undefined;
    const id = `${named(warning, rung).warningId}/${personId}/over` as IntentId;
    const type = over.why === "stand-down" ? "stand-down" : "all-clear";
    return { intent: this.#made(warning, rung, way, { type, quiet: true }, overMessage(warning, over.why), { id, timeUs: over.timeUs }) };
  }

  /** A drill reaches its takers only, and nobody while a real danger stands; what was recorded elsewhere reaches nobody. */
  #mayTell({ drill, recorded }: PictureWarning, personId: string): boolean {
    if (recorded) return false;
    if (!drill) return true;
    const scope = this.#context.drill();
    return scope !== undefined && scope.pausedUs === undefined && scope.people.includes(personId);
  }

  // Levels

  /** The highest level up to that of the threat which may go out now. */
  #allowed(warning: PictureWarning, level: Level, timeUs: number): Level | undefined {
    for (let rank = rankOf(level); rank >= 0; rank -= 1) {
      const lower = LEVELS[rank];
      if (lower !== undefined && this.#decision(warning, lower, timeUs) === "send") return lower;
    }
    return undefined;
  }

  #decision(warning: PictureWarning, level: Level, timeUs: number): "send" | "withhold" | undefined {
    const right = this.#context.rulesOf(warning).send[level];
    let asked: Decision | undefined = warning.decisions.find((known) => known.level === level);
    if (asked === undefined) {
      if (right.by === "automatic") return "send";
      asked = { level, askedUs: timeUs, dueUs: timeUs + right.withinS * 1e6 };
      warning.decisions.push(asked);
      this.#context.changed(warning);
    }
    if (asked.outcome === undefined && right.by === "officer" && timeUs >= asked.dueUs) {
      asked.outcome = right.otherwise;
      asked.decidedUs = timeUs;
      asked.reason = "no decision";
      this.#context.changed(warning);
    }
    if (asked.outcome === undefined) this.#nextUs = Math.min(this.#nextUs, asked.dueUs);
    return asked.outcome;
  }

  #tellLevel(warning: PictureWarning, rung: Rung, person: Readonly<Person>, threat: Threat, timeUs: number): void {
    const level = this.#allowed(warning, threat.level, timeUs);
    if (level === undefined || level === rung.told) return;
    const before = rung.told;
    const higher = rankOf(level) > rankOf(before);
    rung.told = level;
    const change = before === undefined ? "told" : higher ? "raised" : "lowered";
    this.#log(rung, { timeUs, what: change, detail: level });
    const asks = higher && (rung.answer === undefined || rankOf(level) > rankOf(rung.answer.level));
    if (asks || rung.chain !== undefined) this.#startChain(warning, rung, level, timeUs);
    if (asks) delete rung.callUs;
    let ways: readonly LadderWay[] = rung.ways.filter((way) => isLive(way) && !this.#context.isDown(way.channel));
    if (ways.length === 0 && higher) ways = this.#open(warning, rung, person, timeUs);
    for (const way of ways) {
      this.#due(way, timeUs);
      this.#send(warning, rung, way, { type: "notify", level, change }, this.#messageTo(warning, rung), timeUs);
    }
    if (ways.length === 0 && higher) this.#unreachable(warning, rung, timeUs);
    this.#context.changed(warning);
  }

  #startChain(warning: PictureWarning, rung: Rung, level: Level, timeUs: number): void {
    if (this.#context.rulesOf(warning).escalation[level].length === 0) delete rung.chain;
    else rung.chain = { level, fromUs: timeUs, next: 0, repeats: 0 };
  }

  // Ways

  #due(way: LadderWay, timeUs: number): void {
    way.step = "due";
    way.dueUs = timeUs;
    delete way.sentUs;
    delete way.deliveredUs;
    delete way.seenUs;
    delete way.reason;
  }

  /** The next ways to try: all devices of the first channel in the person's order that is up and was not tried in vain. Empty: none is left. */
  #open(warning: PictureWarning, rung: Rung, person: Readonly<Person>, timeUs: number): readonly LadderWay[] {
    const { isDown, drill } = this.#context;
    const scope = warning.drill ? drill()?.channels : undefined;
    const allowed = (way: Way): boolean => {
      const { channel, address } = way;
      if (channel === "voice" || isDown(channel) || (warning.drill && scope?.includes(channel) !== true)) return false;
      const known = rung.ways.find((tried) => tried.channel === channel && tried.address === address);
      return known === undefined || known.step === "cancelled";
    };
    const first = person.definition.ways.find(allowed);
    if (first === undefined) return [];
    const opened: LadderWay[] = [];
    for (const way of person.definition.ways) {
      if (way.channel !== first.channel || !allowed(way)) continue;
      let known = rung.ways.find((tried) => tried.channel === way.channel && tried.address === way.address);
      if (known === undefined) {
        if (rung.ways.length >= MAX_WAYS) continue;
        known = { channel: way.channel, address: way.address, step: "due", intentId: "" as IntentId, dueUs: timeUs };
        rung.ways.push(known);
      }
      opened.push(known);
    }
    return opened;
  }

  // Escalation

  /** Whoever has not answered goes on to their next step at the coming tick. False: nobody has one. */
  hasten(warning: PictureWarning, by: string, timeUs: number): boolean {
    let any = false;
    for (const rung of warning.ladder) {
      const next = this.next(warning, rung);
      if (rung.chain === undefined || next === undefined) continue;
      any = true;
      // As if it had begun so much earlier: the steps after that keep their distance.
      rung.chain = { ...rung.chain, fromUs: rung.chain.fromUs - Math.max(0, next.atUs - timeUs) };
      this.#log(rung, { timeUs, what: "hastened", by });
    }
    if (any) this.#context.changed(warning);
    return any;
  }

  #goOn(warning: PictureWarning, rung: Rung, person: Readonly<Person>, threat: Threat, timeUs: number): void {
    const { chain } = rung;
    if (chain === undefined) return;
    const { isDown, rulesOf } = this.#context;
    // Nobody waits for an outlet that is down or slow, or for a device that has no link.
    const waits = rung.ways.some((way) => isLive(way) && (!isDown(way.channel) || way.step === "delivered" || way.step === "seen"));
    if (!waits && rung.callUs === undefined && !this.#nextChannel(warning, rung, person, threat, timeUs))
      this.#unreachable(warning, rung, timeUs);
    const steps: readonly EscalationStep[] = rulesOf(warning).escalation[chain.level];
    for (let step = steps[chain.next]; step !== undefined; step = steps[chain.next]) {
      const dueUs = chain.fromUs + step.afterS * 1e6;
      if (timeUs < dueUs) {
        this.#nextUs = Math.min(this.#nextUs, dueUs);
        return;
      }
      chain.next += 1;
      if (step.action === "repeat") this.#repeat(warning, rung, chain, timeUs);
      else if (step.action === "next-channel") this.#nextChannel(warning, rung, person, threat, timeUs);
      else if (step.action === "team-leader") {
        if (!this.#tellLeaders(warning, rung, "no-answer", timeUs)) this.#call(warning, rung, "no-answer", timeUs);
      } else this.#call(warning, rung, "no-answer", timeUs);
      this.#context.changed(warning);
    }
  }

  #repeat(warning: PictureWarning, rung: Rung, chain: NonNullable<Rung["chain"]>, timeUs: number): void {
    chain.repeats += 1;
    for (const way of rung.ways) {
      if (!isLive(way) || this.#context.isDown(way.channel)) continue;
      this.#send(warning, rung, way, { type: "repeat", level: chain.level, times: chain.repeats }, this.#messageTo(warning, rung), timeUs);
      this.#log(rung, { timeUs, what: "repeated", channel: way.channel, address: way.address });
    }
  }

  #nextChannel(warning: PictureWarning, rung: Rung, person: Readonly<Person>, threat: Threat, timeUs: number): boolean {
    const ways = this.#open(warning, rung, person, timeUs);
    for (const way of ways) {
      this.#due(way, timeUs);
      const level = rung.told ?? threat.level;
      this.#send(warning, rung, way, { type: "notify", level, change: "told" }, this.#messageTo(warning, rung), timeUs);
      this.#log(rung, { timeUs, what: "told", channel: way.channel, address: way.address, detail: "next-channel" });
    }
    if (ways.length > 0) this.#context.changed(warning);
    return ways.length > 0;
  }

  /** No way is left: the leader and the officer's call list at once. */
  #unreachable(warning: PictureWarning, rung: Rung, timeUs: number): void {
    if (rung.callUs !== undefined || rung.chain === undefined) return;
    this.#tellLeaders(warning, rung, "no-link", timeUs);
    this.#call(warning, rung, "no-link", timeUs);
    this.#context.changed(warning);
  }

  #call(warning: PictureWarning, rung: Rung, why: CallList["why"], timeUs: number): void {
    if (rung.callUs !== undefined) return;
    rung.callUs = timeUs;
    this.#log(rung, { timeUs, what: "call-list", detail: why });
    this.#context.emit({
      type: "call-list",
      id: this.#nextId(warning, rung),
      timeUs,
      ...named(warning, rung),
      personId: rung.personId,
      why,
      drill: warning.drill,
    });
  }

  /** False when the team has no leader on shift who can be told. */
  #tellLeaders(warning: PictureWarning, rung: Rung, why: CallList["why"], timeUs: number): boolean {
    const { roster, isDown, drill } = this.#context;
    const team = roster.person(rung.personId)?.definition.team;
    if (team === undefined || team === "") return false;
    const scope = warning.drill ? drill() : undefined;
    let told = false;
    for (const { definition, onShift } of roster.people.values()) {
      if (!definition.leader || !onShift || definition.team !== team || definition.id === rung.personId) continue;
      if (!this.#mayTell(warning, definition.id)) continue;
      const way = definition.ways.find(
        ({ channel }) => channel !== "voice" && !isDown(channel) && (scope === undefined || scope.channels.includes(channel)),
      );
      if (way === undefined) continue;
      told = true;
      this.#context.emit({
        type: "escalate",
        id: this.#nextId(warning, rung),
        timeUs,
        ...named(warning, rung),
        personId: definition.id,
        ...way,
        language: definition.language,
        message: { key: "unanswered", why, name: rung.name },
        drill: warning.drill,
        about: rung.personId,
      });
      this.#log(rung, { timeUs, what: "leader-told", channel: way.channel, by: definition.name, detail: why });
    }
    if (told) rung.leaderToldUs = timeUs;
    return told;
  }

  // The end

  #end(warning: PictureWarning, rung: Rung, why: OverWhy, timeUs: number): void {
    rung.over = { timeUs, why };
    delete rung.chain;
    if (!rung.needsHelp) delete rung.callUs;
    this.#context.changed(warning);
    if (rung.told === undefined) return;
    this.#log(rung, { timeUs, what: "over", detail: why });
    const message = overMessage(warning, why);
    const type = why === "stand-down" ? "stand-down" : "all-clear";
    for (const way of rung.ways) {
      if (way.step === "failed") continue;
      const quiet = way.step === "due" || way.step === "no-link" || way.step === "cancelled";
      this.#send(warning, rung, way, { type, quiet }, message, timeUs);
      if (isLive(way)) way.step = "cancelled";
    }
  }

  // Intents

  #nextId(warning: PictureWarning, rung: Rung): IntentId {
    rung.intents += 1;
    return `${named(warning, rung).warningId}/${rung.personId}/${rung.intents}` as IntentId;
  }

  #send(warning: PictureWarning, rung: Rung, way: LadderWay, particular: Particular, message: Message, timeUs: number): void {
    const id = this.#nextId(warning, rung);
    if (particular.type === "notify") way.intentId = id;
    this.#context.emit(this.#made(warning, rung, way, particular, message, { id, timeUs }));
  }

  #made(
    warning: PictureWarning,
    rung: Rung,
    { channel, address }: LadderWay,
    particular: Particular,
    message: Message,
    identity: { readonly id: IntentId; readonly timeUs: number },
  ): PersonIntent {
    const person = this.#context.roster.person(rung.personId);
    const position = person?.position;
    const general: Without<PersonIntent, Extra> = {
      ...identity,
      ...named(warning, rung),
      personId: rung.personId,
      channel,
      address,
      language: person?.definition.language ?? "en",
      message,
      drill: warning.drill,
      ...(position?.facingDeg !== undefined && identity.timeUs - position.timeUs <= FACING_KEPT_US
        ? { facingDeg: position.facingDeg }
        : {}),
    };
    return { ...general, ...particular };
  }

  /** The danger in figures from where this person is, or from the post by which the person is judged. */
  #messageTo(warning: PictureWarning, rung: Rung): Message {
    const threat = threatOf(warning, rung.personId);
    const key = rung.told ?? warning.level;
    const lost = warning.changedUs - warning.lastHeardUs >= this.#context.settings.coastAfterUs;
    const general = { key, ...(warning.count > 1 ? { count: warning.count } : {}), ...(lost ? { lastHeardUs: warning.lastHeardUs } : {}) };
    if (threat === undefined || threat.basis === "unknown") return general;
    const { azimuthDeg, centreDistanceM, reachesInS, leaving } = threat;
    return {
      ...general,
      azimuthDeg: Math.round(azimuthDeg),
      distanceM: Math.round(centreDistanceM),
      // Nobody is given seconds counted from a course that was last heard of a while ago.
      ...(reachesInS === undefined || lost ? {} : { reachesInS: Math.round(reachesInS) }),
      ...(leaving ? { leaving } : {}),
    };
  }

  #log(rung: Rung, step: LadderStep): void {
    // How it began stays.
    if (rung.steps.length >= this.#context.settings.maxStepsPerPerson) rung.steps.splice(1, 1);
    rung.steps.push(step);
  }
}

/** People turn: a facing is told on only for so long. */
const FACING_KEPT_US = 10_000_000;

/** The id and reference that the person's devices know. */
function named({ id, reference }: PictureWarning, { toldAs }: Rung): { readonly warningId: WarningId; readonly reference: string } {
  return toldAs === undefined ? { warningId: id, reference } : { warningId: toldAs, reference: referenceOf(toldAs) };
}

/** Back in danger, or back on shift: told anew, as somebody who was never told. What was, stays in the steps. */
function reopen(rung: Rung): void {
  delete rung.over;
  delete rung.told;
  delete rung.answer;
  delete rung.leaderToldUs;
  for (const way of rung.ways) way.step = "cancelled";
}

function overMessage(warning: PictureWarning, why: OverWhy): Message {
  const { lastHeardUs, lastCourseDeg, foremost, benign } = warning;
  switch (why) {
    case "stand-down":
      return { key: "stand-down", what: benign?.what ?? "nothing", ...(benign?.name === undefined ? {} : { name: benign.name }) };
    case "all-clear":
      return {
        key: "all-clear",
        ...(foremost.kind === "zone" ? { place: foremost.name } : {}),
        lastHeardUs,
        ...(lastCourseDeg === undefined ? {} : { leavingDeg: Math.round(lastCourseDeg) }),
      };
    default:
      return { key: "not-concerned", why, lastHeardUs };
  }
}
