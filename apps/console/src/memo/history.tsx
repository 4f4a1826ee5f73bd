// What changed: of one source or claim, and of all of them; each with who, when and why.
import { type MemoChange, type MemoNews, paths } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useMemoAsked } from "../link/memo-asked.ts";
import { useShown } from "../link/store.ts";
import { dayAndClock } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

export function changeText({ what, from, to }: Pick<MemoChange, "what" | "from" | "to">, { news, claim }: Words["memo"]): string {
  const kind = (claim.linkKind as Readonly<Record<string, string>>)[from ?? ""] ?? "";
  switch (what) {
    case "reliability":
    case "handling":
    case "credibility":
      return news[what](from ?? "–", to ?? "–");
    case "linked":
      return news.linked(kind, to ?? "");
    case "unlinked":
      return news.unlinked(kind, to ?? "");
    default:
      return news[what];
  }
}

function Line({ change }: { readonly change: MemoChange }): ReactNode {
  const { language, sector } = useShown();
  const { memo } = catalogues[language];
  return (
    <>
      <span>{changeText(change, memo)}</span>
      {change.why === undefined ? null : <span>“{change.why}”</span>}
      <span className="quiet">
        {memo.by(change.by === "" ? memo.news.itself : change.by, dayAndClock(change.timeMs, sector?.timeZone).slice(0, 16))}
      </span>
    </>
  );
}

const SHOWN_AT_FIRST = 6;

export function History({ history }: { readonly history: readonly MemoChange[] }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [all, showAll] = useState(false);
  const newest = history.toReversed();
  const shown = all ? newest : newest.slice(0, SHOWN_AT_FIRST);
  return (
    <section>
      <h3>{memo.history}</h3>
      <ol className="changes">
        {shown.map((change) => (
          <li key={`${change.timeMs}-${change.what}-${change.to ?? ""}`}>
            <Line change={change} />
          </li>
        ))}
      </ol>
      {newest.length > shown.length ? (
        <div className="padded">
          <Button onPress={() => showAll(true)}>{memo.earlier(newest.length - shown.length)}</Button>
        </div>
      ) : null}
    </section>
  );
}

export function News(): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const { value: news } = useMemoAsked<readonly MemoNews[]>(paths.memoChanges, "sources", "claims");
  return (
    <>
      <h2>{memo.changed}</h2>
      {news === undefined ? null : news.length === 0 ? <p className="quiet padded">{memo.noChanges}</p> : null}
      <ol className="changes" data-news>
        {(news ?? []).map(({ about, id, label, change }) => (
          <li key={`${change.timeMs}-${id}-${change.what}-${change.to ?? ""}`}>
            <Button className="plain report-row" onPress={() => useShown.setState({ memo: { about, id } })}>
              <strong>{label}</strong>
              <Line change={change} />
            </Button>
          </li>
        ))}
      </ol>
    </>
  );
}
