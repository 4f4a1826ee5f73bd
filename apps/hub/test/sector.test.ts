// A sector over its life: stopped and started, purged, short of disk, with a clock that jumps.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Picture } from "@atalaya/picture";
import { holds } from "@atalaya/testing/eventually";
import { beaconOf, type Broadcast } from "@atalaya/testing/flights";
import { closeAfter, temporaryFolder } from "@atalaya/testing/hub";
import type { Journal } from "../src/journal/journal.ts";
import { openSqliteJournal } from "../src/journal/open.ts";
import { Sector, SectorError } from "../src/sector.ts";
import { WallClock } from "../src/sector-clock.ts";
import type { Door, Source } from "../src/sources/source.ts";

const DRONE: Broadcast = {
  serial: "1ATA8ABCD0003",
  transmitter: "02:d1:11:00:00:03",
  latDeg: 31.75,
  lonDeg: -106.45,
  operator: { latDeg: 31.74, lonDeg: -106.46 },
};

/** A source whose door the test holds. */
class HandSource implements Source {
  readonly definition = { id: "hand", name: "By hand", kind: "http", origin: "live" } as const;
  door: Door | undefined;
  async start(door: Door): Promise<void> {
    this.door = door;
  }
  async stop(): Promise<void> {
    this.door = undefined;
  }
  /** `count` broadcasts of as many aircraft. */
  fly(count: number, timeMs: number, base: Broadcast = DRONE): void {
    for (let k = 0; k < count; k += 1) {
      const transmitter = `02:d1:12:00:00:${(k & 0xff).toString(16).padStart(2, "0")}`;
      const beacon = beaconOf(
        { ...base, transmitter, serial: `1ATA8AB${String(k).padStart(5, "0")}`, latDeg: base.latDeg + k * 1e-3 },
        timeMs,
      );
      this.door?.frame("dlt-127", beacon, undefined);
    }
  }
}

interface Opened {
  readonly sector: Sector;
  readonly journal: Journal;
  readonly source: HandSource;
}

async function open(folder: string, clock = new WallClock(), options: Parameters<typeof openSqliteJournal>[2] = {}): Promise<Opened> {
  const journal = await openSqliteJournal(folder, "Test", options);
  const sector = Sector.open(journal, clock);
  const source = new HandSource();
  await sector.run(source, "test");
  return { sector, journal, source };
}

function hash(picture: Picture): string {
  return createHash("sha256").update(picture.snapshot()).digest("hex");
}

/** The picture of the whole journal, from its first entry, at a moment. */
function replayed(journal: Journal, timeUs: number): Picture {
  const picture = new Picture();
  for (const entry of journal.read(1, 1_000_000)) picture.apply(entry);
  picture.advance(timeUs);
  return picture;
}

test("what a sector shows is what a replay of its journal gives, byte for byte", async (context) => {
  const { sector, journal, source } = await open(temporaryFolder(context));
  closeAfter(context, () => sector.stop());
  sector.start();
  for (let k = 0; k < 5; k += 1) {
    source.fly(8, Date.now());
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await sector.command("zone", {
    zone: { id: "z", name: "Zone", kind: "post", shape: { type: "circle", centre: DRONE, radiusM: 500 } },
    by: "test",
  });
  await journal.durable(sector.picture.seq);
  const { timeUs } = sector.picture;
  assert.equal(hash(replayed(journal, timeUs)), hash(sector.picture));
  assert.equal(sector.picture.trackCount, 8);
});

test("a stop loses nothing, and the next start goes on from the snapshot with the same picture", async (context) => {
  const folder = temporaryFolder(context);
  const first = await open(folder);
  first.sector.start();
  first.source.fly(10, Date.now());
  const { picture } = first.sector;
  await first.sector.stop();
  assert.equal(first.source.door, undefined, "doors are closed");

  const journal = await openSqliteJournal(folder, "Test");
  const snapshot = journal.loadSnapshot("picture-1");
  assert.equal(snapshot?.seq, picture.seq, "the last snapshot holds everything");
  const sector = Sector.open(journal, new WallClock());
  closeAfter(context, () => sector.stop());
  assert.equal(sector.picture.trackCount, 10);
  assert.equal(sector.picture.seq, picture.seq);
  assert.equal(hash(replayed(journal, sector.picture.timeUs)), hash(sector.picture));
});

test("a snapshot that is not what it says is passed over", async (context) => {
  const folder = temporaryFolder(context);
  const first = await open(folder);
  first.source.fly(3, Date.now());
  await first.sector.stop();
  const journal = await openSqliteJournal(folder, "Test");
  const { seq, state } = journal.loadSnapshot("picture-1") ?? assert.fail("a snapshot");
  const torn = Uint8Array.from(state);
  torn[torn.length >> 1] = (torn[torn.length >> 1] ?? 0) ^ 1;
  await journal.saveSnapshot({
    seq,
    format: "picture-1",
    state: torn,
    stateHash: createHash("sha256").update(state).digest("hex"),
    dependsOn: ["frame"],
  });
  const sector = Sector.open(journal, new WallClock());
  closeAfter(context, () => sector.stop());
  assert.equal(hash(replayed(journal, sector.picture.timeUs)), hash(sector.picture));
  assert.equal(sector.picture.trackCount, 3);
});

test("after a purge the picture is what the journal gives as it now stands, and so is its snapshot", async (context) => {
  let aheadUs = 0;
  const monotonicUs = (): number => Math.floor(performance.now() * 1000) + aheadUs;
  const clock = new WallClock(() => 1_800_000_000_000_000 + monotonicUs(), monotonicUs);
  const { sector, journal, source } = await open(temporaryFolder(context), clock);
  closeAfter(context, () => sector.stop());
  source.fly(6, 1_800_000_000_000);
  await journal.durable(sector.picture.seq);
  aheadUs = 2 * 3_600_000_000;
  source.fly(2, 1_800_007_200_000);
  let renewed = false;
  sector.onTick((tick) => {
    renewed ||= tick.renewed;
  });
  sector.start({ frame: 3_600_000_000, "operator-position": 1_800_000_000, "own-position": 3_600_000_000 });
  await holds(() => renewed);
  const purged = [...journal.read(1, 1000)].filter(({ payload, kind }) => kind === "frame" && payload === undefined);
  assert.equal(purged.length, 6);
  await journal.durable(sector.picture.seq);
  assert.equal(hash(replayed(journal, sector.picture.timeUs)), hash(sector.picture));
  assert.equal(sector.picture.trackCount, 2);
});

test("a disk that is full refuses people's words with a clear code, takes nothing silently, and the sector lives on", async (context) => {
  const { sector, source, journal } = await open(temporaryFolder(context), new WallClock(), { maxPages: 60, maxQueuedEntries: 2000 });
  closeAfter(context, () => sector.stop().catch(() => undefined));
  sector.start();
  await holds(() => {
    source.fly(60, Date.now());
    return journal.state().status !== "ok";
  });
  assert.equal(journal.state().status, "full");
  await assert.rejects(
    sector.command("clear", { warningId: "W-1", by: "test", reason: "none" }),
    (error) => error instanceof SectorError && error.code === "journal-full",
  );
  let ticks = 0;
  sector.onTick(() => {
    ticks += 1;
  });
  await holds(() => ticks >= 3);
  for (let k = 0; k < 200; k += 1) source.fly(20, Date.now());
  assert.ok(sector.counts.lost > 0 && sector.overloaded, "what found no room is counted and shown");
});

test("a clock set back moves no track; one that jumps ahead is followed; both are said", () => {
  let wallUs = 1_000_000_000_000;
  let monotonicUs = 0;
  const clock = new WallClock(
    () => wallUs,
    () => monotonicUs,
  );
  const pass = (us: number): void => {
    wallUs += us;
    monotonicUs += us;
  };
  pass(1_000_000);
  assert.equal(clock.check(), undefined);
  assert.equal(clock.nowUs(), wallUs);
  wallUs -= 60_000_000;
  assert.deepEqual(clock.check(), { stepUs: -60_000_000 });
  pass(1_000_000);
  assert.equal(clock.check(), undefined);
  assert.equal(clock.nowUs(), 1_000_002_000_000, "time went on as before");
  assert.equal(clock.aheadS, -60);
  wallUs += 60_000_000;
  assert.deepEqual(clock.check(), { stepUs: 60_000_000 });
  assert.equal(clock.aheadS, 0);
  wallUs += 8 * 3_600_000_000;
  assert.deepEqual(clock.check(), { stepUs: 8 * 3_600_000_000 });
  assert.equal(clock.nowUs(), wallUs, "a machine that slept");
  wallUs += 400 * 24 * 3_600_000_000;
  assert.ok(clock.check());
  assert.notEqual(clock.nowUs(), wallUs, "a wrong year is not followed");
  assert.equal(clock.steps, 4);
});

test("a machine whose clock stands before its journal goes on from the journal", async (context) => {
  const folder = temporaryFolder(context);
  const later = new WallClock(() => Date.now() * 1000 + 3_600_000_000);
  const first = await open(folder, later);
  await first.sector.stop();
  const clock = new WallClock();
  const { sector } = await open(folder, clock);
  closeAfter(context, () => sector.stop());
  assert.ok(clock.aheadS < -3500 && clock.aheadS > -3700);
  assert.ok(sector.clock.nowUs() >= sector.picture.timeUs);
});

test("a source that cannot be opened is failed, not half there", async (context) => {
  const { sector } = await open(temporaryFolder(context));
  closeAfter(context, () => sector.stop());
  const broken: Source = {
    definition: { id: "broken", name: "Broken", kind: "http", origin: "live" },
    start: () => Promise.reject(new Error("no such device")),
    stop: () => Promise.resolve(),
  };
  await assert.rejects(sector.run(broken, "test"), /no such device/);
  assert.equal(sector.source("broken"), undefined);
  assert.equal(sector.picture.sources().find(({ definition }) => definition.id === "broken")?.state, "failed");
});

test("frames of any bytes are kept and counted, and never fatal", async (context) => {
  const { sector, source, journal } = await open(temporaryFolder(context));
  closeAfter(context, () => sector.stop());
  const good = beaconOf(DRONE, Date.now());
  let seed = 1;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const formats = ["dlt-105", "dlt-127", "dlt-201", "dlt-256", "dlt-272", "dronescout", "ndjson"] as const;
  let sent = 0;
  for (let k = 0; k < 4000; k += 1) {
    const bytes = next(4) === 0 ? Uint8Array.from({ length: next(300) }, () => next(256)) : Uint8Array.from(good);
    for (let flip = next(6); flip > 0 && bytes.length > 0; flip -= 1) bytes[next(bytes.length)] = next(256);
    source.door?.frame(
      formats[k % formats.length] ?? "ndjson",
      bytes.subarray(0, bytes.length - (next(3) === 0 ? next(bytes.length + 1) : 0)),
      undefined,
    );
    sent += 1;
  }
  await journal.durable(sector.picture.seq);
  assert.equal([...journal.read(1, 10_000)].filter(({ kind }) => kind === "frame").length, sent);
  assert.equal(sector.counts.frames, sent);
});
