// Which fields do the messages of TAK protocol version 1 have, and which XML elements do the typed details stand for?

/** TakMessage */
export const TAK_CONTROL = 1;
export const COT_EVENT = 2;

/** TakControl */
export const MIN_VERSION = 1;
export const MAX_VERSION = 2;
export const CONTACT_UID = 3;

/** CotEvent */
export const TYPE = 1;
export const ACCESS = 2;
export const QOS = 3;
export const OPEX = 4;
export const UID = 5;
export const SEND_TIME = 6;
export const START_TIME = 7;
export const STALE_TIME = 8;
export const HOW = 9;
export const LAT = 10;
export const LON = 11;
export const HAE = 12;
export const CE = 13;
export const LE = 14;
export const DETAIL = 15;

/** Detail */
export const XML_DETAIL = 1;

/** How an attribute is written in its typed message. */
export type TypedKind = "string" | "double" | "uint32";

export interface TypedElement {
  /** Number of the field in Detail. */
  readonly field: number;
  /** Name of the XML element. */
  readonly element: string;
  /** The attributes in the order of their fields, numbered from 1. */
  readonly attributes: readonly string[];
  readonly kind: TypedKind;
  /** The attribute that XML leaves out when the field is empty. */
  readonly optional: string | undefined;
}

export const CONTACT: TypedElement = {
  field: 2,
  element: "contact",
  attributes: ["endpoint", "callsign"],
  kind: "string",
  optional: "endpoint",
};
export const GROUP: TypedElement = { field: 3, element: "__group", attributes: ["name", "role"], kind: "string", optional: undefined };
export const PRECISION_LOCATION: TypedElement = {
  field: 4,
  element: "precisionlocation",
  attributes: ["geopointsrc", "altsrc"],
  kind: "string",
  optional: undefined,
};
export const STATUS: TypedElement = { field: 5, element: "status", attributes: ["battery"], kind: "uint32", optional: undefined };
export const TAKV: TypedElement = {
  field: 6,
  element: "takv",
  attributes: ["device", "platform", "os", "version"],
  kind: "string",
  optional: undefined,
};
export const TRACK: TypedElement = { field: 7, element: "track", attributes: ["speed", "course"], kind: "double", optional: undefined };

/** In the order in which they join what xmlDetail holds. */
export const TYPED_ELEMENTS: readonly TypedElement[] = [CONTACT, GROUP, PRECISION_LOCATION, STATUS, TAKV, TRACK];
