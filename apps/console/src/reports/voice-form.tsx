// The voice form: an officer types while a caller speaks, in SALUTE order, by keyboard alone; saved with each stroke, read back before it is sent.
import { COMPASS_WORDS, type Landmark, type NewReport, type Person, paths, type ReportReceipt } from "@atalaya/protocol";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { loadReports, useShown } from "../link/store.ts";
import { soundDone } from "@atalaya/web/sound";
import { clock } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";
import { changeCall, removeDraft } from "./drafts.ts";
import { placeNames, type VoiceDraft, type VoiceField, voiceReport } from "./voice.ts";
import { wedgeSaid } from "./wedge-said.ts";

type Saving = "saved" | "saving" | "notSaved";

/** What a select offers: the words of a table, each begun by the letter that picks it. */
function choices(table: Readonly<Record<string, string>>): ReactNode {
  return Object.entries(table).map(([value, text]) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
}

function Directions({ words }: { readonly words: Words }): ReactNode {
  const { voice } = words.reports;
  return (
    <>
      {COMPASS_WORDS.map((word) => (
        <option key={word} value={word}>
          {word}
        </option>
      ))}
      {Array.from({ length: 12 }, (_, k) => (
        <option key={k + 1} value={`clock-${k + 1}`}>
          {k + 1} {voice.oclock}
        </option>
      ))}
      <option value="overhead">{voice.overhead}</option>
      <option value="degrees">{voice.inDegrees}</option>
    </>
  );
}

interface VoiceFormProps {
  readonly draft: VoiceDraft;
  readonly landmarks: readonly Landmark[];
  /** What it makes so far; undefined while there is no place. */
  readonly report: NewReport | undefined;
}

export function VoiceForm({ draft, landmarks, report }: VoiceFormProps): ReactNode {
  const { language, zones, sector } = useShown();
  const words = catalogues[language];
  const { reports } = words;
  const { voice, options } = reports;
  const [saving, setSaving] = useState<Saving>("saved");
  const [unsent, setUnsent] = useState("");
  const [people, setPeople] = useState<readonly Person[]>([]);
  const strokes = useRef(0);
  const first = useRef<HTMLInputElement>(null);
  const { values } = draft;
  const caller = catalogues[values.callerLanguage === "es" ? "es" : "en"];

  useEffect(() => first.current?.focus(), []);
  useEffect(() => {
    void ask<readonly Person[]>("GET", paths.people).then((known) => (isRefused(known) ? undefined : setPeople(known)));
  }, []);
  const wedge = report === undefined ? undefined : wedgeSaid(report);
  const drawn = JSON.stringify(wedge);
  useEffect(() => {
    useShown.setState({ callWedge: drawn === undefined ? undefined : (JSON.parse(drawn) as typeof wedge) });
    return () => useShown.setState({ callWedge: undefined });
  }, [drawn]);

  const change = (field: VoiceField, value: string): void => {
    const next: VoiceDraft = { ...draft, values: { ...values, [field]: value } };
    strokes.current += 1;
    const stroke = strokes.current;
    setSaving("saving");
    changeCall(next).then(
      () => (stroke === strokes.current ? setSaving("saved") : undefined),
      () => setSaving("notSaved"),
    );
  };
  const close = (): void => useShown.setState({ call: undefined });
  const send = async (): Promise<void> => {
    const said = voiceReport(draft, zones, Date.now(), landmarks);
    if ("missing" in said) return;
    const answer = await ask<ReportReceipt>("POST", paths.reports, said);
    if (isRefused(answer)) {
      setUnsent(answer.refused.message === "" ? voice.unsent : answer.refused.message);
      return;
    }
    // Only now: what is not on the hub's disk stays on this one.
    await removeDraft(draft.id).catch(() => undefined);
    soundDone();
    useShown.setState({ call: undefined, chosenReport: answer.id });
    await ask("POST", paths.reportOpened(answer.id));
    // The incident may have ended meanwhile: then it stands alone, or where the hub put it.
    if (draft.join !== undefined) await ask("PUT", paths.reportIncident(answer.id), { incident: draft.join });
    await loadReports();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === "F2") {
      event.preventDefault();
      change("callerLanguage", values.callerLanguage === "es" ? "en" : "es");
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  };

  const input = (field: VoiceField, label: string, type: "text" | "number" = "text", more: object = {}): ReactNode => (
    <label>
      {label}
      <input name={field} type={type} value={values[field] ?? ""} onChange={({ target }) => change(field, target.value)} {...more} />
    </label>
  );
  const select = (field: VoiceField, label: string, offered: ReactNode): ReactNode => (
    <label>
      {label}
      <select name={field} value={values[field] ?? ""} onChange={({ target }) => change(field, target.value)}>
        <option value="">{reports.unsaid}</option>
        {offered}
      </select>
    </label>
  );
  const yesNo = (
    <>
      <option value="yes">{reports.yes}</option>
      <option value="no">{reports.no}</option>
    </>
  );
  const compass = COMPASS_WORDS.map((word) => (
    <option key={word} value={word}>
      {word}
    </option>
  ));
  const eighths = COMPASS_WORDS.filter((word) => word.length < 3).map((word) => (
    <option key={word} value={word}>
      {word}
    </option>
  ));
  return (
    <form className="padded stacked voice-form" aria-label={voice.title} onKeyDown={press} onSubmit={(event) => event.preventDefault()}>
      <header className="row">
        <h2 className="grow">
          {voice.title} <time>{clock(draft.startedMs, sector?.timeZone)}</time>
        </h2>
        <span className="quiet" role="status" data-saving={saving}>
          {voice[saving]}
        </span>
      </header>
      <fieldset>
        <legend>{voice.size}</legend>
        <label>
          {voice.count}
          <input
            ref={first}
            name="count"
            type="number"
            min={1}
            max={999}
            value={values.count ?? ""}
            onChange={({ target }) => change("count", target.value)}
          />
        </label>
        {select("type", voice.type, choices(options.type))}
      </fieldset>
      <fieldset>
        <legend>{voice.activity}</legend>
        {select("doing", voice.doing, choices(options.doing))}
        {select("heading", voice.heading, compass)}
      </fieldset>
      <fieldset>
        <legend>{voice.location}</legend>
        <label>
          {voice.place}
          <input
            name="place"
            list="voice-places"
            autoComplete="off"
            value={values.place ?? ""}
            onChange={({ target }) => change("place", target.value)}
          />
          {(values.place ?? "") !== "" && report === undefined ? <span className="quiet">{voice.noPlace}</span> : null}
        </label>
        <datalist id="voice-places">
          {placeNames(zones, landmarks).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {input("placeError", voice.placeError, "number", { min: 0, max: 50_000 })}
        {select("direction", voice.direction, <Directions words={words} />)}
        {values.direction === "degrees" ? input("degrees", voice.degrees, "number", { min: 0, max: 360 }) : null}
        {values.direction?.startsWith("clock-") === true ? select("facing", voice.facing, compass) : null}
        {select("elevation", voice.elevation, choices(options.elevation))}
        {select("range", voice.range, choices(options.range))}
        {values.range === "metres" ? input("metres", voice.metres, "number", { min: 1, max: 20_000 }) : null}
      </fieldset>
      <fieldset>
        <legend>{voice.unit}</legend>
        {select("lights", voice.lights, choices(options.lights))}
        {select("sound", voice.sound, choices(options.sound))}
        {select(
          "operator",
          voice.operator,
          <>
            {yesNo}
            {eighths}
          </>,
        )}
      </fieldset>
      <fieldset>
        <legend>{voice.time}</legend>
        {input("minutesAgo", voice.minutesAgo, "number", { min: 0, max: 1440 })}
        {select("stillThere", voice.stillThere, yesNo)}
      </fieldset>
      <fieldset>
        <legend>{voice.equipment}</legend>
        {select("carrying", voice.carrying, choices(options.carrying))}
        {select("fallen", voice.fallen, choices(options.fallen))}
        {input("note", voice.note, "text", { maxLength: 500 })}
      </fieldset>
      <fieldset>
        <legend>{voice.caller}</legend>
        {select(
          "person",
          voice.person,
          people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          )),
        )}
        {input("callerName", voice.callerName, "text", { maxLength: 80, autoComplete: "off" })}
        {input("callBack", voice.callBack, "text", { maxLength: 80, autoComplete: "off" })}
        {select("atRisk", voice.atRisk, yesNo)}
        <label>
          {voice.callerLanguage}
          <select
            name="callerLanguage"
            value={values.callerLanguage ?? "en"}
            onChange={({ target }) => change("callerLanguage", target.value)}
          >
            <option value="en">{catalogues.en.language}</option>
            <option value="es">{catalogues.es.language}</option>
          </select>
        </label>
      </fieldset>
      {values.fallen === undefined || values.fallen === "" ? null : (
        <p role="alert">
          <strong>{caller.reports.voice.keepAway}</strong>
        </p>
      )}
      {unsent === "" ? null : <p role="alert">{unsent}</p>}
      <div className="row">
        <Button className="primary" isDisabled={report === undefined} onPress={() => void send()}>
          {voice.send} <kbd>{voice.sendKey}</kbd>
        </Button>
        <Button onPress={close}>
          {voice.later} <kbd>Esc</kbd>
        </Button>
      </div>
    </form>
  );
}
