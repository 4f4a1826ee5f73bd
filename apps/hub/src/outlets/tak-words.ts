// What TAK users read: in English and Spanish, since nobody knows which of them the one who holds the device reads. Written by people in both, in the
// order hazard, from where, how far, how long, what to do.
import type { PictureWarning, Track } from "@atalaya/picture";

const COMPASS_EN = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"] as const;
const COMPASS_ES = ["norte", "noreste", "este", "sureste", "sur", "suroeste", "oeste", "noroeste"] as const;

function octant(azimuthDeg: number): number {
  return Math.floor(((((azimuthDeg + 22.5) % 360) + 360) % 360) / 45);
}

function distance(metres: number): string {
  return metres >= 1000 ? `${(metres / 1000).toFixed(1)} km` : `${Math.round(metres / 10) * 10} m`;
}

/** Hours and minutes in UTC: the reader may be in another zone than the hub. */
function zulu(timeUs: number): string {
  return `${new Date(timeUs / 1000).toISOString().slice(11, 16)} Z`;
}

/** Both languages, each marked as a drill where it is one. */
function both(drill: boolean, english: string, spanish: string): string {
  return drill ? `DRILL, not real. ${english} / SIMULACRO, no es real. ${spanish}` : `${english} / ${spanish}`;
}

/** A danger to a zone, as it now stands. */
export function warningText(warning: Readonly<PictureWarning>): string {
  const { level, zoneName, azimuthDeg, centreDistanceM, edgeDistanceM, closestInS, drill } = warning;
  const at = octant(azimuthDeg);
  const [en, es] = [COMPASS_EN[at] ?? "", COMPASS_ES[at] ?? ""];
  const far = distance(centreDistanceM);
  const soon = closestInS === undefined || closestInS < 1 ? "" : `, ${Math.round(closestInS)} s`;
  if (level === "warning") {
    return edgeDistanceM === 0
      ? both(
          drill,
          `${zoneName}: drone here, ${en}, ${far}. Get under hard cover now.`,
          `${zoneName}: dron aquí, al ${es}, ${far}. Cúbrase ya bajo techo firme.`,
        )
      : both(
          drill,
          `${zoneName}: drone coming from ${en}, ${far}${soon}. Get under hard cover now.`,
          `${zoneName}: viene un dron desde el ${es}, ${far}${soon}. Cúbrase ya bajo techo firme.`,
        );
  }
  return both(
    drill,
    `${zoneName}: a drone may come, ${en}, ${far}${soon}. Stay close to cover.`,
    `${zoneName}: puede venir un dron, al ${es}, ${far}${soon}. Manténgase junto a un refugio.`,
  );
}

/** Says when it was last heard, never that it is safe. */
export function clearedText({ zoneName, lastHeardUs, drill }: Readonly<PictureWarning>): string {
  const heard = zulu(lastHeardUs);
  return both(drill, `All clear, ${zoneName}. Last heard ${heard}.`, `Fin del peligro, ${zoneName}. Última señal ${heard}.`);
}

export function moreText(count: number, drill: boolean): string {
  return both(drill, `And ${count} more dangers: see the map.`, `Y ${count} peligros más: vea el mapa.`);
}

/** What a track rests on. A broadcast proves nothing, and says so. */
export function trackText(track: Readonly<Track>, identity: string | undefined): string {
  const parts: string[] = [];
  if (identity !== undefined) parts.push(`ID ${identity}`);
  if (track.heightAboveTakeoffM !== undefined) parts.push(`${Math.round(track.heightAboveTakeoffM)} m above take-off / sobre el despegue`);
  parts.push(
    track.measured === undefined
      ? "Broadcast claim, not measured / Transmisión, sin medición"
      : "Measured by sensors / Medido por sensores",
  );
  if (track.findings.length > 0) parts.push("Contradicted: see the hub / Contradicho: vea el sistema");
  const text = parts.join(". ");
  return track.drill ? `DRILL, NOT REAL / SIMULACRO, NO ES REAL. ${text}` : text;
}
