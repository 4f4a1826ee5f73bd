// What a bulletin has beside its text: the carry list with what it changes, and the question that is to be answered; each approved in both languages.
import { type Bulletin, type BulletinDraft, type CarryItem, paths, type Question, type Readiness } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useAsked } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { CarryFields } from "../readiness/carry-fields.tsx";
import { isWholeList, USUAL_ITEMS } from "../readiness/carry-items.ts";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Approval, Meanwhile, sideOf } from "./approval.tsx";
import { revOf, useDesk, usePiece } from "./desk.ts";
import { countWord, LANGUAGES, listBefore, quantityBefore } from "./pieces.ts";

/** Both languages of a piece that is written as one, each with its own approval. */
function Approvals(props: {
  readonly draft: BulletinDraft;
  readonly piece: "carry" | "question" | "actions";
  readonly written: boolean;
}): ReactNode {
  const { draft, piece, written } = props;
  const { bulletins: words } = catalogues[useShown(({ language }) => language)];
  return (
    <div className="padded both-approvals">
      {LANGUAGES.map((code) => (
        <div key={code} className="row">
          <span className="grow">{code === "en" ? words.block.english : words.block.spanish}</span>
          <Approval draft={draft} piece={piece} language={code} name={words.part[piece]} written={written} />
        </div>
      ))}
    </div>
  );
}

/** The list as it is read: what differs from the one before is said. */
export function CarryLines(props: {
  readonly items: readonly CarryItem[];
  readonly wasOf: (item: CarryItem) => number | undefined;
  /** Both languages, for whoever approves. */
  readonly both?: boolean;
}): ReactNode {
  const { items, wasOf, both = false } = props;
  const { language } = useShown();
  const { carry } = catalogues[language].bulletins;
  return (
    <ul className="carry-lines">
      {items.map((item) => {
        const was = wasOf(item);
        const other = language === "en" ? "es" : "en";
        return (
          <li key={item.id}>
            <span>
              {item.quantity > 1 ? `${item.quantity} × ` : ""}
              {item.name[language]}
              {both ? (
                <span className="quiet" lang={other}>
                  {" "}
                  · {item.name[other]}
                </span>
              ) : null}
            </span>
            {was === undefined ? null : (
              <strong>
                {was === 0 ? carry.isNew : carry.changed(countWord(item.quantity, carry.numbers), countWord(was, carry.numbers))}
              </strong>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function CarrySide({ bulletin, draft }: { readonly bulletin: Bulletin; readonly draft: BulletinDraft }): ReactNode {
  const { language, sector } = useShown();
  const { bulletins: words } = catalogues[language];
  const { carry } = words;
  const desk = useDesk();
  const [open, setOpen] = useState(false);
  const { value: readiness } = useAsked<Readiness>(paths.readiness, 0);
  const { value, change, theirs, keepMine, takeTheirs } = usePiece<readonly CarryItem[] | null>({
    id: "carry",
    piece: "carry",
    read: (newest) => newest.carry ?? null,
    revOf: (newest) => revOf(newest, "carry"),
    put: (items, rev) => ask("PUT", paths.bulletinCarry(desk.bulletinId), { items, ...(rev === undefined ? {} : { rev }) }),
    whole: (items) => items === null || isWholeList(items),
  });
  const known = readiness?.items ?? [];
  const before = listBefore(bulletin, known);
  const names = (items: readonly CarryItem[] | null): string =>
    items === null ? carry.none : items.map((item) => `${item.quantity} × ${item.name[language]}`).join(", ");
  return (
    <section data-side="carry">
      <h2>
        {carry.title} {value?.length ?? ""}{" "}
        {value === null || before.items.length === 0 ? null : (
          <span className="aside">
            {before.releasedMs === undefined
              ? carry.replacesOwn
              : carry.replaces(dayAndClock(before.releasedMs, sector?.timeZone).slice(0, 10))}
          </span>
        )}
      </h2>
      {value === null ? (
        <p className="padded quiet">{carry.none}</p>
      ) : (
        <CarryLines items={value} wasOf={(item) => quantityBefore(item, before.items)} both />
      )}
      {theirs === undefined ? null : (
        <Meanwhile theirs={names(theirs)} by={sideOf(draft, "carry", "en")?.edited?.by} onKeep={keepMine} onTake={takeTheirs} />
      )}
      {value === null ? null : <Approvals draft={draft} piece="carry" written={isWholeList(value)} />}
      {desk.mayEdit ? (
        <>
          {open && value !== null ? <CarryFields items={value} known={known} onChange={change} /> : null}
          <div className="padded row">
            {value === null ? (
              <Button
                onPress={() => {
                  change(before.items.length === 0 ? [...USUAL_ITEMS] : known.length === 0 ? [...USUAL_ITEMS] : [...known]);
                  setOpen(true);
                }}
              >
                {carry.add}
              </Button>
            ) : (
              <>
                <Button onPress={() => setOpen(!open)} aria-expanded={open}>
                  {open ? carry.done : carry.change}
                </Button>
                {open ? (
                  <Button
                    onPress={() => {
                      change(null);
                      setOpen(false);
                    }}
                  >
                    {carry.drop}
                  </Button>
                ) : null}
              </>
            )}
          </div>
        </>
      ) : null}
    </section>
  );
}

const NEW_QUESTION: Question = {
  words: { en: "", es: "" },
  answers: [
    { id: "a1", words: { en: "", es: "" }, right: true },
    { id: "a2", words: { en: "", es: "" }, right: false },
  ],
};
const MAX_ANSWERS = 6;

function isWholeQuestion({ words, answers }: Question): boolean {
  const both = ({ en, es }: { readonly en: string; readonly es: string }): boolean => en.trim() !== "" && es.trim() !== "";
  return both(words) && answers.length >= 2 && answers.every((answer) => both(answer.words)) && answers.some(({ right }) => right);
}

function QuestionFields({
  question,
  onChange,
}: {
  readonly question: Question;
  readonly onChange: (question: Question) => void;
}): ReactNode {
  const { question: words } = catalogues[useShown(({ language }) => language)].bulletins;
  const answer = (at: number, part: Partial<Question["answers"][number]>): void =>
    onChange({ ...question, answers: question.answers.map((known, k) => (k === at ? { ...known, ...part } : known)) });
  const next = (): string => {
    let k = question.answers.length + 1;
    while (question.answers.some(({ id }) => id === `a${k}`)) k += 1;
    return `a${k}`;
  };
  return (
    <div className="stacked" data-form="question">
      {LANGUAGES.map((code) => (
        <label key={code}>
          {words.text[code]}
          <input
            lang={code}
            name={`question-${code}`}
            maxLength={200}
            value={question.words[code]}
            onChange={({ target }) => onChange({ ...question, words: { ...question.words, [code]: target.value } })}
          />
        </label>
      ))}
      {question.answers.map((one, at) => (
        <fieldset key={one.id}>
          <legend>{words.answer(at + 1)}</legend>
          {LANGUAGES.map((code) => (
            <input
              key={code}
              lang={code}
              aria-label={words.answerIn[code](at + 1)}
              placeholder={words.text[code]}
              name={`answer-${at}-${code}`}
              maxLength={120}
              value={one.words[code]}
              onChange={({ target }) => answer(at, { words: { ...one.words, [code]: target.value } })}
            />
          ))}
          <div className="row">
            <label className="tick grow">
              <input
                type="checkbox"
                name={`right-${at}`}
                checked={one.right}
                onChange={({ target }) => answer(at, { right: target.checked })}
              />
              {words.right}
            </label>
            {question.answers.length > 2 ? (
              <Button
                aria-label={words.remove(at + 1)}
                onPress={() => onChange({ ...question, answers: question.answers.filter((_, k) => k !== at) })}
              >
                ×
              </Button>
            ) : null}
          </div>
        </fieldset>
      ))}
      {question.answers.length < MAX_ANSWERS ? (
        <Button
          onPress={() => onChange({ ...question, answers: [...question.answers, { id: next(), words: { en: "", es: "" }, right: false }] })}
        >
          {words.more}
        </Button>
      ) : null}
    </div>
  );
}

/** The question as it is read, in both languages. */
export function QuestionLines({ question }: { readonly question: Question }): ReactNode {
  const { language } = useShown();
  const { question: words } = catalogues[language].bulletins;
  return (
    <div className="padded question-lines">
      {LANGUAGES.toSorted((a) => (a === language ? -1 : 1)).map((code) => (
        <p key={code} lang={code}>
          “{question.words[code]}”
          <br />
          <span className="quiet">
            {question.answers.map((one) => `${one.words[code]}${one.right ? ` (✓ ${words.right})` : ""}`).join(" · ")}
          </span>
        </p>
      ))}
    </div>
  );
}

export function QuestionSide({ draft }: { readonly draft: BulletinDraft }): ReactNode {
  const { bulletins: all } = catalogues[useShown(({ language }) => language)];
  const { question: words, carry } = all;
  const desk = useDesk();
  const [open, setOpen] = useState(false);
  const { value, change, theirs, keepMine, takeTheirs } = usePiece<Question | null>({
    id: "question",
    piece: "question",
    read: (newest) => newest.question ?? null,
    revOf: (newest) => revOf(newest, "question"),
    put: (question, rev) => ask("PUT", paths.bulletinQuestion(desk.bulletinId), { question, ...(rev === undefined ? {} : { rev }) }),
    whole: (question) => question === null || isWholeQuestion(question),
  });
  return (
    <section data-side="question">
      <h2>{words.title}</h2>
      {value === null ? <p className="padded quiet">{words.none}</p> : open ? null : <QuestionLines question={value} />}
      {theirs === undefined ? null : (
        <Meanwhile
          theirs={theirs === null ? words.none : `${theirs.words.en} / ${theirs.words.es}`}
          by={sideOf(draft, "question", "en")?.edited?.by}
          onKeep={keepMine}
          onTake={takeTheirs}
        />
      )}
      {value === null ? null : <Approvals draft={draft} piece="question" written={isWholeQuestion(value)} />}
      {desk.mayEdit ? (
        <>
          {open && value !== null ? <QuestionFields question={value} onChange={change} /> : null}
          <div className="padded row">
            {value === null ? (
              <Button
                onPress={() => {
                  change(NEW_QUESTION);
                  setOpen(true);
                }}
              >
                {words.add}
              </Button>
            ) : (
              <>
                <Button onPress={() => setOpen(!open)} aria-expanded={open}>
                  {open ? carry.done : carry.change}
                </Button>
                {open ? (
                  <Button
                    onPress={() => {
                      change(null);
                      setOpen(false);
                    }}
                  >
                    {words.drop}
                  </Button>
                ) : null}
              </>
            )}
          </div>
        </>
      ) : null}
    </section>
  );
}
