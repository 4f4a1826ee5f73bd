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

/** Numbers may be changed while somebody is called, and the hub may be silent when it is first asked: asked again this often. */
const EVERY_MS = 10_000;
/** What stands for a number until the hub has said whether there is one. */
const NOT_YET_KNOWN = "…";

/** Numbers by person, `undefined` for those who have none; who is not there has not been answered for yet. */
function useNumbers(ids: string): ReadonlyMap<string, string | undefined> {
  const [numbers, setNumbers] = useState<ReadonlyMap<string, string | undefined>>(new Map());
  useEffect(() => {
    if (ids === "") return undefined;
    let current = true;
    const look = async (): Promise<void> => {
      const people = await ask<readonly Person[]>("GET", paths.people);
      if (!current || isRefused(people)) return;
      setNumbers(
        new Map(
          ids.split(",").map((id): [string, string | undefined] => {
            const ways = people.find((person) => person.id === id)?.ways ?? [];
            const way = ways.find(({ channel }) => channel === "voice") ?? ways.find(({ channel }) => channel === "sms");
            return [id, way?.address];
          }),
        ),
      );
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
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
              <strong>{rung.name}</strong>{" "}
              <span className="number">{numbers.has(rung.personId) ? (numbers.get(rung.personId) ?? words.noNumber) : NOT_YET_KNOWN}</span>{" "}
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
