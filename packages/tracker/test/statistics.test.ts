// Is the tracker as sure as it should be? A small run of what statistics.nightly.ts does at length, with bounds as wide as so few runs need.
import assert from "node:assert/strict";
import { test } from "node:test";
import { biasWithin, consistency, existenceBands, falseTracks, flightNees } from "./statistics.ts";

/** Within `sigmas` deviations of 1, for the mean of `n` squares of normal numbers. */
function chiSquareBound(n: number, sigmas: number): number {
  return sigmas * Math.sqrt(2 / n);
}

test("errors and innovations of matched flights are as large as the covariance says", () => {
  const runs = 60;
  const { nees, nis, innovations, tracked } = consistency(runs, 1);
  assert.equal(tracked, runs);
  // Half as much again for what linearising costs at the first scans.
  for (const value of nees) assert.ok(Math.abs(value - 1) < 1.5 * chiSquareBound(3 * runs, 3.5), `NEES ${nees.join(" ")}`);
  assert.ok(Math.abs(nis - 1) < 1.5 * chiSquareBound(4 * innovations, 3.5), `NIS ${nis}`);
});

test("errors of flights that no model was made for are not much larger than the covariance says", () => {
  const { nees, samples } = flightNees(4, 1);
  assert.ok(samples > 300);
  assert.ok(nees > 0.3 && nees < 1.8, `${nees}`);
});

test("of tracks that are told to be likely, about as many are real", () => {
  const bands = existenceBands(12, 1);
  for (const { from, tracks, told, real } of bands) {
    if (from >= 0.4 && tracks >= 20) assert.ok(Math.abs(told - real) < 0.35, JSON.stringify(bands));
  }
  const [sure] = bands.slice(-1);
  assert.ok(sure!.tracks > 300 && sure!.real > 0.95, JSON.stringify(sure));
});

test("errors of sensors lie within what is told of them", () => {
  const { within, worst, estimates } = biasWithin(6, 1);
  assert.equal(estimates, 12);
  assert.ok(within > 0.85 && worst < 5, `${within} ${worst}`);
});

test("a radar that sees nothing but false alarms makes no tracks of them", () => {
  assert.ok(falseTracks(3, 1, 60) < 0.05);
});
