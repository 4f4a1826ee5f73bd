// What raises no warning of a drone, or only a quiet one: aircraft, birds, contradicted claims, our own and authorised drones, and muted sensors.
import { flatDistanceM, type GeoPolygon, geoPolygon, isInPolygon } from "@atalaya/geodesy";
import { highestLevel } from "../danger.ts";
import type { AuthorisedDrone, Benign, LoopRecords } from "../loop-records.ts";
import type { Settings } from "../settings.ts";
import type { Track } from "../track.ts";
import type { Level } from "./level.ts";

export interface Mute {
  readonly source: string;
  readonly untilUs: number;
  readonly by: string;
  readonly reason: string;
}

/** Why a drone that says it is ours is not believed now. */
export type Doubt = "outside-area" | "outside-time" | "contradicted" | "in-two-places";

export interface Authorisation {
  readonly drone: AuthorisedDrone;
  /** Absent: believed. */
  readonly doubt?: Doubt;
}

export interface Verdict {
  /** The most that it can be to anyone; undefined: nothing. */
  readonly highest: Level | undefined;
  /** Why it is nothing to warn of. */
  readonly benign?: { readonly what: Benign; readonly name?: string };
}

export interface ExemptImage {
  readonly drones: readonly AuthorisedDrone[];
  readonly mutes: readonly Mute[];
}

export class Exempt {
  readonly #settings: Settings;
  readonly #drones = new Map<string, AuthorisedDrone>();
  readonly #byIdentity = new Map<string, AuthorisedDrone[]>();
  readonly #polygons = new Map<string, GeoPolygon>();
  readonly #mutes = new Map<string, Mute>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get mutes(): readonly Mute[] {
    return [...this.#mutes.values()];
  }
  get authorised(): readonly AuthorisedDrone[] {
    return [...this.#drones.values()];
  }

  /** False when there is no room, or the area is none. */
  authorise(drone: AuthorisedDrone): boolean {
    if (!this.#drones.has(drone.id) && this.#drones.size >= this.#settings.maxAuthorised) return false;
    if (drone.area.type === "polygon") {
      const made = geoPolygon([drone.area.ring]);
      if ("refused" in made) return false;
      this.#polygons.set(drone.id, made.polygon);
    } else this.#polygons.delete(drone.id);
    this.#drones.set(drone.id, drone);
    this.#index();
    return true;
  }
  revoke(id: string): void {
    this.#drones.delete(id);
    this.#polygons.delete(id);
    this.#index();
  }
  mute({ source, forS, by, reason }: LoopRecords["mute"], timeUs: number): boolean {
    if (!this.#mutes.has(source) && this.#mutes.size >= this.#settings.maxMutes) return false;
    this.#mutes.set(source, { source, untilUs: timeUs + Math.round(forS * 1e6), by, reason });
    return true;
  }
  unmute(source: string): void {
    this.#mutes.delete(source);
  }
  expire(timeUs: number): void {
    for (const [source, { untilUs }] of this.#mutes) if (timeUs >= untilUs) this.#mutes.delete(source);
  }

  /** Whether the track's broadcast is that of a drone of ours, and whether that is believed. */
  authorisation(track: Readonly<Track>, timeUs: number): Authorisation | undefined {
    if (this.#drones.size === 0) return undefined;
    let doubted: Authorisation | undefined;
    for (const { value } of track.identities) {
      for (const drone of this.#byIdentity.get(value) ?? []) {
        const doubt = this.#doubt(drone, track, timeUs);
        if (doubt === undefined) return { drone };
        doubted ??= { drone, doubt };
      }
    }
    return doubted;
  }

  verdict(track: Readonly<Track>, timeUs: number): Verdict {
    if (track.kind === "manned") return { highest: undefined, benign: { what: "aircraft" } };
    const authorisation = this.authorisation(track, timeUs);
    if (authorisation !== undefined && authorisation.doubt === undefined) {
      const { own, name } = authorisation.drone;
      return { highest: undefined, benign: { what: own ? "own-drone" : "authorised-drone", name } };
    }
    if (this.#mutes.size > 0 && this.#isMuted(track)) return { highest: undefined, benign: { what: "sensor-fault" } };
    return { highest: highestLevel(track, timeUs, this.#settings) };
  }

  image(): ExemptImage {
    return { drones: this.authorised, mutes: this.mutes };
  }
  restore({ drones, mutes }: ExemptImage): void {
    for (const drone of drones) this.authorise(drone);
    for (const mute of mutes) this.#mutes.set(mute.source, mute);
  }

  #index(): void {
    this.#byIdentity.clear();
    for (const drone of this.#drones.values()) {
      const known = this.#byIdentity.get(drone.identity);
      if (known === undefined) this.#byIdentity.set(drone.identity, [drone]);
      else known.push(drone);
    }
  }

  #doubt({ id, area, fromUs, untilUs }: AuthorisedDrone, track: Readonly<Track>, timeUs: number): Doubt | undefined {
    if (timeUs < fromUs || timeUs >= untilUs) return "outside-time";
    const { latDeg, lonDeg } = track;
    const polygon = this.#polygons.get(id);
    const inside =
      area.type === "circle"
        ? flatDistanceM(latDeg, lonDeg, area.centre.latDeg, area.centre.lonDeg) <= area.radiusM
        : polygon !== undefined && isInPolygon(polygon, latDeg, lonDeg);
    if (!inside) return "outside-area";
    // The body that is measured is not where the broadcast says, or the name is in the air twice: one of them is not ours.
    if (track.unseenSinceUs !== undefined) return "contradicted";
    return track.findings.some(({ code }) => code === "identity-in-two-places") ? "in-two-places" : undefined;
  }

  #isMuted(track: Readonly<Track>): boolean {
    const says = sourcesOf(track);
    return says.length > 0 && says.every((name) => this.#mutes.has(name) || this.#mutes.has(name.split("/")[0] ?? ""));
  }
}

/** Who says that there is such a track: sources that heard it, sensors (`source/sensor`) that measure it. */
export function sourcesOf({ heardBy, measured }: Readonly<Track>): readonly string[] {
  return [...new Set([...heardBy.map(({ id }) => id), ...(measured?.sensors ?? [])])];
}
