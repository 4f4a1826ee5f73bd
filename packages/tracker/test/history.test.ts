// Is what tracks left behind kept within its limits, and the same after going back?
import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../src/history.ts";
import { TrackPool } from "../src/pool.ts";

/** Tracks that were told, with these labels, at a time. */
function poolOf(labels: Iterable<number>, timeS: number): TrackPool {
  const pool = new TrackPool();
  for (const label of labels) {
    const slot = pool.add();
    pool.label[slot] = label;
    pool.time[slot] = timeS;
    pool.existence[slot] = 1;
    pool.confirmed[slot] = 1;
    pool.mu[slot * 3] = 1;
  }
  return pool;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

test("2000 tracks are remembered; those that were written down first go on, and a track that has gone makes room after four minutes", () => {
  const history = new History();
  for (let t = 0; t < 20; t += 2) history.record(poolOf(range(0, 2500), t), t);
  assert.equal(history.save(1000).length, 2000);
  assert.equal(history.of(1999).length, 10);
  assert.equal(history.of(2000).length, 0);
  history.record(poolOf(range(2000, 2500), 250), 250);
  assert.equal(history.of(2000).length, 0);
  history.record(poolOf(range(2000, 2500), 260), 260);
  assert.equal(history.of(2000).length, 1);
});

test("going back over the window and on again gives what going on alone gives, where tracks come, go and are forgotten", () => {
  const present = (t: number): TrackPool => poolOf(range(Math.floor(t / 4), Math.floor(t / 4) + 40), t);
  const straight = new History();
  const wavering = new History();
  for (let t = 0; t < 700; t += 2) {
    straight.record(present(t), t);
    wavering.record(present(t), t);
    if (t % 10 !== 8) continue;
    wavering.goBackTo(t - 5);
    for (let again = t - 4; again <= t; again += 2) wavering.record(present(again), again);
  }
  assert.deepEqual(wavering.save(1e9), straight.save(1e9));
});
