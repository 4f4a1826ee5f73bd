// What does it cost to ask what a report or a track might be instead?
import { pointSeenAt } from "@atalaya/geodesy";
import {
  type Context,
  explain,
  type Fix,
  type KnownAircraft,
  LIMITS,
  type OrbitalElements,
  readElements,
  type Sighting,
  type UnknownTrack,
} from "@atalaya/look-alikes";
import { type Bench, type BenchResult, type Figure, figure } from "./bench.ts";

const RUNS = 15;
const POST = { latDeg: 31.7619, lonDeg: -106.485, heightHaeM: 1140 };
/** A dark sky with Venus in it and satellites in sunlight. */
const BEFORE_DAWN = 1_795_522_160_000;
const AIRCRAFT = 100;
const TRACK_FIXES = 600;

const SIGHTING: Sighting = {
  what: "sighting",
  observer: { ...POST, sigmaM: 10 },
  timeUnixMs: BEFORE_DAWN,
  timeSigmaMs: 2000,
  azimuth: { how: "measured", deg: 120, sigmaDeg: 8 },
  elevation: { how: "measured", deg: 25, sigmaDeg: 6 },
  said: { motion: "still", lights: "steady" },
};

function fixes(index: number, count: number, stepS: number): readonly Fix[] {
  return Array.from({ length: count }, (_, at): Fix => {
    const look = {
      azimuthDeg: (index * 137.5 + at * 0.01) % 360,
      elevationDeg: 5 + (index % 40),
      slantRangeM: 5000 + index * 100 + at * 20,
    };
    const place = pointSeenAt(POST, look);
    return { timeUnixMs: BEFORE_DAWN + (at - count + 1) * stepS * 1000, ...place, sigmaM: 20, heightSigmaM: 30 };
  });
}

/** As many satellites of a low orbit as are taken, spread over the sphere by the golden angle. */
function satellites(): readonly OrbitalElements[] {
  const messages = Array.from({ length: LIMITS.satellites }, (_, index) => ({
    OBJECT_NAME: `BENCH ${index}`,
    EPOCH: "2026-11-24T00:00:00.000",
    MEAN_MOTION: 15.06,
    ECCENTRICITY: 0.0001,
    INCLINATION: 53.05,
    RA_OF_ASC_NODE: (index * 137.5) % 360,
    ARG_OF_PERICENTER: 90,
    MEAN_ANOMALY: (index * 0.37) % 360,
    NORAD_CAT_ID: index,
    BSTAR: 0.0003,
  }));
  return readElements(JSON.stringify(messages)).elements;
}

/** Milliseconds per question. */
function perQuestion(questions: number, question: Sighting | UnknownTrack, context: Context): Figure {
  const samples: number[] = [];
  for (let run = -3; run < RUNS; run += 1) {
    const start = performance.now();
    for (let at = 0; at < questions; at += 1) {
      if ("refused" in explain(question, context)) throw new RangeError("a question of the benchmark was refused");
    }
    if (run >= 0) samples.push((performance.now() - start) / questions);
  }
  return figure("ms/question", samples);
}

export const bench: Bench = {
  name: "look-alikes",
  measures: `time per question; ${AIRCRAFT} aircraft with 60 fixes each, ${LIMITS.satellites} satellites, a track of ${TRACK_FIXES} fixes`,
  run: (): Promise<BenchResult> => {
    const aircraft = Array.from(
      { length: AIRCRAFT },
      (_, index): KnownAircraft => ({ id: `a${index}`, fixes: fixes(index, 60, 1), timeSigmaMs: 500 }),
    );
    const track: UnknownTrack = { what: "track", fixes: fixes(3, TRACK_FIXES, 0.2) };
    const figures = {
      "report, bodies": perQuestion(50, SIGHTING, {}),
      "report, aircraft too": perQuestion(50, SIGHTING, { aircraft }),
      "report, satellites too": perQuestion(1, SIGHTING, { satellites: satellites() }),
      "track, aircraft": perQuestion(50, track, { aircraft }),
    };
    return Promise.resolve({ figures, peers: {} });
  },
};
