// What TAK users read: in English and Spanish, since nobody knows which of them the one who holds the device reads. Written by people in both, in the
// order hazard, from where, how far, how long, what to do.
import { LEVELS, type PictureWarning, type Threat, type Track } from "@atalaya/picture";

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

/** Levels at which something sounds. */
export type LevelOut = "caution" | "warning";

/**
 * The place that is named to everybody: of the zones in danger the one in the greatest. Undefined when people alone are: where they are is told to
 * nobody but themselves.
 */
export function namedThreat({ threats, foremost, state }: Readonly<PictureWarning>): Threat | undefined {
  // What was cleared threatens nothing any more; its last figures stand in the foremost.
  if (state === "cleared") return foremost.kind === "zone" ? foremost : undefined;
  let greatest: Threat | undefined;
  for (const threat of threats) {
    if (threat.kind !== "zone") continue;
    const more = greatest === undefined ? 1 : LEVELS.indexOf(threat.level) - LEVELS.indexOf(greatest.level);
    if (more > 0 || (more === 0 && threat.edgeDistanceM < (greatest?.edgeDistanceM ?? 0))) greatest = threat;
  }
  return greatest;
}

/** A danger to a zone, as it now stands; to people alone, without a word of where they are. */
export function warningText(warning: Readonly<PictureWarning>, level: LevelOut): string {
  const { count, drill } = warning;
  const many = count > 1;
  const threat = namedThreat(warning);
  if (threat === undefined) {
    return level === "warning"
      ? both(
          drill,
          `${many ? `${count} drones are` : "A drone is"} coming to people of ours: see the map. Get under hard cover now.`,
          `${many ? `Vienen ${count} drones` : "Viene un dron"} hacia personas nuestras: vea el mapa. Cúbrase ya bajo techo firme.`,
        )
      : both(
          drill,
          `${many ? `${count} drones` : "A drone"} may come to people of ours: see the map. Stay close to cover.`,
          `${many ? `Pueden venir ${count} drones` : "Puede venir un dron"} hacia personas nuestras: vea el mapa. Manténgase junto a un refugio.`,
        );
  }
  const { name, azimuthDeg, centreDistanceM, edgeDistanceM, reachesInS } = threat;
  const at = octant(azimuthDeg);
  const [en, es] = [COMPASS_EN[at] ?? "", COMPASS_ES[at] ?? ""];
  const far = distance(centreDistanceM);
  const soon = reachesInS === undefined || reachesInS < 1 ? "" : `, ${Math.round(reachesInS)} s`;
  if (threat.level === "warning" && level === "warning") {
    return edgeDistanceM === 0
      ? both(
          drill,
          `${name}: ${many ? `${count} drones` : "drone"} here, ${en}, ${far}. Get under hard cover now.`,
          `${name}: ${many ? `${count} drones` : "dron"} aquí, al ${es}, ${far}. Cúbrase ya bajo techo firme.`,
        )
      : both(
          drill,
          `${name}: ${many ? `${count} drones` : "drone"} coming from ${en}, ${far}${soon}. Get under hard cover now.`,
          `${name}: ${many ? `vienen ${count} drones` : "viene un dron"} desde el ${es}, ${far}${soon}. Cúbrase ya bajo techo firme.`,
        );
  }
  return both(
    drill,
    `${name}: ${many ? `${count} drones` : "a drone"} may come, ${en}, ${far}${soon}. Stay close to cover.`,
    `${name}: ${many ? `pueden venir ${count} drones` : "puede venir un dron"}, al ${es}, ${far}${soon}. Manténgase junto a un refugio.`,
  );
}

/** Says when it was last heard, never that it is safe. */
export function clearedText(warning: Readonly<PictureWarning>): string {
  const { lastHeardUs, drill } = warning;
  const heard = zulu(lastHeardUs);
  const name = namedThreat(warning)?.name;
  const where = name === undefined ? "" : `, ${name}`;
  return both(drill, `All clear${where}. Last heard ${heard}.`, `Fin del peligro${where}. Última señal ${heard}.`);
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
