// What counts as a text, a number, a place in a record: the checks that all records share.
import type { JsonValue } from "@atalaya/remote-id";

export type Fields = Readonly<Record<string, JsonValue | undefined>>;

export function isFields(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isPlace(value: JsonValue | undefined): boolean {
  return (
    isFields(value) &&
    typeof value["latDeg"] === "number" &&
    typeof value["lonDeg"] === "number" &&
    Math.abs(value["latDeg"]) <= 90 &&
    Math.abs(value["lonDeg"]) <= 180
  );
}

/** Long enough for any name, reason or note; beyond, the record is malformed. */
const MAX_TEXT = 1000;

export function isText(value: JsonValue | undefined): boolean {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

export function isTextOrAbsent(value: JsonValue | undefined): boolean {
  return value === undefined || isText(value);
}

/** JSON has no NaN, but `1e999` reads as infinite. */
export function isFiniteNumber(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

export function isOneOf(value: JsonValue | undefined, allowed: readonly string[]): boolean {
  return typeof value === "string" && allowed.includes(value);
}
