// What altitude does an altitude code say? (ICAO Annex 10 Vol IV 3.1.2.6.5.4 and its appendix to chapter 3; DO-260B 2.2.3.2.3.4.3)
// The 13 bits, most significant first: C1 A1 C2 A2 C4 A4 M B1 Q B2 D2 B4 D4. Extended squitters leave M out.

const M_BIT = 0x40;
const Q_BIT = 0x10;
/** Bits of the 500-foot Gray code from its most significant one (D2 D4 A1 A2 A4 B1 B2 B4), and of the 100-foot one (C1 C2 C4). */
const FIVE_HUNDREDS = [0x0004, 0x0001, 0x0800, 0x0200, 0x0080, 0x0020, 0x0008, 0x0002];
const HUNDREDS = [0x1000, 0x0400, 0x0100];

function binaryOfGray(code: number, order: readonly number[]): number {
  let value = 0;
  let last = 0;
  for (const mask of order) {
    if ((code & mask) !== 0) last ^= 1;
    value = (value << 1) | last;
  }
  return value;
}

/** Feet by the Gray code of pressure altimeters (Gillham), in steps of 100 from -1,200 to 126,700; NaN for codes that are not used. */
function gillhamFt(code: number): number {
  const fiveHundreds = binaryOfGray(code, FIVE_HUNDREDS);
  let hundreds = binaryOfGray(code, HUNDREDS);
  if (hundreds === 0 || hundreds === 5 || hundreds === 6) return Number.NaN;
  if (hundreds === 7) hundreds = 5;
  // The hundreds run up and down in turn, so that each step changes one bit.
  if (fiveHundreds % 2 === 1) hundreds = 6 - hundreds;
  return fiveHundreds * 500 + hundreds * 100 - 1300;
}

/** All answers of the Gray code: half the frames at great height would else spend most of their time on it. */
const GILLHAM_FT: Float64Array = Float64Array.from({ length: 8192 }, (_, code) =>
  (code & (M_BIT | Q_BIT)) === 0 ? gillhamFt(code) : Number.NaN,
);

/** Feet of a 13-bit code. NaN: none given (0), a code that is not used, or metres (M = 1), whose coding has not been laid down. */
export function altitudeFt13(code: number): number {
  if ((code & M_BIT) !== 0) return Number.NaN;
  if ((code & Q_BIT) === 0) return GILLHAM_FT[code];
  return (((code & 0x1f80) >> 2) | ((code & 0x20) >> 1) | (code & 0xf)) * 25 - 1000;
}

/** Feet of the 12-bit code of an extended squitter; NaN as above. */
export function altitudeFt12(code: number): number {
  return altitudeFt13(((code & 0xfc0) << 1) | (code & 0x3f));
}

/** The Gray code of an altitude in whole hundreds of feet, -1,200 to 126,700; undefined beyond. */
export function gillhamCode(altitudeFt: number): number | undefined {
  const steps = (altitudeFt + 1300) / 100;
  if (!Number.isInteger(steps) || steps < 1 || steps > 1280) return undefined;
  const fiveHundreds = Math.floor((steps - 1) / 5);
  let hundreds = steps - 5 * fiveHundreds;
  if (fiveHundreds % 2 === 1) hundreds = 6 - hundreds;
  if (hundreds === 5) hundreds = 7;
  const place = (value: number, order: readonly number[]): number => {
    const gray = value ^ (value >> 1);
    return order.reduce((code, mask, k) => ((gray >> (order.length - 1 - k)) & 1 ? code | mask : code), 0);
  };
  return place(fiveHundreds, FIVE_HUNDREDS) | place(hundreds, HUNDREDS);
}

/** The 13-bit code of an altitude: steps of 25 feet up to 50,175, of 100 feet above. Undefined: absent it is 0, between steps or beyond it has none. */
export function altitudeCode13(altitudeFt: number | undefined): number | undefined {
  if (altitudeFt === undefined) return 0;
  const steps = (altitudeFt + 1000) / 25;
  if (altitudeFt > 50_175) return gillhamCode(altitudeFt);
  if (!Number.isInteger(steps) || steps < 0) return undefined;
  return ((steps & 0x7e0) << 2) | ((steps & 0x10) << 1) | Q_BIT | (steps & 0xf);
}
