// How large the wall writes: an em of 40 mm at least, so that a capital is 28 mm high and is read from six metres; and how many lines that leaves.

/** The screen that is meant where nobody says how large it is. */
const USUAL_INCHES = 86;
const EM_MM = 40;
const MM_PER_INCH = 25.4;
/** Of 16 by 9. */
const WIDTH_SHARE = 16 / Math.hypot(16, 9);
/** The body of the console's map and its labels, px. */
const DESK_PX = 12.5;
/** Height of a line with its space, and what stands above and below people and other dangers, in em. */
const LINE_EM = 1.45;
const FIXED_EM = 12.8;

/** Size of one em, px, on a screen of this width in px and of so many inches across (`?inches=` in the address). */
export function wallScale(widthPx: number, inches: string | null): number {
  const asked = Number(inches ?? USUAL_INCHES);
  const diagonal = asked >= 20 && asked <= 200 ? asked : USUAL_INCHES;
  return Math.max(16, Math.round((EM_MM * widthPx) / (diagonal * MM_PER_INCH * WIDTH_SHARE)));
}

/** How many times larger than at a desk the map is drawn. */
export function magnifiedBy(scale: number): number {
  return scale / DESK_PX;
}

/** How many lines there are for the people of the worst danger and for other dangers: people first. Dangers without a line share one, which counts them. */
export function linesOf(
  heightPx: number,
  scale: number,
  people: number,
  others: number,
): { readonly people: number; readonly others: number } {
  const room = Math.max(2, Math.floor((heightPx / scale - FIXED_EM) / LINE_EM));
  const forOthers = Math.min(others, Math.max(1, room - people));
  return { people: Math.max(1, room - forOthers), others: others > forOthers ? forOthers - 1 : others };
}
