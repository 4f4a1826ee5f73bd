// The messages of SMPP 3.4 as bytes, as far as a sender of short messages needs them: bind, submit, deliver, enquire, unbind.

export const COMMAND = {
  genericNack: 0x8000_0000,
  submitSm: 0x0000_0004,
  submitSmResp: 0x8000_0004,
  deliverSm: 0x0000_0005,
  deliverSmResp: 0x8000_0005,
  unbind: 0x0000_0006,
  unbindResp: 0x8000_0006,
  bindTransceiver: 0x0000_0009,
  bindTransceiverResp: 0x8000_0009,
  enquireLink: 0x0000_0015,
  enquireLinkResp: 0x8000_0015,
  alertNotification: 0x0000_0102,
  dataSm: 0x0000_0103,
  dataSmResp: 0x8000_0103,
} as const;

/** Command status codes that ask for something (SMPP 3.4 §5.1.3). */
export const STATUS = {
  ok: 0,
  invalidCommand: 0x03,
  systemError: 0x08,
  queueFull: 0x14,
  throttled: 0x58,
  tryAgainReceiver: 0x64,
} as const;

const TLV = { receiptedMessageId: 0x001e, messagePayload: 0x0424, messageState: 0x0427 } as const;

const HEADER_BYTES = 16;
/** A deliver_sm with a payload has under 64 KiB; longer is no SMPP. */
const MAX_PDU_BYTES = 70_000;

export interface Pdu {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
  readonly body: Buffer;
}

export function encodePdu({ command, status, sequence, body }: Pdu): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(command, 4);
  bytes.writeUInt32BE(status, 8);
  bytes.writeUInt32BE(sequence, 12);
  body.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** Cuts a stream into messages, whatever pieces it comes in. False: what comes is no SMPP, and the connection is of no further use. */
export class PduFramer {
  #rest: Buffer = Buffer.alloc(0);
  readonly #take: (pdu: Pdu) => void;

  constructor(take: (pdu: Pdu) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): boolean {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE(0);
      if (length < HEADER_BYTES || length > MAX_PDU_BYTES) return false;
      if (this.#rest.length < length) return true;
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      this.#take({
        command: bytes.readUInt32BE(4),
        status: bytes.readUInt32BE(8),
        sequence: bytes.readUInt32BE(12),
        body: bytes.subarray(HEADER_BYTES),
      });
    }
    return true;
  }
}

const text = (value: string, most: number): Buffer => Buffer.concat([Buffer.from(value.slice(0, most), "latin1"), Buffer.alloc(1)]);

/** §4.1.5: a session that sends and receives, interface version 3.4. */
export function bindBody(systemId: string, password: string, systemType: string): Buffer {
  return Buffer.concat([text(systemId, 15), text(password, 8), text(systemType, 12), Buffer.from([0x34, 0, 0, 0])]);
}

export interface NumberPlan {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** Type and plan of a number as people write it (§5.2.5, §5.2.6): "+" is international; letters are a name. */
export function numberPlan(written: string): NumberPlan {
  const plain = written.replace(/[\s().-]/g, "");
  if (/^\+\d+$/.test(plain)) return { ton: 1, npi: 1, address: plain.slice(1) };
  return /^\d+$/.test(plain) ? { ton: 0, npi: 1, address: plain } : { ton: 5, npi: 0, address: written };
}

export interface Submission {
  readonly from: NumberPlan;
  readonly to: NumberPlan;
  /** Septets, one to an octet: data coding 0. */
  readonly message: Uint8Array;
  /** The centre drops it after this time, s. */
  readonly validS: number;
  /** 0 to 3; 3 is the greatest. */
  readonly priority: number;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** §4.4.1, with a delivery receipt asked for whatever becomes of it. */
export function submitBody({ from, to, message, validS, priority }: Submission): Buffer {
  const validity = `000000${two(Math.floor(validS / 3600) % 24)}${two(Math.floor(validS / 60) % 60)}${two(validS % 60)}000R`;
  return Buffer.concat([
    text("", 5),
    Buffer.from([from.ton, from.npi]),
    text(from.address, 20),
    Buffer.from([to.ton, to.npi]),
    text(to.address, 20),
    Buffer.from([0, 0, priority]),
    text("", 16),
    text(validity, 16),
    Buffer.from([1, 0, 0, 0, message.length]),
    message,
  ]);
}

/** A C string at the beginning of a body, as a submit_sm_resp has the message's id. */
export function firstText(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString("latin1", 0, Math.min(end < 0 ? body.length : end, 65));
}

/** What a deliver_sm holds. */
export interface Delivered {
  readonly from: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly message: Buffer;
  readonly receiptedId: string | undefined;
  readonly messageState: number | undefined;
}

/** Undefined: the body is cut short. */
export function deliverIn(command: number, body: Buffer): Delivered | undefined {
  let at = 0;
  let whole = true;
  const string = (): string => {
    const end = body.indexOf(0, at);
    if (end < 0) whole = false;
    const value = body.toString("latin1", at, end < 0 ? body.length : end);
    at = end < 0 ? body.length : end + 1;
    return value;
  };
  const octet = (): number => {
    if (at >= body.length) whole = false;
    const value = body[at] ?? 0;
    at += 1;
    return value;
  };
  string();
  const ton = octet();
  octet();
  const from = string();
  octet();
  octet();
  string();
  const esmClass = octet();
  let message: Buffer = Buffer.alloc(0);
  let dataCoding: number;
  if (command === COMMAND.dataSm) {
    octet();
    dataCoding = octet();
  } else {
    octet();
    octet();
    string();
    string();
    octet();
    octet();
    dataCoding = octet();
    octet();
    const length = octet();
    if (at + length > body.length) whole = false;
    message = body.subarray(at, at + length);
    at += length;
  }
  if (!whole) return undefined;
  let receiptedId: string | undefined;
  let messageState: number | undefined;
  while (at + 4 <= body.length) {
    const tag = body.readUInt16BE(at);
    const length = body.readUInt16BE(at + 2);
    const value = body.subarray(at + 4, at + 4 + length);
    if (value.length < length) break;
    at += 4 + length;
    if (tag === TLV.receiptedMessageId) receiptedId = firstText(value);
    else if (tag === TLV.messageState) messageState = value[0];
    else if (tag === TLV.messagePayload) message = value;
  }
  const international = ton === 1 && !from.startsWith("+") ? `+${from}` : from;
  return { from: international, esmClass, dataCoding, message, receiptedId, messageState };
}
