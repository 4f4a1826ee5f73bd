// How fast does the movement field of a surface position say that something moves? (DO-260B 2.2.3.2.4.2, table 2-15)

/** First code of each range, its lowest speed and its step, knots. Code 1 is "stopped", below 0.125 kt. */
const RANGES = [
  [2, 0.125, 0.125],
  [9, 1, 0.25],
  [13, 2, 0.5],
  [39, 15, 1],
  [94, 70, 2],
  [109, 100, 5],
  [124, 175, 0],
] as const;
const LAST = 124;

/** Lowest speed of each code; NaN for 0 (unknown) and the reserved ones. */
const SPEED_KT: Float64Array = Float64Array.from({ length: 128 }, (_, code) => {
  if (code === 1) return 0;
  const range = RANGES.findLast(([first]) => code >= first);
  if (range === undefined || code > LAST) return Number.NaN;
  return range[1] + (code - range[0]) * range[2];
});

/** The lower end of the step that the code stands for, knots: it moves at least so fast. 124 is 175 and more. */
export function movementKt(code: number): number {
  return SPEED_KT[code];
}

/** The code whose step holds the speed; absent it is 0; undefined for a negative or no number. */
export function movementCode(speedKt: number | undefined): number | undefined {
  if (speedKt === undefined) return 0;
  if (!(speedKt >= 0)) return undefined;
  let code = 1;
  while (code < LAST && SPEED_KT[code + 1] <= speedKt) code += 1;
  return code;
}
