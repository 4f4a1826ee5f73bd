// What a report or a track may be instead of a drone, with the reason, how well it fits, and what would settle it. It takes nothing off any list.
import type { LookAlike, LookAlikes as Answer } from "@atalaya/protocol";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ask, isRefused } from "../link/api.ts";
import { useShown } from "../link/store.ts";
import { degrees } from "../words/figures.ts";
import { catalogues, type Words } from "../words/words.ts";

function angle(value: unknown, words: Words): string {
  return typeof value === "number" ? degrees(value) : words.reports.unsaid;
}

/** "Venus stood at azimuth 243°, elevation 012°, within 3° of this". */
function reasonText({ subject, reason }: LookAlike, words: Words): string {
  const { lookAlikes } = words.reports;
  const { key, body, name, id, azimuthDeg, elevationDeg, separationDeg } = reason;
  const bodies: Readonly<Record<string, string>> = lookAlikes.bodies;
  const star = typeof body === "string" ? (bodies[body] ?? `${body.charAt(0).toUpperCase()}${body.slice(1)}`) : undefined;
  const called = star ?? String(name ?? id ?? subject);
  const texts: Readonly<Record<string, (name: string, azimuth: string, elevation: string) => string>> = lookAlikes.reason;
  const text = texts[String(key)]?.(called, angle(azimuthDeg, words), angle(elevationDeg, words)) ?? called;
  return typeof separationDeg === "number" ? `${text}, ${lookAlikes.within(`${Math.round(separationDeg)}°`)}` : text;
}

/** What could not be asked because nobody has supplied it: said, with the way to supply it. */
function NotAsked({ answer, words }: { readonly answer: Answer; readonly words: Words }): ReactNode {
  const { notAsked, supply } = words.reports.lookAlikes;
  const texts: Readonly<Record<string, string>> = notAsked;
  const missing = [...new Set(answer.checks.flatMap((check) => check.missing))].flatMap((what) => texts[what] ?? []);
  if (missing.length === 0) return null;
  return (
    <p className="row" data-not-asked>
      <span className="grow quiet">{missing.join(" ")}</span>
      <Button onPress={() => useShown.setState({ view: "reports", skyShown: true })}>{supply}</Button>
    </p>
  );
}

export function LookAlikes({ path }: { readonly path: string }): ReactNode {
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    let current = true;
    setAnswer(undefined);
    void ask<Answer>("GET", path).then((came) => {
      if (current && !isRefused(came)) setAnswer(came);
    });
    return () => {
      current = false;
    };
  }, [path]);
  return answer === undefined ? null : <Findings answer={answer} />;
}

export function Findings({ answer }: { readonly answer: Answer }): ReactNode {
  const words = catalogues[useShown(({ language }) => language)];
  const { lookAlikes } = words.reports;
  const decides: Readonly<Record<string, string>> = lookAlikes.decides;
  return (
    <section className="padded stacked look-alikes" data-answer={answer.answer}>
      <h3>{lookAlikes.title}</h3>
      {answer.findings.length === 0 ? (
        <p className="quiet">{answer.answer === "none-found" ? lookAlikes.noneFound : lookAlikes.notEnough}</p>
      ) : (
        <ul className="list">
          {answer.findings.map((finding) => (
            <li key={`${finding.kind} ${finding.subject}`} data-look-alike={finding.subject}>
              <div>
                <strong>{reasonText(finding, words)}.</strong> {lookAlikes.kind[finding.kind]}, {lookAlikes.grade[finding.grade]}.
                <p className="quiet">
                  {finding.decides
                    .slice(0, 2)
                    .map(({ key }) => decides[String(key)] ?? "")
                    .filter((text) => text !== "")
                    .join(". ")}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {answer.findings.length === 0 ? null : <p className="quiet">{lookAlikes.open}</p>}
      <NotAsked answer={answer} words={words} />
    </section>
  );
}
