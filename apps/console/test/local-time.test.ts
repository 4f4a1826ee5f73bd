// Times as they are typed: the sector's wall clock, also where the clocks are changed.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { fromWallClock, wallClock } from "../src/words/local-time.ts";

const MINUTE_MS = 60_000;

test("a wall clock is that of the sector, in 24 hours", () => {
  assert.equal(wallClock(Date.UTC(2026, 10, 25, 22, 5, 59), "America/Denver"), "2026-11-25 15:05");
  assert.equal(wallClock(Date.UTC(2026, 10, 25, 7, 0), "America/Denver"), "2026-11-25 00:00");
  assert.equal(fromWallClock("2026-11-25 15:05", "America/Denver"), Date.UTC(2026, 10, 25, 22, 5));
  assert.equal(fromWallClock("tomorrow", "America/Denver"), undefined);
});

test("of an hour that comes twice the first is meant; one that never comes is the hour before", () => {
  assert.equal(fromWallClock("2026-11-01 01:30", "America/Denver"), Date.UTC(2026, 10, 1, 7, 30));
  assert.equal(wallClock(fromWallClock("2026-03-08 02:30", "America/Denver") ?? 0, "America/Denver"), "2026-03-08 01:30");
});

test("what a clock showed, typed again, shows the same", () => {
  const zones = fc.constantFrom("America/Denver", "America/Mexico_City", "Europe/Kyiv", "Asia/Kolkata", "Australia/Lord_Howe", "UTC");
  const times = fc.integer({ min: Date.UTC(2020, 0, 1) / MINUTE_MS, max: Date.UTC(2035, 0, 1) / MINUTE_MS });
  fc.assert(
    fc.property(times, zones, (minute, zone) => {
      const text = wallClock(minute * MINUTE_MS, zone);
      const back = fromWallClock(text, zone);
      assert.ok(back !== undefined);
      assert.equal(wallClock(back, zone), text);
      assert.ok(back <= minute * MINUTE_MS, "never later than what was shown");
    }),
  );
});
