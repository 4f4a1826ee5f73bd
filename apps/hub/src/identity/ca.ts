// The hub's own certificate authority: who may connect with a certificate, until when, and who no longer may.
//
// Keys and signatures are made by node:crypto; node-forge only writes the structures (X.509, PKCS #12), which node:crypto cannot. It reads nothing that
// comes from outside.
import { createHash, createPrivateKey, generateKeyPair, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import forge from "node-forge";
import { writePrivateFile } from "../journal/sqlite/platform-crypto.ts";

export const CA_KEY_FILE = "ca-key.pem";
export const CA_FILE = "ca.pem";
const SERVER_KEY_FILE = "tak-server-key.pem";
const SERVER_FILE = "tak-server.pem";

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** Apple's clients refuse server certificates of more than 825 days, and renew is automatic. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
export const CLIENT_DAYS = 365;
export const MAX_CLIENT_DAYS = 1095;
/** Certificates that stand at once. */
const MAX_CERTIFICATES = 2000;
/** The shortest RSA keys that all TAK clients take; elliptic curves are not read by all. */
const CA_BITS = 3072;
const LEAF_BITS = 2048;
const MAX_COMMON_NAME = 64;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS certificates (
    serial TEXT PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL, device TEXT, uid TEXT,
    issued INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER, revoked_by TEXT);
  CREATE TABLE IF NOT EXISTS hub_id (id TEXT NOT NULL);
`;

export interface Certificate {
  /** Lower-case hex. */
  readonly serial: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
  readonly name: string;
  readonly device: string | undefined;
  /** Uid of the device in TAK, where it is known. */
  readonly uid: string | undefined;
  readonly issuedMs: number;
  readonly expiresMs: number;
  readonly revokedMs: number | undefined;
}

export interface NewCertificate {
  readonly name: string;
  readonly device?: string | undefined;
  readonly uid?: string | undefined;
  readonly days?: number | undefined;
}

/** A new certificate with its key, which is kept nowhere else. */
export interface Issued {
  readonly certificate: Certificate;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface ServerCredentials {
  readonly cert: string;
  readonly key: string;
  /** Clients show certificates of this authority. */
  readonly ca: string;
}

interface Authority {
  readonly pem: string;
  readonly key: KeyObject;
  readonly certificate: forge.pki.Certificate;
}

interface LeafRequest {
  readonly commonName: string;
  readonly days: number;
  readonly extensions: readonly object[];
}

const newKeyPair = promisify(generateKeyPair);

/** 16 random bytes, the first bit 0: positive, and no shorter in DER. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

/** UTF-8 as forge has it: one character a byte. */
function binary(text: string): string {
  return forge.util.encodeUtf8(text);
}

function subject(commonName: string): forge.pki.CertificateField[] {
  // forge encodes UTF8String itself.
  const field = (name: string, value: string): forge.pki.CertificateField => ({
    name,
    value,
    valueTagClass: forge.asn1.Type.UTF8 as never,
  });
  return [field("commonName", Array.from(commonName).slice(0, MAX_COMMON_NAME).join("")), field("organizationName", "Atalaya")];
}

const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";

/** Signs with the platform: forge's own arithmetic would hold up the hub for a tenth of a second. */
function signed(certificate: forge.pki.Certificate, key: KeyObject): string {
  // Fields that the types of forge do not have.
  const open = certificate as unknown as { signatureOid: string; siginfo: { algorithmOid: string }; tbsCertificate: forge.asn1.Asn1 };
  open.signatureOid = SHA256_WITH_RSA;
  open.siginfo.algorithmOid = SHA256_WITH_RSA;
  open.tbsCertificate = (forge.pki as unknown as { getTBSCertificate(of: forge.pki.Certificate): forge.asn1.Asn1 }).getTBSCertificate(
    certificate,
  );
  const der = Buffer.from(forge.asn1.toDer(open.tbsCertificate).getBytes(), "binary");
  certificate.signature = sign("sha256", der, key).toString("binary");
  return forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
}

function newCertificate(publicKey: KeyObject, serial: string, fromMs: number, toMs: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: "spki", format: "pem" }).toString());
  certificate.serialNumber = serial;
  certificate.validity.notBefore = new Date(fromMs);
  certificate.validity.notAfter = new Date(toMs);
  return certificate;
}

interface Row {
  readonly serial: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly device: string | null;
  readonly uid: string | null;
  readonly issued: number;
  readonly expires: number;
  readonly revoked: number | null;
}

function certificateOf({ serial, fingerprint, name, device, uid, issued, expires, revoked }: Row): Certificate {
  return {
    serial,
    fingerprint,
    name,
    device: device ?? undefined,
    uid: uid ?? undefined,
    issuedMs: issued,
    expiresMs: expires,
    revokedMs: revoked ?? undefined,
  };
}

export function fingerprintOf(der: Uint8Array): string {
  return createHash("sha256").update(der).digest("hex");
}

export class CertificateAuthority {
  /** Names this hub among others on a network; chosen once. */
  readonly hubId: string;
  readonly #folder: string;
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  #authority: Promise<Authority> | undefined;

  /** `folder` is the one that holds identity.db. */
  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
    this.#db = new DatabaseSync(join(folder, "identity.db"));
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
    this.#db.exec(SCHEMA);
    const known = this.#db.prepare("SELECT id FROM hub_id").get() as { readonly id: string } | undefined;
    this.hubId = known?.id ?? randomBytes(4).toString("hex");
    if (known === undefined) this.#db.prepare("INSERT INTO hub_id (id) VALUES (?)").run(this.hubId);
  }

  close(): void {
    this.#db.close();
  }

  /** The authority, made at the first need: key and certificate, for ten years. */
  #open(): Promise<Authority> {
    this.#authority ??= this.#load().catch((error: unknown) => {
      this.#authority = undefined;
      throw error;
    });
    return this.#authority;
  }

  async #load(): Promise<Authority> {
    const keyFile = join(this.#folder, CA_KEY_FILE);
    const file = join(this.#folder, CA_FILE);
    if (existsSync(keyFile) && existsSync(file)) {
      chmodSync(keyFile, 0o600);
      const pem = readFileSync(file, "utf8");
      return { pem, key: createPrivateKey(readFileSync(keyFile)), certificate: forge.pki.certificateFromPem(pem) };
    }
    const { publicKey, privateKey } = await newKeyPair("rsa", { modulusLength: CA_BITS });
    const nowMs = this.#now();
    const certificate = newCertificate(publicKey, newSerial(), nowMs - DAY_MS, nowMs + CA_DAYS * DAY_MS);
    const name = subject(`Atalaya ${this.hubId}`);
    certificate.setSubject(name);
    certificate.setIssuer(name);
    certificate.setExtensions([
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
      { name: "subjectKeyIdentifier" },
    ]);
    const pem = signed(certificate, privateKey);
    // The key first: a certificate without its key would be taken for a whole authority at the next start, a key alone would not.
    writePrivateFile(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    writePrivateFile(file, pem);
    return { pem, key: privateKey, certificate };
  }

  /** Certificate of the authority, PEM: what clients trust. */
  async certificatePem(): Promise<string> {
    return (await this.#open()).pem;
  }

  async #leaf({ commonName, days, extensions }: LeafRequest): Promise<{ pem: string; keyPem: string; serial: string; expiresMs: number }> {
    const authority = await this.#open();
    const { publicKey, privateKey } = await newKeyPair("rsa", { modulusLength: LEAF_BITS });
    const serial = newSerial();
    const nowMs = this.#now();
    const expiresMs = Math.min(Math.floor((nowMs + days * DAY_MS) / 1000) * 1000, authority.certificate.validity.notAfter.getTime());
    // From yesterday: a phone whose clock is behind takes it all the same.
    const certificate = newCertificate(publicKey, serial, nowMs - DAY_MS, expiresMs);
    certificate.setSubject(subject(commonName));
    certificate.setIssuer(authority.certificate.subject.attributes);
    certificate.setExtensions([
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      ...extensions,
      { name: "subjectKeyIdentifier" },
      { name: "authorityKeyIdentifier", keyIdentifier: authority.certificate.generateSubjectKeyIdentifier().getBytes() },
    ]);
    return {
      pem: signed(certificate, authority.key),
      keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      serial,
      expiresMs,
    };
  }

  /** Certificate and key for the hub under these names; the ones of before while they have the names and some time left. */
  async serverCredentials(names: readonly string[]): Promise<ServerCredentials> {
    const ca = await this.certificatePem();
    const keyFile = join(this.#folder, SERVER_KEY_FILE);
    const file = join(this.#folder, SERVER_FILE);
    if (existsSync(keyFile) && existsSync(file)) {
      const cert = readFileSync(file, "utf8");
      if (this.#serves(cert, ca, names)) return { cert, key: readFileSync(keyFile, "utf8"), ca };
    }
    const altNames = names.map((name) => (isIP(name) === 0 ? { type: 2, value: binary(name) } : { type: 7, ip: name }));
    const { pem, keyPem } = await this.#leaf({
      commonName: names[0] ?? "atalaya",
      days: SERVER_DAYS,
      extensions: [
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames },
      ],
    });
    writePrivateFile(keyFile, keyPem);
    writePrivateFile(file, pem);
    return { cert: pem, key: keyPem, ca };
  }

  #serves(pem: string, ca: string, names: readonly string[]): boolean {
    const certificate = new X509Certificate(pem);
    if (certificate.validToDate.getTime() - this.#now() < RENEW_DAYS * DAY_MS) return false;
    if (!certificate.verify(new X509Certificate(ca).publicKey)) return false;
    return names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined);
  }

  /** A certificate for a person or a device; "too-many" at the limit. */
  async issue({ name, device, uid, days = CLIENT_DAYS }: NewCertificate): Promise<Issued | "too-many"> {
    const nowMs = this.#now();
    this.#db.prepare("DELETE FROM certificates WHERE expires < ?").run(nowMs - RENEW_DAYS * DAY_MS);
    const { n } = this.#db.prepare("SELECT count(*) AS n FROM certificates").get() as { readonly n: number };
    if (n >= MAX_CERTIFICATES) return "too-many";
    const { pem, keyPem, serial, expiresMs } = await this.#leaf({
      commonName: name,
      days: Math.min(days, MAX_CLIENT_DAYS),
      extensions: [{ name: "extKeyUsage", clientAuth: true }],
    });
    const fingerprint = fingerprintOf(new X509Certificate(pem).raw);
    this.#db
      .prepare("INSERT INTO certificates (serial, fingerprint, name, device, uid, issued, expires) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(serial, fingerprint, name, device ?? null, uid ?? null, nowMs, expiresMs);
    const certificate = { serial, fingerprint, name, device, uid, issuedMs: nowMs, expiresMs, revokedMs: undefined };
    return { certificate, certificatePem: pem, keyPem };
  }

  /** All that were issued and have not been over for long, the newest first. */
  certificates(): readonly Certificate[] {
    const rows = this.#db.prepare("SELECT * FROM certificates ORDER BY issued DESC, serial").all() as unknown as readonly Row[];
    return rows.map(certificateOf);
  }

  /** The certificate with this fingerprint, if it counts now: issued here, not revoked, not over. */
  standing(fingerprint: string): Certificate | undefined {
    const row = this.#db
      .prepare("SELECT * FROM certificates WHERE fingerprint = ? AND revoked IS NULL AND expires > ?")
      .get(fingerprint, this.#now()) as Row | undefined;
    return row === undefined ? undefined : certificateOf(row);
  }

  /** Takes a certificate back, for good. Undefined: there is none that stands. */
  revoke(serial: string, by: string): Certificate | undefined {
    const row = this.#db
      .prepare("UPDATE certificates SET revoked = ?, revoked_by = ? WHERE serial = ? AND revoked IS NULL RETURNING *")
      .get(this.#now(), by, serial) as Row | undefined;
    return row === undefined ? undefined : certificateOf(row);
  }

  /** The list of those revoked, signed, PEM (RFC 5280 §5): for other programs that are to trust this authority. Good for a week. */
  async revocationList(): Promise<string> {
    const authority = await this.#open();
    const { asn1 } = forge;
    const { Class, Type } = asn1;
    const sequence = (...parts: readonly forge.asn1.Asn1[]): forge.asn1.Asn1 =>
      asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [...parts]);
    const time = (ms: number): forge.asn1.Asn1 => asn1.create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(new Date(ms)));
    const integer = (hex: string): forge.asn1.Asn1 => asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.util.hexToBytes(hex));
    const algorithm = (): forge.asn1.Asn1 =>
      sequence(
        asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(SHA256_WITH_RSA).getBytes()),
        asn1.create(Class.UNIVERSAL, Type.NULL, false, ""),
      );
    const nowMs = this.#now();
    const revoked = this.certificates().filter(({ revokedMs }) => revokedMs !== undefined);
    const issuer = (
      forge.pki as unknown as { distinguishedNameToAsn1(name: forge.pki.Certificate["subject"]): forge.asn1.Asn1 }
    ).distinguishedNameToAsn1(authority.certificate.subject);
    const list = sequence(
      integer("01"),
      algorithm(),
      issuer,
      time(nowMs),
      time(nowMs + 7 * DAY_MS),
      // An empty list is left out (RFC 5280 §5.1.2.6).
      ...(revoked.length === 0
        ? []
        : [sequence(...revoked.map(({ serial, revokedMs }) => sequence(integer(serial), time(revokedMs ?? nowMs))))]),
    );
    const der = Buffer.from(asn1.toDer(list).getBytes(), "binary");
    const signature = sign("sha256", der, authority.key).toString("binary");
    const bits = asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${signature}`);
    const whole = Buffer.from(asn1.toDer(sequence(list, algorithm(), bits)).getBytes(), "binary").toString("base64");
    return `-----BEGIN X509 CRL-----\n${(whole.match(/.{1,64}/g) ?? []).join("\n")}\n-----END X509 CRL-----\n`;
  }

  /**
   * Key, certificate and authority as PKCS #12: 3DES and SHA-1, since ATAK on Android 12 and older reads nothing newer. The password travels beside
   * it anyway; what protects the file is the way it is handed over.
   */
  async personalStore({ certificatePem, keyPem }: Pick<Issued, "certificatePem" | "keyPem">, password: string): Promise<Buffer> {
    const key = createPrivateKey(keyPem).export({ type: "pkcs1", format: "pem" }).toString();
    return pkcs12(forge.pki.privateKeyFromPem(key), [certificatePem, await this.certificatePem()], password);
  }

  /** The authority's certificate alone as PKCS #12: what a client trusts. */
  async trustStore(password: string): Promise<Buffer> {
    return pkcs12(null, [await this.certificatePem()], password);
  }
}

function pkcs12(key: forge.pki.rsa.PrivateKey | null, certificates: readonly string[], password: string): Buffer {
  const chain = certificates.map((pem) => forge.pki.certificateFromPem(pem));
  const store = forge.pkcs12.toPkcs12Asn1(key, chain, password, { algorithm: "3des", friendlyName: "atalaya" });
  return Buffer.from(forge.asn1.toDer(store).getBytes(), "binary");
}
