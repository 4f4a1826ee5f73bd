// How much do a person's words speak for each kind of thing?
import type { Factor, LookAlikeKind, Said } from "./contract.ts";

/**
 * For each word: how much oftener people say it of this kind than of what else is reported, drones first. Judgement, not measurement; kept between
 * 1/20 and 20, so that no word settles anything by itself. Fixed lights seem to wander to the eye that has nothing to hold on to (the autokinetic effect),
 * so a star that "moves" is no contradiction; a bright star near the horizon flashes in colours.
 */
const RATIOS: {
  readonly [Choice in keyof Said]-?: { readonly [Word in NonNullable<Said[Choice]>]: { readonly [Kind in LookAlikeKind]: number } };
} = {
  motion: {
    still: { body: 2, satellite: 0.15, aircraft: 0.5, drone: 1, balloon: 0.4, bird: 0.2 },
    moving: { body: 0.3, satellite: 1.4, aircraft: 1.4, drone: 1, balloon: 1.4, bird: 1.2 },
    circling: { body: 0.15, satellite: 0.05, aircraft: 0.7, drone: 1, balloon: 0.2, bird: 2 },
    erratic: { body: 0.4, satellite: 0.1, aircraft: 0.2, drone: 1, balloon: 0.4, bird: 1.5 },
  },
  lights: {
    none: { body: 0.15, satellite: 0.15, aircraft: 0.7, drone: 1, balloon: 1.3, bird: 1.6 },
    steady: { body: 1.8, satellite: 1.8, aircraft: 1, drone: 1, balloon: 1, bird: 0.1 },
    flashing: { body: 0.7, satellite: 0.3, aircraft: 1.5, drone: 1, balloon: 0.2, bird: 0.05 },
  },
  sound: {
    none: { body: 1.4, satellite: 1.4, aircraft: 0.8, drone: 1, balloon: 1.4, bird: 1.3 },
    rotors: { body: 0.05, satellite: 0.05, aircraft: 0.3, drone: 1, balloon: 0.05, bird: 0.05 },
    engine: { body: 0.1, satellite: 0.1, aircraft: 3, drone: 1, balloon: 0.1, bird: 0.1 },
  },
  shape: {
    multirotor: { body: 0.1, satellite: 0.05, aircraft: 0.3, drone: 1.3, balloon: 0.2, bird: 0.15 },
    "fixed-wing": { body: 0.05, satellite: 0.05, aircraft: 2, drone: 1, balloon: 0.1, bird: 0.6 },
    round: { body: 1, satellite: 0.4, aircraft: 0.3, drone: 0.6, balloon: 5, bird: 0.2 },
    "wings-beating": { body: 0.05, satellite: 0.05, aircraft: 0.05, drone: 0.3, balloon: 0.05, bird: 20 },
    "point-of-light": { body: 3, satellite: 3, aircraft: 1.5, drone: 0.7, balloon: 1, bird: 0.05 },
  },
};

/** One factor for each thing said; motion is left out where a measured turn or a known rate says it better. */
export function saidFactors(said: Said | undefined, kind: LookAlikeKind, leaveOutMotion: boolean): Factor[] {
  const factors: Factor[] = [];
  if (said === undefined) return factors;
  if (said.motion !== undefined && !leaveOutMotion) factors.push({ key: "motion", ratio: RATIOS.motion[said.motion][kind] });
  if (said.lights !== undefined) factors.push({ key: "lights", ratio: RATIOS.lights[said.lights][kind] });
  if (said.sound !== undefined) factors.push({ key: "sound", ratio: RATIOS.sound[said.sound][kind] });
  if (said.shape !== undefined) factors.push({ key: "shape", ratio: RATIOS.shape[said.shape][kind] });
  return factors;
}
