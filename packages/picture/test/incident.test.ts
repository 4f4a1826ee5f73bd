// What stays of a danger for the incident: its way, what was thought of it afterwards, and who changed where the hub sends to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { geodesicDistanceM } from "@atalaya/geodesy";
import { Picture } from "../src/index.ts";
import { place, S, T0 } from "./broadcasts.ts";
import { person, post, Scene } from "./scene.ts";

test("the way of a danger begins before it was raised, goes by the second, and ends where it was last heard", () => {
  const scene = new Scene().zone(0, post);
  scene.fly(1, 160, [3500, 0], -20, 0);
  const { path, raisedUs, lastHeardUs } = scene.only;
  assert.ok((path[0]?.[0] ?? 0) < raisedUs - 5 * S, "where it came from");
  assert.equal(path.at(-1)?.[0], lastHeardUs);
  for (const [timeUs, latDeg, lonDeg] of path) {
    const s = (timeUs - T0) / S;
    const there = place(3500 - 20 * (s - 1), 0);
    assert.ok(geodesicDistanceM(there.latDeg, there.lonDeg, latDeg, lonDeg) < 1, `at ${s} s`);
  }
  const gaps = path.slice(1).map(([timeUs], k) => timeUs - (path[k]?.[0] ?? 0));
  assert.ok(
    gaps.every((gap) => gap >= S && gap <= 2 * S),
    gaps.join(),
  );
});

test("the way of a long danger is thinned evenly, and keeps its beginning and its newest point", () => {
  const scene = new Scene({ pathPoints: 20 }).zone(0, post);
  scene.fly(1, 5, [50, 0], 0, 0);
  const first = scene.only.path[0];
  scene.fly(6, 300, [50, 0], 0, 0);
  const { path, lastHeardUs } = scene.only;
  assert.ok(path.length <= 20 && path.length >= 9, `${path.length}`);
  assert.deepEqual(path[0], first);
  assert.ok(lastHeardUs - (path.at(-1)?.[0] ?? 0) <= scene.only.pathStepUs);
  const gaps = path.slice(1).map(([timeUs], k) => timeUs - (path[k]?.[0] ?? 0));
  assert.ok(Math.max(...gaps) <= 4 * Math.min(...gaps.slice(0, -1)), gaps.join());
});

test("only what is over is signed off, with who and why; sent back and signed again, all of it stays", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.fly(1, 5, [300, 0], -20, 0);
  const { id } = scene.only;
  const review = (s: number, verdict: "signed-off" | "sent-back", reason: string): unknown =>
    scene.record(s, "incident-review", { warningId: id, verdict, by: "M. Duarte", reason });
  const before = scene.picture.counts.recordsRefused;
  review(6, "signed-off", "too early");
  assert.deepEqual([scene.only.reviews, scene.picture.counts.recordsRefused - before], [[], 1]);
  scene.record(7, "clear", { warningId: id, by: "J. Amaya", reason: "left" });
  const told = scene.told.length;
  review(8, "sent-back", "why had Quesada no link?");
  review(9, "signed-off", "battery was flat, replaced");
  scene.to(12);
  assert.deepEqual(
    scene.only.reviews.map(({ timeUs, verdict, by }) => [timeUs - T0, verdict, by]),
    [
      [8 * S, "sent-back", "M. Duarte"],
      [9 * S, "signed-off", "M. Duarte"],
    ],
  );
  const since = scene.told.slice(told).filter(({ timeUs }) => timeUs >= T0 + 8 * S);
  assert.deepEqual([...new Set(since.map(({ type }) => type))], ["warning"], "screens hear of it, people do not");
});

test("an officer who does not wait sends everybody who has not answered to the next step at once; the steps after that keep their distance", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]).onShift(0, person("b"), [20, 0]);
  scene.fly(1, 3, [300, 0], -20, 0);
  for (const id of ["a", "b"]) scene.receipt(3, id, "browser", "delivered");
  scene.answer(3, "b", "safe", { channel: "browser", address: "b-phone" });
  const { id } = scene.only;
  const told = scene.told.length;
  scene.record(4, "escalate", { warningId: id, by: "J. Amaya" }).to(4.2);
  const since = (): string[] =>
    scene.told
      .slice(told)
      .flatMap((intent) => (intent.type === "warning" ? [] : [`${intent.personId} ${intent.type} ${(intent.timeUs - T0) / S}`]));
  assert.deepEqual(since(), ["a repeat 4.05"]);
  scene.record(5, "escalate", { warningId: id, by: "J. Amaya" }).to(5.2);
  assert.deepEqual(since(), ["a repeat 4.05", "a notify 5.05"], "by the next way");
  scene.receipt(5, "a", "tak", "delivered").to(12.4);
  assert.deepEqual(since().slice(2), ["a call-list 12"], "seven seconds later, as the rules say: there is no leader");
  const steps = scene.only.ladder.find(({ personId }) => personId === "a")?.steps ?? [];
  assert.deepEqual(
    steps.filter(({ what }) => what === "hastened").map(({ by, timeUs }) => [by, (timeUs - T0) / S]),
    [
      ["J. Amaya", 4],
      ["J. Amaya", 5],
    ],
  );
  const refused = scene.picture.counts.recordsRefused;
  scene.record(13, "escalate", { warningId: "W-none", by: "x" });
  assert.equal(scene.picture.counts.recordsRefused, refused + 1);
});

test("who added and removed outlets is remembered, the newest, over a snapshot as well", () => {
  const scene = new Scene({ outletChanges: 2 });
  for (const [s, id, change] of [
    [1, "a", "added"],
    [2, "b", "added"],
    [3, "a", "removed"],
  ] as const)
    scene.record(s, "outlet", { id, name: id.toUpperCase(), kind: "email", to: "mail:465", change, by: "owner" });
  const restored = Picture.restore(scene.picture.snapshot());
  assert.ok(restored instanceof Picture);
  for (const picture of [scene.picture, restored])
    assert.deepEqual(
      picture.outletChanges().map(({ id, change, by, timeUs }) => [id, change, by, timeUs - T0]),
      [
        ["b", "added", "owner", 2 * S],
        ["a", "removed", "owner", 3 * S],
      ],
    );
});
