import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the rules over a small checkout made of these files. */
function judge(
  t: { after(end: () => void): void },
  files: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly said: string } {
  const folder = mkdtempSync(join(tmpdir(), "atalaya-rules-"));
  t.after(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries({ "packages/geodesy/src/index.ts": "", "apps/hub/src/index.ts": "", ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, join(checkout, "scripts/house-rules.ts"), folder], {
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

test("a package that imports a Node built-in breaks the rules of the house", (t) => {
  const { status, said } = judge(t, {
    "packages/ledger/src/index.ts": 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n',
  });
  assert.equal(status, 1);
  assert.match(said, /packages-have-no-node: packages\/ledger\/src\/index\.ts/);
});

test("a package that looks up breaks the rules of the house", (t) => {
  const { said, status } = judge(t, {
    "packages/picture/src/index.ts": "export const up = 1;\n",
    "packages/geodesy/src/index.ts": 'export { up } from "../../picture/src/index.ts";\n',
  });
  assert.equal(status, 1);
  assert.match(said, /geodesy-looks-down-only/);
});

test("an app that imports another breaks the rules of the house", (t) => {
  const { said, status } = judge(t, { "apps/console/src/main.ts": 'import "../../hub/src/index.ts";\n' });
  assert.equal(status, 1);
  assert.match(said, /no-app-imports-another/);
});

test("modules that import each other break the rules of the house", (t) => {
  const { said, status } = judge(t, {
    "packages/ledger/src/a.ts": 'import { b } from "./b.ts";\nexport const a = (): number => b;\n',
    "packages/ledger/src/b.ts": 'import { a } from "./a.ts";\nexport const b = a();\n',
  });
  assert.equal(status, 1);
  assert.match(said, /no-cycles/);
});

test("a checkout that keeps the rules passes", (t) => {
  const { said, status } = judge(t, { "packages/picture/src/index.ts": 'export * from "../../geodesy/src/index.ts";\n' });
  assert.equal(said, "");
  assert.equal(status, 0);
});
