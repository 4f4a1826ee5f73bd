// One level of the rules: what raises it, who sends it, and what happens when nobody answers.
import { EscalationAction, type WarningLevel } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { LevelShape } from "@atalaya/web/marks";
import type { Words } from "../words/words.ts";
import { type Figure, FIGURES, LEAST, MAX_STEPS, MOST, type RulesDraft, type SendDraft, type StepDraft } from "./draft.ts";

/** Lines of figures that belong together, in the order in which they are read. */
const TO_PERSON: Readonly<Record<WarningLevel, readonly (readonly Figure[])[]>> = {
  warning: [["closeM"], ["passM", "warningWithinS"], ["probability"]],
  caution: [["cautionWithinS"]],
  advisory: [["advisoryM"]],
};
const TO_ZONE: Readonly<Record<WarningLevel, readonly (readonly Figure[])[]>> = {
  warning: [["zoneWarningS"]],
  caution: [["zoneCautionS"]],
  advisory: [],
};
const STAYING: readonly (readonly Figure[])[] = [
  ["hoverWithinM", "hoverSlowerMps", "hoverAfterS"],
  ["loiterWithinM", "loiterRadiusM", "loiterAfterS"],
];

export function FigureLine(props: {
  readonly figures: readonly Figure[];
  readonly draft: RulesDraft;
  readonly words: Words["rules"];
  readonly onChange: (draft: RulesDraft) => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { figures, draft, words, onChange, children } = props;
  return (
    <p className="figure-line">
      {figures.map((name) => {
        const unit = FIGURES[name][2];
        return (
          <label key={name}>
            {words[name]}{" "}
            <span className="with-unit">
              <input
                name={name}
                type="number"
                step="any"
                required
                min={LEAST[unit]}
                max={MOST[unit]}
                value={draft.figures[name]}
                onChange={({ target }) => onChange({ ...draft, figures: { ...draft.figures, [name]: target.value } })}
              />
              {words.unit[unit]}
            </span>
          </label>
        );
      })}
      {children}
    </p>
  );
}

function Seconds(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { name, label, value, unit, onChange } = props;
  return (
    <label>
      {label}{" "}
      <span className="with-unit">
        <input
          name={name}
          type="number"
          step="any"
          required
          min={0}
          max={MOST.s}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
        {unit}
      </span>
    </label>
  );
}

export function LevelRules(props: {
  readonly level: WarningLevel;
  readonly draft: RulesDraft;
  readonly all: Words;
  readonly onChange: (draft: RulesDraft) => void;
}): ReactNode {
  const { level, draft, all, onChange } = props;
  const words = all.rules;
  const right = draft.send[level];
  const chain = draft.escalation[level];
  const setRight = (part: Partial<SendDraft>): void => onChange({ ...draft, send: { ...draft.send, [level]: { ...right, ...part } } });
  const setChain = (steps: readonly StepDraft[]): void => onChange({ ...draft, escalation: { ...draft.escalation, [level]: steps } });
  const setStep = (at: number, part: Partial<StepDraft>): void =>
    setChain(chain.map((step, k) => (k === at ? { ...step, ...part } : step)));
  const lines = (which: readonly (readonly Figure[])[]): ReactNode =>
    which.map((figures) => <FigureLine key={figures[0]} figures={figures} draft={draft} words={words} onChange={onChange} />);
  const last = Number(chain.at(-1)?.afterS ?? 0);
  return (
    <section className={`rule-card ${level}`} aria-label={all.dangers.level[level]}>
      <h3>
        <LevelShape level={level} /> {all.dangers.level[level]}
      </h3>
      <h4>{words.person}</h4>
      {lines(TO_PERSON[level])}
      {TO_ZONE[level].length === 0 ? null : (
        <>
          <h4>{words.zone}</h4>
          {lines(TO_ZONE[level])}
        </>
      )}
      {level === "caution" ? (
        <>
          <h4>{words.staying}</h4>
          {lines(STAYING)}
        </>
      ) : null}
      <h4>{words.send}</h4>
      <p className="figure-line">
        <select
          name={`send-${level}`}
          aria-label={words.send}
          value={right.by}
          onChange={({ target }) => setRight({ by: target.value === "officer" ? "officer" : "automatic" })}
        >
          <option value="automatic">{words.automatic}</option>
          <option value="officer">{words.officer}</option>
        </select>
        {right.by === "officer" ? (
          <>
            <Seconds
              name={`send-within-${level}`}
              label={words.withinS}
              unit={words.unit.s}
              value={right.withinS}
              onChange={(withinS) => setRight({ withinS })}
            />
            <label>
              {words.otherwise}{" "}
              <select
                name={`send-otherwise-${level}`}
                value={right.otherwise}
                onChange={({ target }) => setRight({ otherwise: target.value === "withhold" ? "withhold" : "send" })}
              >
                <option value="send">{words.otherwiseSend}</option>
                <option value="withhold">{words.otherwiseWithhold}</option>
              </select>
            </label>
          </>
        ) : null}
      </p>
      <h4>{words.chain}</h4>
      {chain.length === 0 ? <p className="quiet">{words.noChain}</p> : null}
      {chain.map(({ afterS, action }, at) => (
        // Steps are told apart by their place in the chain.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className="figure-line" role="group" aria-label={words.step(at + 1)}>
          <Seconds
            name={`after-${level}-${at}`}
            label={words.after}
            unit={words.unit.s}
            value={afterS}
            onChange={(value) => setStep(at, { afterS: value })}
          />
          <select
            name={`action-${level}-${at}`}
            aria-label={words.step(at + 1)}
            value={action}
            onChange={({ target }) => setStep(at, { action: EscalationAction.parse(target.value) })}
          >
            {EscalationAction.options.map((known) => (
              <option key={known} value={known}>
                {words.action[known]}
              </option>
            ))}
          </select>
          <Button aria-label={words.removeStep(at + 1)} onPress={() => setChain(chain.filter((_, k) => k !== at))}>
            ×
          </Button>
        </div>
      ))}
      {chain.length < MAX_STEPS ? (
        <Button onPress={() => setChain([...chain, { afterS: String(Math.min(MOST.s, last + 10)), action: "repeat" }])}>
          {words.addStep}
        </Button>
      ) : null}
    </section>
  );
}
