// After the press: the number of the report at once, then, all optional, what else was seen. Nothing here has to be typed.
import { type CoarseDirection, type MoreSeen, RANGE_WORDS, SOUND_WORDS } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { addFile, addMore, report, soundReceipt } from "../device.ts";
import type { MediaItem, ReportItem } from "../queue/items.ts";
import { canRecord, record, type Recording } from "../report/recorder.ts";
import { go, useField } from "../state.ts";
import { seconds, useWords } from "../words/words.ts";
import { Big, Choice, type Option, options, TopBar, useEvery } from "./parts.tsx";

type More = Partial<Omit<MoreSeen, "id" | "sentMs">>;
const DIRECTIONS: readonly CoarseDirection[] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
const COUNTS = [1, 2, 3, 4, 5, 10] as const;
const AGO_MIN = [0, 1, 5, 15] as const;
const COLOURS = ["white", "red", "green", "blue", "yellow", "other"] as const;
/** What is tapped and left is sent by itself after so long without a tap. */
const SENDS_AFTER_MS = 20_000;

/** The report as the phone keeps it. */
export function useReport(reportId: string): ReportItem | undefined {
  return useField(({ items }) => items.find((item): item is ReportItem => item.kind === "report" && item.id === reportId));
}

/** The number, or that it is kept; a falling tone when it has come. */
export function Receipt({ item }: { readonly item: ReportItem | undefined }): ReactNode {
  const words = useWords();
  const reference = item?.receipt?.reference;
  const before = useRef(reference);
  useEffect(() => {
    if (before.current === undefined && reference !== undefined) soundReceipt();
    before.current = reference;
  }, [reference]);
  if (item?.refused !== undefined)
    return (
      <section className="card receipt refused" role="status" data-receipt="refused">
        <p>
          <LevelShape level="caution" /> {words.seen.refused}
        </p>
        <p className="hint">
          {words.reports.refusedWhy} <span lang="en">{item.refused.message}</span>
        </p>
      </section>
    );
  if (item?.receipt === undefined)
    return (
      <section className="card receipt" role="status" data-receipt="kept">
        <p>
          <StatusShape status="waiting" /> {words.seen.kept}
        </p>
        <p className="hint">{words.seen.keptHint}</p>
      </section>
    );
  return (
    <section className="card receipt" role="status" data-receipt="sent" data-took-ms={item.tookMs}>
      <p>
        <StatusShape status="normal" /> {words.seen.sent}{" "}
        {item.tookMs === undefined || item.tookMs > 60_000 ? null : <span className="quiet">{words.seen.took(seconds(item.tookMs))}</span>}
      </p>
      <strong className="reference">{item.receipt.reference}</strong>
    </section>
  );
}

function KeepAway({ onClose }: { readonly onClose: () => void }): ReactNode {
  const words = useWords();
  return (
    <div className="cover keep-away" role="alertdialog" aria-label={words.fallen.title}>
      <h1>
        <LevelShape level="warning" /> {words.fallen.title}
      </h1>
      <ul>
        {words.fallen.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="foot">
        <Big kind="main" name="keep-away" onPress={onClose}>
          {words.fallen.ok}
        </Big>
      </div>
    </div>
  );
}

function Files({ reportId }: { readonly reportId: string }): ReactNode {
  const words = useWords();
  const kept = useField(
    ({ items }) => items.filter((item): item is MediaItem => item.kind === "media" && item.reportId === reportId).length,
  );
  const [problem, setProblem] = useState<"" | "mediaType" | "mediaSize" | "mediaFull" | "noRecorder">("");
  const [recording, setRecording] = useState<{ readonly it: Recording; readonly fromMs: number } | undefined>();
  useEvery(1000);
  const add = async (file: Blob): Promise<void> => {
    const came = await addFile(reportId, file);
    setProblem(came === "kept" ? "" : came === "type" ? "mediaType" : came === "size" ? "mediaSize" : "mediaFull");
  };
  const picked = (input: HTMLInputElement): void => {
    for (const file of input.files ?? []) void add(file);
    input.value = "";
  };
  const sound = async (): Promise<void> => {
    if (recording === undefined) {
      const it = await record();
      if (it === undefined) setProblem("noRecorder");
      else setRecording({ it, fromMs: Date.now() });
      return;
    }
    setRecording(undefined);
    await add(await recording.it.stop());
  };
  return (
    <fieldset className="choice">
      <legend>
        {words.seen.photo} · {words.seen.film} · {words.seen.record}
      </legend>
      <p className="hint">{words.seen.mediaHint}</p>
      <div className="options">
        <label className="file" data-file="photo">
          {words.seen.photo}
          <input type="file" accept="image/jpeg,image/png,image/webp" capture="environment" onChange={({ target }) => picked(target)} />
        </label>
        <label className="file" data-file="video">
          {words.seen.film}
          <input
            type="file"
            accept="video/mp4,video/quicktime,video/webm"
            capture="environment"
            onChange={({ target }) => picked(target)}
          />
        </label>
        <button type="button" data-file="sound" aria-pressed={recording !== undefined} onClick={() => void sound()} disabled={!canRecord()}>
          {recording === undefined ? words.seen.record : words.seen.stopRecord(Math.round((Date.now() - recording.fromMs) / 1000))}
        </button>
      </div>
      <p className="hint" role="status" data-files={kept}>
        {problem === "" ? (kept === 0 ? "" : words.seen.mediaKept(kept)) : words.seen[problem]}
      </p>
    </fieldset>
  );
}

export function Seen({ reportId }: { readonly reportId: string }): ReactNode {
  const words = useWords();
  const item = useReport(reportId);
  const [more, setMore] = useState<More>({});
  const [keepAway, setKeepAway] = useState(false);
  const newest = useRef(more);
  newest.current = more;
  const told = useRef<More>({});

  /** Only what is new since the last time it was told. */
  const send = async (): Promise<void> => {
    const news = Object.fromEntries(
      Object.entries(newest.current).filter(([key, value]) => value !== undefined && told.current[key as keyof More] !== value),
    ) as More;
    told.current = { ...newest.current };
    await addMore(reportId, news);
  };
  // A phone that is dropped in mid-form has told what was tapped: after a pause, and when the page goes away.
  useEffect(() => {
    if (Object.keys(more).length === 0) return undefined;
    const timer = setTimeout(() => void send(), SENDS_AFTER_MS);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const hide = (): void => void (document.visibilityState === "hidden" && send());
    document.addEventListener("visibilitychange", hide);
    return () => document.removeEventListener("visibilitychange", hide);
  });

  const set = (change: More): void => setMore((before) => ({ ...before, ...change }));
  const w = words.seen;
  const ago = (min: number): string => (min === 0 ? w.now : w.ago(min));
  const observedMs = item?.report.observedMs ?? Date.now();
  const firstAgo = more.firstSeenMs === undefined ? undefined : String(Math.round((observedMs - more.firstSeenMs) / 60_000));
  const lastAgo = more.lastSeenMs === undefined ? undefined : String(Math.round((observedMs - more.lastSeenMs) / 60_000));
  const directions: readonly Option<CoarseDirection>[] = DIRECTIONS.map((value) => ({ value, label: words.compass[value] }));
  const done = async (): Promise<void> => {
    await send();
    go({ name: "home" });
  };
  const atRisk = async (): Promise<void> => {
    await send();
    const id = await report({ atRisk: true, noDirection: true });
    if (id !== undefined) go({ name: "seen", reportId: id });
  };

  return (
    <div className="screen seen">
      <TopBar title={w.more} back />
      <main>
        <Receipt item={item} />
        <p className="hint">{w.moreHint}</p>
        <Choice name="type" label={w.type} options={options(w.types)} value={more.type} onChange={(type) => set({ type })} />
        <Choice
          name="count"
          label={w.count}
          options={COUNTS.map((count) => ({ value: String(count), label: count === 10 ? "10+" : String(count) }))}
          value={more.count === undefined ? undefined : String(more.count)}
          onChange={(count) => set({ count: count === undefined ? undefined : Number(count) })}
        />
        <Choice name="doing" label={w.doing} options={options(w.doings)} value={more.doing} onChange={(doing) => set({ doing })} />
        <Choice
          name="heading"
          label={w.heading}
          options={directions}
          columns={4}
          value={more.headingWord as CoarseDirection | undefined}
          onChange={(headingWord) => set({ headingWord })}
        />
        <Choice
          name="range"
          label={w.range}
          options={RANGE_WORDS.map((value) => ({ value, label: w.ranges[value] }))}
          value={more.range?.type === "word" ? more.range.word : undefined}
          onChange={(word) => set({ range: word === undefined ? undefined : { type: "word", word } })}
        />
        <Choice
          name="carrying"
          label={w.carrying}
          options={options(w.carryings)}
          value={more.carrying}
          onChange={(carrying) => set({ carrying })}
        />
        <Choice
          name="lights"
          label={w.lights}
          options={options(w.lightStates)}
          value={more.lights?.state}
          onChange={(state) => set({ lights: state === undefined ? undefined : { state } })}
        />
        {more.lights?.state === "steady" || more.lights?.state === "flashing" ? (
          <div className="options colours" data-choice="colours">
            {COLOURS.map((colour) => {
              const { state, colours = [] } = more.lights ?? { state: "steady" };
              const on = colours.includes(colour);
              return (
                <button
                  key={colour}
                  type="button"
                  aria-pressed={on}
                  data-value={colour}
                  onClick={() => set({ lights: { state, colours: on ? colours.filter((one) => one !== colour) : [...colours, colour] } })}
                >
                  {w.colours[colour]}
                </button>
              );
            })}
          </div>
        ) : null}
        <Choice
          name="sound"
          label={w.sound}
          options={SOUND_WORDS.map((value) => ({ value, label: w.sounds[value] }))}
          value={more.sound}
          onChange={(sound) => set({ sound })}
        />
        <Choice
          name="first"
          label={w.first}
          options={AGO_MIN.map((min) => ({ value: String(min), label: ago(min) }))}
          value={firstAgo}
          onChange={(min) => set({ firstSeenMs: min === undefined ? undefined : observedMs - Number(min) * 60_000 })}
        />
        <Choice
          name="last"
          label={w.last}
          options={[
            { value: "there", label: w.stillThere },
            ...AGO_MIN.slice(0, 3).map((min) => ({ value: String(min), label: ago(min) })),
          ]}
          value={lastAgo}
          onChange={(min) => set({ lastSeenMs: min === undefined || min === "there" ? undefined : observedMs - Number(min) * 60_000 })}
        />
        <Choice
          name="operator"
          label={w.operator}
          hint={w.operatorHint}
          options={[
            { value: "yes", label: words.yes },
            { value: "no", label: words.no },
          ]}
          value={more.operator === undefined ? undefined : more.operator.seen ? "yes" : "no"}
          onChange={(seen) => set({ operator: seen === undefined ? undefined : { seen: seen === "yes" } })}
        />
        {more.operator?.seen === true ? (
          <Choice
            name="operator-where"
            label={w.operatorWhere}
            options={directions}
            columns={4}
            value={more.operator.direction}
            onChange={(direction) => set({ operator: direction === undefined ? { seen: true } : { seen: true, direction } })}
          />
        ) : null}
        <Choice
          name="fallen"
          label={w.fallen}
          options={options(w.fallens)}
          value={more.fallen}
          onChange={(fallen) => {
            set({ fallen });
            if (fallen !== undefined) setKeepAway(true);
          }}
        />
        <Files reportId={reportId} />
      </main>
      <footer>
        <div className="pair">
          <Big kind="main" name="done" onPress={() => void done()}>
            {Object.keys(more).length > 0 ? w.sendMore : w.done}
          </Big>
          <Big kind="risk" name="risk" onPress={() => void atRisk()}>
            {words.aim.risk}
          </Big>
        </div>
      </footer>
      {keepAway ? <KeepAway onClose={() => setKeepAway(false)} /> : null}
    </div>
  );
}
