// What is said of a bulletin away from our own app: as a short message, a chat, a letter, on a sheet of paper; and what is written back.
import { type Carried, carriedText } from "./carry.ts";
import type { Language } from "./message.ts";
import { plain, SMS_CHARACTERS } from "./sms.ts";
import { DRILL_MARK } from "./text.ts";

/** Why it is said. */
export type BulletinKind = "new" | "changed" | "reminder" | "fallen" | "withdrawn" | "expired" | "not-concerned";

export interface BulletinTitled {
  readonly title?: string | undefined;
  readonly text: string;
}
/** A bulletin in one language. `headline` and parts are absent where its marking keeps its content off this way. */
export interface BulletinWords {
  readonly kind: BulletinKind;
  /** B-0023. */
  readonly number: string;
  readonly version: number;
  readonly drill: boolean;
  readonly headline?: string | undefined;
  /** In the order of reading, without the headline. */
  readonly parts: readonly BulletinTitled[];
  readonly actions: readonly string[];
  readonly carry: readonly Carried[];
  readonly question?: { readonly text: string; readonly answers: readonly string[] } | undefined;
  /** Names of what changed since the version before; empty: nothing was confirmed before. */
  readonly changed: readonly string[];
  readonly reason?: string | undefined;
}

export interface BulletinLabels {
  readonly bulletin: string;
  readonly version: (version: number) => string;
  readonly parts: Readonly<Record<string, string>>;
  readonly carry: string;
  readonly actions: string;
  readonly question: string;
  readonly until: (time: string) => string;
  readonly released: (time: string, by: string) => string;
  readonly confirm: string;
  readonly over: Readonly<Record<"withdrawn" | "expired" | "replaced", string>>;
}

export const BULLETIN_LABELS: Readonly<Record<Language, BulletinLabels>> = {
  en: {
    bulletin: "Bulletin",
    version: (version) => `version ${version}`,
    parts: { do: "What to do", know: "What we know", "not-know": "What we do not know", fallen: "If something has fallen" },
    carry: "Carry with you",
    actions: "Steps",
    question: "Ask those who are here",
    until: (time) => `valid until ${time}`,
    released: (time, by) => `released ${time}, ${by}`,
    confirm: "Read it and confirm it on your phone with this code. At a muster, the supervisor confirms for those who are here.",
    over: { withdrawn: "WITHDRAWN", expired: "EXPIRED", replaced: "REPLACED BY A NEWER VERSION" },
  },
  es: {
    bulletin: "Boletín",
    version: (version) => `versión ${version}`,
    parts: { do: "Qué hacer", know: "Lo que sabemos", "not-know": "Lo que no sabemos", fallen: "Si algo ha caído" },
    carry: "Lleve consigo",
    actions: "Pasos",
    question: "Pregunte a los presentes",
    until: (hora) => `vale hasta el ${hora}`,
    released: (hora, quien) => `emitido ${hora}, ${quien}`,
    confirm: "Léalo y confírmelo en su teléfono con este código. Al formar, el supervisor confirma por los presentes.",
    over: { withdrawn: "RETIRADO", expired: "VENCIDO", replaced: "HAY UNA VERSIÓN MÁS NUEVA" },
  },
};

const READ: Readonly<Record<Language, string>> = { en: "READ", es: "LEIDO" };

/** How a bulletin is confirmed by writing back. */
export function confirmByReply(number: string, language: Language): string {
  return language === "es" ? `Responda ${READ.es} ${number}` : `Reply ${READ.en} ${number}`;
}

/** In a sentence, why it comes. */
function said({ kind, number, version, reason, changed }: BulletinWords, language: Language): string {
  const because = reason === undefined ? "" : `: ${reason}`;
  if (language === "es") {
    switch (kind) {
      case "new":
        return `Boletín ${number}`;
      case "changed":
        return `Boletín ${number}, versión ${version}${changed.length === 0 ? "" : `. Cambió: ${changed.join(", ")}`}`;
      case "reminder":
        return `Boletín ${number}: aún sin confirmar`;
      case "fallen":
        return `Boletín ${number}: un dato suyo ya no vale. Siga lo que dice hasta que el centro lo cambie`;
      case "withdrawn":
        return `Boletín ${number} retirado, ya no vale${because}`;
      case "expired":
        return `Boletín ${number} terminó, pasó su plazo`;
      case "not-concerned":
        return `Boletín ${number} ya no es para usted`;
    }
  }
  switch (kind) {
    case "new":
      return `Bulletin ${number}`;
    case "changed":
      return `Bulletin ${number}, version ${version}${changed.length === 0 ? "" : `. Changed: ${changed.join(", ")}`}`;
    case "reminder":
      return `Bulletin ${number}: not confirmed yet`;
    case "fallen":
      return `Bulletin ${number}: something in it no longer holds. Do as it says until the centre changes it`;
    case "withdrawn":
      return `Bulletin ${number} withdrawn, it no longer holds${because}`;
    case "expired":
      return `Bulletin ${number} is over, its time has passed`;
    case "not-concerned":
      return `Bulletin ${number} is no longer for you`;
  }
}

/** Whether a confirmation is asked for with it. */
export function asksToConfirm(kind: BulletinKind): boolean {
  return kind === "new" || kind === "changed" || kind === "reminder";
}

const ELSEWHERE: Readonly<Record<Language, string>> = {
  en: "Its marking keeps it off this way: read it in the app, or at the muster",
  es: "Por su clasificación no va por aquí: léalo en la aplicación o al formar",
};

function marked({ drill }: BulletinWords, text: string, language: Language): string {
  return drill ? `${DRILL_MARK[language]}. ${text}` : text;
}

/** At most 160 characters of plain ASCII: number and how to confirm stay whole, the headline is cut. */
export function bulletinSms(words: BulletinWords, language: Language): string {
  const { kind, number, headline, drill } = words;
  const asks = asksToConfirm(kind);
  const mark = drill ? `${DRILL_MARK[language]}. ` : "";
  const tail = asks && headline !== undefined ? ` ${plain(confirmByReply(number, language))}` : "";
  const lead = plain(said(words, language));
  const head = `ATALAYA: ${mark}${lead}`;
  if (!asks) return head.slice(0, SMS_CHARACTERS);
  const body = plain(headline ?? ELSEWHERE[language]).replace(/\.$/, "");
  const room = SMS_CHARACTERS - head.length - tail.length - 3;
  // What changed is said in the app; where there is no room for a word of the headline, the number is.
  if (room < 20) {
    const short = `ATALAYA: ${mark}${plain(BULLETIN_LABELS[language].bulletin)} ${number}`;
    return `${short}: ${body.slice(0, SMS_CHARACTERS - short.length - tail.length - 3)}.${tail}`;
  }
  return `${head}: ${body.slice(0, room)}.${tail}`;
}

/** Whole, as lines: for chats and letters. */
export function bulletinLines(words: BulletinWords, language: Language): readonly string[] {
  const { kind, headline, parts, actions, carry, question } = words;
  const labels = BULLETIN_LABELS[language];
  const lead = marked(words, `${said(words, language)}.`, language);
  if (!asksToConfirm(kind)) return [lead];
  if (headline === undefined) return [lead, `${ELSEWHERE[language]}.`];
  return [
    lead,
    headline,
    ...parts.map(({ title, text }) => (title === undefined ? text : `${title}: ${text}`)),
    ...(actions.length === 0 ? [] : [`${labels.actions}: ${actions.map((action, k) => `${k + 1}. ${action}`).join(" ")}`]),
    ...(carry.length === 0 ? [] : [`${labels.carry}: ${carry.map((item) => carriedText(item, language)).join("; ")}`]),
    ...(question === undefined ? [] : [`${question.text} (${question.answers.join(" / ")})`]),
  ];
}

/** Who of the team has not confirmed in time, for its leader. */
export function overdueText(number: string, names: readonly string[], drill: boolean, language: Language): string {
  const mark = drill ? `${DRILL_MARK[language]}. ` : "";
  return language === "es"
    ? `${mark}Boletín ${number}: sin confirmar a tiempo: ${names.join(", ")}. Léaselo, o pregunte por radio.`
    : `${mark}Bulletin ${number}: not confirmed in time: ${names.join(", ")}. Read it to them, or ask by radio.`;
}

/** That a confirmation is kept. */
export function confirmationKeptText(number: string, language: Language): string {
  return language === "es" ? `Confirmación guardada: ${number}.` : `Confirmation kept: ${number}.`;
}

const CONFIRMS: ReadonlySet<string> = new Set([
  "read",
  "leido",
  "lei",
  "leida",
  "enterado",
  "enterada",
  "understood",
  "entendido",
  "entendi",
  "entendida",
]);
const DENIES: ReadonlySet<string> = new Set(["no", "not", "nunca", "never", "dont", "didnt", "aun", "sin", "havent"]);
const MOST_CHARACTERS = 200;

/** What somebody wrote back about a bulletin. `numbers`: of those they were told; undefined: it is about none, or not sure. */
export function readConfirmation(text: string, numbers: readonly string[]): string | undefined {
  const words =
    text
      .slice(0, MOST_CHARACTERS)
      .normalize("NFD")
      .replace(/[\u0300-\u036f'’]/g, "")
      .toLowerCase()
      .match(/b-?\d{1,6}|[\p{L}\p{N}]+/gu) ?? [];
  if (!words.some((word) => CONFIRMS.has(word)) || words.some((word) => DENIES.has(word))) return undefined;
  const value = (number: string): number => Number(number.replace(/\D/g, ""));
  const named = words.filter((word) => /^b?-?\d+$/.test(word)).map(value);
  if (named.length > 0) return numbers.find((number) => named.includes(value(number)));
  // Without a number it is about the only one, if there is only one.
  return numbers.length === 1 ? numbers[0] : undefined;
}
