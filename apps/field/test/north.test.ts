// Magnetic north in the frame of the sensors: what Android says, and what an iPhone says of its top edge.
import assert from "node:assert/strict";
import test from "node:test";
import { attitudeOfAngles, cameraLook } from "../src/aim/attitude.ts";
import { NorthFinder } from "../src/aim/north.ts";

const apart = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

/** An iPhone whose own frame is turned by 100° from magnetic north, held at this tilt with its back to `facing`. */
function iPhone(timeMs: number, facing: number, tilt: number, said: number, headingErrorDeg = 5): Parameters<NorthFinder["take"]>[0] {
  return { timeMs, attitude: attitudeOfAngles(360 - facing + 100, tilt, 0), frame: "own", headingDeg: said, headingErrorDeg };
}

test("a magnetic frame needs no turn, and is never surer than a phone is", () => {
  const north = new NorthFinder().take({ timeMs: 0, attitude: attitudeOfAngles(0, 90, 0), frame: "magnetic" });
  assert.deepEqual(north, { turnDeg: 0, sigmaDeg: 7 });
});

test("a frame of its own without any heading has no north", () => {
  assert.equal(new NorthFinder().take({ timeMs: 0, attitude: attitudeOfAngles(0, 90, 0), frame: "own" }), undefined);
});

test("north found while the phone lay flat serves when it is held upright, where its own heading is wrong", () => {
  const finder = new NorthFinder();
  for (let k = 0; k < 40; k += 1) finder.take(iPhone(k * 20, 142, 10, 142));
  // Upright it says 170 where it looks to 142.
  const reading = iPhone(1000, 142, 90, 170);
  const north = finder.take(reading);
  assert.ok(north !== undefined);
  assert.ok(apart(cameraLook(reading.attitude).azimuthDeg + north.turnDeg, 142) < 0.5);
  assert.ok(north.sigmaDeg < 6);
});

test("a phone that was never held flat says its heading with the error that it has upright", () => {
  const reading = iPhone(0, 142, 90, 160);
  const north = new NorthFinder().take(reading);
  assert.ok(north !== undefined && north.sigmaDeg >= 25);
  assert.ok(apart(cameraLook(reading.attitude).azimuthDeg + north.turnDeg, 160) < 1e-6);
});

test("what was found is worth less with the minutes, and a compass that wants to be moved about is unsure", () => {
  const finder = new NorthFinder();
  finder.take(iPhone(0, 10, 0, 10));
  const later = finder.take(iPhone(240_000, 10, 90, 40));
  assert.ok(later !== undefined && later.sigmaDeg > 10 && later.sigmaDeg < 25);
  assert.equal(new NorthFinder().take(iPhone(0, 10, 0, 10, -1))?.sigmaDeg, 25);
});

test("a frame that was set anew is followed at once", () => {
  const finder = new NorthFinder();
  for (let k = 0; k < 40; k += 1) finder.take(iPhone(k * 20, 10, 0, 10));
  const north = finder.take({ timeMs: 900, attitude: attitudeOfAngles(200, 0, 0), frame: "own", headingDeg: 10, headingErrorDeg: 5 });
  assert.ok(north !== undefined && apart(160 + north.turnDeg, 10) < 1e-6);
});
