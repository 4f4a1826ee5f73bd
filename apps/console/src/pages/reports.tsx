// The queue of reports: what people saw, who has opened it, what it makes on the map, and what came of it.
import { type Grading, type Landmark, paths, type Report } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { beginCall } from "../actions.ts";
import { ask, isRefused, type Refused } from "../link/api.ts";
import { useAsked } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { MapView } from "../map/map-view.tsx";
import { CallSide } from "../reports/call-side.tsx";
import { loadDrafts, removeDraft } from "../reports/drafts.ts";
import { directionText } from "../reports/read-back.ts";
import { LookAlikes } from "../reports/look-alikes.tsx";
import { SkyLine, SkyPanel, useSky } from "../reports/sky.tsx";
import { TakSays } from "../reports/tak-says.tsx";
import { VoiceForm } from "../reports/voice-form.tsx";
import { type VoiceDraft, voiceReport } from "../reports/voice.ts";
import { clock, distance, grid, seconds } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

async function act(method: "POST" | "PUT", path: string, body?: object): Promise<void> {
  const answer = await ask(method, path, body ?? {});
  if (isRefused(answer)) useShown.setState({ refusal: answer.refused.message });
}

/** Chosen is opened: the reporter and the leadership see that the centre has it. */
function choose({ id, opened }: Report): void {
  useShown.setState({ chosenReport: id, skyShown: false });
  if (opened.centre === undefined) void act("POST", paths.reportOpened(id));
}

function what({ count, type, atRisk, doing }: Report, words: Words): string {
  const { options, voice, atRisk: risk } = words.reports;
  const { aloud } = voice;
  const thing =
    type === "not-sure-drone" ? ((count ?? 1) === 1 ? aloud.object : aloud.objects) : (count ?? 1) === 1 ? aloud.drone : aloud.drones;
  const parts = [atRisk ? `▲ ${risk}` : "", `${count ?? 1} ${thing}`, doing === undefined ? "" : options.doing[doing]];
  return parts.filter((part) => part !== "").join(", ");
}

function Row({ report }: { readonly report: Report }): ReactNode {
  const { language, sector, chosenReport, incidents } = useShown();
  const words = catalogues[language];
  const { reports } = words;
  const { id, reference, receivedMs, reporter, observer, state, opened, outcome, incident, drill } = report;
  const members = incidents.find((known) => known.id === incident)?.reports.length ?? 1;
  const unread = opened.centre === undefined && state !== "taken-back";
  return (
    <li data-report={id} className={id === chosenReport ? "selected" : ""}>
      <Button className="plain grow report-row" onPress={() => choose(report)}>
        <strong>
          {unread ? "● " : "○ "}
          {drill ? `${words.mode.drillMark} ` : ""}
          {reference} {what(report, words)}
        </strong>
        <span className="quiet">
          {clock(receivedMs, sector?.timeZone)} · {reporter.name ?? reports.unsaid} ·{" "}
          {observer.name ?? grid(observer.latDeg, observer.lonDeg)}
          {members > 1 ? ` · ${members} ${reports.more}` : ""}
          {outcome === undefined ? "" : ` · ${reports.options.outcome[outcome.outcome]}`}
          {state === "taken-back" ? ` · ${reports.takenBack}` : ""}
        </span>
      </Button>
    </li>
  );
}

/** Calls that were begun on this machine and not sent. */
function Unfinished(): ReactNode {
  const { language, sector, call } = useShown();
  const { reports } = catalogues[language];
  const [drafts, setDrafts] = useState<readonly VoiceDraft[]>([]);
  // Looked up again when a call was sent or put aside.
  const isOpen = call !== undefined;
  useEffect(() => {
    if (!isOpen) void loadDrafts().then(setDrafts, () => undefined);
  }, [isOpen]);
  const waiting = drafts.filter(({ id }) => id !== call?.id);
  if (waiting.length === 0) return null;
  return (
    <ul className="list">
      {waiting.map((draft) => (
        <li key={draft.id} data-draft={draft.id}>
          <Button className="grow" onPress={() => useShown.setState({ call: draft })}>
            {reports.resume} {clock(draft.startedMs, sector?.timeZone)}
            {draft.values.place === undefined ? "" : `, ${draft.values.place}`}
          </Button>
          <Button onPress={() => void removeDraft(draft.id).then(() => setDrafts(drafts.filter(({ id }) => id !== draft.id)))}>
            {reports.drop}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Gradings({ id }: { readonly id: string }): ReactNode {
  const { reports } = catalogues[useShown(({ language }) => language)];
  const [grading, setGrading] = useState<Grading>();
  const take = (answer: Grading | Refused): void => {
    if (!isRefused(answer)) setGrading(answer);
  };
  useEffect(() => setGrading(undefined), [id]);
  if (grading === undefined)
    return <Button onPress={() => void ask<Grading>("POST", paths.reportGrading(id), {}).then(take)}>{reports.showGrading}</Button>;
  return (
    <dl className="rows">
      <div>
        <dt>{reports.reliability}</dt>
        <dd>{grading.reliability}</dd>
      </div>
      <div>
        <dt>{reports.credibility}</dt>
        <dd>
          <select
            aria-label={reports.credibility}
            value={grading.credibility}
            onChange={({ target }) => void ask<Grading>("PUT", paths.reportGrading(id), { credibility: Number(target.value) }).then(take)}
          >
            {[1, 2, 3, 4, 5, 6].map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </dd>
      </div>
    </dl>
  );
}

function Outcome({ report }: { readonly report: Report }): ReactNode {
  const { reports } = catalogues[useShown(({ language }) => language)];
  const [outcome, setOutcome] = useState<string>("");
  const [note, setNote] = useState("");
  const { id, outcome: decided } = report;
  return (
    <section className="padded stacked">
      <h3>{reports.outcomeTitle}</h3>
      {decided === undefined ? null : (
        <p>
          <strong>{reports.options.outcome[decided.outcome]}</strong>, {decided.by} ·{" "}
          {decided.toldMs === undefined ? reports.notTold : reports.told}{" "}
          {decided.toldMs === undefined ? <Button onPress={() => void act("POST", paths.reportTold(id))}>{reports.markTold}</Button> : null}
        </p>
      )}
      <form
        className="stacked"
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome !== "")
            void act("POST", paths.reportOutcome(id), { outcome, ...(note.trim() === "" ? {} : { note }) }).then(() => setNote(""));
        }}
      >
        <label>
          {reports.outcomeTitle}
          <select name="outcome" value={outcome} onChange={({ target }) => setOutcome(target.value)}>
            <option value="">{reports.unsaid}</option>
            {Object.entries(reports.options.outcome).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label>
          {reports.outcomeNote}
          <input name="outcome-note" maxLength={500} value={note} onChange={({ target }) => setNote(target.value)} />
        </label>
        <Button type="submit">{reports.decide}</Button>
      </form>
    </section>
  );
}

function Questions({ report: { id, questions } }: { readonly report: Report }): ReactNode {
  const { reports } = catalogues[useShown(({ language }) => language)];
  const [text, setText] = useState("");
  return (
    <section className="padded stacked">
      {questions.map((question) => (
        <p key={question.id}>
          {question.text} — {question.answer?.text ?? <span className="quiet">{reports.noAnswer}</span>}
        </p>
      ))}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") void act("POST", paths.reportQuestions(id), { id: crypto.randomUUID(), text }).then(() => setText(""));
        }}
      >
        <label className="grow">
          {reports.question}
          <input name="question" maxLength={300} value={text} onChange={({ target }) => setText(target.value)} />
        </label>
        <Button type="submit">{reports.ask}</Button>
      </form>
    </section>
  );
}

/** One file: shown only after a purpose was given, and each look is kept. */
function Medium({ medium: { id, kind, done, removed } }: { readonly medium: Report["media"][number] }): ReactNode {
  const { reports } = catalogues[useShown(({ language }) => language)];
  const [purpose, setPurpose] = useState("");
  const [shown, setShown] = useState<string>();
  useEffect(() => () => (shown === undefined ? undefined : URL.revokeObjectURL(shown)), [shown]);
  const look = async (): Promise<void> => {
    const answer = await fetch(paths.mediaLook(id), {
      method: "POST",
      headers: { "x-atalaya": "1", "content-type": "application/json" },
      body: JSON.stringify({ purpose }),
    });
    if (answer.ok) setShown(URL.createObjectURL(await answer.blob()));
    else useShown.setState({ refusal: ((await answer.json()) as { message: string }).message });
  };
  if (!done || removed) return null;
  if (shown !== undefined)
    return kind === "photo" ? <img src={shown} alt={kind} className="evidence" /> : <video src={shown} controls className="evidence" />;
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void look();
      }}
    >
      <label className="grow">
        {reports.purpose}
        <input name="purpose" minLength={3} maxLength={500} required value={purpose} onChange={({ target }) => setPurpose(target.value)} />
      </label>
      <Button type="submit">
        {reports.look}: {kind}
      </Button>
    </form>
  );
}

/** By what a leader has been told, or with a mark that nothing has reached them. */
function leaderText({ name, toldMs, by, unreached }: Report["leaders"][number], words: Words, timeZone: string | undefined): string {
  const { reports, people } = words;
  if (toldMs !== undefined)
    return `${name}: ${reports.toldBy(by.map((channel) => people.channel[channel]).join(", "), clock(toldMs, timeZone))}`;
  return unreached ? `${name}: ◆ ${reports.unreached}` : `${name}: ${reports.beingTold}`;
}

function Detail({ report }: { readonly report: Report }): ReactNode {
  const { language, sector, incidents } = useShown();
  const words = catalogues[language];
  const { reports } = words;
  const { voice, options } = reports;
  const incident = incidents.find(({ id }) => id === report.incident);
  const { position } = incident ?? {};
  const { opened, leaders, reporter, observer, findings } = report;
  const row = (label: string, text: ReactNode): ReactNode =>
    text === undefined || text === "" ? null : (
      <div>
        <dt>{label}</dt>
        <dd>{text}</dd>
      </div>
    );
  const by = (done: Report["opened"]["centre"]): string =>
    done === undefined ? reports.notYet : `${done.by}, ${clock(done.timeMs, sector?.timeZone)}`;
  const { range, lights } = report;
  return (
    <>
      <header className="padded">
        <h2>
          {report.reference} {what(report, words)}
        </h2>
      </header>
      {findings.map(({ code }) => (
        <p key={code} className="padded" role="note">
          ◆ {reports.findings[code]}
        </p>
      ))}
      <dl className="rows padded">
        {row(
          voice.time,
          `${clock(report.observedMs, sector?.timeZone)}${report.lateS > 6 ? `, ${seconds(report.lateS)} ${reports.late}` : ""}`,
        )}
        {row(voice.type, report.type === undefined ? undefined : options.type[report.type])}
        {row(voice.doing, report.doing === undefined ? undefined : options.doing[report.doing])}
        {row(voice.heading, report.headingWord)}
        {row(voice.place, `${observer.name ?? grid(observer.latDeg, observer.lonDeg)} ± ${distance(observer.errorM)}`)}
        {row(voice.direction, directionText(report.direction, words))}
        {row(voice.range, range === undefined ? undefined : range.type === "word" ? options.range[range.word] : distance(range.metres))}
        {row(voice.lights, lights === undefined ? undefined : options.lights[lights.state])}
        {row(voice.sound, report.sound === undefined ? undefined : options.sound[report.sound])}
        {row(voice.carrying, report.carrying === undefined ? undefined : options.carrying[report.carrying])}
        {row(voice.fallen, report.fallen === undefined ? undefined : options.fallen[report.fallen])}
        {row(
          voice.operator,
          report.operator === undefined ? undefined : report.operator.seen ? (report.operator.direction ?? reports.yes) : reports.no,
        )}
        {row(voice.note, report.note)}
        {row(
          reports.position,
          position === undefined
            ? reports.wedgeOnly
            : `${grid(position.latDeg, position.lonDeg)} ± ${distance(position.ellipse.majorM)}, ${clock(position.timeMs, sector?.timeZone)}`,
        )}
        {row(
          reports.reporter,
          `${reporter.name ?? reports.unsaid}${reporter.callBack === undefined ? "" : `, ${reports.callBack} ${reporter.callBack}`}${report.keyedBy === undefined ? "" : `, ${reports.keyedBy} ${report.keyedBy}`}`,
        )}
        {row(
          `${reports.opened}: ${reports.leadership}`,
          leaders.length === 0
            ? reports.noLeader
            : `${by(opened.leadership)} (${leaders.map((leader) => leaderText(leader, words, sector?.timeZone)).join("; ")})`,
        )}
        {row(
          `${reports.opened}: ${reports.centre}`,
          `${by(opened.centre)}${report.reminders === 0 ? "" : `, ${report.reminders} ${reports.reminded}`}`,
        )}
      </dl>
      {(incident?.reports.length ?? 1) > 1 ? (
        <p className="padded row">
          <span className="grow">
            {reports.incident} {incident?.reference}: {incident?.reports.length} {reports.more}
          </span>
          <Button onPress={() => void act("PUT", paths.reportIncident(report.id), { incident: report.id })}>{reports.takeOut}</Button>
        </p>
      ) : null}
      {report.media.length === 0 ? null : (
        <section className="padded stacked">
          <h3>{reports.media}</h3>
          {report.media.map((medium) => (
            <Medium key={medium.id} medium={medium} />
          ))}
        </section>
      )}
      <LookAlikes path={paths.reportLookAlikes(report.id)} />
      <Questions report={report} />
      <Outcome key={report.id} report={report} />
      <section className="padded">
        <h3>{reports.grading}</h3>
        <Gradings id={report.id} />
      </section>
    </>
  );
}

export function Reports(): ReactNode {
  const { language, reports: all, chosenReport, call, skyShown } = useShown();
  const { reports } = catalogues[language];
  const { value: sky, load } = useSky();
  const { zones } = useShown();
  // On a small screen the pane lies below the map: what was asked for is brought before the eyes.
  useEffect(() => {
    if (skyShown || chosenReport !== undefined) document.querySelector(".pane-detail")?.scrollIntoView({ block: "nearest" });
  }, [skyShown, chosenReport]);
  const { value: landmarks = [] } = useAsked<readonly Landmark[]>(paths.landmarks, 0);
  const made = call === undefined ? undefined : voiceReport(call, zones, Date.now(), landmarks);
  const said = made === undefined || "missing" in made ? undefined : made;
  const chosen = all.find(({ id }) => id === chosenReport);
  const unread = all.filter(({ opened, state }) => opened.centre === undefined && state !== "taken-back").length;
  return (
    <main className={call === undefined ? "watch reports" : "watch reports calling"}>
      <aside className="pane-dangers" tabIndex={-1} aria-label={reports.title}>
        <h2>
          {reports.title}{" "}
          <span>
            {unread} {reports.unread}
          </span>
        </h2>
        <div className="row padded">
          <Button className="primary" onPress={() => beginCall()}>
            {reports.newCall} <kbd>V</kbd>
          </Button>
        </div>
        <Unfinished />
        {all.length === 0 ? (
          <p className="quiet padded">
            {reports.none}. {reports.noneDetail}
          </p>
        ) : null}
        <ul className="list">
          {all.map((report) => (
            <Row key={report.id} report={report} />
          ))}
        </ul>
        <TakSays />
        <SkyLine sky={sky} />
      </aside>
      <section className="centre">
        <MapView onPlace={undefined} />
      </section>
      <aside
        className="pane-detail"
        tabIndex={-1}
        aria-label={call !== undefined ? reports.voice.title : skyShown ? reports.sky.title : reports.opened}
      >
        {call !== undefined ? (
          <VoiceForm key={call.id} draft={call} landmarks={landmarks} report={said} />
        ) : skyShown ? (
          <SkyPanel sky={sky} load={load} />
        ) : chosen === undefined ? (
          <p className="quiet padded">{reports.choose}</p>
        ) : (
          <Detail report={chosen} />
        )}
      </aside>
      {call === undefined ? null : (
        <aside className="call-side" tabIndex={-1} aria-label={reports.voice.says}>
          <CallSide key={call.id} draft={call} report={said} />
        </aside>
      )}
    </main>
  );
}
