// What truth and what tracks do these lines say, and is each line what it claims to be?
import type { ObjectLine, ScenarioLine, StateLine, TrackLine, TruthLine } from "../lines.ts";
import { rounded } from "./figures.ts";

/** Why an input cannot be scored. `clause` names the rule of drills/README.md, `line` counts from 1. */
export interface ScoreRefusal {
  readonly code: "not-json" | "bad-field" | "no-scenario" | "bad-settings";
  readonly clause: string;
  readonly detail: string;
  readonly line?: number;
}

export interface Refused {
  readonly refused: ScoreRefusal;
}

/** What really flew. */
export interface Truth {
  readonly scenario: ScenarioLine;
  readonly objects: ReadonlyMap<string, ObjectLine>;
  /** States by scoring instant (rounded to the millisecond) and object, in the order of the lines. */
  readonly states: ReadonlyMap<number, ReadonlyMap<string, StateLine>>;
  /** The instants that are scored, s. */
  readonly instantsS: readonly number[];
}

/** More instants than a day at 10 Hz is a mistake in the settings, not a scenario. */
const MOST_INSTANTS = 864_000;
/** How far a track's time may lie from the instant that it is meant for, s. */
const TIME_TOLERANCE_S = 0.02;

/** Truth from its lines, objects already; a state stands for the instant that its time rounds to, the last one of an object wins. */
export function readTruth(lines: Iterable<TruthLine>): Truth | Refused {
  let scenario: ScenarioLine | undefined;
  const objects = new Map<string, ObjectLine>();
  const states = new Map<number, Map<string, StateLine>>();
  for (const line of lines) {
    if (line.type === "scenario") scenario = line;
    else if (line.type === "object") objects.set(line.id, line);
    else if (line.type === "state") {
      const instant = millisecond(line.t);
      let there = states.get(instant);
      if (there === undefined) states.set(instant, (there = new Map()));
      there.set(line.id, line);
    }
  }
  if (scenario === undefined) return refuse("no-scenario", "truth, first line", "There is no line of type scenario");
  const { t0, dt, dim, gospa_c_m: cutoff } = scenario.score;
  const count = Math.floor((scenario.duration_s - t0) / dt + 1e-9) + 1;
  if (!(dt > 0) || !(cutoff > 0) || (dim !== 2 && dim !== 3) || !(count >= 0 && count <= MOST_INSTANTS)) {
    return refuse("bad-settings", "scenario, score", "dt and gospa_c_m must be above 0, dim 2 or 3, with at most 864,000 instants");
  }
  const instantsS = Array.from({ length: count }, (_, k) => millisecond(t0 + k * dt));
  return { scenario, objects, states, instantsS };
}

const millisecond = (timeS: number): number => rounded(timeS, 3) ?? Number.NaN;

/** The tracks that count, by instant; at most one line per track and instant, the last one. */
export class TrackTable {
  readonly #truth: Truth;
  readonly #at = new Map<number, Map<string, TrackLine>>();
  #breaches = 0;
  #ignored = 0;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** Takes lines in any order. */
  add(line: TrackLine): void {
    const { t0, dt } = this.#truth.scenario.score;
    const steps = rounded((line.t - t0) / dt, 0) ?? -1;
    const instantS = this.#truth.instantsS[steps];
    if (instantS === undefined || Math.abs(instantS - line.t) > TIME_TOLERANCE_S) {
      this.#ignored += 1;
      return;
    }
    if ((line.t_in ?? 0) > line.t + 1e-6) this.#breaches += 1;
    const status = line.status ?? "confirmed";
    if (status !== "confirmed" && status !== "coasted") return;
    let there = this.#at.get(instantS);
    if (there === undefined) this.#at.set(instantS, (there = new Map()));
    there.set(String(line.id), line);
  }

  at(instantS: number): ReadonlyMap<string, TrackLine> {
    return this.#at.get(instantS) ?? new Map<string, TrackLine>();
  }

  /** Lines that rest on a message which had not come yet. */
  get causalityBreaches(): number {
    return this.#breaches;
  }

  /** Lines at times which are not scored. */
  get linesOffGrid(): number {
    return this.#ignored;
  }
}

function refuse(code: ScoreRefusal["code"], clause: string, detail: string): Refused {
  return { refused: { code, clause, detail } };
}

/** One line of a truth file. Undefined: empty, or of a type that scoring does not need. */
export function decodeTruthLine(text: string): TruthLine | Refused | undefined {
  // Most lines of a truth file: not worth reading.
  if (text.startsWith('{"type":"origin"')) return undefined;
  const line = objectOf(text);
  if (line === undefined || isRefused(line)) return line;
  if (line["type"] === "scenario") {
    const { score, ref } = line;
    const ok =
      typeof line["name"] === "string" &&
      numbers(line, ["seed", "duration_s"]) &&
      isRecord(score) &&
      numbers(score, ["t0", "dt", "dim", "gospa_c_m"]) &&
      isTexts(score["classes"]) &&
      isRecord(ref) &&
      numbers(ref, ["lat", "lon", "alt"]);
    return ok
      ? (line as unknown as ScenarioLine)
      : refuse("bad-field", "scenario", "name, seed, ref, duration_s or score is missing or wrong");
  }
  if (line["type"] === "object") {
    const ok = typeof line["id"] === "string" && typeof line["cls"] === "string" && typeof line["exists"] === "boolean";
    return ok ? (line as unknown as ObjectLine) : refuse("bad-field", "object", "id, cls or exists is missing or wrong");
  }
  if (line["type"] === "state") {
    const ok = typeof line["id"] === "string" && numbers(line, ["t", "lat", "lon", "alt"]) && isNumbers(line["vel_enu"], 3);
    return ok ? (line as unknown as StateLine) : refuse("bad-field", "state", "id, t, lat, lon, alt or vel_enu is missing or wrong");
  }
  return undefined;
}

/** One line of a tracker's answer. Undefined: empty, or another type of line. */
export function decodeTrackLine(text: string): TrackLine | Refused | undefined {
  const line = objectOf(text);
  if (line === undefined || isRefused(line)) return line;
  if ((line["type"] ?? "track") !== "track") return undefined;
  const { id, vel_enu: velocity, cov, status } = line;
  const ok =
    (typeof id === "string" || typeof id === "number") &&
    numbers(line, ["t", "lat", "lon", "alt"]) &&
    (velocity === undefined || isNumbers(velocity, 3)) &&
    (cov === undefined || isNumbers(cov, 9) || (Array.isArray(cov) && cov.length === 3 && cov.every((row) => isNumbers(row, 3)))) &&
    (status === undefined || typeof status === "string") &&
    (line["t_in"] === undefined || Number.isFinite(line["t_in"]));
  return ok ? (line as unknown as TrackLine) : refuse("bad-field", "track", "a field of the track line is missing or wrong");
}

export function isRefused(value: object): value is Refused {
  return "refused" in value;
}

function objectOf(text: string): Record<string, unknown> | Refused | undefined {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  return refuse("not-json", "one JSON object per line", `Not a JSON object: ${text.slice(0, 60)}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numbers(line: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.every((key) => Number.isFinite(line[key]));
}

function isNumbers(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every((item) => Number.isFinite(item));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
