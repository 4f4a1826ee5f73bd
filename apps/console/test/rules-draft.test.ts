// The form of the danger rules: what it shows is what is in force, and what it makes is that with what was changed.
import assert from "node:assert/strict";
import test from "node:test";
import { defaultRules } from "@atalaya/picture";
import { DangerRules } from "@atalaya/protocol";
import { draftOf, FIGURES, rulesOf } from "../src/rules/draft.ts";

const IN_FORCE: DangerRules = DangerRules.parse(structuredClone(defaultRules));

test("a form that nobody touched makes the rules in force, with the next version", () => {
  assert.deepEqual(rulesOf(draftOf(IN_FORCE), IN_FORCE, 2), { ...IN_FORCE, version: 2 });
});

test("every figure of the rules is in the form", () => {
  const shown = Object.values(FIGURES).map(([group, field]) => `${group}.${field}`);
  const held = (["person", "zone", "hover", "loiter", "descent"] as const).flatMap((group) =>
    Object.keys(IN_FORCE[group]).map((field) => `${group}.${field}`),
  );
  assert.deepEqual(shown.sort(), held.sort());
});

test("a probability is shown in percent, steps go by time, an officer's right has its seconds", () => {
  const draft = draftOf(IN_FORCE);
  assert.equal(draft.figures.probability, "20");
  const rules = rulesOf(
    {
      ...draft,
      figures: { ...draft.figures, probability: "12.5" },
      send: { ...draft.send, caution: { by: "officer", withinS: "45", otherwise: "withhold" } },
      escalation: {
        ...draft.escalation,
        advisory: [
          { afterS: "60", action: "call-list" },
          { afterS: "5", action: "repeat" },
        ],
      },
    },
    IN_FORCE,
    2,
  );
  assert.equal(rules?.person.probability, 0.125);
  assert.deepEqual(rules?.send.caution, { by: "officer", withinS: 45, otherwise: "withhold" });
  assert.deepEqual(
    rules?.escalation.advisory.map(({ afterS }) => afterS),
    [5, 60],
  );
  assert.equal(DangerRules.safeParse(rules).success, true);
});

test("a figure that is missing makes no rules", () => {
  const draft = draftOf(IN_FORCE);
  assert.equal(rulesOf({ ...draft, figures: { ...draft.figures, closeM: " " } }, IN_FORCE, 2), undefined);
});
