// An alert as its XML document.
import { type CapAlert, type CapArea, type CapInfo, type CapPoint, LIMITS, type NamedValue } from "./alert.ts";
import { type CapRefused, refuse, Refusal } from "./refusal.ts";
import { check } from "./rules.ts";
import { type CapTime, timeText } from "./time.ts";

export const CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2";

/** What XML 1.0 §2.2 has no character for (controls, halves of a pair) becomes U+FFFD; a carriage return is kept from being read as a line feed. */
export function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- the characters that XML does not have
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
      .replace(/\r/g, "&#13;")
  );
}

/** Decimal without exponent, at most so many digits after the point: xs:decimal knows no "1e-7". */
function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** Within 5 digits, a metre. */
const pair = ({ latDeg, lonDeg }: CapPoint): string => `${decimal(latDeg, 5)},${decimal(lonDeg, 5)}`;
const quoted = (text: string): string => (/\s/u.test(text) ? `"${text}"` : text);

function element(name: string, text: string | undefined): string {
  if (text === undefined) return "";
  if (text.length > LIMITS.text) throw new Refusal("too-long", `${name} has ${text.length} characters`);
  return `<${name}>${escapeXml(text)}</${name}>`;
}

const each = (name: string, texts: readonly string[] | undefined): string => (texts ?? []).map((text) => element(name, text)).join("");
const at = (name: string, time: CapTime | undefined): string => (time === undefined ? "" : element(name, timeText(time)));
const named = (name: string, values: readonly NamedValue[] | undefined): string =>
  (values ?? []).map(({ valueName, value }) => `<${name}>${element("valueName", valueName)}${element("value", value)}</${name}>`).join("");

function areaXml({ areaDesc, polygons, circles, geocodes, altitudeFt, ceilingFt }: CapArea): string {
  return `<area>${element("areaDesc", areaDesc)}${(polygons ?? [])
    .map((ring) => `<polygon>${ring.map(pair).join(" ")}</polygon>`)
    .join("")}${(circles ?? [])
    .map(({ centre, radiusKm }) => `<circle>${pair(centre)} ${decimal(radiusKm, 3)}</circle>`)
    .join("")}${named("geocode", geocodes)}${altitudeFt === undefined ? "" : element("altitude", decimal(altitudeFt, 3))}${
    ceilingFt === undefined ? "" : element("ceiling", decimal(ceilingFt, 3))
  }</area>`;
}

function infoXml(info: CapInfo): string {
  const parts = [
    element("language", info.language),
    each("category", info.categories),
    element("event", info.event),
    each("responseType", info.responseTypes),
    element("urgency", info.urgency),
    element("severity", info.severity),
    element("certainty", info.certainty),
    element("audience", info.audience),
    named("eventCode", info.eventCodes),
    at("effective", info.effective),
    at("onset", info.onset),
    at("expires", info.expires),
    element("senderName", info.senderName),
    element("headline", info.headline),
    element("description", info.description),
    element("instruction", info.instruction),
    element("web", info.web),
    element("contact", info.contact),
    named("parameter", info.parameters),
    ...(info.resources ?? []).map(
      ({ resourceDesc, mimeType, sizeBytes, uri, derefUri, digest }) =>
        `<resource>${element("resourceDesc", resourceDesc)}${element("mimeType", mimeType)}${
          sizeBytes === undefined ? "" : element("size", String(sizeBytes))
        }${element("uri", uri)}${element("derefUri", derefUri)}${element("digest", digest)}</resource>`,
    ),
    ...(info.areas ?? []).map(areaXml),
  ];
  return `<info>${parts.join("")}</info>`;
}

/** The document (UTF-8 once it is written as bytes), or the first rule that the alert breaks. */
export function encodeAlert(alert: CapAlert): { readonly xml: string } | CapRefused {
  try {
    check(alert);
    const parts = [
      element("identifier", alert.identifier),
      element("sender", alert.sender),
      at("sent", alert.sent),
      element("status", alert.status),
      element("msgType", alert.msgType),
      element("source", alert.source),
      element("scope", alert.scope),
      element("restriction", alert.restriction),
      alert.addresses === undefined || alert.addresses.length === 0 ? "" : element("addresses", alert.addresses.map(quoted).join(" ")),
      each("code", alert.codes),
      element("note", alert.note),
      alert.references === undefined || alert.references.length === 0
        ? ""
        : element(
            "references",
            alert.references.map(({ sender, identifier, sent }) => `${sender},${identifier},${timeText(sent) ?? ""}`).join(" "),
          ),
      alert.incidents === undefined || alert.incidents.length === 0 ? "" : element("incidents", alert.incidents.map(quoted).join(" ")),
      ...(alert.infos ?? []).map(infoXml),
    ];
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="${CAP_NAMESPACE}">${parts.join("")}</alert>\n`;
    return xml.length > LIMITS.message ? refuse("too-long", `the message has ${xml.length} characters`) : { xml };
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.code, error.message);
    throw error;
  }
}
