// One source: the document that is kept whole, what it cites, how reliable it was judged, and what was drawn from it.
import { type Claim, type Handling, MAX_DOCUMENT_BYTES, type MemoSource, paths, Reliability, type SourceVerdict } from "@atalaya/protocol";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { askFile, saveFile } from "../link/files.ts";
import { hasRight, useShown } from "../link/store.ts";
import { ReasonForm } from "../pages/reason-form.tsx";
import { dayAndClock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { Chain } from "./chain.tsx";
import { HandlingFields } from "./handling-fields.tsx";
import { History } from "./history.tsx";
import { incidentName, useOwnIncidents } from "./own-incidents.ts";
import { Letter } from "./ratings.tsx";
import { sendDocument, sizeText } from "./take-document.ts";

function show(about: "claim" | "source", id: string): void {
  useShown.setState({ memo: { about, id } });
}

function Look({ source }: { readonly source: MemoSource }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [purpose, setPurpose] = useState("");
  const { document: kept } = source;
  if (kept.form === "incident") return <p className="padded">{memo.source.incident}</p>;
  if (kept.removed) return <p className="padded gap">⊘ {memo.source.removed}</p>;
  if (!kept.whole) return null;
  if (!kept.mayLook) return <p className="padded quiet">{memo.source.lookRefused}</p>;
  const look = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const file = await askFile("POST", paths.memoSourceLook(source.id), { purpose });
    if (!wasDone(file)) return;
    saveFile(file, kept.name ?? `${source.id}.txt`);
    setPurpose("");
  };
  return (
    <form className="row end padded" data-form="look" onSubmit={(event) => void look(event)}>
      <label className="grow">
        {memo.source.lookPurpose}
        <input name="purpose" required minLength={3} maxLength={500} value={purpose} onChange={({ target }) => setPurpose(target.value)} />
        <span className="quiet">{memo.source.lookHint}</span>
      </label>
      <Button type="submit">{memo.source.look}</Button>
    </form>
  );
}

/** A file whose pieces have not all come is gone on with. */
function GoOn({ source, onDone }: { readonly source: MemoSource; readonly onDone: () => Promise<void> }): ReactNode {
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [share, setShare] = useState<number>();
  const { bytes, have, whole, form } = source.document;
  if (whole || form !== "file") return null;
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined || file.size > MAX_DOCUMENT_BYTES) return;
    setShare(have / Math.max(1, bytes));
    wasDone(await sendDocument(source, await file.arrayBuffer(), setShare));
    await onDone();
  };
  return (
    <div className="padded gap stack">
      <p>◆ {memo.source.notWhole(sizeText(have), sizeText(bytes))}</p>
      <div>
        <FileTrigger onSelect={(files) => void take(files?.[0])}>
          <Button>{memo.source.file}</Button>
        </FileTrigger>
      </div>
      {share === undefined ? null : <p role="status">{memo.source.sending(`${Math.floor(share * 100)}\u00a0%`)}</p>}
    </div>
  );
}

function Cites(props: {
  readonly source: MemoSource;
  readonly sources: readonly MemoSource[];
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { source, sources, onDone, onClose } = props;
  const { memo } = catalogues[useShown(({ language }) => language)];
  const [cites, setCites] = useState<readonly string[]>(source.cites);
  const [addsOwn, setAddsOwn] = useState(source.addsOwn);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!wasDone(await ask("PUT", paths.memoSourceCites(source.id), { cites, addsOwn }))) return;
    await onDone();
    onClose();
  };
  return (
    <form className="stacked" onSubmit={(event) => void save(event)}>
      <fieldset className="picks">
        <legend>{memo.source.cites}</legend>
        {sources
          .filter(({ id }) => id !== source.id)
          .map((other) => (
            <label key={other.id} className="tick">
              <input
                type="checkbox"
                name={`cites-${other.id}`}
                checked={cites.includes(other.id)}
                onChange={({ target }) => setCites(target.checked ? [...cites, other.id] : cites.filter((known) => known !== other.id))}
              />
              {memo.kind[other.kind]}: {other.title}
            </label>
          ))}
        <label className="tick">
          <input type="checkbox" name="adds-own" checked={addsOwn} onChange={({ target }) => setAddsOwn(target.checked)} />
          {memo.source.addsOwn}
        </label>
      </fieldset>
      <div className="row">
        <Button type="submit" className="primary">
          {memo.save}
        </Button>
        <Button onPress={onClose}>{memo.cancel}</Button>
      </div>
    </form>
  );
}

type Open = "grade" | "handling" | "cites" | SourceVerdict["verdict"];

export function SourceView(props: {
  readonly source: MemoSource;
  readonly sources: readonly MemoSource[];
  readonly claims: readonly Claim[];
  readonly onDone: () => Promise<void>;
  readonly onDraw: () => void;
}): ReactNode {
  const { source, sources, claims, onDone, onDraw } = props;
  const { language, sector, user } = useShown();
  const words = catalogues[language];
  const { memo } = words;
  const [open, setOpen] = useState<Open>();
  const [handling, setHandling] = useState<Handling>(source.handling);
  const incidents = useOwnIncidents();
  const mayEdit = hasRight(user, "analyst");
  const at = (timeMs: number): string => dayAndClock(timeMs, sector?.timeZone).slice(0, 16);
  const close = (): void => setOpen(undefined);
  const named = (id: string): MemoSource | undefined => sources.find((known) => known.id === id);
  const put = async (path: string, body: object, method: "PUT" | "POST" = "PUT"): Promise<boolean> => {
    const done = wasDone(await ask(method, path, body));
    if (done) await onDone();
    return done;
  };
  const row = (label: string, text: ReactNode): ReactNode =>
    text === undefined || text === "" ? null : (
      <div>
        <dt>{label}</dt>
        <dd>{text}</dd>
      </div>
    );
  const others = (ids: readonly string[]): ReactNode =>
    ids.map((id) => (
      <Button key={id} className="plain" onPress={() => show("source", id)}>
        {named(id)?.title ?? id}
      </Button>
    ));
  const { document: kept } = source;
  const reason = { label: memo.why, cancel: memo.cancel, onClose: close };
  const verdicts: readonly SourceVerdict["verdict"][] =
    source.standing === "standing" || source.standing === "fallen" ? ["withdrawn", "refuted"] : ["restored"];
  return (
    <article className="memo-article" data-source={source.id}>
      <header className="memo-head">
        <h2>{source.title}</h2>
        <p className="quiet">
          {memo.kind[source.kind]} · {source.origin}
        </p>
        {source.standing === "standing" ? null : <p className="gap">⊘ {memo.standing[source.standing]}</p>}
      </header>
      <section>
        <h3>{memo.reliability.title}</h3>
        <div className="padded row rating-row">
          <Letter reliability={source.reliability} />
          <span className="grow">
            {memo.reliability[source.reliability]}{" "}
            <span className="quiet">
              {source.gradedBy === undefined ? memo.notGraded : memo.gradedBy(source.gradedBy, at(source.gradedMs ?? 0))}
            </span>
          </span>
          {mayEdit && open !== "grade" ? <Button onPress={() => setOpen("grade")}>{memo.grade}</Button> : null}
        </div>
        {open === "grade" ? (
          <ReasonForm
            {...reason}
            go={memo.save}
            onGo={(why, form) => put(paths.memoSourceReliability(source.id), { reliability: String(form.get("reliability")), why })}
          >
            <label>
              {memo.reliability.title}
              <select name="reliability" defaultValue={source.reliability}>
                {Reliability.options.map((letter) => (
                  <option key={letter} value={letter}>
                    {letter}: {memo.reliability[letter]}
                  </option>
                ))}
              </select>
            </label>
          </ReasonForm>
        ) : null}
      </section>
      <section>
        <h3>{memo.source.document}</h3>
        <dl className="rows">
          {row(
            memo.source.content,
            kept.form === "incident" && kept.incident !== undefined
              ? incidentName(kept.incident, incidents)
              : `${kept.name ?? memo.source.asText}, ${sizeText(kept.bytes)}`,
          )}
          {row(memo.source.hash, kept.sha256 === undefined ? undefined : <code className="long">{kept.sha256}</code>)}
          {row(memo.source.place, source.place)}
          {row(memo.source.written, source.writtenMs === undefined ? memo.notKnown : at(source.writtenMs))}
          {row(memo.source.captured, at(source.capturedMs))}
          {row(memo.source.taken, memo.by(source.by, at(source.takenMs)))}
          {row(memo.source.language, source.language === undefined ? undefined : catalogues[source.language].language)}
        </dl>
        {mayEdit ? <GoOn source={source} onDone={onDone} /> : null}
        <Look source={source} />
      </section>
      <section>
        <h3>{memo.marking}</h3>
        <div className="padded row">
          <span className="grow">
            {memo.tlp[source.handling.tlp]}
            <br />
            <span className="quiet">
              {memo.releasable}: {source.handling.releasableTo.length === 0 ? memo.releasableNone : source.handling.releasableTo.join(", ")}
            </span>
          </span>
          {mayEdit && open !== "handling" ? (
            <Button
              onPress={() => {
                setHandling(source.handling);
                setOpen("handling");
              }}
            >
              {memo.change}
            </Button>
          ) : null}
        </div>
        {open === "handling" ? (
          <ReasonForm {...reason} go={memo.save} onGo={(why) => put(paths.memoSourceHandling(source.id), { handling, why })}>
            <HandlingFields handling={handling} onChange={setHandling} />
          </ReasonForm>
        ) : null}
      </section>
      <section>
        <h3>{memo.chain.title}</h3>
        {source.cites.length === 0 && source.citedBy.length === 0 ? null : (
          <Chain from={[source.id, ...source.citedBy]} sources={sources} />
        )}
        <dl className="rows">
          {row(memo.source.cites, source.cites.length === 0 ? memo.none : others(source.cites))}
          {row(memo.source.citedBy, source.citedBy.length === 0 ? memo.none : others(source.citedBy))}
        </dl>
        {source.cites.length === 0 ? null : source.addsOwn ? (
          <p className="padded">{memo.source.addsOwn}.</p>
        ) : (
          <p className="same-source">{memo.chain.same(source.cites.map((id) => named(id)?.title ?? id).join(", "))}</p>
        )}
        {mayEdit && open !== "cites" ? (
          <div className="padded">
            <Button onPress={() => setOpen("cites")}>{memo.change}</Button>
          </div>
        ) : null}
        {open === "cites" ? <Cites source={source} sources={sources} onDone={onDone} onClose={close} /> : null}
      </section>
      <section>
        <h3>{memo.source.claims}</h3>
        <ul className="list">
          {source.claims.map((id) => {
            const claim = claims.find((known) => known.id === id);
            return claim === undefined ? null : (
              <li key={id}>
                <Button className="plain grow report-row" onPress={() => show("claim", id)}>
                  <strong>{claim.number}</strong> <span>{claim.text}</span>
                </Button>
              </li>
            );
          })}
        </ul>
        {mayEdit ? (
          <div className="padded row">
            <Button onPress={onDraw}>{memo.drawClaim}</Button>
            {verdicts.map((verdict) => (
              <Button key={verdict} onPress={() => setOpen(verdict)}>
                {memo.source.verdict[verdict]}
              </Button>
            ))}
          </div>
        ) : null}
        {open === "withdrawn" || open === "refuted" || open === "restored" ? (
          <ReasonForm
            {...reason}
            hint={memo.source.verdictHint}
            go={memo.source.verdictGo[open]}
            onGo={(why) => put(paths.memoSourceVerdict(source.id), { verdict: open, why }, "POST")}
          />
        ) : null}
      </section>
      <History history={source.history} />
    </article>
  );
}
