// A document is taken in: pasted, or dropped as a file, kept whole with its hash and its marking. Nothing is fetched from anywhere.
import { type Handling, Language, MAX_DOCUMENT_BYTES, type MemoSource, MemoSourceKind, type NewMemoSource, paths } from "@atalaya/protocol";
import { type DragEvent, type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { fromWallClock, WALL_CLOCK_PATTERN, wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";
import { HandlingFields } from "./handling-fields.tsx";
import { useOwnIncidents } from "./own-incidents.ts";
import { sendDocument, sha256Of, sizeText, fileType } from "./take-document.ts";

interface ChosenFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: ArrayBuffer;
  readonly sha256: string;
}

export function NewSource(props: {
  readonly sources: readonly MemoSource[];
  readonly onDone: (id: string | undefined) => void;
}): ReactNode {
  const { sources, onDone } = props;
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { memo } = words;
  const timeZone = sector?.timeZone;
  // Made once: what is sent again after a broken link is one.
  const [id] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<MemoSourceKind>("memo");
  const [title, setTitle] = useState("");
  const [origin, setOrigin] = useState("");
  const [place, setPlace] = useState("");
  const [written, setWritten] = useState("");
  const [captured, setCaptured] = useState(() => wallClock(sectorNow(), timeZone));
  const [spoken, setSpoken] = useState<Language | "">("");
  const [handling, setHandling] = useState<Handling>({ tlp: "AMBER+STRICT", releasableTo: [] });
  const [text, setText] = useState("");
  const [file, setFile] = useState<ChosenFile>();
  const [tooBig, setTooBig] = useState(false);
  const [over, setOver] = useState(false);
  const [cites, setCites] = useState<readonly string[]>([]);
  const [addsOwn, setAddsOwn] = useState(false);
  const [incident, setIncident] = useState("");
  const [share, setShare] = useState<number>();
  const first = useRef<HTMLInputElement>(null);
  const incidents = useOwnIncidents();
  useEffect(() => first.current?.focus(), []);

  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    setTooBig(chosen.size > MAX_DOCUMENT_BYTES);
    if (chosen.size > MAX_DOCUMENT_BYTES) return;
    const bytes = await chosen.arrayBuffer();
    setFile({ name: chosen.name.slice(0, 200), type: fileType(chosen.type), bytes, sha256: await sha256Of(bytes) });
    setTitle((before) => (before === "" ? chosen.name.replace(/\.[A-Za-z0-9]{1,5}$/, "").slice(0, 200) : before));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const own = kind === "own-incident";
  const chosenIncident = incidents.find(({ value }) => value === incident)?.incident;
  const capturedMs = fromWallClock(captured, timeZone);
  const writtenMs = fromWallClock(written, timeZone);
  const unread = capturedMs === undefined || (written.trim() !== "" && writtenMs === undefined);
  const content: NewMemoSource["content"] | undefined = own
    ? chosenIncident === undefined
      ? undefined
      : { form: "incident", incident: chosenIncident }
    : file !== undefined
      ? { form: "file", name: file.name, type: file.type, bytes: file.bytes.byteLength, sha256: file.sha256 }
      : text === ""
        ? undefined
        : { form: "text", text };
  const whole = content !== undefined && title.trim() !== "" && origin.trim() !== "" && !unread;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!whole || capturedMs === undefined) return;
    const body: NewMemoSource = {
      id,
      kind,
      title: title.trim(),
      origin: origin.trim(),
      ...(place.trim() === "" ? {} : { place: place.trim() }),
      ...(writtenMs === undefined ? {} : { writtenMs }),
      capturedMs,
      ...(spoken === "" ? {} : { language: spoken }),
      handling,
      content,
      cites: [...cites],
      addsOwn,
    };
    const made = await ask<MemoSource>("POST", paths.memoSources, body);
    if (!wasDone(made)) return;
    if (file !== undefined && !own) {
      setShare(0);
      if (!wasDone(await sendDocument(made, file.bytes, setShare))) return;
    }
    onDone(id);
  };
  const input = (name: string, label: string, value: string, set: (value: string) => void, more: object = {}): ReactNode => (
    <label>
      {label}
      <input name={name} autoComplete="off" value={value} onChange={({ target }) => set(target.value)} {...more} />
    </label>
  );
  const time = { pattern: WALL_CLOCK_PATTERN, placeholder: "2026-01-31 23:59", title: memo.source.unread };
  return (
    <form className="stacked memo-form" data-form="source" onSubmit={(event) => void save(event)}>
      <h2>{memo.takeSource}</h2>
      <div className="two">
        <label>
          {memo.source.kind}
          <select name="kind" value={kind} onChange={({ target }) => setKind(MemoSourceKind.parse(target.value))}>
            {MemoSourceKind.options.map((known) => (
              <option key={known} value={known}>
                {memo.kind[known]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {memo.source.language}
          <select
            name="language"
            value={spoken}
            onChange={({ target }) => setSpoken(target.value === "" ? "" : Language.parse(target.value))}
          >
            <option value="">–</option>
            {Language.options.map((code) => (
              <option key={code} value={code}>
                {catalogues[code].language}
              </option>
            ))}
          </select>
        </label>
      </div>
      {input("title", memo.source.heading, title, setTitle, { required: true, maxLength: 200, ref: first })}
      {input("origin", memo.source.origin, origin, setOrigin, { required: true, maxLength: 200 })}
      <label>
        {memo.source.place}
        <input name="place" autoComplete="off" maxLength={500} value={place} onChange={({ target }) => setPlace(target.value)} />
        <span className="quiet">{memo.source.placeHint}</span>
      </label>
      <div className="two">
        {input("written", memo.source.written, written, setWritten, time)}
        {input("captured", memo.source.captured, captured, setCaptured, { ...time, required: true })}
      </div>
      <HandlingFields handling={handling} onChange={setHandling} />
      {own ? (
        <label>
          {memo.source.incidentPick}
          <select name="incident" required value={incident} onChange={({ target }) => setIncident(target.value)}>
            <option value="">–</option>
            {incidents.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <fieldset
          className={over ? "drop over" : "drop"}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <legend>{memo.source.content}</legend>
          {file === undefined ? (
            <label>
              {memo.source.paste}
              <textarea name="text" rows={6} maxLength={200_000} value={text} onChange={({ target }) => setText(target.value)} />
            </label>
          ) : (
            <>
              <p>
                {memo.source.chosen(file.name, sizeText(file.bytes.byteLength))}{" "}
                <Button onPress={() => setFile(undefined)}>{memo.cancel}</Button>
              </p>
              <p className="quiet">
                {memo.source.hashOf} <code className="long">{file.sha256}</code>
              </p>
            </>
          )}
          <p className="row">
            <span className="grow">{memo.source.drop}</span>
            <FileTrigger onSelect={(files) => void take(files?.[0])}>
              <Button>{memo.source.file}</Button>
            </FileTrigger>
          </p>
          {tooBig ? <p className="gap">{memo.source.tooBig}</p> : null}
        </fieldset>
      )}
      {sources.length === 0 ? null : (
        <fieldset className="picks">
          <legend>{memo.source.cites}</legend>
          {sources.map((source) => (
            <label key={source.id} className="tick">
              <input
                type="checkbox"
                name={`cites-${source.id}`}
                checked={cites.includes(source.id)}
                onChange={({ target }) => setCites(target.checked ? [...cites, source.id] : cites.filter((known) => known !== source.id))}
              />
              {memo.kind[source.kind]}: {source.title}
            </label>
          ))}
          {cites.length === 0 ? null : (
            <label className="tick">
              <input type="checkbox" name="adds-own" checked={addsOwn} onChange={({ target }) => setAddsOwn(target.checked)} />
              {memo.source.addsOwn}
            </label>
          )}
          {cites.length > 0 && !addsOwn ? <p className="same-source">{memo.source.addsOwnNot}</p> : null}
        </fieldset>
      )}
      {whole ? null : <p className="quiet">{unread ? memo.source.unread : memo.source.needs}</p>}
      {share === undefined ? null : <p role="status">{memo.source.sending(`${Math.floor(share * 100)}\u00a0%`)}</p>}
      <div className="row">
        <Button type="submit" className="primary">
          {memo.source.takeIn}
        </Button>
        <Button onPress={() => onDone(undefined)}>{memo.cancel}</Button>
      </div>
    </form>
  );
}
