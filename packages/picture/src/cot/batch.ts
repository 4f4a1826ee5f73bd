// How are the Cursor on Target messages that arrived together written in the journal?
//
// u8 version = 1 | u8 n | n bytes: serial number of the sender's certificate, lower-case hex, none if empty | messages, each u8 form (0 XML, 1 TAK
// protocol without its header) | u32 length, big-endian | its bytes as they came.
import type { CotForm, CotFrame } from "@atalaya/cot";
import { utf8, utf8Bytes } from "@atalaya/remote-id";

export interface CotBatch {
  /** Serial number of the certificate that the sender showed; "" when it showed none. */
  readonly certificate: string;
  readonly messages: readonly CotFrame[];
}

const VERSION = 1;
const MESSAGE_HEADER_BYTES = 5;
const FORMS: readonly CotForm[] = ["xml", "protobuf"];
/** A serial number has 20 bytes at most (RFC 5280 §4.1.2.2). */
const MAX_SERIAL = 40;

/** Bytes of a batch. Throws on a serial number that is none: the hub's own. */
export function encodeCotBatch({ certificate, messages }: CotBatch): Uint8Array {
  const serial = utf8Bytes(certificate);
  if (serial.length > MAX_SERIAL) throw new RangeError(`no serial number: ${certificate}`);
  let size = 2 + serial.length;
  for (const { bytes } of messages) size += MESSAGE_HEADER_BYTES + bytes.length;
  const batch = new Uint8Array(size);
  batch[0] = VERSION;
  batch[1] = serial.length;
  batch.set(serial, 2);
  const view = new DataView(batch.buffer);
  let at = 2 + serial.length;
  for (const { form, bytes } of messages) {
    view.setUint8(at, FORMS.indexOf(form));
    view.setUint32(at + 1, bytes.length);
    batch.set(bytes, at + MESSAGE_HEADER_BYTES);
    at += MESSAGE_HEADER_BYTES + bytes.length;
  }
  return batch;
}

/** Undefined when the bytes are no batch of this version. Messages are views of the bytes. */
export function decodeCotBatch(batch: Uint8Array): CotBatch | undefined {
  const serial = batch[1] ?? MAX_SERIAL + 1;
  if (batch[0] !== VERSION || serial > MAX_SERIAL || batch.length < 2 + serial) return undefined;
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const messages: CotFrame[] = [];
  let at = 2 + serial;
  while (at < batch.length) {
    if (at + MESSAGE_HEADER_BYTES > batch.length) return undefined;
    const form = FORMS[view.getUint8(at)];
    const end = at + MESSAGE_HEADER_BYTES + view.getUint32(at + 1);
    if (form === undefined || end > batch.length) return undefined;
    messages.push({ form, bytes: batch.subarray(at + MESSAGE_HEADER_BYTES, end) });
    at = end;
  }
  return { certificate: utf8(batch.subarray(2, 2 + serial)), messages };
}
