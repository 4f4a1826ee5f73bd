// How good are these tracks against this truth? All figures of one run, as one object.
import type { TruthLine } from "../lines.ts";
import { ratio, rounded } from "./figures.ts";
import { Gospa } from "./gospa.ts";
import { Identity } from "./identity.ts";
import { InstantReader } from "./instant.ts";
import { Ospa2 } from "./ospa2.ts";
import { decodeTrackLine, decodeTruthLine, isRefused, type Refused, readTruth, TrackTable, type Truth } from "./reading.ts";
import { Siap } from "./siap.ts";

type Rounded = number | null;

/** The figures with the names under which they are printed; null where there was nothing to measure. Metres, seconds, m/s. */
export interface Score {
  readonly scenario: string;
  readonly seed: number;
  readonly instants: number;
  readonly dim: 2 | 3;
  readonly c_m: number;
  /** Mean over the instants. */
  readonly gospa: Rounded;
  /** Root of the sum of GOSPA² over the sum of truths: comparable between scenarios. */
  readonly gospa_norm: Rounded;
  readonly loc_rmse_m: Rounded;
  readonly mean_truths: Rounded;
  /** Mean numbers per instant. */
  readonly missed: Rounded;
  readonly false: Rounded;
  readonly ospa2: Rounded;
  readonly siap_C: Rounded;
  readonly siap_A: Rounded;
  readonly siap_S: Rounded;
  readonly siap_PA_m: Rounded;
  readonly siap_VA_mps: Rounded;
  readonly siap_R_per_s: Rounded;
  readonly siap_LS: Rounded;
  readonly vel_rmse_mps: Rounded;
  readonly id_switches: number;
  readonly frags: number;
  readonly idf1: Rounded;
  readonly confirm_mean_s: Rounded;
  readonly confirm_median_s: Rounded;
  readonly confirm_p90_s: Rounded;
  readonly never_found: number;
  /** 1: the stated covariance is what the errors are. */
  readonly anees: Rounded;
  /** Share of claims without a body that had a track on them; null where there were none. */
  readonly spoof_track_fraction: Rounded;
  /** Lines that rest on messages from the future, and lines at times that are not scored. */
  readonly causality_breaches: number;
  readonly lines_off_grid: number;
  readonly gospa_series?: readonly Rounded[];
}

export interface ScoreOptions {
  /** Adds the GOSPA of each instant. */
  readonly series?: boolean;
}

/** Judges tracks, already sorted into a table, against the truth that the table was made for. */
export function score(truth: Truth, tracks: TrackTable, { series = false }: ScoreOptions = {}): Score {
  const { name, seed, score: settings } = truth.scenario;
  const { dim, gospa_c_m: cutoffM, dt } = settings;
  const reader = new InstantReader(truth);
  const gospa = new Gospa(dim, cutoffM);
  const ospa2 = new Ospa2(cutoffM);
  const siap = new Siap(dim);
  const identity = new Identity(cutoffM);
  let spoofs = 0;
  let spoofsTracked = 0;
  for (const timeS of truth.instantsS) {
    const instant = reader.read(timeS, tracks.at(timeS));
    gospa.add(instant);
    ospa2.add(instant);
    siap.add(instant);
    identity.add(instant);
    spoofs += instant.spoofs;
    spoofsTracked += instant.spoofsTracked;
  }
  const g = gospa.result();
  const s = siap.result(dt);
  const i = identity.result();
  return {
    scenario: name,
    seed,
    instants: truth.instantsS.length,
    dim,
    c_m: cutoffM,
    gospa: rounded(g.gospa, 3),
    gospa_norm: rounded(g.norm, 3),
    loc_rmse_m: rounded(g.locRmseM, 3),
    mean_truths: rounded(g.truths, 2),
    missed: rounded(g.missed, 3),
    false: rounded(g.false, 3),
    ospa2: rounded(ospa2.result(), 3),
    siap_C: rounded(s.completeness, 3),
    siap_A: rounded(s.ambiguity, 3),
    siap_S: rounded(s.spuriousness, 3),
    siap_PA_m: rounded(s.positionM, 3),
    siap_VA_mps: rounded(s.velocityMps, 3),
    siap_R_per_s: rounded(s.changesPerS, 5),
    siap_LS: rounded(s.longestShare, 3),
    vel_rmse_mps: rounded(g.velRmseMps, 3),
    id_switches: i.switches,
    frags: i.gaps,
    idf1: rounded(ratio(2 * i.truePositives, s.truths + s.tracks), 3),
    confirm_mean_s: rounded(i.confirmMeanS, 2),
    confirm_median_s: rounded(i.confirmMedianS, 2),
    confirm_p90_s: rounded(i.confirmP90S, 2),
    never_found: i.neverFound,
    anees: rounded(g.anees, 2),
    spoof_track_fraction: rounded(ratio(spoofsTracked, spoofs), 3),
    causality_breaches: tracks.causalityBreaches,
    lines_off_grid: tracks.linesOffGrid,
    ...(series ? { gospa_series: gospa.seriesM.map((metres) => rounded(metres, 2)) } : {}),
  };
}

type Lines = Iterable<string> | AsyncIterable<string>;

/** Judges two files given as lines of text. The first line that is not what it should be ends it. */
export async function scoreLines(truthLines: Lines, trackLines: Lines, options: ScoreOptions = {}): Promise<Score | Refused> {
  const read: TruthLine[] = [];
  let number = 0;
  for await (const text of truthLines) {
    number += 1;
    const line = decodeTruthLine(text);
    if (line === undefined) continue;
    if (isRefused(line)) return { refused: { ...line.refused, detail: `Truth: ${line.refused.detail}`, line: number } };
    read.push(line);
  }
  const truth = readTruth(read);
  if (isRefused(truth)) return truth;
  const tracks = new TrackTable(truth);
  number = 0;
  for await (const text of trackLines) {
    number += 1;
    const line = decodeTrackLine(text);
    if (line === undefined) continue;
    if (isRefused(line)) return { refused: { ...line.refused, detail: `Tracks: ${line.refused.detail}`, line: number } };
    tracks.add(line);
  }
  return score(truth, tracks, options);
}
