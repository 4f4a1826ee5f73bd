// Where a danger was at a moment, when it was nearest, and how its time is laid out.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PathPoint, Threat, WarningDetail, Zone } from "@atalaya/protocol";
import { closestOf, spanOf, standAt, ticksOf } from "../src/pages/incident-moment.ts";

const T = Date.UTC(2026, 10, 12, 9, 46, 0);
const at = (s: number, latDeg: number, lonDeg = -106.5): PathPoint => ({ timeMs: T + s * 1000, latDeg, lonDeg });
const path = [at(0, 31.7), at(1, 31.701), at(2, 31.702), at(60, 31.72), at(61, 31.72)];

test("between two points it was between them, with the course of that piece; before the first it was nowhere", () => {
  assert.equal(standAt(path, T - 1), undefined);
  const stand = standAt(path, T + 1500);
  assert.ok(stand !== undefined && Math.abs(stand.latDeg - 31.7015) < 1e-9);
  assert.ok(Math.min(stand.courseDeg ?? 90, 360 - (stand.courseDeg ?? 90)) < 0.1, "north");
  assert.equal(stand.heard, true);
});

test("where it was not heard for a while nothing is made up: it stands where it was last heard, and says so", () => {
  assert.deepEqual([standAt(path, T + 30_000)?.latDeg, standAt(path, T + 30_000)?.heard], [31.702, false]);
  assert.deepEqual(
    [standAt(path, T + 5000)?.latDeg, standAt(path, T + 5000)?.heard],
    [31.702, true],
    "for some seconds it is where it was",
  );
  const end = standAt(path, T + 300_000);
  assert.deepEqual([end?.latDeg, end?.heard, end?.courseDeg], [31.72, false, undefined]);
  const slow = [at(0, 31.7), at(32, 31.71), at(64, 31.72)];
  assert.equal(standAt(slow, T + 16_000)?.heard, true, "a long danger is kept in larger steps");
});

const zone = (id: string, latDeg: number): Zone => ({
  id,
  name: id,
  kind: "post",
  shape: { type: "circle", centre: { latDeg, lonDeg: -106.5 }, radiusM: 100 },
});
const threat: Threat = {
  kind: "zone",
  id: "p7",
  name: "Post 7",
  sinceMs: T,
  level: "warning",
  because: "close",
  descent: false,
  leaving: false,
};
const warning = { path, threats: [], foremost: threat, raisedMs: T + 1000, lanes: [] } as unknown as WarningDetail;

test("nearest is told of the zones that it threatened, not of others that it passed", () => {
  const closest = closestOf(warning, [zone("p7", 31.703), zone("other", 31.7)]);
  assert.deepEqual([closest?.zone.id, closest?.timeMs], ["p7", T + 2000]);
  assert.ok(Math.abs((closest?.distanceM ?? 0) - 110.9) < 0.5, `${closest?.distanceM}`);
  assert.equal(closestOf(warning, []), undefined);
});

test("the axis goes from the first that was heard to the last that happened, with at most seven round times", () => {
  assert.deepEqual(spanOf(warning, T + 90_000), [T, T + 90_000]);
  assert.deepEqual(spanOf({ ...warning, clearedMs: T + 70_000 }, T + 90_000), [T, T + 70_000]);
  for (const s of [1, 7, 45, 300, 4000, 90_000]) {
    const ticks = ticksOf(T + 500, T + s * 1000);
    assert.ok(ticks.length <= 7, `${s}: ${ticks.length}`);
    for (const tick of ticks) assert.ok(tick >= T && tick <= T + s * 1000 && tick % 5000 === 0);
  }
});
