// Warnings in the words of the protocol: for officers whole, for viewers without whom of us they threaten, for a device in its reader's own words.
import { type Holding, type PersonIntent, type Picture, type PictureWarning, rungStep } from "@atalaya/picture";
import type { LadderStep, Notice, Rung, StrayAnswer, Threat, Warning, WarningDetail } from "@atalaya/protocol";
import { messageText } from "@atalaya/words";
import { defined } from "./defined.ts";
import { utcOffsetMin } from "./local-time.ts";

type PictureThreat = PictureWarning["threats"][number];
type PictureRung = PictureWarning["ladder"][number];

const ms = (us: number | undefined): number | undefined => (us === undefined ? undefined : us / 1000);

function threatOf({ key: _key, sinceUs, lowerSinceUs: _lower, ...threat }: Readonly<PictureThreat>): Threat {
  return { ...threat, sinceMs: sinceUs / 1000 };
}

/** The foremost threat first: the list begins with what the figures of the card are taken from. */
function threatsOf({ threats, foremost }: Readonly<PictureWarning>): Threat[] {
  return [...threats].sort((a, b) => Number(b === foremost) - Number(a === foremost)).map(threatOf);
}

/** When the step that a person stands at was reached. */
function stepUs(rung: Readonly<PictureRung>, step: Rung["step"]): number {
  const newest = (us: (way: PictureRung["ways"][number]) => number | undefined): number =>
    Math.max(rung.sinceUs, ...rung.ways.map((way) => us(way) ?? 0));
  switch (step) {
    case "needs-help":
    case "answered":
      return rung.answer?.timeUs ?? rung.sinceUs;
    case "over":
      return rung.over?.timeUs ?? rung.sinceUs;
    case "escalated":
      return rung.callUs ?? rung.sinceUs;
    case "seen":
      return newest(({ seenUs }) => seenUs);
    case "delivered":
      return newest(({ deliveredUs }) => deliveredUs);
    case "sent":
      return newest(({ sentUs }) => sentUs);
    default:
      return rung.ways.length === 0 ? rung.sinceUs : newest(({ dueUs }) => dueUs);
  }
}

function rungOf(picture: Picture, warning: Readonly<PictureWarning>, rung: Readonly<PictureRung>): Rung {
  const step = rungStep(rung);
  const next = picture.nextStep(warning, rung);
  const told = rung.steps.findLast(({ what }) => what === "told" || what === "raised" || what === "lowered");
  return defined({
    personId: rung.personId,
    name: rung.name,
    step,
    stepMs: stepUs(rung, step) / 1000,
    told: rung.told,
    toldMs: rung.told === undefined ? undefined : ms(told?.timeUs),
    ways: rung.ways.map(({ channel, step: wayStep, dueUs, sentUs, deliveredUs, seenUs, reason }) =>
      defined({
        channel,
        step: wayStep,
        dueMs: dueUs / 1000,
        sentMs: ms(sentUs),
        deliveredMs: ms(deliveredUs),
        seenMs: ms(seenUs),
        reason,
      }),
    ),
    answer:
      rung.answer === undefined
        ? undefined
        : defined({
            answer: rung.answer.answer,
            timeMs: rung.answer.timeUs / 1000,
            level: rung.answer.level,
            channel: rung.answer.channel,
            keyedBy: rung.answer.keyedBy,
          }),
    needsHelp: rung.needsHelp,
    next: next === undefined ? undefined : { action: next.action, atMs: next.atUs / 1000 },
    leaderToldMs: ms(rung.leaderToldUs),
    callMs: ms(rung.callUs),
    over: rung.over === undefined ? undefined : { timeMs: rung.over.timeUs / 1000, why: rung.over.why },
  });
}

/** What officers and viewers see alike. */
type Common = Omit<Warning, "foremost" | "threats" | "people" | "ladder" | "why">;

function commonOf(warning: Readonly<PictureWarning>): Common {
  return {
    id: warning.id,
    reference: warning.reference,
    level: warning.level,
    state: warning.state,
    trackNumber: warning.trackNumber,
    trackId: warning.trackId,
    tracks: [...warning.tracks],
    count: warning.count,
    drill: warning.drill,
    recorded: warning.recorded,
    raisedMs: warning.raisedUs / 1000,
    changedMs: warning.changedUs / 1000,
    rulesVersion: warning.rulesVersion,
    decisions: warning.decisions.map(({ level, askedUs, dueUs, outcome, decidedUs, by, reason }) =>
      defined({ level, askedMs: askedUs / 1000, dueMs: dueUs / 1000, outcome, decidedMs: ms(decidedUs), by, reason }),
    ),
    ...defined({
      acknowledgedBy: warning.acknowledgedBy,
      acknowledgedMs: ms(warning.acknowledgedUs),
      clearedMs: ms(warning.clearedUs),
      clearedReason: warning.clearedReason,
      verdict: warning.reviews.at(-1)?.verdict,
      benign: warning.benign === undefined ? undefined : { ...warning.benign },
      mergedInto: warning.mergedInto,
      shelved:
        warning.shelved === undefined
          ? undefined
          : { untilMs: warning.shelved.untilUs / 1000, by: warning.shelved.by, reason: warning.shelved.reason },
    }),
    lastHeardMs: warning.lastHeardUs / 1000,
    lastPlace: { ...warning.lastPlace },
    ringM: warning.ringM,
    sources: [...warning.sources],
  };
}

/** How many people stand at which step. */
function countsOf({ ladder }: Readonly<PictureWarning>): Warning["people"] {
  const people: Warning["people"] = {};
  for (const rung of ladder) {
    const step = rungStep(rung);
    people[step] = (people[step] ?? 0) + 1;
  }
  return people;
}

export function warningOf(warning: Readonly<PictureWarning>, picture: Picture): Warning {
  return {
    ...commonOf(warning),
    foremost: threatOf(warning.foremost),
    threats: threatsOf(warning),
    people: countsOf(warning),
    ladder: warning.ladder.map((rung) => rungOf(picture, warning, rung)),
    why: warning.why.map(({ code, timeUs, values }) => ({ code, timeMs: timeUs / 1000, values: { ...values } })),
  };
}

/** Distances and directions from a person to a drone whose place is known say where the person is: a viewer gets neither names nor those. */
export function forViewer(warning: Readonly<PictureWarning>): Warning {
  return {
    ...commonOf(warning),
    foremost: withoutPerson(threatOf(warning.foremost)),
    threats: threatsOf({ ...warning, threats: warning.threats.filter(({ kind }) => kind === "zone") }),
    people: countsOf(warning),
    why: warning.why.map(({ code, timeUs, values: { person, ...values } }) => ({
      code,
      timeMs: timeUs / 1000,
      values: person === undefined ? values : {},
    })),
  };
}

function withoutPerson(threat: Threat): Threat {
  const { kind, sinceMs, level, because, descent, leaving, reachesInS } = threat;
  if (kind === "zone") return threat;
  // Seconds say nothing of the place.
  return defined({ kind, id: "", name: "", sinceMs, level, because, descent, leaving, reachesInS });
}

export function warningDetail(warning: Readonly<PictureWarning>, picture: Picture): WarningDetail {
  return {
    ...warningOf(warning, picture),
    path: warning.path.map(([timeUs, latDeg, lonDeg]) => ({ timeMs: timeUs / 1000, latDeg, lonDeg })),
    reviews: warning.reviews.map(({ timeUs, ...review }) => ({ timeMs: timeUs / 1000, ...review })),
    lanes: warning.ladder.map(({ personId, name, steps }) => ({
      personId,
      name,
      steps: steps.map(
        ({ timeUs, what, channel, by, detail }): LadderStep => defined({ timeMs: timeUs / 1000, what, channel, by, detail }),
      ),
    })),
  };
}

export function strayOf({
  timeUs,
  warningId,
  personId,
  answer,
  channel,
  keyedBy,
  why,
}: ReturnType<Picture["strayAnswers"]>[number]): StrayAnswer {
  return defined({ timeMs: timeUs / 1000, warningId, personId, answer, channel, keyedBy, why });
}

/** What a device is told: the sentence, and its figures for what a screen draws. */
export function noticeOf(intent: Readonly<PersonIntent>, answered?: Holding["answer"]): Notice {
  const { message } = intent;
  const figures =
    message.key === "warning" || message.key === "caution" || message.key === "advisory"
      ? {
          azimuthDeg: message.azimuthDeg,
          distanceM: message.distanceM,
          reachesInS: message.reachesInS,
          count: message.count,
          lastHeardMs: ms(message.lastHeardUs),
        }
      : {};
  const level = intent.type === "notify" || intent.type === "repeat" ? intent.level : undefined;
  const facing = intent.facingDeg === undefined ? {} : { facingDeg: intent.facingDeg };
  return defined({
    id: intent.id,
    kind: intent.type,
    warningId: intent.warningId,
    reference: intent.reference,
    personId: intent.personId,
    timeMs: intent.timeUs / 1000,
    drill: intent.drill,
    language: intent.language,
    text: messageText(message, intent.language, { ...facing, utcOffsetMin: utcOffsetMin(intent.timeUs), drill: intent.drill }),
    level,
    times: intent.type === "repeat" ? intent.times : undefined,
    quiet: intent.type === "all-clear" || intent.type === "stand-down" ? intent.quiet : undefined,
    why: intent.type === "cancel" ? intent.why : undefined,
    asks: (level === "caution" || level === "warning") && answered === undefined,
    answered,
    ...figures,
  });
}
