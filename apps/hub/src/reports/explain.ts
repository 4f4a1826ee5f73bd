// Is it something else? Asks for look-alikes of a report or of an unknown track, with what this sector knows around it.
import { type Angle, type Context, explain, type Fix, type KnownAircraft, type KnownDrone, type Sighting } from "@atalaya/look-alikes";
import { compassDeg, type Picture, type PictureReport, type SightingReport, type Track, wedgeOf } from "@atalaya/picture";
import type { LookAlikes } from "@atalaya/protocol";
import { satellitesOf, windsOf } from "./sky.ts";

/** Around the moment that is asked about, µs. */
const AROUND_US = 60e6;
const SIGMAS_95 = 2.45;
const UNSTATED_SIGMA_M = 30;
const NO_HEIGHT_SIGMA_M = 300;
/** An ADS-B position is this old when it is written down, at most. */
const AIRCRAFT_DELAY_MS = 1000;

function fixOf(track: Readonly<Track>, point: Readonly<Track>["history"][number]): Fix {
  const { errorM } = track;
  const heightHaeM = point.heightHaeM ?? track.heightHaeM ?? null;
  return {
    timeUnixMs: point.timeUs / 1000,
    latDeg: point.latDeg,
    lonDeg: point.lonDeg,
    heightHaeM,
    sigmaM: errorM === undefined ? UNSTATED_SIGMA_M : Math.max(5, errorM / SIGMAS_95),
    heightSigmaM: heightHaeM === null ? NO_HEIGHT_SIGMA_M : 60,
  };
}

function fixesOf(track: Readonly<Track>, fromUs: number, toUs: number): readonly Fix[] {
  const newest = { timeUs: track.lastUs, latDeg: track.latDeg, lonDeg: track.lonDeg };
  const points = track.history.at(-1)?.timeUs === newest.timeUs ? track.history : [...track.history, newest];
  return points.filter(({ timeUs }) => timeUs >= fromUs && timeUs <= toUs).map((point) => fixOf(track, point));
}

/** What is known around a span of time, but for the track that is asked about. What nobody has set up here is left out, and the answer says so. */
function contextOf(picture: Picture, fromUs: number, toUs: number, but: number | undefined, drill: boolean): Context {
  const aircraft: KnownAircraft[] = [];
  const drones: KnownDrone[] = [];
  const allowed = picture.authorisedDrones();
  const heard = new Map<string, readonly Fix[]>();
  for (const track of picture.tracks()) {
    if (track.number === but || track.drill !== drill) continue;
    const fixes = fixesOf(track, fromUs - AROUND_US, toUs + AROUND_US);
    if (fixes.length === 0) continue;
    const names = track.identities.map(({ value }) => value);
    if (track.selfKind === "manned") {
      const callsign = track.identities.find(({ kind }) => kind === "callsign")?.value;
      aircraft.push({ id: names[0] ?? track.id, fixes, timeSigmaMs: AIRCRAFT_DELAY_MS, ...(callsign === undefined ? {} : { callsign }) });
    }
    for (const name of names) heard.set(name, fixes);
  }
  for (const { id, name, own, identity, area, fromUs: since, untilUs } of allowed) {
    drones.push({
      id,
      name,
      standing: own ? "own" : "authorised",
      broadcastIds: [identity],
      fixes: heard.get(identity) ?? [],
      timeSigmaMs: 1000,
      ...(area.type === "circle"
        ? {
            allowed: {
              ...area.centre,
              radiusM: area.radiusM,
              // Areas have no ceiling here.
              topHaeM: 20_000,
              fromUnixMs: since / 1000,
              toUnixMs: untilUs / 1000,
            },
          }
        : {}),
    });
  }
  const listens = picture.sources().some(({ definition, state }) => definition.format === "adsb" && state === "hearing");
  const satellites = satellitesOf(picture);
  const winds = windsOf(picture);
  return {
    ...(listens || aircraft.length > 0 ? { aircraft } : {}),
    drones,
    ...(satellites === undefined ? {} : { satellites }),
    ...(winds === undefined ? {} : { winds }),
  };
}

const MOTION: Readonly<Partial<Record<NonNullable<SightingReport["doing"]>, NonNullable<Sighting["said"]>["motion"]>>> = {
  hovering: "still",
  passing: "moving",
  approaching: "moving",
  leaving: "moving",
  circling: "circling",
};

/** Elevations in words as wide as people mean them: 1.5 σ to both sides of the picture's table. */
const ELEVATION: Readonly<Record<string, readonly [number, number]>> = {
  horizon: [0, 9],
  low: [0, 21],
  "half-way": [11, 53],
  high: [31, 79],
  overhead: [63, 90],
};

function elevationOf({ elevation, direction }: SightingReport): Angle | null {
  const word = direction?.type === "overhead" ? "overhead" : elevation?.type === "word" ? elevation.word : undefined;
  if (word !== undefined) {
    const [fromDeg, toDeg] = ELEVATION[word] ?? [0, 90];
    return { how: "between", fromDeg, toDeg };
  }
  return elevation?.type === "pointed" ? { how: "measured", deg: elevation.elevationDeg, sigmaDeg: Math.max(3, elevation.sigmaDeg) } : null;
}

/** A word of eight is a quadrant's half to both sides, one of sixteen half of that: as wide as people mean them. */
function headingOf({ headingWord }: SightingReport): Angle | undefined {
  if (headingWord === undefined) return undefined;
  const deg = compassDeg(headingWord);
  const halfDeg = headingWord.length < 3 ? 22.5 : 11.25;
  return { how: "between", fromDeg: (deg + 360 - halfDeg) % 360, toDeg: (deg + halfDeg) % 360 };
}

function sightingOf({ told, observedUs }: Readonly<PictureReport>, groundM: number): Sighting {
  const wedge = wedgeOf(told);
  const { observer, lights, sound, type, doing, firstSeenUs } = told;
  const motion = doing === undefined ? undefined : MOTION[doing];
  const heading = headingOf(told);
  const said = {
    ...(motion === undefined ? {} : { motion }),
    ...(lights === undefined || lights.state === "not-known" ? {} : { lights: lights.state }),
    ...(sound === "none" ? { sound: "none" as const } : {}),
    ...(type === "multirotor" || type === "fixed-wing" ? { shape: type } : {}),
  };
  return {
    what: "sighting",
    observer: { latDeg: observer.latDeg, lonDeg: observer.lonDeg, heightHaeM: groundM, sigmaM: Math.max(1, observer.errorM / SIGMAS_95) },
    timeUnixMs: observedUs / 1000,
    timeSigmaMs: Math.max(500, told.observedErrorS * 1000),
    azimuth: wedge === undefined ? null : { how: "measured", deg: wedge.azimuthDeg, sigmaDeg: wedge.sigmaDeg },
    elevation: elevationOf(told),
    ...(heading === undefined ? {} : { heading }),
    ...(firstSeenUs === undefined || firstSeenUs >= observedUs ? {} : { watchedS: (observedUs - firstSeenUs) / 1e6 }),
    said,
  };
}

function answerOf(explained: ReturnType<typeof explain>): LookAlikes {
  // A question that cannot be worked with (a place at a pole, a moment of another century) is not enough information, and no fault of the reporter.
  if ("refused" in explained) return { answer: "not-enough-information", findings: [], checks: [] };
  const { answer, findings, checks } = explained;
  return {
    answer,
    findings: findings.map(({ kind, subject, grade, likelihoodRatio, reason, decides, doesNotExclude }) => ({
      kind,
      subject,
      grade,
      likelihoodRatio,
      reason: { ...reason },
      decides: decides.map((decider) => ({ ...decider })),
      doesNotExclude: [...doesNotExclude],
    })),
    checks: checks.map(({ kind, outcome, missing, doesNotExclude }) => ({
      kind,
      outcome,
      missing: [...missing],
      doesNotExclude: [...doesNotExclude],
    })),
  };
}

/** Look-alikes of a report at its moment. */
export function explainReport(report: Readonly<PictureReport>, picture: Picture): LookAlikes {
  const { observedUs, told } = report;
  const context = contextOf(picture, observedUs, observedUs, undefined, told.drill);
  return answerOf(explain(sightingOf(report, picture.groundM(told.observer)), context));
}

/** Look-alikes of a track as far as it is known. */
export function explainTrack(track: Readonly<Track>, picture: Picture): LookAlikes {
  const fixes = fixesOf(track, 0, Number.MAX_SAFE_INTEGER);
  const [first] = fixes;
  const fromUs = (first?.timeUnixMs ?? 0) * 1000;
  const { measured } = track;
  return answerOf(
    explain(
      {
        what: "track",
        fixes,
        claimedIds: track.identities.map(({ value }) => value),
        ...(measured === undefined ? {} : { classes: measured.classes }),
      },
      contextOf(picture, fromUs, track.lastUs, track.number, track.drill),
    ),
  );
}
