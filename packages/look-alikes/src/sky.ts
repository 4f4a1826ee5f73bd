// How dark is the sky, and what can be seen in it without glasses?
import { along } from "./between.ts";

/** Degrees of extinction are counted along this many magnitudes per air mass: clear air near sea level. Dust and haze take more. */
const EXTINCTION_MAGNITUDES = 0.25;

/**
 * Faintest magnitude overhead that a person who is not looking for it notices, by the Sun's elevation. Our own estimate, from two anchors:
 * Venus at its brightest is just found by day, and the brightest stars come out at the end of civil twilight (Sun at −6°).
 */
const NOTICED: readonly (readonly [sunElevationDeg: number, magnitude: number])[] = [
  [-18, 4],
  [-12, 3],
  [-6, 0.5],
  [-3, -1.5],
  [0, -3.5],
  [10, -4.3],
];

/** Faintest magnitude that is noticed overhead with the Sun at this elevation. */
export function faintestNoticed(sunElevationDeg: number): number {
  return along(NOTICED, sunElevationDeg);
}

/** Air masses in front of something that is seen at this elevation (Kasten & Young, Applied Optics 28 (1989) 4735); at and below the horizon 38. */
export function airMasses(seenElevationDeg: number): number {
  const deg = Math.max(0, seenElevationDeg);
  return 1 / (Math.sin((deg * Math.PI) / 180) + 0.50572 * (deg + 6.07995) ** -1.6364);
}

/** How bright it looks at this elevation: its magnitude with what the air takes. */
export function dimmedMagnitude(magnitude: number, seenElevationDeg: number): number {
  return magnitude + EXTINCTION_MAGNITUDES * airMasses(seenElevationDeg);
}
