// The danger rules in force, a set that may follow them, and what that would have done with what was recorded.
import { type DangerRules, paths, type PreviewAnswer, WarningLevel } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useAsked, wasDone } from "../link/asked.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { LevelShape } from "@atalaya/web/marks";
import { draftOf, LEVELS, rulesOf, type RulesDraft } from "../rules/draft.ts";
import { FigureLine, LevelRules } from "../rules/level-rules.tsx";
import { catalogues, type Words } from "../words/words.ts";

const EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
const MAX_HOURS = 7 * 24;

/** What became of trying one set: an answer, or why there is none. */
interface Tried {
  readonly of: string;
  readonly answer?: PreviewAnswer;
  readonly refused?: string;
}

function Result({ answer, all }: { readonly answer: PreviewAnswer; readonly all: Words }): ReactNode {
  const words = all.rules;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    element.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div role="status" data-preview ref={element}>
      <table className="narrow">
        <thead>
          <tr>
            <td />
            {LEVELS.map((level) => (
              <th key={level} scope="col" className="number">
                <LevelShape level={level} /> {all.dangers.level[level]}
              </th>
            ))}
            <th scope="col" className="number">
              {words.told}
            </th>
          </tr>
        </thead>
        <tbody>
          {(["inForce", "proposed"] as const).map((set) => (
            <tr key={set} data-set={set}>
              <th scope="row">{set === "inForce" ? words.resultInForce : words.resultProposed}</th>
              {LEVELS.map((level) => (
                <td key={level} className="number">
                  {answer[set][level]}
                </td>
              ))}
              <td className="number">{answer[set].people}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {words.resultInForce}: {words.result(answer.inForce)}.
      </p>
      <p>
        {words.resultProposed}: {words.result(answer.proposed)}.
      </p>
      <p className="quiet">{answer.entries === 0 ? words.nothingRecorded : words.entries(answer.entries)}</p>
    </div>
  );
}

export function Rules(): ReactNode {
  const { language, user } = useShown();
  const all = catalogues[language];
  const words = all.rules;
  const { value: inForce, load } = useAsked<DangerRules>(paths.rules, EVERY_MS);
  const [draft, setDraft] = useState<RulesDraft>();
  const [hours, setHours] = useState("8");
  const [trying, setTrying] = useState(false);
  const [tried, setTried] = useState<Tried>();
  const [saved, setSaved] = useState<number>();
  const base = useRef<string>(undefined);
  useEffect(() => {
    if (inForce === undefined) return;
    const now = draftOf(inForce);
    // What was typed stays when somebody else has put other rules in force meanwhile; what was not touched follows.
    setDraft((before) => (before === undefined || JSON.stringify(before) === base.current ? now : before));
    base.current = JSON.stringify(now);
  }, [inForce]);
  if (inForce === undefined || draft === undefined) return <main className="page" />;

  const version = inForce.version + 1;
  const proposed = rulesOf(draft, inForce, version);
  const text = JSON.stringify(proposed);
  const unchanged = JSON.stringify(draft) === JSON.stringify(draftOf(inForce));
  const change = (next: RulesDraft): void => {
    setSaved(undefined);
    setDraft(next);
  };
  const preview = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (proposed === undefined || trying) return;
    setTrying(true);
    const untilMs = sectorNow();
    const body = { rules: proposed, fromMs: untilMs - Number(hours) * HOUR_MS, untilMs };
    const answer = await ask<PreviewAnswer>("POST", paths.rulesPreview, body);
    setTrying(false);
    setTried(isRefused(answer) ? { of: text, refused: answer.refused.message } : { of: text, answer });
  };
  const save = async (): Promise<void> => {
    if (proposed === undefined || !wasDone(await ask("PUT", paths.rules, proposed))) return;
    setTried(undefined);
    setDraft(draftOf(proposed));
    await load();
    setSaved(version);
  };
  const isTried = tried?.of === text && tried.answer !== undefined;
  return (
    <main className="page rules">
      <h2>
        {words.title} <span>{words.inForce(inForce.version, inForce.name)}</span>
      </h2>
      <p className="quiet padded">{words.hint}</p>
      <form onSubmit={(event) => void preview(event)}>
        <div className="rule-cards">
          <LevelRules level="warning" draft={draft} all={all} onChange={change} />
          <LevelRules level="caution" draft={draft} all={all} onChange={change} />
          <div>
            <LevelRules level="advisory" draft={draft} all={all} onChange={change} />
            <section className="rule-card" aria-label={words.others}>
              <h3>{words.others}</h3>
              <FigureLine figures={["descentWithinM", "descentFasterMps"]} draft={draft} words={words} onChange={change}>
                <span>{words.descentHint}</span>
              </FigureLine>
              <p className="figure-line">
                <label>
                  {words.unplaced}{" "}
                  <select
                    name="unplaced"
                    value={draft.unplaced}
                    onChange={({ target }) => change({ ...draft, unplaced: WarningLevel.parse(target.value) })}
                  >
                    {LEVELS.map((level) => (
                      <option key={level} value={level}>
                        {all.dangers.level[level]}
                      </option>
                    ))}
                  </select>
                </label>
              </p>
            </section>
          </div>
        </div>
        <section className="rule-card" aria-label={words.previewTitle}>
          <h3>{words.previewTitle}</h3>
          <div className="row end">
            <label>
              {words.name}
              <input
                name="rulesName"
                required
                maxLength={80}
                value={draft.name}
                onChange={({ target }) => change({ ...draft, name: target.value })}
              />
            </label>
            <label>
              {words.hours}
              <input
                name="hours"
                type="number"
                required
                min={0.1}
                max={MAX_HOURS}
                step="any"
                value={hours}
                onChange={({ target }) => setHours(target.value)}
              />
            </label>
            <Button type="submit" className={isTried ? "" : "primary"}>
              {words.preview}
            </Button>
            {unchanged ? null : <Button onPress={() => change(draftOf(inForce))}>{words.reset}</Button>}
          </div>
          {trying ? (
            <p role="status" className="quiet">
              {words.previewing}
            </p>
          ) : null}
          {tried?.of === text && tried.refused !== undefined ? <p className="refusal">{all.refused(tried.refused)}</p> : null}
          {tried?.of === text && tried.answer !== undefined ? <Result answer={tried.answer} all={all} /> : null}
          <div className="row">
            {user?.role !== "owner" ? (
              <p className="quiet">{words.owner}</p>
            ) : saved !== undefined ? (
              <p role="status">{words.saved(saved)}</p>
            ) : unchanged ? (
              <p className="quiet">{words.unchanged}</p>
            ) : isTried ? (
              <Button className="primary" onPress={() => void save()}>
                {words.save(version)}
              </Button>
            ) : (
              <p className="quiet">{words.first}</p>
            )}
          </div>
        </section>
      </form>
    </main>
  );
}
