// The hard cases of danger and warnings, one test each, named after what must happen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultRules, type DangerRules, Picture, rungStep, type ZoneDefinition } from "../src/index.ts";
import { place, POST, S, T0 } from "./broadcasts.ts";
import { person, post, Scene, SERIAL } from "./scene.ts";

const OTHER = "1581F6N8A23B2ML3Y3KR";
const far: ZoneDefinition = { ...post, id: "far", name: "Post 9", shape: { type: "circle", centre: place(20_000, 0), radiusM: 100 } };

test("1: a track lost before closest approach keeps its warning, its ring grows, the text says when it was last heard, and it is cleared by rule", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.fly(1, 10, [900, 0], -30, 0);
  assert.equal(scene.only.level, "warning");
  const ring = scene.only.ringM;
  for (let s = 20; s <= 100; s += 20) scene.at(s, "a", 0, 0).to(s);
  assert.equal(scene.only.state, "raised");
  assert.equal(scene.only.level, "warning");
  assert.ok(scene.only.ringM > ring + 500, `${scene.only.ringM}`);
  const repeat = scene.told.findLast((intent) => intent.type === "notify" && intent.personId === "a");
  assert.ok(repeat?.type === "notify" && repeat.message.key === "warning");
  scene.to(140);
  assert.equal(scene.only.state, "cleared");
  assert.equal(scene.only.why.at(-1)?.code, "track-ended");
  const over = scene.told.findLast((intent) => intent.type === "all-clear");
  assert.ok(over?.type === "all-clear" && over.message.key === "all-clear");
  assert.equal(over.message.lastHeardUs, T0 + 10 * S);
});

test("1: a repeat after the track was lost says when it was last heard", () => {
  const slow: DangerRules = {
    ...defaultRules,
    version: 2,
    escalation: { ...defaultRules.escalation, warning: [{ afterS: 40, action: "repeat" }] },
  };
  const scene = new Scene().record(0, "rules", { rules: slow, by: "x" }).onShift(0, person("a"), [0, 0]);
  scene.fly(1, 5, [500, 0], -20, 0);
  scene.receipt(6, "a", "browser", "delivered").to(60);
  const repeat = scene.told.find((intent) => intent.type === "repeat");
  assert.ok(repeat?.type === "repeat" && repeat.message.key === "warning");
  assert.equal(repeat.message.lastHeardUs, T0 + 5 * S);
});

test("2: a new track in mid-approach, where another was lost, goes on as the same danger and nobody hears a second alarm", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.fly(1, 8, [900, 0], -20, 0);
  const { id } = scene.only;
  scene.answer(9, "a", "taking-cover", { channel: "browser", address: "a-phone" });
  const before = scene.sentTo("a").length;
  // Another name and address, from where the first was going to be.
  scene.fly(15, 25, [620, 30], -20, 0, 2, OTHER);
  assert.equal(scene.only.id, id);
  assert.equal(scene.raisedCount(), 1);
  assert.equal(scene.only.tracks.length, 2);
  assert.deepEqual(scene.sentTo("a").slice(before), []);
  scene.at(100, "a", 0, 0).to(131);
  assert.equal(scene.only.trackId, [...scene.picture.tracks()].at(-1)?.id);
});

test("2: two dangers that turn out to be one aircraft go on as one, with the answer already given, and the old id is still understood", () => {
  const scene = new Scene({ swarmM: 1, continueM: 1, continueMps: 0 }).onShift(0, person("a"), [0, 0]);
  scene.fly(1, 6, [900, 0], -10, 0, 1, "");
  scene.fly(6, 8, [850, 100], -10, 0, 2, OTHER).to(9);
  assert.equal(scene.standing.length, 2);
  const [first, second] = scene.standing;
  assert.ok(first !== undefined && second !== undefined);
  for (const { id } of [first, second])
    scene.record(9, "answer", { warningId: id, personId: "a", answer: "safe", channel: "browser", address: "a-phone" });
  const before = scene.sentTo("a").length;
  // The first address gives the second's name.
  scene.say(10, { ...place(810, 0), speedMps: 10, courseDeg: 180 }, 1, OTHER);
  scene.to(11);
  assert.equal(scene.picture.trackCount, 1);
  assert.equal(scene.standing.length, 1);
  assert.equal(scene.all.find(({ state }) => state === "cleared")?.why.at(-1)?.code, "merged");
  assert.ok(
    !scene
      .sentTo("a")
      .slice(before)
      .some((sent) => sent.startsWith("notify") || sent.startsWith("repeat")),
  );
  scene.record(12, "answer", { warningId: first.id, personId: "a", answer: "need-help" });
  scene.record(12, "answer", { warningId: second.id, personId: "a", answer: "need-help" });
  assert.deepEqual(scene.picture.strayAnswers(), []);
  assert.equal(scene.standing[0]?.ladder[0]?.needsHelp, true);
});

test("3: a drone that turns away steps down once, with hysteresis, and those told are told", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.fly(1, 5, [1000, 0], -30, 0);
  scene.receipt(5, "a", "browser", "delivered").answer(5, "a", "safe", { channel: "browser", address: "a-phone" });
  scene.fly(6, 100, [880, 0], 30, 0);
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning", "notify browser advisory", "all-clear browser all-clear"]);
  assert.equal(scene.only.state, "cleared");
  const lowered = scene.told.find((intent) => intent.type === "notify" && intent.change === "lowered");
  assert.ok(lowered !== undefined && lowered.timeUs >= T0 + 16 * S);
});

test("4: hovering 400 m from a post for ten minutes is one caution that ages; descent raises it at once, and so does approach", () => {
  const hover = (): Scene => {
    const scene = new Scene().zone(0, post);
    for (let s = 1; s <= 600; s += 1) scene.say(s, { ...place(400 + (s % 2), 0), speedMps: 0.25, courseDeg: (s * 37) % 360 });
    assert.equal(scene.only.level, "caution");
    assert.equal(scene.only.why[0]?.code, "hovering");
    assert.equal(scene.raisedCount(), 1);
    assert.equal(scene.picture.alarmFigures().per10Min, 1);
    return scene;
  };
  const descending = hover();
  descending.say(601, { ...place(400, 0), speedMps: 0.25, courseDeg: 0, verticalSpeedMps: -3 }).to(601.2);
  assert.equal(descending.only.level, "warning");
  const approaching = hover();
  approaching.say(601, { ...place(395, 0), speedMps: 12, courseDeg: 180 }).to(601.2);
  assert.equal(approaching.only.level, "warning");
  assert.equal(approaching.raisedCount(), 1);
});

test("5: first seen 80 m from a person it is a warning on the first tick, unconfirmed, whatever its course", () => {
  for (const said of [place(80, 0), { ...place(0, 80), speedMps: 10, courseDeg: 270 }]) {
    const scene = new Scene().onShift(0, person("a"), [0, 0]);
    scene.say(1, said).to(1.2);
    assert.equal([...scene.picture.tracks()][0]?.status, "tentative");
    assert.deepEqual(scene.sentTo("a"), ["notify browser warning"]);
  }
});

test("5: a radar's first plot 80 m from a person warns on that tick; a mile from anybody it raises nothing", () => {
  const radar = `{"type":"sensor","id":"r","kind":"radar","lat":${POST.latDeg},"lon":${POST.lonDeg},"alt":1200,"z":["range_m","az_deg","el_deg"],"sd":[5,0.5,1],"period_s":1,"pd":0.9,"fa_per_scan":0.1,"max_range_m":5000}`;
  const plot = (azDeg: number, rangeM: number): string =>
    `{"type":"det","id":"1","sensor":"r","kind":"radar","scan":1,"z":[${rangeM},${azDeg},5]}`;
  const scan = (n: number): string => `{"type":"scan","sensor":"r","scan":${n},"n":1}`;
  const scene = new Scene();
  scene.record(0, "source", { source: { id: "radar", name: "radar", kind: "http", origin: "live", format: "detections" }, by: "x" });
  scene.onShift(0, person("a"), [500, 0]);
  scene.lines(1, [radar], "radar");
  scene.lines(2, [plot(0, 585), scan(1)], "radar").to(2.2);
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning"]);
  const quiet = new Scene();
  quiet.record(0, "source", { source: { id: "radar", name: "radar", kind: "http", origin: "live", format: "detections" }, by: "x" });
  quiet.onShift(0, person("a"), [500, 0]);
  quiet.lines(1, [radar], "radar");
  quiet.lines(2, [plot(180, 1100), scan(1)], "radar").to(2.4);
  assert.equal(quiet.picture.trackCount, 0);
});

test("6: twelve drones that come as a swarm are one danger with a count, and the first to arrive sets the time", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  for (let s = 1; s <= 10; s += 1) {
    for (let k = 0; k < 12; k += 1)
      scene.say(
        s,
        { ...place(1000 - 20 * s + 60 * (k % 4), 70 * Math.floor(k / 4)), speedMps: 20, courseDeg: 180 },
        10 + k,
        `SWARM000000000${String(k).padStart(4, "0")}`,
      );
  }
  scene.to(40);
  assert.equal(scene.only.count, 12);
  assert.equal(scene.raisedCount(), 1);
  const last = scene.told.findLast((intent) => intent.type === "notify" || intent.type === "repeat");
  assert.ok(last !== undefined && "message" in last && last.message.key === "warning" && last.message.count === 12);
  const alone = new Scene().onShift(0, person("a"), [0, 0]);
  alone.fly(1, 10, [980, 0], -20, 0);
  assert.ok(Math.abs((scene.only.foremost.cpaM ?? 0) - (alone.only.foremost.cpaM ?? 0)) < 2);
});

test("7: who walks in or comes on shift after the warning was raised is told then; who leaves is told so and not escalated", () => {
  const scene = new Scene().zone(0, post).onShift(0, person("a"), [0, 2500]).onShift(0, person("b"), [0, 20]);
  scene.record(0, "person", { person: person("c"), by: "x" });
  const hover = (from: number, to: number): void => {
    for (let s = from; s <= to; s += 1) scene.say(s, { ...place(60, 0), speedMps: 0, courseDeg: 0 });
  };
  hover(1, 20);
  assert.deepEqual(scene.sentTo("a"), []);
  scene.at(21, "a", 0, 50);
  scene.record(21, "shift", { personId: "c", on: true, by: "x" });
  scene.at(21, "c", 30, 0);
  hover(22, 24);
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning"]);
  assert.deepEqual(scene.sentTo("c"), ["notify browser warning"]);
  // a leaves, c goes off shift; both had not answered.
  scene.at(25, "a", 0, 3000);
  scene.record(25, "shift", { personId: "c", on: false, by: "x" });
  hover(26, 28);
  const offShift = scene.told.findLast((intent) => intent.type === "all-clear" && intent.personId === "c");
  assert.ok(offShift?.type === "all-clear" && offShift.message.key === "not-concerned" && offShift.message.why === "off-shift");
  const before = scene.sentTo("c").length;
  hover(29, 120);
  assert.equal(scene.sentTo("c").length, before);
  assert.equal(scene.rung("a").over?.why, "left");
  assert.ok(scene.sentTo("a").includes("all-clear browser not-concerned"));
  assert.equal(scene.only.state, "raised");
});

test("8: a person whose position is 20 minutes old is warned by the last place and by post, and the age is shown", () => {
  const at = (northM: number, eastM: number): Scene => {
    const scene = new Scene().zone(0, { ...post, shape: { type: "circle", centre: place(5000, 0), radiusM: 100 } });
    scene.onShift(0, person("a"), [0, 0]);
    scene.record(0, "post-staff", { zoneId: "post", people: ["a"], by: "x" });
    scene.say(1200, { ...place(northM, eastM), speedMps: 0 }).to(1200.4);
    return scene;
  };
  const byPlace = at(400, 0);
  assert.deepEqual(byPlace.sentTo("a"), ["notify browser warning"]);
  assert.deepEqual(
    byPlace.only.threats.map(({ basis, positionAgeS }) => [basis, positionAgeS]),
    [["old-position", 1200]],
  );
  const byPost = at(5050, 0);
  assert.deepEqual(byPost.sentTo("a"), ["notify browser warning"]);
  const threat = byPost.only.threats.find(({ kind }) => kind === "person");
  assert.deepEqual([threat?.basis, threat?.post, threat?.positionAgeS], ["old-position", "post", 1200]);
  assert.deepEqual(at(2500, 2500).sentTo("a"), []);
});

test("8: whose place and post are both unknown is never forgotten: while a warning stands, they are told one is near, at an unknown distance", () => {
  const scene = new Scene().zone(0, post).onShift(0, person("a"));
  scene.say(1, place(50, 0)).to(2);
  assert.deepEqual(scene.sentTo("a"), ["notify browser caution"]);
  const told = scene.told.find((intent) => intent.type === "notify");
  assert.deepEqual(told?.type === "notify" && told.message, { key: "caution" });
});

test("9: two devices of one person: both are told, answering on one silences the other, and the ladder shows one person", () => {
  const ways = [
    { channel: "browser", address: "one" },
    { channel: "browser", address: "two" },
  ] as const;
  const scene = new Scene().onShift(0, person("a", { ways }), [0, 0]);
  scene.say(1, place(80, 0)).to(2);
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning", "notify browser warning"]);
  scene.answer(3, "a", "safe", { channel: "browser", address: "two" });
  const cancelled = scene.told.filter((intent) => intent.type === "cancel");
  assert.deepEqual(
    cancelled.map((intent) => intent.type === "cancel" && [intent.address, intent.why]),
    [["one", "answered"]],
  );
  scene.at(30, "a", 0, 0).to(60);
  assert.equal(scene.only.ladder.length, 1);
  assert.ok(!scene.sentTo("a").some((sent) => sent.startsWith("repeat")));
});

test("10: an answer that an officer heard by radio is recorded with who keyed it, and stops the escalation", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.say(1, place(80, 0)).to(5);
  scene.answer(5, "a", "taking-cover", { keyedBy: "officer" });
  scene.to(60);
  assert.equal(scene.rung("a").answer?.keyedBy, "officer");
  assert.ok(scene.rung("a").steps.some(({ what, by }) => what === "answered" && by === "officer"));
  assert.equal(rungStep(scene.rung("a")), "answered");
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning", "cancel browser warning"]);
});

test("11: a call for help goes to the leader and the call list at once, and stays after the all-clear until an officer closes it", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]).onShift(0, person("l", { leader: true }), [0, 9000]);
  scene.say(1, place(80, 0)).to(2);
  scene.answer(3, "a", "need-help", { channel: "browser", address: "a-phone" });
  assert.ok(scene.sentTo("a").includes("call-list need-help"));
  assert.deepEqual(scene.sentTo("l"), ["escalate browser unanswered"]);
  scene.to(200);
  assert.equal(scene.only.state, "cleared");
  assert.equal(rungStep(scene.rung("a")), "needs-help");
  scene.answer(201, "a", "safe");
  assert.equal(scene.rung("a").needsHelp, true);
  scene.record(202, "help-closed", { warningId: scene.only.id, personId: "a", by: "officer", reason: "medic is there" });
  assert.equal(rungStep(scene.rung("a")), "over");
});

test("12: a phone without a link gets the end quietly, under the same warning, not the old alarm", () => {
  const scene = new Scene().onShift(0, person("a", { ways: [{ channel: "browser", address: "a-phone" }] }), [0, 0]);
  scene.say(1, place(80, 0)).to(2);
  scene.receipt(3, "a", "browser", "no-link").to(4);
  assert.ok(scene.sentTo("a").includes("call-list no-link"));
  scene.to(180);
  const over = scene.told.findLast((intent) => intent.type === "all-clear");
  assert.ok(over?.type === "all-clear" && over.quiet);
  assert.deepEqual(scene.picture.pendingIntents(), []);
});

test("13: a hub that dies in mid-escalation goes on with its timers where they were; nothing is told under a second id and nobody is forgotten", () => {
  const acted = (restartAt: number | undefined): Scene => {
    const scene = new Scene().onShift(0, person("a"), [0, 0]);
    scene.say(1, place(80, 0));
    for (let s = 2; s <= 60; s += 1) {
      if (s === restartAt) scene.restart();
      scene.to(s);
    }
    return scene;
  };
  const whole = acted(undefined);
  assert.deepEqual(acted(13).told, whole.told);
  const scene = acted(13);
  // Nothing has been confirmed as sent: all of it is due still, under the ids that went out.
  const ids = new Set(scene.told.flatMap((intent) => ("id" in intent ? [String(intent.id)] : [])));
  const pending = scene.picture.pendingIntents();
  assert.deepEqual(pending.map(({ channel }) => channel).sort(), ["browser", "tak"]);
  for (const { id } of pending) assert.ok(ids.has(id));
  scene.receipt(61, "a", "browser", "sent");
  assert.deepEqual(
    scene.picture.pendingIntents().map(({ channel }) => channel),
    ["tak"],
  );
});

test("14: a jump of the hub's clock is an entry; timers go on in the sector's time", () => {
  const acted = (jump: boolean): string[] => {
    const scene = new Scene().onShift(0, person("a"), [0, 0]);
    scene.say(1, place(80, 0)).to(2);
    if (jump) scene.record(3, "clock-step", { stepUs: 3600 * S });
    scene.to(40);
    return scene.told.map((intent) => `${intent.timeUs} ${intent.type}`);
  };
  assert.deepEqual(acted(true), acted(false));
});

test("15: when an outlet is down or slow the next channel is used at once by those who depend on it, and its state is shown", () => {
  for (const state of ["down", "slow"] as const) {
    const scene = new Scene().onShift(0, person("a"), [0, 0]).onShift(0, person("b"), [20, 0]);
    scene.say(1, place(80, 0)).to(2);
    scene.receipt(2, "b", "browser", "delivered");
    scene.record(3, "channel-state", { channel: "browser", state, reason: "queue" }).to(3.4);
    assert.deepEqual(scene.sentTo("a"), ["notify browser warning", "notify tak warning"]);
    // It has reached b already.
    assert.deepEqual(scene.sentTo("b"), ["notify browser warning"]);
    assert.equal(scene.picture.channels()[0]?.state, state);
    const later = new Scene().onShift(0, person("a"), [0, 0]).record(0, "channel-state", { channel: "browser", state });
    later.say(1, place(80, 0)).to(2);
    assert.deepEqual(later.sentTo("a"), ["notify tak warning"]);
  }
});

test("15: a failure receipt leads to the next channel at once, and the last one to the leader and the call list", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]).onShift(0, person("l", { leader: true }), [0, 9000]);
  scene.say(1, place(80, 0)).to(2);
  scene.receipt(2, "a", "browser", "failed").to(2.4);
  scene.receipt(3, "a", "tak", "no-link").to(3.4);
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning", "notify tak warning", "call-list no-link"]);
  assert.deepEqual(scene.sentTo("l"), ["escalate browser unanswered"]);
});

test("16: our own drone inside its area and time is shown and warns nobody; outside them, or contradicted, it is unknown, with the reason", () => {
  const own = (fromS: number, untilS: number, radiusM: number): Scene =>
    new Scene()
      .record(0, "authorised-drone", {
        drone: {
          id: "h2",
          name: "Halcón 2",
          own: true,
          identity: SERIAL,
          area: { type: "circle", centre: POST, radiusM },
          fromUs: T0 + fromS * S,
          untilUs: T0 + untilS * S,
        },
        by: "x",
      })
      .zone(0, post)
      .onShift(0, person("a"), [0, 0]);
  const inside = own(0, 600, 3000);
  inside.fly(1, 30, [600, 0], -20, 0);
  assert.deepEqual(inside.all, []);
  const track = [...inside.picture.tracks()][0];
  assert.ok(track !== undefined);
  assert.equal(inside.picture.authorisation(track)?.doubt, undefined);
  for (const [scene, doubt] of [
    [own(0, 600, 200), "outside-area"],
    [own(300, 600, 3000), "outside-time"],
  ] as const) {
    scene.fly(1, 3, [600, 0], -20, 0);
    assert.equal(scene.only.level, "warning");
    assert.equal(scene.only.why[0]?.values["doubt"], doubt);
    assert.equal(scene.only.why[0]?.values["claims"], "Halcón 2");
  }
  // The same name in the air twice: neither is believed.
  const twice = own(0, 600, 30_000);
  twice.say(1, place(9000, 0), 1);
  twice.say(2, { ...place(200, 0), speedMps: 10, courseDeg: 180 }, 2).to(3);
  assert.equal(twice.only.why[0]?.values["doubt"], "in-two-places");
});

test("16: a warning of what turns out to be our own drone is stood down, with its name", () => {
  const scene = new Scene().onShift(0, person("a", { language: "es" }), [0, 0]);
  scene.fly(1, 5, [600, 0], -20, 0);
  scene.record(6, "authorised-drone", {
    drone: {
      id: "h2",
      name: "Halcón 2",
      own: true,
      identity: SERIAL,
      area: { type: "circle", centre: POST, radiusM: 3000 },
      fromUs: T0,
      untilUs: T0 + 600 * S,
    },
    by: "x",
  });
  scene.fly(6, 20, [500, 0], -20, 0);
  assert.equal(scene.only.state, "cleared");
  const over = scene.told.findLast((intent) => intent.type === "stand-down");
  assert.ok(over?.type === "stand-down");
  assert.deepEqual(over.message, { key: "stand-down", what: "own-drone", name: "Halcón 2" });
});

/** A track as sensors measure it, put there as a snapshot would: what it takes to become manned or unseen is the tracker's matter. */
function marked(scene: Scene, change: (track: Record<string, unknown>) => void): Scene {
  const state = JSON.parse(new TextDecoder().decode(scene.picture.snapshot())) as { tracks: Record<string, unknown>[] };
  for (const track of state.tracks) change(track);
  const restored = Picture.restore(new TextEncoder().encode(JSON.stringify(state)));
  assert.ok(restored instanceof Picture);
  scene.picture = restored;
  return scene;
}

test("18: a low manned aircraft warns nobody, and does not turn into a drone when its broadcast stops", () => {
  const scene = new Scene().zone(0, post).onShift(0, person("a"), [0, 0]);
  scene.say(1, { ...place(9000, 0), speedMps: 60, courseDeg: 180 });
  marked(scene, (track) => {
    track["kind"] = "manned";
  });
  for (let s = 2; s <= 140; s += 1) scene.say(s, { ...place(9000 - 60 * s, 0), speedMps: 60, courseDeg: 180 });
  assert.deepEqual(scene.all, []);
  for (let s = 142; s <= 200; s += 10) scene.at(s, "a", 0, 0).to(s);
  assert.deepEqual(scene.all, []);
});

test("19: a real danger during a drill reaches real people on real channels; the drill pauses until somebody lets it go on", () => {
  const scene = new Scene({ newTracksPer10s: 100 });
  scene.list.source(T0, "drill", "synthetic");
  scene.onShift(0, person("a"), [0, 0]).onShift(0, person("b"), [9000, 0]).onShift(0, person("c"), [9000, 30]);
  scene.record(0, "drill", { channels: ["browser"], people: ["b"], by: "trainer" });
  const drillFlies = (s: number): Scene => scene.say(s, { ...place(9050, 0), speedMps: 0 }, 7, OTHER, "drill");
  for (let s = 1; s <= 12; s += 1) drillFlies(s);
  // Takers only, on the channels named, and every intent is marked.
  assert.deepEqual(scene.sentTo("b"), ["notify browser warning", "repeat browser warning"]);
  assert.deepEqual(scene.sentTo("c"), []);
  assert.ok(scene.told.every((intent) => intent.type === "warning" || intent.drill));
  scene.say(13, place(80, 0), 1).to(13.4);
  assert.ok(scene.sentTo("a").includes("notify browser warning"));
  assert.ok(scene.told.some((intent) => intent.type === "notify" && intent.personId === "a" && !intent.drill));
  assert.equal(scene.sentTo("b").at(-1), "all-clear browser not-concerned");
  const before = scene.sentTo("b").length;
  for (let s = 14; s <= 60; s += 1) drillFlies(s);
  assert.equal(scene.sentTo("b").length, before);
  for (let s = 61; s <= 200; s += 1) drillFlies(s);
  assert.equal(scene.standing.length, 1);
  scene.record(201, "drill", { channels: ["browser"], people: ["b"], by: "trainer" });
  drillFlies(202);
  scene.to(203);
  assert.equal(scene.sentTo("b").at(-1), "notify browser warning");
});

test("20: new rules hold for new dangers only; those that run keep theirs, visibly, and an older version is refused", () => {
  const strict: DangerRules = { ...defaultRules, version: 2, name: "strict", zone: { warningWithinS: 200, cautionWithinS: 300 } };
  const scene = new Scene().zone(0, post).zone(0, far);
  scene.fly(1, 3, [1700, 0], -15, 0);
  assert.equal(scene.only.level, "caution");
  scene.record(4, "rules", { rules: strict, by: "x" });
  scene.fly(4, 6, [1655, 0], -15, 0);
  assert.equal(scene.only.level, "caution");
  assert.equal(scene.only.rulesVersion, 1);
  scene.fly(5, 7, [21_700, 0], -15, 0, 2, OTHER);
  const [, second] = scene.standing;
  assert.equal(second?.level, "warning");
  assert.equal(second?.rulesVersion, 2);
  scene.record(8, "rules", { rules: { ...defaultRules, version: 2 }, by: "x" });
  assert.equal(scene.picture.rules.name, "strict");
  assert.equal(scene.picture.counts.recordsRefused, 1);
});

test("21: what an officer must decide waits for the time given, then the stated default happens and the record says no decision", () => {
  const rules = (otherwise: "send" | "withhold"): DangerRules => ({
    ...defaultRules,
    version: 2,
    send: {
      advisory: { by: "officer", withinS: 20, otherwise },
      caution: { by: "officer", withinS: 20, otherwise },
      warning: { by: "officer", withinS: 20, otherwise },
    },
  });
  const scene = (otherwise: "send" | "withhold"): Scene =>
    new Scene()
      .record(0, "rules", { rules: rules(otherwise), by: "x" })
      .onShift(0, person("a"), [0, 0])
      .say(1, place(80, 0));
  const sends = scene("send").to(15);
  assert.deepEqual(sends.sentTo("a"), []);
  sends.to(25);
  assert.deepEqual(sends.sentTo("a"), ["notify browser warning"]);
  assert.equal(sends.only.decisions[0]?.reason, "no decision");
  assert.equal(sends.only.decisions[0]?.by, undefined);
  const withholds = scene("withhold").to(30);
  assert.deepEqual(withholds.sentTo("a"), []);
  assert.equal(withholds.only.decisions[0]?.outcome, "withhold");
  const decided = scene("withhold").to(5);
  decided
    .record(6, "decision", { warningId: decided.only.id, level: "warning", decision: "send", by: "officer", reason: "seen it" })
    .to(6.4);
  assert.deepEqual(decided.sentTo("a"), ["notify browser warning"]);
  assert.equal(decided.only.decisions.find(({ level }) => level === "warning")?.by, "officer");
});

test("22: two hundred false dangers in a minute are grouped by the sensor that raised them, which can be muted; a person elsewhere is told at once", () => {
  const wide: ZoneDefinition = { ...post, id: "wide", shape: { type: "circle", centre: POST, radiusM: 9000 } };
  const scene = new Scene({ newTracksPer10s: 1000, maxWarningsPerZone: 300 });
  scene.list.source(T0, "broken");
  scene.zone(0, wide).onShift(0, person("a"), [20_000, 0]);
  for (let k = 0; k < 200; k += 1)
    scene.say(1 + k * 0.2, { ...place(600 * (k % 14) - 4000, 600 * Math.floor(k / 14) - 4000), speedMps: 0 }, 100 + k, "", "broken");
  scene.to(42);
  assert.ok(scene.standing.length > 100);
  const figures = scene.picture.alarmFigures();
  assert.equal(figures.flood, true);
  const [group] = scene.picture.floodGroups();
  assert.equal(group?.source, "broken");
  assert.equal(group?.warnings.length, scene.standing.length);
  scene.say(43, place(20_080, 0)).to(43.2);
  assert.deepEqual(scene.sentTo("a"), ["notify browser warning"]);
  scene.record(44, "mute", { source: "broken", forS: 600, by: "officer", reason: "ghosts" });
  scene.to(60);
  assert.deepEqual(
    scene.standing.map(({ sources }) => sources),
    [["test"]],
  );
  assert.equal(scene.all[0]?.benign?.what, "sensor-fault");
  for (let k = 0; k < 20; k += 1) scene.say(61, { ...place(600 * k - 4000, 100), speedMps: 0 }, 400 + k, "", "broken");
  scene.to(62);
  assert.equal(scene.standing.length, 1);
  assert.deepEqual(
    scene.picture.mutes().map(({ source }) => source),
    ["broken"],
  );
  scene.to(700);
  assert.deepEqual(scene.picture.mutes(), []);
});
