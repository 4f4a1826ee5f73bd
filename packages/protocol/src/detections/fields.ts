// Reads the keys of one line by type and range; the first fault is kept, what follows it is read on without harm.
import { type Interval, type LineRefusal, MAX_ID, type RefusalCode } from "./line.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Sections of docs/integrate-a-sensor.md. */
export const CLAUSE = {
  line: "Atalaya detections §1",
  time: "Atalaya detections §2",
  sensor: "Atalaya detections §3",
  detection: "Atalaya detections §4",
  scan: "Atalaya detections §5",
  scenario: "Atalaya detections §6",
} as const;

/** What a value looks like, short enough for a log. */
function shown(value: Json | undefined): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

// No control characters: ids stand in logs, on screens and in other systems' files.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Length in code points, as JSON Schema counts (draft 2020-12 validation §6.3.1). */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function isJsonObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export class Fields {
  fault: LineRefusal | undefined;
  readonly #object: { readonly [key: string]: Json };
  readonly #clause: string;

  constructor(object: { readonly [key: string]: Json }, clause: string) {
    this.#object = object;
    this.#clause = clause;
  }

  refuse(code: RefusalCode, detail: string, clause: string = this.#clause): void {
    this.fault ??= { code, detail, clause };
  }

  /** A value that is there. Undefined: absent, and refused when it is needed. */
  value(key: string, needed: boolean): Json | undefined {
    const value = this.#object[key];
    if (value === undefined && needed) this.refuse("missing-key", key);
    return value;
  }

  number(key: string, [low, high]: Interval): number {
    return this.#number(key, this.value(key, true), low, high) ?? Number.NaN;
  }
  optionalNumber(key: string, [low, high]: Interval): number | undefined {
    return this.#number(key, this.value(key, false), low, high);
  }
  /** Above 0, and no more than the bound. */
  optionalPositive(key: string, [, high]: Interval): number | undefined {
    const value = this.value(key, false);
    const number = this.#number(key, value, 0, high);
    if (number === 0) this.refuse("outside-range", `${key}: above 0, not 0`);
    return number;
  }
  whole(key: string, range: Interval): number {
    return this.#whole(key, this.number(key, range)) ?? Number.NaN;
  }
  optionalWhole(key: string, range: Interval): number | undefined {
    return this.#whole(key, this.optionalNumber(key, range));
  }
  #whole(key: string, number: number | undefined): number | undefined {
    if (number !== undefined && number % 1 !== 0) this.refuse("wrong-type", `${key}: a whole number`);
    return number;
  }

  #number(key: string, value: Json | undefined, low: number, high: number): number | undefined {
    if (typeof value === "number" && value >= low && value <= high) return value;
    if (value === undefined) return undefined;
    this.#notInRange(key, value, low, high);
    return undefined;
  }

  #notInRange(key: string, value: Json, low: number, high: number): void {
    if (typeof value !== "number") this.refuse("wrong-type", `${key}: a number, not ${shown(value)}`);
    // JSON has no infinity, but 1e999 reads as one.
    else if (!Number.isFinite(value)) this.refuse("not-finite", key);
    else this.refuse("outside-range", `${key}: ${low} to ${high}, not ${value}`);
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key, false);
    if (value === undefined || typeof value === "boolean") return value;
    this.refuse("wrong-type", `${key}: true or false, not ${shown(value)}`);
    return undefined;
  }

  id(key: string): string {
    return this.#id(key, this.value(key, true));
  }
  optionalId(key: string): string | undefined {
    const value = this.value(key, false);
    return value === undefined ? undefined : this.#id(key, value);
  }
  #id(key: string, value: Json | undefined): string {
    if (value === undefined) return "";
    if (typeof value !== "string") {
      this.refuse("wrong-type", `${key}: a text, not ${shown(value)}`);
      return "";
    }
    if (value.length > MAX_ID && (value.length > 2 * MAX_ID || codePoints(value) > MAX_ID))
      this.refuse("id-too-long", `${key}: at most ${MAX_ID} characters`);
    else if (value.length === 0 || CONTROL.test(value))
      this.refuse("not-an-id", `${key}: 1 to ${MAX_ID} characters, no control characters`);
    return value;
  }

  text(key: string, most: number): string {
    const value = this.value(key, true);
    if (value === undefined) return "";
    if (typeof value !== "string") this.refuse("wrong-type", `${key}: a text, not ${shown(value)}`);
    else if (value.length > 2 * most || codePoints(value) > most) this.refuse("outside-range", `${key}: at most ${most} characters`);
    else return value;
    return "";
  }

  object(key: string): { readonly [key: string]: Json } | undefined {
    const value = this.value(key, false);
    if (value === undefined || isJsonObject(value)) return value;
    this.refuse("wrong-type", `${key}: an object, not ${shown(value)}`);
    return undefined;
  }

  /** Undefined when it is absent or no array. */
  array(key: string, needed: boolean): readonly Json[] | undefined {
    const value = this.value(key, needed);
    if (value === undefined || Array.isArray(value)) return value as readonly Json[] | undefined;
    this.refuse("wrong-type", `${key}: an array, not ${shown(value)}`);
    return undefined;
  }

  /** Checks that every value of an array is a number in the range. */
  numbers(key: string, values: readonly Json[], low: number, high: number): values is readonly number[] {
    for (const value of values) {
      if (typeof value === "number" && value >= low && value <= high) continue;
      this.#notInRange(key, value, low, high);
      return false;
    }
    return true;
  }

  /** Checks an array's length. */
  count(key: string, values: readonly Json[], least: number, most: number): boolean {
    if (values.length >= least && values.length <= most) return true;
    if (values.length > most) this.refuse("too-many-values", `${key}: at most ${most} values, not ${values.length}`);
    else this.refuse("wrong-count", `${key}: at least ${least} values, not ${values.length}`);
    return false;
  }

  interval(key: string, object: { readonly [key: string]: Json }, [low, high]: Interval, mayWrap: boolean): Interval | undefined {
    const value = object[key];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      this.refuse("wrong-type", `fov.${key}: two numbers, not ${shown(value)}`);
      return undefined;
    }
    const ends = value as readonly Json[];
    if (!this.count(`fov.${key}`, ends, 2, 2) || !this.numbers(`fov.${key}`, ends, low, high)) return undefined;
    const [from = Number.NaN, to = Number.NaN] = ends;
    if (from > to && !mayWrap) this.refuse("interval-reversed", `fov.${key}: the lower end first`);
    return [from, to];
  }
}
