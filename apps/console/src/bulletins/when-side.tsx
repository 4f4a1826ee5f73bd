// How weighty a bulletin is, from when until when it holds, how it may be handed on, which piece of ground it is about, and what follows its release.
import type { BulletinSettings, Confirming } from "@atalaya/protocol";
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { HandlingFields } from "../memo/handling-fields.tsx";
import { fromWallClock, WALL_CLOCK_PATTERN, wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";
import { spanWords } from "./pieces.ts";

type Change = ((settings: BulletinSettings) => void) | undefined;

/** A time as it is typed; what cannot be read is said beside it and changes nothing. */
export function TimeField(props: {
  readonly name: string;
  readonly label: string;
  readonly unread: string;
  readonly timeMs: number | undefined;
  readonly onChange: (timeMs: number | undefined) => void;
  readonly required?: boolean;
}): ReactNode {
  const { name, label, unread, timeMs, onChange, required = true } = props;
  const timeZone = useShown(({ sector }) => sector?.timeZone);
  const [text, setText] = useState(timeMs === undefined ? "" : wallClock(timeMs, timeZone));
  const read = fromWallClock(text, timeZone);
  const empty = text.trim() === "";
  // What another has written is shown, unless it is what was typed here.
  if (
    timeMs !== undefined &&
    read !== undefined &&
    Math.floor(timeMs / 60_000) !== Math.floor(read / 60_000) &&
    document.activeElement?.getAttribute("name") !== name
  )
    setText(wallClock(timeMs, timeZone));
  return (
    <label>
      {label}
      <input
        name={name}
        pattern={WALL_CLOCK_PATTERN}
        placeholder="2026-01-31 23:59"
        required={required}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          const next = fromWallClock(target.value, timeZone);
          if (next !== undefined && target.value.length === 16) onChange(next);
          else if (!required && target.value.trim() === "") onChange(undefined);
        }}
      />
      {read === undefined && !(empty && !required) ? <span className="gap">{unread}</span> : null}
    </label>
  );
}

export function WhenSide({ settings, onChange }: { readonly settings: BulletinSettings; readonly onChange?: Change }): ReactNode {
  const { language, sector, zones } = useShown();
  const { bulletins: words, memo } = catalogues[language];
  const { when } = words;
  const at = (timeMs: number): string => wallClock(timeMs, sector?.timeZone);
  const { level, validFromMs, validUntilMs, handling, drill, area } = settings;
  const zone = zones.find(({ shape }) => JSON.stringify(shape) === JSON.stringify(area));
  if (onChange === undefined)
    return (
      <section data-side="when">
        <h2>{when.title}</h2>
        <dl className="rows">
          <div>
            <dt>{words.columns.level}</dt>
            <dd>
              <strong>{words.level[level]}</strong>
            </dd>
          </div>
          <div>
            <dt>{when.from}</dt>
            <dd>{at(validFromMs)}</dd>
          </div>
          <div>
            <dt>{when.until}</dt>
            <dd>{at(validUntilMs)}</dd>
          </div>
          <div>
            <dt>{when.marking}</dt>
            <dd>TLP:{handling.tlp}</dd>
          </div>
          <div>
            <dt>{when.releasable}</dt>
            <dd>{handling.releasableTo.length === 0 ? when.nobody : handling.releasableTo.join(", ")}</dd>
          </div>
        </dl>
      </section>
    );
  return (
    <section data-side="when">
      <h2>{when.title}</h2>
      <div className="padded stack">
        <div className="row" role="group" aria-label={words.columns.level}>
          {(["act-on-it", "know-it"] as const).map((known) => (
            <Button
              key={known}
              className={known === level ? "primary" : ""}
              aria-pressed={known === level}
              onPress={() => onChange({ ...settings, level: known })}
            >
              {words.level[known]}
            </Button>
          ))}
        </div>
        <div className="beside stack">
          <TimeField
            name="valid-from"
            label={when.from}
            unread={when.unread}
            timeMs={validFromMs}
            onChange={(timeMs) => (timeMs === undefined ? undefined : onChange({ ...settings, validFromMs: timeMs }))}
          />
          <TimeField
            name="valid-until"
            label={when.until}
            unread={when.unread}
            timeMs={validUntilMs}
            onChange={(timeMs) => (timeMs === undefined ? undefined : onChange({ ...settings, validUntilMs: timeMs }))}
          />
        </div>
        {validUntilMs <= validFromMs ? <p className="gap">{when.order}</p> : null}
        <HandlingFields handling={handling} onChange={(next) => onChange({ ...settings, handling: next })} />
        <label>
          {when.area}
          <select
            name="area"
            value={area === undefined ? "" : (zone?.id ?? "own")}
            onChange={({ target }) => {
              const { area: _, ...rest } = settings;
              const chosen = zones.find(({ id }) => id === target.value);
              if (target.value === "") onChange(rest);
              else if (chosen !== undefined) onChange({ ...rest, area: chosen.shape });
            }}
          >
            <option value="">{when.areaNone}</option>
            {area !== undefined && zone === undefined ? <option value="own">{memo.kind.report}</option> : null}
            {zones.map(({ id, name }) => (
              <option key={id} value={id}>
                {when.areaOf} {name}
              </option>
            ))}
          </select>
        </label>
        <label className="tick">
          <input type="checkbox" name="drill" checked={drill} onChange={({ target }) => onChange({ ...settings, drill: target.checked })} />
          {when.drill}
        </label>
      </div>
    </section>
  );
}

export function AfterSide({ settings, onChange }: { readonly settings: BulletinSettings; readonly onChange?: Change }): ReactNode {
  const { bulletins: words } = catalogues[useShown(({ language }) => language)];
  const { after, carry } = words;
  const { confirming } = settings;
  const [open, setOpen] = useState(false);
  const change = (part: Partial<Confirming>): void => onChange?.({ ...settings, confirming: { ...confirming, ...part } });
  const minutes = (key: "withinS" | "remindEveryS" | "supervisorAfterS", label: string, least: number): ReactNode => (
    <label>
      {label}
      <input
        name={key}
        type="number"
        min={least}
        max={7 * 1440}
        value={Math.round(confirming[key] / 60)}
        onChange={({ target }) => {
          const value = Math.round(Number(target.value));
          if (value >= least && value <= 7 * 1440) change({ [key]: value * 60 });
        }}
      />
    </label>
  );
  const later = spanWords(confirming.supervisorAfterS, words);
  return (
    <section data-side="after">
      <h2>{after.title}</h2>
      <p className="padded quiet">
        {after.text(spanWords(confirming.withinS, words))}{" "}
        {after.reminders(confirming.reminders, spanWords(confirming.remindEveryS, words))}{" "}
        {confirming.leader ? after.leader(later) : after.noLeader(later)}
      </p>
      {onChange === undefined ? null : (
        <>
          {open ? (
            <div className="stacked">
              <div className="two">
                {minutes("withinS", after.within, 1)}
                {minutes("supervisorAfterS", after.supervisor, 0)}
                <label>
                  {after.count}
                  <input
                    name="reminders"
                    type="number"
                    min={0}
                    max={10}
                    value={confirming.reminders}
                    onChange={({ target }) => change({ reminders: Math.min(10, Math.max(0, Math.round(Number(target.value)) || 0)) })}
                  />
                </label>
                {minutes("remindEveryS", after.every, 1)}
              </div>
              <label className="tick">
                <input
                  type="checkbox"
                  name="leader"
                  checked={confirming.leader}
                  onChange={({ target }) => change({ leader: target.checked })}
                />
                {after.toLeader}
              </label>
            </div>
          ) : null}
          <div className="padded">
            <Button onPress={() => setOpen(!open)} aria-expanded={open}>
              {open ? carry.done : carry.change}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
