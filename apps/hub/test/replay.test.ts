// A recording played in a sector of its own, on the recorded time.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { paths, type TrackDetail } from "@atalaya/protocol";
import { pcapHeader, pcapRecord } from "@atalaya/remote-id";
import { beaconOf } from "@atalaya/testing/flights";
import { person, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";

const BEGAN_MS = Date.UTC(2024, 4, 17, 8, 0, 0);

/** A capture of one aircraft that is heard once a second. */
function capture(folder: string, seconds: number): string {
  const file = join(folder, "flight.pcap");
  const parts: Uint8Array[] = [pcapHeader(127)];
  for (let s = 0; s < seconds; s += 1) {
    const timeMs = BEGAN_MS + s * 1000;
    const beacon = beaconOf({ serial: "1ATA8ABCD0002", transmitter: "02:d1:11:00:00:02", latDeg: 31.7 + s * 1e-4, lonDeg: -106.4 }, timeMs);
    parts.push(pcapRecord(timeMs * 1000, beacon));
  }
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

test("a replay runs on the recorded time, is marked, and is made anew at each start while accounts stay", async (context) => {
  const data = temporaryFolder(context);
  const file = capture(data, 30);
  const hub = await startTestHub(context, { data, replay: { file, speed: "max" } });
  const owner = await signInOwner(hub);
  const client = new StreamClient(hub, owner, WebSocket as never);
  const hello = await client.until(() => client.said("hello")[0]);
  assert.equal(hello.sector.mode, "replay");
  const summary = await client.until(() => [...hello.tracks, ...client.said("tracks").flatMap(({ changed }) => changed)].at(0));
  assert.equal(summary.recorded, true);
  const ended = await client.until(() => client.said("sources").find(({ sources }) => sources[0]?.state === "ended"));
  assert.equal(ended.sources[0]?.origin, "recorded");
  const detail = (await (await owner.ask("GET", paths.track(summary.number))).json()) as TrackDetail;
  assert.equal(detail.lastMs, BEGAN_MS + 29_000, "positions stand at their recorded times");
  assert.deepEqual(detail.findings, [], "nothing is implausible about time that was recorded");
  assert.equal(hub.sector.counts.frames, 30);
  await hub.stop();

  const again = await startTestHub(context, { data, replay: { file, speed: "max" } });
  assert.equal(again.setupLink, undefined, "the owner is still there");
  assert.equal((await person(again, "", owner.cookie).ask("GET", paths.session)).status, 200);
  const second = new StreamClient(again, owner, WebSocket as never);
  await second.until(() => second.said("sources").find(({ sources }) => sources[0]?.state === "ended"));
  assert.equal(again.sector.counts.frames, 30, "the journal began anew");
  assert.ok(!existsSync(join(data, "journal.db")), "the folder's own sector was not touched");
});

test("a file that is no capture is said to have failed, and the hub lives", async (context) => {
  const data = temporaryFolder(context);
  const file = join(data, "text.pcap");
  writeFileSync(file, "this is no capture, it is a text that is long enough to be looked at");
  const hub = await startTestHub(context, { data, replay: { file, speed: 1 } });
  const owner = await signInOwner(hub);
  const client = new StreamClient(hub, owner, WebSocket as never);
  await client.until(() => [...client.said("hello"), ...client.said("sources")].find(({ sources }) => sources[0]?.state === "failed"));
});

test("the Parrot capture shows one aircraft with its serial number, flying its path", needsShared, async (context) => {
  const file = sharedData("data", "remote-id", "captures", "parrot_anafi4_real.pcapng");
  const hub = await startTestHub(context, { replay: { file, speed: "max" } });
  const owner = await signInOwner(hub);
  const client = new StreamClient(hub, owner, WebSocket as never);
  await client.until(() => client.said("hello")[0]);
  const track = await client.until(() => [...hub.sector.picture.tracks()].find(({ history }) => history.length > 20) ?? false);
  assert.ok(track.identities.some(({ value }) => value === "1588E040445AC004418"));
  assert.equal([...hub.sector.picture.tracks()].length, 1);
});
