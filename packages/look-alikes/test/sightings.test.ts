// What is a report explained by, how surely, and what is said when nothing can be?
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Angle, type Context, type KnownAircraft, type KnownDrone, readElements, type Said, type Wind } from "../src/index.ts";
import { ORACLE_ELEMENTS, ORACLE_SATELLITES } from "./oracle-satellites.ts";
import { BEFORE_DAWN, checkOf, explained, factor, found, NOON, POST, sighting, straight, VENUS } from "./scenes.ts";

test("three people who point at Venus, each a little off, get Venus as the strong answer, with its place, brightness and what would settle it", () => {
  for (const [offAzimuth, offElevation] of [
    [4, -3],
    [-9, 2],
    [2, 6],
  ] as const) {
    const answer = explained(
      sighting({
        azimuth: { how: "measured", deg: VENUS.azimuthDeg + offAzimuth, sigmaDeg: 8 },
        elevation: { how: "measured", deg: VENUS.elevationDeg + offElevation, sigmaDeg: 5 },
        said: { motion: "still", lights: "steady" },
      }),
    );
    assert.equal(answer.answer, "look-alikes");
    const [first] = answer.findings;
    assert.equal(first?.subject, "venus");
    assert.equal(first?.grade, "strong");
    assert.ok(first?.reason.key === "body-near");
    assert.ok(
      Math.abs(first.reason.azimuthDeg - VENUS.azimuthDeg) < 0.05 && Math.abs(first.reason.elevationDeg - VENUS.elevationDeg) < 0.05,
    );
    assert.ok(first.reason.separationDeg < 10 && first.reason.separationDeg > 3);
    assert.ok(first.reason.magnitude < -4.5 && first.reason.sunElevationDeg < -12);
    const stars = first.decides.find(({ key }) => key === "moves-with-the-stars");
    assert.ok(stars?.key === "moves-with-the-stars" && stars.afterS === 300 && stars.elevationDeg > first.reason.elevationDeg);
    assert.ok(first.doesNotExclude.includes("drone-in-the-same-direction"));
  }
});

test("a star beside a planet is found, and the planet outshines it", () => {
  const answer = explained(sighting());
  assert.equal(factor(found(answer, "body", "spica"), "outshone"), 0.3);
  assert.ok(found(answer, "body", "spica")!.likelihoodRatio < found(answer, "body", "venus")!.likelihoodRatio / 3);
  assert.equal(
    found(answer, "body", "venus")!.factors.some(({ key }) => key === "outshone"),
    false,
  );
});

test("by day Venus is no answer away from its brightest, the same direction has no star, and at night the other half of the sky has no Venus", () => {
  const day = explained(sighting({ timeUnixMs: NOON, azimuth: { how: "measured", deg: 90, sigmaDeg: 10 }, elevation: null }));
  assert.equal(found(day, "body"), undefined);
  assert.equal(checkOf(day, "body").outcome, "none-fits");
  const away = explained(sighting({ azimuth: { how: "measured", deg: 300, sigmaDeg: 8 } }));
  assert.equal(found(away, "body", "venus"), undefined);
});

test("a coarse wedge is a weaker reason than a measured direction, and a wedge over half the horizon or more is none", () => {
  const wedge = (fromDeg: number, toDeg: number): Angle => ({ how: "between", fromDeg, toDeg });
  const measured = found(explained(sighting({ elevation: null })), "body", "venus")!;
  const coarse = found(explained(sighting({ azimuth: wedge(90, 135), elevation: null })), "body", "venus")!;
  assert.ok(coarse.likelihoodRatio < measured.likelihoodRatio / 1.8);
  assert.equal(coarse.grade, "possible");
  assert.ok(coarse.reason.key === "body-near" && coarse.reason.separationDeg === 0);
  assert.deepEqual(checkOf(explained(sighting({ azimuth: wedge(90, 135), elevation: null })), "body").missing, ["elevation"]);
  const wide = explained(sighting({ azimuth: wedge(0, 200), elevation: null }));
  assert.deepEqual(checkOf(wide, "body"), {
    kind: "body",
    outcome: "not-enough-information",
    missing: ["direction-too-coarse"],
    doesNotExclude: ["fainter-stars"],
  });
  assert.equal(wide.answer, "not-enough-information");
});

test("with no direction, or no moment to within an hour and a half, there is not enough information, and that is the answer", () => {
  const context: Context = { aircraft: [], drones: [], satellites: readElements(ORACLE_ELEMENTS.flat().join("\n")).elements };
  const nowhere = explained(sighting({ azimuth: null, elevation: null }), context);
  assert.equal(nowhere.answer, "not-enough-information");
  assert.deepEqual(nowhere.findings, []);
  for (const kind of ["body", "satellite", "aircraft", "drone"] as const) {
    assert.deepEqual(checkOf(nowhere, kind).missing, ["azimuth", "elevation"]);
  }
  const sometime = explained(sighting({ timeSigmaMs: 2 * 3_600_000 }), context);
  assert.equal(sometime.answer, "not-enough-information");
  for (const kind of ["body", "satellite", "aircraft", "drone"] as const)
    assert.deepEqual(checkOf(sometime, kind).missing, ["time-too-coarse"]);
});

test("words and a measured turn count: a star is silent, still and a point; a thing that buzzes or swept across the sky is not one", () => {
  const ratio = (said: Said): number => found(explained(sighting({ said })), "body", "venus")?.likelihoodRatio ?? 0;
  assert.ok(ratio({ motion: "still" }) > ratio({ motion: "moving" }));
  assert.ok(ratio({ sound: "none" }) > 10 * ratio({ sound: "rotors" }));
  assert.ok(ratio({ shape: "point-of-light" }) > 10 * ratio({ shape: "multirotor" }));
  const turned = (azimuthDeg: number): number =>
    factor(found(explained(sighting({ turn: { overS: 30, azimuthDeg, elevationDeg: 0, sigmaDeg: 3 } })), "body", "venus"), "turn");
  assert.ok(turned(0) > 1 && turned(0) < 5);
  assert.ok(turned(40) < 0.1);
});

const ELEMENTS = readElements(ORACLE_ELEMENTS.flat().join("\n")).elements;
/** SYNTH LEO 420 over the post, in sunlight, with the Sun at −19.6°: azimuth and elevation from PyEphem 4.1.4. */
const PASS = { unixMs: 1_795_522_160_000, azimuthDeg: 127.876, elevationDeg: 36.892 };

function passSighting(azimuthDeg: number, timeSigmaMs = 1000): ReturnType<typeof sighting> {
  return sighting({
    timeUnixMs: PASS.unixMs,
    timeSigmaMs,
    azimuth: { how: "measured", deg: azimuthDeg, sigmaDeg: 6 },
    elevation: { how: "measured", deg: PASS.elevationDeg, sigmaDeg: 5 },
    said: { motion: "moving", lights: "steady", sound: "none" },
    watchedS: 40,
  });
}

test("a satellite that passed in sunlight through a dark sky is found with its rate, its elements' age and when it is gone", () => {
  const answer = explained(passSighting(PASS.azimuthDeg + 3), { satellites: ELEMENTS });
  const finding = found(answer, "satellite", "99901")!;
  assert.equal(finding.grade, "strong");
  assert.ok(finding.reason.key === "satellite-near");
  assert.equal(finding.reason.name, "SYNTH LEO 420");
  assert.ok(finding.reason.rateDegPerS > 0.1 && finding.reason.rateDegPerS < 1);
  assert.ok(Math.abs(finding.reason.elementsAgeDays - (PASS.unixMs - 1_795_478_400_000) / 86_400_000) < 1e-6);
  const gone = finding.decides.find(({ key }) => key === "gone-by");
  assert.ok(gone?.key === "gone-by" && gone.atUnixMs > PASS.unixMs && gone.atUnixMs <= PASS.unixMs + 600_000);
  assert.ok(finding.doesNotExclude.includes("satellites-without-elements"));
});

test("old elements and an unsure moment widen a satellite's place; elements that are too old, or none at all, are said to be missing", () => {
  const ratio = (satellites: typeof ELEMENTS, timeSigmaMs = 1000): number =>
    found(explained(passSighting(PASS.azimuthDeg, timeSigmaMs), { satellites }), "satellite", "99901")?.likelihoodRatio ?? 0;
  const aged = (days: number): typeof ELEMENTS => ELEMENTS.map((set) => ({ ...set, epochUnixMs: set.epochUnixMs - days * 86_400_000 }));
  assert.ok(ratio(ELEMENTS) > ratio(aged(8)));
  assert.ok(ratio(ELEMENTS) > ratio(ELEMENTS, 60_000));
  const old = explained(passSighting(PASS.azimuthDeg), { satellites: aged(30) });
  assert.deepEqual(checkOf(old, "satellite").missing, ["fresh-elements"]);
  assert.equal(checkOf(old, "satellite").outcome, "not-enough-information");
  const none = explained(passSighting(PASS.azimuthDeg));
  assert.deepEqual(checkOf(none, "satellite").missing, ["elements"]);
  assert.deepEqual(checkOf(explained(passSighting(PASS.azimuthDeg, 200_000), { satellites: ELEMENTS }), "satellite").missing, [
    "time-too-coarse",
  ]);
});

test("by day no satellite explains a report, though it passes in sunlight where somebody points", () => {
  const { unixMs, latDeg, lonDeg, heightM, azimuthDeg } = ORACLE_SATELLITES.find(
    (row) => row.noradId === "99902" && row.unixMs === 1_795_790_295_000,
  )!;
  const observer = { latDeg, lonDeg, heightHaeM: heightM, sigmaM: 10 };
  const question = sighting({ observer, timeUnixMs: unixMs, azimuth: { how: "measured", deg: azimuthDeg, sigmaDeg: 6 }, elevation: null });
  const answer = explained(question, { satellites: ELEMENTS });
  assert.equal(found(answer, "satellite"), undefined);
  assert.equal(checkOf(answer, "satellite").outcome, "none-fits");
});

test("in a sky full of satellites that one stands near is little surprise", () => {
  const crowd = [...ELEMENTS, ...Array.from({ length: 20 }, (_, index) => ({ ...ELEMENTS[0]!, noradId: `clone ${index}` }))];
  const finding = found(explained(passSighting(PASS.azimuthDeg), { satellites: crowd }), "satellite")!;
  assert.ok(factor(finding, "crowd") < 0.2);
});

function airliner(changes: Partial<Parameters<typeof straight>[0]> = {}): KnownAircraft {
  const fixes = straight({ unixMs: NOON, azimuthDeg: 80, elevationDeg: 35, rangeM: 9000, courseDeg: 0, speedMps: 200, ...changes });
  return { id: "a1b2c3", callsign: "AAL12", fixes, timeSigmaMs: 500 };
}

const AT_NOON = sighting({
  timeUnixMs: NOON,
  azimuth: { how: "measured", deg: 84, sigmaDeg: 6 },
  elevation: { how: "measured", deg: 32, sigmaDeg: 5 },
});

test("an aircraft whose broadcasts put it where somebody points is found with its range, and no ADS-B does not mean no aircraft", () => {
  const answer = explained(AT_NOON, { aircraft: [airliner()] });
  const finding = found(answer, "aircraft", "a1b2c3")!;
  assert.equal(finding.grade, "strong");
  assert.ok(finding.reason.key === "aircraft-near");
  assert.equal(finding.reason.name, "AAL12");
  assert.ok(Math.abs(finding.reason.rangeM - 9000) < 50 && Math.abs(finding.reason.azimuthDeg - 80) < 0.2);
  assert.ok(Math.abs((finding.reason.elevationDeg ?? 0) - 35) < 0.2);
  assert.deepEqual(
    finding.decides.map(({ key }) => key),
    ["look-again", "listen", "ask-air-traffic"],
  );
  const none = explained(AT_NOON, { aircraft: [] });
  assert.equal(checkOf(none, "aircraft").outcome, "none-fits");
  assert.deepEqual(checkOf(none, "aircraft").doesNotExclude, ["aircraft-without-adsb", "aircraft-out-of-reception"]);
  const deaf = explained(AT_NOON);
  assert.deepEqual(checkOf(deaf, "aircraft").missing, ["adsb"]);
  assert.equal(checkOf(deaf, "aircraft").outcome, "not-enough-information");
});

test("an aircraft counts at the moment of the report: where it was a minute before is another direction, and what was not heard for long says nothing", () => {
  const passed = airliner({ azimuthDeg: 84, elevationDeg: 32, unixMs: NOON - 50_000, fromS: -60, toS: 60 });
  assert.equal(found(explained(AT_NOON, { aircraft: [passed] }), "aircraft"), undefined);
  const lost = airliner({ azimuthDeg: 84, elevationDeg: 32, unixMs: NOON - 120_000 });
  const answer = explained(AT_NOON, { aircraft: [lost] });
  assert.equal(found(answer, "aircraft"), undefined);
});

test("fixes of some seconds ago and an unknown delay make an aircraft a weaker answer, not another one", () => {
  const ratio = (aircraft: KnownAircraft): number => found(explained(AT_NOON, { aircraft: [aircraft] }), "aircraft")!.likelihoodRatio;
  const fresh = airliner({ azimuthDeg: 84, elevationDeg: 32 });
  const stale = { ...fresh, fixes: fresh.fixes.filter(({ timeUnixMs }) => timeUnixMs <= NOON - 15_000) };
  const delayed = { ...fresh, timeSigmaMs: 8000 };
  assert.ok(ratio(fresh) > ratio(stale) && ratio(stale) > 1.5);
  assert.ok(ratio(fresh) > ratio(delayed) && ratio(delayed) > 1.5);
});

test("an aircraft that comes straight on seems to hover; one that crosses does not", () => {
  const hovering = { ...AT_NOON, said: { motion: "still" as const }, watchedS: 15 };
  const coming = found(explained(hovering, { aircraft: [airliner({ courseDeg: 260, rangeM: 20_000, elevationDeg: 30 })] }), "aircraft");
  const crossing = found(explained(hovering, { aircraft: [airliner({ courseDeg: 350 })] }), "aircraft");
  assert.ok(factor(coming, "motion") > 1);
  assert.ok(Math.abs(factor(crossing, "motion") - 0.1) < 1e-9);
});

test("an aircraft of unknown height is compared in azimuth, and its height is said to be missing", () => {
  const one = airliner();
  const flat = { ...one, fixes: one.fixes.map((fix) => ({ ...fix, heightHaeM: null })) };
  const answer = explained(AT_NOON, { aircraft: [flat] });
  const finding = found(answer, "aircraft")!;
  assert.ok(finding.reason.key === "aircraft-near" && finding.reason.elevationDeg === null);
  assert.deepEqual(checkOf(answer, "aircraft").missing, ["height"]);
});

test("lights carry at night: the same aircraft far away is a better answer in the dark", () => {
  const far = (unixMs: number): number => {
    const question = { ...AT_NOON, timeUnixMs: unixMs };
    return factor(
      found(explained(question, { aircraft: [airliner({ unixMs, azimuthDeg: 84, elevationDeg: 20, rangeM: 25_000 })] }), "aircraft"),
      "brightness",
    );
  };
  assert.ok(far(BEFORE_DAWN) === 1 && Math.abs(far(NOON) - 0.3) < 0.01);
});

const HALCON: KnownDrone = {
  id: "halcon-2",
  standing: "own",
  fixes: straight({ unixMs: NOON, azimuthDeg: 200, elevationDeg: 12, rangeM: 600, courseDeg: 90, speedMps: 5, stepS: 2 }),
  timeSigmaMs: 300,
};

test("our own drone where somebody points is the answer, and its pilot can be asked", () => {
  const question = sighting({
    timeUnixMs: NOON,
    azimuth: { how: "measured", deg: 196, sigmaDeg: 8 },
    elevation: { how: "measured", deg: 15, sigmaDeg: 6 },
    said: { sound: "rotors" },
  });
  const finding = found(explained(question, { drones: [HALCON] }), "drone", "halcon-2")!;
  assert.equal(finding.grade, "strong");
  assert.ok(finding.reason.key === "drone-near" && Math.abs(finding.reason.rangeM - 600) < 10);
  assert.deepEqual(finding.decides, [{ key: "ask-pilot", id: "halcon-2" }]);
  const elsewhere = explained({ ...question, azimuth: { how: "measured", deg: 20, sigmaDeg: 8 } }, { drones: [HALCON] });
  assert.equal(found(elsewhere, "drone"), undefined);
  assert.deepEqual(checkOf(elsewhere, "drone").doesNotExclude, ["drone-not-on-the-list"]);
});

test("a drone that was allowed to fly there and was not heard is possible at most, and only in its time", () => {
  const silent: KnownDrone = {
    id: "survey-7",
    standing: "authorised",
    fixes: [],
    timeSigmaMs: 0,
    allowed: {
      latDeg: POST.latDeg + 0.008,
      lonDeg: POST.lonDeg,
      radiusM: 150,
      topHaeM: 1300,
      fromUnixMs: NOON - 3_600_000,
      toUnixMs: NOON + 3_600_000,
    },
  };
  const north = sighting({ timeUnixMs: NOON, azimuth: { how: "measured", deg: 358, sigmaDeg: 8 }, elevation: null });
  const finding = found(explained(north, { drones: [silent] }), "drone", "survey-7")!;
  assert.equal(finding.reason.key, "drone-allowed");
  assert.notEqual(finding.grade, "strong");
  assert.equal(found(explained({ ...north, timeUnixMs: NOON + 7_200_000 }, { drones: [silent] }), "drone"), undefined);
  assert.equal(
    found(explained({ ...north, azimuth: { how: "measured", deg: 180, sigmaDeg: 8 } }, { drones: [silent] }), "drone"),
    undefined,
  );
});

const WIND: Wind = {
  fromDeg: 270,
  directionSigmaDeg: 15,
  speedMps: 6,
  speedSigmaMps: 2,
  bottomHaeM: 1100,
  topHaeM: 1600,
  fromUnixMs: NOON - 3_600_000,
  toUnixMs: NOON + 3_600_000,
};

test("something round that goes with the wind may be a balloon; without a heading or a wind that cannot be told", () => {
  const drifting = sighting({
    timeUnixMs: NOON,
    heading: { how: "between", fromDeg: 67.5, toDeg: 112.5 },
    said: { shape: "round", sound: "none" },
  });
  const finding = found(explained(drifting, { winds: [WIND] }), "balloon")!;
  assert.equal(finding.grade, "strong");
  assert.ok(finding.reason.key === "drifts-with-wind" && finding.reason.windToDeg === 90 && finding.reason.differenceDeg < 1e-9);
  assert.deepEqual(finding.doesNotExclude, ["drone-with-the-wind", "wind-differs-with-height"]);
  const against = { ...drifting, heading: { how: "between", fromDeg: 247.5, toDeg: 292.5 } as const };
  assert.equal(found(explained(against, { winds: [WIND] }), "balloon"), undefined);
  assert.deepEqual(checkOf(explained({ ...drifting, heading: undefined }, { winds: [WIND] }), "balloon").missing, ["movement"]);
  assert.deepEqual(checkOf(explained(drifting, {}), "balloon").missing, ["wind"]);
  const yesterday = { ...WIND, fromUnixMs: NOON - 90_000_000, toUnixMs: NOON - 86_400_000 };
  assert.deepEqual(checkOf(explained(drifting, { winds: [yesterday] }), "balloon").missing, ["wind"]);
});

test("beating wings are a bird's; a report that says nothing of how it flew cannot tell", () => {
  assert.equal(found(explained(sighting({ said: { shape: "wings-beating", motion: "circling" } })), "bird")!.grade, "strong");
  assert.equal(found(explained(sighting({ said: { motion: "circling" } })), "bird")!.grade, "weak");
  assert.deepEqual(checkOf(explained(sighting()), "bird").missing, ["behaviour"]);
  assert.equal(checkOf(explained(sighting({ said: { motion: "still" } })), "bird").outcome, "not-enough-information");
  assert.equal(checkOf(explained(sighting({ said: { shape: "multirotor" } })), "bird").outcome, "none-fits");
});
