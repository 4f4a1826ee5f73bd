// The programs of Debian that the suite needs as browsers and oracles, and how they come onto the machine.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Package and a file or command that shows it is there. */
const needed: readonly (readonly [name: string, proof: string])[] = [
  ["chromium", "chromium"],
  ["tshark", "tshark"],
  ["xz-utils", "xz"],
  ["libxml2-utils", "xmllint"],
  ["protobuf-compiler", "protoc"],
  ["mosquitto", "mosquitto"],
  ["mosquitto-clients", "mosquitto_pub"],
  ["netcat-openbsd", "nc.openbsd"],
  ["curl", "curl"],
  ["openssl", "openssl"],
  ["poppler-utils", "pdfinfo"],
  ["zbar-tools", "zbarimg"],
  ["python3", "python3"],
  ["python3-numpy", "/usr/lib/python3/dist-packages/numpy"],
  ["python3-scipy", "/usr/lib/python3/dist-packages/scipy"],
  ["dump1090-mutability", "dump1090-mutability"],
  ["golang-1.19-go", "/usr/lib/go-1.19/bin/go"],
  ["golang-golang-x-mod-dev", "/usr/share/gocode/src/golang.org/x/mod/sumdb/note"],
];

function present(proof: string): boolean {
  if (proof.startsWith("/")) return existsSync(proof);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return folders.some((folder) => existsSync(join(folder, proof)));
}

/** Installs what is missing as root on Debian; otherwise names it. Returns the packages that are still missing. */
export function provideDebianPackages(): readonly string[] {
  const missing = needed.filter(([, proof]) => !present(proof)).map(([name]) => name);
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return missing;
  process.stderr.write(`Installing Debian packages: ${missing.join(" ")}\n`);
  const run = (...words: readonly string[]): void => {
    spawnSync("apt-get", words, { stdio: ["ignore", 2, 2], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  };
  run("-qq", "update");
  run("-qq", "install", "--yes", "--no-install-recommends", ...missing);
  return needed.filter(([, proof]) => !present(proof)).map(([name]) => name);
}
