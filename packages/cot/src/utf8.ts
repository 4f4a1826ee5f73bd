// How do bytes become text and text bytes? By the platform's own coder: every host of these packages has it, it depends on nothing, and it
// checks and decodes a message many times faster than code of ours.

declare class TextDecoder {
  constructor(label: string, options: { readonly fatal: boolean; readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

const document = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
const exact = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Text of a whole document, a byte order mark at its beginning taken off; undefined when the bytes are not UTF-8. */
export function documentText(bytes: Uint8Array): string | undefined {
  try {
    return document.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text of these bytes, every character kept; undefined when they are not UTF-8. */
export function exactText(bytes: Uint8Array): string | undefined {
  try {
    return exact.decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-8 of well-formed text: callers have refused lone surrogates. */
export function utf8Of(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}
