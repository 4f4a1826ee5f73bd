// How is an event, or what a sender can read, written as a TakMessage?
//
// Byte for byte as the reference implementation writes it: fields in the order of their numbers, those that hold the default left out.
// The buffer is filled from its end, so that each length is known when it is written.
import { decimalOf } from "../decimal.ts";
import { type CotElement, type CotEvent, MAX_EVENT_BYTES, UNKNOWN_ON_THE_WIRE } from "../event.ts";
import { type CotRefused, refuse } from "../refusal.ts";
import { faultOf } from "../sound.ts";
import { utf8Of } from "../utf8.ts";
import type { Encoded } from "../xml/encode.ts";
import { isXmlText } from "../xml/characters.ts";
import { xmlOf } from "../xml/write.ts";
import type { TakControl } from "./decode.ts";
import * as fields from "./fields.ts";
import { FIXED64, LENGTH_DELIMITED, VARINT } from "./wire.ts";

/** Beyond this a message is refused anyway. */
const CAPACITY = 2 * MAX_EVENT_BYTES;

/** Fills a buffer from its end to its beginning. */
class BackwardWriter {
  // One buffer serves all: what is written is copied out before the next message begins.
  static readonly #buffer = new Uint8Array(CAPACITY);
  static readonly #bufferView = new DataView(BackwardWriter.#buffer.buffer);
  readonly #bytes = BackwardWriter.#buffer;
  readonly #view = BackwardWriter.#bufferView;
  #at = CAPACITY;
  #isFull = false;

  get position(): number {
    return this.#at;
  }

  /** What has been written, or undefined when it did not fit. */
  finish(): Uint8Array<ArrayBuffer> | undefined {
    return this.#isFull ? undefined : this.#bytes.slice(this.#at);
  }

  #room(size: number): boolean {
    if (size > this.#at) this.#isFull = true;
    if (this.#isFull) return false;
    this.#at -= size;
    return true;
  }

  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
    if (!this.#room(size)) return;
    let rest = value;
    for (let k = 0; k < size; k += 1) {
      this.#bytes[this.#at + k] = (rest % 128) | (k < size - 1 ? 0x80 : 0);
      rest = Math.floor(rest / 128);
    }
  }

  tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  string(field: number, value: string): void {
    if (value === "") return;
    if (this.#ascii(value)) return this.lengthFrom(field, this.#at + value.length);
    const bytes = utf8Of(value);
    if (!this.#room(bytes.length)) return;
    this.#bytes.set(bytes, this.#at);
    this.lengthFrom(field, this.#at + bytes.length);
  }

  /** Writes a short text in ASCII, which most are, without the coder's help; false when it is not one, and nothing is written. */
  #ascii(value: string): boolean {
    const size = value.length;
    const from = this.#at - size;
    if (size > 64 || from < 0 || this.#isFull) return false;
    for (let k = 0; k < size; k += 1) {
      const code = value.charCodeAt(k);
      if (code >= 0x80) return false;
      this.#bytes[from + k] = code;
    }
    this.#at = from;
    return true;
  }

  double(field: number, value: number): void {
    if (Object.is(value + 0, 0)) return;
    if (!this.#room(8)) return;
    this.#view.setFloat64(this.#at, value, true);
    this.tag(field, FIXED64);
  }

  uint(field: number, value: number): void {
    if (value === 0) return;
    this.varint(value);
    this.tag(field, VARINT);
  }

  /** Ends a message that began, in the buffer's order, here and reaches to `end`. */
  lengthFrom(field: number, end: number): void {
    this.varint(end - this.#at);
    this.tag(field, LENGTH_DELIMITED);
  }
}

const MAX_BATTERY = 2_147_483_647;

function isTypedValue(kind: fields.TypedKind, value: string): boolean {
  switch (kind) {
    case "string":
      return isXmlText(value);
    case "double":
      return !Number.isNaN(decimalOf(value));
    case "uint32":
      return /^(?:0|[1-9]\d{0,9})$/.test(value) && Number(value) <= MAX_BATTERY;
  }
}

/**
 * True when the typed message says all that the element does, and the reader makes the same element of it: exactly the mapped attributes, no
 * content. The rest stays in xmlDetail whole (TAK protocol, detail: whole elements must be converted).
 */
function isMappable({ attributes, text, children }: CotElement, { attributes: mapped, kind, optional }: fields.TypedElement): boolean {
  if (text !== "" || children.length > 0) return false;
  const keys = Object.keys(attributes);
  if (!keys.every((key) => mapped.includes(key))) return false;
  return mapped.every((name) => {
    const value = attributes[name];
    if (value === undefined) return name === optional;
    return !(name === optional && value === "") && isTypedValue(kind, value);
  });
}

function writeTyped(writer: BackwardWriter, { field, attributes: mapped, kind }: fields.TypedElement, { attributes }: CotElement): void {
  const end = writer.position;
  for (let number = mapped.length; number >= 1; number -= 1) {
    const value = attributes[mapped[number - 1]] ?? "";
    if (kind === "string") writer.string(number, value);
    else if (kind === "double") writer.double(number, decimalOf(value));
    else writer.uint(number, Number(value));
  }
  writer.lengthFrom(field, end);
}

function writeDetail(writer: BackwardWriter, detail: readonly CotElement[]): CotRefused | undefined {
  if (detail.length === 0) return undefined;
  const end = writer.position;
  const typed = new Set<CotElement>();
  for (let k = fields.TYPED_ELEMENTS.length - 1; k >= 0; k -= 1) {
    const mapping = fields.TYPED_ELEMENTS[k];
    const named = detail.filter(({ name }) => name === mapping.element);
    const [only] = named;
    if (only === undefined || named.length > 1 || !isMappable(only, mapping)) continue;
    typed.add(only);
    writeTyped(writer, mapping, only);
  }
  const written = xmlOf(
    detail.filter((element) => !typed.has(element)),
    3,
  );
  if ("refused" in written) return written;
  writer.string(fields.XML_DETAIL, written.xml);
  writer.lengthFrom(fields.DETAIL, end);
  return undefined;
}

function writeEvent(writer: BackwardWriter, event: CotEvent): CotRefused | undefined {
  const { uid, type, how, timeMs, startMs, staleMs, access, qos, opex, point, detail } = event;
  const fault = faultOf(event);
  if (fault !== undefined) return { refused: fault };
  if (timeMs < 0 || startMs < 0 || staleMs < 0) return refuse("time-range", "a time before 1970, which version 1 cannot say");
  const end = writer.position;
  const refused = writeDetail(writer, detail);
  if (refused !== undefined) return refused;
  writer.double(fields.LE, point.leM ?? UNKNOWN_ON_THE_WIRE);
  writer.double(fields.CE, point.ceM ?? UNKNOWN_ON_THE_WIRE);
  writer.double(fields.HAE, point.haeM ?? UNKNOWN_ON_THE_WIRE);
  writer.double(fields.LON, point.lonDeg);
  writer.double(fields.LAT, point.latDeg);
  writer.string(fields.HOW, how);
  writer.uint(fields.STALE_TIME, staleMs);
  writer.uint(fields.START_TIME, startMs);
  writer.uint(fields.SEND_TIME, timeMs);
  writer.string(fields.UID, uid);
  writer.string(fields.OPEX, opex ?? "");
  writer.string(fields.QOS, qos ?? "");
  writer.string(fields.ACCESS, access ?? "");
  writer.string(fields.TYPE, type);
  writer.lengthFrom(fields.COT_EVENT, end);
  return undefined;
}

function writeControl(writer: BackwardWriter, { minVersion, maxVersion, contactUid }: TakControl): CotRefused | undefined {
  if (
    !(
      Number.isInteger(minVersion) &&
      Number.isInteger(maxVersion) &&
      minVersion >= 1 &&
      minVersion <= maxVersion &&
      maxVersion <= 0xffff_ffff
    )
  ) {
    return refuse("version-range", `from version ${minVersion} to ${maxVersion}`);
  }
  if (contactUid !== undefined && !isXmlText(contactUid)) return refuse("character", "contactUid");
  const end = writer.position;
  writer.string(fields.CONTACT_UID, contactUid ?? "");
  // Version 1 stands for itself when nothing is said, and is what real clients leave out.
  writer.uint(fields.MAX_VERSION, maxVersion === 1 ? 0 : maxVersion);
  writer.uint(fields.MIN_VERSION, minVersion === 1 ? 0 : minVersion);
  writer.lengthFrom(fields.TAK_CONTROL, end);
  return undefined;
}

/**
 * The payload of a TakMessage, without its header, at most `MAX_EVENT_BYTES`. Details that a typed message can say in full are written so, the
 * others as xmlDetail.
 */
export function encodeTakMessage({
  control,
  event,
}: {
  readonly control?: TakControl | undefined;
  readonly event?: CotEvent | undefined;
}): Encoded {
  const writer = new BackwardWriter();
  if (event !== undefined) {
    const refused = writeEvent(writer, event);
    if (refused !== undefined) return refused;
  }
  if (control !== undefined) {
    const refused = writeControl(writer, control);
    if (refused !== undefined) return refused;
  }
  const bytes = writer.finish();
  if (bytes === undefined || bytes.length > MAX_EVENT_BYTES) return refuse("too-long", `more than ${MAX_EVENT_BYTES} bytes`);
  return { bytes };
}
