// Who may do what: accounts, sessions, source keys and the one-time link of the first start, in a database of their own that only the hub's user may read.
import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { chmodSync, closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Role } from "@atalaya/protocol";
import { checkPassword, hashPassword } from "./passwords.ts";

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Of a device in the field: whom it speaks for, and which of their devices it is. */
  readonly person?: string;
  readonly device?: string;
}

/** A device of one of ours, as it stands in the list. */
export interface KnownDevice {
  readonly id: string;
  readonly name: string;
  readonly joinedMs: number;
  readonly usedMs: number;
}

/** The account of all devices of a person: what they are told by. */
export function fieldAccountId(person: string): string {
  return `field:${person}`;
}

/** Kept by its hash; the token itself is with the browser alone. */
export interface NewSession {
  readonly token: string;
  readonly account: Account;
}

export const SETUP_LINK_MS: number = 15 * 60_000;
/** A command on the hub's machine uses its token at once. */
export const LOCAL_TOKEN_MS: number = 60_000;
export const SESSION_IDLE_MS: number = 12 * 3_600_000;
export const SESSION_MS: number = 7 * 24 * 3_600_000;
/** Beside the database: a collector reads the key from this file (bearer_token_file). */
export const METRICS_KEY_FILE = "metrics.key";
export const JOIN_CODE_MS: number = 60 * 60_000;
/** A device that was not used for so long has to join again. */
export const DEVICE_IDLE_MS: number = 30 * 24 * 3_600_000;
/** Beyond these the device that was silent longest gives way, of that person and of all. */
const MAX_DEVICES_PER_PERSON = 8;
const MAX_DEVICES = 5000;
const MAX_JOIN_CODES = 2000;
/** Crockford's base 32: what can be read aloud and typed without mistaking one for another. */
const CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MAX_SESSIONS = 1000;
export const MAX_ACCOUNTS = 500;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, role TEXT NOT NULL, password TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, began INTEGER NOT NULL, used INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS setup (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS local_tokens (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS join_codes (hash TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, expires INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS devices (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, person TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, joined INTEGER NOT NULL, used INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS source_keys (source TEXT PRIMARY KEY, hash TEXT NOT NULL, settings TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outlets (id TEXT PRIMARY KEY, kind TEXT NOT NULL, settings TEXT NOT NULL, feed_key TEXT, made INTEGER NOT NULL, by TEXT NOT NULL);
`;

export function hashToken(token: string | Buffer): string {
  return createHash("sha256").update(token).digest("hex");
}

interface AccountRow extends Account {
  readonly password: string;
}

export class Identity {
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  readonly #metricsKeyHash: Buffer;

  constructor(folder: string, now: () => number = Date.now) {
    const file = join(folder, "identity.db");
    closeSync(openSync(file, "a", 0o600));
    this.#db = new DatabaseSync(file);
    this.#db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000;",
    );
    this.#db.exec(SCHEMA);
    // The files beside it take its mode when they are made; those of an earlier run keep theirs.
    for (const part of ["", "-wal", "-shm"]) if (existsSync(file + part)) chmodSync(file + part, 0o600);
    this.#now = now;
    const keyFile = join(folder, METRICS_KEY_FILE);
    if (!existsSync(keyFile)) writeFileSync(keyFile, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
    this.#metricsKeyHash = Buffer.from(hashToken(readFileSync(keyFile, "utf8").trim()), "hex");
  }

  close(): void {
    this.#db.close();
  }

  hasOwner(): boolean {
    return this.#db.prepare("SELECT 1 FROM accounts WHERE role = 'owner'").get() !== undefined;
  }

  /** A token that creates an owner, once, within the next 15 minutes; earlier ones are void. */
  newSetupToken(): string {
    const token = randomBytes(32).toString("base64url");
    this.#db.exec("DELETE FROM setup");
    this.#db.prepare("INSERT INTO setup (hash, expires) VALUES (?, ?)").run(hashToken(token), this.#now() + SETUP_LINK_MS);
    return token;
  }

  /**
   * A token for a command on this machine, good once and for a minute: whoever can write in the hub's folder is the hub's user. The running
   * hub finds it in the same database.
   */
  newLocalToken(): string {
    const token = randomBytes(32).toString("base64url");
    this.#db.prepare("DELETE FROM local_tokens WHERE expires <= ?").run(this.#now());
    this.#db.prepare("INSERT INTO local_tokens (hash, expires) VALUES (?, ?)").run(hashToken(token), this.#now() + LOCAL_TOKEN_MS);
    return token;
  }

  /** Uses the token up; false when there is no such token. */
  useLocalToken(token: string): boolean {
    const hash = hashToken(token);
    // A wrong one costs no write.
    if (this.#db.prepare("SELECT 1 FROM local_tokens WHERE hash = ? AND expires > ?").get(hash, this.#now()) === undefined) return false;
    return this.#db.prepare("DELETE FROM local_tokens WHERE hash = ? RETURNING hash").get(hash) !== undefined;
  }

  /** Uses the token up and creates the owner (or, after a reset, gives the account of that name a new password). */
  async createOwner(token: string, name: string, password: string): Promise<Account | undefined> {
    const hash = hashToken(token);
    // A wrong token costs no hash; the right one is used up only once the account can be made.
    if (this.#db.prepare("SELECT 1 FROM setup WHERE hash = ? AND expires > ?").get(hash, this.#now()) === undefined) return undefined;
    const stored = await hashPassword(password);
    const used = this.#db.prepare("DELETE FROM setup WHERE hash = ? AND expires > ? RETURNING hash").get(hash, this.#now());
    if (used === undefined) return undefined;
    const known = this.#row(name);
    const id = known?.id ?? randomUUID();
    this.#db
      .prepare(
        "INSERT INTO accounts (id, name, role, password) VALUES (?, ?, 'owner', ?) ON CONFLICT (id) DO UPDATE SET role = 'owner', password = excluded.password",
      )
      .run(id, name, stored);
    if (known !== undefined) this.#db.prepare("DELETE FROM sessions WHERE account = ?").run(id);
    return { id, name, role: "owner" };
  }

  async createAccount(name: string, role: Role, password: string): Promise<Account | "name-taken" | "too-many"> {
    if (this.#row(name) !== undefined) return "name-taken";
    if (this.accounts().length >= MAX_ACCOUNTS) return "too-many";
    const stored = await hashPassword(password);
    const id = randomUUID();
    const made = this.#db
      .prepare("INSERT INTO accounts (id, name, role, password) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
      .run(id, name, role, stored);
    return made.changes === 1 ? { id, name, role } : "name-taken";
  }

  accounts(): readonly Account[] {
    return this.#db.prepare("SELECT id, name, role FROM accounts ORDER BY name").all() as unknown as readonly Account[];
  }

  /** False when there is none, or it is the last owner. */
  removeAccount(id: string): Account | undefined {
    const account = this.accounts().find((known) => known.id === id);
    if (account === undefined) return undefined;
    if (account.role === "owner" && this.accounts().filter(({ role }) => role === "owner").length === 1) return undefined;
    this.#db.prepare("DELETE FROM accounts WHERE id = ?").run(id);
    return account;
  }

  #row(name: string): AccountRow | undefined {
    return this.#db.prepare("SELECT id, name, role, password FROM accounts WHERE name = ?").get(name) as AccountRow | undefined;
  }

  async signIn(name: string, password: string): Promise<NewSession | undefined> {
    const row = this.#row(name);
    if (!(await checkPassword(password, row?.password)) || row === undefined) return undefined;
    return this.newSession({ id: row.id, name: row.name, role: row.role });
  }

  newSession(account: Account): NewSession {
    const token = randomBytes(32).toString("base64url");
    const now = this.#now();
    this.#db.prepare("DELETE FROM sessions WHERE used < ? OR began < ?").run(now - SESSION_IDLE_MS, now - SESSION_MS);
    this.#db
      .prepare("DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions ORDER BY used DESC LIMIT -1 OFFSET ?)")
      .run(MAX_SESSIONS - 1);
    this.#db.prepare("INSERT INTO sessions (hash, account, began, used) VALUES (?, ?, ?, ?)").run(hashToken(token), account.id, now, now);
    return { token, account };
  }

  /** The account of a session that has not expired. */
  session(token: string): Account | undefined {
    const now = this.#now();
    const hash = hashToken(token);
    const row = this.#db
      .prepare(
        "SELECT a.id, a.name, a.role, s.used FROM sessions s JOIN accounts a ON a.id = s.account WHERE s.hash = ? AND s.used >= ? AND s.began >= ?",
      )
      .get(hash, now - SESSION_IDLE_MS, now - SESSION_MS) as (Account & { readonly used: number }) | undefined;
    if (row === undefined) return this.#device(hash, now);
    // Written at most once a minute: reading must not cost a commit each time.
    if (now - row.used > 60_000) this.#db.prepare("UPDATE sessions SET used = ? WHERE hash = ?").run(now, hash);
    return { id: row.id, name: row.name, role: row.role };
  }

  /** Whether this is the password of an account. */
  passwordIs(id: string, password: string): Promise<boolean> {
    const row = this.#db.prepare("SELECT password FROM accounts WHERE id = ?").get(id) as { readonly password: string } | undefined;
    return checkPassword(password, row?.password);
  }

  /** A new password for an account; all its sessions end. */
  async changePassword(id: string, password: string): Promise<boolean> {
    const stored = await hashPassword(password);
    const changed = this.#db.prepare("UPDATE accounts SET password = ? WHERE id = ?").run(stored, id);
    this.#db.prepare("DELETE FROM sessions WHERE account = ?").run(id);
    return changed.changes === 1;
  }

  endSession(token: string): void {
    this.#db.prepare("DELETE FROM sessions WHERE hash = ?").run(hashToken(token));
    this.#db.prepare("DELETE FROM devices WHERE hash = ?").run(hashToken(token));
  }

  // Devices in the field

  #device(hash: string, now: number): Account | undefined {
    const row = this.#db
      .prepare("SELECT id, person, owner, used FROM devices WHERE hash = ? AND used >= ?")
      .get(hash, now - DEVICE_IDLE_MS) as
      | { readonly id: string; readonly person: string; readonly owner: string; readonly used: number }
      | undefined;
    if (row === undefined) return undefined;
    if (now - row.used > 60_000) this.#db.prepare("UPDATE devices SET used = ? WHERE hash = ?").run(now, hash);
    return { id: fieldAccountId(row.person), name: row.owner, role: "field", person: row.person, device: row.id };
  }

  /** A code with which one device of a person joins, once, within an hour. `name` is the person's. */
  newJoinCode(person: string, name: string): { readonly code: string; readonly expiresMs: number } {
    const now = this.#now();
    const letters = [...randomBytes(8)].map((byte) => CODE_LETTERS.charAt(byte & 31)).join("");
    const code = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    const expiresMs = now + JOIN_CODE_MS;
    this.#db.prepare("DELETE FROM join_codes WHERE expires <= ?").run(now);
    this.#db
      .prepare("DELETE FROM join_codes WHERE hash IN (SELECT hash FROM join_codes ORDER BY expires DESC LIMIT -1 OFFSET ?)")
      .run(MAX_JOIN_CODES - 1);
    this.#db
      .prepare("INSERT INTO join_codes (hash, person, name, expires) VALUES (?, ?, ?, ?)")
      .run(hashToken(letters), person, name, expiresMs);
    return { code, expiresMs };
  }

  /** Uses a code up; undefined when there is no such code. */
  join(code: string, device: string): NewSession | undefined {
    const now = this.#now();
    const used = this.#db
      .prepare("DELETE FROM join_codes WHERE hash = ? AND expires > ? RETURNING person, name")
      .get(hashToken(code.replaceAll("-", "")), now) as { readonly person: string; readonly name: string } | undefined;
    if (used === undefined) return undefined;
    const token = randomBytes(32).toString("base64url");
    const id = randomUUID();
    this.#db
      .prepare("DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE person = ? ORDER BY used DESC LIMIT -1 OFFSET ?)")
      .run(used.person, MAX_DEVICES_PER_PERSON - 1);
    this.#db.prepare("DELETE FROM devices WHERE id IN (SELECT id FROM devices ORDER BY used DESC LIMIT -1 OFFSET ?)").run(MAX_DEVICES - 1);
    this.#db
      .prepare("INSERT INTO devices (id, hash, person, owner, name, joined, used) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(id, hashToken(token), used.person, used.name, device, now, now);
    return { token, account: { id: fieldAccountId(used.person), name: used.name, role: "field", person: used.person, device: id } };
  }

  devices(person: string): readonly KnownDevice[] {
    return this.#db
      .prepare("SELECT id, name, joined AS joinedMs, used AS usedMs FROM devices WHERE person = ? ORDER BY joined")
      .all(person) as unknown as readonly KnownDevice[];
  }

  /** Revokes a device, or all of a person. */
  removeDevices(person: string, device?: string): boolean {
    const removed =
      device === undefined
        ? this.#db.prepare("DELETE FROM devices WHERE person = ?").run(person)
        : this.#db.prepare("DELETE FROM devices WHERE person = ? AND id = ?").run(person, device);
    if (device === undefined) this.#db.prepare("DELETE FROM join_codes WHERE person = ?").run(person);
    return removed.changes > 0;
  }

  /** A key for a source, shown once; `settings` is what the source needs to open its door again. */
  newSourceKey(source: string, settings: string): string {
    const key = randomBytes(32).toString("base64url");
    this.#db.prepare("INSERT OR REPLACE INTO source_keys (source, hash, settings) VALUES (?, ?, ?)").run(source, hashToken(key), settings);
    return key;
  }
  removeSourceKey(source: string): void {
    this.#db.prepare("DELETE FROM source_keys WHERE source = ?").run(source);
  }
  /** The key with which a collector reads the metrics, made once; only its file holds it. */
  isMetricsKey(key: string): boolean {
    return timingSafeEqual(Buffer.from(hashToken(key), "hex"), this.#metricsKeyHash);
  }
  /** Outlets as they were set up; their settings hold passwords, so they stand here and not in the journal. */
  outlets(): readonly { readonly id: string; readonly kind: string; readonly settings: string }[] {
    return this.#db.prepare("SELECT id, kind, settings FROM outlets ORDER BY id").all() as unknown as readonly {
      id: string;
      kind: string;
      settings: string;
    }[];
  }
  keepOutlet(id: string, kind: string, settings: string, by: string): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO outlets (id, kind, settings, made, by) VALUES (?, ?, ?, ?, ?)")
      .run(id, kind, settings, this.#now(), by);
  }
  removeOutlet(id: string): void {
    this.#db.prepare("DELETE FROM outlets WHERE id = ?").run(id);
  }
  /** A key with which other systems read the feed of an outlet, shown once. */
  newFeedKey(outlet: string): string {
    const key = randomBytes(32).toString("base64url");
    this.#db.prepare("UPDATE outlets SET feed_key = ? WHERE id = ?").run(hashToken(key), outlet);
    return key;
  }
  isFeedKey(key: string): boolean {
    return this.#db.prepare("SELECT 1 FROM outlets WHERE feed_key = ?").get(hashToken(key)) !== undefined;
  }
  sourceOfKey(key: string): string | undefined {
    const row = this.#db.prepare("SELECT source FROM source_keys WHERE hash = ?").get(hashToken(key)) as
      | { readonly source: string }
      | undefined;
    return row?.source;
  }
  sourceKeyHash(source: string): Buffer | undefined {
    const row = this.#db.prepare("SELECT hash FROM source_keys WHERE source = ?").get(source) as { readonly hash: string } | undefined;
    return row === undefined ? undefined : Buffer.from(row.hash, "hex");
  }
  sourceSettings(): readonly { readonly source: string; readonly settings: string }[] {
    return this.#db.prepare("SELECT source, settings FROM source_keys ORDER BY source").all() as unknown as readonly {
      source: string;
      settings: string;
    }[];
  }
}
