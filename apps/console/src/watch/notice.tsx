// You are in danger yourself: what a person at this screen has to know and may answer, above everything else.
import type { Answer, Notice } from "@atalaya/protocol";
import { LevelShape } from "@atalaya/web/marks";
import { soundAttention, soundDone, soundPerson } from "@atalaya/web/sound";
import { type ReactNode, useEffect } from "react";
import { Button } from "react-aria-components";
import { onAnnounce, say, useShown } from "../link/store.ts";
import { clock } from "../words/figures.ts";
import { catalogues } from "../words/words.ts";

const ANSWERS: readonly Answer[] = ["safe", "taking-cover", "need-help", "not-me"];

function sound({ kind, level }: Notice): void {
  if (kind === "all-clear" || kind === "stand-down") soundDone();
  else if (level === "warning") soundPerson();
  // An advisory is silent.
  else if (level !== "advisory" && kind !== "cancel") soundAttention();
}

/** Asked of somebody in danger now: it takes the whole screen until it is answered. */
function isUrgent({ asks, level }: Notice): boolean {
  return asks && level === "warning";
}

function Card({ notice }: { readonly notice: Notice }): ReactNode {
  const { language, sector } = useShown();
  const words = catalogues[notice.language];
  const { id, warningId, personId, text, level, asks, answered, timeMs, reference, kind } = notice;
  useEffect(() => {
    // On the screen of somebody who looks at it.
    const look = (): void => {
      if (document.visibilityState === "visible") say({ type: "receipt", id, warningId, personId, step: "seen" });
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [id, warningId, personId]);
  const close = (): void => useShown.setState({ notices: useShown.getState().notices.filter((known) => known.id !== id) });
  return (
    <div
      className={`notice ${level ?? kind} ${isUrgent(notice) ? "urgent" : ""}`}
      data-notice={warningId}
      lang={notice.language}
      role={level === "warning" ? "alert" : "status"}
    >
      {level === undefined ? null : <LevelShape level={level} />}
      <p className="grow">
        <strong>{text}</strong>{" "}
        <span className="quiet">
          {reference} · {clock(timeMs, sector?.timeZone)}
          {answered === undefined ? "" : ` · ${words.ladder.answer[answered]}`}
        </span>
      </p>
      {asks ? (
        ANSWERS.map((answer) => (
          <Button
            key={answer}
            className={answer === "taking-cover" ? "primary" : ""}
            onPress={() => say({ type: "answer", warningId, personId, answer })}
          >
            {words.ladder.answer[answer]}
          </Button>
        ))
      ) : (
        <Button onPress={close}>{catalogues[language].detail.close}</Button>
      )}
    </div>
  );
}

/** A warning to the person at this screen sounds again until it is answered. */
export function Notices(): ReactNode {
  const notices = useShown(({ notices: all }) => all);
  useEffect(() => onAnnounce(sound), []);
  const untold = notices.some(isUrgent);
  useEffect(() => {
    if (!untold) return undefined;
    const timer = setInterval(soundPerson, 2000);
    return () => clearInterval(timer);
  }, [untold]);
  if (notices.length === 0) return null;
  return (
    <section className={untold ? "notices whole-screen" : "notices"}>
      {notices.map((notice) => (
        <Card key={`${notice.warningId} ${notice.personId}`} notice={notice} />
      ))}
    </section>
  );
}
