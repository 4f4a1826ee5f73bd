// What a person wrote back, and to which warning: the reference says which where there are several. How it is read stands in @atalaya/words.
import type { Channel, Picture } from "@atalaya/picture";
import { readReply } from "@atalaya/words";
import { takeConfirmation } from "../confirmations.ts";
import type { OutletReports } from "../outlet.ts";
import { sameNumber } from "./short-message.ts";

/** Takes a reply in. What is no answer says at least that the message was seen. False: nobody of ours has this number. */
export function takeReply(picture: Picture, reports: OutletReports, channel: Channel, address: string, text: string): boolean {
  const ways = [...picture.people()].flatMap(({ definition: { id, ways: known } }) =>
    known
      .filter((way) => way.channel === channel && sameNumber(way.address, address))
      .map((way) => ({ personId: id, address: way.address })),
  );
  const [first] = ways;
  if (first === undefined) return false;
  const addresses = new Set(ways.map((way) => way.address));
  const held = [...addresses].flatMap((known) => picture.holdingFor(channel, known));
  const { answer, reference } = readReply(
    text,
    held.map(({ intent }) => intent.reference),
  );
  const referred = held.filter(({ intent }) => intent.reference === reference);
  // Without a reference: what was said last, and of that what asks.
  const candidates = (referred.length > 0 ? referred : held).map(({ intent }) => intent).sort((a, b) => b.timeUs - a.timeUs);
  const intent = candidates.find(({ type }) => type === "notify" || type === "repeat") ?? candidates[0];
  if (answer === undefined) {
    const people = ways.map(({ personId }) => personId);
    // One that cannot be written now is asked for again by a reminder.
    takeConfirmation(picture, reports, channel, people, text)?.kept.catch(() => undefined);
    if (intent !== undefined) reports.receipt(intent, "seen");
    return true;
  }
  const warningId = intent?.warningId ?? `${channel}:unknown`;
  const personId = intent?.personId ?? first.personId;
  // One that cannot be written now is said again by the person, or asked for by an officer: nobody is told that it was kept.
  reports.answer({ warningId, personId, answer, channel, address: intent?.address ?? first.address }).catch(() => undefined);
  return true;
}
