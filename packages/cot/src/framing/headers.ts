// Which header stands before a TakMessage, in a stream and on the mesh?
import { MAX_EVENT_BYTES } from "../event.ts";
import { type CotRefused, refuse } from "../refusal.ts";
import type { CotFrame } from "./frame.ts";

/** The byte that begins every header. */
export const MAGIC = 0xbf;

/** The version that a mesh header at `from` says; undefined when there is none. */
export function meshVersionAt(data: Uint8Array, from: number, to: number): number | undefined {
  if (data[from] !== MAGIC) return undefined;
  let version = 0;
  let at = from + 1;
  for (let scale = 1; at < to && at - from <= 5; scale *= 128) {
    const byte = data[at];
    at += 1;
    version += (byte & 0x7f) * scale;
    if (byte < 0x80) return at < to && data[at] === MAGIC ? version : undefined;
  }
  return undefined;
}

/** A payload with the header of a stream: magic byte and length. */
export function streamFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const header: number[] = [MAGIC];
  let rest = payload.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) header.push((rest % 128) | 0x80);
  header.push(rest);
  const frame = new Uint8Array(header.length + payload.length);
  frame.set(header);
  frame.set(payload, header.length);
  return frame;
}

/** A payload with the header of the mesh: version 1 between two magic bytes. */
export function meshFrame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(3 + payload.length);
  frame.set([MAGIC, 1, MAGIC]);
  frame.set(payload, 3);
  return frame;
}

/** The message of a datagram of the mesh, or of a whole connection that sends one: version 1 behind its header, or else XML. */
export function frameOfDatagram(datagram: Uint8Array): { readonly frame: CotFrame } | CotRefused {
  if (datagram.length > MAX_EVENT_BYTES + 3) return refuse("frame-too-long", `a datagram of ${datagram.length} bytes`);
  if (datagram[0] !== MAGIC) return { frame: { form: "xml", bytes: datagram } };
  const version = meshVersionAt(datagram, 0, datagram.length);
  if (version === undefined) return refuse("no-magic", "a header without its second magic byte");
  if (version !== 1) return refuse("version", `a mesh message of version ${version}`);
  return { frame: { form: "protobuf", bytes: datagram.subarray(datagram.indexOf(MAGIC, 1) + 1) } };
}
