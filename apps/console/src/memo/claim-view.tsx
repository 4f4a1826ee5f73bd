// One claim: what we believe, why, and how sure; its two ratings side by side, what it rests on, and what our own incidents say of it.
import { type Claim, type ClaimVerdict, LinkKind, type MemoSource, paths } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { ReasonForm } from "../pages/reason-form.tsx";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Chain } from "./chain.tsx";
import { ClaimForm, SourcePicks } from "./claim-form.tsx";
import { History } from "./history.tsx";
import { incidentName, useOwnIncidents } from "./own-incidents.ts";
import { Letter, Ratings } from "./ratings.tsx";
import { repeats } from "./rests-on.ts";

type Open = "words" | "credibility" | "sources" | ClaimVerdict["verdict"];

function Links(props: { readonly claim: Claim; readonly claims: readonly Claim[]; readonly onDone: () => Promise<void> }): ReactNode {
  const { claim, claims, onDone } = props;
  const { language, user } = useShown();
  const { memo } = catalogues[language];
  const [kind, setKind] = useState<LinkKind>("corroborates");
  const [to, setTo] = useState("");
  const mayEdit = hasRight(user, "analyst");
  const named = (id: string): Claim | undefined => claims.find((known) => known.id === id);
  const link = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (to === "" || !wasDone(await ask("PUT", paths.memoClaimLinks(claim.id), { kind, to }))) return;
    setTo("");
    await onDone();
  };
  const unlink = async (old: { readonly kind: LinkKind; readonly to: string }): Promise<void> => {
    const query = new URLSearchParams({ kind: old.kind, to: old.to });
    if (wasDone(await ask("DELETE", `${paths.memoClaimLinks(claim.id)}?${query}`))) await onDone();
  };
  const other = (id: string): ReactNode => (
    <Button className="plain report-row grow" onPress={() => useShown.setState({ memo: { about: "claim", id } })}>
      <strong>{named(id)?.number ?? id}</strong> <span>{named(id)?.text}</span>
    </Button>
  );
  return (
    <section>
      <h3>{memo.claim.links}</h3>
      <ul className="list" data-links>
        {claim.links.map((known) => (
          <li key={`${known.kind}-${known.to}`}>
            <span>{memo.claim.linkKind[known.kind]}</span>
            {other(known.to)}
            {mayEdit ? (
              <Button aria-label={memo.claim.unlink(named(known.to)?.number ?? known.to)} onPress={() => void unlink(known)}>
                ×
              </Button>
            ) : null}
          </li>
        ))}
        {claim.linkedFrom.map((known) => (
          <li key={`${known.kind}-${known.from}`}>
            <span>{memo.claim.linkedFrom[known.kind]}</span>
            {other(known.from)}
          </li>
        ))}
      </ul>
      {mayEdit && claims.length > 1 ? (
        <form className="row end padded" data-form="link" onSubmit={(event) => void link(event)}>
          <label>
            {claim.number}
            <select name="link-kind" value={kind} onChange={({ target }) => setKind(LinkKind.parse(target.value))}>
              {LinkKind.options.map((known) => (
                <option key={known} value={known}>
                  {memo.claim.linkKind[known]}
                </option>
              ))}
            </select>
          </label>
          <label className="grow">
            {memo.claim.other}
            <select name="link-to" required value={to} onChange={({ target }) => setTo(target.value)}>
              <option value="">–</option>
              {claims
                .filter(({ id }) => id !== claim.id)
                .map(({ id, number, text }) => (
                  <option key={id} value={id}>
                    {number} {text.slice(0, 60)}
                  </option>
                ))}
            </select>
          </label>
          <Button type="submit">{memo.claim.linkAdd}</Button>
        </form>
      ) : null}
    </section>
  );
}

function Why({ claim, sources }: { readonly claim: Claim; readonly sources: readonly MemoSource[] }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const { chain } = memo;
  const { independentSources: own, independentWithCorroboration: withOthers } = claim;
  const counts = chain.counts(claim.sources.length, own);
  return (
    <section data-why>
      <h3>{chain.title}</h3>
      <Chain from={claim.sources.map(({ id }) => id)} sources={sources} target={claim.number} />
      <p className="padded">
        <strong>{own === 1 ? chain.one : chain.many(own)}.</strong> {counts} {withOthers === own ? "" : chain.corroborated(withOthers)}
      </p>
      {repeats(claim, sources).map(({ source, cites, same }) => {
        const names = cites.map(({ title }) => title).join(", ");
        return (
          <p key={source.id} className={same ? "same-source" : "padded quiet"}>
            <strong>{source.title}</strong>
            <br />
            {same ? chain.same(names) : chain.also(names)}
          </p>
        );
      })}
      <ul className="list">
        {claim.sources.map(({ id, reliability, standing }) => {
          const source = sources.find((known) => known.id === id);
          return (
            <li key={id}>
              <Letter reliability={reliability} />
              <Button className="plain grow report-row" onPress={() => useShown.setState({ memo: { about: "source", id } })}>
                <span>{source?.title ?? id}</span>
                <span className="quiet">
                  {memo.reliability[reliability]}
                  {source === undefined ? "" : `, ${memo.kind[source.kind]}, ${source.origin}`}
                </span>
                {standing === "standing" ? null : <span className="gap">⊘ {memo.standing[standing]}</span>}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function ClaimView(props: {
  readonly claim: Claim;
  readonly sources: readonly MemoSource[];
  readonly claims: readonly Claim[];
  readonly onDone: () => Promise<void>;
}): ReactNode {
  const { claim, sources, claims, onDone } = props;
  const { language, sector, user } = useShown();
  const words = catalogues[language];
  const { memo } = words;
  const [open, setOpen] = useState<Open>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const incidents = useOwnIncidents();
  const mayEdit = hasRight(user, "analyst");
  const at = (timeMs: number): string => dayAndClock(timeMs, sector?.timeZone).slice(0, 16);
  const close = (): void => setOpen(undefined);
  const say = async (method: "PUT" | "POST", path: string, body: object): Promise<boolean> => {
    const done = wasDone(await ask(method, path, body));
    if (done) await onDone();
    return done;
  };
  const reason = { label: memo.why, cancel: memo.cancel, onClose: close };
  const { verdict } = claim;
  if (open === "words")
    return (
      <ClaimForm
        claim={claim}
        sources={sources}
        from={[]}
        onDone={async () => {
          await onDone();
          close();
        }}
      />
    );
  const part = (label: string, text: string | undefined): ReactNode => (
    <div>
      <dt>{label}</dt>
      <dd>{text ?? memo.notKnown}</dd>
    </div>
  );
  return (
    <article className="memo-article" data-claim={claim.id} data-state={claim.state}>
      <header className="memo-head">
        <p className="row">
          <Ratings claim={claim} />
          <strong>{claim.number}</strong>
          <span className={claim.state === "standing" || claim.state === "confirmed" ? "" : "gap"}>
            {claim.state === "confirmed" ? "✓ " : claim.state === "standing" ? "" : "⊘ "}
            {memo.state[claim.state]}
          </span>
          <span className="quiet">{memo.by(claim.by, at(claim.madeMs))}</span>
        </p>
        <h2>{claim.text}</h2>
        <p>
          {memo.claim.sure}: <strong>{memo.sure[claim.sure]}</strong>
        </p>
        {claim.findings.map((finding) => (
          <p key={finding} className="gap" role="note">
            ◆ {memo.claim.finding[finding]}
          </p>
        ))}
      </header>
      <section>
        <dl className="rows parts-of-claim">
          {part(memo.claim.who, claim.who)}
          {part(memo.claim.what, claim.what)}
          {part(memo.claim.where, claim.where)}
          {part(memo.claim.when, claim.when)}
        </dl>
        {mayEdit ? (
          <div className="padded">
            <Button onPress={() => setOpen("words")}>{memo.claim.edit}</Button>
          </div>
        ) : null}
      </section>
      <section>
        <h3>{memo.credibility.title}</h3>
        <div className="padded row rating-row">
          <span className="rating figure">{claim.credibility}</span>
          <span className="grow">
            {memo.credibility[claim.credibility]}{" "}
            <span className="quiet">
              {claim.gradedBy === undefined ? memo.notGraded : memo.gradedBy(claim.gradedBy, at(claim.gradedMs ?? 0))}
              <br />
              {memo.apart}
            </span>
          </span>
          {mayEdit && open !== "credibility" ? <Button onPress={() => setOpen("credibility")}>{memo.grade}</Button> : null}
        </div>
        {open === "credibility" ? (
          <ReasonForm
            {...reason}
            go={memo.save}
            onGo={(why, form) => say("PUT", paths.memoClaimCredibility(claim.id), { credibility: Number(form.get("credibility")), why })}
          >
            <label>
              {memo.credibility.title}
              <select name="credibility" defaultValue={claim.credibility}>
                {([1, 2, 3, 4, 5, 6] as const).map((figure) => (
                  <option key={figure} value={figure}>
                    {figure}: {memo.credibility[figure]}
                  </option>
                ))}
              </select>
            </label>
          </ReasonForm>
        ) : null}
      </section>
      <Why claim={claim} sources={sources} />
      {mayEdit ? (
        open === "sources" ? (
          <ReasonForm {...reason} go={memo.save} onGo={(why) => say("PUT", paths.memoClaimSources(claim.id), { sources: chosen, why })}>
            <SourcePicks sources={sources} chosen={chosen} onChange={setChosen} />
          </ReasonForm>
        ) : (
          <div className="padded">
            <Button
              onPress={() => {
                setChosen(claim.sources.map(({ id }) => id));
                setOpen("sources");
              }}
            >
              {memo.change}
            </Button>
          </div>
        )
      ) : null}
      <section data-verdict={verdict?.verdict ?? "none"}>
        <h3>{memo.claim.verdict}</h3>
        {verdict === undefined ? (
          <p className="padded quiet">{memo.claim.verdictNone}</p>
        ) : (
          <p className="padded">
            <strong>
              {verdict.verdict === "confirmed" ? "✓" : "⊘"} {memo.claim.verdictOf[verdict.verdict]}
            </strong>{" "}
            {verdict.incident === undefined ? "" : `${memo.claim.byIncident(incidentName(verdict.incident, incidents))}. `}“{verdict.why}”{" "}
            <span className="quiet">{memo.by(verdict.by, at(verdict.timeMs))}</span>
          </p>
        )}
        {mayEdit ? (
          <div className="padded row">
            {(verdict === undefined ? (["confirmed", "refuted"] as const) : (["reopened"] as const)).map((one) => (
              <Button key={one} onPress={() => setOpen(one)}>
                {memo.claim.verdictGo[one]}
              </Button>
            ))}
          </div>
        ) : null}
        {open === "confirmed" || open === "refuted" || open === "reopened" ? (
          <ReasonForm
            {...reason}
            go={memo.claim.verdictDo[open]}
            onGo={(why, form) => {
              const incident = incidents.find(({ value }) => value === form.get("incident"))?.incident;
              return say("POST", paths.memoClaimVerdict(claim.id), {
                verdict: open,
                why,
                ...(incident === undefined ? {} : { incident }),
              });
            }}
          >
            {open === "reopened" ? null : (
              <label>
                {memo.claim.incident}
                <select name="incident">
                  <option value="">{memo.claim.noIncident}</option>
                  {incidents.map(({ value, label }) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </ReasonForm>
        ) : null}
      </section>
      <Links claim={claim} claims={claims} onDone={onDone} />
      {claim.bulletins.length === 0 ? null : (
        <section>
          <h3>{memo.claim.bulletins}</h3>
          <div className="padded row">
            {claim.bulletins.map(({ id, number }) => (
              <Button key={id} onPress={() => useShown.setState({ view: "bulletins", bulletin: { id } })}>
                {number}
              </Button>
            ))}
          </div>
        </section>
      )}
      <section>
        <h3>{memo.marking}</h3>
        <p className="padded">{memo.tlp[claim.handling.tlp]}</p>
      </section>
      <History history={claim.history} />
    </article>
  );
}
