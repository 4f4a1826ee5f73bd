// What is an event, whichever way it was written?

/** An element below `<detail>`. Names stand as they came, prefix and all; so do the attributes that declare namespaces. */
export interface CotElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The characters directly inside; white space alone between child elements is left out. */
  readonly text: string;
  readonly children: readonly CotElement[];
}

/** A place on WGS 84. Errors are one sigma where they are errors at all; the schema lets them be extents as well, and sets no sign. */
export interface CotPoint {
  /** Degrees, -90 to 90. */
  readonly latDeg: number;
  /** Degrees, -180 to 180. */
  readonly lonDeg: number;
  /** Height above the ellipsoid; undefined when unknown. */
  readonly haeM: number | undefined;
  /** Circular error; undefined when unknown. */
  readonly ceM: number | undefined;
  /** Linear error of the height; undefined when unknown. */
  readonly leM: number | undefined;
}

/** What an event says besides its detail. Times are milliseconds since 1970 in UTC. One whose `staleMs` is not after `startMs` asks to be dropped. */
export interface CotHead {
  readonly uid: string;
  readonly type: string;
  readonly how: string;
  readonly timeMs: number;
  readonly startMs: number;
  readonly staleMs: number;
  readonly access: string | undefined;
  readonly qos: string | undefined;
  /** Operation, exercise or simulation: begins with `o`, `e` or `s`. */
  readonly opex: string | undefined;
  readonly point: CotPoint;
}

export interface CotEvent extends CotHead {
  readonly detail: readonly CotElement[];
}

/** An event that has been checked whole, whose detail is built when it is asked for. It holds text of its own, never the bytes it came in. */
export interface ScannedEvent {
  readonly head: CotHead;
  detail(): readonly CotElement[];
}

export function eventOf(head: CotHead, detail: readonly CotElement[]): CotEvent {
  const { uid, type, how, timeMs, startMs, staleMs, access, qos, opex, point } = head;
  return { uid, type, how, timeMs, startMs, staleMs, access, qos, opex, point, detail };
}

/** The largest event in either encoding: half of what the smallest real client can hold (64 KiB for a stream, 65,507 bytes for a datagram). */
export const MAX_EVENT_BYTES = 32_768;

/** The deepest nesting, `<event>` counted as 1. Real details reach 7. */
export const MAX_DEPTH = 32;

/** Attributes of one element. Real details have up to 40. */
export const MAX_ATTRIBUTES = 64;

/** How heights and errors say "unknown" on the wire; the protocol's documentation says 999999, real clients write 9999999. */
export const UNKNOWN_ON_THE_WIRE = 9_999_999;
const UNKNOWN_IN_THE_DOCUMENTATION = 999_999;

/** A height or an error, or undefined when the wire says that it is unknown: NaN comes from real clients as well. */
export function knownOf(value: number): number | undefined {
  return Number.isNaN(value) || value === UNKNOWN_ON_THE_WIRE || value === UNKNOWN_IN_THE_DOCUMENTATION ? undefined : value;
}

/** Where a list of elements has one of this name: the first. */
export function elementNamed(elements: readonly CotElement[], name: string): CotElement | undefined {
  for (const element of elements) if (element.name === name) return element;
  return undefined;
}

/** The event without the marks of the servers that it has passed: a TAK Server drops an event that bears its own. Before it is handed on. */
export function withoutFlowTags(event: CotEvent): CotEvent {
  return eventOf(
    event,
    event.detail.filter(({ name }) => name !== "_flow-tags_"),
  );
}

/** An element, with what is not given empty. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly CotElement[] = [],
  text = "",
): CotElement {
  return { name, attributes, text, children };
}
