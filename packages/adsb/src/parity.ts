// Is a Mode S frame undamaged, and if one bit is wrong, which? (ICAO Annex 10 Vol IV 3.1.2.3.3)

const GENERATOR = 0xfff409;

const LONGEST_DATA_BYTES = 11;

/**
 * What each byte leaves of itself at each distance from the parity, the nearest first. A frame's remainder is the sum of its bytes' own: no
 * look-up waits for the one before.
 */
const LEFT_BY: Int32Array = new Int32Array(LONGEST_DATA_BYTES * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let remainder = byte << 16;
  for (let distance = 0; distance < LONGEST_DATA_BYTES; distance += 1) {
    for (let k = 0; k < 8; k += 1) remainder = (remainder & 0x80_0000) === 0 ? remainder << 1 : ((remainder << 1) ^ GENERATOR) & 0xff_ffff;
    LEFT_BY[distance * 256 + byte] = remainder;
  }
}

/**
 * What is left of a frame of `length` bytes (7 or 14) when its parity is taken off: 0 for an undamaged squitter, the interrogator's code
 * (below 128) for an all-call reply, the sender's address for every other reply, and anything at all for a damaged frame.
 */
export function parityRemainder(bytes: Uint8Array, at: number, length: number): number {
  const end = at + length - 3;
  let remainder = (bytes[end] << 16) ^ (bytes[end + 1] << 8) ^ bytes[end + 2];
  let row = (length - 4) * 256;
  for (let k = at; k < end; k += 1) {
    remainder ^= LEFT_BY[row + bytes[k]];
    row -= 256;
  }
  return remainder;
}

/** Writes the last three bytes so that `overlay` remains. */
export function writeParity(bytes: Uint8Array, at: number, length: number, overlay: number): void {
  const end = at + length - 3;
  bytes[end] = 0;
  bytes[end + 1] = 0;
  bytes[end + 2] = 0;
  const parity = parityRemainder(bytes, at, length) ^ overlay;
  bytes[end] = parity >> 16;
  bytes[end + 1] = (parity >> 8) & 0xff;
  bytes[end + 2] = parity & 0xff;
}

const LONG_BITS = 112;

/** Which bit, counted from the end, leaves a remainder when it alone is wrong. All 112 are distinct. */
const BIT_FROM_END: ReadonlyMap<number, number> = new Map(
  Array.from({ length: LONG_BITS }, (_, fromEnd): [number, number] => {
    const frame = new Uint8Array(LONG_BITS / 8);
    frame[LONG_BITS / 8 - 1 - (fromEnd >> 3)] = 1 << (fromEnd & 7);
    return [parityRemainder(frame, 0, frame.length), fromEnd];
  }),
);

/**
 * Puts right the one bit that is wrong in a frame of format 11, 17 or 18, in place. Returns its number (from 1), or undefined when the frame
 * is undamaged, is of a format whose parity hides an address, or is not one bit away from undamaged.
 *
 * Nothing here calls it of its own accord: about one damaged frame in 150,000 is taken for another one. The five bits of the format are
 * never touched, since they choose the rule, nor the bits of format 11 that an interrogator's code may fill.
 */
export function repairOneBit(bytes: Uint8Array, at: number, length: number): number | undefined {
  const format = bytes[at] >> 3;
  if (format !== 11 && format !== 17 && format !== 18) return undefined;
  const fromEnd = BIT_FROM_END.get(parityRemainder(bytes, at, length));
  if (fromEnd === undefined || fromEnd >= length * 8 - 5 || (format === 11 && fromEnd < 7)) return undefined;
  bytes[at + length - 1 - (fromEnd >> 3)] ^= 1 << (fromEnd & 7);
  return length * 8 - fromEnd;
}
