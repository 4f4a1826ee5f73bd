// A night: always the same for a seed, as many flights as it says, and what it says endangers somebody does, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FLIGHTS_PER_HOUR, type NightFlight, nightScenario, simulate, type TruthLine } from "../src/scenario/index.ts";
import { flatDistanceM } from "@atalaya/geodesy";

test("a seed gives the same night, another seed another", () => {
  const [one, again, other] = [nightScenario(1), nightScenario(1), nightScenario(2)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one.flights, other.flights);
});

test("each hour has 41 flights, at most four of which endanger somebody, and birds and aircraft among them", () => {
  for (const seed of [1, 2, 3]) {
    const { flights, durationS } = nightScenario(seed);
    assert.ok(flights.filter(({ endangers }) => endangers !== undefined).length > 5);
    for (let hour = 0; hour < durationS / 3600; hour += 1) {
      const ofHour = flights.filter(({ fromS }) => fromS >= hour * 3600 && fromS < (hour + 1) * 3600);
      assert.equal(ofHour.length, FLIGHTS_PER_HOUR);
      const dangers = ofHour.filter(({ endangers }) => endangers !== undefined).length;
      assert.ok(dangers <= 4, `${dangers} dangers`);
      for (const kind of ["bird", "aircraft", "drone"])
        assert.ok(
          ofHour.some(({ objectClass }) => objectClass === kind),
          kind,
        );
    }
  }
});

test("what endangers somebody comes close at the time that it says; no other drone comes near anybody", () => {
  const night = nightScenario(4);
  const { latDeg, lonDeg } = night.reference;
  const northM = flatDistanceM(latDeg - 0.005, lonDeg, latDeg + 0.005, lonDeg) * 100;
  const eastM = flatDistanceM(latDeg, lonDeg - 0.005, latDeg, lonDeg + 0.005) * 100;
  for (const { plan, fromS, seed } of night.parts.slice(0, 6)) {
    const states = [...simulate(plan, seed).truth()].filter((line): line is Extract<TruthLine, { type: "state" }> => line.type === "state");
    const places = [...night.posts, ...night.patrols.filter((patrol) => fromS >= patrol.fromS && fromS < patrol.untilS)];
    const nearest = (flight: NightFlight, target?: string): { readonly distanceM: number; readonly atS: number } => {
      let best = { distanceM: Number.POSITIVE_INFINITY, atS: 0 };
      for (const { id, t, lat, lon } of states) {
        if (id !== flight.id) continue;
        for (const place of places) {
          if (target !== undefined && place.id !== target) continue;
          const distanceM = flatDistanceM(lat, lon, latDeg + place.northM / northM, lonDeg + place.eastM / eastM);
          if (distanceM < best.distanceM) best = { distanceM, atS: fromS + t };
        }
      }
      return best;
    };
    for (const flight of night.flights.filter(({ fromS: begun }) => begun >= fromS && begun < fromS + plan.durationS)) {
      if (flight.endangers !== undefined) {
        const { distanceM, atS } = nearest(flight, flight.endangers.target);
        assert.ok(distanceM < 80, `${flight.id} passes ${distanceM.toFixed(0)} m from ${flight.endangers.target}`);
        // Some of them stay above.
        assert.ok(Math.abs(atS - flight.endangers.atS) < 45, `${flight.id}: ${atS} s instead of ${flight.endangers.atS}`);
      } else if (flight.objectClass === "drone") assert.ok(nearest(flight).distanceM > 400, `${flight.id} keeps away`);
    }
  }
});
