// The alert in an XML document: schema and rules of the standard, strictly; whoever wrote it is told which clause it breaks.
import {
  CATEGORIES,
  type CapAlert,
  type CapArea,
  type CapInfo,
  type CapPoint,
  type CapReference,
  type CapResource,
  CERTAINTIES,
  MSG_TYPES,
  type NamedValue,
  RESPONSE_TYPES,
  SCOPES,
  SEVERITIES,
  STATUSES,
  URGENCIES,
} from "./alert.ts";
import { CAP_NAMESPACE } from "./encode.ts";
import { type CapRefused, refuse, Refusal } from "./refusal.ts";
import { check } from "./rules.ts";
import { type CapTime, timeOf } from "./time.ts";
import { parseXml, type XmlElement } from "./xml.ts";

const SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#";

/** The children of an element in the order of the schema, taken one name after the other. */
class Sequence {
  readonly #parent: XmlElement;
  readonly #children: readonly XmlElement[];
  #next = 0;

  constructor(parent: XmlElement) {
    this.#parent = parent;
    this.#children = parent.children;
    if (parent.children.length > 0 && parent.text.trim() !== "") throw new Refusal("unknown-element", `text in ${parent.name}`);
  }

  many(name: string): XmlElement[] {
    const found: XmlElement[] = [];
    for (;;) {
      const child = this.#children[this.#next];
      if (child?.name !== name || child.namespace !== CAP_NAMESPACE) return found;
      found.push(child);
      this.#next += 1;
    }
  }

  one(name: string): XmlElement | undefined {
    const [first, second] = this.many(name);
    if (second !== undefined) throw new Refusal("repeated-element", `${name} stands twice in ${this.#parent.name}`);
    return first;
  }

  text(name: string): string | undefined {
    const child = this.one(name);
    return child === undefined ? undefined : textOf(child);
  }

  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined) {
      // Present, but not where it belongs: that is another mistake than absence.
      if (this.#children.some((child) => child.name === name)) throw new Refusal("order", `${name} stands in the wrong place`);
      throw new Refusal("missing-element", `${this.#parent.name} has no ${name}`);
    }
    return text;
  }

  /** What is left: an enveloped signature may stand at the end of an alert, nothing else. */
  end(): void {
    for (const { name, namespace } of this.#children.slice(this.#next)) {
      if (this.#parent.name === "alert" && namespace === SIGNATURE_NAMESPACE) continue;
      throw new Refusal("unknown-element", `${name.slice(0, 40)} does not belong here in ${this.#parent.name}`);
    }
  }
}

function textOf(element: XmlElement): string {
  if (element.children.length > 0) throw new Refusal("unknown-element", `${element.name} holds elements`);
  return element.text;
}

function oneOf<const T extends string>(values: readonly T[], text: string, name: string): T {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Refusal("unknown-value", `${name} "${text.slice(0, 40)}"`);
  return found;
}

function timeIn(text: string, name: string): CapTime {
  const time = timeOf(text.trim());
  if (time === undefined) throw new Refusal("time", `${name} "${text.slice(0, 40)}"`);
  return time;
}

function numberIn(text: string, name: string): number {
  if (!/^\s*[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})\s*$/.test(text)) throw new Refusal("number", `${name} "${text.slice(0, 40)}"`);
  return Number(text);
}

/** Words between spaces; one that holds a space stands in quotation marks (CAP 1.2 §3.2.1 addresses, incidents). */
function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(/"([^"]*)"|(\S+)/gu), ([, inQuotes, plain]) => inQuotes ?? plain ?? "");
}

function pointIn(text: string): CapPoint {
  const parts = /^([+-]?\d{1,3}(?:\.\d{1,15})?),([+-]?\d{1,3}(?:\.\d{1,15})?)$/.exec(text);
  if (parts === null) throw new Refusal("coordinates", `"${text.slice(0, 60)}"`);
  return { latDeg: Number(parts[1]), lonDeg: Number(parts[2]) };
}

function referencesIn(text: string): CapReference[] {
  return text
    .trim()
    .split(/\s+/u)
    .filter((part) => part !== "")
    .map((part) => {
      const [sender = "", identifier = "", sent = "", ...more] = part.split(",");
      const time = timeOf(sent);
      if (time === undefined || more.length > 0) throw new Refusal("references", `"${part.slice(0, 100)}"`);
      return { sender, identifier, sent: time };
    });
}

function namedIn(sequence: Sequence, name: string): NamedValue[] {
  return sequence.many(name).map((element) => {
    const inside = new Sequence(element);
    const named = { valueName: inside.needed("valueName"), value: inside.needed("value") };
    inside.end();
    return named;
  });
}

/** Leaves out what is not there, so that absent stays absent. */
function present<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined && !(Array.isArray(part) && part.length === 0)),
  ) as T;
}

function areaIn(element: XmlElement): CapArea {
  const inside = new Sequence(element);
  const areaDesc = inside.needed("areaDesc");
  const polygons = inside.many("polygon").map((ring) => textOf(ring).trim().split(/\s+/u).map(pointIn));
  const circles = inside.many("circle").map((circle) => {
    const [centre = "", radius = "", ...more] = textOf(circle).trim().split(/\s+/u);
    if (more.length > 0 || radius === "") throw new Refusal("circle", `"${textOf(circle).slice(0, 60)}"`);
    return { centre: pointIn(centre), radiusKm: numberIn(radius, "radius") };
  });
  const geocodes = namedIn(inside, "geocode");
  const altitude = inside.text("altitude");
  const ceiling = inside.text("ceiling");
  inside.end();
  return present<CapArea>({
    areaDesc,
    polygons,
    circles,
    geocodes,
    altitudeFt: altitude === undefined ? undefined : numberIn(altitude, "altitude"),
    ceilingFt: ceiling === undefined ? undefined : numberIn(ceiling, "ceiling"),
  });
}

function resourceIn(element: XmlElement): CapResource {
  const inside = new Sequence(element);
  const resourceDesc = inside.needed("resourceDesc");
  const mimeType = inside.needed("mimeType");
  const size = inside.text("size");
  if (size !== undefined && !/^\s*[+-]?\d{1,15}\s*$/.test(size)) throw new Refusal("number", `size "${size.slice(0, 40)}"`);
  const uri = inside.text("uri");
  const derefUri = inside.text("derefUri");
  const digest = inside.text("digest");
  inside.end();
  return present<CapResource>({
    resourceDesc,
    mimeType,
    sizeBytes: size === undefined ? undefined : Number(size),
    uri,
    derefUri,
    digest,
  });
}

function infoIn(element: XmlElement): CapInfo {
  const inside = new Sequence(element);
  const time = (name: string): CapTime | undefined => {
    const text = inside.text(name);
    return text === undefined ? undefined : timeIn(text, name);
  };
  const info = present<CapInfo>({
    language: inside.text("language"),
    categories: inside.many("category").map((category) => oneOf(CATEGORIES, textOf(category), "category")),
    event: inside.needed("event"),
    responseTypes: inside.many("responseType").map((type) => oneOf(RESPONSE_TYPES, textOf(type), "responseType")),
    urgency: oneOf(URGENCIES, inside.needed("urgency"), "urgency"),
    severity: oneOf(SEVERITIES, inside.needed("severity"), "severity"),
    certainty: oneOf(CERTAINTIES, inside.needed("certainty"), "certainty"),
    audience: inside.text("audience"),
    eventCodes: namedIn(inside, "eventCode"),
    effective: time("effective"),
    onset: time("onset"),
    expires: time("expires"),
    senderName: inside.text("senderName"),
    headline: inside.text("headline"),
    description: inside.text("description"),
    instruction: inside.text("instruction"),
    web: inside.text("web"),
    contact: inside.text("contact"),
    parameters: namedIn(inside, "parameter"),
    resources: inside.many("resource").map(resourceIn),
    areas: inside.many("area").map(areaIn),
  });
  inside.end();
  return info.categories === undefined ? { ...info, categories: [] } : info;
}

function alertIn(root: XmlElement): CapAlert {
  if (root.name !== "alert" || root.namespace !== CAP_NAMESPACE)
    throw new Refusal("not-an-alert", `${root.name.slice(0, 40)} of "${root.namespace.slice(0, 80)}"`);
  const inside = new Sequence(root);
  const words = (name: string): string[] | undefined => {
    const text = inside.text(name);
    return text === undefined ? undefined : wordsOf(text);
  };
  const alert = present<CapAlert>({
    identifier: inside.needed("identifier"),
    sender: inside.needed("sender"),
    sent: timeIn(inside.needed("sent"), "sent"),
    status: oneOf(STATUSES, inside.needed("status"), "status"),
    msgType: oneOf(MSG_TYPES, inside.needed("msgType"), "msgType"),
    source: inside.text("source"),
    scope: oneOf(SCOPES, inside.needed("scope"), "scope"),
    restriction: inside.text("restriction"),
    addresses: words("addresses"),
    codes: inside.many("code").map(textOf),
    note: inside.text("note"),
    references: referencesIn(inside.text("references") ?? ""),
    incidents: words("incidents"),
    infos: inside.many("info").map(infoIn),
  });
  inside.end();
  return alert;
}

/** Reads a document that was decoded as UTF-8. */
export function decodeAlert(document: string): { readonly alert: CapAlert } | CapRefused {
  try {
    const alert = alertIn(parseXml(document));
    check(alert);
    return { alert };
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.code, error.message);
    throw error;
  }
}
