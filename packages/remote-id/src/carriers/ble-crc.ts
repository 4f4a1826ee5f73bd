// The 24-bit check sequence of the Bluetooth LE link layer on advertising channels (Core Specification, Vol 6, Part B, §3.1.1).

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  // x²⁴ + x¹⁰ + x⁹ + x⁶ + x⁴ + x³ + x + 1, bits in the order of transmission.
  for (let k = 0; k < 8; k += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xda6000;
  return value;
});

/** 0x555555 on advertising channels; it is a palindrome, so the order of its bits does not matter. */
const INITIAL = 0xaaaaaa;

/** Check sequence over the PDU from its header to its end, as the number whose first byte on the air is the lowest. */
export function bleCrc(bytes: Uint8Array, from: number, end: number): number {
  let crc = INITIAL;
  for (let k = from; k < end; k += 1) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[k]) & 0xff];
  return crc;
}
