// Where the files of reports and of sources lie: beside the journal, in pieces until they are whole, and for a limited time. Their hashes stand in the journal.
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, statSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A file that was announced: what the journal says of it. */
export interface KnownFile {
  readonly id: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly whole: boolean;
  readonly removed: boolean;
}

/** All files together; beyond, a further one is refused: what is there already is evidence. */
const MAX_ALL_BYTES = 20 * 2 ** 30;
export const MEDIA_KEPT_MS: number = 30 * 86_400_000;

/** What became of a piece. `offset`: it does not begin where the last one ended. `hash`: all of it came, and it is something else. */
export type PieceTaken = "more" | "whole" | "offset" | "hash" | "full";

export class MediaStore {
  readonly #folder: string;
  /** Bytes of files that are not whole yet, as far as they were asked for. */
  readonly #have = new Map<string, number>();
  /** One piece of a file after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #allBytes = 0;

  /** `name`: of the folder in the hub's; one for each kind of files. */
  constructor(folder: string, name = "media") {
    this.#folder = join(folder, name);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#folder)) this.#allBytes += statSync(join(this.#folder, name)).size;
  }

  /** Named by a hash: an id is what a device says. */
  #file(id: string): string {
    return join(this.#folder, createHash("sha256").update(id).digest("hex"));
  }

  /** Bytes that are here of a file that is to come. */
  have({ id, bytes, whole, removed }: Readonly<KnownFile>): number {
    if (removed) return 0;
    if (whole) return bytes;
    let have = this.#have.get(id);
    if (have === undefined) {
      have = statSync(`${this.#file(id)}.part`, { throwIfNoEntry: false })?.size ?? 0;
      this.#have.set(id, have);
    }
    return have;
  }

  /** Takes a piece; resolves when it is on disk. */
  take(media: Readonly<KnownFile>, offset: number, piece: Uint8Array): Promise<PieceTaken> {
    const before = this.#turns.get(media.id) ?? Promise.resolve();
    const turn = before.then(() => this.#append(media, offset, piece));
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(media.id) === settled) this.#turns.delete(media.id);
      });
    this.#turns.set(media.id, settled);
    return turn;
  }

  async #append(media: Readonly<KnownFile>, offset: number, piece: Uint8Array): Promise<PieceTaken> {
    const { id, bytes, sha256 } = media;
    const have = this.have(media);
    if (have === bytes && media.whole) return "whole";
    if (offset !== have || have + piece.length > bytes) return "offset";
    if (this.#allBytes + piece.length > MAX_ALL_BYTES) return "full";
    const file = this.#file(id);
    const part = await open(`${file}.part`, have === 0 ? "w" : "r+", 0o600);
    try {
      await part.write(piece, 0, piece.length, offset);
      await part.datasync();
    } finally {
      await part.close();
    }
    this.#have.set(id, have + piece.length);
    this.#allBytes += piece.length;
    if (have + piece.length < bytes) return "more";
    if ((await hashOf(`${file}.part`)) !== sha256) {
      await rm(`${file}.part`, { force: true });
      this.#have.set(id, 0);
      this.#allBytes -= bytes;
      return "hash";
    }
    await rename(`${file}.part`, file);
    this.#have.delete(id);
    return "whole";
  }

  /** The file as it came; undefined: it is gone. */
  async read({ id }: Readonly<KnownFile>): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#file(id));
    } catch {
      return undefined;
    }
  }

  async remove({ id }: Readonly<KnownFile>): Promise<void> {
    const file = this.#file(id);
    for (const name of [file, `${file}.part`]) {
      this.#allBytes -= statSync(name, { throwIfNoEntry: false })?.size ?? 0;
      await rm(name, { force: true });
    }
    this.#have.delete(id);
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
