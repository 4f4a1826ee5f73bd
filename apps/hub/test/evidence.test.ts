// What sensors say on its way out: how sure a track is and why, how far each sensor is off, what contradicts a claim, what is left out under load.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { namedScenario, simulate } from "@atalaya/drills/scenario";
import type { Picture, Track } from "@atalaya/picture";
import { HubHealth, Sensor, TrackDetail, TrackFlag } from "@atalaya/protocol";
import { beaconOf, type Broadcast } from "@atalaya/testing/flights";
import { closeAfter, temporaryFolder } from "@atalaya/testing/hub";
import { openSqliteJournal } from "../src/journal/open.ts";
import { hubHealth, sensorsOf, trackDetail, trackRecord } from "../src/outlets/present.ts";
import { Sector } from "../src/sector.ts";
import { WallClock } from "../src/sector-clock.ts";
import type { Door, Source } from "../src/sources/source.ts";

const START_US = 1_790_000_000_000_000;
const PLACE = { latDeg: 31.7587, lonDeg: -106.4869, heightHaeM: 1140 };

class HandSource implements Source {
  readonly definition: Source["definition"];
  door: Door | undefined;
  constructor(id: string, format: "detections" | "remote-id", origin: "live" | "synthetic") {
    this.definition = { id, name: id, kind: "http", origin, format };
  }
  async start(door: Door): Promise<void> {
    this.door = door;
  }
  async stop(): Promise<void> {
    this.door = undefined;
  }
  lines(...lines: readonly object[]): void {
    this.door?.frame("detections", new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")), undefined);
  }
}

interface Opened {
  readonly sector: Sector;
  /** Sets the sector's clock to so many seconds after the start. */
  at(seconds: number): void;
}

/** A sector whose time is the test's. */
async function open(context: TestContext, ...sources: readonly Source[]): Promise<Opened> {
  let nowUs = START_US;
  const clock = new WallClock(
    () => nowUs,
    () => nowUs,
  );
  const journal = await openSqliteJournal(temporaryFolder(context), "Test");
  const sector = Sector.open(journal, clock);
  closeAfter(context, () => sector.stop());
  for (const source of sources) await sector.run(source, "test");
  const at = (seconds: number): void => {
    nowUs = START_US + Math.round(seconds * 1e6);
    sector.picture.advance(nowUs);
  };
  return { sector, at };
}

test("a drill of biased, late and doubled radars shows bodies with ellipses and reasons, each radar's error, and what was not worked in", async (context) => {
  const plan = namedScenario("messy", 4, PLACE);
  const source = new HandSource("drill", "detections", "synthetic");
  const { sector, at } = await open(context, source);
  for (const line of simulate(plan, 4).sensing()) {
    if ("t_rx" in line) {
      if (line.t_rx > 60) break;
      at(line.t_rx);
    }
    source.lines(line);
  }
  at(60.1);
  const { picture } = sector;
  const measured = [...picture.tracks()].filter((track) => track.measured !== undefined && track.status === "confirmed");
  assert.ok(measured.length >= 3, `${measured.length} bodies`);
  for (const track of measured) {
    const record = trackRecord(track, picture.timeUs);
    assert.equal(record.flags & TrackFlag.unverified, 0);
    assert.ok(record.flags & TrackFlag.drill);
    assert.ok(record.ellipse !== undefined && record.ellipse.ratio > 0 && record.ellipse.ratio <= 1);
    assert.ok((record.confidencePercent ?? 0) >= 30);
    const detail = TrackDetail.parse(trackDetail(track, picture));
    const evidence = detail.measured;
    assert.ok(evidence !== undefined);
    assert.equal(record.errorM, evidence.ellipse.majorM);
    const { drone, bird, aircraft, unknown } = evidence.classes;
    assert.ok(Math.abs(drone + bird + aircraft + unknown - 1) < 0.03);
    assert.ok(evidence.sensors.every((id) => /^drill\/(R\d|RID1|ADSB1)$/.test(id)) && evidence.sensors.length > 0);
    for (const { sensor, timeMs, probability, distanceSigma } of evidence.associations) {
      assert.ok(evidence.sensors.includes(sensor));
      assert.ok(Math.abs(timeMs - picture.timeUs / 1000) < 60_000);
      assert.ok(probability > 0 && probability <= 1 && distanceSigma >= 0 && distanceSigma < 10);
    }
  }
  const sensors = sensorsOf(sector).map((sensor) => Sensor.parse(sensor));
  for (const radar of plan.sensors.filter(({ kind }) => kind === "radar")) {
    const errors = sensors.find(({ id }) => id === radar.id)?.errors;
    assert.ok(errors !== undefined && errors.pairs > 0 && errors.applied && errors.beyond.length === 0, radar.id);
    assert.ok(errors.rangeBiasSigmaM > 0 && errors.azimuthBiasSigmaDeg > 0 && errors.clockBiasSigmaS > 0);
  }
  // Somebody is off by more than twice what is known of it: errors were found, not only listed.
  assert.ok(sensors.some(({ errors }) => Math.abs(errors?.azimuthBiasDeg ?? 0) > 2 * (errors?.azimuthBiasSigmaDeg ?? 1)));
  const health = HubHealth.parse(hubHealth(sector));
  assert.ok((health.tracker?.duplicates ?? 0) > 0 && (health.tracker?.detections ?? 0) > 1000);
  assert.deepEqual([health.overloaded, health.dropping], [false, []]);
});

test("a body in a group says how many fly there and which, and once lost it is one again", () => {
  const measured: NonNullable<Track["measured"]> = {
    label: 46,
    existence: 0.999,
    classes: { drone: 0.9, bird: 0, aircraft: 0, unknown: 0.1 },
    ellipse: { majorM: 40, minorM: 10, azimuthDeg: 30 },
    heightSigmaM: 5,
    speedSigmaMps: 0.5,
    manoeuvre: [0.9, 0.1, 0],
    ambiguity: 0.4,
    group: { id: "T1a", count: 7 },
    sensors: ["yard/R1"],
    reasons: [],
  };
  const track: Track = {
    number: 7 as Track["number"],
    id: "T-0007",
    drill: false,
    recorded: false,
    status: "confirmed",
    firstUs: START_US,
    lastUs: START_US,
    heardUs: START_US,
    positions: 3,
    latDeg: 31.75,
    lonDeg: -106.45,
    identities: [],
    heardBy: [],
    findings: [],
    emitters: [],
    history: [],
    revision: 0,
    danger: false,
    kind: "bird",
    measured,
  };
  const picture = {
    tracks: () => [track, { ...track, id: "T-0008" }, { ...track, id: "D-0009", drill: true }].values(),
  } as unknown as Picture;
  const record = trackRecord(track, START_US);
  // 0.999 is told as 99: what is not certain is never 100. T1a is label 46 in base 36.
  assert.deepEqual([record.count, record.group, record.kind, record.confidencePercent], [7, 47, "bird", 99]);
  assert.deepEqual(record.ellipse, { ratio: 0.25, azimuthDeg: 30 });
  const detail = TrackDetail.parse(trackDetail(track, picture));
  assert.deepEqual([detail.kind, detail.measured?.group], ["bird", { count: 7, tracks: ["T-0007", "T-0008"] }]);
  const lost: Track = { ...track, status: "coasting" };
  const gone = trackRecord(lost, START_US);
  assert.deepEqual([gone.count, gone.group], [1, undefined]);
  assert.equal(trackDetail(lost, picture).measured?.group, undefined);
});

const RADAR = {
  type: "sensor",
  id: "R1",
  kind: "radar",
  lat: 31.74,
  lon: -106.46,
  alt: 1150,
  z: ["range_m", "az_deg", "el_deg"],
  sd: [5, 0.5, 0.7],
  period_s: 1,
  pd: 0.95,
  fa_per_scan: 0.5,
  fov: { range_m: [100, 5000], az_deg: [0, 360], el_deg: [-5, 60] },
};

test("a broadcast that no sensor has seen is a claim, and one from where a radar looks and sees nothing is contradicted by its name", async (context) => {
  const drone: Broadcast = { serial: "1ATA8ABCD0009", transmitter: "02:d1:11:00:00:09", latDeg: 31.755, lonDeg: -106.455 };
  const receiver = new HandSource("roof", "remote-id", "live");
  const yard = new HandSource("yard", "detections", "live");
  const { sector, at } = await open(context, receiver, yard);
  const hear = (seconds: number): void => {
    at(seconds);
    receiver.door?.frame("dlt-127", beaconOf(drone, (START_US + seconds * 1e6) / 1000), undefined);
  };
  hear(0.5);
  hear(1.5);
  const [track] = sector.picture.tracks();
  assert.ok(track !== undefined);
  const alone = trackRecord(track, sector.picture.timeUs);
  assert.equal(alone.flags & (TrackFlag.unverified | TrackFlag.unseen), TrackFlag.unverified);
  assert.deepEqual([alone.confidencePercent, alone.ellipse, alone.group, alone.count], [undefined, undefined, undefined, 1]);
  yard.lines(RADAR);
  for (let k = 2; k < 12; k += 1) {
    hear(k + 0.5);
    const t = START_US / 1e6 + k;
    yard.lines({ type: "scan", sensor: "R1", scan: k, n: 0, t, t_end: t + 0.9 });
    at(k + 1);
  }
  const seen = trackRecord(track, sector.picture.timeUs);
  assert.equal(seen.flags & (TrackFlag.unverified | TrackFlag.unseen), TrackFlag.unverified | TrackFlag.unseen);
  const detail = TrackDetail.parse(trackDetail(track, sector.picture));
  assert.deepEqual([detail.measured, detail.unseenBy], [undefined, ["yard/R1"]]);
  const sinceMs = detail.unseenSinceMs ?? 0;
  assert.ok(sinceMs > START_US / 1000 + 1500 && sinceMs <= START_US / 1000 + 12_000);
});

test("a hub that drops tracks for want of room says so, and what it drops", async (context) => {
  const yard = new HandSource("yard", "detections", "live");
  const { sector, at } = await open(context, yard);
  sector.start();
  const dropped = new Promise<void>((resolve) => {
    const stop = sector.onTick(() => {
      if (!sector.overloaded) return;
      stop();
      resolve();
    });
  });
  yard.lines({ ...RADAR, fov: { range_m: [100, 20_000], az_deg: [0, 360], el_deg: [-5, 60] } });
  let drawn = 1;
  const draw = (low: number, high: number): number => {
    drawn = (drawn * 48_271) % 0x7fff_ffff;
    return low + ((high - low) * drawn) / 0x7fff_ffff;
  };
  for (let scan = 0; scan < 8; scan += 1) {
    const t = START_US / 1e6 + scan;
    at(scan + 0.1);
    for (let part = 0; part < 5; part += 1)
      yard.lines(
        ...Array.from({ length: 1000 }, (_, k) => ({
          type: "det",
          id: `${scan}-${part}-${k}`,
          sensor: "R1",
          kind: "radar",
          scan,
          t,
          z: [draw(200, 19_000), draw(0, 360), draw(0, 20)],
        })),
      );
    yard.lines({ type: "scan", sensor: "R1", scan, n: 5000, t, t_end: t });
    at(scan + 0.9);
  }
  at(9);
  await dropped;
  const health = HubHealth.parse(hubHealth(sector));
  assert.deepEqual([health.overloaded, health.dropping], [true, ["tracks"]]);
  assert.ok((health.tracker?.shedTracks ?? 0) > 0 && (health.tracker?.tracks ?? 0) <= 20_000);
});
