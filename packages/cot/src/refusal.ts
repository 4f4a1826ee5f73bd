// Why is an event refused? Every code stands for one rule, and names the text that the rule is written in.

const PROFILE = "Atalaya profile of CoT";
const XML = "XML 1.0 (fifth edition)";
const BASE_EVENT = "CoT base event schema 2.0";
const PROTOBUF = "Protocol Buffers encoding";
const TAK = "TAK protocol";

/** What went wrong, for programs. */
export type CotCode =
  | "too-long"
  | "doctype"
  | "cdata"
  | "processing-instruction"
  | "encoding"
  | "too-deep"
  | "too-many-attributes"
  | "not-utf8"
  | "character"
  | "declaration"
  | "name"
  | "comment"
  | "tag"
  | "attribute"
  | "attribute-value"
  | "duplicate-attribute"
  | "mismatched-tag"
  | "entity"
  | "character-reference"
  | "section-end"
  | "outside-root"
  | "cut-short"
  | "not-an-event"
  | "missing-attribute"
  | "missing-point"
  | "repeated-element"
  | "time"
  | "time-range"
  | "number"
  | "latitude"
  | "longitude"
  | "no-position"
  | "truncated"
  | "varint"
  | "field-number"
  | "wire-type"
  | "group"
  | "version-range"
  | "no-magic"
  | "version"
  | "frame-length"
  | "between-events"
  | "frame-too-long"
  | "frame-cut-short";

const CLAUSES: Readonly<Record<CotCode, string>> = {
  // What we refuse on purpose, though XML allows it.
  "too-long": `${PROFILE}: size of an event`,
  doctype: `${PROFILE}: no document type declaration`,
  cdata: `${PROFILE}: no CDATA section`,
  "processing-instruction": `${PROFILE}: no processing instruction`,
  encoding: `${PROFILE}: UTF-8 only`,
  "too-deep": `${PROFILE}: nesting of elements`,
  "too-many-attributes": `${PROFILE}: attributes of an element`,
  // Well-formed XML.
  "not-utf8": `${XML} §4.3.3`,
  character: `${XML} §2.2 [2] Char`,
  declaration: `${XML} §2.8 [23] XMLDecl`,
  name: `${XML} §2.3 [5] Name`,
  comment: `${XML} §2.5 [15] Comment`,
  tag: `${XML} §3.1 [40] STag, [42] ETag`,
  attribute: `${XML} §3.1 [41] Attribute`,
  "attribute-value": `${XML} §2.3 [10] AttValue`,
  "duplicate-attribute": `${XML} §3.1 WFC: Unique Att Spec`,
  "mismatched-tag": `${XML} §3 WFC: Element Type Match`,
  entity: `${XML} §4.1 WFC: Entity Declared`,
  "character-reference": `${XML} §4.1 WFC: Legal Character`,
  "section-end": `${XML} §2.4 [14] CharData`,
  "outside-root": `${XML} §2.1 [1] document`,
  "cut-short": `${XML} §2.1 [1] document`,
  // The event itself.
  "not-an-event": `${BASE_EVENT}: event`,
  "missing-attribute": `${BASE_EVENT}: required attribute`,
  "missing-point": `${BASE_EVENT}: point`,
  "repeated-element": `${BASE_EVENT}: event, all`,
  time: `${BASE_EVENT}: time, start, stale (xs:dateTime, UTC)`,
  "time-range": `${BASE_EVENT}: time, start, stale between the years 0000 and 9999`,
  number: `${BASE_EVENT}: point (xs:decimal)`,
  latitude: `${BASE_EVENT}: lat, -90 to +90`,
  longitude: `${BASE_EVENT}: lon, -180 to +180`,
  "no-position": `${PROFILE}: what is drawn stands somewhere`,
  // Protocol version 1.
  truncated: `${PROTOBUF}: length of a field`,
  varint: `${PROTOBUF}: base 128 varints`,
  "field-number": `${PROTOBUF}: field numbers`,
  "wire-type": `${PROTOBUF}: wire types`,
  group: `${PROTOBUF}: groups`,
  "version-range": `${TAK} version 1: TakControl`,
  // Framing.
  "no-magic": `${TAK}: header, magic byte`,
  version: `${TAK}: header of a mesh message, version 1`,
  "frame-length": `${TAK}: header of a stream message, length`,
  "between-events": `${TAK} version 0: event after event`,
  "frame-too-long": `${PROFILE}: size of an event`,
  "frame-cut-short": `${TAK}: the stream ends within a message`,
};

/** Why there is no event. `clause` names the rule, `detail` says it in words for a person. */
export interface CotRefusal {
  readonly code: CotCode;
  readonly clause: string;
  readonly detail: string;
}

/** A result that is refused; the other side of each union carries its own named field instead. */
export interface CotRefused {
  readonly refused: CotRefusal;
}

export function cotRefusal(code: CotCode, detail: string): CotRefusal {
  return { code, clause: CLAUSES[code], detail };
}

export function refuse(code: CotCode, detail: string): CotRefused {
  return { refused: cotRefusal(code, detail) };
}

/** All codes: for those who show them, and for the test that meets each one. */
export const COT_CODES: readonly CotCode[] = Object.keys(CLAUSES) as CotCode[];
