// Our people: how to reach them, whether they are on shift, at which post they stand, and where they were last known to be.
import type { Channel, PersonDefinition, PositionSource } from "../loop-records.ts";
import type { Settings } from "../settings.ts";

/** Where one of ours was last known to be. Short-lived: the newest only, gone with the end of the shift or after the time that settings give. */
export interface OwnPosition {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** 95 % of the horizontal error when it was measured, m. */
  readonly errorM: number;
  /** When it was measured, never later than it arrived, Unix µs. */
  readonly timeUs: number;
  readonly source: PositionSource;
  readonly facingDeg?: number;
}

export interface Person {
  definition: PersonDefinition;
  onShift: boolean;
  position?: OwnPosition;
}

/** How a person's danger is judged now. */
export type PlaceBasis = "position" | "old-position" | "post" | "unknown";

export interface RosterImage {
  readonly people: readonly Person[];
  readonly staff: readonly (readonly [zoneId: string, people: readonly string[]])[];
}

export class Roster {
  readonly #settings: Settings;
  readonly #people = new Map<string, Person>();
  /** Post → who stands there. */
  readonly #staff = new Map<string, readonly string[]>();
  /** Person → posts; made anew when staff changes. */
  #postsOf = new Map<string, string[]>();
  /** Channel and address → whom they reach; made anew when it is asked for after people changed. */
  #byAddress: Map<string, string[]> | undefined;
  /** Raised with each change of who or where, so that others know when to look again. */
  revision = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get people(): ReadonlyMap<string, Readonly<Person>> {
    return this.#people;
  }
  person(id: string): Readonly<Person> | undefined {
    return this.#people.get(id);
  }
  staff(zoneId: string): readonly string[] {
    return this.#staff.get(zoneId) ?? [];
  }
  postsOf(personId: string): readonly string[] {
    return this.#postsOf.get(personId) ?? [];
  }
  /** Whom an address reaches: one device may be that of a whole post. */
  reachedBy(channel: Channel, address: string): readonly string[] {
    if (this.#byAddress === undefined) {
      const made = (this.#byAddress = new Map<string, string[]>());
      for (const { definition } of this.#people.values()) {
        for (const way of definition.ways) {
          const key = `${way.channel} ${way.address}`;
          const reached = made.get(key);
          if (reached === undefined) made.set(key, [definition.id]);
          else if (!reached.includes(definition.id)) reached.push(definition.id);
        }
      }
    }
    return this.#byAddress.get(`${channel} ${address}`) ?? [];
  }

  /** False when there is no room for another person. */
  set(definition: PersonDefinition): boolean {
    const known = this.#people.get(definition.id);
    if (known === undefined && this.#people.size >= this.#settings.maxPeople) return false;
    if (known === undefined) this.#people.set(definition.id, { definition, onShift: false });
    else known.definition = definition;
    this.#byAddress = undefined;
    this.revision += 1;
    return true;
  }
  remove(id: string): void {
    if (!this.#people.delete(id)) return;
    this.#byAddress = undefined;
    this.revision += 1;
  }
  /** False for somebody unknown. Off shift, the position goes at once. */
  shift(id: string, on: boolean): boolean {
    const person = this.#people.get(id);
    if (person === undefined) return false;
    person.onShift = on;
    if (!on) delete person.position;
    this.revision += 1;
    return true;
  }
  /** False when there are too many posts with staff. */
  setStaff(zoneId: string, people: readonly string[]): boolean {
    if (people.length > 0 && !this.#staff.has(zoneId) && this.#staff.size >= this.#settings.maxZones) return false;
    if (people.length === 0) this.#staff.delete(zoneId);
    else this.#staff.set(zoneId, [...new Set(people)]);
    this.#indexPosts();
    return true;
  }
  /** False for somebody unknown or off shift, whose place is not our matter. One measured before the one known changes nothing. */
  place(id: string, position: OwnPosition): boolean {
    const person = this.#people.get(id);
    if (person === undefined || !person.onShift) return false;
    if (person.position === undefined || person.position.timeUs <= position.timeUs) {
      person.position = position;
      this.revision += 1;
    }
    return true;
  }

  /** Lets go of positions that are over their time. */
  expire(timeUs: number): void {
    for (const person of this.#people.values()) {
      if (person.position !== undefined && timeUs - person.position.timeUs >= this.#settings.positionKeptUs) {
        delete person.position;
        this.revision += 1;
      }
    }
  }

  /** How a person is judged: by a fresh position alone; by an old one and by post; by post; or not known at all. */
  basis(person: Readonly<Person>, timeUs: number): PlaceBasis {
    const { position } = person;
    if (position !== undefined) return timeUs - position.timeUs <= this.#settings.positionFreshUs ? "position" : "old-position";
    return this.postsOf(person.definition.id).length > 0 ? "post" : "unknown";
  }

  /** Radius around the last position within which the person is taken to be, m: its error, and what one walks in its age. */
  reachM({ errorM, timeUs: measuredUs }: OwnPosition, timeUs: number): number {
    const { walkMps, positionReachM, positionFreshUs } = this.#settings;
    const ageUs = Math.max(0, timeUs - measuredUs);
    return Math.min(positionReachM, errorM + (ageUs <= positionFreshUs ? 0 : (walkMps * ageUs) / 1e6));
  }

  image(): RosterImage {
    return { people: [...this.#people.values()], staff: [...this.#staff] };
  }
  restore({ people, staff }: RosterImage): void {
    for (const person of people) this.#people.set(person.definition.id, person);
    for (const [zoneId, ids] of staff) this.#staff.set(zoneId, ids);
    this.#indexPosts();
  }

  #indexPosts(): void {
    this.revision += 1;
    this.#postsOf = new Map();
    for (const [zoneId, ids] of this.#staff) {
      for (const id of ids) {
        const posts = this.#postsOf.get(id);
        if (posts === undefined) this.#postsOf.set(id, [zoneId]);
        else posts.push(zoneId);
      }
    }
  }
}
