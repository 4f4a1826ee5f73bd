// The 7-bit alphabet of SMS, one septet to an octet as SMPP carries it (3GPP TS 23.038 §6.2.1).

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const ESCAPE = 0x1b;
const EXTENSION: Readonly<Record<string, number>> = {
  "\f": 0x0a,
  "^": 0x14,
  "{": 0x28,
  "}": 0x29,
  "\\": 0x2f,
  "[": 0x3c,
  "~": 0x3d,
  "]": 0x3e,
  "|": 0x40,
  "€": 0x65,
};
const EXTENDED = new Map(Object.entries(EXTENSION).map(([character, code]) => [code, character]));

/** Septets of one message. */
export const SMS_SEPTETS = 160;

/** At most 160 septets; what the alphabet does not have becomes "?", an escape is never cut in two. */
export function encodeGsm7(text: string): Uint8Array {
  const septets: number[] = [];
  for (const character of text) {
    const basic = character === "\u001b" ? -1 : BASIC.indexOf(character);
    const extension = EXTENSION[character];
    const next = extension === undefined ? [basic < 0 ? 0x3f : basic] : [ESCAPE, extension];
    if (septets.length + next.length > SMS_SEPTETS) break;
    septets.push(...next);
  }
  return Uint8Array.from(septets);
}

/** An escape before what is no extension is a space (§6.2.1.1, note 3 there). */
export function decodeGsm7(septets: Uint8Array): string {
  let text = "";
  for (let k = 0; k < septets.length; k += 1) {
    const code = septets[k] ?? 0;
    if (code === ESCAPE) {
      k += 1;
      text += EXTENDED.get(septets[k] ?? 0) ?? " ";
    } else text += BASIC.charAt(code & 0x7f);
  }
  return text;
}
