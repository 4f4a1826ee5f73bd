// What the officer reads aloud so that the caller can say yes: only what was said, in the caller's language.
import type { NewReport } from "@atalaya/protocol";
import { degrees } from "../words/figures.ts";
import type { Words } from "../words/words.ts";

function options(words: Words, field: keyof Words["reports"]["options"], value: string | undefined): string | undefined {
  return value === undefined ? undefined : (words.reports.options[field] as Readonly<Record<string, string>>)[value];
}

/** The words of a direction as it was said. */
export function directionText(direction: NewReport["direction"], words: Words): string | undefined {
  const { voice } = words.reports;
  switch (direction?.type) {
    case "compass":
      return direction.word;
    case "clock":
      return `${direction.hour} ${voice.oclock}, ${voice.aloud.facing} ${degrees(direction.facingDeg)}`;
    case "pointed":
      return degrees(direction.azimuthDeg);
    case "overhead":
      return voice.overhead;
    default:
      return undefined;
  }
}

export function readBack(report: NewReport, words: Words, nowMs: number): string {
  const { aloud, keepAway } = words.reports.voice;
  const { count, type, doing, headingWord, carrying, observer, direction, elevation, range, lights, sound, fallen, atRisk, caller } =
    report;
  const notSure = type === "not-sure-drone";
  const many = (count ?? 1) !== 1;
  const thing = notSure ? (many ? aloud.objects : aloud.object) : many ? aloud.drones : aloud.drone;
  const list = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined && part !== "").join(", ");
  const minutes = Math.round((nowMs - report.observedMs) / 60_000);
  const { options: known } = words.reports;
  const what = list(
    `${aloud.seen} ${count ?? 1} ${thing}`,
    options(words, "type", notSure || type === "unknown" ? undefined : type),
    options(words, "doing", doing === "not-known" ? undefined : doing),
    headingWord === undefined ? undefined : `${aloud.toward} ${headingWord}`,
    carrying === "something" ? `${words.reports.voice.carrying.toLowerCase()} ${known.carrying.something}` : undefined,
  );
  const where = list(
    directionText(direction, words),
    elevation?.type === "word" ? options(words, "elevation", elevation.word) : undefined,
    range?.type === "word" ? options(words, "range", range.word) : range === undefined ? undefined : `${range.metres} m ${aloud.away}`,
  );
  const signs = list(
    lights === undefined ? undefined : `${words.reports.voice.lights.toLowerCase()}: ${options(words, "lights", lights.state) ?? ""}`,
    sound === undefined ? undefined : `${words.reports.voice.sound.toLowerCase()}: ${options(words, "sound", sound) ?? ""}`,
  );
  return [
    aloud.intro,
    `${what}, ${minutes > 0 ? `${minutes} ${aloud.ago}` : aloud.now}.`,
    `${aloud.from} ${observer.name ?? `${observer.latDeg.toFixed(4)}, ${observer.lonDeg.toFixed(4)}`}.`,
    where === "" ? "" : `${aloud.looking} ${where}.`,
    signs === "" ? "" : `${signs[0]?.toUpperCase() ?? ""}${signs.slice(1)}.`,
    fallen === undefined ? "" : keepAway,
    atRisk ? aloud.risk : "",
    caller?.callBack === undefined ? "" : `${aloud.back} ${caller.callBack}.`,
    aloud.right,
  ]
    .filter((part) => part !== "")
    .join(" ");
}
