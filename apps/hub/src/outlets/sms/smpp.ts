// Short messages through a centre (SMSC) by SMPP 3.4: one session that sends and receives, kept alive and built again.
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Carried } from "../delivery-queue.ts";
import type { Carrier, CarrierEvents, Letter } from "../queued.ts";
import { type OutletTimes, realTimes } from "../times.ts";
import { decodeGsm7, encodeGsm7 } from "./gsm7.ts";
import {
  bindBody,
  COMMAND,
  type Delivered,
  deliverIn,
  encodePdu,
  firstText,
  numberPlan,
  type Pdu,
  PduFramer,
  STATUS,
  submitBody,
} from "./pdu.ts";
import { isUrgent, smsOf } from "./short-message.ts";

export interface SmppSettings {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  /** Number or name that the messages come from. */
  readonly from: string;
  readonly tls: boolean;
  /** Certificates (PEM) to trust, instead of the machine's. */
  readonly ca?: string | undefined;
}

/** Requests without an answer; beyond, a letter waits in the queue. */
const WINDOW = 10;
const ANSWER_MS = 10_000;
const ENQUIRE_EVERY_MS = 30_000;
const CONNECT_MS = 10_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A message is worth nothing after this time: the centre drops it. */
const VALID_S = 300;
const OVER_VALID_S = 1800;
const MAX_IDS = 20_000;

/** States of a message in a receipt (§5.2.28), and as appendix B writes them. */
const RECEIPT_STATES: Readonly<Record<number, "delivered" | "failed">> = {
  2: "delivered",
  3: "failed",
  4: "failed",
  5: "failed",
  8: "failed",
};
const RECEIPT_WORDS: Readonly<Record<string, number>> = { DELIVRD: 2, EXPIRED: 3, DELETED: 4, UNDELIV: 5, REJECTD: 8 };
const STATE_NAMES: Readonly<Record<number, string>> = { 3: "expired", 4: "deleted", 5: "undeliverable", 8: "rejected" };

/** Statuses that pass (§5.1.3): full, throttled, or in trouble of its own. */
const PASSING: ReadonlySet<number> = new Set([STATUS.systemError, STATUS.queueFull, STATUS.throttled, STATUS.tryAgainReceiver]);

const hex = (status: number): string => `0x${status.toString(16).padStart(8, "0")}`;

/** Ids as centres write them: the answer in hexadecimal, the receipt in decimal, with zeros in front, or the other way round. */
function formsOf(id: string): readonly string[] {
  const forms = [id, id.toLowerCase().replace(/^0+(?=.)/, "")];
  if (/^\d{1,18}$/.test(id)) forms.push(BigInt(id).toString(16));
  if (/^[\da-f]{1,16}$/i.test(id)) forms.push(BigInt(`0x${id}`).toString());
  return forms;
}

export class SmppCarrier implements Carrier {
  readonly #settings: SmppSettings;
  readonly #times: OutletTimes;
  #events: CarrierEvents | undefined;
  #socket: Socket | undefined;
  #bound = false;
  #sequence = 0;
  #failures = 0;
  #stopped = false;
  #callOff: (() => void) | undefined;
  readonly #firstTry: Promise<void>;
  #tried: () => void = () => undefined;
  #enquiry: (() => void) | undefined;
  readonly #waiting = new Map<number, (answer: Pdu | undefined) => void>();
  /** Messages that the centre has taken, by their id as it was written; and by other ways to write it, which must not hide another's own. */
  readonly #ids = new Map<string, string>();
  readonly #otherForms = new Map<string, string>();

  constructor(settings: SmppSettings, times: OutletTimes = realTimes) {
    this.#settings = settings;
    this.#times = times;
    this.#firstTry = new Promise((resolve) => {
      this.#tried = resolve;
    });
  }

  start(events: CarrierEvents): void {
    this.#events = events;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    this.#enquiry?.();
    const socket = this.#socket;
    if (socket === undefined) return;
    if (this.#bound) {
      // A polite end, if the other side still listens.
      await Promise.race([this.#request(COMMAND.unbind, Buffer.alloc(0), 1000), new Promise((resolve) => socket.once("close", resolve))]);
    }
    socket.destroy();
  }

  async carry(letter: Letter): Promise<Carried> {
    const to = numberPlan(letter.address);
    if (to.ton === 5 || to.address.length < 3 || to.address.length > 20) return { outcome: "refused", reason: "not a telephone number" };
    // What is wanted while the hub starts waits for the first connection instead of going another way at once.
    await this.#firstTry;
    if (!this.#bound) return { outcome: "again", reason: "not connected to the centre", noLink: true };
    if (this.#waiting.size >= WINDOW) return { outcome: "again", reason: "the centre is behind", afterMs: 200 };
    const body = submitBody({
      from: numberPlan(this.#settings.from),
      to,
      message: encodeGsm7(smsOf(letter)),
      validS: letter.holdsMs > VALID_S * 1000 ? OVER_VALID_S : VALID_S,
      priority: isUrgent(letter) ? 3 : 1,
    });
    const answer = await this.#request(COMMAND.submitSm, body, ANSWER_MS);
    if (answer === undefined) return { outcome: "again", reason: "the centre does not answer", noLink: true };
    if (answer.status === STATUS.ok) {
      const id = firstText(answer.body);
      this.#remember(id, letter.key);
      return { outcome: "taken", ticket: letter.key, detail: `taken by the centre as ${id}` };
    }
    if (PASSING.has(answer.status)) return { outcome: "again", reason: `status ${hex(answer.status)}`, afterMs: 1000 };
    return { outcome: "refused", reason: `refused by the centre with status ${hex(answer.status)}` };
  }

  #remember(id: string, key: string): void {
    this.#ids.set(id, key);
    for (const form of formsOf(id)) this.#otherForms.set(form, key);
    for (const [ids, most] of [
      [this.#ids, MAX_IDS],
      [this.#otherForms, 3 * MAX_IDS],
    ] as const)
      for (const oldest of ids.keys()) {
        if (ids.size <= most) break;
        ids.delete(oldest);
      }
  }

  // Connection

  #connect(): void {
    if (this.#stopped) return;
    const { host, port, tls, ca, systemId, password, systemType } = this.#settings;
    const socket: Socket = tls
      ? connectTls({ host, port, servername: host, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) })
      : connectTcp({ host, port });
    this.#socket = socket;
    let reason = "the connection ended";
    const late = this.#times.after(CONNECT_MS, () => {
      reason = "no connection in time";
      socket.destroy();
    });
    const framer = new PduFramer((pdu) => this.#take(pdu));
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      if (framer.push(chunk)) return;
      reason = "the other side does not speak SMPP";
      socket.destroy();
    });
    socket.on("error", (error) => {
      reason = error.message;
    });
    socket.on("close", () => {
      late();
      this.#lost(socket, reason);
    });
    socket.once(tls ? "secureConnect" : "connect", () => {
      void this.#request(COMMAND.bindTransceiver, bindBody(systemId, password, systemType), ANSWER_MS).then((answer) => {
        late();
        if (answer?.status === STATUS.ok) {
          this.#bound = true;
          this.#failures = 0;
          this.#tried();
          this.#events?.link(true);
          this.#enquireLater();
          return;
        }
        reason = answer === undefined ? "no answer to the sign-in" : `sign-in refused with status ${hex(answer.status)}`;
        socket.destroy();
      });
    });
  }

  #lost(socket: Socket, reason: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#bound = false;
    this.#enquiry?.();
    for (const settle of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
    this.#tried();
    if (this.#stopped) return;
    this.#events?.link(false, reason);
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, this.#failures));
    this.#failures += 1;
    this.#callOff = this.#times.after(wait * (0.5 + 0.5 * this.#times.random()), () => this.#connect());
  }

  #enquireLater(): void {
    this.#enquiry?.();
    this.#enquiry = this.#times.after(ENQUIRE_EVERY_MS, () => {
      void this.#request(COMMAND.enquireLink, Buffer.alloc(0), ANSWER_MS).then((answer) => {
        if (answer === undefined) this.#socket?.destroy(new Error("the centre has fallen silent"));
        else this.#enquireLater();
      });
    });
  }

  #request(command: number, body: Buffer, withinMs: number): Promise<Pdu | undefined> {
    const socket = this.#socket;
    if (socket === undefined || !socket.writable) return Promise.resolve(undefined);
    this.#sequence = (this.#sequence % 0x7fff_ffff) + 1;
    const sequence = this.#sequence;
    return new Promise((resolve) => {
      const callOff = this.#times.after(withinMs, () => {
        this.#waiting.delete(sequence);
        resolve(undefined);
      });
      this.#waiting.set(sequence, (answer) => {
        callOff();
        resolve(answer);
      });
      socket.write(encodePdu({ command, status: 0, sequence, body }));
    });
  }

  #answer(command: number, sequence: number, status: number, body: Buffer = Buffer.alloc(0)): void {
    if (this.#socket?.writable === true) this.#socket.write(encodePdu({ command, status, sequence, body }));
  }

  #take(pdu: Pdu): void {
    const { command, sequence } = pdu;
    // The highest bit tells an answer from a request.
    if (command >= 0x8000_0000) {
      const settle = this.#waiting.get(sequence);
      this.#waiting.delete(sequence);
      settle?.(pdu);
      return;
    }
    switch (command) {
      case COMMAND.enquireLink:
        return this.#answer(COMMAND.enquireLinkResp, sequence, STATUS.ok);
      case COMMAND.unbind:
        this.#answer(COMMAND.unbindResp, sequence, STATUS.ok);
        this.#socket?.end();
        return;
      case COMMAND.deliverSm:
      case COMMAND.dataSm: {
        const delivered = deliverIn(command, pdu.body);
        // One that cannot be read is acknowledged all the same: it would come again and again.
        this.#answer(command === COMMAND.dataSm ? COMMAND.dataSmResp : COMMAND.deliverSmResp, sequence, STATUS.ok, Buffer.alloc(1));
        if (delivered !== undefined) this.#delivered(delivered);
        return;
      }
      case COMMAND.alertNotification:
        return;
      default:
        return this.#answer(COMMAND.genericNack, sequence, STATUS.invalidCommand);
    }
  }

  #delivered(delivered: Delivered): void {
    const { esmClass, message, from } = delivered;
    // Bits 5 to 2: 0001 is a delivery receipt (§5.2.12); intermediate notifications and acknowledgements of phones are nothing to do.
    const kind = (esmClass >> 2) & 0x0f;
    if (kind === 1) return this.#receipt(delivered);
    if (kind !== 0) return;
    this.#events?.reply(from, textIn(delivered.dataCoding, withoutHeader(esmClass, message)));
  }

  #receipt({ receiptedId, messageState, message }: Delivered): void {
    const words = message.toString("latin1");
    const id = receiptedId ?? /\bid:(\S+)/.exec(words)?.[1];
    const state = messageState ?? RECEIPT_WORDS[/\bstat:(\w{7})/.exec(words)?.[1] ?? ""];
    const step = state === undefined ? undefined : RECEIPT_STATES[state];
    if (id === undefined || step === undefined || state === undefined) return;
    const key =
      this.#ids.get(id) ??
      formsOf(id)
        .map((form) => this.#otherForms.get(form))
        .find((known) => known !== undefined);
    if (key !== undefined) this.#events?.receipt(key, step, STATE_NAMES[state]);
  }
}

/** The user data header (3GPP TS 23.040 §9.2.3.24) says how parts join; the words come after it. */
function withoutHeader(esmClass: number, message: Buffer): Buffer {
  return (esmClass & 0x40) === 0 ? message : message.subarray((message[0] ?? 0) + 1);
}

/** Words in the alphabets that phones write in: 8 is UCS-2, 3 Latin-1, 1 ASCII, else the 7-bit alphabet (§5.2.19). */
function textIn(dataCoding: number, message: Buffer): string {
  if (dataCoding === 8)
    return Buffer.from(message.subarray(0, message.length & ~1))
      .swap16()
      .toString("utf16le");
  if (dataCoding === 1 || dataCoding === 3) return message.toString("latin1");
  return decodeGsm7(message);
}
