// What an officer supplies of the sky and the ground: orbital elements, winds and landmarks. None of it moves a track or a warning: it explains, and it
// names places.
import type { JsonValue } from "@atalaya/remote-id";
import type { LatLon } from "./place.ts";
import { type Fields, isFields, isFiniteNumber, isPlace, isText } from "./record-check.ts";

/** A wind near the ground, as an officer entered it. */
export interface EnteredWind {
  readonly id: string;
  /** Where it comes from, ° from true north, as winds are spoken of. */
  readonly fromDeg: number;
  readonly speedMps: number;
  /** From an instrument or a forecast office; else as somebody feels it, which is worth less. */
  readonly measured: boolean;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** A place that callers and reporters name, and nobody is warned of by itself. */
export interface Landmark extends LatLon {
  readonly id: string;
  readonly nameEn: string;
  readonly nameEs: string;
  /** Within this of the place somebody stands who names it, m. */
  readonly errorM: number;
}

export interface SurroundingRecords {
  /** The text as it was supplied: read anew when it is used. Replaces what was supplied under the same id. */
  readonly elements: { readonly id: string; readonly name: string; readonly text: string; readonly by: string };
  readonly "elements-removed": { readonly id: string; readonly by: string };
  readonly wind: { readonly wind: EnteredWind; readonly by: string };
  readonly "wind-removed": { readonly id: string; readonly by: string };
  readonly landmark: { readonly landmark: Landmark; readonly by: string };
  readonly "landmark-removed": { readonly id: string; readonly by: string };
}

export const SURROUNDING_KINDS: ReadonlySet<string> = new Set<keyof SurroundingRecords>([
  "elements",
  "elements-removed",
  "wind",
  "wind-removed",
  "landmark",
  "landmark-removed",
]);

export interface SuppliedElements {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly by: string;
  readonly timeUs: number;
}
export interface SuppliedWind extends EnteredWind {
  readonly by: string;
  readonly timeUs: number;
}

export interface SurroundingsImage {
  readonly elements: readonly SuppliedElements[];
  readonly winds: readonly SuppliedWind[];
  readonly landmarks: readonly Landmark[];
}

/** Characters of one set of elements: some 9000 satellites as two lines with a name. */
export const MAX_ELEMENTS_CHARACTERS = 1_500_000;
/** And of all sets together: they lie in every snapshot. Beyond, a further set is refused. */
const MAX_ELEMENTS_TOGETHER = 3_000_000;
const MAX_SETS = 8;
/** As many as are weighed (look-alikes' limits); beyond, the one that ends first goes. */
const MAX_WINDS = 32;
const MAX_LANDMARKS = 500;
const MAX_WIND_MPS = 100;
const MAX_ID = 100;
const MAX_NAME = 80;

function isId(value: JsonValue | undefined): boolean {
  return typeof value === "string" && value !== "" && value.length <= MAX_ID;
}
function isName(value: JsonValue | undefined): boolean {
  return typeof value === "string" && value.trim() !== "" && value.length <= MAX_NAME;
}

function isWind(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  const { id, fromDeg, speedMps, measured, fromUs, untilUs } = value;
  return (
    isId(id) &&
    isFiniteNumber(fromDeg) &&
    fromDeg >= 0 &&
    fromDeg <= 360 &&
    isFiniteNumber(speedMps) &&
    speedMps >= 0 &&
    speedMps <= MAX_WIND_MPS &&
    typeof measured === "boolean" &&
    isFiniteNumber(fromUs) &&
    isFiniteNumber(untilUs) &&
    untilUs > fromUs
  );
}

function isLandmark(value: JsonValue | undefined): boolean {
  if (!isFields(value)) return false;
  const { id, nameEn, nameEs, errorM } = value;
  return isId(id) && isName(nameEn) && isName(nameEs) && isPlace(value) && isFiniteNumber(errorM) && errorM >= 1 && errorM <= 50_000;
}

/** What each of these records must have to be read. */
export const surroundingShapes: { readonly [K in keyof SurroundingRecords]: (fields: Fields) => boolean } = {
  elements: ({ id, name, text, by }) =>
    isId(id) && isName(name) && typeof text === "string" && text.length <= MAX_ELEMENTS_CHARACTERS && isText(by),
  "elements-removed": ({ id, by }) => isId(id) && isText(by),
  wind: ({ wind, by }) => isWind(wind) && isText(by),
  "wind-removed": ({ id, by }) => isId(id) && isText(by),
  landmark: ({ landmark, by }) => isLandmark(landmark) && isText(by),
  "landmark-removed": ({ id, by }) => isId(id) && isText(by),
};

type SurroundingRecord = {
  readonly [K in keyof SurroundingRecords]: { readonly kind: K; readonly value: SurroundingRecords[K] };
}[keyof SurroundingRecords];

export class Surroundings {
  readonly #elements = new Map<string, SuppliedElements>();
  readonly #winds = new Map<string, SuppliedWind>();
  readonly #landmarks = new Map<string, Landmark>();

  get elements(): readonly SuppliedElements[] {
    return [...this.#elements.values()];
  }
  get winds(): readonly SuppliedWind[] {
    return [...this.#winds.values()];
  }
  get landmarks(): readonly Landmark[] {
    return [...this.#landmarks.values()];
  }

  image(): SurroundingsImage {
    return { elements: this.elements, winds: this.winds, landmarks: this.landmarks };
  }
  restore({ elements, winds, landmarks }: SurroundingsImage): void {
    for (const set of elements) this.#elements.set(set.id, set);
    for (const wind of winds) this.#winds.set(wind.id, wind);
    for (const landmark of landmarks) this.#landmarks.set(landmark.id, landmark);
  }

  /** Whether there is room for a set of elements in the place of the one it replaces. */
  hasRoomFor(id: string, characters: number): boolean {
    let together = characters;
    for (const set of this.#elements.values()) if (set.id !== id) together += set.text.length;
    return together <= MAX_ELEMENTS_TOGETHER && (this.#elements.has(id) || this.#elements.size < MAX_SETS);
  }

  /** Takes a record of `SURROUNDING_KINDS`. False: beyond a limit, or of something unknown. */
  take({ kind, value }: SurroundingRecord, timeUs: number): boolean {
    switch (kind) {
      case "elements":
        if (!this.hasRoomFor(value.id, value.text.length)) return false;
        this.#elements.set(value.id, { ...value, timeUs });
        return true;
      case "elements-removed":
        return this.#elements.delete(value.id);
      case "wind":
        this.#winds.set(value.wind.id, { ...value.wind, by: value.by, timeUs });
        while (this.#winds.size > MAX_WINDS) this.#forgetWind();
        return true;
      case "wind-removed":
        return this.#winds.delete(value.id);
      case "landmark":
        if (!this.#landmarks.has(value.landmark.id) && this.#landmarks.size >= MAX_LANDMARKS) return false;
        this.#landmarks.set(value.landmark.id, value.landmark);
        return true;
      case "landmark-removed":
        return this.#landmarks.delete(value.id);
    }
  }

  #forgetWind(): void {
    let first: SuppliedWind | undefined;
    for (const wind of this.#winds.values()) if (first === undefined || wind.untilUs < first.untilUs) first = wind;
    if (first !== undefined) this.#winds.delete(first.id);
  }
}
