// Whom and what a track can threaten: zones and people near it, each with its danger; a person by place, by post, or by both.
import { type Danger, greater, judgePerson, judgeZone, limited, outOfReach, reachM, type Subject } from "../danger.ts";
import type { ZoneDefinition } from "../entry.ts";
import type { LatLon } from "../place.ts";
import type { OwnPosition, Person, PlaceBasis, Roster } from "../people/roster.ts";
import type { Settings } from "../settings.ts";
import type { Track } from "../track.ts";
import { type Placed, type WatchedZone, watchedZone, ZoneGrid } from "../watched-zone.ts";
import type { Level } from "./level.ts";
import type { DangerRules } from "./rules.ts";

/** One target's danger from one track. */
export interface Pair {
  readonly key: string;
  readonly kind: "zone" | "person";
  readonly id: string;
  readonly name: string;
  readonly danger: Danger;
  readonly basis?: PlaceBasis;
  readonly positionAgeS?: number;
  readonly post?: string;
}

interface WatchedPerson extends Placed {
  readonly id: string;
}

/** The grid of people is made anew this often, wide enough for what they walk in between. */
const PEOPLE_GRID_US = 10_000_000;

export const zoneKey = (id: string): string => `zone:${id}`;
const personKey = (id: string): string => `person:${id}`;

export class Targets {
  readonly #settings: Settings;
  readonly #roster: Roster;
  readonly #zones = new Map<string, WatchedZone>();
  #zoneGrid: ZoneGrid = new ZoneGrid([]);
  #peopleGrid: ZoneGrid<WatchedPerson> = new ZoneGrid<WatchedPerson>([]);
  #peopleRevision = -1;
  #peopleUntilUs = Number.NEGATIVE_INFINITY;

  constructor(settings: Settings, roster: Roster) {
    this.#settings = settings;
    this.#roster = roster;
  }

  get zones(): ReadonlyMap<string, WatchedZone> {
    return this.#zones;
  }
  /** False when there are too many zones, or the zone is none that could be watched. */
  setZone(zone: ZoneDefinition): boolean {
    if (this.#zones.size >= this.#settings.maxZones && !this.#zones.has(zone.id)) return false;
    const watched = watchedZone(zone);
    if ("refused" in watched) return false;
    this.#zones.set(zone.id, watched);
    this.#zoneGrid = new ZoneGrid([...this.#zones.values()]);
    return true;
  }
  removeZone(id: string): boolean {
    if (!this.#zones.delete(id)) return false;
    this.#zoneGrid = new ZoneGrid([...this.#zones.values()]);
    return true;
  }

  /** Makes the grid of people ready for a tick. */
  prepare(timeUs: number): void {
    if (this.#roster.revision === this.#peopleRevision && timeUs < this.#peopleUntilUs) return;
    this.#peopleRevision = this.#roster.revision;
    // Cut at fixed times, so that the order in which the grid names people depends on nothing but people and time.
    this.#peopleUntilUs = (Math.floor(timeUs / PEOPLE_GRID_US) + 1) * PEOPLE_GRID_US;
    const { walkMps, positionReachM } = this.#settings;
    const watched: WatchedPerson[] = [];
    for (const { definition, onShift, position } of this.#roster.people.values()) {
      if (!onShift || position === undefined) continue;
      const walkedM = (walkMps * (this.#peopleUntilUs - position.timeUs)) / 1e6;
      watched.push({ id: definition.id, centre: position, radiusM: Math.min(positionReachM, position.errorM + walkedM) });
    }
    this.#peopleGrid = new ZoneGrid(watched);
  }

  get any(): boolean {
    return this.#zones.size > 0 || this.#peopleGrid.zones.length > 0;
  }

  /** Whether the track's danger may reach anything at all: most of the sky is far from everybody. */
  isInReach(track: Readonly<Track>, rules: DangerRules): boolean {
    const reach = reachM(track, rules, this.#settings);
    return this.#zoneGrid.isNearBounds(track, reach) || (!track.recorded && this.#peopleGrid.isNearBounds(track, reach));
  }

  /** Whether a person or a post is within a distance of a place: there, bodies that are not sure yet count too. */
  isNear(place: LatLon, withinM: number): boolean {
    let near = false;
    this.#zoneGrid.near(place, withinM, (watched) => {
      if (!near && watched.zone.kind === "post" && !outOfReach(place, watched, withinM)) near = true;
    });
    if (!near)
      this.#peopleGrid.near(place, withinM, (watched) => {
        if (!near && !outOfReach(place, watched, withinM)) near = true;
      });
    return near;
  }

  /**
   * Adds the track's dangers to `into`, keeping the greater one of each target. Those without a level only for targets that are in `known`: whose figures
   * are shown already.
   */
  collect(subject: Subject, rules: DangerRules, highest: Level | undefined, known: ReadonlySet<string>, into: Map<string, Pair>): void {
    const { track, timeUs, settings } = subject;
    const reach = reachM(track, rules, settings);
    const recorded = track.recorded;
    const add = (pair: Pair): void => {
      if (pair.danger.level === undefined && !known.has(pair.key)) return;
      const before = into.get(pair.key);
      if (before === undefined || greater(before.danger, pair.danger) !== before.danger) into.set(pair.key, pair);
    };
    const zone = (watched: WatchedZone): void => {
      const danger = limited(judgeZone(subject, watched, rules), highest);
      const { id, name, kind } = watched.zone;
      add({ key: zoneKey(id), kind: "zone", id, name, danger });
      if (kind !== "post" || recorded) return;
      for (const personId of this.#roster.staff(id)) {
        const person = this.#roster.person(personId);
        if (person === undefined || !person.onShift) continue;
        const basis = this.#roster.basis(person, timeUs);
        if (basis !== "position") add(personPair(person, danger, basis, timeUs, id));
      }
    };
    const person = (id: string): void => {
      const found = this.#roster.person(id);
      if (found?.position === undefined || !found.onShift) return;
      const placeReachM = this.#roster.reachM(found.position, timeUs);
      if (outOfReach(track, { centre: found.position, radiusM: placeReachM }, reach) && !known.has(personKey(id))) return;
      const danger = limited(judgePerson(subject, found.position, placeReachM, rules), highest);
      add(personPair(found, danger, this.#roster.basis(found, timeUs), timeUs));
    };
    this.#zoneGrid.near(track, reach, (watched) => {
      if (!outOfReach(track, watched, reach)) zone(watched);
    });
    if (!recorded) {
      // The grid's radius is at least what the person may have walked since.
      this.#peopleGrid.near(track, reach, (watched) => {
        if (!outOfReach(track, watched, reach) || known.has(personKey(watched.id))) person(watched.id);
      });
    }
    for (const key of known) {
      if (into.has(key)) continue;
      if (key.startsWith("zone:")) {
        const watched = this.#zones.get(key.slice(5));
        if (watched !== undefined) zone(watched);
      } else person(key.slice(7));
    }
  }

  /** Those on shift of whom neither place nor post is known: while a warning stands anywhere they are told that one is near. */
  unplaced(danger: Danger, timeUs: number, level: Level): readonly Pair[] {
    const pairs: Pair[] = [];
    for (const person of this.#roster.people.values()) {
      if (!person.onShift || this.#roster.basis(person, timeUs) !== "unknown") continue;
      pairs.push(personPair(person, { ...danger, level, because: "place-unknown", descent: false }, "unknown", timeUs));
    }
    return pairs;
  }
}

function personPair(person: Readonly<Person>, danger: Danger, basis: PlaceBasis, timeUs: number, post?: string): Pair {
  const { id, name } = person.definition;
  const position: OwnPosition | undefined = person.position;
  return {
    key: personKey(id),
    kind: "person",
    id,
    name,
    danger,
    basis,
    ...(position === undefined ? {} : { positionAgeS: Math.max(0, Math.round((timeUs - position.timeUs) / 1e6)) }),
    ...(post === undefined ? {} : { post }),
  };
}
