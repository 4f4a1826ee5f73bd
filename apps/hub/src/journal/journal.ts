// What the journal is to the rest of the hub: the port that the SQLite adapter fills, and a PostgreSQL adapter can.
//
// Order of life of one entry: `append` numbers it and queues it in memory (never waits); a group commit writes it, its leaf of the Merkle tree and the
// signed tree head in one transaction; from then on it is durable, can be read and is handed to subscribers.

/**
 * How long the content of an entry is kept. `record` (what people decided, set-up, purges) is kept for good; of the others the content can be
 * purged, while the entry's line and its leaf in the tree stay. `passing` is what came along and is none of our business (things on the ground that
 * are not ours): it is gone within the hour. `kit` is what a person carried: it is gone a day after the shift. The place in this list is the number that the journal holds: new classes go to the end.
 */
export const RETENTION_CLASSES = ["record", "frame", "operator-position", "own-position", "passing", "report", "kit"] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];
export type PurgeableClass = Exclude<RetentionClass, "record">;

export interface Draft {
  /** The hub's receive time on the sector's clock, integer Unix microseconds; never before the previous entry's (that would be a bug, and throws). */
  readonly timeUs: number;
  /** At most 64 bytes of UTF-8. */
  readonly kind: string;
  /** Id of the source; "" if none. At most 256 bytes of UTF-8. */
  readonly source: string;
  readonly retention: RetentionClass;
  /** Copied by `append`. At most MAX_CONTENT_BYTES, together with `sealed`. */
  readonly payload: Uint8Array;
  /** The part of a frame that is purged apart (broadcast operator position); always of class operator-position. */
  readonly sealed?: Uint8Array | undefined;
}

export interface Entry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly timeUs: number;
  readonly kind: string;
  readonly source: string;
  readonly retention: RetentionClass;
  /** Undefined: purged. */
  readonly payload: Uint8Array | undefined;
  /** Absent: the entry never had one. */
  readonly sealed?: Uint8Array | "purged";
}

export const MAX_CONTENT_BYTES: number = 1024 * 1024;

/**
 * Why the journal did not take a draft. `queue-full`: the disk is behind or full and the bounded queue is used up; nothing was taken, the source
 * has to slow down (`ready`) or count the frame as lost. `journal-full`, `journal-failed`: a human submission (class `record`) while the disk is
 * full or broken; frames still go to the queue as long as it has room. `too-large`: beyond the limits of `Draft`.
 */
export type JournalRefusalCode = "queue-full" | "journal-full" | "journal-failed" | "journal-closed" | "too-large";
export interface JournalRefusal {
  readonly code: JournalRefusalCode;
  /** For the person or the log: what happened and what to do. */
  readonly detail: string;
}

/** What `durable` and the other promises of the journal reject with. */
export class JournalError extends Error {
  readonly code: JournalRefusalCode | "damaged" | "newer-schema" | "locked" | "not-a-journal";
  constructor(code: JournalError["code"], detail: string) {
    super(detail);
    this.name = "JournalError";
    this.code = code;
  }
}

export interface JournalState {
  /** full: no room on the disk, retried until there is; failed: the disk or the file is broken, see `detail`. */
  readonly status: "ok" | "full" | "failed" | "closed";
  readonly detail: string;
  /** Entries and bytes waiting for their commit, and their limits. */
  readonly queuedEntries: number;
  readonly queuedBytes: number;
  readonly maxQueuedEntries: number;
  readonly maxQueuedBytes: number;
  /** Last seq given out, last seq on disk. */
  readonly appended: number;
  readonly durable: number;
  /** Drafts refused since the start, by code. */
  readonly refused: Readonly<Record<JournalRefusalCode, number>>;
}

/** The durable end of the journal: size and root of the tree, and both signed (C2SP tlog-checkpoint). */
export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
  /** "" while the journal is empty. */
  readonly checkpoint: string;
}

export interface PurgeRequest {
  readonly retention: PurgeableClass;
  /** Content of entries whose time is before this is removed. */
  readonly beforeUs: number;
  /** Who or what asked: "retention", or an account. */
  readonly by: string;
  /** The sector's time, asked at the moment when the purge's entry is appended. */
  readonly nowUs: () => number;
  /** Called with the purge's entry at the moment when it is appended, so that the picture applies it in its place. */
  readonly appended?: (entry: Entry) => void;
}

/** Also the JSON payload of the entry of kind "purge". */
export interface PurgeRecord {
  readonly retention: PurgeableClass;
  readonly beforeUs: number;
  readonly by: string;
  /** Payloads and sealed parts removed, and the entries between which they lie. */
  readonly payloads: number;
  readonly sealed: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** The picture as it stood after an entry, as bytes that only the picture reads. */
export interface Snapshot {
  readonly seq: number;
  /** Version of the picture's encoding and anything else that must match to read `state`. */
  readonly format: string;
  readonly state: Uint8Array;
  /** Hash of the state by the picture's own measure; replay must give the same. */
  readonly stateHash: string;
  /** Classes whose content has flowed into the state: purging one of them drops the snapshot. */
  readonly dependsOn: readonly PurgeableClass[];
}

export interface BackupReport {
  readonly file: string;
  readonly entries: number;
  readonly root: Uint8Array;
}

export interface Journal {
  /** The entry's seq, or why it was not taken. Never waits. */
  append(draft: Draft): number | JournalRefusal;
  /** Resolves when the entry is on disk; rejects with JournalError when the disk is full or broken (it stays queued and may become durable later). */
  durable(seq: number): Promise<void>;
  /** Resolves when the queue has room again after `queue-full` (at half of its limit, so that sources do not flutter). */
  ready(): Promise<void>;
  state(): JournalState;
  head(): Head;
  /** Durable entries from `from` on, at most `limit`. Throws JournalError `damaged` at content that is not what its entry committed to. */
  read(from: number, limit: number): Iterable<Entry>;
  /** The same of class `record` alone: what people decided and how things were set up, without the frames between. */
  records(from: number, limit: number): Iterable<Entry>;
  /**
   * Hands over each durable entry from `from` on, once, in order; returns the end of the subscription. At damaged content it ends by itself, and says so
   * through `failed`.
   */
  subscribe(from: number, listener: (entries: readonly Entry[]) => void, failed?: (error: JournalError) => void): () => void;
  /** Offline-verifiable proof (C2SP tlog-proof) that an entry is in the tree of the present head; undefined if it is not durable. */
  proof(seq: number): string | undefined;
  /** RFC 6962 consistency proof from an earlier size to the present head. */
  consistency(size: number): readonly Uint8Array[] | undefined;
  /**
   * Removes content of a class; resolves when it is gone from the files, snapshots included. Undefined: there was nothing to remove, and nothing
   * was written. A large purge is several transactions and several entries; the record that comes back covers them all.
   */
  purge(request: PurgeRequest): Promise<PurgeRecord | undefined>;
  /** Keeps the newest two. A snapshot that a purge has meanwhile made forbidden is dropped instead. */
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  /** The newest snapshot of this format. */
  loadSnapshot(format: string): Snapshot | undefined;
  /** Copies the running journal to a file and verifies the copy. */
  backup(toFile: string): Promise<BackupReport>;
  /** Writes what is queued (if the disk takes it) and closes. */
  close(): Promise<void>;
}
