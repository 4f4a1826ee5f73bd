// A hundred and more browsers get each picture of the tracks in shares: the same bytes all of them, in order, and none is left out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { paths } from "@atalaya/protocol";
import { lineOf } from "@atalaya/testing/flights";
import { signInOwner, startTestHub } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";

/** More than go out at one tick. */
const BROWSERS = 120;
const ROUNDS = 12;

test("every one of many browsers gets the same pictures in the same order, and at the end the same place of the drone", async (context) => {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const { key } = (await (await owner.ask("POST", paths.sources, { name: "North", kind: "http" })).json()) as { key: string };
  const clients = Array.from({ length: BROWSERS }, () => new StreamClient(hub, owner, WebSocket as never));
  context.after(() => {
    for (const { socket } of clients) socket.terminate();
  });
  for (const client of clients) await client.until(() => client.frames.some(({ header }) => header.full));
  const placeOf = (round: number): number => 31 + round * 1e-4;
  for (let round = 0; round < ROUNDS; round += 1) {
    const drone = { serial: "1ATAH00000000001", transmitter: "02:d1:11:00:00:01", latDeg: placeOf(round), lonDeg: -106 };
    const answer = await fetch(hub.url + paths.frames, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
      body: lineOf(drone, Date.now()),
    });
    assert.equal(answer.status, 200);
    await pause(100);
  }
  const last = (client: StreamClient): number | undefined => client.frames.flatMap(({ records }) => records).at(-1)?.latDeg;
  for (const client of clients) await client.until(() => Math.abs((last(client) ?? 0) - placeOf(ROUNDS - 1)) < 1e-5);
  const bytesAt = new Map<number, string>();
  for (const { frames } of clients) {
    const ticks = frames.map(({ header }) => header.tick);
    assert.deepEqual(
      ticks,
      [...new Set(ticks)].sort((a, b) => a - b),
      "in order, each once",
    );
    for (const { header, bytes } of frames) {
      if (header.full) continue;
      const text = Buffer.from(bytes).toString("hex");
      assert.equal(bytesAt.get(header.tick) ?? text, text, "memory is not used again before everybody has had it");
      bytesAt.set(header.tick, text);
    }
  }
  assert.ok(bytesAt.size > 1);
});
