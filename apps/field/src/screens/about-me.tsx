// What is kept about the person who holds this phone: thing by thing, how much, and until when.
import type { KeptThing } from "@atalaya/protocol";
import { type ReactNode, useEffect } from "react";
import { memo } from "../device.ts";
import { useField } from "../state.ts";
import { clock, dayText, useWords } from "../words/words.ts";
import { TopBar, useZone } from "./parts.tsx";

function Thing({ thing }: { readonly thing: KeptThing }): ReactNode {
  const words = useWords();
  const zone = useZone();
  const language = useField((shown) => shown.language);
  const { what, count, newestMs, erasedMs, keptHours, values } = thing;
  const at = (timeMs: number): string => `${dayText(timeMs, language, zone)} ${clock(timeMs, zone)}`;
  const untilWhen =
    erasedMs !== undefined
      ? words.aboutMe.erased(at(erasedMs))
      : keptHours !== undefined
        ? words.aboutMe.hours(keptHours)
        : words.aboutMe.forGood;
  return (
    <li data-kept={what}>
      <strong>{words.aboutMe.things[what]}</strong>
      {values.length === 0 ? null : <span>{values.join(" · ")}</span>}
      <span className="quiet">
        {count === 0
          ? words.aboutMe.nothing
          : [words.aboutMe.count(count), ...(newestMs === undefined ? [] : [words.aboutMe.newest(at(newestMs))]), untilWhen].join(" · ")}
      </span>
    </li>
  );
}

export function AboutMe(): ReactNode {
  const words = useWords();
  const zone = useZone();
  const aboutMe = useField((shown) => shown.aboutMe);
  useEffect(() => void memo.askAboutMe(), []);
  return (
    <div className="screen">
      <TopBar title={words.aboutMe.title} back />
      {/* There is nothing in it to press: it is scrolled by its own keys. */}
      <main tabIndex={0}>
        <p className="lead">{words.aboutMe.lead}</p>
        {aboutMe === undefined ? <p className="note">{words.aboutMe.unreachable}</p> : null}
        <ul className="kept">
          {(aboutMe?.things ?? []).map((thing) => (
            <Thing key={thing.what} thing={thing} />
          ))}
        </ul>
        <p className="hint">{words.aboutMe.onPhone}</p>
        {aboutMe === undefined ? null : <p className="hint">{words.aboutMe.asOf(clock(aboutMe.timeMs, zone))}</p>}
      </main>
    </div>
  );
}
