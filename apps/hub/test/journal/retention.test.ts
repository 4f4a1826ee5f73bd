// Each class goes when its time is over, by itself.
import assert from "node:assert/strict";
import test from "node:test";
import type { Entry, PurgeRecord } from "../../src/journal/journal.ts";
import { RetentionJob } from "../../src/journal/retention.ts";
import { frame, START_US, taken } from "./conformance.ts";
import { sqliteStore } from "./sqlite-store.ts";

const HOUR_US = 3_600_000_000;

test("positions go after 24 hours, frames after 180 days, records never; stopping stops", async (t) => {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  const sealed = Buffer.from("position");
  taken(journal, frame(1, { sealed }));
  taken(journal, frame(2, { retention: "own-position" }));
  taken(journal, frame(3, { retention: "operator-position" }));
  taken(journal, frame(4, { retention: "record", kind: "note" }));
  await journal.durable(4);

  let nowUs = START_US;
  let tick: (() => void) | undefined;
  const entries: Entry[] = [];
  const purges: PurgeRecord[] = [];
  const job = new RetentionJob({
    journal,
    clock: {
      nowUs: () => nowUs,
      every: (milliseconds, call) => {
        assert.equal(milliseconds, 900_000);
        tick = call;
        return () => {
          tick = undefined;
        };
      },
    },
    appended: (entry) => entries.push(entry),
    purged: (record) => purges.push(record),
    failed: (error) => assert.fail(String(error)),
  });
  const at = async (us: number): Promise<readonly string[]> => {
    nowUs = us;
    tick?.();
    await job.run();
    return [...journal.read(1, 4)].map(
      ({ payload, sealed: part }) =>
        `${payload === undefined ? "purged" : "kept"}${part === undefined ? "" : part === "purged" ? "/purged" : "/kept"}`,
    );
  };
  nowUs = START_US + 10;
  job.start();
  assert.deepEqual(await at(START_US + 23 * HOUR_US), ["kept/kept", "kept", "kept", "kept"]);
  assert.deepEqual(await at(START_US + 25 * HOUR_US), ["kept/purged", "purged", "purged", "kept"]);
  assert.deepEqual(await at(START_US + 179 * 24 * HOUR_US), ["kept/purged", "purged", "purged", "kept"]);
  assert.deepEqual(await at(START_US + 181 * 24 * HOUR_US), ["purged/purged", "purged", "purged", "kept"]);
  assert.deepEqual(
    purges.map(({ retention, by }) => [retention, by]),
    [
      ["operator-position", "retention"],
      ["own-position", "retention"],
      ["frame", "retention"],
    ],
  );
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    [5, 6, 7],
  );
  await job.stop();
  assert.equal(tick, undefined);
  await journal.close();
  assert.deepEqual(store.verify(), []);
});

test("a failing run is said and the next one tries again", async (t) => {
  const store = sqliteStore();
  t.after(() => store.remove());
  const journal = await store.open();
  taken(journal, frame(1, { retention: "own-position" }));
  await journal.durable(1);
  const failures: unknown[] = [];
  let nowUs = START_US - 1;
  const clock = { nowUs: () => nowUs, every: () => () => undefined };
  const job = new RetentionJob({ journal, clock, retention: { "own-position": 1 }, failed: (error) => failures.push(error) });
  nowUs = START_US + 10;
  const real = clock.nowUs;
  let calls = 0;
  // The second question for the time is the one for the purge's entry: a clock that has jumped back makes the purge fail.
  clock.nowUs = () => ((calls += 1) === 3 ? START_US - 5 : real());
  await job.run();
  assert.equal(failures.length, 1);
  await job.run();
  assert.equal([...journal.read(1, 1)][0]?.payload, undefined);
  await journal.close();
});

test("a retention of nothing or of no number is refused", () => {
  const options = { journal: undefined as never, clock: { nowUs: () => 0, every: () => () => undefined }, failed: () => undefined };
  assert.throws(() => new RetentionJob({ ...options, retention: { frame: 0 } }), RangeError);
  assert.throws(() => new RetentionJob({ ...options, retention: { frame: Number.NaN } }), RangeError);
});
