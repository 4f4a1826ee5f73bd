// What the hub serves as files: maps by byte range behind a session, the console's shell and assets.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { paths } from "@atalaya/protocol";
import { person, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";

test("a map is served by byte ranges (RFC 9110 §14), to those who have signed in", async (context) => {
  const folder = temporaryFolder(context);
  const basemap = join(folder, "own.pmtiles");
  writeFileSync(
    basemap,
    Uint8Array.from({ length: 1000 }, (_, k) => k & 255),
  );
  const hub = await startTestHub(context, { basemap });
  const { cookie } = await signInOwner(hub);
  const get = (headers: Record<string, string>): Promise<Response> =>
    fetch(hub.url + paths.userBasemap, { headers: { cookie, ...headers } });
  assert.equal((await fetch(hub.url + paths.userBasemap)).status, 401);
  const whole = await get({});
  assert.equal(whole.status, 200);
  assert.equal(whole.headers.get("accept-ranges"), "bytes");
  assert.equal((await whole.arrayBuffer()).byteLength, 1000);
  for (const [range, contentRange, first, length] of [
    ["bytes=0-126", "bytes 0-126/1000", 0, 127],
    ["bytes=300-", "bytes 300-999/1000", 300, 700],
    ["bytes=990-5000", "bytes 990-999/1000", 990, 10],
    ["bytes=-10", "bytes 990-999/1000", 990, 10],
  ] as const) {
    const part = await get({ range });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers.get("content-range"), contentRange);
    const bytes = new Uint8Array(await part.arrayBuffer());
    assert.equal(bytes.length, length);
    assert.equal(bytes[0], first & 255);
  }
  for (const range of ["bytes=1000-", "bytes=1000-2000", "bytes=20-10", "bytes=-0"]) {
    const none = await get({ range });
    assert.equal(none.status, 416, range);
    assert.equal(none.headers.get("content-range"), "bytes */1000");
    await none.body?.cancel();
  }
  assert.equal((await get({ "if-none-match": whole.headers.get("etag") ?? "" })).status, 304);
  const other = await get({ range: "bytes=0-1", "if-range": '"another"' });
  assert.equal(other.status, 200, "a part of another version of the file is not mixed in");
  await other.body?.cancel();
});

test("the console's shell answers for its views, its hashed assets are kept by browsers, and a console that is not built says what to do", async (context) => {
  const folder = temporaryFolder(context);
  const hub = await startTestHub(context, { consoleFolder: folder });
  const stranger = person(hub, "", "");
  const bare = await stranger.ask("GET", "/");
  assert.equal(bare.status, 503);
  assert.match(await bare.text(), /npm run build/);
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>shell</title>");
  writeFileSync(join(folder, "assets", "main-abc123.js"), "export {};");
  for (const path of ["/", "/setup", "/login", "/watch/zones"]) {
    const answer = await fetch(hub.url + path, { headers: { accept: "text/html" } });
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get("cache-control"), "no-cache");
    assert.match(await answer.text(), /shell/);
  }
  const asset = await stranger.ask("GET", "/assets/main-abc123.js");
  assert.equal(asset.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.match(asset.headers.get("cache-control") ?? "", /immutable/);
  assert.equal(await asset.text(), "export {};");
  assert.equal((await stranger.ask("GET", "/assets/gone.js")).status, 404);
  assert.equal((await fetch(`${hub.url}/api/v1/nothing`, { headers: { accept: "text/html" } })).status, 404);
});
