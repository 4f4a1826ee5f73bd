// Which aircraft identification do eight six-bit characters spell? (ICAO Annex 10 Vol IV table 3-9, DO-260B 2.2.3.2.5.3)
import { bits, setBits } from "../bits.ts";

const CHARACTERS: readonly (string | undefined)[] = Array.from({ length: 64 }, (_, code) => {
  if (code >= 1 && code <= 26) return String.fromCharCode(0x40 + code);
  return code === 32 || (code >= 48 && code <= 57) ? String.fromCharCode(code) : undefined;
});
const LENGTH = 8;

/** The text without the spaces that fill it up; undefined when it has none, or characters that are not used. */
export function callsignAt(bytes: Uint8Array, at: number): string | undefined {
  let text = "";
  for (let k = 0; k < LENGTH; k += 1) {
    const character = CHARACTERS[bits(bytes, at, 9 + 6 * k, 6)];
    if (character === undefined) return undefined;
    text += character;
  }
  text = text.trim();
  return text === "" ? undefined : text;
}

/** Writes the text, filled up with spaces (absent: all unused, code 0). False when it has no such code or is too long. */
export function writeCallsign(bytes: Uint8Array, at: number, text: string | undefined): boolean {
  if (text === undefined) return true;
  if (text.length > LENGTH || text === "" || text.trim() !== text) return false;
  for (let k = 0; k < LENGTH; k += 1) {
    const code = CHARACTERS.indexOf(text[k] ?? " ");
    if (code < 0) return false;
    setBits(bytes, at, 9 + 6 * k, 6, code);
  }
  return true;
}
