// The sky as officers supply it: orbital elements that are pasted or dropped, counted and shown with their age, and the wind with its end.
import { paths, type Sky, type SkyElements } from "@atalaya/protocol";
import { type DragEvent, type FormEvent, type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { type Asked, useAsked, wasDone } from "../link/asked.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { newId } from "../pages/new-id.ts";
import { degrees } from "../words/figures.ts";
import { fromWallClock, WALL_CLOCK_PATTERN, wallClock } from "../words/local-time.ts";
import { catalogues, type Words } from "../words/words.ts";

/** Ages grow and winds end: asked again this often. */
const EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
const FIRST_WIND_MS = 3 * 3_600_000;
const MOST_CHARACTERS = 1_500_000;

export const useSky = (): Asked<Sky> => useAsked<Sky>(paths.sky, EVERY_MS);

function days(epochMs: number): string {
  return (Math.abs(sectorNow() - epochMs) / DAY_MS).toFixed(1);
}

/** How many satellites, how old, and whether they still count. */
function ageText({ satellites, usable, oldestEpochMs, newestEpochMs }: SkyElements, words: Words): string {
  const { sky } = words.reports;
  const counted = sky.satellites(satellites);
  if (newestEpochMs === undefined || oldestEpochMs === undefined) return counted;
  const [newest, oldest] = [days(newestEpochMs), days(oldestEpochMs)];
  const aged = newest === oldest ? sky.age(newest) : sky.ages(newest, oldest);
  return usable === satellites ? `${counted}, ${aged}` : `${counted}, ${aged}. ${sky.usable(usable)}`;
}

/** A refusal in the reader's language, where its words are known. */
function flawText(why: string, words: Words): string {
  const flaws: Readonly<Record<string, string>> = words.reports.sky.flaws;
  return flaws[why] ?? why;
}

/** One line for the list of reports: what is known of the sky, and the way to say more. */
export function SkyLine({ sky }: { readonly sky: Sky | undefined }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language];
  const { sky: said } = words.reports;
  if (sky === undefined) return null;
  const usable = sky.elements.reduce((sum, set) => sum + set.usable, 0);
  const now = sectorNow();
  const wind = sky.winds.findLast(({ fromMs, untilMs }) => now >= fromMs && now <= untilMs);
  return (
    <section aria-label={said.title} data-sky>
      <h3 className="padded">{said.title}</h3>
      <p className="padded row">
        <span className="grow">
          {usable === 0 ? (sky.elements.length === 0 ? said.noElements : said.tooOld) : said.satellites(usable)}
          <br />
          {wind === undefined
            ? said.noWind
            : said.windUntil(degrees(wind.fromDeg), wind.speedMps, wallClock(wind.untilMs, sector?.timeZone).slice(11))}
        </span>
        <Button onPress={() => useShown.setState({ skyShown: true })}>{said.change}</Button>
      </p>
    </section>
  );
}

function Elements({ sky, load }: { readonly sky: Sky; readonly load: () => Promise<void> }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language];
  const { sky: said } = words.reports;
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [over, setOver] = useState(false);
  /** What came of the last supply: what was read, or why nothing was. */
  const [read, setRead] = useState<SkyElements | { readonly refusals: readonly string[] }>();
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    if (file.size > MOST_CHARACTERS) {
      setRead({ refusals: [said.tooLong] });
      return;
    }
    void file.text().then((came) => {
      setText(came);
      setName((before) => (before === "" ? file.name.slice(0, 80) : before));
    });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const supply = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const title = name.trim() === "" ? said.pasted : name.trim();
    const id = newId(
      title,
      sky.elements.filter((known) => known.name !== title).map((known) => known.id),
      "elements",
    );
    // The set of the same name is replaced: elements are supplied anew every few days.
    const known = sky.elements.find((set) => set.name === title)?.id ?? id;
    const answer = await ask<SkyElements>("PUT", paths.skyElements(known), { name: title, text });
    if (isRefused(answer)) {
      const [first = "", ...lines] = answer.refused.message.split("\n");
      const why = lines.map((line) => {
        const [, at = "", flaw = ""] = /^(\d+): (.*)$/.exec(line) ?? [];
        return said.line(Number(at), flawText(flaw, words));
      });
      setRead({ refusals: [answer.refused.code === "no-elements" ? said.noneRead : first, ...why] });
      return;
    }
    setRead(answer);
    setText("");
    setName("");
    await load();
  };
  return (
    <section className="padded stacked" aria-label={said.elements}>
      <h3>{said.elements}</h3>
      {sky.elements.length === 0 ? <p className="quiet">{said.noElementsCost}</p> : null}
      <ul className="list">
        {sky.elements.map((set) => (
          <li key={set.id} data-elements={set.id}>
            <div className="grow">
              <strong>
                {set.usable === 0 ? "◆ " : ""}
                {set.name}
              </strong>
              <p className={set.usable === 0 ? "gap" : "quiet"}>{ageText(set, words)}</p>
            </div>
            <Button onPress={() => void ask("DELETE", paths.skyElements(set.id)).then((answer) => (wasDone(answer) ? load() : undefined))}>
              {said.remove}
            </Button>
          </li>
        ))}
      </ul>
      <form className="stacked bare" data-form="elements" onSubmit={(event) => void supply(event)}>
        <label>
          {said.setName}
          <input
            name="elementsName"
            maxLength={80}
            autoComplete="off"
            placeholder={said.pasted}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label>
          {said.text}
          <textarea
            name="elements"
            className={over ? "mono drop-here" : "mono"}
            rows={6}
            required
            spellCheck={false}
            maxLength={MOST_CHARACTERS}
            value={text}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
            onChange={({ target }) => setText(target.value)}
          />
          <span className="quiet">{said.textHint}</span>
        </label>
        <div className="row">
          <Button type="submit" className="primary">
            {said.supply}
          </Button>
          <label className="file">
            <input type="file" name="elementsFile" aria-label={said.file} onChange={({ target }) => take(target.files?.[0])} />
          </label>
        </div>
      </form>
      {read === undefined ? null : "refusals" in read ? (
        <ul className="refusal" role="alert" data-read="none">
          {read.refusals.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : (
        <div role="status" data-read={read.satellites}>
          <p>{said.read(ageText(read, words).replace(/\.$/, ""))}</p>
          {read.unread.length === 0 ? null : (
            <>
              <p className="gap">◆ {said.notRead(read.unread.length + read.unreadMore)}</p>
              <ul>
                {read.unread.map(({ at, why }) => (
                  <li key={`${at} ${why}`}>{said.line(at, flawText(why, words))}</li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </section>
  );
}

function Winds({ sky, load }: { readonly sky: Sky; readonly load: () => Promise<void> }): ReactNode {
  const { language, sector } = useShown();
  const { sky: said } = catalogues[language].reports;
  const timeZone = sector?.timeZone;
  const [draft, setDraft] = useState(() => ({
    fromDeg: "",
    speed: "",
    measured: "felt",
    from: wallClock(sectorNow(), timeZone),
    until: wallClock(sectorNow() + FIRST_WIND_MS, timeZone),
  }));
  const field = (key: "fromDeg" | "speed", label: string, most: number): ReactNode => (
    <label>
      {label}
      <input
        name={`wind-${key}`}
        type="number"
        step="any"
        min={0}
        max={most}
        required
        value={draft[key]}
        onChange={({ target }) => setDraft((before) => ({ ...before, [key]: target.value }))}
      />
    </label>
  );
  const time = (key: "from" | "until", label: string): ReactNode => (
    <label>
      {label}
      <input
        name={`wind-${key}`}
        pattern={WALL_CLOCK_PATTERN}
        required
        autoComplete="off"
        value={draft[key]}
        onChange={({ target }) => setDraft((before) => ({ ...before, [key]: target.value }))}
      />
    </label>
  );
  const [fromMs, untilMs] = [fromWallClock(draft.from, timeZone), fromWallClock(draft.until, timeZone)];
  const ordered = fromMs !== undefined && untilMs !== undefined && untilMs > fromMs && untilMs - fromMs <= DAY_MS;
  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ordered) return;
    const wind = {
      fromDeg: Number(draft.fromDeg),
      speedMps: Number(draft.speed),
      measured: draft.measured === "measured",
      fromMs,
      untilMs,
    };
    if (!wasDone(await ask("PUT", paths.wind(crypto.randomUUID()), wind))) return;
    setDraft((before) => ({ ...before, fromDeg: "", speed: "" }));
    await load();
  };
  const now = sectorNow();
  return (
    <section className="padded stacked" aria-label={said.wind}>
      <h3>{said.wind}</h3>
      {sky.winds.length === 0 ? <p className="quiet">{said.noWindCost}</p> : null}
      <ul className="list">
        {sky.winds.toReversed().map(({ id, by, fromDeg, speedMps, measured, fromMs: since, untilMs: end }) => (
          <li key={id} data-wind={id} data-holds={now >= since && now <= end ? "now" : "no"}>
            <div className="grow">
              <strong>{said.windText(degrees(fromDeg), speedMps)}</strong>
              <p className="quiet">
                {measured ? said.measured : said.felt}, {by}. {wallClock(since, timeZone)} – {wallClock(end, timeZone).slice(11)},{" "}
                {now > end ? said.over : now < since ? said.later : said.holds}
              </p>
            </div>
            <Button onPress={() => void ask("DELETE", paths.wind(id)).then((answer) => (wasDone(answer) ? load() : undefined))}>
              {said.remove}
            </Button>
          </li>
        ))}
      </ul>
      <form className="stacked bare" data-form="wind" onSubmit={(event) => void enter(event)}>
        <div className="two">
          {field("fromDeg", said.fromDeg, 360)}
          {field("speed", said.speed, 100)}
        </div>
        <label>
          {said.how}
          <select
            name="wind-measured"
            value={draft.measured}
            onChange={({ target }) => setDraft((before) => ({ ...before, measured: target.value }))}
          >
            <option value="felt">{said.felt}</option>
            <option value="measured">{said.measured}</option>
          </select>
        </label>
        <div className="two">
          {time("from", said.from)}
          {time("until", said.until)}
        </div>
        {ordered ? null : <p className="refusal">{said.order}</p>}
        <div className="row">
          <Button type="submit">{said.enter}</Button>
        </div>
      </form>
    </section>
  );
}

export function SkyPanel({ sky, load }: { readonly sky: Sky | undefined; readonly load: () => Promise<void> }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  return (
    <>
      <header>
        <h2>{words.reports.sky.title}</h2>
        <Button onPress={() => useShown.setState({ skyShown: false })}>{words.detail.close}</Button>
      </header>
      <p className="quiet padded">{words.reports.sky.hint}</p>
      {sky === undefined ? null : (
        <>
          <Elements sky={sky} load={load} />
          <Winds sky={sky} load={load} />
        </>
      )}
    </>
  );
}
