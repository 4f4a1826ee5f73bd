// verify, backup and restore as a user runs them: what they print, and their exit codes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { openSqliteJournal } from "@atalaya/hub/journal";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

function atalaya(...words: readonly string[]): {
  readonly code: number | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly said: string;
} {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-C", "source", "--disable-warning=ExperimentalWarning", MAIN, ...words],
    { encoding: "utf8" },
  );
  const lines = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code: status, lines, said: stderr };
}

test("a running hub is backed up, the backup verified, restored, and verified again", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "commands-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [data, file, other] = [join(folder, "data"), join(folder, "copy"), join(folder, "other")];
  const journal = await openSqliteJournal(data, "El Paso");
  for (let k = 1; k <= 300; k += 1)
    journal.append({ timeUs: k, kind: "frame", source: "s", retention: "frame", payload: Buffer.from("some content") });
  await journal.durable(300);
  const root = Buffer.from(journal.head().root).toString("hex");
  const backup = atalaya("backup", "--to", file, "--data", data);
  assert.deepEqual([backup.code, backup.lines], [0, [{ ok: true, file, entries: 300, root }]]);
  const running = atalaya("verify", data);
  assert.equal(running.code, 0);
  await journal.close();
  for (const where of [data, file]) {
    const { code, lines } = atalaya("verify", where);
    assert.equal(code, 0);
    assert.deepEqual(
      { ...lines.at(-1), key: undefined },
      { ok: true, entries: 300, root, origin: "atalaya/el-paso", key: undefined, purged: 0, problems: 0 },
    );
  }
  assert.equal(atalaya("restore", file, "--data", data).code, 1);
  assert.equal(atalaya("restore", file, "--data", other).code, 0);
  assert.equal(atalaya("verify", other).code, 0);

  const bytes = readFileSync(file);
  bytes[bytes.indexOf("some content")] = 0x53;
  writeFileSync(file, bytes);
  const broken = atalaya("verify", file);
  assert.equal(broken.code, 1);
  assert.equal(broken.lines[0]?.["what"], "content-changed");
  assert.equal(typeof broken.lines[0]?.["seq"], "number");
  assert.equal(broken.lines.at(-1)?.["ok"], false);
  assert.match(atalaya("restore", file, "--data", join(folder, "third")).said, /Nothing was restored.*content-changed/);
});

test("wrong use ends with 2 and says the right one; what cannot be read ends with 1", () => {
  for (const words of [
    ["verify"],
    ["verify", "a", "b"],
    ["verify", "--x"],
    ["backup"],
    ["backup", "--to"],
    ["restore", "f"],
    ["restore", "--data", "d"],
  ]) {
    const { code, said } = atalaya(...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(said, /^Usage: atalaya/);
  }
  const missing = atalaya("verify", "/nowhere");
  assert.equal(missing.code, 1);
  assert.equal(missing.lines.at(-1)?.["ok"], false);
  assert.match(missing.said, /There is no/);
});
