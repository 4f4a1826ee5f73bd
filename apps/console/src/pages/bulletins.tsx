// Bulletins: the list of them, and the one that is open, as it is written or as it went out.
import { type Bulletin, type BulletinSummary, type Claim, type MemoSource, paths } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { AfterRelease } from "../bulletins/after-release.tsx";
import { Editor } from "../bulletins/editor.tsx";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useMemoAsked } from "../link/memo-asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";

function Row({ summary }: { readonly summary: BulletinSummary }): ReactNode {
  const { language, sector } = useShown();
  const { bulletins: words, mode } = catalogues[language];
  const { id, number, version, state, headline, level, drill, validUntilMs, hasDraft, asked, counts, fallen } = summary;
  const text = headline[language] ?? headline.en ?? headline.es;
  const out = version > 0;
  return (
    <tr data-bulletin={id} data-state={state}>
      <td data-label={words.columns.number}>
        <Button className="plain" onPress={() => useShown.setState({ bulletin: { id } })}>
          <strong>{number}</strong>
        </Button>
      </td>
      <td data-label={words.columns.headline} className="headline-cell">
        {drill ? <span className="mode-mark">{mode.drillMark} </span> : null}
        {text ?? <span className="quiet">{words.noHeadline}</span>}
      </td>
      <td data-label={words.columns.level}>{words.level[level]}</td>
      <td data-label={words.columns.state}>
        {words.state[state]}
        {hasDraft && out ? <span className="quiet">, {words.hasDraft}</span> : null}
        {asked === undefined ? null : (
          <span className="gap"> ◆ {words.asked(asked.by, wallClock(asked.timeMs, sector?.timeZone).slice(11))}</span>
        )}
        {fallen.length === 0 ? null : <span className="gap"> ◆ {fallen.map((claim) => claim.number).join(", ")}</span>}
      </td>
      <td data-label={words.columns.valid} className="number">
        {wallClock(validUntilMs, sector?.timeZone)}
      </td>
      <td data-label={words.columns.confirmed} className="number">
        {out ? words.of(counts.confirmed, counts.people) : "–"}
      </td>
      <td data-label={words.columns.overdue} className={counts.overdue > 0 ? "number gap" : "number"}>
        {out ? `${counts.overdue > 0 ? "◆ " : ""}${counts.overdue}` : "–"}
      </td>
    </tr>
  );
}

function List({ summaries }: { readonly summaries: readonly BulletinSummary[] | undefined }): ReactNode {
  const { language, user } = useShown();
  const { bulletins: words } = catalogues[language];
  const write = async (): Promise<void> => {
    const id = crypto.randomUUID();
    if (wasDone(await ask<Bulletin>("POST", paths.bulletins, { id }))) useShown.setState({ bulletin: { id } });
  };
  return (
    <main className="page">
      <h2>{words.title}</h2>
      {hasRight(user, "analyst") ? (
        <div className="row padded">
          <Button className="primary" onPress={() => void write()}>
            {words.write}
          </Button>
        </div>
      ) : null}
      {summaries === undefined ? null : summaries.length === 0 ? (
        <p className="quiet padded">{words.none}</p>
      ) : (
        <table className="cards bulletin-list">
          <thead>
            <tr>
              {(["number", "headline", "level", "state", "valid", "confirmed", "overdue"] as const).map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={column === "valid" || column === "confirmed" || column === "overdue" ? "number" : ""}
                >
                  {words.columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {summaries.map((summary) => (
              <Row key={summary.id} summary={summary} />
            ))}
          </tbody>
        </table>
      )}
      <p className="quiet padded">{words.quiet}.</p>
    </main>
  );
}

type Section = "draft" | "people" | "text";

function Open({ id }: { readonly id: string }): ReactNode {
  const { language } = useShown();
  const { bulletins: words } = catalogues[language];
  const { value: bulletin, load } = useMemoAsked<Bulletin>(paths.bulletin(id), "bulletins", "claims", "sources");
  const { value: claims = [] } = useMemoAsked<readonly Claim[]>(paths.memoClaims, "claims", "sources");
  const { value: sources = [] } = useMemoAsked<readonly MemoSource[]>(paths.memoSources, "sources");
  const muster = useShown(({ bulletin: open }) => open?.muster !== undefined);
  const [chosen, setChosen] = useState<Section>();
  const version = bulletin?.versions.at(-1);
  const drafted = bulletin?.draft !== undefined;
  // A draft that has come or gone: what is to be done next is shown.
  useEffect(() => setChosen(undefined), [drafted]);
  if (bulletin === undefined) return <main className="page" aria-busy="true" />;
  const offered: readonly Section[] = [
    ...(drafted ? (["draft"] as const) : []),
    ...(version === undefined ? [] : (["people", "text"] as const)),
  ];
  const section = muster && version !== undefined ? "people" : (offered.find((known) => known === chosen) ?? offered[0]);
  const text = (known: Section): string =>
    known === "people"
      ? words.tabs.people
      : known === "draft"
        ? words.tabs.draft(bulletin.draft?.version ?? 1)
        : words.tabs.text(version?.version ?? 1);
  const head =
    offered.length < 2 ? null : (
      <div className="row desk-tabs">
        {offered.map((known) => (
          <Button
            key={known}
            className={known === section ? "primary" : ""}
            aria-pressed={known === section}
            data-section={known}
            onPress={() => {
              setChosen(known);
              useShown.setState({ bulletin: { id } });
            }}
          >
            {text(known)}
          </Button>
        ))}
      </div>
    );
  const done = async (): Promise<void> => load();
  return (
    <main className="watch desk bulletin" data-bulletin={id}>
      {section === "draft" || version === undefined ? (
        <Editor
          key={`${id}-${bulletin.draft?.version ?? 0}`}
          bulletin={bulletin}
          claims={claims}
          sources={sources}
          head={head}
          onDone={done}
        />
      ) : (
        <AfterRelease
          key={id}
          bulletin={bulletin}
          version={version}
          section={section === "text" ? "text" : "people"}
          claims={claims}
          sources={sources}
          head={head}
          onDone={done}
        />
      )}
    </main>
  );
}

export function Bulletins(): ReactNode {
  const open = useShown(({ bulletin }) => bulletin?.id);
  const { value: summaries } = useMemoAsked<readonly BulletinSummary[]>(
    open === undefined ? paths.bulletins : undefined,
    "bulletins",
    "claims",
  );
  return open === undefined ? <List summaries={summaries} /> : <Open key={open} id={open} />;
}
