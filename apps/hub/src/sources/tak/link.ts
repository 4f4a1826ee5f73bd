// One TAK stream: XML first, TAK protocol version 1 once both ends agree, pings answered, what comes in handed to the door in batches, what goes out
// never waited for.
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import {
  type CotEvent,
  type CotForm,
  type CotFrame,
  CotStreamReader,
  decodeCotFrame,
  NEGOTIATION_TIMEOUT_MS,
  type Negotiation,
  negotiationOf,
  negotiationOffer,
  negotiationRequest,
  negotiationResponse,
  ping,
  pong,
  scanCotFrame,
} from "@atalaya/cot";
import { encodeCotBatch } from "@atalaya/picture";
import type { Door } from "../source.ts";
import type { Budget } from "./budget.ts";
import type { TakLinks, TakReceiver } from "./links.ts";
import { Outbox } from "./outbox.ts";
import { Outgoing, type OutgoingBatch } from "./outgoing.ts";
import { PresentDevices } from "./present-devices.ts";

/** Bytes of messages in one entry of the journal. */
const BATCH_BYTES = 64 * 1024;
/** A client with this much unsent gets no more until it has read some. */
const BEHIND_BYTES = 256 * 1024;
const FLUSH_BYTES = 64 * 1024;
/** Begins each message of TAK protocol, and no XML. */
const MAGIC = 0xbf;
/** Devices that one connection may show: a client is one, and marks that it places look like others; a server has many behind it. */
const MAX_DEVICES = { server: 16, client: 5000 } as const;
/** A device behind a server that was not heard for so long is not there; a client of ours is while its connection stands. */
const GONE_AFTER_MS = { server: Number.POSITIVE_INFINITY, client: 600_000 } as const;

export interface LinkTiming {
  /** Something is sent at least this often: ATAK asks after 15 s and is gone after 25 s. */
  readonly aliveMs: number;
  /** One that has not read for so long is cut off. */
  readonly stuckMs: number;
  /** One that has said nothing for so long is cut off. */
  readonly silentMs: number;
  /** As a client: when to ask a silent server whether it is there. */
  readonly askMs: number;
  /** How long an end waits for the other in the negotiation. */
  readonly negotiationMs: number;
}

export const SERVER_TIMING: LinkTiming = {
  aliveMs: 10_000,
  stuckMs: 30_000,
  silentMs: 600_000,
  askMs: Number.POSITIVE_INFINITY,
  negotiationMs: NEGOTIATION_TIMEOUT_MS,
};
/** As ATAK keeps it with its servers, with more patience before it gives up. */
export const CLIENT_TIMING: LinkTiming = {
  aliveMs: Number.POSITIVE_INFINITY,
  stuckMs: 30_000,
  silentMs: 45_000,
  askMs: 15_000,
  negotiationMs: NEGOTIATION_TIMEOUT_MS,
};

export interface LinkParts {
  readonly role: "server" | "client";
  readonly socket: Socket;
  /** Serial number of the other end's certificate; "" when it shows none, or it is a server. */
  readonly certificate: string;
  /** Uid under which the hub speaks. */
  readonly uid: string;
  readonly door: Door;
  readonly links: TakLinks;
  readonly budget: Budget;
  readonly timing: LinkTiming;
  /** Whose own tracks are not told to them; undefined: everything is told. */
  readonly leaveOut: string | undefined;
}

export class TakLink implements TakReceiver {
  readonly certificate: string;
  readonly #parts: LinkParts;
  readonly #reader: CotStreamReader;
  readonly #outbox = new Outbox();
  readonly #devices: PresentDevices<true>;
  #form: CotForm = "xml";
  #batch: CotFrame[] = [];
  #batchBytes = 0;
  #messages = 0;
  /** Uid of the negotiation that runs. */
  #offered: string | undefined;
  /** As a client: the request is out, and nothing may be sent until the answer. */
  #isHolding = false;
  #negotiationMs: number;
  #hasHeard = false;
  #isAhead = true;
  #sentMs: number;
  #heardMs: number;
  #askedMs = 0;
  #behindMs: number | undefined;
  #leave: () => void;
  #resume: NodeJS.Timeout | undefined;

  constructor(parts: LinkParts) {
    const { socket, links, role } = parts;
    this.#parts = parts;
    this.certificate = parts.certificate;
    this.#devices = new PresentDevices(MAX_DEVICES[role], GONE_AFTER_MS[role]);
    this.#reader = new CotStreamReader(
      (frame) => this.#take(frame),
      ({ code }) => parts.door.refused(code),
      "xml",
    );
    const nowMs = performance.now();
    this.#sentMs = nowMs;
    this.#heardMs = nowMs;
    this.#negotiationMs = nowMs;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on("data", (chunk: Buffer) => this.#hear(chunk));
    socket.on("drain", () => this.#drained());
    socket.on("end", () => this.#reader.end());
    socket.on("close", () => this.#closed());
    if (role === "server") {
      this.#offered = randomUUID();
      this.#control(negotiationOffer(this.#offered, [1], Date.now()));
    }
    this.#leave = links.add(this);
    const standing = links.standing();
    if (standing !== undefined) {
      this.#outbox.put(standing.for(parts.leaveOut));
      this.#flush();
    }
  }

  get isDirect(): boolean {
    return this.#parts.role === "server";
  }
  get form(): CotForm {
    return this.#form;
  }
  get unsentBytes(): number {
    return this.#parts.socket.writableLength;
  }

  close(): void {
    this.#parts.socket.destroy();
  }

  #closed(): void {
    this.#leave();
    clearTimeout(this.#resume);
    for (let event = this.#outbox.take(); event !== undefined; event = this.#outbox.take()) event.unsent?.();
  }

  // In

  #hear(chunk: Buffer): void {
    const { counts } = this.#parts.links;
    this.#heardMs = performance.now();
    this.#messages = 0;
    // Some write TAK protocol from their first byte, without asking, and read XML all the same: PyTAK with TAK_PROTO=1.
    if (!this.#hasHeard && chunk[0] === MAGIC) this.#reader.expect("protobuf");
    this.#hasHeard = true;
    this.#reader.push(chunk);
    this.#handIn();
    counts.heardMessages += this.#messages;
    counts.heardBytes += chunk.length;
    const waitMs = this.#parts.budget.spend(this.#messages, chunk.length);
    if (waitMs > 0) counts.slowed += 1;
    if (waitMs > 0 || !this.#isAhead) this.#pause(waitMs);
  }

  /** Reads nothing for a while: the sender is slowed, nothing is lost, nobody else waits. */
  #pause(waitMs: number): void {
    const { socket, door } = this.#parts;
    const mustWait = !this.#isAhead;
    this.#isAhead = true;
    socket.pause();
    this.#resume = setTimeout(() => {
      if (!mustWait) {
        socket.resume();
        return;
      }
      door.ready().then(
        () => socket.resume(),
        () => socket.destroy(),
      );
    }, waitMs);
  }

  #take(frame: CotFrame): void {
    this.#messages += 1;
    const scanned = scanCotFrame(frame);
    const head = "refused" in scanned ? undefined : scanned.message.scanned?.head;
    const type = head?.type ?? "";
    // What keeps the connection itself going is said to the connection, not to the journal.
    if (type.startsWith("t-x-c-t") || type.startsWith("t-x-takp")) {
      const decoded = decodeCotFrame(frame);
      if (!("refused" in decoded) && decoded.message.event !== undefined) this.#speak(decoded.message.event);
      return;
    }
    // The reader's own bytes move when the call is over.
    this.#batch.push({ form: frame.form, bytes: frame.bytes.slice() });
    this.#batchBytes += frame.bytes.length;
    if (this.#batchBytes >= BATCH_BYTES) this.#handIn();
    if (head !== undefined && type.startsWith("a-f-")) this.#present(head.uid);
  }

  /** Whoever says where it is can be written to here, if it is who it says. */
  #present(uid: string): void {
    const { links } = this.#parts;
    if (!links.speaksFor(this.certificate, uid)) return;
    if (this.#devices.hear(uid, true, performance.now())) links.arrived(uid);
  }

  #handIn(): void {
    if (this.#batch.length === 0) return;
    const batch = encodeCotBatch({ certificate: this.certificate, messages: this.#batch });
    this.#batch = [];
    this.#batchBytes = 0;
    this.#isAhead = this.#parts.door.frame("cot", batch, undefined) && this.#isAhead;
  }

  #speak(event: CotEvent): void {
    if (event.type === "t-x-c-t") {
      this.#control(pong(Date.now()));
      return;
    }
    const negotiation = negotiationOf(event);
    if (negotiation !== undefined) this.#negotiate(negotiation, event.uid);
  }

  #negotiate(negotiation: Negotiation, uid: string): void {
    const isLate = performance.now() - this.#negotiationMs > this.#parts.timing.negotiationMs;
    if (this.#parts.role === "server") {
      if (negotiation.step !== "request" || this.#form !== "xml") return;
      const accepted = negotiation.version === 1 && uid === this.#offered && !isLate;
      this.#write(new Outgoing(uid, negotiationResponse(uid, accepted, Date.now()), true).bytes("xml"), 1);
      if (accepted) this.#goOver();
      return;
    }
    if (negotiation.step === "offer" && this.#offered === undefined && negotiation.versions.includes(1)) {
      this.#write(new Outgoing(uid, negotiationRequest(uid, 1, Date.now()), true).bytes("xml"), 1);
      this.#offered = uid;
      this.#negotiationMs = performance.now();
      this.#isHolding = true;
    } else if (negotiation.step === "response" && this.#isHolding && uid === this.#offered) {
      this.#isHolding = false;
      if (negotiation.accepted) this.#goOver();
      this.#flush();
    }
  }

  /** Both ways at once, in this very turn: no XML may slip in behind the answer. */
  #goOver(): void {
    this.#form = "protobuf";
    this.#reader.expect("protobuf");
  }

  // Out

  /** What the connection itself has to say goes before what waits, but not into the middle of a negotiation. */
  #control(event: CotEvent): void {
    const control = new Outgoing(event.uid, event, true);
    if (this.#isHolding) return;
    if (this.#isBehind()) this.#outbox.put([control]);
    else this.#write(control.bytes(this.#form), 1);
  }

  send(batch: OutgoingBatch): void {
    const { leaveOut } = this.#parts;
    if (!this.#isHolding && this.#outbox.size === 0 && !this.#isBehind()) {
      const whole = batch.whole(this.#form, leaveOut);
      if (whole.length > 0) this.#write(whole, batch.for(leaveOut).length);
      return;
    }
    this.#outbox.put(batch.for(leaveOut));
    const { counts } = this.#parts.links;
    counts.superseded += this.#outbox.superseded;
    counts.givenUp += this.#outbox.givenUp;
    this.#outbox.superseded = 0;
    this.#outbox.givenUp = 0;
    if (this.#outbox.isOverfull) {
      counts.cutOffStuck += 1;
      this.close();
      return;
    }
    this.#flush();
  }

  tell(uid: string, event: Outgoing): boolean {
    const { socket, links } = this.#parts;
    // Asked again each time: a certificate may have been issued to another since.
    if (!socket.writable || this.#devices.find(uid, performance.now()) === undefined || !links.speaksFor(this.certificate, uid))
      return false;
    this.#outbox.put([event]);
    this.#flush();
    if (this.#outbox.isOverfull) {
      links.counts.cutOffStuck += 1;
      this.close();
      return false;
    }
    return true;
  }

  #isBehind(): boolean {
    return this.#parts.socket.writableLength > BEHIND_BYTES;
  }

  #write(bytes: Buffer, events: number): void {
    const { socket, links } = this.#parts;
    if (!socket.writable) return;
    socket.write(bytes);
    this.#sentMs = performance.now();
    links.counts.sentEvents += events;
    links.counts.sentBytes += bytes.length;
    if (socket.writableNeedDrain) this.#behindMs ??= this.#sentMs;
  }

  #drained(): void {
    this.#behindMs = undefined;
    this.#flush();
  }

  /** What waits goes out as far as the client reads, in pieces of some size. */
  #flush(): void {
    while (!this.#isHolding && this.#outbox.size > 0 && !this.#isBehind()) {
      const pieces: Buffer[] = [];
      const written: Outgoing[] = [];
      let bytes = 0;
      while (bytes < FLUSH_BYTES) {
        const event = this.#outbox.take();
        if (event === undefined) break;
        const piece = event.bytes(this.#form);
        pieces.push(piece);
        written.push(event);
        bytes += piece.length;
      }
      if (bytes > 0) this.#write(Buffer.concat(pieces), pieces.length);
      for (const { sent } of written) sent?.();
    }
  }

  /** To be called every second or so: what is due by the clock. */
  tick(): void {
    const { timing, uid, links, role } = this.#parts;
    const nowMs = performance.now();
    if (this.#behindMs !== undefined && nowMs - this.#behindMs > timing.stuckMs) {
      links.counts.cutOffStuck += 1;
      this.close();
      return;
    }
    const silentMs = nowMs - this.#heardMs;
    if (silentMs > timing.silentMs || (this.#isHolding && nowMs - this.#negotiationMs > timing.negotiationMs)) {
      links.counts.cutOffSilent += 1;
      this.close();
      return;
    }
    if (nowMs - this.#sentMs > timing.aliveMs) this.#control(pong(Date.now()));
    if (role === "client" && silentMs > timing.askMs && nowMs - this.#askedMs > timing.askMs / 3) {
      this.#askedMs = nowMs;
      this.#control(ping(uid, Date.now()));
    }
  }
}
