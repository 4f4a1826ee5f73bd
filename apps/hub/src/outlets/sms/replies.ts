// What a person wrote back, and to which warning: "1" is in cover, "2" is help, the reference says which where there are several.
import type { Answer, Channel, Picture } from "@atalaya/picture";
import type { OutletReports } from "../outlet.ts";
import { sameNumber } from "./short-message.ts";

/** The reference's alphabet has no I, L, O and U: what is read as one of those is meant as its look-alike. */
function asReference(word: string): string {
  return word.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
}

const HELP: ReadonlySet<string> = new Set(["2", "HELP", "SOS", "AYUDA", "SOCORRO", "AUXILIO"]);
const COVER: ReadonlySet<string> = new Set(["1", "COVER", "CUBIERTO"]);

/** A call for help is never read as something milder, whatever else stands beside it. */
export function answerIn(text: string): Answer | undefined {
  const words = wordsIn(text).map((word) => word.toUpperCase());
  if (words.some((word) => HELP.has(word))) return "need-help";
  return words.some((word) => COVER.has(word)) ? "taking-cover" : undefined;
}

function wordsIn(text: string): string[] {
  return (
    text
      .slice(0, 500)
      .match(/[\p{L}\d]+/gu)
      ?.slice(0, 50) ?? []
  );
}

/** Takes a reply in. What is no answer says at least that the message was seen. False: nobody of ours has this number. */
export function takeReply(picture: Picture, reports: OutletReports, channel: Channel, address: string, text: string): boolean {
  const ways = [...picture.people()].flatMap(({ definition: { id, ways: known } }) =>
    known
      .filter((way) => way.channel === channel && sameNumber(way.address, address))
      .map((way) => ({ personId: id, address: way.address })),
  );
  const [first] = ways;
  if (first === undefined) return false;
  const answer = answerIn(text);
  const named = new Set(wordsIn(text).map(asReference));
  const addresses = new Set(ways.map((way) => way.address));
  const held = [...addresses].flatMap((known) => picture.holdingFor(channel, known));
  const referred = held.filter(({ intent }) => named.has(asReference(intent.reference)));
  // Without a reference: what was said last, and of that what asks.
  const candidates = (referred.length > 0 ? referred : held).map(({ intent }) => intent).sort((a, b) => b.timeUs - a.timeUs);
  const intent = candidates.find(({ type }) => type === "notify" || type === "repeat") ?? candidates[0];
  if (answer === undefined) {
    if (intent !== undefined) reports.receipt(intent, "seen");
    return true;
  }
  const warningId = intent?.warningId ?? `${channel}:unknown`;
  const personId = intent?.personId ?? first.personId;
  // One that cannot be written now is said again by the person, or asked for by an officer: nobody is told that it was kept.
  reports.answer({ warningId, personId, answer, channel, address: intent?.address ?? first.address }).catch(() => undefined);
  return true;
}
