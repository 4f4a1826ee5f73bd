// Bulletins: what is to be read now, what holds, what is over; and one of them, with its question and its one button.
import type { DeviceBulletin } from "@atalaya/protocol";
import type { Language } from "@atalaya/web/language";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { carriedText } from "@atalaya/words";
import { type ReactNode, useEffect, useState } from "react";
import { memo } from "../device.ts";
import { inOrder, isOwed, needsAnswer, newsOf, readingOf, rightAnswers, withDone } from "../memo/bulletins.ts";
import { isWaiting } from "../queue/items.ts";
import { go, useField } from "../state.ts";
import { catalogues, clock, dayText, useWords, type Words } from "../words/words.ts";
import { Big, TopBar, useZone } from "./parts.tsx";

/** Bulletins with what was done here, what asks for something first. */
export function useBulletins(): readonly DeviceBulletin[] {
  const { bulletins, items, bulletinsSeen } = useField();
  return inOrder(withDone(bulletins, items), bulletinsSeen);
}

const OTHER: Readonly<Record<Language, Language>> = { en: "es", es: "en" };
type Texts = DeviceBulletin["parts"][number];

/** In the person's language, or, while that is not written, in the other one, marked as such. */
function inLanguage(
  part: Texts | undefined,
  language: Language,
): { readonly title?: string | undefined; readonly text: string; readonly lang: Language } | undefined {
  const own = part?.[language];
  if (own !== undefined) return { ...own, lang: language };
  const other = part?.[OTHER[language]];
  return other === undefined ? undefined : { ...other, lang: OTHER[language] };
}

function headlineOf({ parts, drill }: DeviceBulletin, language: Language): { readonly text: string; readonly lang: Language } {
  const { text = "–", lang = language } =
    inLanguage(
      parts.find(({ key }) => key === "headline"),
      language,
    ) ?? {};
  const mark = catalogues[lang].warned.drill;
  return { text: drill && !text.startsWith(mark) ? `${mark}. ${text}` : text, lang };
}

/** What asks to be read, on the home screen: a line each. */
export function BulletinNews(): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const seen = useField((shown) => shown.bulletinsSeen);
  const news = useBulletins().flatMap((bulletin) => {
    const what = newsOf(bulletin, seen);
    return what === undefined ? [] : [{ bulletin, what }];
  });
  if (news.length === 0) return null;
  return (
    <>
      {news.slice(0, 3).map(({ bulletin, what }) => {
        const headline = headlineOf(bulletin, language);
        return (
          <button
            key={bulletin.id}
            type="button"
            className={`bulletin-news ${what} ${bulletin.level}`}
            data-bulletin-news={bulletin.number}
            data-news={what}
            onClick={() => go({ name: "bulletin", id: bulletin.id })}
          >
            <StatusShape status={what === "owed" ? "waiting" : "off"} />
            <span className="grow">
              <strong>
                {words.bulletins.one(bulletin.number)}: {words.bulletins.news[what]}
              </strong>
              <span lang={headline.lang}>{headline.text}</span>
            </span>
          </button>
        );
      })}
    </>
  );
}

export function Bulletins(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const bulletins = useBulletins();
  return (
    <div className="screen">
      <TopBar title={words.bulletins.title} back />
      <main>
        {bulletins.length === 0 ? <p className="lead">{words.bulletins.none}</p> : null}
        <ul className="list">
          {bulletins.map((bulletin) => {
            const headline = headlineOf(bulletin, language);
            const { id, number, state, validUntilMs } = bulletin;
            return (
              <li key={id}>
                <button type="button" data-bulletin={number} onClick={() => go({ name: "bulletin", id })}>
                  <StatusShape status={isOwed(bulletin) ? "waiting" : state === "in-force" ? "normal" : "off"} />
                  <span className="grow">
                    <strong>{number}</strong>{" "}
                    <span className="quiet">
                      {isOwed(bulletin)
                        ? words.bulletins.owed
                        : state === "in-force"
                          ? words.bulletins.until(dayText(validUntilMs, language, zone))
                          : words.bulletins.states[state]}
                    </span>
                    <span className="quiet headline" lang={headline.lang}>
                      {headline.text}
                    </span>
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </main>
    </div>
  );
}

function titleOf(key: string, own: string | undefined, words: Words): string | undefined {
  if (own !== undefined) return own;
  return key in words.bulletins.parts ? words.bulletins.parts[key as keyof Words["bulletins"]["parts"]] : undefined;
}

/** One piece of the text, with its heading. The headline and the question stand elsewhere. */
function Piece({ bulletin, piece }: { readonly bulletin: DeviceBulletin; readonly piece: string }): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  if (piece === "headline" || piece === "question") return null;
  if (piece === "carry" || piece === "actions")
    return (
      <section data-piece={piece}>
        <h2>{words.bulletins.parts[piece]}</h2>
        <ul className="things">
          {piece === "carry"
            ? (bulletin.carry ?? []).map((item) => {
                const text = carriedText(item, language);
                return <li key={item.id}>{item.was === undefined || item.was === item.quantity ? text : <strong>{text}</strong>}</li>;
              })
            : (bulletin.actions ?? []).map(({ id, words: both }) => <li key={id}>{both[language]}</li>)}
        </ul>
      </section>
    );
  const part = inLanguage(
    bulletin.parts.find(({ key }) => key === piece),
    language,
  );
  if (part === undefined) return null;
  const title = titleOf(piece, part.title, words);
  return (
    <section data-piece={piece}>
      {title === undefined ? null : <h2>{title}</h2>}
      {part.lang === language ? null : <p className="hint">{words.bulletins.onlyIn}</p>}
      <p lang={part.lang} className="said">
        {part.text}
      </p>
    </section>
  );
}

function Question({
  bulletin,
  answer,
  onAnswer,
}: {
  readonly bulletin: DeviceBulletin;
  readonly answer: string | undefined;
  readonly onAnswer: (id: string) => void;
}): ReactNode {
  const words = useWords();
  const language = useField((shown) => shown.language);
  const { question } = bulletin;
  if (question === undefined) return null;
  const right = rightAnswers(bulletin, answer);
  return (
    <section className="ask" data-question>
      <h2>{question.words[language]}</h2>
      {question.answers.map(({ id, words: both }) => (
        <button
          key={id}
          type="button"
          className={`option ${id === answer ? "chosen" : ""} ${right.includes(id) ? "right" : ""}`}
          aria-pressed={id === answer}
          data-answer={id}
          // The first answer is the one that tells the analyst whether the bulletin is clear.
          onClick={() => {
            if (answer === undefined) onAnswer(id);
          }}
        >
          <span className="grow">{both[language]}</span>
          {right.includes(id) ? <StatusShape status="normal" /> : null}
        </button>
      ))}
      {answer !== undefined && !right.includes(answer) ? (
        <p className="note" role="status" data-right-is>
          {words.bulletins.rightIs(
            question.answers
              .filter(({ id }) => right.includes(id))
              .map(({ words: both }) => both[language])
              .join(" · "),
          )}
        </p>
      ) : null}
    </section>
  );
}

function Confirmed({ bulletin }: { readonly bulletin: DeviceBulletin }): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const waits = useField(({ items }) =>
    items.some((item) => item.kind === "bulletin" && item.bulletinId === bulletin.id && item.event.step === "confirmed" && isWaiting(item)),
  );
  const { confirmed } = bulletin;
  if (confirmed === undefined) return null;
  return (
    <div className="done" role="status" data-confirmed={confirmed.version} data-waits={waits}>
      <p>
        <StatusShape status={waits ? "waiting" : "normal"} />{" "}
        {words.bulletins.confirmed(confirmed.version, `${dayText(confirmed.timeMs, language, zone)} ${clock(confirmed.timeMs, zone)}`)}
      </p>
      {waits ? <p className="hint">{words.bulletins.goesLater}</p> : null}
    </div>
  );
}

export function OneBulletin({ id }: { readonly id: string }): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const bulletin = useBulletins().find((known) => known.id === id);
  const [answer, setAnswer] = useState<string | undefined>();
  const { version, state, fallen } = bulletin ?? {};
  useEffect(() => setAnswer(undefined), [id, version]);
  useEffect(() => {
    const look = (): void => {
      const known = useField.getState().bulletins.find((one) => one.id === id);
      if (known !== undefined) memo.opened(known);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [id, version, state, fallen?.length]);
  if (bulletin === undefined)
    return (
      <div className="screen">
        <TopBar title={words.bulletins.title} back />
        <main>
          <p className="lead">{words.bulletins.notHere}</p>
        </main>
      </div>
    );
  const { since, asked, rest } = readingOf(bulletin);
  const headline = headlineOf(bulletin, language);
  const asks = isOwed(bulletin);
  const mustAnswer = asks && needsAnswer(bulletin);
  const given = answer ?? (asks ? undefined : bulletin.confirmed?.answer);
  const over = bulletin.state !== "in-force";
  return (
    <div className="screen bulletin" data-bulletin-open={bulletin.number} data-version={bulletin.version} data-state={bulletin.state}>
      <TopBar title={words.bulletins.one(bulletin.number)} back />
      <main tabIndex={0}>
        <p className="row small quiet">
          <span>{words.bulletins.levels[bulletin.level]}</span>
          <span className="grow end">
            {words.bulletins.until(`${dayText(bulletin.validUntilMs, language, zone)} ${clock(bulletin.validUntilMs, zone)}`)}
          </span>
        </p>
        {over ? (
          <p className="note caution" role="status" data-ended={bulletin.state}>
            <StatusShape status="off" /> <strong>{words.bulletins.states[bulletin.state]}</strong>
            {bulletin.ended === undefined ? null : (
              <>
                {" "}
                · {dayText(bulletin.ended.timeMs, language, zone)} {clock(bulletin.ended.timeMs, zone)}
                {bulletin.ended.reason === undefined ? null : <span className="block">{words.bulletins.why(bulletin.ended.reason)}</span>}
              </>
            )}
          </p>
        ) : null}
        {bulletin.fallen.map(({ number, state: how }) => (
          <p key={number} className="note caution" data-fallen={number}>
            <LevelShape level="caution" /> {words.bulletins.fallen[how](number)} {over ? "" : words.bulletins.untilChanged}
          </p>
        ))}
        {bulletin.drill ? <p className="drill-word">{words.mode.drill}</p> : null}
        <p className={`headline ${over ? "quiet" : ""}`} lang={headline.lang} role="heading" aria-level={2}>
          {headline.text}
        </p>
        {since === undefined ? null : (
          <p className="note" data-again={since}>
            {words.bulletins.again(since)}
          </p>
        )}
        {asked.map((piece) => (
          <Piece key={piece} bulletin={bulletin} piece={piece} />
        ))}
        {asked.includes("question") && !over ? <Question bulletin={bulletin} answer={given} onAnswer={setAnswer} /> : null}
        {asks && bulletin.dueMs !== undefined ? (
          <p className="hint">
            {words.bulletins.owed}, {words.bulletins.due(`${dayText(bulletin.dueMs, language, zone)} ${clock(bulletin.dueMs, zone)}`)}
          </p>
        ) : null}
        {rest.length === 0 ? null : (
          <details className="rest">
            <summary>{words.bulletins.rest}</summary>
            {rest.map((piece) => (
              <Piece key={piece} bulletin={bulletin} piece={piece} />
            ))}
          </details>
        )}
        <p className="hint">{words.bulletins.marking(bulletin.tlp)}</p>
      </main>
      <footer>
        {asks ? (
          <>
            {mustAnswer && answer === undefined ? <p className="hint">{words.bulletins.answerFirst}</p> : null}
            <Big
              kind="main"
              name="confirm"
              disabled={mustAnswer && answer === undefined}
              onPress={() => void memo.confirm(bulletin, answer)}
            >
              {words.bulletins.confirm}
            </Big>
          </>
        ) : (
          <Confirmed bulletin={bulletin} />
        )}
      </footer>
    </div>
  );
}
