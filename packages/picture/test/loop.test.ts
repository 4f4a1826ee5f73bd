// The loop as a whole: whatever happens in it, replay says the same to the same people, nothing flickers, and whoever is in danger is told in time.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  ANSWERS,
  CHANNELS,
  defaultRules,
  encodeRecord,
  type Entry,
  type Intent,
  Picture,
  RECEIPT_STEPS,
  type RecordKind,
  type Records,
  type Settings,
} from "../src/index.ts";
import { basicId, beacon, location, mac, place, S, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";
import { person, post, Scene } from "./scene.ts";

const SERIALS = ["1588E040445AC004418", "1581F6N8A23B2ML3Y3KR", "1581F6N8A23B2ML3Y3KS"] as const;
/** So small that a short journal meets them all. */
const TIGHT: Partial<Settings> = {
  maxPeople: 3,
  maxMutes: 1,
  maxAuthorised: 1,
  maxWarningsPerPerson: 1,
  maxWarningsPerZone: 1,
  maxStandingPerZone: 1,
  maxStepsPerPerson: 4,
  maxStrayAnswers: 2,
  maxAlarms: 3,
  maxClearedWarnings: 2,
  maxTracks: 3,
  positionKeptUs: 20 * S,
};

const PEOPLE = ["a", "b", "c", "d"] as const;
const action = fc.record({
  kind: fc.constantFrom(
    ...(["fly", "fly", "fly", "fly", "fly", "receipt", "receipt", "answer", "shift", "place", "place", "staff", "person"] as const),
    ...([
      "acknowledge",
      "clear",
      "stand-down",
      "decision",
      "shelve",
      "mute",
      "drill",
      "channel",
      "authorise",
      "rules",
      "zone",
      "help",
    ] as const),
  ),
  gapMs: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 12_000 })),
  who: fc.integer({ min: 0, max: 3 }),
  what: fc.integer({ min: 0, max: 1000 }),
  northM: fc.integer({ min: -500, max: 500 }),
  eastM: fc.integer({ min: -500, max: 500 }),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const ways = [
  { channel: "browser", address: "phone" },
  { channel: "browser", address: "tablet" },
  { channel: "tak", address: "uid" },
  { channel: "sms", address: "+1" },
] as const;

/** What an action writes, given the picture as it stands: ids of warnings are those that there are. */
class Driver {
  readonly list = new EntryList();
  readonly picture: Picture;
  #timeUs = T0;
  #version = 1;

  constructor(settings: Partial<Settings>) {
    this.picture = new Picture(settings);
    this.list.source(T0, "test").source(T0, "play", "synthetic");
    this.#record("zone", { zone: post, by: "t" });
    for (const id of ["a", "b"])
      this.#record("person", { person: person(id, { ways: [...ways], leader: id === "b", language: id === "a" ? "es" : "en" }), by: "t" });
    this.#record("shift", { personId: "a", on: true, by: "t" });
    this.#record("shift", { personId: "b", on: true, by: "t" });
    this.#apply();
  }
  #apply(): void {
    for (const entry of this.list.entries.slice(this.picture.seq)) this.picture.apply(entry);
    this.picture.takeIntents();
  }
  #record<K extends RecordKind>(kind: K, value: Records[K]): void {
    this.list.record(this.#timeUs, kind, value);
  }
  do({ kind, gapMs, who, what, northM, eastM }: Action): void {
    this.#timeUs += gapMs * 1000;
    const personId = PEOPLE[who] ?? "a";
    const all = [...this.picture.warnings()];
    const warningId = what % 11 === 0 ? "W-gone" : (all[what % Math.max(1, all.length)]?.id ?? "W-none");
    const way = ways[what % ways.length] ?? ways[0];
    const by = "t";
    const reason = "because";
    switch (kind) {
      case "fly": {
        const serial = SERIALS[what % SERIALS.length] ?? SERIALS[0];
        const said = { ...place(northM, eastM), speedMps: what % 30, courseDeg: (what * 7) % 360 };
        this.list.frame(
          this.#timeUs,
          "dlt-127",
          beacon(mac(1 + (what % 3)), basicId(serial), location(said)),
          what % 5 === 0 ? "play" : "test",
        );
        break;
      }
      case "receipt":
        this.#record("receipt", { warningId, personId, ...way, step: RECEIPT_STEPS[what % RECEIPT_STEPS.length] ?? "sent" });
        break;
      case "answer":
        this.#record("answer", {
          warningId,
          personId,
          answer: ANSWERS[what % ANSWERS.length] ?? "safe",
          ...(what % 2 === 0 ? way : { keyedBy: "t" }),
        });
        break;
      case "shift":
        this.#record("shift", { personId, on: what % 4 !== 0, by });
        break;
      case "place": {
        const measured = what % 6 === 0 ? this.#timeUs - 400 * S : this.#timeUs;
        const facing = what % 3 === 0 ? { facingDeg: what % 360 } : {};
        this.#record("person-position", {
          personId,
          position: place(northM, eastM),
          errorM: what % 60,
          timeUs: measured,
          source: "tak",
          ...facing,
        });
        break;
      }
      case "staff":
        this.#record("post-staff", { zoneId: "post", people: PEOPLE.slice(0, what % 4), by });
        break;
      case "person":
        if (what % 5 === 0) this.#record("person-removed", { id: personId, by });
        else this.#record("person", { person: person(personId, { ways: ways.slice(what % 4) }), by });
        break;
      case "acknowledge":
        this.#record("acknowledge", { warningId, by });
        break;
      case "clear":
        this.#record("clear", { warningId, by, reason });
        break;
      case "stand-down":
        this.#record("stand-down", { warningId, what: "nothing", by, reason });
        break;
      case "decision":
        this.#record("decision", { warningId, level: "warning", decision: what % 2 === 0 ? "send" : "withhold", by, reason });
        break;
      case "shelve":
        this.#record("shelve", { warningId, forS: 1 + (what % 30), by, reason });
        break;
      case "mute":
        if (what % 3 === 0) this.#record("unmute", { source: "test", by });
        else this.#record("mute", { source: what % 2 === 0 ? "test" : "test/x", forS: 1 + (what % 20), by, reason });
        break;
      case "drill":
        this.#record("drill", { channels: [way.channel], people: PEOPLE.slice(0, what % 4), by });
        break;
      case "channel": {
        const state = (["up", "slow", "down"] as const)[what % 3] ?? "up";
        this.#record("channel-state", { channel: CHANNELS[what % CHANNELS.length] ?? "browser", state });
        break;
      }
      case "authorise": {
        const area = { type: "circle", centre: place(0, 0), radiusM: 300 } as const;
        const drone = { id: `d${what % 3}`, name: "Halcón", own: true, identity: SERIALS[0], area, fromUs: T0, untilUs: T0 + 60 * S };
        if (what % 4 === 0) this.#record("authorised-removed", { id: "d0", by });
        else this.#record("authorised-drone", { drone, by });
        break;
      }
      case "rules": {
        this.#version += what % 3;
        const send = what % 2 === 0 ? ({ by: "officer", withinS: 5, otherwise: "send" } as const) : ({ by: "automatic" } as const);
        this.#record("rules", {
          rules: { ...defaultRules, version: this.#version, send: { ...defaultRules.send, warning: send } },
          by,
        });
        break;
      }
      case "zone":
        if (what % 3 === 0) this.#record("zone-removed", { id: "post", by });
        else this.#record("zone", { zone: post, by });
        break;
      case "help":
        this.#record("help-closed", { warningId, personId, by, reason });
        break;
    }
    this.#apply();
  }
}

function journal(actions: readonly Action[], settings: Partial<Settings>): readonly Entry[] {
  const driver = new Driver(settings);
  for (const one of actions) driver.do(one);
  return driver.list.entries;
}

function play(picture: Picture, entries: readonly Entry[]): Intent[] {
  const intents: Intent[] = [];
  for (const entry of entries) {
    picture.apply(entry);
    intents.push(...picture.takeIntents());
  }
  return intents;
}

const settingsOf = fc.constantFrom<Partial<Settings>>({}, TIGHT);
const RUNS = { numRuns: 60 };

test("a replay gives the same intents to the byte, from zero and from a snapshot at any entry, whatever was told, answered and decided", () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(action, { minLength: 15, maxLength: 70 }), fc.nat(), settingsOf, (actions, cut, settings) => {
      const entries = journal(actions, settings);
      const whole = new Picture(settings);
      const at = cut % (entries.length + 1);
      const before = play(whole, entries.slice(0, at));
      const restored = Picture.restore(whole.snapshot());
      assert.ok(restored instanceof Picture);
      assert.deepEqual(restored.pendingIntents(), whole.pendingIntents());
      const after = play(whole, entries.slice(at));
      assert.equal(JSON.stringify(play(restored, entries.slice(at))), JSON.stringify(after));
      assert.deepEqual(restored.snapshot(), whole.snapshot());
      const again = new Picture(settings);
      assert.equal(JSON.stringify(play(again, entries)), JSON.stringify([...before, ...after]));
      told += [...before, ...after].filter(({ type }) => type === "notify").length;
      // An id means one thing for good.
      const byId = new Map<string, string>();
      for (const intent of [...before, ...after]) {
        if (intent.type === "warning") continue;
        assert.ok(!byId.has(intent.id), `${intent.id} twice`);
        byId.set(intent.id, intent.type);
      }
    }),
    RUNS,
  );
  assert.ok(told > 100, `the journals of this test told people ${told} times`);
});

test("advancing in steps of any size says the same to the same people as advancing at once", () => {
  fc.assert(
    fc.property(
      fc.array(action, { minLength: 5, maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 9_000_000 }), { minLength: 1 }),
      (actions, steps) => {
        const entries = journal(actions, {});
        const [once, stepped] = [new Picture(), new Picture()];
        const [said, saidInSteps]: [Intent[], Intent[]] = [[], []];
        let k = 0;
        for (const entry of entries) {
          while (stepped.timeUs > 0 && stepped.timeUs < entry.timeUs) {
            stepped.advance(Math.min(entry.timeUs, stepped.timeUs + (steps[k % steps.length] ?? 1)));
            k += 1;
            saidInSteps.push(...stepped.takeIntents());
          }
          said.push(...play(once, [entry]));
          saidInSteps.push(...play(stepped, [entry]));
        }
        const end = once.timeUs + 90 * S;
        once.advance(end);
        stepped.advance(end - 1);
        stepped.advance(end);
        said.push(...once.takeIntents());
        saidInSteps.push(...stepped.takeIntents());
        assert.equal(JSON.stringify(saidInSteps), JSON.stringify(said));
        assert.deepEqual(stepped.snapshot(), once.snapshot());
      },
    ),
    RUNS,
  );
});

test("whoever was told is told of the end, unless it was on a way that failed: nobody is left with an alarm that stands nowhere", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 60 }), (actions) => {
      const entries = journal(actions, {});
      const picture = new Picture();
      const said = play(picture, entries);
      // Long after: everything is over by rule.
      picture.advance(picture.timeUs + 600 * S);
      said.push(...picture.takeIntents());
      assert.deepEqual(
        [...picture.warnings()].filter(({ state }) => state !== "cleared").map(({ id }) => id),
        [],
      );
      const last = new Map<string, string>();
      for (const intent of said) {
        if (intent.type === "warning" || intent.type === "call-list" || intent.type === "escalate") continue;
        const key = `${intent.reference} ${intent.personId} ${intent.channel} ${intent.address}`;
        last.set(key, intent.type);
      }
      const failed = new Set(
        [...picture.warnings()].flatMap(({ reference, ladder }) =>
          ladder.flatMap(({ personId, toldAs, ways: used }) =>
            used
              .filter(({ step }) => step === "failed" || toldAs !== undefined)
              .map(({ channel, address }) => `${reference} ${personId} ${channel} ${address}`),
          ),
        ),
      );
      for (const [key, type] of last)
        if (!failed.has(key)) assert.ok(type === "all-clear" || type === "stand-down" || type === "cancel", `${key}: ${type}`);
    }),
    RUNS,
  );
});

test("a drone held for five seconds on a straight course to a person is at warning from 30 s before closest approach, or from the first tick", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 40 }),
      fc.integer({ min: 0, max: 359 }),
      fc.integer({ min: 120, max: 3000 }),
      fc.integer({ min: -60, max: 60 }),
      fc.boolean(),
      (speedMps, fromDeg, startM, missM, isNamed) => {
        const scene = new Scene().onShift(0, person("a"), [0, 0], 5);
        const rad = (fromDeg * Math.PI) / 180;
        const start = [startM * Math.cos(rad) - missM * Math.sin(rad), startM * Math.sin(rad) + missM * Math.cos(rad)] as const;
        const closestS = 1 + startM / speedMps;
        const endS = Math.min(closestS, 300);
        const courseDeg = (fromDeg + 180) % 360;
        const [northMps, eastMps] = [-speedMps * Math.cos(rad), -speedMps * Math.sin(rad)];
        const levels: (readonly [number, string | undefined])[] = [];
        for (let s = 1; s <= endS; s += 1) {
          const where = place(start[0] + northMps * (s - 1), start[1] + eastMps * (s - 1));
          scene.say(s, { ...where, speedMps, courseDeg }, 1, isNamed ? SERIALS[0] : "");
          scene.to(s + 0.2);
          const threat = scene.standing.flatMap(({ threats }) => threats).find(({ id }) => id === "a");
          levels.push([s, threat?.level]);
        }
        const held = 1 + 5;
        for (const [s, level] of levels)
          if (s >= held && s >= closestS - 30) assert.equal(level, "warning", `${s} s, closest at ${closestS.toFixed(1)} s`);
        // Nothing flickers on the way: it only rises.
        const ranks = levels.map(([, level]) => (level === undefined ? -1 : ["advisory", "caution", "warning"].indexOf(level)));
        for (let k = 1; k < ranks.length; k += 1) assert.ok((ranks[k] ?? 0) >= (ranks[k - 1] ?? 0), `fell at ${levels[k]?.[0]} s`);
        assert.ok(scene.raisedCount() <= 1, "one danger, one warning");
        if (ranks.includes(2)) assert.ok(scene.sentTo("a").some((sent) => sent.startsWith("notify browser warning")));
      },
    ),
    { numRuns: 150 },
  );
});

test("however a drone wavers around a person, levels told to the person come at least the stated dwell apart when they fall", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          northM: fc.integer({ min: -1500, max: 1500 }),
          speedMps: fc.integer({ min: 0, max: 40 }),
          courseDeg: fc.integer({ min: 0, max: 359 }),
        }),
        { minLength: 10, maxLength: 80 },
      ),
      (flight) => {
        const scene = new Scene().onShift(0, person("a"), [0, 0], 5);
        flight.forEach(({ northM, speedMps, courseDeg }, k) => scene.say(1 + k, { ...place(northM, 50), speedMps, courseDeg }));
        scene.to(flight.length + 60);
        let lastUs = Number.NEGATIVE_INFINITY;
        let level: string | undefined;
        for (const intent of scene.told) {
          if (intent.type === "warning" || intent.personId !== "a") continue;
          const fell =
            (intent.type === "notify" && intent.change === "lowered" && intent.level !== level) ||
            (intent.type === "all-clear" && level !== undefined);
          if (fell) assert.ok(intent.timeUs - lastUs >= 10 * S, "it stood for ten seconds");
          // The next channel says the same level again.
          if (intent.type === "notify" && intent.level !== level) {
            level = intent.level;
            lastUs = intent.timeUs;
          }
          if (intent.type === "all-clear") level = undefined;
        }
      },
    ),
    { numRuns: 80 },
  );
});

test("the chain goes by its times to the tick: repeated at 8 s, the next channel at 15 s, the leader at 22 s, the call list at 30 s", () => {
  const scene = new Scene().onShift(0, person("boss", { leader: true }), [40_000, 0]).onShift(0, person("a"), [0, 0]);
  scene.fly(1, 40, [120, 0], 0, 0);
  const raised = scene.told.find((intent) => intent.type === "notify" && intent.personId === "a");
  assert.ok(raised !== undefined);
  const after = (type: Intent["type"], channel?: string): number | undefined => {
    const found = scene.told.find(
      (intent) =>
        intent.type === type && intent !== raised && (!("channel" in intent) || channel === undefined || intent.channel === channel),
    );
    return found === undefined ? undefined : (found.timeUs - raised.timeUs) / S;
  };
  assert.deepEqual([after("repeat"), after("notify", "tak"), after("escalate"), after("call-list")], [8, 15, 22, 30]);
});

test("a drill reaches its takers only, on the channels that it names, and every word of it is marked", () => {
  fc.assert(
    fc.property(fc.subarray([...CHANNELS]), fc.subarray([...PEOPLE]), (channels, takers) => {
      const scene = new Scene({}, "synthetic");
      for (const id of PEOPLE) scene.onShift(0, person(id, { ways: [...ways] }), [10, 10]);
      scene.record(0, "drill", { channels, people: takers, by: "t" });
      scene.fly(1, 60, [400, 0], -5, 0);
      for (const intent of scene.told) {
        assert.ok(intent.type === "warning" || intent.drill);
        if (intent.type === "warning" || intent.type === "call-list") continue;
        assert.ok(takers.includes(intent.personId as (typeof PEOPLE)[number]) && channels.includes(intent.channel), intent.id);
      }
      if (takers.length > 0 && channels.includes("browser")) assert.ok(scene.told.some(({ type }) => type === "notify"));
    }),
    { numRuns: 30 },
  );
});

test("a warning to a person in danger is not shelved; one to an empty area is, until its time is over or it grows", () => {
  const scene = new Scene().zone(0, { ...post, kind: "area" }).onShift(0, person("a"), [5000, 0]);
  scene.fly(1, 20, [50, 0], 0, 0);
  assert.equal(scene.picture.mayShelve(scene.only.id), undefined);
  scene.record(20, "shelve", { warningId: scene.only.id, forS: 30, by: "t", reason: "known exercise" });
  assert.equal(scene.only.shelved?.by, "t");
  scene.at(22, "a", 60, 0).fly(23, 25, [50, 0], 0, 0);
  assert.equal(scene.only.shelved, undefined, "somebody walked in");
  assert.equal(scene.picture.mayShelve(scene.only.id), "person-in-danger");
  const refused = scene.picture.counts.recordsRefused;
  scene.record(26, "shelve", { warningId: scene.only.id, forS: 30, by: "t", reason: "x" });
  assert.equal(scene.only.shelved, undefined);
  assert.equal(scene.picture.counts.recordsRefused, refused + 1);
});

test("a place of one of us that was purged long after it was let go of changes nothing in the state", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.to(5 * 3600);
  const without = new Picture();
  for (const entry of scene.list.entries) without.apply(entry.kind === "person-position" ? { ...entry, payload: undefined } : entry);
  without.advance(scene.picture.timeUs);
  assert.deepEqual(without.snapshot(), scene.picture.snapshot());
});

test("a device that comes back is told what holds now under the id that it knows, with the answer it gave; what is over, quietly and for a while", () => {
  const scene = new Scene().onShift(0, person("a"), [0, 0]);
  scene.fly(1, 10, [140, 0], 0, 0);
  const [held] = scene.picture.holdingFor("browser", "a-phone");
  const first = scene.told.find((intent) => intent.type === "notify");
  assert.ok(first?.type === "notify");
  assert.equal(held?.intent.id, first.id);
  assert.equal(held.answer, undefined);
  assert.deepEqual(scene.picture.holdingFor("browser", "b-phone"), []);
  scene.answer(11, "a", "taking-cover", { channel: "browser", address: "a-phone" });
  assert.equal(scene.picture.holdingFor("browser", "a-phone")[0]?.answer, "taking-cover");
  scene.record(12, "clear", { warningId: scene.only.id, by: "t", reason: "flew away" });
  const [over] = scene.picture.holdingFor("browser", "a-phone");
  assert.ok(over?.intent.type === "all-clear" && over.intent.quiet);
  scene.to(12 + 901);
  assert.deepEqual(scene.picture.holdingFor("browser", "a-phone"), []);
});

test("rules that are tried hold against whatever records say", () => {
  const strict = { ...defaultRules, version: 1, person: { ...defaultRules.person, closeM: 1, passM: 1, advisoryM: 1 } };
  const list = new EntryList().source(T0);
  const picture = new Picture({}, strict);
  list.record(T0, "rules", { rules: { ...defaultRules, version: 9 }, by: "t" });
  for (const entry of list.entries) picture.apply(entry);
  assert.equal(picture.rules.person.closeM, 1);
  assert.equal(encodeRecord("rules", { rules: strict, by: "t" }).length > 0, true);
});
