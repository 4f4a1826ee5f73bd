// Copies of media without what says where and by what they were taken. What cannot be cleaned for certain is not shown at all.

/** The copy, or undefined: the bytes are not what they say, or hold something that may be a place and cannot be taken out. */
export function withoutLocation(type: string, bytes: Uint8Array): Uint8Array | undefined {
  try {
    switch (type) {
      case "image/jpeg":
        return stripJpeg(bytes);
      case "image/png":
        return stripPng(bytes);
      case "image/webp":
      case "audio/wav":
        return stripRiff(bytes);
      case "video/mp4":
      case "video/quicktime":
      case "audio/mp4":
        return stripBoxes(bytes);
      case "video/webm":
      case "audio/webm":
        return stripMatroska(bytes);
      default:
        return undefined;
    }
  } catch (error) {
    // Read past its end: not what it says it is.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
}

// JPEG (ITU-T T.81 annex B): segments up to the end marker; what a phone hangs behind that, a film or a second picture, is left out.

function stripJpeg(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  if (view.getUint16(0) !== 0xffd8) return undefined;
  const parts: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  let turned: Uint8Array | undefined;
  for (;;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return undefined;
    const isProfile = marker === 0xe2 && ascii(bytes, at + 4, 11) === "ICC_PROFILE";
    const isKept = !(marker >= 0xe0 && marker <= 0xef) && marker !== 0xfe;
    if (marker === 0xe1) turned ??= orientation(bytes.subarray(at + 4, end));
    if (isKept || marker === 0xe0 || marker === 0xee || isProfile) parts.push(bytes.subarray(at, end));
    at = end;
    if (marker !== 0xda) continue;
    const from = at;
    // Entropy-coded data: until a marker that is neither stuffing nor a restart.
    while (view.getUint8(at) !== 0xff || isStuffing(view.getUint8(at + 1))) at += 1;
    parts.push(bytes.subarray(from, at));
  }
  parts.push(Uint8Array.of(0xff, 0xd9));
  if (turned !== undefined) parts.splice(1, 0, turned);
  return joined(parts);
}

function isStuffing(next: number): boolean {
  return next === 0x00 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
}

/** An Exif segment that holds how the picture is turned, and nothing else. */
function orientation(exif: Uint8Array): Uint8Array | undefined {
  try {
    return orientationIn(exif);
  } catch (error) {
    // Exif that points past its end says nothing of how the picture is turned; the picture itself may be sound.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function orientationIn(exif: Uint8Array): Uint8Array | undefined {
  if (ascii(exif, 0, 6) !== "Exif\0\0") return undefined;
  const tiff = exif.subarray(6);
  const view = viewOf(tiff);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  const count = view.getUint16(directory, little);
  for (let k = 0; k < count; k += 1) {
    const entry = directory + 2 + k * 12;
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    if (value < 2 || value > 8) return undefined;
    const made = new Uint8Array(36);
    made.set([
      0xff,
      0xe1,
      0x00,
      0x22,
      0x45,
      0x78,
      0x69,
      0x66,
      0,
      0,
      0x4d,
      0x4d,
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      value,
    ]);
    return made;
  }
  return undefined;
}

// PNG (ISO/IEC 15948 §5): what the picture needs stays, texts and Exif go.

const PNG_KEPT: ReadonlySet<string> = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "gAMA",
  "cHRM",
  "sRGB",
  "iCCP",
  "sBIT",
  "bKGD",
  "pHYs",
]);

function stripPng(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (let at = 8; ; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return undefined;
    const name = ascii(bytes, at + 4, 4);
    if (PNG_KEPT.has(name)) parts.push(bytes.subarray(at, end));
    if (name === "IEND") return joined(parts);
    at = end;
  }
}

// RIFF: WebP and WAVE.

const RIFF_KEPT: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP", "fmt ", "data", "fact"]);

function stripRiff(bytes: Uint8Array): Uint8Array | undefined {
  const view = viewOf(bytes);
  const form = ascii(bytes, 8, 4);
  if (ascii(bytes, 0, 4) !== "RIFF" || (form !== "WEBP" && form !== "WAVE")) return undefined;
  const parts: Uint8Array[] = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = ascii(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    const end = Math.min(bytes.length, at + 8 + size + (size & 1));
    if (at + 8 + size > bytes.length) return undefined;
    if (RIFF_KEPT.has(name)) {
      const part = bytes.slice(at, end);
      // The flags of Exif and XMP (RFC 9649 §2.7.1.1) promise what is no longer there.
      if (name === "VP8X") part[8] = (part[8] ?? 0) & ~0x0c;
      parts.push(part);
    }
    at = end;
  }
  const body = joined(parts);
  const head = new Uint8Array(12);
  head.set(bytes.subarray(0, 12));
  viewOf(head).setUint32(4, body.length + 4, true);
  return joined([head, body]);
}

// ISO base media (ISO/IEC 14496-12) and QuickTime: boxes that may name a place become empty ones of the same length, so that no offset moves.

const EMPTIED: ReadonlySet<string> = new Set(["udta", "meta", "uuid", "XMP_", "gps ", "keys", "ilst"]);
const OPENED: ReadonlySet<string> = new Set(["moov", "trak", "mdia", "moof", "traf"]);
/** Kinds of tracks that are picture or sound; any other may hold where the camera was, second by second. */
const PLAIN_TRACKS: ReadonlySet<string> = new Set(["vide", "soun", "auxv"]);

function stripBoxes(bytes: Uint8Array): Uint8Array | undefined {
  const made = bytes.slice();
  if (ascii(made, 4, 4) !== "ftyp") return undefined;
  return emptyBoxes(made, 0, made.length, "", 0) ? made : undefined;
}

function emptyBoxes(bytes: Uint8Array, from: number, to: number, within: string, depth: number): boolean {
  const view = viewOf(bytes);
  for (let at = from; at < to; ) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    } else if (size === 0) size = to - at;
    if (size < head || at + size > to) return false;
    const name = ascii(bytes, at + 4, 4);
    if (EMPTIED.has(name)) {
      bytes.set([0x66, 0x72, 0x65, 0x65], at + 4);
      bytes.fill(0, at + head, at + size);
    } else if (name === "hdlr" && within === "mdia") {
      if (!PLAIN_TRACKS.has(ascii(bytes, at + head + 8, 4))) return false;
    } else if (OPENED.has(name) && depth < 8) {
      if (!emptyBoxes(bytes, at + head, at + size, name, depth + 1)) return false;
    }
    at += size;
  }
  return true;
}

// Matroska (RFC 9559): tags and attachments become void elements of the same length.

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TAGS = 0x1254c367;
const ATTACHMENTS = 0x1941a469;

function stripMatroska(bytes: Uint8Array): Uint8Array | undefined {
  const made = bytes.slice();
  const view = viewOf(made);
  if (view.getUint32(0) !== 0x1a45dfa3) return undefined;
  for (let at = 0; at < made.length; ) {
    const idLength = Math.clz32(view.getUint8(at)) - 23;
    if (idLength > 4) return undefined;
    let id = 0;
    for (let k = 0; k < idLength; k += 1) id = id * 256 + view.getUint8(at + k);
    const sizeAt = at + idLength;
    const sizeLength = Math.clz32(view.getUint8(sizeAt)) - 23;
    if (sizeLength > 8) return undefined;
    let size = view.getUint8(sizeAt) & (0xff >> sizeLength);
    let isOpen = size === 0xff >> sizeLength;
    for (let k = 1; k < sizeLength; k += 1) {
      const byte = view.getUint8(sizeAt + k);
      isOpen &&= byte === 0xff;
      size = size * 256 + byte;
    }
    const body = sizeAt + sizeLength;
    // A recorder that did not know the length wrote none: what is in it follows one by one.
    if (id === SEGMENT || (id === CLUSTER && isOpen)) {
      at = body;
      continue;
    }
    if (isOpen || body + size > made.length) return undefined;
    if (id === TAGS || id === ATTACHMENTS) {
      // A void of the same length: one byte of id, and the rest of the head as its length.
      const lengthBytes = Math.min(8, body - at - 1);
      const content = body + size - (at + 1 + lengthBytes);
      made[at] = 0xec;
      let rest = content;
      for (let k = lengthBytes - 1; k >= 0; k -= 1) {
        made[at + 1 + k] = rest & 0xff;
        rest = Math.floor(rest / 256);
      }
      made[at + 1] = (made[at + 1] ?? 0) | (0x80 >> (lengthBytes - 1));
      made.fill(0, at + 1 + lengthBytes, body + size);
    }
    at = body + size;
  }
  return made;
}
