// Noise that is the same in every run (xorshift32).
export function noise(length: number, seed = 0x2545_f491): Uint8Array {
  let state = seed;
  const bytes = new Uint8Array(length);
  for (let k = 0; k < length; k += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[k] = state;
  }
  return bytes;
}
