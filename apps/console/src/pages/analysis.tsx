// What we believe, why, how sure, and what changed: claims and their sources at the left, the one that is read in the middle, changes at the right.
import { type Claim, type MemoSource, paths } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useMemoAsked } from "../link/memo-asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { ClaimForm } from "../memo/claim-form.tsx";
import { ClaimView } from "../memo/claim-view.tsx";
import { News } from "../memo/history.tsx";
import { NewSource } from "../memo/new-source.tsx";
import { Letter, Ratings } from "../memo/ratings.tsx";
import { SourceView } from "../memo/source-view.tsx";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

type Making = { readonly what: "source" } | { readonly what: "claim"; readonly from: readonly string[] };

function ClaimRow({ claim, chosen }: { readonly claim: Claim; readonly chosen: boolean }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const { id, number, text, sure, state, independentSources, findings } = claim;
  return (
    <li data-claim-row={id} className={chosen ? "selected" : ""}>
      <Button
        className="plain grow report-row"
        onPress={() => useShown.setState({ memo: { about: "claim", id } })}
        {...(chosen ? { "aria-current": "true" as const } : {})}
      >
        <span className="row">
          <Ratings claim={claim} /> <strong>{number}</strong>
          {state === "standing" ? null : (
            <span className={state === "confirmed" ? "" : "gap"}>
              {state === "confirmed" ? "✓" : "⊘"} {memo.state[state]}
            </span>
          )}
        </span>
        <span>{text}</span>
        <span className="quiet">
          {memo.claim.sure}: {memo.sure[sure]}. {independentSources === 1 ? memo.chain.one : memo.chain.many(independentSources)}.
        </span>
        {findings.length === 0 ? null : <span className="gap">◆ {findings.map((code) => memo.claim.finding[code]).join(" ")}</span>}
      </Button>
    </li>
  );
}

function ClaimList({ claims, chosen }: { readonly claims: readonly Claim[]; readonly chosen: string | undefined }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [all, showAll] = useState(false);
  const holds = claims.filter(({ state }) => state === "standing" || state === "confirmed");
  const gone = claims.filter((claim) => !holds.includes(claim));
  const unfolded = all || gone.some(({ id }) => id === chosen);
  if (claims.length === 0) return <p className="quiet padded">{memo.noClaims}</p>;
  return (
    <>
      <p className="padded quiet">{memo.ratingsHint}</p>
      <ul className="list">
        {holds.map((claim) => (
          <ClaimRow key={claim.id} claim={claim} chosen={claim.id === chosen} />
        ))}
      </ul>
      {gone.length === 0 ? null : unfolded ? (
        <ul className="list gone">
          {gone.map((claim) => (
            <ClaimRow key={claim.id} claim={claim} chosen={claim.id === chosen} />
          ))}
        </ul>
      ) : (
        <div className="padded">
          <Button onPress={() => showAll(true)}>⊘ {memo.fold(gone.length)}</Button>
        </div>
      )}
    </>
  );
}

function SourceList({ sources, chosen }: { readonly sources: readonly MemoSource[]; readonly chosen: string | undefined }): ReactNode {
  const { language, sector } = useShown();
  const { memo } = catalogues[language];
  if (sources.length === 0) return <p className="quiet padded">{memo.noSources}</p>;
  const titleOf = (id: string): string => sources.find((known) => known.id === id)?.title ?? id;
  return (
    <ul className="list">
      {sources.map(({ id, title, kind, origin, reliability, standing, cites, addsOwn, writtenMs, capturedMs, handling }) => (
        <li key={id} data-source-row={id} className={id === chosen ? "selected" : ""}>
          <Button
            className="plain grow report-row"
            onPress={() => useShown.setState({ memo: { about: "source", id } })}
            {...(id === chosen ? { "aria-current": "true" as const } : {})}
          >
            <span className="row">
              <Letter reliability={reliability} /> <strong>{title}</strong>
            </span>
            <span className="quiet">
              {memo.kind[kind]} · {origin} · {dayAndClock(writtenMs ?? capturedMs, sector?.timeZone).slice(0, 10)} · TLP:{handling.tlp}
            </span>
            {standing === "standing" ? null : <span className="gap">⊘ {memo.standing[standing]}</span>}
            {cites.length === 0 ? null : (
              <span className={addsOwn ? "quiet" : "same-source"}>
                {addsOwn ? memo.chain.also(cites.map(titleOf).join(", ")) : memo.chain.same(cites.map(titleOf).join(", "))}
              </span>
            )}
          </Button>
        </li>
      ))}
    </ul>
  );
}

export function Analysis(): ReactNode {
  const { language, memo: chosen, user } = useShown();
  const { memo } = catalogues[language];
  const { value: sources, load: loadSources } = useMemoAsked<readonly MemoSource[]>(paths.memoSources, "sources", "claims");
  const { value: claims, load: loadClaims } = useMemoAsked<readonly Claim[]>(paths.memoClaims, "sources", "claims", "bulletins");
  const [section, setSection] = useState<"claims" | "sources">(chosen?.about === "source" ? "sources" : "claims");
  const [making, setMaking] = useState<Making>();
  const mayEdit = hasRight(user, "analyst");
  // What was chosen elsewhere is shown in its own list, and takes the place of a form that is not begun.
  useEffect(() => {
    if (chosen === undefined) return;
    setSection(chosen.about === "source" ? "sources" : "claims");
    setMaking(undefined);
  }, [chosen]);
  const load = async (): Promise<void> => {
    await Promise.all([loadSources(), loadClaims()]);
  };
  const claim = chosen?.about === "claim" ? claims?.find(({ id }) => id === chosen.id) : undefined;
  const source = chosen?.about === "source" ? sources?.find(({ id }) => id === chosen.id) : undefined;
  const done = async (about: "claim" | "source", id: string | undefined): Promise<void> => {
    await load();
    setMaking(undefined);
    if (id !== undefined) useShown.setState({ memo: { about, id } });
  };
  const middle = (): ReactNode => {
    if (making?.what === "source") return <NewSource sources={sources ?? []} onDone={(id) => void done("source", id)} />;
    if (making?.what === "claim")
      return <ClaimForm claim={undefined} sources={sources ?? []} from={making.from} onDone={(id) => done("claim", id)} />;
    if (claim !== undefined) return <ClaimView key={claim.id} claim={claim} sources={sources ?? []} claims={claims ?? []} onDone={load} />;
    if (source !== undefined)
      return (
        <SourceView
          key={source.id}
          source={source}
          sources={sources ?? []}
          claims={claims ?? []}
          onDone={load}
          onDraw={() => setMaking({ what: "claim", from: [source.id] })}
        />
      );
    return <p className="quiet padded">{memo.choose}</p>;
  };
  return (
    <main className="watch desk analysis">
      <aside className="pane-dangers" tabIndex={-1} aria-label={memo.believe}>
        <h2>
          {memo.believe}{" "}
          <span>{claims === undefined ? "" : claims.filter(({ state }) => state === "standing" || state === "confirmed").length}</span>
        </h2>
        <Tabs selectedKey={section} onSelectionChange={(key) => setSection(key === "sources" ? "sources" : "claims")}>
          <TabList aria-label={memo.believe} className="tabs">
            {(["claims", "sources"] as const).map((known) => (
              <Tab key={known} id={known} className="tab">
                {memo.tabs[known]}
              </Tab>
            ))}
          </TabList>
          <TabPanel id="claims">
            {mayEdit ? (
              <div className="row padded">
                <Button
                  className={making === undefined && chosen === undefined && (sources?.length ?? 0) > 0 ? "primary" : ""}
                  onPress={() => setMaking({ what: "claim", from: [] })}
                >
                  {memo.drawClaim}
                </Button>
              </div>
            ) : null}
            {claims === undefined ? null : <ClaimList claims={claims} chosen={claim?.id} />}
          </TabPanel>
          <TabPanel id="sources">
            {mayEdit ? (
              <div className="row padded">
                <Button
                  className={making === undefined && chosen === undefined ? "primary" : ""}
                  onPress={() => setMaking({ what: "source" })}
                >
                  {memo.takeSource}
                </Button>
              </div>
            ) : null}
            {sources === undefined ? null : <SourceList sources={sources} chosen={source?.id} />}
          </TabPanel>
        </Tabs>
      </aside>
      <section className="pane-centre" tabIndex={-1} aria-label={claim?.number ?? source?.title ?? memo.choose}>
        {middle()}
      </section>
      <aside className="pane-detail" tabIndex={-1} aria-label={memo.changed}>
        <News />
      </aside>
    </main>
  );
}
