// How do two ends of a stream agree to go over from XML to protocol version 1? (TAK protocol, streaming connection protocol negotiation)
//
// The server offers once; the client asks with the same uid and then sends nothing; the server answers, and both go on in version 1. Each waits a
// minute. The answer is the server's last XML: whoever sends it changes over in the same turn, so that no other event slips in between.
import { decimalOf } from "./decimal.ts";
import { type CotElement, type CotEvent, element, elementNamed } from "./event.ts";
import { controlEvent } from "./events/control.ts";

/** How long each end waits for the other, ms. A client without an answer then disconnects. */
export const NEGOTIATION_TIMEOUT_MS = 60_000;

const OFFER = "t-x-takp-v";
const REQUEST = "t-x-takp-q";
const RESPONSE = "t-x-takp-r";

export type Negotiation =
  | { readonly step: "offer"; readonly versions: readonly number[] }
  | { readonly step: "request"; readonly version: number }
  | { readonly step: "response"; readonly accepted: boolean };

function versionOf({ attributes }: CotElement): number {
  const version = decimalOf(attributes["version"] ?? "");
  return Number.isInteger(version) && version >= 0 ? version : Number.NaN;
}

/** What an event says in a negotiation; undefined when it is none, or says nothing that can be understood. */
export function negotiationOf({ type, detail }: CotEvent): Negotiation | undefined {
  if (type !== OFFER && type !== REQUEST && type !== RESPONSE) return undefined;
  const said = elementNamed(detail, "TakControl")?.children ?? [];
  if (type === OFFER) {
    const versions = said
      .filter(({ name }) => name === "TakProtocolSupport")
      .map(versionOf)
      .filter((version) => !Number.isNaN(version));
    return versions.length === 0 ? undefined : { step: "offer", versions };
  }
  if (type === REQUEST) {
    // One request only is allowed; with two, nobody knows what is meant.
    const requests = said.filter(({ name }) => name === "TakRequest");
    const [request] = requests;
    if (request === undefined || requests.length > 1) return undefined;
    const version = versionOf(request);
    return Number.isNaN(version) ? undefined : { step: "request", version };
  }
  const response = elementNamed(said, "TakResponse");
  if (response === undefined) return undefined;
  return { step: "response", accepted: response.attributes["status"] === "true" };
}

/** The server's offer. `uid` stands for this one negotiation, and for nothing else. */
export function negotiationOffer(uid: string, versions: readonly number[], timeMs: number): CotEvent {
  const supported = versions.map((version) => element("TakProtocolSupport", { version: String(version) }));
  return controlEvent(uid, OFFER, timeMs, NEGOTIATION_TIMEOUT_MS, [element("TakControl", {}, supported)]);
}

/** The client's request, with the uid of the offer. */
export function negotiationRequest(uid: string, version: number, timeMs: number): CotEvent {
  const request = element("TakRequest", { version: String(version) });
  return controlEvent(uid, REQUEST, timeMs, NEGOTIATION_TIMEOUT_MS, [element("TakControl", {}, [request])]);
}

/** The server's answer, with the same uid. */
export function negotiationResponse(uid: string, accepted: boolean, timeMs: number): CotEvent {
  const response = element("TakResponse", { status: String(accepted) });
  return controlEvent(uid, RESPONSE, timeMs, NEGOTIATION_TIMEOUT_MS, [element("TakControl", {}, [response])]);
}
