// Reports in the words of the protocol: for officers, for the reporter, for leaders.
import {
  isOpen,
  type KnownMedia,
  type Picture,
  type PictureIncident,
  type PictureReport,
  type TellLeader,
  wedgeOf,
} from "@atalaya/picture";
import type { DeviceInfo, Incident, KnownPlace, MediaState, MyReport, Report, ReportState, TeamReport } from "@atalaya/protocol";
import { messageText } from "@atalaya/words";
import type { Sector } from "../sector.ts";
import { defined } from "./defined.ts";
import { utcOffsetMin } from "./local-time.ts";
import { sectorInfo } from "./present.ts";

/** Bytes that are here of a file. */
export type Have = (media: Readonly<KnownMedia>) => number;

const ms = (us: number): number => us / 1000;

function stateOf(report: Readonly<PictureReport>): ReportState {
  if (report.takenBack !== undefined) return "taken-back";
  if (!isOpen(report)) return "closed";
  return report.opened.centre !== undefined || report.opened.leadership !== undefined ? "opened" : "received";
}

export function mediaState(media: Readonly<KnownMedia>, have: Have): MediaState {
  const { id, kind, type, bytes, sha256, whole, removed } = media;
  return { id, kind, type: type as MediaState["type"], bytes, sha256, have: have(media), done: whole, removed };
}

function questionsOf({ questions }: Readonly<PictureReport>, withNames: boolean): MyReport["questions"] {
  return questions.map(({ id, by, timeUs, text, answer }) =>
    defined({
      id,
      askedMs: ms(timeUs),
      by: withNames ? by : undefined,
      text,
      answer: answer === undefined ? undefined : { text: answer.text, timeMs: ms(answer.timeUs) },
    }),
  );
}

function outcomeOf({ outcome, toldOutcome }: Readonly<PictureReport>, withNames: boolean): MyReport["outcome"] {
  if (outcome === undefined) return undefined;
  return defined({
    outcome: outcome.outcome,
    timeMs: ms(outcome.timeUs),
    note: outcome.note,
    by: withNames ? outcome.by : undefined,
    toldMs: toldOutcome === undefined ? undefined : ms(toldOutcome.timeUs),
  });
}

export function reportOf(report: Readonly<PictureReport>, picture: Picture, have: Have): Report {
  const { told } = report;
  const wedge = wedgeOf(told);
  const person = told.personId === undefined ? undefined : picture.person(told.personId)?.definition;
  const opened = (side: "leadership" | "centre"): { by: string; timeMs: number } | undefined => {
    const done = report.opened[side];
    return done === undefined ? undefined : { by: done.by, timeMs: ms(done.timeUs) };
  };
  const { takenBack } = report;
  return defined({
    id: told.id,
    reference: report.reference,
    state: stateOf(report),
    how: told.how,
    drill: told.drill,
    receivedMs: ms(report.receivedUs),
    lateS: Math.max(0, (report.receivedUs - report.observedUs) / 1e6),
    reporter: defined({
      personId: told.personId,
      name: person?.name ?? told.caller?.name,
      team: person?.team,
      callBack: told.caller?.callBack,
    }),
    keyedBy: told.keyedBy,
    observedMs: ms(report.observedUs),
    observedErrorS: told.observedErrorS,
    firstSeenMs: told.firstSeenUs === undefined ? undefined : ms(told.firstSeenUs),
    lastSeenMs: told.lastSeenUs === undefined ? undefined : ms(told.lastSeenUs),
    observer: defined({ ...told.observer }),
    direction: told.direction,
    elevation: told.elevation,
    range: told.range,
    sound: told.sound,
    count: told.count,
    type: told.type,
    doing: told.doing,
    headingWord: told.headingWord,
    carrying: told.carrying,
    lights: told.lights as Report["lights"],
    operator: told.operator,
    fallen: told.fallen,
    atRisk: told.atRisk,
    note: told.note,
    language: told.language,
    wedge: wedge === undefined ? undefined : { latDeg: told.observer.latDeg, lonDeg: told.observer.lonDeg, ...wedge },
    incident: report.incident,
    tracks: [...report.tracks],
    findings: report.findings.map(({ code, values }) => ({ code, values: { ...values } })),
    opened: defined({ leadership: opened("leadership"), centre: opened("centre") }),
    leaders: report.leaders.map(({ personId, toldUs, ways, reachedBy }) =>
      defined({
        personId,
        name: picture.person(personId)?.definition.name ?? personId,
        toldMs: toldUs === undefined ? undefined : ms(toldUs),
        by: [...new Set(reachedBy.map(({ channel }) => channel))],
        unreached: ways.every(({ step }) => step === "failed" || step === "no-link"),
      }),
    ),
    reminders: report.reminders,
    outcome: outcomeOf(report, true),
    takenBack: takenBack === undefined ? undefined : defined({ by: takenBack.by, timeMs: ms(takenBack.timeUs), reason: takenBack.reason }),
    questions: questionsOf(report, true),
    media: report.media.map((media) => mediaState(media, have)),
  }) as Report;
}

export function datedPosition(position: PictureIncident["position"], reports: readonly string[]): Incident["position"] {
  return position === undefined
    ? undefined
    : defined({
        timeMs: ms(position.timeUs),
        latDeg: position.latDeg,
        lonDeg: position.lonDeg,
        ellipse: { ...position.ellipse },
        heightAboveObserverM: position.heightM,
        reports: [...reports],
      });
}

export function incidentOf({ id, reports, firstUs, lastUs, position }: Readonly<PictureIncident>, picture: Picture): Incident {
  return defined({
    id,
    reference: picture.report(id)?.reference ?? picture.report(reports[0] ?? "")?.reference ?? id,
    firstMs: ms(firstUs),
    lastMs: ms(lastUs),
    reports: [...reports],
    position: datedPosition(position, reports),
    open: reports.some((known) => {
      const report = picture.report(known);
      return report !== undefined && isOpen(report);
    }),
  });
}

export function myReportOf(report: Readonly<PictureReport>, have: Have): MyReport {
  const { told, opened } = report;
  return defined({
    id: told.id,
    reference: report.reference,
    receivedMs: ms(report.receivedUs),
    observedMs: ms(report.observedUs),
    state: stateOf(report),
    openedMs: defined({
      leadership: opened.leadership === undefined ? undefined : ms(opened.leadership.timeUs),
      centre: opened.centre === undefined ? undefined : ms(opened.centre.timeUs),
    }),
    outcome: outcomeOf(report, false),
    questions: questionsOf(report, false),
    media: report.media.map((media) => mediaState(media, have)),
    checkCompass: isOpen(report) && report.findings.some(({ code }) => code === "direction-disagrees"),
  });
}

export function teamReportOf(report: Readonly<PictureReport>, picture: Picture): TeamReport {
  const { told, opened } = report;
  const azimuth = wedgeOf(told)?.azimuthDeg;
  const person = told.personId === undefined ? undefined : picture.person(told.personId)?.definition;
  return defined({
    id: told.id,
    reference: report.reference,
    reporter: person?.name ?? told.caller?.name ?? "",
    observedMs: ms(report.observedUs),
    receivedMs: ms(report.receivedUs),
    atRisk: told.atRisk,
    drill: told.drill,
    azimuthDeg: azimuth,
    place: told.observer.name,
    reminder: report.reminders,
    openedMs: opened.leadership === undefined ? undefined : ms(opened.leadership.timeUs),
    takenBackMs: report.takenBack === undefined ? undefined : ms(report.takenBack.timeUs),
  });
}

/** What a leader is told of a report where there is no screen of ours: the sentence, and what it is about. */
export function teamLetterOf({
  id,
  change,
  reportId,
  reference,
  personId,
  timeUs,
  drill,
  language,
  message,
  atRisk,
  reminder,
}: TellLeader): {
  readonly [key: string]: string | number | boolean;
} {
  return {
    id,
    kind: "team-report",
    change,
    reportId,
    reference,
    personId,
    timeMs: ms(timeUs),
    drill,
    language,
    text: messageText(message, language, { drill, utcOffsetMin: utcOffsetMin(timeUs) }),
    atRisk,
    reminder,
  };
}

/** Radius within which a post's staff stand, where its zone is an area, m. */
const POLYGON_ERROR_M = 200;

/** Places that a report may name: posts, areas, and landmarks. */
export function knownPlaces(picture: Picture): readonly KnownPlace[] {
  const landmarks = picture.surroundings.landmarks.map(({ id, nameEn, nameEs, latDeg, lonDeg, errorM }) => ({
    id,
    name: nameEn,
    ...(nameEs === nameEn ? {} : { nameEs }),
    kind: "landmark" as const,
    latDeg,
    lonDeg,
    errorM,
  }));
  const zones = picture.zones().map(({ id, name, kind: zoneKind, shape }) => {
    const kind = zoneKind === "post" ? ("post" as const) : ("landmark" as const);
    if (shape.type === "circle") return { id, name, kind, ...shape.centre, errorM: shape.radiusM };
    const { ring } = shape;
    const latDeg = ring.reduce((sum, corner) => sum + corner.latDeg, 0) / ring.length;
    const lonDeg = ring.reduce((sum, corner) => sum + corner.lonDeg, 0) / ring.length;
    return { id, name, kind, latDeg, lonDeg, errorM: POLYGON_ERROR_M };
  });
  return [...zones, ...landmarks];
}

export const HEARTBEAT_EVERY_S = 20;

export function deviceInfo(sector: Sector, personId: string): DeviceInfo | undefined {
  const { picture } = sector;
  const person = picture.person(personId);
  if (person === undefined) return undefined;
  const { id, name, language, team, leader } = person.definition;
  const { name: sectorName, mode, centre, timeZone } = sectorInfo(sector);
  return {
    person: { id, name, language, team, leader },
    onShift: person.onShift,
    sector: { name: sectorName, mode, centre: { ...centre }, timeZone },
    timeMs: picture.timeUs / 1000,
    heartbeatEveryS: HEARTBEAT_EVERY_S,
    places: [...knownPlaces(picture)],
  };
}
