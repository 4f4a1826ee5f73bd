// What a call draws on the map while it is typed: its direction as wide as such words are, as far as such words reach. The hub works it out anew.
import { COMPASS_WORDS, type NewReport, type Report } from "@atalaya/protocol";

/** Widths of a pointed direction, of a word of eight and of sixteen, and of an hour, 1σ: as in the table of the picture's README. */
const SIGMA_DEG = { eighth: 22, sixteenth: 16, clock: 20 } as const;
const FAR_M: Readonly<Record<string, number>> = { "very-close": 190, close: 475, middling: 1265, far: 3160, "very-far": 6000 };
const SEEN_M = 2000;

export function wedgeSaid({ direction, range, observer: { latDeg, lonDeg } }: NewReport): Report["wedge"] | undefined {
  const farM = range === undefined ? SEEN_M : range.type === "metres" ? range.metres * 2 : (FAR_M[range.word] ?? SEEN_M);
  const made = (azimuthDeg: number, sigmaDeg: number): Report["wedge"] => ({ latDeg, lonDeg, azimuthDeg, sigmaDeg, nearM: 0, farM });
  switch (direction?.type) {
    case "pointed":
      return made(direction.azimuthDeg, direction.sigmaDeg);
    case "compass":
      return made(COMPASS_WORDS.indexOf(direction.word) * 22.5, direction.word.length < 3 ? SIGMA_DEG.eighth : SIGMA_DEG.sixteenth);
    case "clock":
      return made((direction.facingDeg + (direction.hour % 12) * 30) % 360, SIGMA_DEG.clock);
    default:
      return undefined;
  }
}
