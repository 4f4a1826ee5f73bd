import assert from "node:assert/strict";
import test from "node:test";
import {
  base64,
  cosignNote,
  ed25519Signer,
  formatProof,
  formatVerifierKey,
  fromBase64,
  leafHash,
  openCheckpoint,
  openNote,
  openProof,
  parseCheckpoint,
  parseCheckpointText,
  parseNote,
  parseProof,
  parseVerifierKey,
  Prover,
  type Result,
  type Signer,
  signCheckpoint,
  signNote,
  Tree,
} from "@atalaya/ledger";
import fc from "fast-check";

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? "" : `${result.refused.code}: ${result.refused.detail}`);
  return result.value;
}
function code(result: Result<unknown>): string {
  return result.ok ? "accepted" : result.refused.code;
}
function signer(name: string, seed: number): Signer {
  return value(ed25519Signer(name, new Uint8Array(32).fill(seed)));
}

const log = signer("atalaya/el-paso", 1);
const witness = signer("partner.example/juarez", 2);
const stranger = signer("stranger", 3);

// The example of the C2SP signed-note document.
const EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

test("the example of the signed-note document opens with its key", () => {
  const key = value(parseVerifierKey(EXAMPLE_KEY));
  assert.equal(formatVerifierKey(key), EXAMPLE_KEY);
  assert.equal(value(openNote(EXAMPLE, [key])).text, "This is an example message.\n");
  assert.equal(code(openNote(EXAMPLE.replace("example message", "example massage"), [key])), "invalid-signature");
});

test("Base 64 has one spelling for each value", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
      assert.deepEqual(fromBase64(base64(bytes)), bytes);
    }),
  );
  for (const text of ["A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA=A", "AA==AAAA", "AA-_", "AA A", "AAAA\n"])
    assert.equal(fromBase64(text), undefined, text);
});

test("malformed verifier keys are refused by name", () => {
  const good = formatVerifierKey(log.key);
  assert.equal(code(parseVerifierKey(good)), "accepted");
  const cases: readonly (readonly [string, string])[] = [
    ["", "bad-key"],
    ["atalaya+1234", "bad-key"],
    [good.replace(/\+[0-9a-f]{8}\+/, "+0000000+"), "bad-key-id"],
    [good.replace(/\+[0-9a-f]{8}\+/, "+00000000+"), "bad-key-id"],
    [good.replace(/=?$/, "!"), "bad-base64"],
    [`x+00000000+${base64(Uint8Array.of(4, ...log.key.publicKey))}`, "unknown-algorithm"],
    [`x+00000000+${base64(Uint8Array.of(1, 2, 3))}`, "bad-key"],
    [good.replace("el-paso", "el paso"), "bad-name"],
    [good.replace("atalaya/el-paso", ""), "bad-name"],
  ];
  for (const [text, expected] of cases) assert.equal(code(parseVerifierKey(text)), expected, text);
});

test("malformed notes are refused by name", () => {
  const note = value(signNote("text\n", [log]));
  const signature = note.split("\n").at(-2)!;
  const cases: readonly (readonly [string, string])[] = [
    ["", "no-blank-line"],
    ["text\n", "no-blank-line"],
    ["text\n\n", "no-signature"],
    [note.slice(0, -1), "no-final-newline"],
    [note.replace("text", "te\txt"), "control-character"],
    [note.replace("text", "te\rxt"), "control-character"],
    [note.replace("text", "te\u0000xt"), "control-character"],
    [note.replace("text", "te\ud800xt"), "not-utf8"],
    [note.replace("— ", "- "), "bad-signature-line"],
    [note.replace("— ", "—  "), "bad-signature-line"],
    [`text\n\n${signature} more\n`, "bad-signature-line"],
    [note.replace("atalaya/el-paso", "atalaya+x"), "bad-name"],
    [note.replace("atalaya/el-paso", "atalaya\u2003x"), "bad-signature-line"],
    [note.replace(/.\n$/, "!\n"), "bad-base64"],
    ["text\n\n— name AAAAAA==\n", "short-signature"],
    [`text\n\n${`${signature}\n`.repeat(101)}`, "too-many-signatures"],
    [`${"x".repeat(1_000_001)}\n\n${signature}\n`, "too-long"],
  ];
  for (const [text, expected] of cases) assert.equal(code(parseNote(text)), expected, JSON.stringify(text.slice(0, 60)));
});

test("texts that no note can carry are not signed", () => {
  assert.equal(code(signNote("no newline", [log])), "no-final-newline");
  assert.equal(code(signNote("a\tb\n", [log])), "control-character");
  assert.equal(code(signNote("\udc00\n", [log])), "not-utf8");
  assert.equal(code(signNote("text\n", [])), "no-signature");
});

test("a text with empty lines keeps them: the last empty line is the border", () => {
  const note = value(signNote("one\n\ntwo\n\n", [log]));
  assert.equal(value(openNote(note, [log.key])).text, "one\n\ntwo\n\n");
});

test("a note opens by a known signature, leaves strangers aside, and falls with one bad signature of a known key", () => {
  const note = value(signNote("text\n", [stranger, log, witness]));
  const opened = value(openNote(note, [log.key, witness.key]));
  assert.deepEqual(
    opened.verifiedBy.map(({ name }) => name),
    ["atalaya/el-paso", "partner.example/juarez"],
  );
  assert.deepEqual(
    opened.unknown.map(({ name }) => name),
    ["stranger"],
  );
  assert.equal(code(openNote(note, [])), "unverified");
  const forged = value(signNote("other\n", [witness]))
    .split("\n")
    .at(-2)!;
  const mixed = `${value(signNote("text\n", [log]))}${forged}\n`;
  assert.equal(code(openNote(mixed, [log.key, witness.key])), "invalid-signature");
  assert.equal(code(openNote(mixed, [log.key])), "accepted");
  assert.equal(code(openNote(note, [log.key, { ...log.key, publicKey: witness.key.publicKey }])), "ambiguous-key");
});

test("a witness adds its signature and replaces only its own", () => {
  const once = value(cosignNote(value(signNote("text\n", [log])), witness));
  const twice = value(cosignNote(once, witness));
  assert.equal(twice, once);
  assert.equal(value(openNote(twice, [log.key, witness.key])).verifiedBy.length, 2);
});

const root = leafHash(Uint8Array.of(1));
const checkpoint = { origin: "atalaya/el-paso", size: 1, root, extensions: [] };

test("a checkpoint opens for its own log only, with the log's own signature and enough witnesses", () => {
  const note = value(signCheckpoint(checkpoint, [log, witness]));
  const trust = { origin: "atalaya/el-paso", logKeys: [log.key], witnesses: [witness.key] };
  assert.equal(value(openCheckpoint(note, { ...trust, minWitnesses: 1 })).size, 1);
  assert.deepEqual(value(parseCheckpoint(note)), checkpoint);
  assert.equal(code(openCheckpoint(note, { ...trust, origin: "other" })), "other-origin");
  assert.equal(code(openCheckpoint(note, { ...trust, minWitnesses: 2 })), "too-few-witnesses");
  const onlyWitness = value(signCheckpoint(checkpoint, [witness]));
  assert.equal(code(openCheckpoint(onlyWitness, trust)), "not-signed-by-log");
  // A log that is also named as its own witness does not count as one.
  assert.equal(code(openCheckpoint(note, { ...trust, witnesses: [log.key], minWitnesses: 1 })), "too-few-witnesses");
});

test("malformed checkpoints are refused by name", () => {
  const hash = base64(root);
  const cases: readonly (readonly [string, string])[] = [
    [`log\n1\n${hash}`, "no-final-newline"],
    [`\n1\n${hash}\n`, "bad-origin"],
    [`log\n01\n${hash}\n`, "bad-size"],
    [`log\n-1\n${hash}\n`, "bad-size"],
    [`log\n1.0\n${hash}\n`, "bad-size"],
    [`log\n1e3\n${hash}\n`, "bad-size"],
    ["log\n", "bad-size"],
    [`log\n9007199254740992\n${hash}\n`, "size-too-large"],
    [`log\n99999999999999999999999\n${hash}\n`, "size-too-large"],
    ["log\n1\n", "bad-root"],
    ["log\n1\nAAAA\n", "bad-root"],
    [`log\n1\n${hash}\n\n`, "bad-extension"],
    [`log\n1\n${hash}\nfine\n`, "accepted"],
    [`log\n0\n${hash}\n`, "accepted"],
  ];
  for (const [text, expected] of cases) assert.equal(code(parseCheckpointText(text)), expected, JSON.stringify(text));
});

test("a proof carries its leaf to the signed root, and nothing else to it", () => {
  const tree = new Tree();
  const leaves = Array.from({ length: 300 }, (_, k) => leafHash(Buffer.from(`entry ${k}`)));
  const tiles = new Map<string, Uint8Array>();
  const growing = tree.clone(({ level, index, hashes }) => tiles.set(`${level}/${index}`, hashes));
  for (const leaf of leaves) growing.append(leaf);
  const prover = new Prover((level, index) => tiles.get(`${level}/${index}`) ?? growing.partialTile(level, index));
  const signed = value(signCheckpoint({ origin: "atalaya/el-paso", size: 300, root: growing.root(), extensions: [] }, [log]));
  const trust = { origin: "atalaya/el-paso", logKeys: [log.key] };
  const proof = formatProof({ index: 270, path: prover.inclusion(270, 300), checkpoint: signed, extra: Uint8Array.of(1, 2) });
  assert.deepEqual(value(parseProof(proof)).extra, Uint8Array.of(1, 2));
  assert.equal(value(openProof(proof, leaves[270]!, trust)).index, 270);
  assert.equal(code(openProof(proof, leaves[271]!, trust)), "root-differs");
  assert.equal(code(openProof(proof.replace("index 270", "index 271"), leaves[270]!, trust)), "root-differs");
  assert.equal(code(openProof(proof.replace("\n300\n", "\n299\n"), leaves[270]!, trust)), "invalid-signature");
  const cases: readonly (readonly [string, string])[] = [
    ["", "no-blank-line"],
    [proof.replace("@v1", "@v2"), "bad-header"],
    [proof.replace("extra AQI=", "extra A"), "bad-extra"],
    [proof.replace("index 270", "index 0270"), "bad-index"],
    [proof.replace("index 270", "index 9007199254740992"), "bad-index"],
    [proof.replace("index 270\n", "index 270\nAAAA\n"), "bad-hash"],
    [proof.replace("index 270\n", `index 270\n${`${base64(root)}\n`.repeat(60)}`), "proof-too-long"],
  ];
  for (const [text, expected] of cases) assert.equal(code(parseProof(text)), expected, expected);
});

test("random text never makes a parser throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      for (const parse of [parseNote, parseCheckpoint, parseCheckpointText, parseProof, (t: string) => parseVerifierKey(t)])
        for (const variant of [text, `${text}\n\n— x ${text}\n`, `c2sp.org/tlog-proof@v1\nindex 1\n${text}\n\n`]) parse(variant);
    }),
  );
});
