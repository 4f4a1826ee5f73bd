// What we write is read by an independent implementation: Go's sumdb/note and sumdb/tlog.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { base64, ed25519Signer, formatVerifierKey, leafHash, Prover, type Signer, signCheckpoint, Tree } from "@atalaya/ledger";

const GO = "/usr/lib/go-1.19/bin/go";
const GO_PATH = "/usr/share/gocode";

function signer(name: string, seed: number): Signer {
  const made = ed25519Signer(name, new Uint8Array(32).fill(seed));
  assert.ok(made.ok);
  return made.value;
}

test("Go's note and tlog packages accept our checkpoints and proofs, and refuse them when one digit is changed", () => {
  assert.ok(
    existsSync(GO) && existsSync(join(GO_PATH, "src/golang.org/x/mod/sumdb/note")),
    "the oracle needs the Debian packages golang-1.19-go and golang-golang-x-mod-dev",
  );
  const folder = mkdtempSync(join(tmpdir(), "ledger-oracle-"));
  try {
    const program = join(folder, "oracle");
    execFileSync(GO, ["build", "-o", program, fileURLToPath(new URL("./oracle/main.go", import.meta.url))], {
      env: { ...process.env, GO111MODULE: "off", GOPATH: GO_PATH, GOCACHE: join(folder, "cache"), GOFLAGS: "" },
    });
    const tiles = new Map<string, Uint8Array>();
    const tree = new Tree(({ level, index, hashes }) => tiles.set(`${level}/${index}`, hashes));
    const roots: Uint8Array[] = [tree.root()];
    const leaves = Array.from({ length: 1003 }, (_, k) => leafHash(Buffer.from(`entry ${k}`)));
    for (const leaf of leaves) {
      tree.append(leaf);
      roots.push(tree.root());
    }
    const prover = new Prover((level, index) => tiles.get(`${level}/${index}`) ?? tree.partialTile(level, index));
    const [log, witness, stranger] = [signer("atalaya/el-paso", 1), signer("partner.example/juarez", 2), signer("stranger", 3)];
    const signed = signCheckpoint({ origin: "atalaya/el-paso", size: 1003, root: tree.root(), extensions: [] }, [log, witness, stranger]);
    assert.ok(signed.ok);
    const inclusion = (index: number, size: number): object => ({
      size,
      index,
      root: base64(roots[size]!),
      leaf: base64(leaves[index]!),
      path: prover.inclusion(index, size).map(base64),
    });
    const consistency = (oldSize: number, size: number): object => ({
      oldSize,
      size,
      oldRoot: base64(roots[oldSize]!),
      root: base64(roots[size]!),
      path: prover.consistency(oldSize, size).map(base64),
    });
    const sizes = [1, 2, 3, 7, 255, 256, 257, 511, 513, 1000, 1003];
    const inclusions = sizes.flatMap((size) => [0, Math.floor(size / 2), size - 1].map((index) => inclusion(index, size)));
    const consistencies = sizes.flatMap((size) => sizes.filter((old) => old <= size).map((old) => consistency(old, size)));
    const answer = (question: object): string[] =>
      execFileSync(program, { input: JSON.stringify(question) })
        .toString()
        .trim()
        .split("\n");
    const keys = [log, witness].map(({ key }) => formatVerifierKey(key));
    const [note, ...checks] = answer({ keys, notes: [signed.value], inclusions, consistencies });
    assert.equal(note, `ok 2 1 1003 ${base64(tree.root())}`);
    assert.equal(checks.length, inclusions.length + consistencies.length);
    assert.deepEqual(new Set(checks), new Set(["ok"]));
    const changed = answer({
      keys,
      notes: [signed.value.replace("\n1003\n", "\n1004\n")],
      inclusions: [{ ...inclusion(500, 1003), index: 501 }],
      consistencies: [{ ...consistency(500, 1003), oldSize: 501 }],
    });
    assert.equal(changed.length, 3);
    for (const line of changed) assert.match(line, /^error/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
