// The life of reports, in the hard cases: at risk, turned compasses, five times the same, forty minutes late, three at a star, taken back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { utf8 } from "@atalaya/remote-id";
import {
  decodeRecord,
  encodeRecord,
  Picture,
  type PictureIncident,
  type PictureReport,
  type ReportIntent,
  type SightingReport,
} from "../../src/index.ts";
import { place, S, T0 } from "../broadcasts.ts";
import { person, Scene } from "../scene.ts";

interface Telling extends Partial<Omit<SightingReport, "observer">> {
  readonly at?: readonly [northM: number, eastM: number];
  readonly seenS?: number;
}

/** Something to the north, told by A from the middle, seen at the moment that it is told. */
function told(id: string, seconds: number, { at = [0, 0], seenS = seconds, ...more }: Telling = {}): SightingReport {
  return {
    id,
    how: "field",
    drill: false,
    personId: "a",
    clockOffsetUs: 0,
    observedUs: T0 + Math.round(seenS * S),
    observedErrorS: 0.5,
    observer: { ...place(at[0], at[1]), errorM: 20, by: "device" },
    direction: { type: "pointed", azimuthDeg: 0, sigmaDeg: 5 },
    atRisk: false,
    language: "en",
    ...more,
  };
}

const pointed = (azimuthDeg: number, sigmaDeg = 5): SightingReport["direction"] => ({ type: "pointed", azimuthDeg, sigmaDeg });
/** Told, and looked at a moment later. */
const tell = (scene: Scene, seconds: number, id: string, telling: Telling = {}): Scene =>
  scene.record(seconds, "report", { report: told(id, seconds, telling) });

/** Where an incident was is worked out at the next tick. */
function positionOf(scene: Scene, id: string): PictureIncident["position"] {
  scene.to((scene.picture.timeUs - T0) / S + 0.2);
  return scene.picture.incident(id)?.position;
}

function the(scene: Scene, id: string): Readonly<PictureReport> {
  const report = scene.picture.report(id);
  assert.ok(report !== undefined, id);
  return report;
}

/** A radar of the test's source that sees one thing each second. */
const RADAR =
  '{"type":"sensor","id":"R","kind":"radar","lat":31.76,"lon":-106.49,"alt":1140,"z":["range_m","az_deg","el_deg","rdot_mps"],"sd":[5,0.5,0.7,0.3],"period_s":1,"pd":0.95,"fa":1,"fov":{"range_m":[20,5000],"az_deg":[0,360],"el_deg":[-2,80]}}';

/** Seen by radar at a place from one second to another, hovering. */
function hovers(scene: Scene, fromS: number, toS: number, northM: number, eastM: number): Scene {
  const range = Math.hypot(northM, eastM, 80);
  const az = ((Math.atan2(eastM, northM) * 180) / Math.PI + 360) % 360;
  const el = (Math.atan2(80, Math.hypot(northM, eastM)) * 180) / Math.PI;
  for (let s = fromS; s <= toS; s += 1) {
    const t = T0 / 1e6 + s;
    scene.lines(s, [
      `{"type":"det","id":"d${s}","sensor":"R","kind":"radar","scan":${s},"t":${t},"z":[${range.toFixed(1)},${az.toFixed(2)},${el.toFixed(2)},0]}`,
      `{"type":"scan","sensor":"R","scan":${s},"n":1,"t":${t}}`,
    ]);
  }
  return scene;
}

describe("who is told of a report", () => {
  const scene = (): Scene =>
    new Scene()
      .onShift(0, person("a"))
      .onShift(0, person("boss", { leader: true }))
      .onShift(0, person("other", { leader: true, team: "bravo" }));

  test("the leadership of the reporter's own team and the centre, at once; and no other team's", () => {
    const s = tell(scene(), 1, "r1");
    const intents = s.picture.takeReportIntents();
    assert.deepEqual(
      intents.map((intent) =>
        intent.type === "report" ? `centre ${intent.change}` : `${intent.personId} ${intent.channel} ${intent.reminder}`,
      ),
      ["centre received", "boss browser 0"],
    );
    assert.deepEqual(the(s, "r1").leaders, [{ personId: "boss", ways: [{ channel: "browser", address: "boss-phone" }], reachedBy: [] }]);
  });

  const toldBoss = (s: Scene): string[] =>
    s.picture.takeReportIntents().flatMap((intent) => (intent.type === "team-report" ? [`${intent.change} ${intent.channel}`] : []));
  const receipt = (s: Scene, seconds: number, channel: "browser" | "tak", step: "sent" | "no-link", reminder = 0): Scene =>
    s.record(seconds, "report-leader-receipt", {
      reportId: "r1",
      personId: "boss",
      reminder,
      channel,
      address: channel === "tak" ? "boss-tak" : "boss-phone",
      step,
    });

  test("a way that fails is followed by the leader's next at once; with each reminder one more is used; a restart forgets nobody", () => {
    const s = tell(scene(), 1, "r1");
    assert.deepEqual(toldBoss(s), ["told browser"]);
    receipt(s, 2, "browser", "no-link");
    assert.deepEqual(toldBoss(s), ["told tak"]);
    s.restart();
    assert.deepEqual(
      s.picture.pendingReportIntents().map(({ id, change }) => `${id} ${change}`),
      ["r1/boss/0/tak/boss-tak told"],
    );
    receipt(s, 3, "tak", "sent");
    assert.deepEqual(s.picture.pendingReportIntents(), []);
    assert.equal(the(s, "r1").leaders[0]?.toldUs, T0 + 3 * S);
    s.to(62);
    assert.deepEqual(toldBoss(s), ["reminder browser", "reminder tak"]);
    // What comes of an earlier round begins nothing.
    receipt(s, 63, "browser", "no-link", 0);
    assert.deepEqual(toldBoss(s), []);
    s.record(64, "report-opened", { reportId: "r1", side: "leadership", by: "boss" });
    receipt(s, 65, "browser", "no-link", 1);
    s.to(500);
    assert.deepEqual(toldBoss(s), []);
  });

  test("a channel that is down is not waited for, and what is taken back is told by the ways that reached the leader", () => {
    const s = scene().record(0.5, "channel-state", { channel: "browser", state: "down" });
    tell(s, 1, "r1");
    assert.deepEqual(toldBoss(s), ["told tak"]);
    receipt(s, 2, "tak", "sent");
    s.record(3, "report-taken-back", { reportId: "r1", by: "a" });
    assert.deepEqual(toldBoss(s), ["taken-back tak"]);
  });

  test("a drill's report is told to those whom the drill reaches, by the channels that it reaches, and to nobody while a real danger holds it up", () => {
    const drilled = (channels: ("browser" | "tak")[], people: string[]): string[] => {
      const s = scene().record(0.5, "drill", { channels, people, by: "test" });
      tell(s, 1, "r1", { drill: true });
      return toldBoss(s);
    };
    assert.deepEqual(toldBoss(tell(scene(), 1, "r1", { drill: true })), [], "no drill was set up");
    assert.deepEqual(drilled(["browser", "tak"], ["a"]), []);
    assert.deepEqual(drilled(["tak"], ["a", "boss"]), ["told tak"]);
    assert.deepEqual(drilled([], ["boss"]), []);
    const s = scene().record(0.5, "drill", { channels: ["browser"], people: ["a"], by: "test" });
    tell(s, 1, "r1", { drill: true });
    assert.deepEqual(the(s, "r1").leaders, [], "whom the drill does not reach is not waited for");
    const real = tell(scene(), 1, "r1");
    assert.deepEqual(toldBoss(real), ["told browser"]);
  });

  test("those who do not open it are reminded, each side until it has opened; then nobody is", () => {
    const s = tell(scene(), 1, "r1");
    s.picture.takeReportIntents();
    const reminders = (toS: number): string[] => {
      s.to(toS);
      return s.picture
        .takeReportIntents()
        .filter((intent) => intent.type !== "report" || intent.change === "reminder")
        .map((intent) => intent.type);
    };
    assert.deepEqual(reminders(60), []);
    assert.deepEqual(reminders(62), ["report", "team-report", "team-report"]);
    s.record(63, "report-opened", { reportId: "r1", side: "leadership", by: "boss" });
    s.picture.takeReportIntents();
    assert.deepEqual(reminders(122), ["report"]);
    s.record(123, "report-opened", { reportId: "r1", side: "centre", by: "officer" });
    s.picture.takeReportIntents();
    assert.deepEqual(reminders(900), []);
    assert.deepEqual(the(s, "r1").opened, {
      leadership: { by: "boss", timeUs: T0 + 63 * S },
      centre: { by: "officer", timeUs: T0 + 123 * S },
    });
    assert.equal(the(s, "r1").reminders, 2);
  });

  test("reminders end by themselves, and sooner come those of somebody at risk", () => {
    const s = tell(scene(), 1, "r1", { atRisk: true });
    s.to(22);
    assert.equal(the(s, "r1").reminders, 1);
    s.to(3000);
    assert.equal(the(s, "r1").reminders, 10);
  });

  test("what came of it asks to be told again when it is decided anew", () => {
    const s = tell(scene(), 1, "r1");
    s.record(10, "report-outcome", { reportId: "r1", outcome: "not-enough-information", by: "x" });
    s.record(20, "report-told", { reportId: "r1", by: "a" });
    assert.equal(the(s, "r1").toldOutcome?.by, "a");
    s.record(30, "report-outcome", { reportId: "r1", outcome: "own-drone", note: "Halcón 2", by: "x" });
    assert.equal(the(s, "r1").toldOutcome, undefined);
    assert.equal(the(s, "r1").outcome?.outcome, "own-drone");
  });

  test("the first answer to a question stands, however often the device sends one", () => {
    const s = tell(scene(), 1, "r1");
    s.record(2, "report-question", { reportId: "r1", questionId: "q1", text: "How many?", by: "x" });
    s.record(3, "report-answer", { reportId: "r1", questionId: "q1", text: "Two", by: "a" });
    s.record(4, "report-answer", { reportId: "r1", questionId: "q1", text: "Two", by: "a" });
    assert.deepEqual(the(s, "r1").questions[0]?.answer, { text: "Two", by: "a", timeUs: T0 + 3 * S });
  });
});

describe("one event, many people", () => {
  test("the same report five times is one, with one reference number", () => {
    const s = new Scene().onShift(0, person("a"));
    for (let k = 0; k < 5; k += 1) tell(s, 1 + k, "r1", { seenS: 1 });
    assert.equal([...s.picture.reports()].length, 1);
    assert.match(the(s, "r1").reference, /^S-[0-9A-Z]{4}$/);
    assert.equal(s.picture.reportCounts.repeated, 4);
  });

  test("two who point at one thing from two places make one position, with the error that it has", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1", { direction: pointed(45) });
    tell(s, 3, "r2", { personId: "b", at: [0, 800], direction: pointed(315) });
    assert.deepEqual(
      [...s.picture.incidents()].map(({ reports }) => reports),
      [["r1", "r2"]],
    );
    const position = positionOf(s, "r1");
    assert.ok(position !== undefined);
    const truth = place(400, 400);
    assert.ok(Math.abs(position.latDeg - truth.latDeg) * 111_000 < position.ellipse.majorM);
    assert.ok(position.ellipse.majorM < 300, `${position.ellipse.majorM} m`);
  });

  test("three who point the same way at something far off are one incident without a position, open until a person closes it", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1", { direction: pointed(243) });
    tell(s, 20, "r2", { personId: "b", at: [600, -300], direction: pointed(246) });
    tell(s, 40, "r3", { personId: "c", at: [-900, 700], direction: pointed(240) });
    assert.equal([...s.picture.incidents()].length, 1);
    s.to(4000);
    assert.equal(the(s, "r1").outcome, undefined);
    assert.ok(the(s, "r3").remindUs === undefined && the(s, "r3").incident === "r1");
  });

  test("one long after, one far away, and one of a drill are events of their own", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1");
    tell(s, 400, "r2");
    tell(s, 401, "r3", { at: [30_000, 0] });
    tell(s, 402, "r4", { drill: true });
    assert.equal([...s.picture.incidents()].length, 4);
    assert.match(the(s, "r4").reference, /^D-S-/);
  });

  test("an officer takes one out and puts it in, and it stays where it was put", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1", { direction: pointed(45) });
    tell(s, 3, "r2", { personId: "b", at: [0, 800], direction: pointed(315) });
    s.record(5, "report-incident", { reportId: "r2", incident: "r2", by: "x" });
    assert.deepEqual(
      [...s.picture.incidents()].map(({ reports }) => reports),
      [["r1"], ["r2"]],
    );
    assert.equal(positionOf(s, "r1"), undefined);
    s.record(6, "report-incident", { reportId: "r2", incident: "r1", by: "x" });
    assert.ok(positionOf(s, "r1") !== undefined);
    assert.equal(s.picture.incident("r2"), undefined);
  });
});

describe("what it does to tracks", () => {
  test("one that comes late moves no track, and is a dated position at most", () => {
    const withReport = hovers(new Scene().lines(0, [RADAR]), 1, 30, 500, 0);
    const without = hovers(new Scene().lines(0, [RADAR]), 1, 30, 500, 0);
    tell(withReport, 30, "r1", { seenS: 20, direction: pointed(12) });
    hovers(withReport, 31, 60, 500, 0);
    hovers(without, 31, 60, 500, 0);
    const where = (scene: Scene): readonly number[][] => [...scene.picture.tracks()].map(({ latDeg, lonDeg }) => [latDeg, lonDeg]);
    assert.equal(where(without).length, 1);
    assert.deepEqual(where(withReport), where(without));
    assert.equal(the(withReport, "r1").findings[0]?.code, "late");
  });

  test("it names the track that stood there at its time", () => {
    const s = hovers(new Scene().lines(0, [RADAR]), 1, 30, 500, 0);
    tell(s, 31, "r1", { seenS: 25 });
    assert.deepEqual(
      the(s, "r1").tracks,
      [...s.picture.tracks()].map(({ number }) => number),
    );
    assert.equal(s.picture.gradingOf(the(s, "r1")).credibility, 1);
  });

  test("a compass that is wrong by half a turn disagrees with what must have been seen: marked, kept, moves nothing", () => {
    const s = hovers(new Scene().lines(0, [RADAR]), 1, 30, 500, 0);
    const before = [...s.picture.tracks()].map(({ latDeg, lonDeg }) => [latDeg, lonDeg]);
    tell(s, 30, "r1", { direction: pointed(180) });
    s.to(30.4);
    assert.deepEqual(
      the(s, "r1").findings.map(({ code }) => code),
      ["direction-disagrees"],
    );
    assert.deepEqual([...s.picture.tracks()].map(({ latDeg, lonDeg }) => [latDeg, lonDeg]).length, before.length);
    assert.equal(s.picture.trackerCounts()?.lateReports, 0);
    assert.equal(s.picture.gradingOf(the(s, "r1")).credibility, 4);
  });

  test("of three, the one whose compass is turned about stands apart from where the other two put it", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1", { direction: pointed(45) });
    tell(s, 3, "r2", { personId: "b", at: [0, 800], direction: pointed(315) });
    tell(s, 5, "r3", { personId: "c", at: [0, 400], direction: pointed(180) });
    const position = positionOf(s, "r1");
    assert.deepEqual(s.picture.incident("r1")?.reports, ["r1", "r2"]);
    assert.ok(position !== undefined && position.ellipse.majorM < 250);
    assert.deepEqual(
      the(s, "r3").findings.map(({ code }) => code),
      ["direction-disagrees"],
    );
  });

  test("people alone, who agree in time, make a track near which somebody stands", () => {
    const s = new Scene().onShift(0, person("p"), [380, 380]);
    for (let k = 0; k < 6; k += 1) {
      tell(s, 1 + k, `a${k}`, { direction: pointed(45, 4), range: { type: "metres", metres: 560 } });
      tell(s, 1.5 + k, `b${k}`, { personId: "b", at: [0, 800], direction: pointed(315, 4), range: { type: "metres", metres: 560 } });
    }
    s.to(8);
    assert.ok((s.picture.trackerCounts()?.tracks ?? 0) > 0);
  });
});

describe("how high up it was told", () => {
  /** A radar that measures no elevation sees something 300 m off, 150 m above it; three people 300 m from it tell how high up they see it, or do not. */
  const seen = (elevation: SightingReport["elevation"]): { readonly offM: number; readonly sigmaM: number } => {
    const s = new Scene();
    s.lines(0, [RADAR.replace(',"el_deg","rdot_mps"],"sd":[5,0.5,0.7,0.3]', '],"sd":[5,0.5]')]);
    const range = Math.hypot(300, 150).toFixed(1);
    for (let k = 1; k <= 12; k += 1) {
      const t = T0 / 1e6 + k;
      s.lines(k, [
        `{"type":"det","id":"d${k}","sensor":"R","kind":"radar","scan":${k},"t":${t},"z":[${range},0]}`,
        `{"type":"scan","sensor":"R","scan":${k},"n":1,"t":${t}}`,
      ]);
      if (k >= 6 && k <= 8)
        tell(s, k + 0.5, `r${k}`, {
          personId: `p${k}`,
          direction: pointed(0, 4),
          range: { type: "metres", metres: 335 },
          ...(elevation === undefined ? {} : { elevation }),
        });
    }
    s.to(13);
    const [track] = [...s.picture.tracks()];
    assert.ok(track?.measured !== undefined);
    const haeM = s.picture.track(track.number)?.heightHaeM ?? 1140;
    return { offM: Math.abs(haeM - 1290), sigmaM: track.measured.heightSigmaM };
  };

  test("elevation makes a track's height surer and truer; without it nothing is said of the height", () => {
    const without = seen(undefined);
    const withIt = seen({ type: "pointed", elevationDeg: 26.6, sigmaDeg: 3 });
    const inWords = seen({ type: "word", word: "half-way" });
    assert.ok(withIt.sigmaM < without.sigmaM / 2, `${withIt.sigmaM} and ${without.sigmaM}`);
    assert.ok(withIt.offM < 50, `${withIt.offM}`);
    assert.ok(inWords.sigmaM < without.sigmaM && inWords.sigmaM > withIt.sigmaM, "words are wide");
  });
});

describe("at risk now", () => {
  test("the people near are told by rule, marked as a person's word, where no sensor sees anything", () => {
    const s = new Scene().onShift(0, person("near"), [60, 0]).onShift(0, person("far"), [9000, 0]);
    tell(s, 1, "r1", { atRisk: true });
    s.to(1.4);
    assert.deepEqual(s.sentTo("near"), ["notify browser warning"]);
    assert.deepEqual(s.sentTo("far"), []);
    assert.deepEqual(s.only.sources, [the(s, "r1").reference]);
  });

  test("one of forty minutes ago is on the timeline at its time and raises nothing; an officer is told", () => {
    const s = new Scene().onShift(0, person("near"), [60, 0]);
    s.to(3000);
    tell(s, 3000, "r1", { atRisk: true, seenS: 600 });
    s.to(3002);
    assert.equal(s.all.length, 0);
    assert.equal(the(s, "r1").observedUs, T0 + 600 * S);
    const officers = s.picture.takeReportIntents().filter((intent: ReportIntent) => intent.type === "report");
    assert.equal(officers.length, 1);
  });

  test("taken back: marked, kept, weighs nothing, and those told through it are told", () => {
    const s = new Scene().onShift(0, person("near"), [60, 0]);
    tell(s, 1, "r1", { atRisk: true, direction: pointed(45) });
    tell(s, 2, "r2", { personId: "b", at: [0, 800], direction: pointed(315) });
    s.to(3);
    assert.ok(positionOf(s, "r1") !== undefined);
    s.record(4, "report-taken-back", { reportId: "r1", by: "a", reason: "It was a bird." });
    s.to(5);
    assert.equal(the(s, "r1").takenBack?.by, "a");
    assert.equal(positionOf(s, "r1"), undefined);
    assert.match(s.sentTo("near").join(), /stand-down/);
    assert.equal([...s.picture.tracks()].filter(({ report }) => report === "r1").length, 0);
  });

  test("a clock that is wrong by an hour is put right and said; one that tells the future counts as of now", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1", { clockOffsetUs: -3600 * S });
    assert.deepEqual(the(s, "r1").findings, [{ code: "clock-corrected", values: { byS: -3600 } }]);
    tell(s, 2, "r2", { seenS: 500 });
    assert.equal(the(s, "r2").observedUs, T0 + 2 * S);
    assert.equal(the(s, "r2").findings[0]?.code, "of-the-future");
  });
});

describe("two ratings", () => {
  test("a reporter's letter is learned from outcomes and fades to none; looking does not change it", () => {
    const s = new Scene().onShift(0, person("a"));
    assert.equal(s.picture.reliabilityOf("a").reliability, "F");
    for (let k = 0; k < 8; k += 1) {
      tell(s, 1000 * k + 1, `r${k}`);
      s.record(1000 * k + 9, "report-outcome", { reportId: `r${k}`, outcome: "drone", by: "x" });
    }
    assert.equal(s.picture.reliabilityOf("a").reliability, "A");
    s.to(8000);
    s.restart().to(400 * 86_400);
    assert.equal(s.picture.reliabilityOf("a").reliability, "F");
  });

  test("stars taken for drones cost a letter or two, never the worst one; what was never found says nothing", () => {
    const s = new Scene().onShift(0, person("a")).onShift(0, person("b"));
    for (let k = 0; k < 8; k += 1) {
      tell(s, 1000 * k + 1, `r${k}`);
      s.record(1000 * k + 9, "report-outcome", { reportId: `r${k}`, outcome: "star-or-planet", by: "x" });
      tell(s, 1000 * k + 500, `q${k}`, { personId: "b" });
      s.record(1000 * k + 509, "report-outcome", { reportId: `q${k}`, outcome: "nothing-found", by: "x" });
    }
    assert.equal(s.picture.reliabilityOf("a").reliability, "D");
    assert.equal(s.picture.reliabilityOf("b").reliability, "F");
  });

  test("they stand apart: a good reporter may tell what is doubtful; an officer's grade stands, and five weighs nothing", () => {
    const s = new Scene().onShift(0, person("a"));
    tell(s, 1, "r1", { direction: pointed(45) });
    tell(s, 3, "r2", { personId: "b", at: [0, 800], direction: pointed(315) });
    assert.ok(positionOf(s, "r1") !== undefined);
    assert.deepEqual(s.picture.gradingOf(the(s, "r1")), { reliability: "F", credibility: 2 });
    s.record(4, "report-grade", { reportId: "r1", credibility: 5, by: "x" });
    assert.deepEqual(s.picture.gradingOf(the(s, "r1")), { reliability: "F", credibility: 5, gradedBy: "x" });
    assert.equal(positionOf(s, "r1"), undefined);
  });

  test("an outcome that is put right teaches only the last; what is taken back teaches nothing", () => {
    const s = new Scene().onShift(0, person("a"));
    for (let k = 0; k < 4; k += 1) {
      tell(s, 1000 * k + 1, `r${k}`);
      s.record(1000 * k + 5, "report-outcome", { reportId: `r${k}`, outcome: "star-or-planet", by: "x" });
      s.record(1000 * k + 9, "report-outcome", { reportId: `r${k}`, outcome: "drone", by: "x" });
    }
    assert.deepEqual(s.picture.reliabilityOf("a"), { reliability: "B", reports: 4 });
    for (let k = 0; k < 4; k += 1) s.record(5000 + k, "report-taken-back", { reportId: `r${k}`, by: "a" });
    assert.deepEqual(s.picture.reliabilityOf("a"), { reliability: "F", reports: 0 });
  });
});

test("a description of a person on the ground is no report: the record is malformed", () => {
  const report = { ...told("r1", 1), operator: { seen: true, direction: "N", face: "beard" } } as unknown as SightingReport;
  assert.equal(decodeRecord("report", encodeRecord("report", { report })), undefined);
  const fine = { ...told("r1", 1), operator: { seen: true, direction: "N" } } as const;
  assert.ok(decodeRecord("report", encodeRecord("report", { report: fine })) !== undefined);
});

describe("limits", () => {
  test("beyond the most reports the oldest that is closed goes first, else the oldest, and it is counted", () => {
    const s = new Scene({ maxReports: 3 }).onShift(0, person("a"));
    for (let k = 0; k < 3; k += 1) tell(s, 1000 * k + 1, `r${k}`);
    s.record(3000, "report-outcome", { reportId: "r1", outcome: "bird", by: "x" });
    tell(s, 4000, "r3");
    assert.deepEqual(
      [...s.picture.reports()].map(({ told: { id } }) => id),
      ["r0", "r2", "r3"],
    );
    tell(s, 5000, "r4");
    assert.deepEqual(
      [...s.picture.reports()].map(({ told: { id } }) => id),
      ["r2", "r3", "r4"],
    );
    assert.equal([...s.picture.incidents()].length, 3);
    assert.equal(s.picture.reportCounts.forgotten, 2);
  });

  test("a flood is kept whole; the tracker gets as many as it has places, and the rest is counted", () => {
    const s = new Scene().onShift(0, person("a"));
    for (let k = 0; k < 300; k += 1) tell(s, 1 + k / 100, `r${k}`, { personId: `p${k}` });
    assert.equal([...s.picture.reports()].length, 300);
    assert.equal(s.picture.reportCounts.notFused, 300 - 64);
    assert.ok([...s.picture.incidents()].every(({ reports }) => reports.length <= 100));
  });

  test("questions and media beyond their number are refused and counted", () => {
    const s = tell(new Scene().onShift(0, person("a")), 1, "r1");
    for (let k = 0; k < 25; k += 1) s.record(2, "report-question", { reportId: "r1", questionId: `q${k}`, text: "?", by: "x" });
    for (let k = 0; k < 10; k += 1)
      s.record(3, "media", {
        media: { id: `m${k}`, reportId: "r1", kind: "photo", type: "image/jpeg", bytes: 10, sha256: "0".repeat(64) },
        by: "a",
      });
    assert.equal(the(s, "r1").questions.length, 20);
    assert.equal(the(s, "r1").media.length, 8);
    assert.equal(s.picture.counts.recordsRefused, 5 + 2);
  });
});

// Replay

const step = fc.record({
  gapS: fc.oneof(
    { weight: 5, arbitrary: fc.double({ min: 0, max: 4, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: 20, max: 300, noNaN: true }) },
  ),
  what: fc.constantFrom(
    "report",
    "report",
    "report",
    "opened",
    "outcome",
    "back",
    "question",
    "grade",
    "incident",
    "media",
    "reach",
    "person",
    "radar",
    "receipt",
    "drill",
  ),
  id: fc.constantFrom("r1", "r2", "r3", "r4", "r5"),
  other: fc.constantFrom("r1", "r2", "r3"),
  who: fc.constantFrom("a", "b", "boss"),
  north: fc.integer({ min: -900, max: 900 }),
  east: fc.integer({ min: -900, max: 900 }),
  azimuthDeg: fc.integer({ min: 0, max: 360 }),
  lateS: fc.constantFrom(0, 0, 1, 5, 30, 2400),
  atRisk: fc.boolean(),
  drill: fc.constantFrom(false, false, false, true),
});

test("replay from a snapshot at any entry gives the bytes and the intents of replay from zero, whatever is reported", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 30 }), fc.nat(), (steps, cut) => {
      const scene = new Scene({ maxReports: 3, maxReportsPerIncident: 2, maxQuestionsPerReport: 1, maxMediaPerReport: 1 });
      scene
        .lines(0, [RADAR])
        .onShift(0, person("a"), [10, 0])
        .onShift(0, person("boss", { leader: true }));
      let s = 1;
      for (const { gapS, what, id, other, who, north, east, azimuthDeg, lateS, atRisk, drill } of steps) {
        s += gapS;
        if (what === "report")
          tell(scene, s, id, { personId: who, at: [north, east], direction: pointed(azimuthDeg), seenS: s - lateS, atRisk, drill });
        else if (what === "opened") scene.record(s, "report-opened", { reportId: id, side: drill ? "centre" : "leadership", by: who });
        else if (what === "outcome") scene.record(s, "report-outcome", { reportId: id, outcome: atRisk ? "drone" : "bird", by: who });
        else if (what === "back") scene.record(s, "report-taken-back", { reportId: id, by: who });
        else if (what === "question") scene.record(s, "report-question", { reportId: id, questionId: other, text: "?", by: who });
        else if (what === "grade") scene.record(s, "report-grade", { reportId: id, credibility: 1 + (azimuthDeg % 6), by: who });
        else if (what === "incident") scene.record(s, "report-incident", { reportId: id, incident: other, by: who });
        else if (what === "media")
          scene.record(s, "media", {
            media: { id: other, reportId: id, kind: "photo", type: "image/png", bytes: 1, sha256: "a".repeat(64) },
            by: who,
          });
        else if (what === "reach") scene.record(s, "device-reach", { personId: who, device: other, reach: "up", lacks: [] });
        else if (what === "receipt")
          scene.record(s, "report-leader-receipt", {
            reportId: id,
            personId: "boss",
            reminder: azimuthDeg % 2,
            channel: "browser",
            address: "boss-phone",
            step: atRisk ? "no-link" : "sent",
          });
        else if (what === "drill") scene.record(s, "drill", { channels: ["browser"], people: ["boss"], by: "x" });
        else if (what === "person") scene.record(s, "person-removed", { id: who, by: "x" });
        else hovers(scene, Math.ceil(s), Math.ceil(s) + 2, north, east);
      }
      const { entries } = scene.list;
      const settings = { maxReports: 3, maxReportsPerIncident: 2, maxQuestionsPerReport: 1, maxMediaPerReport: 1 };
      const whole = new Picture(settings);
      for (const entry of entries) whole.apply(entry);
      const at = cut % (entries.length + 1);
      const first = new Picture(settings);
      for (const entry of entries.slice(0, at)) first.apply(entry);
      const before = first.takeReportIntents();
      const again = Picture.restore(first.snapshot());
      assert.ok(again instanceof Picture);
      for (const entry of entries.slice(at)) again.apply(entry);
      // Compared by hand: a difference between two snapshots is megabytes of text.
      assert.ok(utf8(again.snapshot()) === utf8(whole.snapshot()), "the snapshots differ");
      assert.deepEqual([...before, ...again.takeReportIntents()], whole.takeReportIntents());
      assert.ok([...whole.reports()].length <= 3 && [...whole.incidents()].length <= 3);
    }),
    { numRuns: 60 },
  );
});
