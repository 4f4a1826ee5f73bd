// An answer that a gateway brings by MQTT: JSON with the warning's id or reference and the answer; plain words count as by SMS.
import { ANSWERS, type Answer, type Channel, type Picture } from "@atalaya/picture";
import type { OutletReports } from "../outlet.ts";
import { takeReply } from "../sms/replies.ts";

interface Said {
  readonly warningId?: string;
  readonly answer?: Answer;
  readonly step?: "delivered" | "seen";
}

function saidIn(text: string): Said | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof raw !== "object" || raw === null) return undefined;
  const fields = raw as Record<string, unknown>;
  const answer = ANSWERS.find((known) => known === fields["answer"]);
  const step = fields["step"] === "delivered" || fields["step"] === "seen" ? fields["step"] : undefined;
  const { warningId } = fields;
  return {
    ...(typeof warningId === "string" && warningId.length <= 200 ? { warningId } : {}),
    ...(answer === undefined ? {} : { answer }),
    ...(step === undefined ? {} : { step }),
  };
}

/** False: nobody of ours has this address, or it says nothing. */
export function takeJsonAnswer(picture: Picture, reports: OutletReports, channel: Channel, address: string, text: string): boolean {
  const said = saidIn(text);
  if (said === undefined) return takeReply(picture, reports, channel, address, text);
  const [personId] = picture.reachedBy(channel, address);
  if (personId === undefined) return false;
  const held = picture.holdingFor(channel, address).map(({ intent }) => intent);
  const intent = said.warningId === undefined ? held[0] : held.find(({ warningId }) => warningId === said.warningId);
  if (said.step !== undefined && intent !== undefined) reports.receipt(intent, said.step);
  if (said.answer === undefined) return said.step !== undefined;
  const warningId = said.warningId ?? intent?.warningId ?? `${channel}:unknown`;
  reports.answer({ warningId, personId: intent?.personId ?? personId, answer: said.answer, channel, address }).catch(() => undefined);
  return true;
}
