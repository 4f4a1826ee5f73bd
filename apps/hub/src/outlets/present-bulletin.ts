// What is said of a bulletin over a channel: its words in the reader's language, as far as its marking lets them go that way; and for partners, as data.
import {
  type BulletinNotice,
  type BulletinOutside,
  type BulletinOverdue,
  type Channel,
  currentVersion,
  type Picture,
  type PictureBulletin,
} from "@atalaya/picture";
import {
  asksToConfirm,
  BULLETIN_LABELS,
  bulletinLines,
  bulletinSms,
  type BulletinKind,
  type BulletinWords,
  confirmByReply,
  type Language,
  overdueText,
} from "@atalaya/words";
import { defined } from "./defined.ts";

type Version = PictureBulletin["versions"][number];
type Part = Version["content"]["parts"][string];

const ORDER: readonly string[] = ["do", "know", "not-know", "fallen", ...Array.from({ length: 8 }, (_, k) => `extra-${k + 1}`)];
const OTHER: Readonly<Record<Language, Language>> = { en: "es", es: "en" };

/** Ready to be carried: each protocol takes the form that is its own. */
export interface SaidBulletin {
  readonly sms: string;
  readonly subject: string;
  /** Whole, line by line, with how to confirm it. */
  readonly lines: readonly string[];
  /** What letters about one bulletin have in common. */
  readonly thread: string;
  /** Where it is read and confirmed, for those whom phones of the network reach. */
  readonly link?: string | undefined;
}

/** TLP 2.0: red is for the persons named alone, and this hub knows no channel that nobody else reads; the carrier of short messages is a stranger. */
function mayCarry(tlp: string, channel: Channel): boolean {
  if (tlp === "RED") return false;
  return tlp !== "AMBER+STRICT" || channel !== "sms";
}

/** In the language asked for; what is not written in it yet, in the other. */
function textOf(part: Part | undefined, language: Language): { readonly title?: string | undefined; readonly text: string } | undefined {
  return part?.[language] ?? part?.[OTHER[language]];
}

function changedNames({ since, version }: Version, language: Language): readonly string[] {
  const { parts, carry, actions } = BULLETIN_LABELS[language];
  const names: Readonly<Record<string, string>> = { ...parts, carry, actions };
  return Object.keys(since).flatMap((key) => (since[key] === version ? (names[key] ?? []) : []));
}

/** Everything that it says in one language; `open` false: its marking keeps the content off this way. */
export function wordsOf(
  bulletin: Readonly<PictureBulletin>,
  version: Version,
  {
    kind,
    number,
    language,
    open,
  }: { readonly kind: BulletinKind; readonly number: string; readonly language: Language; readonly open: boolean },
): BulletinWords {
  const { content, carryWas = {} } = version;
  const { parts, actions = [], carry = [], question, settings } = content;
  const labels = BULLETIN_LABELS[language].parts;
  return {
    kind,
    number,
    version: version.version,
    drill: settings.drill,
    headline: open ? textOf(parts["headline"], language)?.text : undefined,
    parts: ORDER.flatMap((key) => {
      const text = textOf(parts[key], language);
      return text === undefined ? [] : [{ title: text.title ?? labels[key], text: text.text }];
    }),
    actions: actions.map(({ words }) => words[language]),
    carry: carry.map((item) => ({ ...item, was: carryWas[item.id] })),
    question:
      question === undefined
        ? undefined
        : { text: question.words[language], answers: question.answers.map(({ words }) => words[language]) },
    changed: kind === "changed" ? changedNames(version, language) : [],
    reason: open && kind === "withdrawn" ? bulletin.withdrawn?.reason : undefined,
  };
}

/** Undefined: it is not known any more, and nothing is said. */
export function saidTo(
  picture: Picture,
  notice: BulletinNotice,
  link?: (bulletinId: string) => string | undefined,
): SaidBulletin | undefined {
  const { bulletinId, kind, number, language, channel } = notice;
  const bulletin = picture.bulletins.bulletins.get(bulletinId);
  const version = bulletin?.versions.find((known) => known.version === notice.version) ?? (bulletin && currentVersion(bulletin));
  if (bulletin === undefined || version === undefined) return undefined;
  const open = mayCarry(version.content.settings.handling.tlp, channel);
  const words = wordsOf(bulletin, version, { kind, number, language, open });
  const lines = bulletinLines(words, language);
  // E-mail is not read here: it is confirmed where its link leads.
  const replies = open && asksToConfirm(kind) && channel !== "email";
  const [first = ""] = lines;
  return {
    sms: bulletinSms(words, language),
    subject: words.headline === undefined || !asksToConfirm(kind) ? first : `${first} ${words.headline}`,
    lines: replies ? [...lines, `${confirmByReply(number, language)}.`] : lines,
    thread: bulletinId,
    link: link?.(bulletinId),
  };
}

/** For a leader: who is overdue. */
export function overdueSaid(picture: Picture, { about, number, language, drill, bulletinId }: BulletinOverdue): SaidBulletin {
  const names = about.map((id) => picture.person(id)?.definition.name ?? id);
  const text = overdueText(number, names, drill, language);
  const plain = text.normalize("NFD").replace(/[^ -~]/gu, "");
  return { sms: `ATALAYA: ${plain}`.slice(0, 160), subject: text, lines: [text], thread: bulletinId };
}

/** What a partner's system is told: everything that is released to it, in both languages, and how it stands. */
export function bulletinForPartners(picture: Picture, intent: BulletinOutside): Record<string, unknown> | undefined {
  const bulletin = picture.bulletins.bulletins.get(intent.bulletinId);
  const version = bulletin === undefined ? undefined : currentVersion(bulletin);
  if (bulletin === undefined || version === undefined) return undefined;
  const { content, releasedUs } = version;
  const { settings, parts, actions, carry } = content;
  const holds = bulletin.state === "in-force" && intent.change !== "withdrawn" && intent.change !== "expired";
  return defined({
    kind: "bulletin",
    id: intent.id,
    bulletinId: bulletin.id,
    number: intent.number,
    version: version.version,
    change: intent.change,
    holds,
    drill: settings.drill,
    level: settings.level,
    tlp: settings.handling.tlp,
    releasedMs: releasedUs / 1000,
    validFromMs: settings.validFromUs / 1000,
    validUntilMs: settings.validUntilUs / 1000,
    area: settings.area,
    parts: holds ? parts : undefined,
    actions: holds ? actions : undefined,
    carry: holds ? carry : undefined,
    fallen: bulletin.fallen.map(({ number, state }) => ({ claim: number, state })),
    reason: bulletin.withdrawn?.reason,
  });
}
