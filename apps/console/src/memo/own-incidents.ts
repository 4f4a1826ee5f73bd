// Our own incidents as they are offered for a verdict or a source: dangers by their warning, reported ones by their incident.
import { type OwnIncident, paths, type ReportQueue, type Warning } from "@atalaya/protocol";
import { useAsked } from "../link/asked.ts";
import { useShown } from "../link/store.ts";
import { dayAndClock } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

/** Offered at most; the newest first. */
const MAX_OFFERED = 200;

export interface OfferedIncident {
  readonly value: string;
  readonly incident: OwnIncident;
  readonly label: string;
}

export function nameOfWarning({ foremost, trackId, level, raisedMs }: Warning, words: Words, timeZone: string | undefined): string {
  // An analyst is not told which of ours it was.
  const whom = foremost.name === "" ? words.dangers.somebody : foremost.name;
  return `${words.dangers.level[level]}, ${trackId}, ${whom}, ${dayAndClock(raisedMs, timeZone).slice(0, 16)}`;
}

export function useOwnIncidents(): readonly OfferedIncident[] {
  const { language, sector, warnings } = useShown();
  const words = catalogues[language];
  const { value: queue } = useAsked<ReportQueue>(paths.reports, 0);
  const ofWarnings = warnings.map((warning) => ({
    timeMs: warning.raisedMs,
    value: `warning ${warning.id}`,
    incident: { kind: "warning", id: warning.id } as const,
    label: nameOfWarning(warning, words, sector?.timeZone),
  }));
  const ofReports = (queue?.incidents ?? []).map((incident) => {
    const first = queue?.reports.findLast(({ id }) => incident.reports.includes(id));
    const timeMs = first?.receivedMs ?? 0;
    return {
      timeMs,
      value: `reports ${incident.id}`,
      incident: { kind: "reports", id: incident.id } as const,
      label: `${incident.reference}, ${words.reports.title}, ${dayAndClock(timeMs, sector?.timeZone).slice(0, 16)}`,
    };
  });
  return [...ofWarnings, ...ofReports].sort((a, b) => b.timeMs - a.timeMs).slice(0, MAX_OFFERED);
}

/** What an incident is called, when it is among those that are known here. */
export function incidentName(incident: OwnIncident, known: readonly OfferedIncident[]): string {
  return known.find(({ value }) => value === `${incident.kind} ${incident.id}`)?.label ?? incident.id;
}
