// A letter as a short message, and who among people has which number.
import { channelTestText, smsText } from "@atalaya/words";
import { utcOffsetMin } from "../local-time.ts";
import type { Letter } from "../queued.ts";

export function smsOf({ intent, said, language }: Letter): string {
  if (said !== undefined) return said.sms;
  if (intent === undefined) return channelTestText(language);
  const { message, reference, drill, facingDeg, timeUs } = intent;
  const facing = facingDeg === undefined ? {} : { facingDeg };
  return smsText(message, language, { reference, drill, utcOffsetMin: utcOffsetMin(timeUs), ...facing });
}

export function isUrgent({ intent }: Letter): boolean {
  if (intent?.type === "team-report") return intent.atRisk && intent.change !== "taken-back";
  return intent !== undefined && (intent.type === "escalate" || ("level" in intent && intent.level !== "advisory"));
}

const digitsOf = (number: string): string => number.replace(/\D/g, "").replace(/^00/, "");
/** Digits that two writings of one number have in common at the end, at least. */
const LEAST_DIGITS = 7;

/** Whether two writings are one number: the longer ends with the shorter, a leading zero of the country's own form aside. */
export function sameNumber(a: string, b: string): boolean {
  const [x, y] = [digitsOf(a), digitsOf(b)];
  if (x === y) return x !== "";
  const [long, short] = x.length > y.length ? [x, y.replace(/^0/, "")] : [y, x.replace(/^0/, "")];
  return short.length >= LEAST_DIGITS && long.endsWith(short);
}
