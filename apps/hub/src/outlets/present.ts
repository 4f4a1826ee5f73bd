// The picture in the words of the protocol: what is sent to browsers and answered to the API.
import type { HeardSource, Measured, Picture, SensorErrors, SourceState, Track, ZoneDefinition } from "@atalaya/picture";
import {
  type Finding,
  type HubHealth,
  type Mode,
  type Sector as SectorInfo,
  type Sensor as SensorInfo,
  type SourceHealth,
  type TrackDetail,
  TrackFlag,
  type TrackRecord,
  type TrackSummary,
  type Zone,
} from "@atalaya/protocol";
import { RecordedClock, WallClock } from "../sector-clock.ts";
import { defined } from "./defined.ts";
import type { Latency } from "./latency.ts";
import type { Sector } from "../sector.ts";

/** The track as its 32-byte record. */
export function trackRecord(track: Readonly<Track>, timeUs: number): TrackRecord {
  const { measured } = track;
  const flags =
    (track.drill ? TrackFlag.drill : 0) |
    (track.recorded ? TrackFlag.recorded : 0) |
    (track.status === "coasting" ? TrackFlag.coasting : 0) |
    (track.status === "tentative" ? TrackFlag.tentative : 0) |
    (track.danger ? TrackFlag.danger : 0) |
    (track.findings.length > 0 ? TrackFlag.finding : 0) |
    // A broadcast is a claim until a sensor that measures agrees.
    (measured === undefined ? TrackFlag.unverified : 0) |
    (track.unseenBy === undefined ? 0 : TrackFlag.unseen);
  return {
    number: track.number,
    latDeg: track.latDeg,
    lonDeg: track.lonDeg,
    heightHaeM: track.heightHaeM,
    courseDeg: track.courseDeg,
    speedMps: track.speedMps,
    verticalSpeedMps: track.verticalSpeedMps,
    ageS: Math.max(0, timeUs - track.lastUs) / 1e6,
    errorM: track.errorM,
    kind: track.kind ?? "unknown",
    flags,
    // Never rounded up into the next word of the screen.
    confidencePercent: measured === undefined ? undefined : Math.floor(measured.existence * 100),
    count: groupOf(track)?.count ?? 1,
    ...(measured === undefined ? {} : shapeOf(measured, groupOf(track))),
  };
}

/** The group that it flies in now: what was lost may have flown in one, and is not seven drones at the place where it was lost. */
function groupOf({ status, measured }: Readonly<Track>): Measured["group"] {
  return status === "confirmed" ? measured?.group : undefined;
}

function shapeOf({ ellipse: { majorM, minorM, azimuthDeg } }: Measured, group: Measured["group"]): Pick<TrackRecord, "ellipse" | "group"> {
  return {
    ellipse: { ratio: majorM > 0 ? minorM / majorM : 1, azimuthDeg },
    ...(group === undefined ? {} : { group: groupMark(group.id) }),
  };
}

/** The tracker names a group by its smallest label in base 36, after a T. */
function groupMark(id: string): number {
  return (Number.parseInt(id.slice(1), 36) % 0xffff) + 1;
}

export function identityOf(track: Readonly<Track>): string | undefined {
  return track.identities.find(({ kind }) => kind !== "operator-id" && kind !== "self-id")?.value;
}

export function trackSummary(track: Readonly<Track>): TrackSummary {
  return defined({
    number: track.number,
    id: track.id,
    identity: identityOf(track),
    uaType: track.uaType,
    drill: track.drill,
    recorded: track.recorded,
    findings: track.findings.length,
  });
}

function finding({ code, firstUs, lastUs, count, values }: Readonly<Track>["findings"][number]): Finding {
  return { code, firstMs: firstUs / 1000, lastMs: lastUs / 1000, count, values: { ...values } };
}

const MAX_GROUP_NAMED = 50;

function measuredOf(track: Readonly<Track>, picture: Picture): TrackDetail["measured"] {
  const { measured } = track;
  if (measured === undefined) return undefined;
  const { existence, classes, ellipse, heightSigmaM, manoeuvre, ambiguity, sensors, reasons } = measured;
  const group = groupOf(track);
  const [steady, turn, hard] = manoeuvre;
  const tracks: string[] = [];
  if (group !== undefined)
    for (const other of picture.tracks())
      if (tracks.length < MAX_GROUP_NAMED && groupOf(other)?.id === group.id && sameOrigin(other, track)) tracks.push(other.id);
  return defined({
    existence,
    classes: { ...classes },
    ellipse: { ...ellipse },
    heightSigmaM,
    manoeuvre: { steady, turn, hard },
    ambiguity,
    group: group === undefined ? undefined : { count: group.count, tracks },
    sensors: [...sensors],
    associations: reasons.map(({ sensor, timeS, probability, distance2 }) => ({
      sensor,
      timeMs: Math.round(timeS * 1000),
      probability: Math.round(probability * 1000) / 1000,
      distanceSigma: Math.sqrt(Math.max(0, distance2)),
    })),
  });
}

function sameOrigin(a: Readonly<Track>, b: Readonly<Track>): boolean {
  return a.drill === b.drill && a.recorded === b.recorded;
}

export function trackDetail(track: Readonly<Track>, picture: Picture): TrackDetail {
  const { findings: _count, ...summary } = trackSummary(track);
  return defined({
    ...summary,
    kind: track.kind ?? "unknown",
    status: track.status,
    firstMs: track.firstUs / 1000,
    lastMs: track.lastUs / 1000,
    position: { latDeg: track.latDeg, lonDeg: track.lonDeg },
    heightHaeM: track.heightHaeM,
    heightPressureM: track.heightPressureM,
    heightAboveTakeoffM: track.heightAboveTakeoffM,
    heightAboveGroundM: track.heightAboveGroundM,
    heightMslM: track.heightMslM,
    courseDeg: track.courseDeg,
    speedMps: track.speedMps,
    verticalSpeedMps: track.verticalSpeedMps,
    errorM: track.errorM,
    operationalStatus: track.operationalStatus,
    identities: track.identities.map((claim) => ({ ...claim })),
    sources: track.heardBy.map(({ id, carrier, transmitter, rssiDbm, lastUs, frames }) =>
      defined({ id, carrier, transmitter, rssiDbm, lastMs: lastUs / 1000, frames }),
    ),
    findings: track.findings.map(finding),
    measured: measuredOf(track, picture),
    unseenBy: track.unseenBy === undefined ? undefined : [...track.unseenBy],
    unseenSinceMs: track.unseenSinceUs === undefined ? undefined : track.unseenSinceUs / 1000,
    operatorPositionKept: track.operatorSeq !== undefined,
    history: track.history.map(({ timeUs, latDeg, lonDeg, heightHaeM }) => defined({ timeMs: timeUs / 1000, latDeg, lonDeg, heightHaeM })),
  });
}

/** The zone with exactly the protocol's keys. */
export function zoneOf({ id, name, kind, shape, ceilingHaeM }: ZoneDefinition): Zone {
  const copy: Zone["shape"] =
    shape.type === "circle"
      ? { type: "circle", centre: { ...shape.centre }, radiusM: shape.radiusM }
      : { type: "polygon", ring: shape.ring.map((corner) => ({ ...corner })) };
  return defined({ id, name, kind, shape: copy, ceilingHaeM });
}

export function sourcesHealth(sector: Sector): SourceHealth[] {
  return sector.picture.sources().map((source) => {
    let refusedAtDoor = 0;
    for (const count of sector.refusals(source.definition.id).values()) refusedAtDoor += count;
    return sourceHealth(source, refusedAtDoor, sector.picture.heard(source.definition.id), sector.picture.traffic(source.definition.id));
  });
}

function sourceHealth(
  source: Readonly<SourceState>,
  refusedAtDoor: number,
  heard: Readonly<HeardSource> | undefined,
  traffic: ReturnType<Picture["traffic"]>,
): SourceHealth {
  return defined({
    id: source.definition.id,
    name: source.definition.name,
    kind: source.definition.kind,
    format: source.definition.format ?? "remote-id",
    origin: source.definition.origin,
    state: source.state,
    reason: source.reason,
    position: source.definition.position,
    lastFrameMs: source.lastFrameUs === undefined ? undefined : source.lastFrameUs / 1000,
    framesPerS: source.framesPerS,
    frames: source.frames,
    refused: source.refused + refusedAtDoor,
    clockOffsetS: source.clockOffsetUs === undefined ? undefined : source.clockOffsetUs / 1e6,
    sensors: heard?.sensors.size,
    detections: heard?.detections,
    lastRefusal: heard?.lastRefusal === undefined ? undefined : { ...heard.lastRefusal },
    messages: traffic?.messages,
    aircraft: traffic?.aircraft,
    outside: traffic?.outside,
  });
}

/** Every sensor that was declared in the detection format. Where a person stands who reports is told to nobody here. */
export function sensorsOf({ picture }: Sector): SensorInfo[] {
  const errors = new Map(Array.from(picture.sensorErrors(), (state) => [state.id, state]));
  const origins = new Map(picture.sources().map(({ definition }) => [definition.id, definition.origin]));
  return Array.from(picture.sensors(), ({ source, declaration, detections, scans, refused, retimed, lastUs, clockOffsetUs }) =>
    defined({
      source,
      id: declaration.id,
      kind: declaration.kind,
      position: declaration.kind === "human" ? undefined : { latDeg: declaration.latDeg, lonDeg: declaration.lonDeg },
      detections,
      scans,
      refused,
      retimed,
      lastMs: lastUs === undefined ? undefined : lastUs / 1000,
      clockOffsetS: clockOffsetUs === undefined ? undefined : clockOffsetUs / 1e6,
      errors: errorsOf(errors.get(`${source}/${declaration.id}`)),
      drill: origins.get(source) === "synthetic",
    }),
  );
}

function errorsOf(state: SensorErrors | undefined): SensorInfo["errors"] {
  if (state === undefined) return undefined;
  const { rangeBiasM, rangeBiasSigmaM, azimuthBiasDeg, azimuthBiasSigmaDeg, clockBiasS, clockBiasSigmaS, applied, beyond, pairs } = state;
  return {
    rangeBiasM,
    rangeBiasSigmaM,
    azimuthBiasDeg,
    azimuthBiasSigmaDeg,
    clockBiasS,
    clockBiasSigmaS,
    applied,
    beyond: [...beyond],
    pairs,
  };
}

function trackerCounts(picture: Picture): HubHealth["tracker"] {
  const counts = picture.trackerCounts();
  if (counts === undefined) return undefined;
  const { detections, late, duplicates, malformed, ahead, unknownSensor, crowded, tracks, shedTracks } = counts;
  return { detections, late, duplicates, refused: malformed + ahead + unknownSensor + crowded, tracks, shedTracks };
}

/** Channels with how they stand, and how long the way to a person took lately. */
function channelsOf(picture: Picture, latency: Latency | undefined): HubHealth["channels"] {
  const figures = latency?.figures() ?? [];
  const states = picture.channels();
  const names = new Set([...states.map(({ channel }) => channel), ...figures.map(({ channel }) => channel)]);
  return [...names].sort().map((channel) => {
    const state = states.find((known) => known.channel === channel);
    const measured = figures.find((known) => known.channel === channel);
    return defined({
      channel,
      state: state?.state ?? "up",
      reason: state?.reason,
      told: measured?.count,
      p50S: measured?.p50S,
      p99S: measured?.p99S,
    });
  });
}

function conflictsOf(picture: Picture): HubHealth["conflicts"] {
  const named = (number: number): HubHealth["conflicts"][number]["drone"] => {
    const track = picture.track(number);
    const drone = track === undefined ? undefined : picture.authorisation(track)?.drone.name;
    const callsign = track?.identities.find(({ kind }) => kind === "callsign")?.value;
    return defined({ number, id: track?.id ?? "", name: drone ?? callsign });
  };
  return picture.conflicts().map(({ aircraft, drone, distanceM, closestM, inS, aboveM }) =>
    defined({
      aircraft: named(aircraft),
      drone: named(drone),
      distanceM: Math.round(distanceM),
      closestM: Math.round(closestM),
      inS: Math.round(inS),
      aboveM: aboveM === undefined ? undefined : Math.round(aboveM),
    }),
  );
}

export function hubHealth(sector: Sector, latency?: Latency): HubHealth {
  const { status, queuedEntries, durable } = sector.journal.state();
  const wall = sector.clock instanceof WallClock ? sector.clock : undefined;
  return defined({
    tickLateS: sector.lateS,
    journal: status === "ok" || status === "full" ? status : "failed",
    journalQueue: queuedEntries,
    durableSeq: durable,
    clockOffsetS: wall === undefined || wall.aheadS === 0 ? undefined : -wall.aheadS,
    clockSteps: wall?.steps ?? 0,
    silentSources: sector.picture
      .sources()
      .filter(({ state }) => state === "silent" || state === "failed")
      .map(({ definition }) => definition.id),
    overloaded: sector.overloaded,
    dropping: [...sector.dropping],
    tracker: trackerCounts(sector.picture),
    conflicts: conflictsOf(sector.picture),
    channels: channelsOf(sector.picture, latency),
  });
}

/** What the whole screen is marked as: a replay, a drill where synthetic sources run, else live. */
export function modeOf(picture: Picture, clock: unknown): Mode {
  if (clock instanceof RecordedClock) return "replay";
  if (picture.sources().some(({ definition }) => definition.origin === "synthetic")) return "drill";
  // A drill that has ended leaves its tracks for a while.
  for (const { drill } of picture.tracks()) if (drill) return "drill";
  return "live";
}

export function sectorInfo(sector: Sector): SectorInfo {
  const { clock, picture } = sector;
  return defined({
    name: picture.sector?.name ?? "Sector",
    mode: modeOf(picture, clock),
    replaySpeed: clock instanceof RecordedClock && clock.speed !== "max" ? clock.speed : undefined,
    centre: picture.sector?.centre ?? { latDeg: 0, lonDeg: 0 },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
}
