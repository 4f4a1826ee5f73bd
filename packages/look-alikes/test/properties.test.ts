// What must hold for every direction, place and error?
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type Angle, explain, GRADES, LIMITS } from "../src/index.ts";
import { azimuthRatio, elevationRatio, separationDeg } from "../src/direction.ts";
import { brightBodies } from "../src/bodies.ts";
import { BEFORE_DAWN, explained, found, POST, sighting, VENUS } from "./scenes.ts";

const azimuth = fc.double({ min: 0, max: 360, noNaN: true });
const sigma = fc.double({ min: 1, max: 40, noNaN: true });
const given: fc.Arbitrary<Angle> = fc.oneof(
  fc.record({ how: fc.constant("measured" as const), deg: azimuth, sigmaDeg: sigma }),
  fc.record({ fromDeg: azimuth, width: fc.double({ min: 5, max: 170, noNaN: true }) }).map(({ fromDeg, width }) => ({
    how: "between" as const,
    fromDeg,
    toDeg: fromDeg + width > 360 ? fromDeg + width - 360 : fromDeg + width,
  })),
);

function turned(angle: Angle, byDeg: number): Angle {
  const turn = (deg: number): number => (((deg + byDeg) % 360) + 360) % 360;
  return angle.how === "measured"
    ? { ...angle, deg: turn(angle.deg) }
    : { ...angle, fromDeg: turn(angle.fromDeg), toDeg: turn(angle.toDeg) };
}

test("turning the report and the thing together changes nothing", () => {
  fc.assert(
    fc.property(given, azimuth, azimuth, sigma, (angle, thing, by, extra) => {
      const here = azimuthRatio(angle, thing, extra, 20);
      const there = azimuthRatio(turned(angle, by), thing + by, extra, 20);
      assert.ok(Math.abs(here - there) < 1e-6 * Math.max(1, here));
      assert.ok(
        Math.abs(separationDeg(angle, null, thing, null) - separationDeg(turned(angle, by), null, (thing + by) % 360, null)) < 1e-6,
      );
    }),
  );
});

test("the farther off a thing stands, the less it explains; never below one in twenty", () => {
  const off = fc.double({ min: 0, max: 180, noNaN: true });
  fc.assert(
    fc.property(given, off, off, sigma, fc.constantFrom(-1, 1), (angle, one, other, extra, side) => {
      const width = angle.how === "measured" ? 0 : (((angle.toDeg - angle.fromDeg) % 360) + 360) % 360;
      const middle = angle.how === "measured" ? angle.deg : angle.fromDeg + width / 2;
      const near = azimuthRatio(angle, middle + side * Math.min(one, other), extra, 10);
      const far = azimuthRatio(angle, middle + side * Math.max(one, other), extra, 10);
      assert.ok(near >= far - 1e-9 && far >= 0.05 - 1e-9);
    }),
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60, noNaN: true }), off, off, sigma, (deg, one, other, extra) => {
      const angle = { how: "measured", deg, sigmaDeg: 5 } as const;
      assert.ok(elevationRatio(angle, deg + Math.min(one, other), extra) >= elevationRatio(angle, deg + Math.max(one, other), extra));
    }),
  );
});

test("over all directions a ratio averages to one: what it gives to some it takes from others", () => {
  fc.assert(
    fc.property(given, sigma, (angle, extra) => {
      let sum = 0;
      for (let deg = 0; deg < 360; deg += 0.25) sum += azimuthRatio(angle, deg, extra, 0) / 1440;
      assert.ok(Math.abs(sum - 1) < 0.01, `${sum}`);
    }),
    { numRuns: 50 },
  );
});

test("a direction through north is the same as any other", () => {
  const across: Angle = { how: "between", fromDeg: 315, toDeg: 45 };
  assert.equal(separationDeg(across, null, 350, null), 0);
  assert.equal(separationDeg(across, null, 10, null), 0);
  assert.ok(Math.abs(separationDeg(across, null, 60, null) - 15) < 1e-9);
  assert.ok(azimuthRatio(across, 0, 0, 0) > 3.5);
  assert.ok(azimuthRatio({ how: "measured", deg: 359, sigmaDeg: 5 }, 1, 0, 0) > 20);
});

test("the strength of Venus falls with the angle between it and the report, and with the report's error where it fits", () => {
  const strength = (offDeg: number, sigmaDeg: number): number => {
    const answer = explained(sighting({ azimuth: { how: "measured", deg: VENUS.azimuthDeg + offDeg, sigmaDeg }, elevation: null }));
    return found(answer, "body", "venus")?.likelihoodRatio ?? 0;
  };
  for (const side of [-1, 1]) {
    let last = Number.POSITIVE_INFINITY;
    for (let off = 0; off <= 40; off += 2) {
      const now = strength(side * off, 8);
      assert.ok(now < last || (now === 0 && last === 0));
      last = now;
    }
  }
  assert.ok(strength(0, 4) > strength(0, 8) && strength(0, 8) > strength(0, 20));
});

test("whoever points at a bright body in the dark, anywhere and at any time, has it among the findings", () => {
  const dark = fc.record({
    latDeg: fc.double({ min: -75, max: 75, noNaN: true }),
    lonDeg: fc.double({ min: -180, max: 180, noNaN: true }),
    unixMs: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2036, 0, 1) }),
  });
  let pointed = 0;
  fc.assert(
    fc.property(dark, ({ latDeg, lonDeg, unixMs }) => {
      const observer = { latDeg, lonDeg, heightHaeM: 100, sigmaM: 10 };
      const bodies = brightBodies(unixMs, observer);
      const sun = bodies.find(({ name }) => name === "sun")!;
      if (sun.elevationDeg > -12) return;
      for (const name of ["moon", "venus", "jupiter", "sirius"]) {
        const body = bodies.find((one) => one.name === name)!;
        if (body.elevationDeg < 8 || body.elevationDeg > 75 || body.magnitude > 0) continue;
        const question = sighting({
          observer,
          timeUnixMs: unixMs,
          azimuth: { how: "measured", deg: body.azimuthDeg, sigmaDeg: 6 },
          elevation: { how: "measured", deg: body.elevationDeg, sigmaDeg: 5 },
        });
        const finding = found(explained(question), "body", name);
        assert.ok(finding !== undefined && finding.grade !== "weak", `${name} at ${unixMs} from ${latDeg}, ${lonDeg}`);
        pointed += 1;
      }
    }),
    { numRuns: 300, seed: 7 },
  );
  assert.ok(pointed > 100);
});

test("findings stand in the order of their strength, and grades follow from it", () => {
  fc.assert(
    fc.property(azimuth, fc.double({ min: 0, max: 85, noNaN: true }), sigma, (deg, elevationDeg, sigmaDeg) => {
      const answer = explained(
        sighting({ azimuth: { how: "measured", deg, sigmaDeg }, elevation: { how: "measured", deg: elevationDeg, sigmaDeg } }),
      );
      let last = Number.POSITIVE_INFINITY;
      for (const { likelihoodRatio, grade, factors } of answer.findings) {
        assert.ok(likelihoodRatio <= last && likelihoodRatio >= GRADES[grade]);
        assert.ok(Math.abs(factors.reduce((product, { ratio }) => product * ratio, 1) - likelihoodRatio) < 1e-9 * likelihoodRatio);
        last = likelihoodRatio;
      }
    }),
    { numRuns: 200 },
  );
});

test("an answer leaves what it was asked about as it was", () => {
  const question = Object.freeze(sighting({ said: Object.freeze({ motion: "still" }) }));
  const context = Object.freeze({ aircraft: Object.freeze([]), winds: Object.freeze([]) });
  const before = JSON.stringify([question, context, LIMITS]);
  explain(question, context);
  assert.equal(JSON.stringify([question, context, LIMITS]), before);
  assert.equal(POST.latDeg, 31.7619);
  assert.equal(question.timeUnixMs, BEFORE_DAWN);
});
