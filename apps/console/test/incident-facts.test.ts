// What an incident says happened: why it was raised and to what, who decided what and why, that nobody decided, and how it ended.
import assert from "node:assert/strict";
import test from "node:test";
import type { WarningDetail } from "@atalaya/protocol";
import { factsOf } from "../src/pages/incident-facts.ts";
import { en } from "../src/words/en.ts";
import { es } from "../src/words/es.ts";

const T = Date.UTC(2026, 10, 25, 8, 59, 50);
const foremost: WarningDetail["foremost"] = {
  kind: "zone",
  id: "p7",
  name: "Post 7",
  sinceMs: T,
  level: "warning",
  because: "approaching-zone",
  descent: false,
  leaving: false,
};
const warning: WarningDetail = {
  id: "W-1",
  reference: "K7QX",
  level: "warning",
  state: "acknowledged",
  trackNumber: 1,
  trackId: "T-0001",
  tracks: [1],
  count: 1,
  drill: false,
  recorded: false,
  raisedMs: T,
  changedMs: T,
  rulesVersion: 3,
  foremost,
  threats: [foremost],
  people: {},
  ladder: [],
  decisions: [],
  why: [
    { code: "approaching-zone", timeMs: T, values: { level: "caution", edgeDistanceM: 1400, reachesInS: 78, probability: 0.4 } },
    { code: "close", timeMs: T + 20_000, values: { level: "warning", edgeDistanceM: 80, person: "ana" } },
  ],
  acknowledgedBy: "J. Amaya",
  acknowledgedMs: T + 5000,
  lastHeardMs: T + 30_000,
  lastPlace: { latDeg: 31.75, lonDeg: -106.45 },
  ringM: 0,
  sources: ["radar/R1"],
  path: [],
  reviews: [],
  lanes: [],
};
const said = (detail: WarningDetail, words: typeof en | typeof es = en): readonly string[] =>
  factsOf(detail, words, "America/Denver").map(({ timeMs, shape, text, more }) =>
    `${(timeMs - T) / 1000} ${shape} ${text}|${more}`.replaceAll("\u00a0", " "),
  );

test("what raised it stands with its level, whom it was about, and the figures of then, in the order of time", () => {
  assert.deepEqual(said(warning), [
    "0 ◆ Caution raised: Closing on Post 7|1.4 km, there in 78 s, probability 40 %",
    "5 ■ J. Amaya took it|",
    "20 ▲ Warning raised: Close to ana|80 m",
    "30 ○ Last heard|T-0001",
  ]);
  assert.match(said(warning, es)[0] ?? "", /Se declara Precaución: Se acerca a Post 7\|a 1\.4\skm, llega en 78\ss/);
});

test("a decision names who decided and why, and one that nobody took says so", () => {
  const decisions: WarningDetail["decisions"] = [
    {
      level: "caution",
      askedMs: T,
      dueMs: T + 30_000,
      outcome: "withhold",
      decidedMs: T + 9000,
      by: "J. Amaya",
      reason: "Survey flight, called in",
    },
    { level: "warning", askedMs: T + 20_000, dueMs: T + 29_000, outcome: "send", decidedMs: T + 29_000 },
    { level: "advisory", askedMs: T + 40_000, dueMs: T + 60_000 },
  ];
  const facts = said({ ...warning, decisions });
  assert.ok(facts.includes("9 ■ J. Amaya withheld “Caution”|Survey flight, called in"), facts.join("\n"));
  assert.ok(facts.includes("29 ■ No decision in time: “Warning” was sent|"), facts.join("\n"));
  assert.ok(facts.includes("40 ○ An officer is asked whether “Advisory” goes out, within 20 s|"), facts.join("\n"));
});

test("an end by an officer has a name and a reason, one by rule says which, a stand-down says what it was; none is told twice", () => {
  const over = { ...warning, state: "cleared" as const, clearedMs: T + 60_000 };
  const end = (code: WarningDetail["why"][number]["code"], values: Record<string, string>, more: Partial<WarningDetail>): string => {
    const facts = said({ ...over, ...more, why: [...warning.why, { code, timeMs: T + 60_000, values }] });
    assert.equal(facts.filter((fact) => fact.startsWith("60 ")).length, 1, facts.join("\n"));
    return facts.at(-1) ?? "";
  };
  assert.equal(
    end("cleared-by-officer", { by: "J. Amaya" }, { clearedReason: "Left to the north" }),
    "60 ■ All-clear by J. Amaya|Left to the north",
  );
  assert.equal(end("left-zone", {}, {}), "60 ● Over by rule|It left");
  assert.equal(
    end(
      "stood-down",
      { what: "own-drone", by: "J. Amaya" },
      { clearedReason: "By voice", benign: { what: "own-drone", name: "Halcón 2", by: "J. Amaya" } },
    ),
    "60 ■ Stood down by J. Amaya: Our own drone, Halcón 2|By voice",
  );
});
