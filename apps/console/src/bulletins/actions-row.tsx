// Steps in order, in both languages side by side: one piece, approved in each language.
import { type Action, type BulletinDraft, paths } from "@atalaya/protocol";
import type { KeyboardEvent, ReactNode } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { Approval, Meanwhile, sideOf, useApproving } from "./approval.tsx";
import { revOf, useDesk, usePiece } from "./desk.ts";
import { LANGUAGES } from "./pieces.ts";

const MAX_STEPS = 12;

function isWhole(actions: readonly Action[] | null): boolean {
  return actions === null || (actions.length > 0 && actions.every(({ words }) => words.en.trim() !== "" && words.es.trim() !== ""));
}

export function ActionsRow({ draft }: { readonly draft: BulletinDraft }): ReactNode {
  const { bulletins: own } = catalogues[useShown(({ language }) => language)];
  const desk = useDesk();
  const { value, change, theirs, keepMine, takeTheirs, flush } = usePiece<readonly Action[] | null>({
    id: "actions",
    piece: "actions",
    read: (newest) => newest.actions ?? null,
    revOf: (newest) => revOf(newest, "actions"),
    put: (actions, rev) => ask("PUT", paths.bulletinActions(desk.bulletinId), { actions, ...(rev === undefined ? {} : { rev }) }),
    whole: isWhole,
  });
  const say = { en: useApproving("actions", "en"), es: useApproving("actions", "es") };
  const next = (): Action => ({ id: `step-${crypto.randomUUID().slice(0, 8)}`, words: { en: "", es: "" } });
  if (value === null)
    return desk.mayEdit ? (
      <div className="part-adds">
        <Button onPress={() => change([next()])}>{own.actions.add}</Button>
      </div>
    ) : null;
  return (
    <>
      {LANGUAGES.map((code) => {
        const words = catalogues[code].bulletins;
        const press = (event: KeyboardEvent): void => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void say[code](true);
        };
        return (
          <div
            key={code}
            className={sideOf(draft, "actions", code)?.approved === undefined ? "part-cell open" : "part-cell"}
            data-piece="actions"
            data-in={code}
            lang={code}
            onKeyDown={press}
          >
            <div className="part-head">
              <span className="quiet">{words.part.actions}</span>
              <Approval draft={draft} piece="actions" language={code} name={words.part.actions} written={isWhole(value)} />
            </div>
            <ol className="steps">
              {value.map((action, at) => (
                <li key={action.id}>
                  <input
                    aria-label={`${words.actions.line(at + 1)}, ${catalogues[code].language}`}
                    name={`step-${at}-${code}`}
                    maxLength={120}
                    readOnly={!desk.mayEdit}
                    value={action.words[code]}
                    onChange={({ target }) =>
                      change(value.map((known, k) => (k === at ? { ...known, words: { ...known.words, [code]: target.value } } : known)))
                    }
                    onBlur={() => void flush()}
                  />
                  {code === "es" && desk.mayEdit ? (
                    <Button
                      className="small"
                      aria-label={own.actions.remove(at + 1)}
                      onPress={() => change(value.length === 1 ? null : value.filter((_, k) => k !== at))}
                    >
                      ×
                    </Button>
                  ) : null}
                </li>
              ))}
            </ol>
            {code === "en" && desk.mayEdit && value.length < MAX_STEPS ? (
              <Button className="small" onPress={() => change([...value, next()])}>
                {own.actions.more}
              </Button>
            ) : null}
            {code === "en" && theirs !== undefined ? (
              <Meanwhile
                theirs={(theirs ?? []).map(({ words: both }) => `${both.en} / ${both.es}`).join("; ") || "–"}
                by={sideOf(draft, "actions", "en")?.edited?.by}
                onKeep={keepMine}
                onTake={takeTheirs}
              />
            ) : null}
          </div>
        );
      })}
    </>
  );
}
