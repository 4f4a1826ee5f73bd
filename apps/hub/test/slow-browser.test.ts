// A browser that stops reading: others are not held up, its queue does not grow without end, and it gets everything once it reads again.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { paths, type Zone } from "@atalaya/protocol";
import { lineOf } from "@atalaya/testing/flights";
import { signInOwner, startTestHub } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";

/** Below the rate at which new tracks count as a flood. */
const FLEET = 40;

test("a browser that does not read is passed over with a bounded queue, and gets the present picture and every warning when it reads again", async (context) => {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const { key } = (await (await owner.ask("POST", paths.sources, { name: "North", kind: "http" })).json()) as { key: string };
  const send = async (round: number): Promise<void> => {
    const lines = Array.from({ length: FLEET }, (_, k) => {
      const serial = `1ATA8AB${String(k).padStart(5, "0")}`;
      const transmitter = `02:d1:13:00:${(k >> 8).toString(16).padStart(2, "0")}:${(k & 255).toString(16).padStart(2, "0")}`;
      return lineOf({ serial, transmitter, latDeg: 30 + k * 1e-3 + round * 1e-5, lonDeg: -106 }, Date.now());
    });
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
    const answer = await fetch(hub.url + paths.frames, { method: "POST", headers, body: lines.join("") });
    assert.equal(answer.status, 200);
  };
  const slow = new StreamClient(hub, owner, WebSocket as never);
  const quick = new StreamClient(hub, owner, WebSocket as never);
  for (const client of [slow, quick]) await client.until(() => client.frames.some(({ header }) => header.full));
  slow.socket.pause();

  // Health and changes go to both until the kernel's buffers are full; a padded list of zones fills them quickly.
  const corner = (k: number): { latDeg: number; lonDeg: number } => ({
    latDeg: 31 + Math.sin(k / 10) * 0.1,
    lonDeg: -106 + Math.cos(k / 10) * 0.1,
  });
  const ring = Array.from({ length: 60 }, (_, k) => corner(k));
  const zone = (k: number, round: number): Zone => ({
    id: `z${k}`,
    name: `Zone ${k} ${round}`,
    kind: "area",
    shape: { type: "polygon", ring },
  });
  for (let k = 0; k < 100; k += 1) assert.equal((await owner.ask("PUT", paths.zone(`z${k}`), zone(k, 0))).status, 200);
  let round = 0;
  while (hub.stream.counts.skipped === 0) {
    round += 1;
    assert.equal((await owner.ask("PUT", paths.zone("z1"), zone(1, round))).status, 200);
    // Zones go out five times a second at most: asking more often fills nothing but the limit of requests.
    await pause(100);
    if (round % 10 === 0) await send(round);
  }
  assert.ok(hub.stream.longestQueueBytes < 2 << 20, `${hub.stream.longestQueueBytes} bytes wait`);
  const before = quick.frames.length;
  await send(round + 1);
  await quick.until(() => quick.frames.length > before);
  // A danger arises while it is not reading.
  const post: Zone = {
    id: "post",
    name: "Post",
    kind: "post",
    shape: { type: "circle", centre: { latDeg: 30, lonDeg: -106 }, radiusM: 500 },
  };
  assert.equal((await owner.ask("PUT", paths.zone("post"), post)).status, 200);
  await send(round + 2);
  await quick.until(() => quick.said("warning")[0]);

  const fullBefore = slow.frames.filter(({ header }) => header.full).length;
  slow.socket.resume();
  const hello = await slow.until(() => slow.said("hello")[1]);
  assert.equal(hello.tracks.length, FLEET);
  const full = await slow.until(() => slow.frames.filter(({ header }) => header.full)[fullBefore]);
  assert.equal(full.records.length, FLEET);
  assert.ok(slow.said("warning").length > 0, "the warning was queued for it, not dropped");
  assert.equal(slow.closed, undefined);
});

test("a stop says goodbye to browsers and does not wait for one that is stuck", async (context) => {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const client = new StreamClient(hub, owner, WebSocket as never);
  await client.until(() => client.said("hello")[0]);
  const { hostname, port } = new URL(hub.url);
  // One that upgrades and never answers anything again.
  const stuck = connect(Number(port), hostname);
  stuck.on("error", () => undefined);
  const lines = [
    "GET /api/v1/stream HTTP/1.1",
    `Host: ${hostname}:${port}`,
    `Cookie: ${owner.cookie}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
  ];
  stuck.write(`${[...lines, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="].join("\r\n")}\r\n\r\n`);
  await new Promise((resolve) => stuck.once("data", resolve));
  stuck.pause();
  await hub.stop();
  assert.equal(await client.until(() => client.closed), 1001);
  stuck.destroy();
});
