// A bulletin as what CAP says of it: no alarm, but something to be known or prepared for, in English and Spanish; its end takes the chain back.
import type { CapArea, CapInfo, CapTime } from "@atalaya/cap";
import { bulletinNumber, currentVersion, type PictureBulletin } from "@atalaya/picture";
import { BULLETIN_LABELS, carriedText, type Language, LANGUAGES } from "@atalaya/words";
import { wordsOf } from "../present-bulletin.ts";
import { areaOf, type CapNames, capTime, TAGS } from "./cap-content.ts";

const EVENT: Readonly<Record<Language, string>> = { en: "Security bulletin", es: "Boletín de seguridad" };
const SECTOR: Readonly<Record<Language, string>> = { en: "The whole sector", es: "Todo el sector" };
const DRILL: Readonly<Record<Language, string>> = { en: "DRILL. ", es: "SIMULACRO. " };
/** A headline that displays show whole (CAP 1.2 §3.2.2: 160 characters). */
const HEADLINE_CHARACTERS = 160;

/** What is said of the version in force; undefined: nothing of it is out. */
export function bulletinInfos(
  bulletin: Readonly<PictureBulletin>,
  { senderName, contact }: CapNames,
  sent: CapTime,
): readonly CapInfo[] | undefined {
  const version = currentVersion(bulletin);
  if (version === undefined) return undefined;
  const { settings } = version.content;
  const number = bulletinNumber(bulletin);
  const expires = capTime(settings.validUntilUs);
  const onset = capTime(settings.validFromUs);
  return LANGUAGES.map((language): CapInfo => {
    const { headline = number, parts, actions, carry } = wordsOf(bulletin, version, { kind: "new", number, language, open: true });
    const mark = settings.drill ? DRILL[language] : "";
    const todo = version.content.parts["do"]?.[language]?.text;
    const known = parts.filter(({ text }) => text !== todo).map(({ title, text }) => (title === undefined ? text : `${title}: ${text}`));
    const instruction = [
      ...(todo === undefined ? [] : [todo]),
      ...actions.map((action, k) => `${k + 1}. ${action}`),
      ...(carry.length === 0 ? [] : [`${BULLETIN_LABELS[language].carry}: ${carry.map((item) => carriedText(item, language)).join("; ")}`]),
    ].join("\n");
    const area: CapArea = settings.area === undefined ? { areaDesc: SECTOR[language] } : areaOf(SECTOR[language], settings.area);
    return {
      language: TAGS[language],
      categories: ["Security", "Safety"],
      event: `${mark}${EVENT[language]}`,
      responseTypes: [settings.level === "act-on-it" ? "Prepare" : "Monitor"],
      urgency: settings.level === "act-on-it" ? "Expected" : "Future",
      severity: settings.level === "act-on-it" ? "Moderate" : "Minor",
      certainty: "Possible",
      effective: sent,
      onset,
      // An alert that lapses before it is sent is none.
      ...(expires.unixS > sent.unixS ? { expires } : {}),
      senderName,
      headline: `${mark}${headline}`.slice(0, HEADLINE_CHARACTERS),
      ...(known.length === 0 ? {} : { description: `${mark}${known.join("\n")}` }),
      ...(instruction === "" ? {} : { instruction: `${mark}${instruction}` }),
      ...(contact === undefined ? {} : { contact }),
      parameters: [
        { valueName: "atalaya:bulletin", value: number },
        { valueName: "atalaya:version", value: String(version.version) },
        { valueName: "atalaya:tlp", value: settings.handling.tlp },
        ...(bulletin.fallen.length === 0
          ? []
          : [{ valueName: "atalaya:no-longer-holds", value: bulletin.fallen.map((claim) => claim.number).join(" ") }]),
      ],
      areas: [area],
    };
  });
}
