// Manned aircraft that come close to a drone: figures for an officer who can call a pilot. Quiet: no sound, no level, no place among the dangers.
import type { HubHealth } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useShown } from "../link/store.ts";
import { distance, metres, seconds } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

type Conflict = HubHealth["conflicts"][number];

function figures({ distanceM, closestM, inS, aboveM }: Conflict, { conflicts: said }: Words): string {
  const height =
    aboveM === undefined ? said.heightUnknown : aboveM >= 0 ? said.above(metres(aboveM)) : said.below(metres(Math.abs(aboveM)));
  const parts = [said.now(distance(distanceM)), inS === 0 ? undefined : said.closest(distance(closestM), seconds(inS)), height];
  return parts.filter((part) => part !== undefined).join(", ");
}

export function Conflicts(): ReactNode {
  const { language, health } = useShown();
  const words = catalogues[language];
  const conflicts = health?.conflicts ?? [];
  if (conflicts.length === 0) return null;
  return (
    <section aria-label={words.conflicts.title} data-conflicts={conflicts.length}>
      <h2>
        {words.conflicts.title} <span>{conflicts.length}</span>
      </h2>
      <ul className="list">
        {conflicts.map((conflict) => {
          const { aircraft, drone } = conflict;
          return (
            <li key={`${aircraft.number} ${drone.number}`}>
              <Button className="plain grow report-row" onPress={() => useShown.setState({ selected: drone.number })}>
                <strong>
                  {aircraft.name ?? aircraft.id} – {drone.name ?? drone.id}
                </strong>
                <span className="quiet">{figures(conflict, words)}</span>
              </Button>
            </li>
          );
        })}
      </ul>
      <p className="quiet padded">{words.conflicts.hint}</p>
    </section>
  );
}
