// Beside the form of a call: what is read aloud, which reports and tracks it may be the same as, and what else it may be; asked anew while it is typed.
import { type NewReport, paths, type ReportPreview } from "@atalaya/protocol";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { sectorNow, useShown } from "../link/store.ts";
import { age, distance, grid } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";
import { changeCall } from "./drafts.ts";
import { Findings } from "./look-alikes.tsx";
import { readBack } from "./read-back.ts";
import type { VoiceDraft } from "./voice.ts";

/** After the last stroke: what is typed in one go is asked about once. */
const PAUSE_MS = 350;

/** Joins the call to an incident once it is sent, or takes that back. */
function join(draft: VoiceDraft, incident: string | undefined): void {
  const { join: _before, ...rest } = draft;
  void changeCall(incident === undefined ? rest : { ...rest, join: incident }).catch(() => undefined);
}

export function CallSide(props: { readonly draft: VoiceDraft; readonly report: NewReport | undefined }): ReactNode {
  const { draft, report } = props;
  const { language, reports: queue } = useShown();
  const words = catalogues[language];
  const { voice, lookAlikes } = words.reports;
  const caller = catalogues[draft.values.callerLanguage === "es" ? "es" : "en"];
  const [preview, setPreview] = useState<ReportPreview>();
  // What is asked about: all that was said, and not the moment of asking; again when another report has come.
  const said = report === undefined ? undefined : JSON.stringify({ ...report, sentMs: 0, lastSeenMs: undefined });
  const newest = queue[0]?.id;
  const asked = useRef(report);
  asked.current = report;
  useEffect(() => {
    if (said === undefined) {
      setPreview(undefined);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      const about = asked.current;
      if (about === undefined) return;
      void ask<ReportPreview>("POST", paths.reportPreview, { ...about, sentMs: Date.now() }).then((answer) => {
        if (isCurrent && !isRefused(answer)) setPreview(answer);
      });
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [said, newest]);
  const same = preview?.same ?? [];
  const joined = same.find(({ incident }) => incident === draft.join);
  const position = (joined ?? same[0])?.position;
  useEffect(() => {
    useShown.setState({ callPosition: position });
    return () => useShown.setState({ callPosition: undefined });
  }, [position]);
  // From anywhere in the form: the hands stay where they are.
  const first = same[0]?.incident;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "j" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (draft.join !== undefined) join(draft, undefined);
      else if (first !== undefined) join(draft, first);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [draft, first]);
  return (
    <>
      <section aria-live="polite" className="read-back padded">
        <h3>
          {voice.readBack} <kbd>F2</kbd> {caller.language}
        </h3>
        <p lang={draft.values.callerLanguage ?? "en"}>{report === undefined ? voice.noPlace : readBack(report, caller, Date.now())}</p>
      </section>
      <section aria-label={voice.sameAs} data-same={preview === undefined ? "asking" : same.length}>
        <h3 className="padded">{voice.sameAs}</h3>
        {preview === undefined ? null : same.length === 0 && preview.tracks.length === 0 ? (
          <p className="quiet padded">{voice.sameNone}</p>
        ) : (
          <ul className="list">
            {same.map(({ incident, report: known, members, position: together }, at) => (
              <li key={incident} data-same-as={known.reference} className={draft.join === incident ? "selected" : ""}>
                <div className="grow">
                  <strong>{known.reference}</strong> {known.reporter ?? ""}{" "}
                  <span className="quiet">
                    {voice.earlier(age(Math.max(0, (sectorNow() - known.observedMs) / 1000)))}
                    {known.place === undefined ? "" : `, ${known.place}`}
                    {members > 1 ? `, ${members} ${words.reports.more}` : ""}
                  </span>
                  <p className="quiet">
                    {together === undefined
                      ? voice.noCrossing
                      : voice.together(grid(together.latDeg, together.lonDeg), distance(together.ellipse.majorM))}
                  </p>
                </div>
                <Button onPress={() => join(draft, draft.join === incident ? undefined : incident)}>
                  {draft.join === incident ? voice.joined : voice.join} {at === 0 ? <kbd>Ctrl J</kbd> : null}
                </Button>
              </li>
            ))}
            {preview.tracks.map(({ number, id }) => (
              <li key={number} data-same-track={id}>
                <span>
                  <strong>{id}</strong> <span className="quiet">{voice.sameTrack}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {preview === undefined ? null : (
        <section aria-label={lookAlikes.title}>
          <Findings answer={preview.lookAlikes} />
        </section>
      )}
    </>
  );
}
