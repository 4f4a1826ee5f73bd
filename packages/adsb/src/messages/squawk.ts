// Which four octal digits does a 13-bit identity field hold? (ICAO Annex 10 Vol IV 3.1.2.6.7.1)
// Its bits, most significant first: C1 A1 C2 A2 C4 A4 X B1 D1 B2 D2 B4 D4.

/** Masks of each digit's bits 4, 2, 1, for the digits A, B, C, D. */
const DIGITS = [
  [0x0080, 0x0200, 0x0800],
  [0x0002, 0x0008, 0x0020],
  [0x0100, 0x0400, 0x1000],
  [0x0001, 0x0004, 0x0010],
];

/** Four octal digits. */
export function squawkText(code: number): string {
  let text = "";
  for (const [four, two, one] of DIGITS) text += (code & four ? 4 : 0) + (code & two ? 2 : 0) + (code & one ? 1 : 0);
  return text;
}

/** The field of four octal digits; undefined for any other text. */
export function squawkCode(text: string): number | undefined {
  if (!/^[0-7]{4}$/.test(text)) return undefined;
  let code = 0;
  for (const [k, [four, two, one]] of DIGITS.entries()) {
    const digit = text.charCodeAt(k) - 0x30;
    code |= (digit & 4 ? four : 0) | (digit & 2 ? two : 0) | (digit & 1 ? one : 0);
  }
  return code;
}
