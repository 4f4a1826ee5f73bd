// The figures of calm as rows: on their page, and on the note for the next shift.
import type { Calm } from "@atalaya/protocol";
import type { ReactNode } from "react";
import { useShown } from "../link/store.ts";
import { seconds } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

const LEVELS = ["warning", "caution", "advisory"] as const;

export function Figures({ figures }: { readonly figures: Calm["figures"] }): ReactNode {
  const { language } = useShown();
  const words = catalogues[language];
  const { figure, none } = words.duty.calm;
  const { per10Min, perOfficer10Min, officers, medianAnswerS, p90AnswerS, chattering, standing, stale, byLevel } = figures;
  const all = byLevel.warning + byLevel.caution + byLevel.advisory;
  const time = (s: number | undefined): string => (s === undefined ? none : seconds(s));
  const share = (n: number): string => (all === 0 ? none : `${Math.round((n / all) * 100)}\u00a0% (${n})`);
  const rows: readonly (readonly [string, string])[] = [
    [figure.per10Min, String(per10Min)],
    [figure.perOfficer, perOfficer10Min.toFixed(1)],
    [figure.officers, String(officers)],
    [figure.median, time(medianAnswerS)],
    [figure.p90, time(p90AnswerS)],
    [figure.chattering, String(chattering)],
    [figure.standing, String(standing)],
    [figure.stale, String(stale)],
    [figure.shares, LEVELS.map((level) => `${words.dangers.level[level]} ${share(byLevel[level])}`).join(", ")],
  ];
  return (
    <dl className="rows narrow">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
