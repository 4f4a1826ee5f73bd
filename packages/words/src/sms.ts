// A message as one SMS: at most 160 characters of plain ASCII, with what to answer.
import { compassPoint, distanceText, durationText } from "./figures.ts";
import type { DangerMessage, Language, Message, TeamReportMessage } from "./message.ts";
import type { Reader } from "./reader.ts";
import { DRILL_MARK, messageText } from "./text.ts";

/** One SMS in the 7-bit alphabet (3GPP TS 23.038 §6.1.2.1: 140 octets). */
export const SMS_CHARACTERS = 160;

/** Letters without their accents; whatever else is not ASCII becomes "?", so that no gateway changes to 70 characters. */
export function plain(text: string): string {
  return text
    .replace(/[\u00a0\u202f]/g, " ")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^ -~]/gu, "?");
}

function dangerSms({ key, azimuthDeg, distanceM, reachesInS, count = 1 }: DangerMessage, language: Language): string {
  const point = azimuthDeg === undefined ? undefined : compassPoint(azimuthDeg, language, true);
  const figures = [
    distanceM === undefined ? undefined : distanceText(distanceM),
    reachesInS === undefined ? undefined : durationText(reachesInS),
  ];
  if (language === "es") {
    const what = count > 1 ? `${count} drones` : "dron";
    const where = point === undefined ? what : `${what} desde ${point}`;
    const said = [where, ...figures].filter((part) => part !== undefined).join(", ");
    if (key === "warning") return `${said}. Cubrase. Responda 1 a cubierto 2 ayuda`;
    return key === "caution" ? `posible ${said}. Quede junto a refugio. Responda 1 a cubierto 2 ayuda` : said;
  }
  const what = count > 1 ? `${count} drones` : "drone";
  const where = point === undefined ? what : `${what} from ${point}`;
  const said = [where, ...figures].filter((part) => part !== undefined).join(", ");
  if (key === "warning") return `${said}. Take hard cover. Reply 1 in cover 2 help`;
  return key === "caution" ? `possible ${said}. Stay close to cover. Reply 1 in cover 2 help` : said;
}

/** Names come before what to do: they are cut first, so that what to do is always there. */
const NAME_CHARACTERS = 24;

function withShortNames({ place, ...message }: TeamReportMessage): TeamReportMessage {
  const name = message.name.slice(0, NAME_CHARACTERS);
  return { ...message, name, ...(place === undefined ? {} : { place: place.slice(0, NAME_CHARACTERS) }) };
}

/**
 * The short form. `reference` is what a repeated message has in common with the first. Names in a message that would make it too long are cut;
 * the mark of a drill and the reference never are.
 */
export function smsText(message: Message, language: Language, reader: Reader & { readonly reference?: string } = {}): string {
  const { reference, drill, ...rest } = reader;
  const body =
    message.key === "warning" || message.key === "caution" || message.key === "advisory"
      ? dangerSms(message, language)
      : messageText(message.key === "team-report" ? withShortNames(message) : message, language, rest);
  const head = `ATALAYA: ${drill === true ? `${DRILL_MARK[language]}. ` : ""}`;
  const tail = reference === undefined ? "" : `. Ref ${plain(reference).slice(0, 20)}`;
  const room = SMS_CHARACTERS - head.length - tail.length;
  const said = plain(body);
  const whole = said.length > room ? said.slice(0, room) : said;
  return `${head}${tail === "" ? whole : whole.replace(/\.$/, "")}${tail}`;
}
