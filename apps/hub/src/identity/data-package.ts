// Data packages, with which a TAK client learns of a server in one step: ours for ATAK and iTAK, and what is in those of others.
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { openKeyStore } from "./key-store.ts";
import { readZip, writeZip, type ZipEntry } from "./zip.ts";

export type PackageKind = "atak" | "itak";

export interface PackageParts {
  readonly kind: PackageKind;
  /** How the server is called in the client's list. */
  readonly title: string;
  readonly host: string;
  readonly port: number;
  readonly personalStore: Uint8Array;
  readonly trustStore: Uint8Array;
  readonly password: string;
}

const PERSONAL = "atalaya-client.p12";
const TRUST = "atalaya-ca.p12";
const PREFERENCES = "atalaya.pref";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function entry(key: string, type: "String" | "Boolean" | "Integer", value: string): string {
  return `<entry key="${key}" class="class java.lang.${type}">${escaped(value)}</entry>`;
}

/** Brackets around an IPv6 address would be taken for part of the name; the client splits at the last two colons. */
function connectString({ host, port }: PackageParts): string {
  return `${host}:${port}:ssl`;
}

function preferences(parts: PackageParts): string {
  const { title, password } = parts;
  // Where ATAK puts certificates of a package, whatever folder of the package they came in; a wrong path is the usual reason why a package fails.
  const place = (file: string): string => (parts.kind === "atak" ? `cert/${file}` : file);
  const stream = [
    entry("count", "Integer", "1"),
    entry("description0", "String", title),
    entry("enabled0", "Boolean", "true"),
    entry("connectString0", "String", connectString(parts)),
    entry("caLocation0", "String", place(TRUST)),
    entry("caPassword0", "String", password),
    entry("clientPassword0", "String", password),
    entry("certificateLocation0", "String", place(PERSONAL)),
  ];
  const app = [
    entry("displayServerConnectionWidget", "Boolean", "true"),
    entry("caLocation", "String", place(TRUST)),
    entry("caPassword", "String", password),
    entry("clientPassword", "String", password),
    entry("certificateLocation", "String", place(PERSONAL)),
  ];
  return (
    `${DECLARATION}<preferences><preference version="1" name="cot_streams">${stream.join("")}</preference>` +
    `<preference version="1" name="com.atakmap.app_preferences">${app.join("")}</preference></preferences>`
  );
}

function manifest(title: string, files: readonly string[]): string {
  const contents = files.map((file) => `<Content ignore="false" zipEntry="${escaped(file)}"/>`).join("");
  return (
    `${DECLARATION}<MissionPackageManifest version="2"><Configuration><Parameter name="uid" value="${randomUUID()}"/>` +
    `<Parameter name="name" value="${escaped(title)}"/><Parameter name="onReceiveDelete" value="true"/></Configuration>` +
    `<Contents>${contents}</Contents></MissionPackageManifest>`
  );
}

/** The archive: folders and a manifest for ATAK, all in its root for iTAK. */
export function dataPackage(parts: PackageParts): Buffer {
  const folder = parts.kind === "atak" ? "certs/" : "";
  const files: ZipEntry[] = [
    { name: `${folder}${PREFERENCES}`, content: Buffer.from(preferences(parts)) },
    { name: `${folder}${PERSONAL}`, content: parts.personalStore },
    { name: `${folder}${TRUST}`, content: parts.trustStore },
  ];
  const listed = manifest(
    parts.title,
    files.map(({ name }) => name),
  );
  const where = parts.kind === "atak" ? "MANIFEST/manifest.xml" : "manifest.xml";
  return writeZip([{ name: where, content: Buffer.from(listed) }, ...files]);
}

/** What a package says of a server. */
export interface ServerAccess {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: readonly string[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function entriesOf(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const [, key = "", value = ""] of text.matchAll(/<entry\s[^>]*?key="([^"]{1,100})"[^>]*>([^<]{0,1000})<\/entry>/g))
    entries.set(key, value.replace(/&(amp|lt|gt|quot|apos);/g, (_whole, name: string) => ENTITIES[name] ?? "").trim());
  return entries;
}

/** The first server that a package names, or why there is none to be had of it: a code. */
export function readDataPackage(archive: Uint8Array): ServerAccess | { readonly refused: "no-package" | "no-server" | "no-certificate" } {
  const files = readZip(archive);
  if (files === undefined) return { refused: "no-package" };
  const preference = files.find(({ name }) => name.endsWith(".pref"));
  const said = entriesOf(preference === undefined ? "" : Buffer.from(preference.content).toString("utf8"));
  const [, host, port, protocol] = /^(.+):(\d{1,5}):(ssl|tcp)$/.exec(said.get("connectString0") ?? "") ?? [];
  if (host === undefined || Number(port) > 65_535) return { refused: "no-server" };
  const secure = protocol === "ssl";
  // The path is that on the client's device: the name counts.
  const store = (place: string | undefined, password: string | undefined): ReturnType<typeof openKeyStore> => {
    const file = place === undefined ? undefined : files.find(({ name }) => basename(name) === basename(place));
    return file === undefined ? undefined : openKeyStore(file.content, password ?? "");
  };
  const own = store(
    said.get("certificateLocation0") ?? said.get("certificateLocation"),
    said.get("clientPassword0") ?? said.get("clientPassword"),
  );
  const trust = store(said.get("caLocation0") ?? said.get("caLocation"), said.get("caPassword0") ?? said.get("caPassword"));
  if (secure && (own?.key === undefined || trust === undefined)) return { refused: "no-certificate" };
  return { host, port: Number(port), secure, cert: own?.cert, key: own?.key, ca: trust?.certificates ?? [] };
}
