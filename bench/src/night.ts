// How calm is a night? Eight hours of the simulator's flights through the picture, with people who answer and an officer who takes what asks for it.
import { nightScenario, simulate } from "@atalaya/drills/scenario";
import type { Night, NightFlight, SensingLine } from "@atalaya/drills/scenario";
import { flatDistanceM } from "@atalaya/geodesy";
import { encodeFrame, encodeRecord, type Intent, Picture, type PictureWarning, type RecordKind, type Records } from "@atalaya/picture";
import { type Bench, type BenchResult, figure } from "./bench.ts";

const T0 = 1_790_000_000_000_000;
const S = 1_000_000;
const SOURCE = "border";
/** Lines that arrive within this time come as one frame, s. */
const BATCH_S = 0.2;
/** An officer takes an alarm, and a person answers, after so long, s: a slow night's answers. */
const TAKES_S = 15;
const ANSWERS_S = 12;
const PLACE_EVERY_S = 30;
const DEFAULT_SEEDS = [1];
/** A warning is of a flight that endangers somebody when it was last heard this near to it, m. */
const SAME_M = 300;

interface Outcome {
  readonly alarmsPer10Min: number;
  readonly mostPer10Min: number;
  readonly dangers: number;
  readonly missed: readonly string[];
  readonly falseWarnings: readonly string[];
  readonly raised: Readonly<Record<PictureWarning["level"], number>>;
  /** From the warning to the closest approach, s. */
  readonly leadsS: readonly number[];
  readonly seconds: number;
}

class Watch {
  readonly picture = new Picture();
  readonly #night: Night;
  #seq = 0;
  /** What is to be done at a time: an officer's or a person's answer. */
  #due: { readonly atUs: number; readonly kind: RecordKind; readonly value: Records[RecordKind] }[] = [];
  readonly told = new Map<string, number[]>();
  readonly alarmsUs: number[] = [];
  readonly falseWarnings: string[] = [];
  readonly #listsAll: boolean = process.argv.includes("list-all");
  readonly #levels = new Map<string, PictureWarning["level"]>();
  readonly #placeOf: (flight: NightFlight, timeS: number) => readonly [number, number] | undefined;

  constructor(night: Night, placeOf: (flight: NightFlight, timeS: number) => readonly [number, number] | undefined) {
    this.#night = night;
    this.#placeOf = placeOf;
  }

  #entry(timeUs: number, kind: string, payload: Uint8Array, source = ""): void {
    this.#seq += 1;
    this.picture.apply({ seq: this.#seq, timeUs, kind, source, payload });
    this.#heed(this.picture.takeIntents());
    this.picture.takeChanges();
  }
  record<K extends RecordKind>(timeUs: number, kind: K, value: Records[K]): void {
    this.#carryOut(timeUs);
    this.#entry(timeUs, kind, encodeRecord(kind, value));
  }
  lines(timeUs: number, lines: readonly string[]): void {
    this.#carryOut(timeUs);
    const bytes = new TextEncoder().encode(lines.join("\n"));
    this.#entry(timeUs, "frame", encodeFrame({ format: "detections", sensorTimeUs: undefined, bytes }), SOURCE);
  }
  #carryOut(timeUs: number): void {
    for (let next = this.#due[0]; next !== undefined && next.atUs <= timeUs; next = this.#due[0]) {
      this.#due.shift();
      this.#entry(next.atUs, next.kind, encodeRecord(next.kind, next.value));
    }
  }
  #later<K extends RecordKind>(afterS: number, kind: K, value: Records[K]): void {
    this.#due.push({ atUs: this.picture.timeUs + afterS * S, kind, value });
    this.#due.sort((a, b) => a.atUs - b.atUs);
  }

  #heed(intents: readonly Intent[]): void {
    for (const intent of intents) {
      if (intent.type === "warning") this.#look(intent.id);
      else if (intent.type === "notify") {
        if (intent.level === "warning") {
          const times = this.told.get(intent.personId) ?? [];
          this.told.set(intent.personId, times);
          times.push((intent.timeUs - T0) / S);
        }
        const { warningId, personId, channel, address } = intent;
        this.#later(1, "receipt", { warningId, personId, channel, address, step: "delivered" });
        if (intent.level !== "advisory")
          this.#later(ANSWERS_S, "answer", { warningId, personId, answer: "taking-cover", channel, address });
      }
    }
  }

  #look(id: string): void {
    const warning = this.picture.warning(id);
    if (warning === undefined) return;
    const before = this.#levels.get(id);
    if (warning.state === "cleared") return;
    this.#levels.set(id, warning.level);
    if (before === warning.level) return;
    if (warning.level !== "advisory" && this.#listsAll) {
      const { foremost, lastPlace, trackId, level } = warning;
      process.stderr.write(
        `${level} ${this.#isDanger(warning) ? "true" : "FALSE"} ${before ?? ""} ${trackId} ${this.#what(warning)} to ${foremost.name} (${foremost.because}, ${foremost.reachesInS?.toFixed(0)} s, p ${foremost.probability?.toFixed(2)}, cpa ${foremost.cpaM?.toFixed(0)}) at ${((this.picture.timeUs - T0) / S).toFixed(0)} s, ${this.#nearest(lastPlace)}\n`,
      );
    }
    if (warning.level === "warning" && before !== "warning" && !this.#isDanger(warning)) {
      const { foremost, lastPlace, trackId } = warning;
      this.falseWarnings.push(
        `${trackId} ${this.#what(warning)} to ${foremost.name} (${foremost.because}) at ${((this.picture.timeUs - T0) / S).toFixed(0)} s, ${this.#nearest(lastPlace)}`,
      );
    }
    if (warning.state === "raised" && warning.level !== "advisory") this.#later(TAKES_S, "acknowledge", { warningId: id, by: "officer" });
  }

  /** What the picture knows of the track that it leads with. */
  #what({ trackNumber }: Readonly<PictureWarning>): string {
    const track = this.picture.track(trackNumber);
    if (track === undefined) return "gone";
    const { status, kind = "unknown", firstUs, measured } = track;
    const ageS = (this.picture.timeUs - firstUs) / S;
    const { existence = 0, classes } = measured ?? {};
    return `${status} ${kind} ${ageS.toFixed(0)} s old, there ${existence.toFixed(2)}, ${classes === undefined ? "a claim" : JSON.stringify(classes)}`;
  }

  #flying(timeS: number): readonly NightFlight[] {
    return this.#night.flights.filter(({ fromS, untilS }) => timeS >= fromS - 5 && timeS <= untilS + 130);
  }
  #isDanger({ lastPlace, lastHeardUs }: Readonly<PictureWarning>): boolean {
    const timeS = (lastHeardUs - T0) / S;
    return this.#flying(timeS).some((flight) => {
      const at = flight.endangers === undefined ? undefined : this.#placeOf(flight, timeS);
      return at !== undefined && flatDistanceM(at[0], at[1], lastPlace.latDeg, lastPlace.lonDeg) <= SAME_M;
    });
  }
  #nearest(place: { readonly latDeg: number; readonly lonDeg: number }): string {
    const timeS = (this.picture.timeUs - T0) / S;
    let best = "nothing flies there";
    let bestM = 500;
    for (const flight of this.#flying(timeS)) {
      const at = this.#placeOf(flight, timeS);
      const apartM = at === undefined ? Number.POSITIVE_INFINITY : flatDistanceM(at[0], at[1], place.latDeg, place.lonDeg);
      if (apartM < bestM) {
        bestM = apartM;
        best = `${flight.objectClass} ${flight.id} ${apartM.toFixed(0)} m off`;
      }
    }
    return best;
  }
}

/** True places of the flights of the part that is played, by time. */
class Truth {
  #states = new Map<string, { readonly fromS: number; readonly places: Map<number, readonly [number, number]> }>();

  take(lines: Iterable<unknown>, fromS: number): void {
    for (const line of lines as Iterable<{ type: string; id: string; t: number; lat: number; lon: number }>) {
      if (line.type !== "state") continue;
      const known = this.#states.get(line.id) ?? { fromS, places: new Map<number, readonly [number, number]>() };
      this.#states.set(line.id, known);
      known.places.set(Math.floor(line.t), [line.lat, line.lon]);
    }
    // The part before may still be spoken of; what lies further back is not.
    for (const [id, { fromS: begun }] of this.#states) if (begun < fromS - 1200) this.#states.delete(id);
  }
  /** Before and after its life, where it began and ended. */
  at(flight: NightFlight, timeS: number): readonly [number, number] | undefined {
    const known = this.#states.get(flight.id);
    if (known === undefined) return undefined;
    const second = Math.floor(timeS - known.fromS);
    for (let back = 0; back < 140; back += 1) {
      const place = known.places.get(second - back) ?? (back < 6 ? known.places.get(second + back) : undefined);
      if (place !== undefined) return place;
    }
    return undefined;
  }
}

/** A scenario's line with the times of the night, its ids apart from those of other parts. */
function nightLine(line: SensingLine, fromS: number, part: number): string | undefined {
  const startS = T0 / S + fromS;
  switch (line.type) {
    case "sensor":
      return part === 0 ? JSON.stringify(line) : undefined;
    case "det": {
      const { t_rx: _arrival, ...rest } = line;
      const scan = line.scan === undefined ? {} : { scan: line.scan + part * 1000 };
      return JSON.stringify({ ...rest, ...scan, id: `${part}-${line.id}`, t: startS + line.t });
    }
    case "scan": {
      const { t_rx: _arrival, ...rest } = line;
      return JSON.stringify({ ...rest, scan: line.scan + part * 1000, t: startS + line.t, t_end: startS + line.t_end });
    }
    default:
      return undefined;
  }
}

function play(seed: number, maxParts: number): Outcome {
  const begun = performance.now();
  const night = nightScenario(seed);
  const truth = new Truth();
  const watch = new Watch(night, (flight, timeS) => truth.at(flight, timeS));
  const { latDeg, lonDeg } = night.reference;
  const metresNorth = flatDistanceM(latDeg - 0.005, lonDeg, latDeg + 0.005, lonDeg) * 100;
  const metresEast = flatDistanceM(latDeg, lonDeg - 0.005, latDeg, lonDeg + 0.005) * 100;
  const place = (eastM: number, northM: number): { latDeg: number; lonDeg: number } => ({
    latDeg: latDeg + northM / metresNorth,
    lonDeg: lonDeg + eastM / metresEast,
  });
  const by = "night";
  watch.record(T0, "sector", { name: "Night", centre: { latDeg, lonDeg } });
  watch.record(T0, "source", { source: { id: SOURCE, name: SOURCE, kind: "tcp", origin: "live", format: "detections" }, by });
  const person = (id: string): void => {
    const ways = [{ channel: "browser", address: id }] as const;
    watch.record(T0, "person", { person: { id, name: id, language: "en", role: "agent", team: "night", leader: false, ways }, by });
    watch.record(T0, "shift", { personId: id, on: true, by });
  };
  for (const post of night.posts) {
    const zone = {
      id: post.id,
      name: post.id,
      kind: "post",
      shape: { type: "circle", centre: place(post.eastM, post.northM), radiusM: 100 },
    } as const;
    watch.record(T0, "zone", { zone, by });
    const staff = [`${post.id}-1`, `${post.id}-2`];
    for (const id of staff) person(id);
    watch.record(T0, "post-staff", { zoneId: post.id, people: staff, by });
  }
  for (const id of new Set(night.patrols.map((patrol) => patrol.id))) person(id);

  let placedS = Number.NEGATIVE_INFINITY;
  const placePatrols = (timeS: number): void => {
    if (timeS - placedS < PLACE_EVERY_S) return;
    placedS = timeS;
    for (const { id, eastM, northM, fromS, untilS } of night.patrols) {
      if (timeS < fromS || timeS >= untilS) continue;
      const timeUs = T0 + Math.round(timeS * S);
      watch.record(timeUs, "person-position", { personId: id, position: place(eastM, northM), errorM: 12, timeUs, source: "tak" });
    }
  };
  night.parts.slice(0, maxParts).forEach(({ plan, fromS, seed: partSeed }, part) => {
    const recording = simulate(plan, partSeed);
    truth.take(recording.truth(), fromS);
    let batch: string[] = [];
    let batchUntilS = 0;
    const hand = (): void => {
      if (batch.length === 0) return;
      placePatrols(fromS + batchUntilS);
      watch.lines(T0 + Math.round((fromS + batchUntilS) * S), batch);
      batch = [];
    };
    for (const line of recording.sensing()) {
      const text = nightLine(line, fromS, part);
      if (text === undefined) continue;
      const arrivalS = "t_rx" in line ? line.t_rx : 0;
      if (arrivalS > batchUntilS) {
        hand();
        batchUntilS = Math.ceil(arrivalS / BATCH_S) * BATCH_S;
      }
      batch.push(text);
    }
    hand();
  });
  watch.picture.advance(T0 + (night.durationS + 300) * S);

  const dangers = night.flights.flatMap(({ id, endangers }) => (endangers === undefined ? [] : [{ id, ...endangers }]));
  const leadsS: number[] = [];
  const missed: string[] = [];
  for (const { id, target, atS } of dangers) {
    const people = night.posts.some((post) => post.id === target) ? [`${target}-1`, `${target}-2`] : [target];
    for (const personId of people) {
      const times = (watch.told.get(personId) ?? []).filter((timeS) => timeS > atS - 180 && timeS <= atS);
      const [first] = times;
      if (first === undefined) missed.push(`${id} to ${personId} at ${atS.toFixed(0)} s`);
      else leadsS.push(atS - first);
    }
  }
  const log = watch.picture.alarmLog();
  const perWindow = new Map<number, number>();
  for (const timeUs of log) {
    const window = Math.floor((timeUs - T0) / (600 * S));
    perWindow.set(window, (perWindow.get(window) ?? 0) + 1);
  }
  return {
    alarmsPer10Min: log.length / (night.durationS / 600),
    mostPer10Min: Math.max(0, ...perWindow.values()),
    dangers: dangers.length,
    missed,
    falseWarnings: watch.falseWarnings,
    raised: watch.picture.alarmFigures().byLevel,
    leadsS: leadsS.sort((a, b) => a - b),
    seconds: (performance.now() - begun) / 1000,
  };
}

async function run(words: readonly string[]): Promise<BenchResult> {
  const seeds =
    words
      .find((word) => word.startsWith("seeds="))
      ?.slice(6)
      .split(",")
      .map(Number) ?? DEFAULT_SEEDS;
  const outcomes = seeds.map((seed) => {
    const outcome = play(seed, Number(words.find((word) => word.startsWith("parts="))?.slice(6) ?? 48));
    if (words.includes("list")) {
      const { missed, falseWarnings, raised, leadsS } = outcome;
      process.stderr.write(
        `seed ${seed}: ${JSON.stringify({ raised, missed, falseWarnings, leads: leadsS.map((s) => Math.round(s)) }, undefined, 1)}\n`,
      );
    }
    return outcome;
  });
  const of = (unit: string, value: (outcome: Outcome) => number): ReturnType<typeof figure> => figure(unit, outcomes.map(value));
  return {
    figures: {
      alarms_per_10min: of("alarms", ({ alarmsPer10Min }) => alarmsPer10Min),
      missed_dangerous: of("people", ({ missed }) => missed.length),
      false_warnings: of("a night", ({ falseWarnings }) => falseWarnings.length),
      most_alarms_in_10min: of("alarms", ({ mostPer10Min }) => mostPer10Min),
      dangerous_flights: of("a night", ({ dangers }) => dangers),
      advisories: of("a night", ({ raised }) => raised.advisory),
      cautions: of("a night", ({ raised }) => raised.caution),
      warnings: of("a night", ({ raised }) => raised.warning),
      lead_median_s: of("s", ({ leadsS }) => leadsS[leadsS.length >> 1] ?? 0),
      lead_least_s: of("s", ({ leadsS }) => leadsS[0] ?? 0),
      played_in_s: of("s", ({ seconds }) => seconds),
    },
    peers: {},
  };
}

export const bench: Bench = {
  name: "night",
  measures:
    "eight hours, 41 flights an hour of which at most four endanger somebody, birds and aircraft among them: how many alarms, what was missed, what was false (seeds=1,2 list)",
  run,
};
