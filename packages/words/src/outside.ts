// What is said of a danger to those outside (feeds, partner systems, lights and sirens): places by name, never whom of us it threatens or where they are.
import type { Language, Message } from "./message.ts";
import { DRILL_MARK, messageText } from "./text.ts";

export interface OutsideDanger {
  readonly level: "warning" | "caution" | "advisory";
  /** Names of the zones that it threatens. */
  readonly places: readonly string[];
  /** Drones flying together. */
  readonly count: number;
  readonly drill: boolean;
}

export interface OutsideText {
  /** What kind of event it is. */
  readonly event: string;
  readonly headline: string;
  readonly description: string;
  readonly instruction: string;
}

const PLACES_NAMED = 3;

function list(places: readonly string[], and: string, more: (count: number) => string): string {
  const named = places.slice(0, PLACES_NAMED);
  const rest = places.length - named.length;
  if (rest > 0) return `${named.join(", ")} ${and} ${more(rest)}`;
  const last = named.at(-1) ?? "";
  return named.length < 2 ? last : `${named.slice(0, -1).join(", ")} ${and} ${last}`;
}

function english({ level, places, count }: OutsideDanger): OutsideText {
  const many = count > 1;
  const where = places.length === 0 ? "the marked area" : list(places, "and", (rest) => `${rest} more`);
  const what = many ? `${count} drones` : "Drone";
  switch (level) {
    case "warning":
      return {
        event: "Drone: danger",
        headline: `${what} coming: ${where}`,
        description: `${many ? `${count} drones that may be armed are` : "A drone that may be armed is"} over or on the way to ${where}.`,
        instruction: "Get under hard cover now. Do not touch anything that has fallen.",
      };
    case "caution":
      return {
        event: "Drone: caution",
        headline: `Possible ${many ? `${count} drones` : "drone"} near: ${where}`,
        description: `${many ? `${count} drones may be` : "A drone may be"} on the way to ${where}.`,
        instruction: "Stay close to cover.",
      };
    case "advisory":
      return {
        event: "Drone: advisory",
        headline: `${what} in the area: ${where}`,
        description: `${many ? `${count} drones fly` : "A drone flies"} in the area of ${where}.`,
        instruction: "Know where your nearest cover is.",
      };
  }
}

function spanish({ level, places, count }: OutsideDanger): OutsideText {
  const many = count > 1;
  const where = places.length === 0 ? "la zona señalada" : list(places, "y", (rest) => `${rest} más`);
  const what = many ? `${count} drones` : "Dron";
  switch (level) {
    case "warning":
      return {
        event: "Dron: peligro",
        headline: many ? `Vienen ${count} drones: ${where}` : `Viene un dron: ${where}`,
        description: `${many ? `${count} drones que pueden ir armados están` : "Un dron que puede ir armado está"} sobre ${where} o en camino.`,
        instruction: "Cúbrase ya bajo techo firme. No toque nada que haya caído.",
      };
    case "caution":
      return {
        event: "Dron: precaución",
        headline: `${many ? `Posibles ${count} drones` : "Posible dron"} cerca: ${where}`,
        description: `${many ? `Puede haber ${count} drones` : "Puede haber un dron"} en camino hacia ${where}.`,
        instruction: "Manténgase junto a un refugio.",
      };
    case "advisory":
      return {
        event: "Dron: aviso",
        headline: `${what} en la zona: ${where}`,
        description: `${many ? `${count} drones vuelan` : "Un dron vuela"} en la zona de ${where}.`,
        instruction: "Sepa dónde está el refugio más cercano.",
      };
  }
}

/** A danger that stands. A drill's headline and description begin with its mark. */
export function outsideText(danger: OutsideDanger, language: Language): OutsideText {
  const text = language === "es" ? spanish(danger) : english(danger);
  if (!danger.drill) return text;
  const mark = DRILL_MARK[language];
  return {
    event: `${mark}. ${text.event}`,
    headline: `${mark}. ${text.headline}`,
    description: `${mark}. ${text.description}`,
    instruction: `${mark}. ${text.instruction}`,
  };
}

/** The end of a danger: why it is over, in a sentence. */
export function outsideOverText(
  danger: OutsideDanger,
  over: Extract<Message, { key: "all-clear" | "stand-down" }>,
  language: Language,
  utcOffsetMin: number,
): OutsideText {
  const { event } = outsideText(danger, language);
  const clear = language === "es" ? "Fin del peligro" : "All clear";
  const place = danger.places.slice(0, PLACES_NAMED).join(", ");
  const mark = danger.drill ? `${DRILL_MARK[language]}. ` : "";
  return {
    event,
    headline: `${mark}${clear}${place === "" ? "" : `: ${place}`}`,
    description: messageText(over, language, { utcOffsetMin, drill: danger.drill }),
    instruction:
      language === "es" ? "Puede salir. No toque nada que haya caído." : "You may come out. Do not touch anything that has fallen.",
  };
}

/** The name of an area that is no zone. */
export function markedArea(language: Language): string {
  return language === "es" ? "Zona señalada" : "Marked area";
}

/** What a channel says when it is tried. Nobody who reads it may take it for a danger. */
export function channelTestText(language: Language): string {
  return language === "es"
    ? "ATALAYA: prueba de este canal. No hay peligro. No responda."
    : "ATALAYA: test of this channel. There is no danger. Do not reply.";
}
