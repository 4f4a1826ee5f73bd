// Is the tracker as sure as it should be, over a thousand runs? Prints its figures; `npm run nightly`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { biasWithin, consistency, existenceBands, falseTracks, flightNees } from "./statistics.ts";

const RUNS = 1000;
const say = (text: string): void => console.log(text);

test("NEES and NIS of a thousand matched flights lie within the bounds of chi-square", () => {
  const { nees, nis, innovations, tracked } = consistency(RUNS, 20_251, [1, 2, 3, 6, 12, 24, 48]);
  say(
    `NEES after 1, 2, 3, 6, 12, 24, 48 s: ${nees.map((value) => value.toFixed(3)).join(" ")}; NIS ${nis.toFixed(4)} of ${innovations}; tracked ${tracked}`,
  );
  assert.equal(tracked, RUNS);
  // Mean of 3 × 1000 squares of normal numbers: four deviations, and 4 % for what linearising costs.
  for (const value of nees) assert.ok(Math.abs(value - 1) < 4 * Math.sqrt(2 / (3 * RUNS)) + 0.04, `NEES ${nees.join(" ")}`);
  assert.ok(Math.abs(nis - 1) < 4 * Math.sqrt(2 / (4 * innovations)) + 0.02, `NIS ${nis}`);
});

test("NEES of flights that no model was made for", () => {
  const { nees, samples } = flightNees(100, 1);
  say(`NEES of flights with waypoints and gusts: ${nees.toFixed(3)} of ${samples}`);
  assert.ok(nees > 0.5 && nees < 1.5, `${nees}`);
});

test("existence is calibrated", () => {
  const bands = existenceBands(300, 1);
  for (const { from, to, tracks, told, real } of bands)
    say(`existence ${from} to ${to}: ${tracks} tracks, told ${told.toFixed(3)}, real ${real.toFixed(3)}`);
  for (const { from, tracks, told, real } of bands) {
    if (from >= 0.4 && tracks >= 200) assert.ok(Math.abs(told - real) < 0.25, JSON.stringify(bands));
  }
  assert.ok(bands.at(-1)!.real > 0.97);
});

test("errors of sensors lie within three deviations", () => {
  const { within, worst, estimates } = biasWithin(200, 1);
  say(`sensor errors: ${(100 * within).toFixed(1)} % of ${estimates} within three deviations, the largest at ${worst.toFixed(2)}`);
  assert.ok(within > 0.97);
});

test("false tracks in nothing but false alarms", () => {
  for (const rate of [10, 60, 300]) {
    const tracks = falseTracks(30, 1, rate);
    say(`${rate} false alarms a scan: ${tracks.toFixed(4)} false tracks at a time`);
    assert.ok(tracks < 0.05, `${rate}: ${tracks}`);
  }
});
