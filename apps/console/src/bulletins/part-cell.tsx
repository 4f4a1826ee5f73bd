// One part in one language: typed here, saved as it is typed, approved by whoever reads it.
import { type BulletinDraft, type Language, paths } from "@atalaya/protocol";
import type { KeyboardEvent, ReactNode } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { Approval, Meanwhile, ReadAgain, sideOf, useApproving } from "./approval.tsx";
import { revOf, useDesk, usePiece } from "./desk.ts";
import { partTitle } from "./pieces.ts";

interface PartWords {
  readonly title: string;
  readonly text: string;
}

const MAX_TEXT = 2000;

export function PartCell(props: {
  readonly draft: BulletinDraft;
  readonly part: string;
  readonly language: Language;
  readonly onGone: (() => void) | undefined;
}): ReactNode {
  const { draft, part, language, onGone } = props;
  const own = useShown(({ language: known }) => known);
  // What a part is called stands in the language of its words.
  const words = catalogues[language].bulletins;
  const desk = useDesk();
  const extra = part.startsWith("extra-");
  const { value, change, theirs, keepMine, takeTheirs, flush } = usePiece<PartWords>({
    id: `${part}/${language}`,
    piece: part,
    read: (newest) => {
      const known = newest.parts.find(({ key }) => key === part)?.[language];
      return { title: known?.title ?? "", text: known?.text ?? "" };
    },
    revOf: (newest) => revOf(newest, part),
    put: ({ title, text }, rev) =>
      ask("PUT", paths.bulletinPart(desk.bulletinId, part, language), {
        text,
        ...(title.trim() === "" ? {} : { title }),
        ...(rev === undefined ? {} : { rev }),
      }),
  });
  const say = useApproving(part, language);
  const side = sideOf(draft, part, language);
  const name = partTitle(part, value.title, words);
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void say(true);
  };
  const approved = side?.approved !== undefined;
  return (
    <div className={approved ? "part-cell" : "part-cell open"} data-piece={part} data-in={language} lang={language} onKeyDown={press}>
      <div className="part-head">
        <span className="quiet">{extra ? words.part.extra : name}</span>
        <Approval draft={draft} piece={part} language={language} name={name} written={value.text !== ""} />
      </div>
      {extra ? (
        <input
          className="part-title"
          aria-label={words.part.extraTitle}
          placeholder={words.part.extraTitle}
          maxLength={80}
          readOnly={!desk.mayEdit}
          value={value.title}
          onChange={({ target }) => change({ ...value, title: target.value })}
          onBlur={() => void flush()}
        />
      ) : null}
      <div className={`grows ${part === "headline" ? "headline" : ""}`} data-text={`${value.text} `}>
        <textarea
          aria-label={`${name}, ${catalogues[language].language}`}
          name={`${part}-${language}`}
          rows={1}
          maxLength={MAX_TEXT}
          readOnly={!desk.mayEdit}
          value={value.text}
          onChange={({ target }) => change({ ...value, text: target.value })}
          onBlur={() => void flush()}
        />
      </div>
      {theirs === undefined ? null : (
        <Meanwhile theirs={theirs.text === "" ? "–" : theirs.text} by={side?.edited?.by} onKeep={keepMine} onTake={takeTheirs} />
      )}
      <ReadAgain side={side} language={language} />
      {extra && onGone !== undefined && language === "es" && desk.mayEdit && value.text === "" ? (
        <Button className="small" onPress={onGone}>
          {catalogues[own].bulletins.part.remove}
        </Button>
      ) : null}
    </div>
  );
}
