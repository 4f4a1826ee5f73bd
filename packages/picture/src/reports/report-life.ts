// The life of reports: received, opened by the reporter's leadership and by the centre, decided, and told to the reporter. Nobody's report is lost in
// a list: who does not open one is reminded.
import { flatDistanceM } from "@atalaya/geodesy";
import type { TypedRecord } from "../entry.ts";
import type { IntentId, TellLeader, WarningId } from "../intent.ts";
import type { Channel, Way } from "../loop-records.ts";
import type { Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import type { Track } from "../track.ts";
import { mayBeOne, placedOf } from "./joining.ts";
import { type Measurement, measurementOf, rangeTogether } from "./meaning.ts";
import { fixOf, type PastFix } from "./position.ts";
import { type Credibility, credibilityOf, Ratings, type RatingsImage, type Reliability, trustOf } from "./ratings.ts";
import {
  isOpen,
  type KnownMedia,
  type PictureIncident,
  type PictureReport,
  type ReportFinding,
  type ReportLeader,
  weighs,
} from "./report.ts";
import type { ReportRecords, SightingReport } from "./report-records.ts";

/** What is wanted done outside because of a report. */
export type ReportIntent =
  /** Show it as it now stands: on officers' screens, and on its reporter's own device. */
  | { readonly type: "report"; readonly timeUs: number; readonly reportId: string; readonly change: "received" | "changed" | "reminder" }
  | TellLeader;

/** What a report that is not told to its end would be: see `preview`. */
export interface ReportPreview {
  readonly report: PictureReport;
  readonly same: readonly { readonly incident: string; readonly reportId: string; readonly position?: PastFix }[];
  /** Numbers of tracks. */
  readonly tracks: readonly number[];
}

/** What a report does to the rest of the picture. */
export interface ReportEffects {
  /** A measurement for the tracker, as soft as it is. `slot`: which of the tracker's places for reports it takes. */
  sense(report: PictureReport, measurement: Measurement, slot: number): void;
  /** Somebody is at risk now: the track that stands for it. Undefined: there is no room. */
  risk(report: PictureReport): number | undefined;
  /** Whether a person may be told by this channel now: it is up, and a drill reaches both. */
  mayTell(personId: string, channel: Channel, drill: boolean): boolean;
  /** Whether a drill names this person. */
  drillReaches(personId: string): boolean;
  /** It no longer stands; those told through it are told. */
  riskOver(report: PictureReport, by: string): void;
}

export interface ReportCounts {
  /** Records of a report that was known. */
  repeated: number;
  /** Forgotten above the limit: the journal has them. */
  forgotten: number;
  /** Not given to the tracker, since there were too many at once. */
  notFused: number;
}

export interface ReportLifeImage {
  readonly reports: readonly PictureReport[];
  readonly incidents: readonly PictureIncident[];
  readonly ratings: RatingsImage;
  readonly reach: readonly (readonly [person: string, devices: readonly DeviceReach[]])[];
  readonly counts: ReportCounts;
  readonly fedUs: readonly number[];
  readonly fed: number;
  readonly unlocated: readonly string[];
}

export interface DeviceReach {
  readonly device: string;
  readonly reach: "up" | "limited" | "cut-off";
  readonly lacks: readonly string[];
  readonly sinceUs: number;
}

export const REPORT_KINDS: ReadonlySet<string> = new Set<keyof ReportRecords>([
  "report",
  "report-more",
  "report-opened",
  "report-told-leader",
  "report-leader-receipt",
  "report-outcome",
  "report-told",
  "report-taken-back",
  "report-question",
  "report-answer",
  "report-incident",
  "report-grade",
  "grading-look",
  "media",
  "media-whole",
  "media-look",
  "media-removed",
  "device-reach",
]);

/** Places for reports in the tracker: a place is taken again no sooner than the tracker has settled what came through it. */
const SLOTS = 64;
const SLOT_US = 20e6;
/** Incidents that are offered for a call. */
const MAX_SAME = 5;
/** Times that a reporter may add to one report. */
const MAX_ADDED = 20;
/** Incidents looked through for one report, the newest first, and reports of each. */
const MAX_CANDIDATES = 50;
const MAX_COMPARED = 5;
/** Reports that a new position is held against, the newest; and how near in time they must be, µs. */
const MAX_LATELY = 100;
const TOGETHER_US = 60e6;
/** Incidents located in one tick, the others in the next; and reports of one shown anew because of it. */
const MAX_LOCATED = 4;
const MAX_SHOWN = 20;
/** Ways by which one leader was ever reached about one report. */
const MAX_REACHED = 16;
/** Devices of one person. */
const MAX_DEVICES = 8;
/** A track counts as seen from where the reporter stood within this, m; one nearer than the other limit would have been pointed at. */
const SEEN_WITHIN_M = 2500;
const SURELY_SEEN_M = 800;
/** How far from every known thing a direction must be before it is said to disagree: σ, and degrees. */
const DISAGREES_SIGMA = 3;
const DISAGREES_DEG = 60;
const AGREES_SIGMA = 2.5;
const CLOCK_OFF_US = 5e6;

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What is said aloud of a report: the number of its entry. */
function referenceOf(seq: number, drill: boolean): string {
  let rest = seq;
  let text = "";
  do {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return `${drill ? "D-" : ""}S-${text.padStart(4, "0")}`;
}

interface Seen {
  readonly distanceM: number;
  readonly azimuthDeg: number;
}

function seenFrom(
  from: { readonly latDeg: number; readonly lonDeg: number },
  to: { readonly latDeg: number; readonly lonDeg: number },
): Seen {
  const north = flatDistanceM(from.latDeg, from.lonDeg, to.latDeg, from.lonDeg) * Math.sign(to.latDeg - from.latDeg);
  const east = flatDistanceM(to.latDeg, from.lonDeg, to.latDeg, to.lonDeg) * Math.sign(to.lonDeg - from.lonDeg);
  return { distanceM: Math.hypot(north, east), azimuthDeg: ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360 };
}

function turnDeg(a: number, b: number): number {
  const turn = Math.abs(a - b) % 360;
  return turn > 180 ? 360 - turn : turn;
}

/** Where a track was at a time: from its history, or where it is now if that is as near. Undefined: it is not known within five seconds. */
function placeAt(track: Readonly<Track>, timeUs: number): { readonly latDeg: number; readonly lonDeg: number } | undefined {
  let best: { readonly latDeg: number; readonly lonDeg: number } | undefined;
  let nearest = 5e6;
  if (Math.abs(track.lastUs - timeUs) <= nearest) {
    best = track;
    nearest = Math.abs(track.lastUs - timeUs);
  }
  for (let k = track.history.length - 1; k >= 0; k -= 1) {
    const point = track.history[k];
    if (point === undefined) break;
    const apart = Math.abs(point.timeUs - timeUs);
    if (apart < nearest) {
      nearest = apart;
      best = point;
    } else if (point.timeUs < timeUs - nearest) break;
  }
  return best;
}

export class ReportLife {
  readonly #settings: Settings;
  readonly #roster: Roster;
  readonly #effects: ReportEffects;
  readonly #reports = new Map<string, PictureReport>();
  readonly #incidents = new Map<string, PictureIncident>();
  readonly #media = new Map<string, KnownMedia>();
  readonly #ratings: Ratings = new Ratings();
  readonly #reach = new Map<string, DeviceReach[]>();
  /** Reports that somebody has yet to open. Derived. */
  readonly #due = new Set<string>();
  /** Incidents whose position is to be worked out. */
  readonly #unlocated = new Set<string>();
  readonly counts: ReportCounts = { repeated: 0, forgotten: 0, notFused: 0 };
  /** When each of the tracker's places was taken last. */
  #fedUs: number[] = [];
  #fed = 0;
  #intents: ReportIntent[] = [];

  constructor(settings: Settings, roster: Roster, effects: ReportEffects) {
    this.#settings = settings;
    this.#roster = roster;
    this.#effects = effects;
  }

  // Reads

  get reports(): ReadonlyMap<string, Readonly<PictureReport>> {
    return this.#reports;
  }
  get incidents(): ReadonlyMap<string, Readonly<PictureIncident>> {
    return this.#incidents;
  }
  media(id: string): Readonly<KnownMedia> | undefined {
    return this.#media.get(id);
  }
  reachOf(personId: string): readonly DeviceReach[] {
    return this.#reach.get(personId) ?? [];
  }
  /** Whether time alone can still change something here. */
  get waits(): boolean {
    return this.#due.size > 0 || this.#unlocated.size > 0;
  }
  get hasIntents(): boolean {
    return this.#intents.length > 0;
  }
  takeIntents(): readonly ReportIntent[] {
    const taken = this.#intents;
    this.#intents = [];
    return taken;
  }
  /** A person's own letter, for that person. */
  reliabilityOf(personId: string, timeUs: number): { readonly reliability: Reliability; readonly reports: number } {
    return this.#ratings.of(personId, timeUs);
  }
  /** The two ratings of one report, for who grades it. */
  gradingOf(
    report: Readonly<PictureReport>,
    timeUs: number,
  ): { readonly reliability: Reliability; readonly credibility: Credibility; readonly gradedBy?: string } {
    const { grade } = report;
    return {
      reliability: this.#ratings.of(report.told.personId, timeUs).reliability,
      credibility: this.#credibility(report),
      ...(grade === undefined ? {} : { gradedBy: grade.by }),
    };
  }

  #credibility(report: Readonly<PictureReport>): Credibility {
    const { grade, outcome, incident, told, tracks, findings } = report;
    if (grade !== undefined) return grade.credibility as Credibility;
    const reporter = told.personId ?? report.told.caller?.callBack ?? told.id;
    const others = new Set<string>();
    if (this.#incidents.get(incident)?.position !== undefined) {
      for (const id of this.#incidents.get(incident)?.reports ?? []) {
        const other = this.#reports.get(id);
        if (other === undefined || !weighs(other)) continue;
        const who = other.told.personId ?? other.told.caller?.callBack ?? other.told.id;
        if (who !== reporter) others.add(who);
      }
    }
    return credibilityOf({
      outcome: outcome?.outcome,
      others: others.size,
      firm: tracks.length > 0,
      disagrees: findings.some(({ code }) => code === "direction-disagrees"),
    });
  }

  #trust(report: Readonly<PictureReport>, timeUs: number): number {
    return trustOf(this.#ratings.of(report.told.personId, timeUs).reliability, this.#credibility(report));
  }

  // Snapshots

  image(): ReportLifeImage {
    return {
      reports: [...this.#reports.values()],
      incidents: [...this.#incidents.values()],
      ratings: this.#ratings.image(),
      reach: [...this.#reach],
      counts: this.counts,
      fedUs: this.#fedUs,
      fed: this.#fed,
      unlocated: [...this.#unlocated],
    };
  }
  restore(image: ReportLifeImage): void {
    for (const report of image.reports) {
      this.#reports.set(report.told.id, report);
      for (const media of report.media) this.#media.set(media.id, media);
      if (report.remindUs !== undefined) this.#due.add(report.told.id);
    }
    for (const incident of image.incidents) this.#incidents.set(incident.id, incident);
    this.#ratings.restore(image.ratings);
    for (const [person, devices] of image.reach) this.#reach.set(person, [...devices]);
    Object.assign(this.counts, image.counts);
    this.#fedUs = [...image.fedUs];
    this.#fed = image.fed;
    for (const id of image.unlocated) this.#unlocated.add(id);
  }

  // Records

  /** Takes a record of `REPORT_KINDS`. False when it is refused: of something unknown, or beyond a limit. */
  take({ kind, value }: TypedRecord, seq: number, timeUs: number, tracks: ReadonlyMap<number, Track>): boolean {
    switch (kind) {
      case "report":
        return this.#receive(value.report, seq, timeUs, tracks);
      case "report-more":
        return this.#change(value.reportId, timeUs, (report) => this.#add(report, value));
      case "report-opened":
        return this.#change(value.reportId, timeUs, (report) => this.#open(report, value, timeUs));
      case "report-told-leader":
        return this.#change(value.reportId, timeUs, (report) => {
          const leader = report.leaders.find(({ personId }) => personId === value.personId);
          if (leader === undefined || leader.toldUs !== undefined) return false;
          leader.toldUs = timeUs;
          return true;
        });
      case "report-leader-receipt":
        return this.#change(value.reportId, timeUs, (report) => this.#leaderReceipt(report, value, timeUs));
      case "report-outcome":
        return this.#change(value.reportId, timeUs, (report) => this.#decide(report, value, timeUs));
      case "report-told":
        return this.#change(value.reportId, timeUs, (report) => {
          if (report.outcome === undefined || report.toldOutcome !== undefined) return false;
          report.toldOutcome = { by: value.by, timeUs };
          return true;
        });
      case "report-taken-back":
        return this.#change(value.reportId, timeUs, (report) => this.#takeBack(report, value, timeUs));
      case "report-question":
        return this.#change(value.reportId, timeUs, (report) => {
          const { questionId: id, text, by } = value;
          if (report.questions.some((known) => known.id === id) || report.questions.length >= this.#settings.maxQuestionsPerReport)
            return false;
          report.questions.push({ id, text, by, timeUs });
          return true;
        });
      case "report-answer":
        return this.#change(value.reportId, timeUs, (report) => {
          const question = report.questions.find(({ id }) => id === value.questionId);
          // The first answer stands: a device that sends it again says the same.
          if (question === undefined || question.answer !== undefined) return false;
          question.answer = { text: value.text, by: value.by, timeUs };
          return true;
        });
      case "report-incident":
        return this.#change(value.reportId, timeUs, (report) => this.#place(report, value.incident, value.by));
      case "report-grade":
        return this.#change(value.reportId, timeUs, (report) => {
          report.grade = { credibility: Math.round(value.credibility), by: value.by };
          this.#locate(report.incident);
          return true;
        });
      case "media":
        return this.#change(value.media.reportId, timeUs, (report) => {
          if (this.#media.has(value.media.id) || report.media.length >= this.#settings.maxMediaPerReport) return false;
          const media: KnownMedia = { ...value.media, whole: false, removed: false };
          report.media.push(media);
          this.#media.set(media.id, media);
          return true;
        });
      case "media-whole":
        return this.#changeMedia(value.mediaId, timeUs, (media) => {
          media.whole = true;
        });
      case "media-removed":
        return this.#changeMedia(value.mediaId, timeUs, (media) => {
          media.removed = true;
        });
      case "media-look":
        return this.#media.has(value.mediaId);
      case "grading-look":
        return this.#reports.has(value.reportId);
      case "device-reach":
        return this.#reached(value, timeUs);
      default:
        return false;
    }
  }

  #change(id: string, timeUs: number, change: (report: PictureReport) => boolean): boolean {
    const report = this.#reports.get(id);
    if (report === undefined || !change(report)) return false;
    this.#show(report, "changed", timeUs);
    return true;
  }
  #changeMedia(id: string, timeUs: number, change: (media: KnownMedia) => void): boolean {
    const media = this.#media.get(id);
    if (media === undefined) return false;
    return this.#change(media.reportId, timeUs, () => {
      change(media);
      return true;
    });
  }
  #show({ told: { id } }: PictureReport, change: "received" | "changed" | "reminder", timeUs: number): void {
    this.#intents.push({ type: "report", timeUs, reportId: id, change });
  }

  #made(told: SightingReport, seq: number, timeUs: number, leaders: PictureReport["leaders"]): PictureReport {
    return {
      told,
      seq,
      reference: referenceOf(seq, told.drill),
      receivedUs: timeUs,
      observedUs: Math.min(told.observedUs, timeUs),
      incident: told.id,
      tracks: [],
      findings: [],
      opened: {},
      leaders,
      reminders: 0,
      remindUs: timeUs + this.#remindEveryUs(told),
      questions: [],
      media: [],
      added: [],
    };
  }

  /**
   * What a report that is still being told may be the same as, by the rules that join reports: incidents, the one of the newest report first, with the
   * position that they would have together; and tracks that it agrees with. Nothing is kept.
   */
  preview(told: SightingReport, timeUs: number, tracks: ReadonlyMap<number, Track>): ReportPreview {
    const report = this.#made(told, 0, timeUs, []);
    this.#compare(report, tracks);
    const own = placedOf(report, 1);
    const same = new Map<string, ReportPreview["same"][number]>();
    for (const other of [...this.#reports.values()].reverse().slice(0, MAX_LATELY)) {
      if (other.told.id === told.id || other.takenBack !== undefined || same.size >= MAX_SAME || same.has(other.incident)) continue;
      if (!mayBeOne(report, other)) continue;
      const members = (this.#incidents.get(other.incident)?.reports ?? []).flatMap((id) => this.#reports.get(id) ?? []);
      const position = fixOf([...members.filter(weighs).map((member) => placedOf(member, this.#trust(member, timeUs))), own]);
      same.set(other.incident, { incident: other.incident, reportId: other.told.id, ...(position === undefined ? {} : { position }) });
    }
    return { report, same: [...same.values()], tracks: report.tracks };
  }

  #receive(told: SightingReport, seq: number, timeUs: number, tracks: ReadonlyMap<number, Track>): boolean {
    if (this.#reports.has(told.id)) {
      this.counts.repeated += 1;
      return false;
    }
    this.#makeRoom();
    const { personId, drill } = told;
    const team = personId === undefined ? undefined : this.#roster.person(personId)?.definition.team;
    const leaders: PictureReport["leaders"] = [];
    for (const { definition } of this.#roster.people.values())
      if (
        definition.leader &&
        definition.team !== "" &&
        definition.team === team &&
        definition.id !== personId &&
        // Whom a drill does not reach is asked nothing by it.
        (!drill || this.#effects.drillReaches(definition.id))
      )
        leaders.push({ personId: definition.id, ways: [], reachedBy: [] });
    const report = this.#made(told, seq, timeUs, leaders);
    this.#findings(report, timeUs);
    this.#reports.set(told.id, report);
    this.#due.add(told.id);
    this.#compare(report, tracks);
    for (const incident of [...this.#incidents.values()].slice(-MAX_CANDIDATES)) this.#againstOthers(report, incident, timeUs);
    this.#join(report);
    this.#feed(report, timeUs);
    const isNow = timeUs - report.observedUs <= this.#settings.riskNowUs;
    if (told.atRisk && isNow) {
      const number = this.#effects.risk(report);
      if (number !== undefined) report.riskTrack = number;
    }
    this.#show(report, "received", timeUs);
    this.#tellLeaders(report, timeUs);
    return true;
  }

  #note(report: PictureReport, code: ReportFinding, values: Readonly<Record<string, number>>): void {
    report.findings.push({ code, values });
  }

  #findings(report: PictureReport, timeUs: number): void {
    const { told } = report;
    if (told.observedUs > timeUs + CLOCK_OFF_US) this.#note(report, "of-the-future", { byS: Math.round((told.observedUs - timeUs) / 1e6) });
    const lateUs = timeUs - report.observedUs;
    if (lateUs > this.#settings.reportTimelyUs) this.#note(report, "late", { byS: Math.round(lateUs / 1e6) });
    if (Math.abs(told.clockOffsetUs) > CLOCK_OFF_US) this.#note(report, "clock-corrected", { byS: Math.round(told.clockOffsetUs / 1e6) });
  }

  /** Above the limit the oldest that is closed makes room, else the oldest. */
  #makeRoom(): void {
    if (this.#reports.size < this.#settings.maxReports) return;
    let gone: PictureReport | undefined;
    for (const report of this.#reports.values()) {
      gone ??= report;
      if (isOpen(report)) continue;
      gone = report;
      break;
    }
    if (gone === undefined) return;
    const { id } = gone.told;
    this.#reports.delete(id);
    this.#due.delete(id);
    for (const media of gone.media) this.#media.delete(media.id);
    this.#leave(gone);
    this.counts.forgotten += 1;
  }

  /** What else was in the sky as seen from there: tracks that it agrees with, and whether it disagrees with everything that must have been seen. */
  #compare(report: PictureReport, tracks: ReadonlyMap<number, Track>): void {
    const { told, observedUs } = report;
    const { azimuth, placeSigmaM } = measurementOf(told, 1);
    if (azimuth === undefined) return;
    let firm: { readonly turnDeg: number; readonly expectedDeg: number } | undefined;
    for (const track of tracks.values()) {
      if (track.drill !== told.drill || track.recorded || track.measured === undefined || track.status === "tentative") continue;
      const place = placeAt(track, observedUs);
      if (place === undefined) continue;
      const seen = seenFrom(told.observer, place);
      if (seen.distanceM > SEEN_WITHIN_M) continue;
      const sigmaDeg = Math.hypot(
        azimuth.sigmaDeg,
        ((placeSigmaM + (track.errorM ?? 0) / 2.45) / Math.max(20, seen.distanceM)) * (180 / Math.PI),
      );
      const off = turnDeg(azimuth.deg, seen.azimuthDeg);
      if (off <= AGREES_SIGMA * sigmaDeg) {
        if (report.tracks.length < 5) report.tracks.push(track.number);
      } else if (seen.distanceM <= SURELY_SEEN_M && off > Math.max(DISAGREES_DEG, DISAGREES_SIGMA * sigmaDeg)) {
        if (firm === undefined || off < firm.turnDeg) firm = { turnDeg: off, expectedDeg: seen.azimuthDeg };
      }
    }
    if (report.tracks.length > 0 || firm === undefined) return;
    this.#note(report, "direction-disagrees", {
      toldDeg: Math.round(azimuth.deg),
      expectedDeg: Math.round(firm.expectedDeg),
      offDeg: Math.round(firm.turnDeg),
    });
  }

  /** Finds the incident that it belongs to, or begins one. */
  #join(report: PictureReport): void {
    let looked = 0;
    for (const incident of [...this.#incidents.values()].reverse()) {
      looked += 1;
      if (looked > MAX_CANDIDATES) break;
      if (incident.reports.length >= this.#settings.maxReportsPerIncident) continue;
      const known = incident.reports.slice(-MAX_COMPARED).map((id) => this.#reports.get(id));
      if (!known.some((other) => other !== undefined && other.takenBack === undefined && mayBeOne(report, other))) continue;
      report.incident = incident.id;
      incident.reports.push(report.told.id);
      this.#locate(incident.id);
      return;
    }
    this.#begin(report);
  }

  /** Others who agree among themselves, and not with it, though it must have been the same. */
  #againstOthers(report: PictureReport, { position, reports }: PictureIncident, timeUs: number): void {
    if (position === undefined || report.tracks.length > 0) return;
    if (reports.length - Number(reports.includes(report.told.id)) < 2 || Math.abs(report.observedUs - position.timeUs) > TOGETHER_US)
      return;
    const { azimuth } = measurementOf(report.told, 1);
    const seen = seenFrom(report.told.observer, position);
    if (azimuth === undefined || seen.distanceM > SURELY_SEEN_M) return;
    const off = turnDeg(azimuth.deg, seen.azimuthDeg);
    const sigmaDeg = Math.hypot(
      azimuth.sigmaDeg,
      Math.atan2(position.ellipse.majorM / 2.45, Math.max(20, seen.distanceM)) * (180 / Math.PI),
    );
    if (off <= Math.max(DISAGREES_DEG, DISAGREES_SIGMA * sigmaDeg) || report.findings.some(({ code }) => code === "direction-disagrees"))
      return;
    this.#note(report, "direction-disagrees", {
      toldDeg: Math.round(azimuth.deg),
      expectedDeg: Math.round(seen.azimuthDeg),
      offDeg: Math.round(off),
    });
    this.#show(report, "changed", timeUs);
  }

  /** The newest reports, as far as they are of the same time. */
  #lately(timeUs: number): readonly PictureReport[] {
    return [...this.#reports.values()].slice(-MAX_LATELY).filter(({ observedUs }) => Math.abs(observedUs - timeUs) <= TOGETHER_US);
  }

  #begin(report: PictureReport): void {
    const { id } = report.told;
    report.incident = id;
    this.#incidents.set(id, { id, reports: [id], firstUs: report.observedUs, lastUs: report.observedUs });
  }

  /** Takes it out of its incident; one that is empty is gone. */
  #leave(report: PictureReport): void {
    const incident = this.#incidents.get(report.incident);
    if (incident === undefined) return;
    incident.reports = incident.reports.filter((id) => id !== report.told.id);
    if (incident.reports.length === 0) this.#incidents.delete(incident.id);
  }

  /** Where an incident was is worked out anew at the next tick: many reports of one event come at once. */
  #locate(id: string): void {
    if (this.#incidents.has(id)) this.#unlocated.add(id);
  }

  #locateNow(incident: PictureIncident, timeUs: number): void {
    const reports = incident.reports.flatMap((known) => this.#reports.get(known) ?? []);
    incident.firstUs = Math.min(...reports.map(({ observedUs }) => observedUs));
    incident.lastUs = Math.max(...reports.map(({ observedUs }) => observedUs));
    const before = JSON.stringify(incident.position);
    delete incident.position;
    const placed = reports.filter(weighs).map((report) => placedOf(report, this.#trust(report, timeUs)));
    const position = fixOf(placed);
    if (position !== undefined) incident.position = position;
    if (position !== undefined) for (const report of this.#lately(position.timeUs)) this.#againstOthers(report, incident, timeUs);
    if (JSON.stringify(position) === before) return;
    for (const report of reports.slice(-MAX_SHOWN)) this.#show(report, "changed", timeUs);
  }

  /** Gives it to the tracker, where it says a direction and there is a place free. */
  #feed(report: PictureReport, timeUs: number): void {
    if (!weighs(report)) return;
    const measurement = measurementOf(report.told, this.#trust(report, timeUs));
    if (measurement.azimuth === undefined) return;
    const slot = this.#fed % SLOTS;
    if (timeUs - (this.#fedUs[slot] ?? Number.NEGATIVE_INFINITY) < SLOT_US) {
      this.counts.notFused += 1;
      return;
    }
    this.#fedUs[slot] = timeUs;
    this.#fed += 1;
    this.#effects.sense(report, measurement, slot);
  }

  #remindEveryUs({ atRisk }: SightingReport): number {
    return atRisk ? this.#settings.reportRemindAtRiskUs : this.#settings.reportRemindUs;
  }

  /** By the first channel of theirs that may be used; with each reminder by one more. What fails is followed by the next at once. */
  #tellLeaders(report: PictureReport, timeUs: number): void {
    if (report.opened.leadership !== undefined) return;
    for (const leader of report.leaders) {
      leader.ways = [];
      for (let k = 0; k <= report.reminders; k += 1) if (!this.#tellByNext(report, leader, timeUs)) break;
    }
  }

  /** All of a leader's devices of the next channel in their order that was not used in this round. False: none is left. */
  #tellByNext(report: PictureReport, leader: ReportLeader, timeUs: number): boolean {
    const { personId } = leader;
    const may = (way: Way): boolean =>
      way.channel !== "voice" &&
      leader.ways.every(({ channel }) => channel !== way.channel) &&
      this.#effects.mayTell(personId, way.channel, report.told.drill);
    const ways = this.#roster.person(personId)?.definition.ways ?? [];
    const next = ways.find(may)?.channel;
    if (next === undefined) return false;
    for (const { channel, address } of ways) {
      if (channel !== next) continue;
      leader.ways.push({ channel, address });
      this.#intents.push(this.#telling(report, personId, { channel, address }, report.reminders === 0 ? "told" : "reminder", timeUs));
    }
    return true;
  }

  #telling(report: PictureReport, personId: string, way: Way, change: TellLeader["change"], timeUs: number): TellLeader {
    const { told, reference, reminders } = report;
    const name = this.#roster.person(told.personId ?? "")?.definition.name ?? told.caller?.name ?? told.personId ?? "";
    const azimuthDeg = measurementOf(told, 1).azimuth?.deg;
    const place = told.observer.name;
    const round = change === "taken-back" ? "back" : String(reminders);
    return {
      type: "team-report",
      change,
      id: `${told.id}/${personId}/${round}/${way.channel}/${way.address}` as IntentId,
      timeUs,
      warningId: `report:${told.id}` as WarningId,
      reference,
      personId,
      channel: way.channel,
      address: way.address,
      language: this.#roster.person(personId)?.definition.language ?? "en",
      message:
        change === "taken-back"
          ? { key: "report-taken-back", name }
          : {
              key: "team-report",
              name,
              atRisk: told.atRisk,
              ...(azimuthDeg === undefined ? {} : { azimuthDeg }),
              ...(place === undefined ? {} : { place }),
              reminder: change === "reminder",
            },
      drill: told.drill,
      reportId: told.id,
      atRisk: told.atRisk,
      reminder: reminders,
    };
  }

  #leaderReceipt(report: PictureReport, receipt: ReportRecords["report-leader-receipt"], timeUs: number): boolean {
    const { personId, channel, address, step, reminder, reason } = receipt;
    const leader = report.leaders.find((known) => known.personId === personId);
    if (leader === undefined) return false;
    const worked = step !== "failed" && step !== "no-link";
    if (worked) {
      leader.toldUs ??= timeUs;
      const isNew = !leader.reachedBy.some((way) => way.channel === channel && way.address === address);
      if (isNew && leader.reachedBy.length < MAX_REACHED) leader.reachedBy.push({ channel, address });
    }
    const way = leader.ways.find((known) => known.channel === channel && known.address === address);
    // Of an earlier round: who was reached is known, and what failed has been followed by a reminder.
    if (way === undefined || reminder !== report.reminders) return worked;
    way.step = step;
    if (reason === undefined) delete way.reason;
    else way.reason = reason;
    const isLost = leader.ways.every((known) => known.step === "failed" || known.step === "no-link");
    if (isLost && report.opened.leadership === undefined && isOpen(report)) this.#tellByNext(report, leader, timeUs);
    return true;
  }

  /** What was to be told to leaders and has no receipt, under the ids it had: for a hub that has just started. */
  pending(timeUs: number): readonly TellLeader[] {
    const intents: TellLeader[] = [];
    for (const id of this.#due) {
      const report = this.#reports.get(id);
      if (report === undefined || report.opened.leadership !== undefined) continue;
      const change = report.reminders === 0 ? "told" : "reminder";
      for (const { personId, ways } of report.leaders)
        for (const { channel, address, step } of ways)
          if (step === undefined) intents.push(this.#telling(report, personId, { channel, address }, change, timeUs));
    }
    return intents;
  }

  #open(report: PictureReport, { side, by }: ReportRecords["report-opened"], timeUs: number): boolean {
    if (report.opened[side] !== undefined) return false;
    report.opened[side] = { by, timeUs };
    this.#settle(report);
    return true;
  }

  /** Nobody is reminded of what everybody has opened, or what is over. */
  #settle(report: PictureReport): void {
    const { opened, leaders } = report;
    const all = opened.centre !== undefined && (leaders.length === 0 || opened.leadership !== undefined);
    if (!all && isOpen(report) && report.reminders < this.#settings.maxReminders) return;
    delete report.remindUs;
    this.#due.delete(report.told.id);
  }

  #decide(report: PictureReport, { outcome, note, by }: ReportRecords["report-outcome"], timeUs: number): boolean {
    report.outcome = { outcome, ...(note === undefined ? {} : { note }), by, timeUs };
    delete report.toldOutcome;
    const { personId, drill } = report.told;
    if (personId !== undefined && !drill && report.takenBack === undefined) this.#ratings.learn(personId, report.told.id, outcome, timeUs);
    this.#settle(report);
    return true;
  }

  /** What was seen besides. Where from, in which direction and when stay as they were told first: a measurement is of its moment. */
  #add(report: PictureReport, { moreId, more }: ReportRecords["report-more"]): boolean {
    if (report.added.includes(moreId) || report.added.length >= MAX_ADDED) return false;
    report.added.push(moreId);
    report.told = { ...report.told, ...more };
    // How far off it was is part of where.
    if (more.range !== undefined) this.#locate(report.incident);
    return true;
  }

  #takeBack(report: PictureReport, { by, reason }: ReportRecords["report-taken-back"], timeUs: number): boolean {
    if (report.takenBack !== undefined) return false;
    report.takenBack = { by, timeUs, ...(reason === undefined ? {} : { reason }) };
    // To take something back is honest: it teaches nothing.
    if (report.told.personId !== undefined) this.#ratings.learn(report.told.personId, report.told.id, undefined, timeUs);
    this.#locate(report.incident);
    for (const { personId, reachedBy } of report.leaders)
      for (const way of reachedBy) this.#intents.push(this.#telling(report, personId, way, "taken-back", timeUs));
    if (report.riskTrack !== undefined) {
      this.#effects.riskOver(report, by);
      delete report.riskTrack;
    }
    this.#settle(report);
    return true;
  }

  #place(report: PictureReport, incident: string, by: string): boolean {
    const { id } = report.told;
    const into = this.#incidents.get(incident);
    if (incident === report.incident) return false;
    if (incident !== id && (into === undefined || into.reports.length >= this.#settings.maxReportsPerIncident)) return false;
    const before = report.incident;
    if (incident === id && before === id) return false;
    this.#leave(report);
    if (into === undefined) this.#begin(report);
    else {
      into.reports.push(id);
      report.incident = into.id;
    }
    report.placedBy = by;
    this.#locate(before);
    this.#locate(report.incident);
    return true;
  }

  #reached({ personId, device, reach, lacks }: ReportRecords["device-reach"], timeUs: number): boolean {
    if (this.#roster.person(personId) === undefined) return false;
    const devices = this.#reach.get(personId) ?? [];
    const others = devices.filter((known) => known.device !== device).slice(1 - MAX_DEVICES);
    this.#reach.set(personId, [...others, { device, reach, lacks, sinceUs: timeUs }]);
    return true;
  }

  /** Somebody is no longer one of ours. */
  forgetPerson(personId: string): void {
    this.#reach.delete(personId);
    this.#ratings.forget(personId);
  }

  // Ticks

  tick(timeUs: number): void {
    let located = 0;
    for (const id of this.#unlocated) {
      if (located >= MAX_LOCATED) break;
      this.#unlocated.delete(id);
      const incident = this.#incidents.get(id);
      if (incident === undefined) continue;
      this.#locateNow(incident, timeUs);
      located += 1;
    }
    for (const id of this.#due) {
      const report = this.#reports.get(id);
      if (report?.remindUs === undefined || timeUs < report.remindUs) continue;
      report.reminders += 1;
      report.remindUs += this.#remindEveryUs(report.told);
      this.#show(report, "reminder", timeUs);
      this.#tellLeaders(report, timeUs);
      this.#settle(report);
    }
  }
}

/** What a report draws on a map: undefined where it says no direction. */
export function wedgeOf(
  told: SightingReport,
): { readonly azimuthDeg: number; readonly sigmaDeg: number; readonly nearM: number; readonly farM: number } | undefined {
  const measurement = measurementOf(told, 1);
  if (measurement.azimuth === undefined) return undefined;
  const { medianM, logSigma } = rangeTogether(measurement);
  const spread = Math.exp(1.645 * logSigma);
  return {
    azimuthDeg: measurement.azimuth.deg,
    sigmaDeg: measurement.azimuth.sigmaDeg,
    nearM: Math.round(medianM / spread),
    farM: Math.round(medianM * spread),
  };
}
