// Why is there no alert? Every code stands for one rule, and names the text that the rule is written in.

const CAP = "CAP 1.2";
const XML = "XML 1.0";
const PROFILE = "Atalaya profile of CAP";

/** What went wrong, for programs. */
export type CapCode =
  | "too-long"
  | "too-deep"
  | "too-many"
  | "doctype"
  | "encoding"
  | "character"
  | "markup"
  | "entity"
  | "not-an-alert"
  | "unknown-element"
  | "repeated-element"
  | "missing-element"
  | "order"
  | "unknown-value"
  | "identifier"
  | "sender"
  | "time"
  | "restriction"
  | "addresses"
  | "references"
  | "references-missing"
  | "language"
  | "category"
  | "polygon"
  | "circle"
  | "coordinates"
  | "ceiling"
  | "number";

const CLAUSES: Readonly<Record<CapCode, string>> = {
  "too-long": `${PROFILE}: size of a message`,
  "too-deep": `${PROFILE}: nesting of elements`,
  "too-many": `${PROFILE}: number of parts`,
  doctype: `${PROFILE}: no document type declaration`,
  encoding: `${PROFILE}: UTF-8 only`,
  character: `${XML} §2.2`,
  markup: `${XML} §3.1`,
  entity: `${XML} §4.1`,
  "not-an-alert": `${CAP} §3.2.1 alert`,
  "unknown-element": `${CAP} §3.4 schema`,
  "repeated-element": `${CAP} §3.4 schema`,
  "missing-element": `${CAP} §3.4 schema`,
  order: `${CAP} §3.4 schema, sequence`,
  "unknown-value": `${CAP} §3.4 schema, enumeration`,
  identifier: `${CAP} §3.2.1 identifier: no spaces, commas or restricted characters`,
  sender: `${CAP} §3.2.1 sender: no spaces, commas or restricted characters`,
  time: `${CAP} §3.3.2 DateTime`,
  restriction: `${CAP} §3.2.1 restriction: with the scope Restricted`,
  addresses: `${CAP} §3.2.1 addresses: required for the scope Private`,
  references: `${CAP} §3.2.1 references: sender,identifier,sent`,
  "references-missing": `${CAP} §3.2.1 msgType: Update, Cancel, Ack and Error name earlier messages`,
  language: `${CAP} §3.2.2 language: RFC 3066`,
  category: `${CAP} §3.2.2 category`,
  polygon: `${CAP} §3.2.4 polygon: at least four pairs, the last as the first`,
  circle: `${CAP} §3.2.4 circle: latitude,longitude radius`,
  coordinates: `${CAP} §3.3.3 Coordinates: WGS 84 degrees`,
  ceiling: `${CAP} §3.2.4 ceiling: only with altitude`,
  number: `${CAP} §3.4 schema, decimal or integer`,
};

/** Why there is no alert. `clause` names the rule, `detail` says it in words for a person. */
export interface CapRefusal {
  readonly code: CapCode;
  readonly clause: string;
  readonly detail: string;
}

export interface CapRefused {
  readonly refused: CapRefusal;
}

export function refuse(code: CapCode, detail: string): CapRefused {
  return { refused: { code, clause: CLAUSES[code], detail } };
}

/** Thrown inside the codec alone and caught at its edge. */
export class Refusal extends Error {
  readonly code: CapCode;
  constructor(code: CapCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
