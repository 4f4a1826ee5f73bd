// What goes out to TAK in one tick: each event encoded once for all who get it, in the form that they read.
import { type CotEvent, type CotForm, encodeCotXml, encodeTakMessage, meshFrame, streamFrame } from "@atalaya/cot";

/** XML and TAK protocol on a stream, TAK protocol on the mesh. */
export type WireForm = CotForm | "mesh";

const NOTHING = Buffer.alloc(0);

export class Outgoing {
  /** What it is about: a newer event of the same key replaces it where it waits. */
  readonly key: string;
  readonly event: CotEvent;
  /** A danger, a word or an end: goes before the rest, and is never given up for a slow client. */
  readonly urgent: boolean;
  /** The source on whose word alone it rests: that network knows it already, better. */
  readonly onlyFrom: string | undefined;
  /** Called each time that it has been handed to the system. */
  sent: (() => void) | undefined;
  /** Called when it will not be: the device has gone. */
  unsent: (() => void) | undefined;
  readonly #bytes = new Map<WireForm, Buffer>();

  constructor(key: string, event: CotEvent, urgent: boolean, onlyFrom?: string) {
    this.key = key;
    this.event = event;
    this.urgent = urgent;
    this.onlyFrom = onlyFrom;
  }

  /** Empty when it cannot be written: a name with characters that XML does not know. */
  bytes(form: WireForm): Buffer {
    const known = this.#bytes.get(form);
    if (known !== undefined) return known;
    const made = encoded(this.event, form);
    this.#bytes.set(form, made);
    return made;
  }
}

function encoded(event: CotEvent, form: WireForm): Buffer {
  const result = form === "xml" ? encodeCotXml(event) : encodeTakMessage({ event });
  if ("refused" in result) return NOTHING;
  const bytes = form === "xml" ? result.bytes : form === "mesh" ? meshFrame(result.bytes) : streamFrame(result.bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The events of one tick. What everybody gets is joined once. */
export class OutgoingBatch {
  readonly events: readonly Outgoing[];
  readonly #joined = new Map<string, Buffer>();

  constructor(events: readonly Outgoing[]) {
    this.events = events;
  }

  /** Those for a network; `source` is undefined where nothing is left out. */
  for(source: string | undefined): readonly Outgoing[] {
    if (source === undefined || !this.events.some(({ onlyFrom }) => onlyFrom === source)) return this.events;
    return this.events.filter(({ onlyFrom }) => onlyFrom !== source);
  }

  whole(form: CotForm, source: string | undefined): Buffer {
    const chosen = this.for(source);
    // Most networks get all, and then the same bytes.
    const key = chosen === this.events ? form : `${form} ${source}`;
    const known = this.#joined.get(key);
    if (known !== undefined) return known;
    const joined = Buffer.concat(chosen.map((event) => event.bytes(form)));
    this.#joined.set(key, joined);
    return joined;
  }
}
