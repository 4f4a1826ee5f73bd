// Which language the console speaks.
import type { Language } from "@atalaya/web/language";
import { en, type Words } from "./en.ts";
import { es } from "./es.ts";

export const catalogues: Readonly<Record<Language, Words>> = { en, es };

export type { Words };
