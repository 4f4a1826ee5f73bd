// How often is the right body found, and how often does a direction that has nothing to do with one get an answer?
import assert from "node:assert/strict";
import { test } from "node:test";
import { brightBodies, sunElevationDeg } from "../src/bodies.ts";
import type { Explanation } from "../src/index.ts";
import { explained, POST, sighting } from "./scenes.ts";

const AZIMUTH_SIGMA_DEG = 8;
const ELEVATION_SIGMA_DEG = 5;

/** A linear congruence (Numerical Recipes): the same draws in each run. */
function drawsFrom(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

function pointed(timeUnixMs: number, azimuthDeg: number, elevationDeg: number): Explanation {
  return explained(
    sighting({
      timeUnixMs,
      azimuth: { how: "measured", deg: ((azimuthDeg % 360) + 360) % 360, sigmaDeg: AZIMUTH_SIGMA_DEG },
      elevation: { how: "measured", deg: Math.max(-5, Math.min(90, elevationDeg)), sigmaDeg: ELEVATION_SIGMA_DEG },
    }),
  );
}

test("of people who point a phone at Venus, Jupiter or Sirius nine in ten get it first; of random directions in the dark fewer than one in twenty gets a strong answer", () => {
  const { uniform, normal } = drawsFrom(1);
  const bodies = { asked: 0, first: 0, found: 0, strong: 0 };
  const random = { asked: 0, strong: 0, none: 0 };
  for (let draw = 0; draw < 4000; draw += 1) {
    const timeUnixMs = Date.UTC(2026, 0, 1) + Math.floor(uniform() * 3 * 365 * 86_400_000);
    if (sunElevationDeg(timeUnixMs, POST) > -12) continue;
    const anywhere = pointed(timeUnixMs, uniform() * 360, 5 + uniform() * 60);
    random.asked += 1;
    if (anywhere.findings[0]?.grade === "strong") random.strong += 1;
    if (anywhere.findings.length === 0) random.none += 1;
    for (const { name, azimuthDeg, elevationDeg } of brightBodies(timeUnixMs, POST)) {
      if (!["venus", "jupiter", "sirius"].includes(name) || elevationDeg < 8 || elevationDeg > 70) continue;
      // One compass in twenty is wrong altogether.
      const seenAzimuthDeg = uniform() < 0.05 ? uniform() * 360 : azimuthDeg + AZIMUTH_SIGMA_DEG * normal();
      const answer = pointed(timeUnixMs, seenAzimuthDeg, elevationDeg + ELEVATION_SIGMA_DEG * normal());
      bodies.asked += 1;
      if (answer.findings[0]?.subject === name) bodies.first += 1;
      const own = answer.findings.find(({ subject }) => subject === name);
      if (own !== undefined) bodies.found += 1;
      if (own?.grade === "strong") bodies.strong += 1;
    }
  }
  assert.ok(random.asked > 1500 && bodies.asked > 1200);
  assert.ok(bodies.found / bodies.asked > 0.92, `found ${bodies.found} of ${bodies.asked}`);
  assert.ok(bodies.first / bodies.asked > 0.87, `first ${bodies.first} of ${bodies.asked}`);
  assert.ok(bodies.strong / bodies.asked > 0.58, `strong ${bodies.strong} of ${bodies.asked}`);
  assert.ok(random.strong / random.asked < 0.05, `strong ${random.strong} of ${random.asked}`);
  assert.ok(random.none / random.asked > 0.68, `none ${random.none} of ${random.asked}`);
});
