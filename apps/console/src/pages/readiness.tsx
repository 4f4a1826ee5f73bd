// A shift that is ready: four counts, people with something open, and a remedy for each before they go. No score, no ranking.
import { type OutingDefinition, paths, type Readiness, ThreatLevel } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask } from "../link/api.ts";
import { wasDone } from "../link/asked.ts";
import { useMemoAsked } from "../link/memo-asked.ts";
import { hasRight, useShown } from "../link/store.ts";
import { Counts } from "../readiness/counts.tsx";
import { KitMark } from "../readiness/kit-mark.tsx";
import { ListsEditor } from "../readiness/lists-editor.tsx";
import { Outings } from "../readiness/outings.tsx";
import { PersonPane } from "../readiness/person-pane.tsx";
import { OpenCard } from "../readiness/remedies.tsx";
import { ShiftTable } from "../readiness/shift-table.tsx";
import { beforeTheyGo, nextOuting } from "../readiness/view.ts";
import { age } from "../words/figures.ts";
import { wallClock } from "../words/local-time.ts";
import { catalogues } from "../words/words.ts";
import { ReasonForm } from "./reason-form.tsx";

const SECTIONS = ["shift", "lists", "outings"] as const;
type Section = (typeof SECTIONS)[number];
/** Reach ages and phones come and go: asked again this often. */
const EVERY_MS = 5000;

function MusterOf({ outing, readiness }: { readonly outing: OutingDefinition; readonly readiness: Readiness }): ReactNode {
  const { language, sector, user } = useShown();
  const words = catalogues[language].readiness.muster;
  const members = readiness.people.filter(({ personId }) => outing.people.includes(personId));
  const owed = new Map<string, string[]>();
  for (const person of members)
    for (const { id, step } of person.bulletins)
      if (step !== "confirmed" && step !== "by-muster") owed.set(id, [...(owed.get(id) ?? []), person.personId]);
  // The bulletin that most of them owe is read first.
  const [first] = [...owed].sort((a, b) => b[1].length - a[1].length);
  const at = outing.musterMs === undefined ? "" : wallClock(outing.musterMs, sector?.timeZone).slice(11);
  return (
    <section data-muster={outing.id}>
      <h2>{words.title(at, outing.musterPlace ?? "")}</h2>
      <div className="padded stack">
        <p className="quiet">
          {outing.name}. {words.text(members.length, new Set([...owed.values()].flat()).size)} {first === undefined ? "" : words.confirm}
        </p>
        {first === undefined || !hasRight(user, "officer") ? null : (
          <div className="row">
            <Button
              className="primary"
              onPress={() => useShown.setState({ view: "bulletins", bulletin: { id: first[0], muster: outing.people } })}
            >
              {words.open}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

function Threat({ readiness, onDone }: { readonly readiness: Readiness; readonly onDone: () => Promise<void> }): ReactNode {
  const { language, sector, user } = useShown();
  const all = catalogues[language].readiness;
  const words = all.threat;
  const [open, setOpen] = useState(false);
  const { threatLevel, threatLevelBy, threatLevelSince } = readiness;
  return (
    <section data-threat={threatLevel}>
      <h2>{words.title}</h2>
      <div className="padded row">
        <span className="grow">
          <strong>{words.level[threatLevel]}</strong>{" "}
          {threatLevelBy === undefined || threatLevelSince === undefined ? null : (
            <span className="quiet">{words.by(threatLevelBy, wallClock(threatLevelSince, sector?.timeZone))}</span>
          )}
        </span>
        {hasRight(user, "supervisor") && !open ? <Button onPress={() => setOpen(true)}>{words.change}</Button> : null}
      </div>
      {open ? (
        <ReasonForm
          label={words.reason}
          hint={words.hint}
          go={words.go}
          cancel={all.cancel}
          onClose={() => setOpen(false)}
          onGo={async (why, form) => {
            const done = wasDone(await ask("PUT", paths.threatLevel, { level: ThreatLevel.parse(form.get("level")), why }));
            if (done) await onDone();
            return done;
          }}
        >
          <label>
            {words.title}
            <select name="level" defaultValue={threatLevel}>
              {ThreatLevel.options.map((level) => (
                <option key={level} value={level}>
                  {words.level[level]}
                </option>
              ))}
            </select>
          </label>
        </ReasonForm>
      ) : null}
    </section>
  );
}

export function ReadinessPage(): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[language].readiness;
  const { value: readiness, load } = useMemoAsked<Readiness>(paths.readiness, "readiness", "bulletins");
  const [section, setSection] = useState<Section>("shift");
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    const timer = setInterval(() => void load(), EVERY_MS);
    return () => clearInterval(timer);
  }, [load]);
  if (readiness === undefined) return <main className="page" aria-busy="true" />;
  const person = readiness.people.find(({ personId }) => personId === chosen);
  const open = beforeTheyGo(readiness);
  const next = nextOuting(readiness);
  const byChoice = readiness.people.filter(({ reach }) => reach.byChoice);
  const roles = [...new Set(readiness.people.map(({ role }) => role))].filter((role) => role !== "").sort();
  const choose = (id: string): void => setChosen(id === chosen ? undefined : id);
  return (
    <main className="watch two-panes readiness">
      <section className="pane-centre" tabIndex={-1} aria-label={words.title}>
        <div className="desk-scroll">
          <Counts readiness={readiness} />
          <div className="row desk-tabs">
            {SECTIONS.map((known) => (
              <Button
                key={known}
                className={known === section ? "primary" : ""}
                aria-pressed={known === section}
                data-section={known}
                onPress={() => setSection(known)}
              >
                {words.sections[known]}
              </Button>
            ))}
          </div>
          {section === "lists" ? (
            <ListsEditor roles={roles} onDone={load} />
          ) : section === "outings" ? (
            <Outings outings={readiness.outings} onDone={load} />
          ) : (
            <ShiftTable readiness={readiness} chosen={chosen} onChoose={choose} />
          )}
        </div>
        <footer className="desk-foot legend">
          <div className="row">
            {(["has", "missing", "ends-soon", "not-answered"] as const).map((state) => (
              <span key={state}>
                <KitMark state={state} /> {words.kit[state]}
              </span>
            ))}
            <span className="grow" />
            <span className="quiet">{words.legend}</span>
          </div>
        </footer>
      </section>
      <aside className="pane-detail" tabIndex={-1} aria-label={person?.name ?? words.before.title}>
        {person === undefined ? (
          <>
            <h2>
              {words.before.title} {open.length}
              {next === undefined ? null : (
                <span className="aside">
                  {words.before.at(wallClock(next.fromMs, sector?.timeZone).slice(11), age((next.fromMs - readiness.timeMs) / 1000))}
                </span>
              )}
            </h2>
            {open.length === 0 ? <p className="padded quiet">{words.before.none}</p> : null}
            {open.map((one) => (
              <OpenCard key={one.personId} person={one} readiness={readiness} onDone={load} />
            ))}
            {readiness.outings
              .filter(({ fromMs }) => fromMs > readiness.timeMs)
              .map((outing) => (
                <MusterOf key={outing.id} outing={outing} readiness={readiness} />
              ))}
            <h2>
              {words.byChoice.title} {byChoice.length}
            </h2>
            <div className="padded quiet">
              {byChoice.length === 0
                ? words.byChoice.none
                : byChoice.map(({ personId, name }) => <p key={personId}>{words.byChoice.text(name)}</p>)}
            </div>
            <Threat readiness={readiness} onDone={load} />
          </>
        ) : (
          <PersonPane key={person.personId} person={person} readiness={readiness} onDone={load} onClose={() => setChosen(undefined)} />
        )}
      </aside>
    </main>
  );
}
