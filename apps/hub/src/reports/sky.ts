// What officers supplied of the sky, as look-alikes ask for it and as screens show it.
import { type ElementsRead, LIMITS, type OrbitalElements, readElements, type Wind } from "@atalaya/look-alikes";
import type { Picture, SuppliedElements } from "@atalaya/picture";
import type { SkyElements, Wind as ShownWind } from "@atalaya/protocol";
import { defined } from "../outlets/defined.ts";

const MS_PER_DAY = 86_400_000;
/**
 * How far a wind that was entered may be off (1σ), and at which heights it is taken to blow: an instrument stands somewhere else and lower than what
 * drifts; who feels a wind feels its gusts. Ours, and wide.
 */
const MEASURED = { directionSigmaDeg: 15, speedShare: 0.2, leastMps: 1 } as const;
const FELT = { directionSigmaDeg: 30, speedShare: 0.4, leastMps: 2 } as const;
const BELOW_M = 500;
const ABOVE_M = 800;

/** A set that was read once is not read again: the text is long, and look-alikes are asked for at every look. */
const read = new WeakMap<SuppliedElements, ElementsRead>();

function elementsOf(set: SuppliedElements): ElementsRead {
  const known = read.get(set) ?? readElements(set.text);
  read.set(set, known);
  return known;
}

/** Undefined: nobody has supplied any. */
export function satellitesOf(picture: Picture): readonly OrbitalElements[] | undefined {
  const sets = picture.surroundings.elements;
  return sets.length === 0 ? undefined : sets.flatMap((set) => elementsOf(set).elements);
}

/** Undefined: nobody has entered one. */
export function windsOf(picture: Picture): readonly Wind[] | undefined {
  const { winds } = picture.surroundings;
  if (winds.length === 0) return undefined;
  const { centre } = picture.sector ?? {};
  const groundM = centre === undefined ? 0 : picture.groundM(centre);
  return winds.map(({ fromDeg, speedMps, measured, fromUs, untilUs }) => {
    const { directionSigmaDeg, speedShare, leastMps } = measured ? MEASURED : FELT;
    return {
      fromDeg,
      directionSigmaDeg,
      speedMps,
      speedSigmaMps: Math.max(leastMps, speedMps * speedShare),
      bottomHaeM: groundM - BELOW_M,
      topHaeM: groundM + ABOVE_M,
      fromUnixMs: fromUs / 1000,
      toUnixMs: untilUs / 1000,
    };
  });
}

/** What a text says, before anybody keeps it. */
export function readSet(set: SuppliedElements, nowMs: number): SkyElements {
  const { elements, refused, refusedMore } = elementsOf(set);
  const epochs = elements.map(({ epochUnixMs }) => epochUnixMs);
  return defined({
    id: set.id,
    name: set.name,
    by: set.by,
    suppliedMs: set.timeUs / 1000,
    satellites: elements.length,
    usable: epochs.filter((epochMs) => Math.abs(nowMs - epochMs) <= LIMITS.elementsAgeDays * MS_PER_DAY).length,
    oldestEpochMs: epochs.length === 0 ? undefined : epochs.reduce((a, b) => Math.min(a, b)),
    newestEpochMs: epochs.length === 0 ? undefined : epochs.reduce((a, b) => Math.max(a, b)),
    unread: refused.map(({ at, refusal }) => ({ at, why: refusal.detail })),
    unreadMore: refusedMore,
  });
}

export function shownWinds(picture: Picture): ShownWind[] {
  return picture.surroundings.winds.map(({ id, by, fromDeg, speedMps, measured, fromUs, untilUs }) => ({
    id,
    by,
    fromDeg,
    speedMps,
    measured,
    fromMs: fromUs / 1000,
    untilMs: untilUs / 1000,
  }));
}
