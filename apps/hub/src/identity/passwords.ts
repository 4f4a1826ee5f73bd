// Password hashes: Argon2id (RFC 9106) with the parameters of OWASP's first recommendation, and the number at work at once bounded.
import { type BinaryLike, argon2, randomBytes, timingSafeEqual } from "node:crypto";

const MEMORY_KIB = 19_456;
const PASSES = 2;
const PARALLELISM = 1;
const TAG_BYTES = 32;
/** Each hash takes 19 MiB: more at once would let strangers fill the memory. */
const MAX_AT_ONCE = 4;
const MAX_WAITING = 64;

/** More passwords are being tried at once than the machine can weigh. */
export class TooManyAtOnce extends Error {
  override readonly name = "TooManyAtOnce";
}

let running = 0;
const waiting: (() => void)[] = [];

async function slot<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new TooManyAtOnce("Too many people sign in at once: try again in a moment.");
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function derive(password: BinaryLike, nonce: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parameters = { message: password, nonce, parallelism: PARALLELISM, tagLength: TAG_BYTES, memory: MEMORY_KIB, passes: PASSES };
    argon2("argon2id", parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
}

/** `argon2id$memory$passes$parallelism$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await slot(() => derive(password, salt));
  return ["argon2id", MEMORY_KIB, PASSES, PARALLELISM, salt.toString("base64"), tag.toString("base64")].join("$");
}

/** A hash of no password, so that an unknown name takes as long as a known one. */
const nobody: Promise<string> = hashPassword(randomBytes(16).toString("hex"));

/** True when the password is the one that was hashed; `undefined` stands for an account that does not exist. */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, , , , salt = "", tag = ""] = (stored ?? (await nobody)).split("$");
  const expected = Buffer.from(tag, "base64");
  const given = await slot(() => derive(password, Buffer.from(salt, "base64")));
  return expected.length === given.length && timingSafeEqual(expected, given) && stored !== undefined;
}
