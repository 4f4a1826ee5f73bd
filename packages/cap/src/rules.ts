// What the standard asks of values beyond its schema: the same rules for what is written and what is read.
import type { CapAlert, CapArea, CapInfo, CapPoint } from "./alert.ts";
import { LIMITS } from "./alert.ts";
import { Refusal } from "./refusal.ts";
import { type CapTime, timeText } from "./time.ts";

/** No spaces, commas, "<" or "&" (CAP 1.2 §3.2.1); never empty. */
export function isIdentifier(text: string): boolean {
  return text.length > 0 && text.length <= 500 && !/[\s,<&]/u.test(text);
}

function time(value: CapTime | undefined, what: string): void {
  if (value !== undefined && timeText(value) === undefined) throw new Refusal("time", `${what} is no moment that can be written`);
}

function atMost(list: readonly unknown[] | undefined, most: number, what: string): void {
  if ((list?.length ?? 0) > most) throw new Refusal("too-many", `more than ${most} ${what}`);
}

function point({ latDeg, lonDeg }: CapPoint): void {
  if (!(Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180)) throw new Refusal("coordinates", `${latDeg},${lonDeg} is no place`);
}

function area({ areaDesc, polygons = [], circles = [], geocodes, altitudeFt, ceilingFt }: CapArea): number {
  if (areaDesc.trim() === "") throw new Refusal("missing-element", "an area has no description");
  for (const list of [polygons, circles, geocodes]) atMost(list, LIMITS.list, "shapes of an area");
  let points = 0;
  for (const ring of polygons) {
    const [first] = ring;
    const last = ring.at(-1);
    if (ring.length < 4 || first === undefined || last === undefined) throw new Refusal("polygon", `a ring of ${ring.length} points`);
    if (first.latDeg !== last.latDeg || first.lonDeg !== last.lonDeg)
      throw new Refusal("polygon", "a ring that does not end where it begins");
    for (const corner of ring) point(corner);
    points += ring.length;
  }
  for (const { centre, radiusKm } of circles) {
    point(centre);
    if (!(radiusKm >= 0 && radiusKm <= 20_040)) throw new Refusal("circle", `a radius of ${radiusKm} km`);
  }
  for (const height of [altitudeFt, ceilingFt])
    if (height !== undefined && !Number.isFinite(height)) throw new Refusal("number", `a height of ${height}`);
  if (ceilingFt !== undefined && altitudeFt === undefined) throw new Refusal("ceiling", "a ceiling without an altitude");
  return points;
}

function info(block: CapInfo): number {
  if (block.language !== undefined && !/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(block.language))
    throw new Refusal("language", `"${block.language}" names no language`);
  if (block.categories.length === 0) throw new Refusal("category", "an info block without a category");
  if (block.event.trim() === "") throw new Refusal("missing-element", "an info block without an event");
  for (const [list, what] of [
    [block.categories, "categories"],
    [block.responseTypes, "response types"],
    [block.eventCodes, "event codes"],
    [block.parameters, "parameters"],
    [block.resources, "resources"],
    [block.areas, "areas"],
  ] as const)
    atMost(list, LIMITS.list, what);
  time(block.effective, "effective");
  time(block.onset, "onset");
  time(block.expires, "expires");
  for (const { sizeBytes } of block.resources ?? [])
    if (sizeBytes !== undefined && !Number.isSafeInteger(sizeBytes)) throw new Refusal("number", `a size of ${sizeBytes}`);
  return (block.areas ?? []).reduce((points, next) => points + area(next), 0);
}

/** Throws a `Refusal` at the first rule that is broken. */
export function check(alert: CapAlert): void {
  const { identifier, sender, sent, msgType, scope, restriction, addresses = [], references = [], infos = [] } = alert;
  if (!isIdentifier(identifier)) throw new Refusal("identifier", `"${identifier.slice(0, 100)}" is no identifier`);
  if (!isIdentifier(sender)) throw new Refusal("sender", `"${sender.slice(0, 100)}" is no sender`);
  time(sent, "sent");
  if (scope === "Restricted" && (restriction ?? "").trim() === "") throw new Refusal("restriction", "Restricted, but by what rule?");
  if (scope === "Private" && addresses.length === 0) throw new Refusal("addresses", "Private, but to whom?");
  if (msgType !== "Alert" && references.length === 0) throw new Refusal("references-missing", `${msgType} of what?`);
  for (const text of [...addresses, ...(alert.incidents ?? [])])
    if (text === "" || text.includes('"')) throw new Refusal("addresses", "an address or incident that is empty or holds a quotation mark");
  atMost(references, LIMITS.list, "references");
  atMost(addresses, LIMITS.list, "addresses");
  atMost(alert.codes, LIMITS.list, "codes");
  atMost(alert.incidents, LIMITS.list, "incidents");
  atMost(infos, LIMITS.infos, "info blocks");
  for (const earlier of references) {
    if (!isIdentifier(earlier.sender) || !isIdentifier(earlier.identifier)) throw new Refusal("references", "a reference is no identifier");
    time(earlier.sent, "a reference's time");
  }
  const points = infos.reduce((sum, block) => sum + info(block), 0);
  if (points > LIMITS.points) throw new Refusal("too-many", `more than ${LIMITS.points} points`);
}
