// A picture at work with people in it: says things at times, and remembers what was told to whom.
import assert from "node:assert/strict";
import { encodeFrame } from "../src/index.ts";
import {
  type Intent,
  type Origin,
  type PersonDefinition,
  Picture,
  type PictureWarning,
  type RecordKind,
  type Records,
  type Rung,
  type Settings,
  type Way,
  type ZoneDefinition,
} from "../src/index.ts";
import { basicId, beacon, location, mac, place, POST, type Said, S, T0 } from "./broadcasts.ts";
import { EntryList } from "./journal-of.ts";

export const SERIAL = "1588E040445AC004418";
export const post: ZoneDefinition = { id: "post", name: "Post 7", kind: "post", shape: { type: "circle", centre: POST, radiusM: 100 } };

export function person(id: string, more: Partial<PersonDefinition> = {}): PersonDefinition {
  const ways: readonly Way[] = [
    { channel: "browser", address: `${id}-phone` },
    { channel: "tak", address: `${id}-tak` },
    { channel: "voice", address: "channel 3" },
  ];
  return { id, name: id.toUpperCase(), language: "en", role: "agent", team: "alpha", leader: false, ways, ...more };
}

export class Scene {
  readonly list = new EntryList();
  picture: Picture;
  readonly told: Intent[] = [];
  #applied = 0;

  constructor(settings: Partial<Settings> = {}, origin: Origin = "live") {
    this.picture = new Picture(settings);
    this.list.source(T0, "test", origin);
    this.#apply();
  }
  #apply(): this {
    for (; this.#applied < this.list.entries.length; this.#applied += 1) {
      const entry = this.list.entries[this.#applied];
      if (entry !== undefined) this.picture.apply(entry);
    }
    this.told.push(...this.picture.takeIntents());
    return this;
  }
  record<K extends RecordKind>(seconds: number, kind: K, value: Records[K]): this {
    this.list.record(T0 + Math.round(seconds * S), kind, value);
    return this.#apply();
  }
  /** Somebody on shift, at a place or nowhere. */
  onShift(seconds: number, definition: PersonDefinition, at?: readonly [northM: number, eastM: number], errorM = 10): this {
    this.record(seconds, "person", { person: definition, by: "test" });
    this.record(seconds, "shift", { personId: definition.id, on: true, by: "test" });
    if (at !== undefined) this.at(seconds, definition.id, at[0], at[1], errorM);
    return this;
  }
  at(seconds: number, personId: string, northM: number, eastM: number, errorM = 10, measuredS: number = seconds): this {
    const timeUs = T0 + Math.round(measuredS * S);
    return this.record(seconds, "person-position", { personId, position: place(northM, eastM), errorM, timeUs, source: "tak" });
  }
  zone(seconds: number, zone: ZoneDefinition): this {
    return this.record(seconds, "zone", { zone, by: "test" });
  }
  say(seconds: number, said: Said, address = 1, serial = SERIAL, source = "test"): this {
    this.list.frame(T0 + Math.round(seconds * S), "dlt-127", beacon(mac(address), basicId(serial), location(said)), source);
    return this.#apply();
  }
  /** Once a second from one time to another, on a straight line. */
  fly(fromS: number, toS: number, from: readonly [number, number], northMps: number, eastMps: number, address = 1, serial = SERIAL): this {
    const speedMps = Math.hypot(northMps, eastMps);
    const courseDeg = ((Math.atan2(eastMps, northMps) * 180) / Math.PI + 360) % 360;
    for (let s = fromS; s <= toS; s += 1) {
      const where = place(from[0] + northMps * (s - fromS), from[1] + eastMps * (s - fromS));
      this.say(s, { ...where, speedMps, courseDeg: Math.round(courseDeg) % 360 }, address, serial);
    }
    return this;
  }
  /** Lines of the detection format, from the source `test`. */
  lines(seconds: number, lines: readonly string[], source = "test"): this {
    const timeUs = T0 + Math.round(seconds * S);
    const payload = encodeFrame({ format: "detections", sensorTimeUs: undefined, bytes: new TextEncoder().encode(lines.join("\n")) });
    this.list.entries.push({ seq: this.list.entries.length + 1, timeUs, kind: "frame", source, payload });
    return this.#apply();
  }
  receipt(seconds: number, personId: string, channel: Way["channel"], step: Records["receipt"]["step"], address?: string): this {
    const known = address ?? `${personId}-${channel === "browser" ? "phone" : channel}`;
    return this.record(seconds, "receipt", { warningId: this.only.id, personId, channel, address: known, step });
  }
  answer(seconds: number, personId: string, answer: Records["answer"]["answer"], how: Partial<Records["answer"]> = {}): this {
    return this.record(seconds, "answer", { warningId: this.only.id, personId, answer, ...how });
  }
  to(seconds: number): this {
    this.picture.advance(T0 + Math.round(seconds * S));
    this.told.push(...this.picture.takeIntents());
    return this;
  }
  /** As after a restart of the hub: what was told stays told. */
  restart(): this {
    const restored = Picture.restore(this.picture.snapshot());
    assert.ok(restored instanceof Picture);
    this.picture = restored;
    return this;
  }
  get all(): readonly Readonly<PictureWarning>[] {
    return [...this.picture.warnings()];
  }
  get standing(): readonly Readonly<PictureWarning>[] {
    return this.all.filter(({ state }) => state !== "cleared");
  }
  get only(): Readonly<PictureWarning> {
    assert.equal(this.all.length, 1, this.all.map(({ id }) => id).join());
    return this.all[0] as PictureWarning;
  }
  rung(personId: string): Readonly<Rung> {
    const rung = this.all.flatMap(({ ladder }) => ladder).find((known) => known.personId === personId);
    assert.ok(rung !== undefined, `${personId} is on no ladder`);
    return rung;
  }
  /** What went out to one person, in words: `notify browser warning`. */
  sentTo(personId: string): string[] {
    return this.told.flatMap((intent) => {
      if (intent.type === "warning" || intent.personId !== personId) return [];
      if (intent.type === "call-list") return [`call-list ${intent.why}`];
      const detail = intent.type === "notify" || intent.type === "repeat" ? intent.level : intent.message.key;
      return [`${intent.type} ${intent.channel} ${detail}`];
    });
  }
  raisedCount(): number {
    return this.told.filter((intent) => intent.type === "warning" && intent.change === "raised").length;
  }
}
