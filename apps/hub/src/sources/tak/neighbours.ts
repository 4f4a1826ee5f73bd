// Which protocol do the neighbours on the mesh read? Version 1 is spoken while all of them do: one who reads XML alone would see nothing of it, and
// one who hears XML from us must not be made to fall back for it.
import { type CotFrame, decodeCotFrame, meaningOf } from "@atalaya/cot";

/** Who has not been heard for this long is no neighbour: version 1 has to be announced every 60 s. */
const GONE_AFTER_MS = 120_000;
const MAX_NEIGHBOURS = 500;

interface Neighbour {
  readonly readsVersion1: boolean;
  readonly heardMs: number;
}

export class Neighbours {
  readonly #known = new Map<string, Neighbour>();

  /** Learns from a message. `self` is our own uid. */
  hear(frame: CotFrame, self: string, nowMs: number): void {
    const decoded = decodeCotFrame(frame);
    if ("refused" in decoded) return;
    const { control, event } = decoded.message;
    if (control !== undefined) {
      const uid = control.contactUid ?? event?.uid ?? "";
      if (uid !== "" && uid !== self) this.#note(uid, control.minVersion <= 1 && control.maxVersion >= 1, nowMs);
      return;
    }
    if (event === undefined || frame.form !== "xml") return;
    // Only who can be written to is a neighbour: trackers send XML for all to read, and read nothing.
    const meaning = meaningOf(event);
    if (meaning.kind !== "team-position" || meaning.endpoint === undefined || event.uid === self) return;
    // One that has announced version 1 and writes XML does so for another's sake.
    const known = this.#known.get(event.uid);
    const announced = known?.readsVersion1 === true && nowMs - known.heardMs < GONE_AFTER_MS;
    if (!announced) this.#note(event.uid, false, nowMs);
  }

  #note(uid: string, readsVersion1: boolean, heardMs: number): void {
    this.#known.delete(uid);
    this.#known.set(uid, { readsVersion1, heardMs });
    if (this.#known.size <= MAX_NEIGHBOURS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  allReadVersion1(nowMs: number): boolean {
    for (const [uid, { heardMs }] of this.#known) if (nowMs - heardMs >= GONE_AFTER_MS) this.#known.delete(uid);
    for (const { readsVersion1 } of this.#known.values()) if (!readsVersion1) return false;
    return true;
  }
}
