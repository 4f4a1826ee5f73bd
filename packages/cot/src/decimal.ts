// Which number does a decimal text say, and how is a number written so that every client reads it?

/** Powers of ten that a double holds exactly. */
const EXACT_TENS: readonly number[] = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** So many digits are certain to be a whole number that a double holds exactly. */
const EXACT_DIGITS = 15;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/**
 * The value of an xs:decimal with white space around it; an exponent is read too, since Java writes small numbers with one.
 * NaN when the text is anything else (`NaN`, `Infinity`, hexadecimal, empty) or too large for a double. Negative zero comes out as zero.
 */
export function decimalOf(text: string): number {
  let at = 0;
  let end = text.length;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  while (end > at && isSpace(text.charCodeAt(end - 1))) end -= 1;
  const from = at;
  let negative = false;
  if (at < end) {
    const sign = text.charCodeAt(at);
    if (sign === 0x2d || sign === 0x2b) {
      negative = sign === 0x2d;
      at += 1;
    }
  }
  let mantissa = 0;
  let digits = 0;
  let significant = 0;
  let decimals = 0;
  let inFraction = false;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (mantissa !== 0 || code !== 0x30) significant += 1;
      if (significant <= EXACT_DIGITS) {
        mantissa = mantissa * 10 + (code - 0x30);
        if (inFraction) decimals += 1;
      }
    } else if (code === 0x2e && !inFraction) inFraction = true;
    else break;
  }
  if (digits === 0) return Number.NaN;
  if (at === end && significant <= EXACT_DIGITS && decimals < EXACT_TENS.length) {
    // Both are exact, so one division rounds once (W. D. Clinger, "How to read floating point numbers accurately", 1990).
    const value = mantissa / EXACT_TENS[decimals];
    return negative ? 0 - value : value;
  }
  if (at < end) {
    const exponent = text.charCodeAt(at);
    if (exponent !== 0x65 && exponent !== 0x45) return Number.NaN;
    at += 1;
    const sign = text.charCodeAt(at);
    if (sign === 0x2d || sign === 0x2b) at += 1;
    if (at >= end) return Number.NaN;
    for (; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code < 0x30 || code > 0x39) return Number.NaN;
    }
  }
  const value = Number(text.slice(from, end));
  return Number.isFinite(value) ? value + 0 : Number.NaN;
}

/**
 * The shortest decimal that reads back as this number, never with an exponent: some clients read none, and xs:decimal has none.
 * The number is finite.
 */
export function decimalText(value: number): string {
  const text = String(value);
  const exponentAt = text.indexOf("e");
  if (exponentAt < 0) return text;
  const exponent = Number(text.slice(exponentAt + 1));
  const sign = text.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = text.slice(sign.length, exponentAt).split(".");
  const digits = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
