// The hub's maps on this phone: fetched whole while there is a link, read by pieces without one.
import { paths } from "@atalaya/protocol";
import type { RangeResponse, Source } from "pmtiles";

const CACHE = "atalaya-map";
/** A sector's own map may be larger than a phone should fetch by itself. */
const ASK_LIMIT_MS = 5000;
const MOST_BYTES = 200 * 1024 * 1024;

/** Fetches what is new of the maps that the hub offers. What cannot be fetched now is fetched another time. */
export async function fetchMaps(): Promise<void> {
  if (typeof caches === "undefined") return;
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData === true) return;
  const cache = await caches.open(CACHE);
  for (const path of [paths.basemap, paths.userBasemap]) {
    const kept = await cache.match(path);
    const there = await fetch(path, { method: "HEAD", signal: AbortSignal.timeout(ASK_LIMIT_MS) }).catch(() => undefined);
    if (there?.ok !== true || Number(there.headers.get("content-length") ?? MOST_BYTES) >= MOST_BYTES) continue;
    if (kept !== undefined && kept.headers.get("etag") === there.headers.get("etag")) continue;
    const whole = await fetch(path).catch(() => undefined);
    if (whole?.status === 200) await cache.put(path, whole).catch(() => undefined);
  }
}

/** A map in the phone's cache as a source of byte ranges. */
class KeptSource implements Source {
  readonly #path: string;
  readonly #file: Blob;
  constructor(path: string, file: Blob) {
    this.#path = path;
    this.#file = file;
  }
  getKey(): string {
    return this.#path;
  }
  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    return { data: await this.#file.slice(offset, offset + length).arrayBuffer() };
  }
}

/** undefined: it is not on this phone. */
export async function keptMap(path: string): Promise<Source | undefined> {
  if (typeof caches === "undefined") return undefined;
  const kept = await (await caches.open(CACHE)).match(path);
  return kept === undefined ? undefined : new KeptSource(path, await kept.blob());
}
