// Who has to be called by voice now: who asks for help first, then the one who has waited longest; whoever did not answer in time, or cannot be reached in any other way.
import { paths, type Person, type Rung, type Warning } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { ask, isRefused } from "../link/api.ts";
import { isOpen, sectorNow, useShown } from "../link/store.ts";
import { seconds } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { RungAction } from "./ladder.tsx";
import { SHAPE } from "./rung-shape.ts";

interface Call {
  readonly warning: Warning;
  readonly rung: Rung;
  readonly sinceMs: number;
}

function callsOf(warnings: readonly Warning[]): readonly Call[] {
  const calls = warnings.filter(isOpen).flatMap((warning) =>
    (warning.ladder ?? []).flatMap((rung): Call[] => {
      const { callMs, step, needsHelp } = rung;
      return callMs !== undefined && (needsHelp || step === "escalated") ? [{ warning, rung, sinceMs: callMs }] : [];
    }),
  );
  return calls.sort((a, b) => Number(b.rung.needsHelp) - Number(a.rung.needsHelp) || a.sinceMs - b.sinceMs);
}

/** Numbers by person: asked for when somebody has to be called who is not among them. */
function useNumbers(ids: string): ReadonlyMap<string, string> {
  const [numbers, setNumbers] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (ids === "") return;
    void ask<readonly Person[]>("GET", paths.people).then((people) => {
      if (isRefused(people)) return;
      setNumbers(
        new Map(
          people.flatMap(({ id, ways }): [string, string][] => {
            const way = ways.find(({ channel }) => channel === "voice") ?? ways.find(({ channel }) => channel === "sms");
            return way === undefined ? [] : [[id, way.address]];
          }),
        ),
      );
    });
  }, [ids]);
  return numbers;
}

export function Calls(): ReactNode {
  const { language, warnings } = useShown();
  const { calls: words } = catalogues[language].duty;
  const calls = callsOf(warnings);
  const numbers = useNumbers(
    calls
      .map(({ rung }) => rung.personId)
      .sort()
      .join(),
  );
  if (calls.length === 0) return null;
  return (
    <section className="calls" aria-label={words.title}>
      <h2>
        {words.title} <span>{calls.length}</span>
      </h2>
      <ul className="list">
        {calls.map(({ warning, rung, sinceMs }) => (
          <li key={`${warning.id} ${rung.personId}`} data-call={rung.personId}>
            <span aria-hidden="true">{SHAPE[rung.step]}</span>
            <span className="grow">
              <strong>{rung.name}</strong> <span className="number">{numbers.get(rung.personId) ?? words.noNumber}</span>{" "}
              <span className="quiet">
                {warning.reference} · {words.since(seconds(Math.max(0, (sectorNow() - sinceMs) / 1000)))}
              </span>
            </span>
            <RungAction warning={warning} rung={rung} />
          </li>
        ))}
      </ul>
    </section>
  );
}
