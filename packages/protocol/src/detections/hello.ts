// The first line of a TCP connection: which source speaks, and its key.

export interface Hello {
  readonly source: string;
  readonly key: string;
}

/** Undefined: it is no such line. Other keys are passed over. */
export function decodeHello(text: string): Hello | undefined {
  if (text.length > 4096) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { type, source, key } = value as Readonly<Record<string, unknown>>;
  if (type !== "hello" || typeof source !== "string" || typeof key !== "string" || source.length > 100 || key.length > 200)
    return undefined;
  return { source, key };
}
