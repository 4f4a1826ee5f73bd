// A claim in its parts: drawn anew from sources, or its words changed.
import { type Claim, type ClaimText, Credibility, type MemoSource, paths, Sureness } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { catalogues } from "../words/words.ts";
import { Letter } from "./ratings.tsx";

const FIELDS = ["who", "what", "where", "when"] as const;
type Draft = Readonly<Record<"text" | (typeof FIELDS)[number], string>>;

export function SourcePicks(props: {
  readonly sources: readonly MemoSource[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}): ReactNode {
  const { sources, chosen, onChange } = props;
  const { memo } = catalogues[useShown(({ language }) => language)];
  return (
    <fieldset className="picks">
      <legend>{memo.claim.sources}</legend>
      {sources.map((source) => (
        <label key={source.id} className="tick">
          <input
            type="checkbox"
            name={`source-${source.id}`}
            checked={chosen.includes(source.id)}
            onChange={({ target }) => onChange(target.checked ? [...chosen, source.id] : chosen.filter((known) => known !== source.id))}
          />
          <Letter reliability={source.reliability} />
          <span>
            {source.title}{" "}
            <span className="quiet">
              {memo.kind[source.kind]}
              {source.standing === "standing" ? "" : `, ${memo.standing[source.standing]}`}
            </span>
          </span>
        </label>
      ))}
      <p className="quiet">{memo.claim.sourcesHint}</p>
    </fieldset>
  );
}

export function ClaimForm(props: {
  /** Undefined: a new one. */
  readonly claim: Claim | undefined;
  readonly sources: readonly MemoSource[];
  /** Sources that are ticked to begin with. */
  readonly from: readonly string[];
  readonly onDone: (id: string | undefined) => Promise<void>;
}): ReactNode {
  const { claim, sources, from, onDone } = props;
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [id] = useState(() => claim?.id ?? crypto.randomUUID());
  const [draft, setDraft] = useState<Draft>({
    text: claim?.text ?? "",
    who: claim?.who ?? "",
    what: claim?.what ?? "",
    where: claim?.where ?? "",
    when: claim?.when ?? "",
  });
  const [sure, setSure] = useState<Sureness>(claim?.sure ?? "not-known");
  const [chosen, setChosen] = useState<readonly string[]>(from);
  const [credibility, setCredibility] = useState<Credibility>(6);
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const whole = draft.text.trim() !== "" && (claim !== undefined || chosen.length > 0);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!whole) return;
    const parts = FIELDS.flatMap((key) => (draft[key].trim() === "" ? [] : [[key, draft[key].trim()] as const]));
    const words: ClaimText = {
      text: draft.text.trim(),
      ...Object.fromEntries(parts),
      sure,
      ...(claim?.area === undefined ? {} : { area: claim.area }),
    };
    const answer =
      claim === undefined
        ? await ask<Claim>("POST", paths.memoClaims, { id, ...words, sources: chosen, ...(credibility === 6 ? {} : { credibility }) })
        : await ask<Claim>("PUT", paths.memoClaim(id), words);
    if (wasDone(answer)) await onDone(id);
  };
  return (
    <form className="stacked memo-form" data-form="claim" onSubmit={(event) => void save(event)}>
      <h2>{claim === undefined ? memo.drawClaim : claim.number}</h2>
      <label>
        {memo.claim.text}
        <textarea
          ref={first}
          name="text"
          rows={3}
          required
          maxLength={600}
          value={draft.text}
          onChange={({ target }) => setDraft({ ...draft, text: target.value })}
        />
      </label>
      <div className="two">
        {FIELDS.map((key) => (
          <label key={key}>
            {memo.claim[key]}
            <input
              name={key}
              maxLength={200}
              autoComplete="off"
              value={draft[key]}
              onChange={({ target }) => setDraft({ ...draft, [key]: target.value })}
            />
          </label>
        ))}
      </div>
      <div className="two">
        <label>
          {memo.claim.sure}
          <select name="sure" value={sure} onChange={({ target }) => setSure(Sureness.parse(target.value))}>
            {Sureness.options.map((known) => (
              <option key={known} value={known}>
                {memo.sure[known]}
              </option>
            ))}
          </select>
        </label>
        {claim === undefined ? (
          <label>
            {memo.credibility.title}
            <select
              name="credibility"
              value={credibility}
              onChange={({ target }) => setCredibility(Credibility.parse(Number(target.value)))}
            >
              {([1, 2, 3, 4, 5, 6] as const).map((figure) => (
                <option key={figure} value={figure}>
                  {figure}: {memo.credibility[figure]}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </div>
      {claim === undefined ? (
        <>
          <SourcePicks sources={sources} chosen={chosen} onChange={setChosen} />
          <p className="quiet">{memo.apart}</p>
        </>
      ) : null}
      {whole ? null : <p className="quiet">{memo.claim.needs}</p>}
      <div className="row">
        <Button type="submit" className="primary">
          {claim === undefined ? memo.claim.draw : memo.save}
        </Button>
        <Button onPress={() => void onDone(undefined)}>{memo.cancel}</Button>
      </div>
    </form>
  );
}
