// What sensors measure and what is broadcast come together in one picture: bodies, names bound to them, claims that nothing confirms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { namedScenario, type ScenarioName, type SensingLine, simulate, type TruthLine } from "@atalaya/drills/scenario";
import { flatDistanceM } from "@atalaya/geodesy";
import { utf8Bytes } from "@atalaya/remote-id";
import { type Entry, type Origin, Picture, type Track, type ZoneDefinition } from "../src/index.ts";
import { S, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

interface Flight {
  readonly entries: readonly Entry[];
  readonly truth: readonly TruthLine[];
}

/** A scenario as a sector's journal: batches of lines as they arrive, 0.2 s of them at a time. */
function journal(
  name: ScenarioName,
  seed: number,
  origin: Origin = "synthetic",
  untilS = 1e9,
  zones: readonly ZoneDefinition[] = [],
): Flight {
  const recording = simulate(namedScenario(name, seed), seed);
  const list = new EntryList().record(T0, "source", { source: { id: "drill", name: "drill", kind: "http", origin }, by: "test" });
  for (const zone of zones) list.record(T0, "zone", { zone, by: "test" });
  let batch: string[] = [];
  let batchS = 0;
  const flush = (): void => {
    if (batch.length > 0) list.frame(T0 + Math.round(batchS * S), "detections", utf8Bytes(batch.join("\n")), "drill");
    batch = [];
  };
  for (const line of recording.sensing()) {
    const arrivedS = "t_rx" in line ? line.t_rx : 0;
    if (arrivedS > untilS) break;
    if (arrivedS >= batchS + 0.2) {
      flush();
      batchS = arrivedS;
    }
    batch.push(JSON.stringify(live(line)));
  }
  flush();
  return { entries: list.entries, truth: [...recording.truth()] };
}

/** The line as a sensor of today would send it: Unix seconds, no head of a scenario. */
function live(line: SensingLine): object {
  if (line.type === "scenario") return { ...line, epoch: T0 / 1e6 };
  return line;
}

function played(entries: readonly Entry[], toUs?: number): Picture {
  const picture = new Picture();
  for (const entry of entries) picture.apply(entry);
  if (toUs !== undefined) picture.advance(toUs);
  return picture;
}

function truthAt(
  truth: readonly TruthLine[],
  atS: number,
): readonly { readonly id: string; readonly latDeg: number; readonly lonDeg: number }[] {
  return truth.flatMap((line) =>
    line.type === "state" && Math.abs(line.t - atS) < 0.01 ? [{ id: line.id, latDeg: line.lat, lonDeg: line.lon }] : [],
  );
}

function nearest(
  tracks: readonly Readonly<Track>[],
  latDeg: number,
  lonDeg: number,
): { readonly track: Readonly<Track> | undefined; readonly apartM: number } {
  let track: Readonly<Track> | undefined;
  let apartM = Number.POSITIVE_INFINITY;
  for (const each of tracks) {
    const d = flatDistanceM(latDeg, lonDeg, each.latDeg, each.lonDeg);
    if (d < apartM) {
      apartM = d;
      track = each;
    }
  }
  return { track, apartM };
}

test("radar, direction finders, broadcasts and an aircraft's own reports make one track per body, with name, error and reasons", () => {
  const { entries, truth } = journal("mixed", 4, "synthetic", 90);
  const picture = played(entries, T0 + 89.5 * S);
  const bodies = [...picture.tracks()].filter(({ measured }) => measured !== undefined);
  const exists = new Map(truth.flatMap((line) => (line.type === "object" ? [[line.id, line] as const] : [])));
  let named = 0;
  for (const { id, latDeg, lonDeg } of truthAt(truth, 89.5)) {
    if (exists.get(id)?.exists !== true || exists.get(id)?.cls === "bird") continue;
    const { track, apartM } = nearest(bodies, latDeg, lonDeg);
    assert.ok(track?.measured !== undefined && apartM < 60, `${id} is ${apartM.toFixed(0)} m from the nearest track`);
    assert.ok(track.id.startsWith("D-"));
    assert.ok(track.measured.sensors.length > 0 && track.measured.reasons.length > 0);
    assert.ok(track.measured.ellipse.majorM >= track.measured.ellipse.minorM && track.measured.existence > 0.5);
    if (exists.get(id)?.cls === "aircraft") assert.equal(track.kind, "manned");
    if (track.identities.length > 0) named += 1;
  }
  // Four drones broadcast and the helicopter reports; each name stands on a body.
  assert.equal(named, 5);
});

test("a broadcast from where no body is stays a claim that names the sensors which see nothing there, and warns at the lowest level only", () => {
  const spoofed = journal("mixed", 4, "synthetic", 1).truth.flatMap((line) => (line.type === "object" && !line.exists ? [line.id] : []));
  const { entries, truth } = journal("mixed", 4, "synthetic", 90);
  const picture = played(entries, T0 + 89.5 * S);
  const claims = [...picture.tracks()].filter(({ measured, identities }) => measured === undefined && identities.length > 0);
  for (const { id, latDeg, lonDeg } of truthAt(truth, 89.5)) {
    if (!spoofed.includes(id)) continue;
    const { track, apartM } = nearest(claims, latDeg, lonDeg);
    assert.ok(track !== undefined && apartM < 60, `${id}: no claim within 60 m`);
    assert.ok(
      track.unseenBy?.some((sensor) => sensor === "drill/R1"),
      `${id}: ${track.unseenBy?.join()}`,
    );
  }
  // The same again with a post under each claim: told, and no more than told.
  const posts = truthAt(truth, 89.5)
    .filter(({ id }) => spoofed.includes(id))
    .map(
      ({ id, latDeg, lonDeg }): ZoneDefinition => ({
        id,
        name: id,
        kind: "post",
        shape: { type: "circle", centre: { latDeg, lonDeg }, radiusM: 30 },
      }),
    );
  assert.equal(posts.length, 2);
  const guarded = played(journal("mixed", 4, "synthetic", 90, posts).entries, T0 + 89.5 * S);
  const claimIds = new Set(
    [...guarded.tracks()].filter(({ measured, identities }) => measured === undefined && identities.length > 0).map(({ id }) => id),
  );
  const raised = [...guarded.warnings()].filter(({ trackId }) => claimIds.has(trackId));
  assert.ok(raised.length > 0);
  for (const { level } of raised) assert.equal(level, "advisory");
});

test("errors of sensors are found and can be read, and what came twice or too late is counted", () => {
  const { entries, truth } = journal("messy", 2, "synthetic", 60);
  const picture = played(entries, T0 + 60 * S);
  const bias = truth.find((line) => line.type === "bias" && line.sensor === "R2");
  assert.ok(bias?.type === "bias");
  const found = [...picture.sensorErrors()].find(({ id }) => id === "drill/R2");
  assert.ok(found !== undefined && found.pairs > 100 && found.applied);
  const azimuthDeg = bias.z[1] ?? 0;
  assert.ok(Math.abs(found.azimuthBiasDeg - azimuthDeg) < 0.3, `found ${found.azimuthBiasDeg}°, true ${azimuthDeg}°`);
  assert.ok((picture.trackerCounts()?.duplicates ?? 0) > 0);
});

test("tracks go on under the same name after a restart from any moment, and the state is the same to the byte", () => {
  const { entries } = journal("messy", 3, "synthetic", 40);
  const whole = played(entries, T0 + 40 * S);
  const names = [...whole.tracks()].map(({ id }) => id);
  assert.ok(names.length > 5);
  for (const share of [0.2, 0.5, 0.8]) {
    const cut = Math.floor(entries.length * share);
    const restored = Picture.restore(played(entries.slice(0, cut)).snapshot());
    assert.ok(restored instanceof Picture);
    for (const entry of entries.slice(cut)) restored.apply(entry);
    restored.advance(T0 + 40 * S);
    assert.deepEqual(
      [...restored.tracks()].map(({ id }) => id),
      names,
    );
    assert.deepEqual(restored.snapshot(), whole.snapshot());
  }
});

test("what is invented and what is real never meet: the same sensors as a drill and live make tracks apart", () => {
  const drill = journal("fpv8", 5, "synthetic", 20).entries;
  const list = new EntryList()
    .record(T0, "source", { source: { id: "drill", name: "drill", kind: "http", origin: "synthetic" }, by: "test" })
    .record(T0, "source", { source: { id: "real", name: "real", kind: "http", origin: "live" }, by: "test" });
  for (const entry of drill) {
    if (entry.kind !== "frame" || entry.payload === undefined) continue;
    list.entries.push({ ...entry, seq: list.entries.length + 1 });
    // The live door takes no head of a scenario: its times are those of arrival.
    const text = new TextDecoder().decode(entry.payload.subarray(10));
    const real = text
      .split("\n")
      .filter((line) => !line.includes('"scenario"'))
      .map((line) =>
        line.replace(/"t":[\d.]+/, `"t":${entry.timeUs / 1e6 - 0.1}`).replace(/"t_end":[\d.]+/, `"t_end":${entry.timeUs / 1e6 - 0.1}`),
      );
    list.frame(entry.timeUs, "detections", utf8Bytes(real.join("\n")), "real");
  }
  const picture = played(list.entries, T0 + 20 * S);
  const tracks = [...picture.tracks()].filter(({ measured }) => measured !== undefined);
  assert.ok(tracks.some(({ drill: invented }) => invented) && tracks.some(({ drill: invented }) => !invented));
  for (const { drill: invented, measured } of tracks)
    for (const sensor of measured?.sensors ?? []) assert.equal(sensor.startsWith("drill/"), invented);
});
