// What a bulletin is written from: the claims with their two ratings, what they rest on, and the sources with their hashes.
import type { Claim, MemoSource } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { Chain } from "../memo/chain.tsx";
import { incidentName, useOwnIncidents } from "../memo/own-incidents.ts";
import { Ratings } from "../memo/ratings.tsx";
import { repeats, shortHash } from "../memo/rests-on.ts";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

function OfClaim(props: {
  readonly claim: Claim;
  readonly sources: readonly MemoSource[];
  readonly onRemove: (() => void) | undefined;
}): ReactNode {
  const { claim, sources, onRemove } = props;
  const { language, sector } = useShown();
  const { memo, bulletins: words } = catalogues[language];
  const gone = claim.state !== "standing" && claim.state !== "confirmed";
  const first = sources.find(({ id }) => id === claim.sources[0]?.id);
  const day = (timeMs: number): string => dayAndClock(timeMs, sector?.timeZone).slice(0, 10);
  const letter = claim.sources[0]?.reliability ?? "F";
  const about = [
    first === undefined ? "" : `${memo.kind[first.kind]}, ${day(first.writtenMs ?? first.capturedMs)}.`,
    `${memo.reliability.title}: ${memo.reliability[letter]};`,
    claim.independentWithCorroboration > 1 ? memo.claim.confirmedBy(claim.independentWithCorroboration) : memo.claim.notConfirmed,
  ].filter((part) => part !== "");
  return (
    <li data-used-claim={claim.id}>
      <div className="row">
        <Ratings claim={claim} />
        <Button className="plain" onPress={() => useShown.setState({ view: "analysis", memo: { about: "claim", id: claim.id } })}>
          <strong>{claim.number}</strong>
        </Button>
        <span className="grow" />
        {onRemove === undefined ? null : (
          <Button className="small" aria-label={words.claims.remove(claim.number)} onPress={onRemove}>
            ×
          </Button>
        )}
      </div>
      <p>{claim.text}</p>
      {gone ? <p className="gap">⊘ {memo.state[claim.state]}</p> : null}
      <p className="quiet">
        {claim.state === "confirmed" ? `${memo.state.confirmed}. ` : ""}
        {about.join(" ")}.
      </p>
      {repeats(claim, sources).map(({ source, cites, same }) =>
        same ? (
          <p key={source.id} className="same-source">
            {memo.chain.same(cites.map(({ title }) => title).join(", "))}
          </p>
        ) : null,
      )}
    </li>
  );
}

export function ClaimsSide(props: {
  readonly number: string;
  readonly used: readonly string[];
  readonly claims: readonly Claim[];
  readonly sources: readonly MemoSource[];
  /** Absent: it is only read. */
  readonly onChange?: ((used: readonly string[]) => void) | undefined;
}): ReactNode {
  const { number, used, claims, sources, onChange } = props;
  const { language } = useShown();
  const { memo, bulletins: words } = catalogues[language];
  const incidents = useOwnIncidents();
  const shown = used.flatMap((id) => claims.find((claim) => claim.id === id) ?? []);
  const from = [...new Set(shown.flatMap((claim) => claim.sources.map(({ id }) => id)))];
  // With what they come down to along their citations.
  const all = [...new Set(shown.flatMap((claim) => [...claim.sources.map(({ id }) => id), ...claim.roots]))].flatMap(
    (id) => sources.find((source) => source.id === id) ?? [],
  );
  const offered = claims.filter(({ id, state }) => !used.includes(id) && (state === "standing" || state === "confirmed"));
  return (
    <>
      <h2>
        {words.claims.title} {used.length} <span className="aside">{memo.ratings}</span>
      </h2>
      {shown.length === 0 ? <p className="padded quiet">{words.claims.none}</p> : null}
      <ul className="used-claims">
        {shown.map((claim) => (
          <OfClaim
            key={claim.id}
            claim={claim}
            sources={sources}
            onRemove={onChange === undefined ? undefined : () => onChange(used.filter((id) => id !== claim.id))}
          />
        ))}
      </ul>
      {onChange === undefined || offered.length === 0 ? null : (
        <label className="padded">
          {words.claims.add}
          <select
            name="use-claim"
            aria-label={words.claims.pick}
            value=""
            onChange={({ target }) => {
              if (target.value !== "") onChange([...used, target.value]);
            }}
          >
            <option value="">–</option>
            {offered.map((claim) => (
              <option key={claim.id} value={claim.id}>
                {claim.number} {claim.text.slice(0, 70)}
              </option>
            ))}
          </select>
        </label>
      )}
      {from.length === 0 ? null : (
        <>
          <h3>{memo.chain.title}</h3>
          <Chain from={from} sources={sources} target={number} />
          <h3>
            {memo.source.title} {all.length}
          </h3>
          <ul className="hashes">
            {all.map((source) => (
              <li key={source.id}>
                <span>{source.document.incident === undefined ? source.title : incidentName(source.document.incident, incidents)}</span>
                {source.document.sha256 === undefined ? null : (
                  <code title={source.document.sha256}>sha256 {shortHash(source.document.sha256)}</code>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
