// All that the hub has to do with TAK at the moment: who gets what goes out, and what is counted of it.
import type { Outgoing, OutgoingBatch } from "./outgoing.ts";

/** A connection or a network that gets what goes out. */
export interface TakReceiver {
  send(batch: OutgoingBatch): void;
  /** True: the device is there by itself, not behind a server or on a mesh. */
  readonly isDirect: boolean;
  /** Says something to one device. False: it is not known to be there. */
  tell(uid: string, event: Outgoing): boolean;
}

export interface TakCounts {
  /** Events and bytes that went out, over all receivers. */
  sentEvents: number;
  sentBytes: number;
  /** Events replaced by a newer one while they waited, and given up. */
  superseded: number;
  givenUp: number;
  /** Messages that came in, their bytes, and pauses because a certificate sent too fast. */
  heardMessages: number;
  heardBytes: number;
  slowed: number;
  /** Clients cut off for not reading, for silence, for a newer connection of the same certificate. */
  cutOffStuck: number;
  cutOffSilent: number;
  cutOffNewer: number;
  /** Connections turned away: too many in all or of one address, no handshake, a certificate that does not count. */
  refusedLimit: number;
  refusedHandshake: number;
  refusedCertificate: number;
}

export class TakLinks {
  readonly counts: TakCounts = {
    sentEvents: 0,
    sentBytes: 0,
    superseded: 0,
    givenUp: 0,
    heardMessages: 0,
    heardBytes: 0,
    slowed: 0,
    cutOffStuck: 0,
    cutOffSilent: 0,
    cutOffNewer: 0,
    refusedLimit: 0,
    refusedHandshake: 0,
    refusedCertificate: 0,
  };
  readonly #receivers = new Set<TakReceiver>();
  /** All that stands, for one who has just come; set by the outlet. */
  standing: () => OutgoingBatch | undefined = () => undefined;

  /** Whether what comes by this certificate ("" none) may speak and hear for this device; set by the hub. */
  speaksFor: (certificate: string, uid: string) => boolean = () => false;
  /** A device has shown itself, for the first time in a while; set by the outlet. */
  arrived: (uid: string) => void = () => undefined;

  get size(): number {
    return this.#receivers.size;
  }

  /** Adds a receiver and returns what takes it out again. */
  add(receiver: TakReceiver): () => void {
    this.#receivers.add(receiver);
    return () => this.#receivers.delete(receiver);
  }

  get receivers(): number {
    return this.#receivers.size;
  }

  send(batch: OutgoingBatch): void {
    if (batch.events.length > 0) for (const receiver of this.#receivers) receiver.send(batch);
  }

  /** Says something to one device: directly where it is connected, else through the networks on which it was heard. False: nowhere. */
  tell(uid: string, event: Outgoing): boolean {
    let told = false;
    for (const isDirect of [true, false]) {
      for (const receiver of this.#receivers) if (receiver.isDirect === isDirect && receiver.tell(uid, event)) told = true;
      if (told) return true;
    }
    return false;
  }
}
