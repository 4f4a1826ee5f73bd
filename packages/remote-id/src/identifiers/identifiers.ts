// What can be checked on the identifiers that aircraft broadcast. A broadcast identifier is a claim: well-formed does not mean true.

export type IdentifierCheck =
  | { readonly ok: true; readonly kind: string; readonly parts: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly code: string; readonly clause: string; readonly detail: string };

const SERIAL_ALPHABET = /^[0-9A-HJ-NP-Z]*$/;
const LENGTH_CODES = "123456789ABCDEF";

function refused(code: string, clause: string, detail: string): IdentifierCheck {
  return { ok: false, code, clause, detail };
}

/** Serial number after ANSI/CTA-2063-A: four characters of the maker, one of the length, as many of the serial. No I, no O. */
export function checkSerialNumber(text: string): IdentifierCheck {
  const clause = "ANSI/CTA-2063-A §4";
  if (text.length < 6) return refused("too-short", clause, `${text.length} characters, at least 6`);
  if (!SERIAL_ALPHABET.test(text)) return refused("alphabet", clause, "only 0–9 and A–Z without I and O");
  const maker = text.slice(0, 4);
  const length = LENGTH_CODES.indexOf(text.charAt(4)) + 1;
  if (length === 0) return refused("length-code", clause, `length code ${text.charAt(4)}, must be 1–9 or A–F`);
  const serial = text.slice(5);
  if (serial.length !== length) return refused("length", clause, `${serial.length} characters behind a length code of ${length}`);
  return { ok: true, kind: "serial", parts: { maker, serial } };
}

/** Registration given by an authority: ICAO nationality mark, a full stop, the registration. */
export function checkRegistration(text: string): IdentifierCheck {
  const clause = "F3411-22a Basic ID Message, ID type 2";
  const match = /^([A-Z0-9]{1,5})\.([A-Z0-9]+)$/.exec(text);
  if (match === null) return refused("form", clause, "nationality mark, full stop, registration; only A–Z and 0–9");
  return { ok: true, kind: "registration", parts: { mark: match[1] ?? "", registration: match[2] ?? "" } };
}

const OPERATOR_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Luhn check character modulo 36 over the twelve public and three secret characters, the first one doubled. */
function operatorCheckCharacter(characters: string): string {
  let sum = 0;
  for (let k = 0; k < characters.length; k += 1) {
    const value = OPERATOR_ALPHABET.indexOf(characters.charAt(k)) * (k % 2 === 0 ? 2 : 1);
    sum += Math.floor(value / 36) + (value % 36);
  }
  return OPERATOR_ALPHABET.charAt((36 - (sum % 36)) % 36);
}

/**
 * EU operator registration number after EN 4709-002: country, twelve characters and a check character.
 * The check character also covers three secret characters that are not broadcast, so a receiver can check the form only;
 * with the secret (`FIN87astrdge12k8-xyz`) the check is complete.
 */
export function checkOperatorRegistration(text: string): IdentifierCheck {
  const clause = "prEN 4709-002, operator registration number";
  const match = /^([A-Z]{3})([0-9a-z]{12})([0-9a-z])(?:-([0-9a-z]{3}))?$/.exec(text);
  if (match === null) return refused("form", clause, "three capitals, then thirteen of 0–9 and a–z");
  const [, country = "", base = "", check = "", secret] = match;
  if (secret !== undefined && operatorCheckCharacter(base + secret) !== check) {
    return refused("check-character", clause, `check character ${check} does not belong to the rest`);
  }
  return { ok: true, kind: "operator", parts: { country, base, check, complete: secret === undefined ? "no" : "yes" } };
}

const SESSION_KINDS: Readonly<Record<number, string>> = { 1: "DRIP entity tag (RFC 9374)", 2: "IEEE 1609.2 HashedID8" };

/** Specific session identifier: forty hex digits, of which the first two name the kind. */
export function checkSessionId(hexDigits: string): IdentifierCheck {
  const clause = "F3411-22a Basic ID Message, ID type 4";
  if (!/^[0-9a-f]{40}$/.test(hexDigits)) return refused("form", clause, "forty hex digits");
  const kind = Number.parseInt(hexDigits.slice(0, 2), 16);
  if (kind === 0) return refused("reserved-kind", clause, "session kind 0 is reserved");
  return { ok: true, kind: "session", parts: { kind: SESSION_KINDS[kind] ?? `kind ${kind}`, id: hexDigits.slice(2) } };
}

/** Identifier given by traffic management: a UUID in the first sixteen bytes, zeros behind. */
export function checkUtmId(hexDigits: string): IdentifierCheck {
  const clause = "F3411-22a Basic ID Message, ID type 3";
  if (!/^[0-9a-f]{40}$/.test(hexDigits)) return refused("form", clause, "forty hex digits");
  if (!hexDigits.endsWith("00000000")) return refused("padding", clause, "the last four bytes must be zero");
  if (/^0+$/.test(hexDigits)) return refused("empty", clause, "all zero");
  const parts = [hexDigits.slice(0, 8), hexDigits.slice(8, 12), hexDigits.slice(12, 16), hexDigits.slice(16, 20), hexDigits.slice(20, 32)];
  return { ok: true, kind: "utm", parts: { uuid: parts.join("-") } };
}

/** The check that belongs to an id type of the Basic ID message. */
export function checkUasId(idType: number, uasId: string): IdentifierCheck {
  switch (idType) {
    case 1:
      return checkSerialNumber(uasId);
    case 2:
      return checkRegistration(uasId);
    case 3:
      return checkUtmId(uasId);
    case 4:
      return checkSessionId(uasId);
    default:
      return refused("id-type", "F3411-22a Basic ID Message", `id type ${idType} names no kind of identifier`);
  }
}
