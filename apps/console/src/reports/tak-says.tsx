// What devices in TAK wrote to the hub, and calls for help of anybody in TAK.
import type { TakSaid } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { sectorNow, useShown } from "../link/store.ts";
import { clock, grid } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

/** A call that was taken back is one no more. */
function isCall({ kind }: TakSaid): boolean {
  return kind === "alarm" || kind === "medical-evacuation";
}

export function TakSays(): ReactNode {
  const { tak, language, sector } = useShown();
  const words = catalogues[language];
  const { takSays } = words.reports;
  if (tak.messages.length === 0) return null;
  const over = new Set(tak.messages.filter(({ kind }) => kind === "alarm-cancel").map(({ uid }) => uid));
  return (
    <section data-tak-says aria-label={takSays.title}>
      <h3 className="padded">{takSays.title}</h3>
      <ul className="list">
        {tak.messages.map((message) => {
          const { kind, callsign, uid, ours, text, position, heardMs, drill } = message;
          const stands = isCall(message) && !(kind === "alarm" && over.has(uid));
          return (
            <li key={`${kind} ${uid} ${heardMs}`} className="padded">
              <strong>
                {stands ? "▲ " : ""}
                {drill ? `${words.mode.drillMark} ` : ""}
                {takSays.kind[kind]}: {callsign ?? uid ?? takSays.unknown}
              </strong>{" "}
              {text}
              <span className="quiet">
                {" "}
                {clock(Math.min(heardMs, sectorNow()), sector?.timeZone)}
                {position === undefined ? "" : ` · ${grid(position.latDeg, position.lonDeg)}`}
                {ours ? "" : ` · ${takSays.notOurs}`}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
