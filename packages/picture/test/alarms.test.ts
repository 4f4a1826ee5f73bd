// The figures of calm, after ISA-18.2 and EEMUA 191: each counted on a night of alarms whose numbers are known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings } from "../src/settings.ts";
import { Alarms } from "../src/warning/alarms.ts";

const S = 1_000_000;
const MIN = 60 * S;
const T0 = 1_764_000_000 * S;

test("alarms in ten minutes are cautions and warnings; advisories count in the shares alone", () => {
  const alarms = new Alarms(defaultSettings);
  for (let k = 0; k < 4; k += 1) alarms.raised(`a${k}`, "advisory", "x", T0);
  for (let k = 0; k < 3; k += 1) alarms.raised(`c${k}`, "caution", `c${k}`, T0 + k * MIN);
  alarms.raised("w", "warning", "w", T0 + 3 * MIN);
  const { per10Min, byLevel, standing } = alarms.figures(T0 + 4 * MIN);
  assert.deepEqual([per10Min, byLevel, standing], [4, { advisory: 4, caution: 3, warning: 1 }, 4]);
  assert.equal(alarms.figures(T0 + 10 * MIN).per10Min, 3, "the first is ten minutes old");
  assert.equal(alarms.figures(T0 + 14 * MIN).per10Min, 0);
  assert.deepEqual(alarms.figures(T0 + 14 * MIN).byLevel, byLevel, "shares are of all");
});

test("eleven in ten minutes are a flood, ten are not, and it ends by itself", () => {
  const alarms = new Alarms(defaultSettings);
  for (let k = 0; k < 10; k += 1) alarms.raised(`${k}`, "caution", `${k}`, T0 + k * S);
  assert.equal(alarms.figures(T0 + MIN).flood, false);
  alarms.raised("10", "caution", "10", T0 + 10 * S);
  assert.equal(alarms.figures(T0 + MIN).flood, true);
  assert.equal(alarms.figures(T0 + 10 * MIN).flood, false);
});

test("time to acknowledge is from the alarm to the officer, its median and nine of ten; a second press counts nothing", () => {
  const alarms = new Alarms(defaultSettings);
  assert.deepEqual([alarms.figures(T0).medianAnswerS, alarms.figures(T0).p90AnswerS], [undefined, undefined], "nobody had to");
  for (let k = 1; k <= 10; k += 1) {
    alarms.raised(`${k}`, "warning", `${k}`, T0);
    alarms.acknowledged(`${k}`, T0 + k * S);
    alarms.acknowledged(`${k}`, T0 + 500 * S);
  }
  alarms.acknowledged("nothing", T0);
  const { medianAnswerS, p90AnswerS } = alarms.figures(T0 + MIN);
  assert.deepEqual([medianAnswerS, p90AnswerS], [6, 10]);
});

test("a cause that alarms three times in a minute chatters; twice, or spread over more, it does not", () => {
  const alarms = new Alarms(defaultSettings);
  const at = (id: string, s: number, cause: string): void => {
    alarms.raised(id, "caution", cause, T0 + s * S);
    alarms.over(id);
  };
  at("1", 0, "fence");
  at("2", 20, "fence");
  at("3", 0, "gate");
  assert.equal(alarms.figures(T0 + 30 * S).chattering, 0);
  at("4", 40, "fence");
  assert.equal(alarms.figures(T0 + 41 * S).chattering, 1);
  assert.equal(alarms.figures(T0 + 61 * S).chattering, 0, "the first of them is a minute old");
});

test("what stands is counted until it is over, and called stale after a day; a snapshot keeps all of it", () => {
  const alarms = new Alarms(defaultSettings);
  alarms.raised("a", "warning", "a", T0);
  alarms.raised("b", "caution", "b", T0);
  alarms.acknowledged("a", T0 + S);
  assert.deepEqual([alarms.figures(T0 + MIN).standing, alarms.figures(T0 + MIN).stale], [2, 0]);
  const restored = new Alarms(defaultSettings);
  restored.restore(alarms.image());
  for (const each of [alarms, restored]) {
    const later = T0 + 24 * 60 * MIN + S;
    assert.deepEqual([each.figures(later).standing, each.figures(later).stale], [2, 2]);
    each.over("a");
    assert.deepEqual([each.figures(later).standing, each.figures(later).stale], [1, 1]);
  }
});
