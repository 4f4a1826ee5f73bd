// How are angles converted, kept in one turn, and said in the words of a watch: compass points and clock hours?

export const RAD_PER_DEG: number = Math.PI / 180;
export const DEG_PER_RAD: number = 180 / Math.PI;

/** The angle in [0, 360). Exact for every finite angle (IEEE remainder); NaN and infinities give NaN. */
export function wrap360Deg(angleDeg: number): number {
  const turned = angleDeg % 360;
  // A tiny negative remainder plus 360 rounds to 360 itself, which is outside the half-open turn.
  const positive = turned < 0 ? turned + 360 : turned;
  return positive === 360 ? 0 : positive + 0;
}

/** The angle in [-180, 180). NaN and infinities give NaN. */
export function wrap180Deg(angleDeg: number): number {
  const turned = angleDeg % 360;
  if (turned >= 180) return turned - 360;
  return turned < -180 ? turned + 360 : turned + 0;
}

/** The angle in [0, 2π). NaN and infinities give NaN. Good to 1 ulp per turn taken away, since 2π is not a double. */
export function wrapTwoPiRad(angleRad: number): number {
  const turn = 2 * Math.PI;
  const turned = angleRad % turn;
  const positive = turned < 0 ? turned + turn : turned;
  return positive >= turn ? 0 : positive + 0;
}

/** The angle in [-π, π). NaN and infinities give NaN. */
export function wrapPiRad(angleRad: number): number {
  const turn = 2 * Math.PI;
  const turned = angleRad % turn;
  if (turned >= Math.PI) return turned - turn;
  return turned < -Math.PI ? turned + turn : turned + 0;
}

/** The signed turn, in [-180, 180), that leads from one azimuth to another: positive is clockwise. */
export function turnBetweenDeg(fromDeg: number, toDeg: number): number {
  return wrap180Deg(wrap360Deg(toDeg) - wrap360Deg(fromDeg));
}

/** Names of the sixteen points in English, by index from north clockwise. Screens translate the index, not the name. */
export const COMPASS_POINTS: readonly string[] = [
  "N",
  "NNE",
  "NE",
  "ENE",
  "E",
  "ESE",
  "SE",
  "SSE",
  "S",
  "SSW",
  "SW",
  "WSW",
  "W",
  "WNW",
  "NW",
  "NNW",
];

/** Index 0–15 into the sixteen compass points; each covers 22.5° and begins half of that before its name. NaN gives NaN. */
export function compassPointIndex(azimuthDeg: number): number {
  return Math.floor((wrap360Deg(azimuthDeg) + 11.25) / 22.5) % 16;
}

/** Clock hour 1–12 of an azimuth for someone who faces `headingDeg`: straight ahead is 12, right is 3. NaN gives NaN. */
export function clockHour(azimuthDeg: number, headingDeg: number): number {
  const hour = Math.floor((wrap360Deg(turnBetweenDeg(headingDeg, azimuthDeg)) + 15) / 30) % 12;
  return hour === 0 ? 12 : hour;
}
