// From a frame at a door to a browser: tracks, warnings, answers of people, and the positions of people that never travel.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { paths, type TrackDetail, type TrackSummary, type Warning, type Zone } from "@atalaya/protocol";
import { type Broadcast, lineOf } from "@atalaya/testing/flights";
import { type Person, signIn, signInOwner, startTestHub, type TestHub } from "@atalaya/testing/hub";
import { StreamClient } from "@atalaya/testing/stream-client";
import { WebSocket } from "ws";

const POST: Zone = {
  id: "post",
  name: "Post Alfa",
  kind: "post",
  shape: { type: "circle", centre: { latDeg: 31.75, lonDeg: -106.45 }, radiusM: 1000 },
};
const DRONE: Broadcast = {
  serial: "1ATAH00000000001",
  transmitter: "02:d1:11:00:00:01",
  latDeg: 31.7512345,
  lonDeg: -106.4512345,
  operator: { latDeg: 31.7398765, lonDeg: -106.4687654 },
};

interface Watch {
  readonly hub: TestHub;
  readonly owner: Person;
  readonly key: string;
  readonly sourceId: string;
}

async function watch(context: TestContext, logTo?: { write(line: string): void }): Promise<Watch> {
  const hub = await startTestHub(context, logTo === undefined ? {} : { logTo, logLevel: "trace" });
  const owner = await signInOwner(hub);
  const answer = await owner.ask("POST", paths.sources, { name: "Receiver north", kind: "http" });
  const { id, key } = (await answer.json()) as { id: string; key: string };
  return { hub, owner, key, sourceId: id };
}

async function post({ hub, key }: Watch, lines: string): Promise<{ taken: number; refused: number }> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
  const answer = await fetch(hub.url + paths.frames, { method: "POST", headers, body: lines });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as { taken: number; refused: number };
}

/** Sends the drone's broadcasts until the track is there. */
async function fly(standing: Watch, drone: Broadcast = DRONE): Promise<TrackSummary> {
  for (let k = 0; k < 3; k += 1) await post(standing, lineOf({ ...drone, latDeg: drone.latDeg + k * 1e-5 }, Date.now()));
  const list = (await (await standing.owner.ask("GET", paths.tracks)).json()) as TrackSummary[];
  const found = list.find(({ identity }) => identity === drone.serial);
  assert.ok(found, "a track stands");
  return found;
}

test("a posted frame becomes a track in the browser, with its record and its summary", async (context) => {
  const standing = await watch(context);
  const client = new StreamClient(standing.hub, standing.owner, WebSocket as never);
  const hello = await client.until(() => client.said("hello")[0]);
  assert.equal(hello.user.role, "owner");
  assert.equal(hello.sector.mode, "live");
  assert.equal(client.messages[0], hello, "hello comes first");
  const track = await fly(standing);
  const record = await client.until(() => client.frames.flatMap(({ records }) => records).find(({ number }) => number === track.number));
  assert.ok(Math.abs(record.latDeg - DRONE.latDeg) < 1e-4 && Math.abs(record.lonDeg - DRONE.lonDeg) < 1e-4);
  const summary = await client.until(() =>
    client
      .said("tracks")
      .flatMap(({ changed }) => changed)
      .find(({ number }) => number === track.number),
  );
  assert.equal(summary.identity, DRONE.serial);
  assert.equal(summary.drill, false);
});

test("every second the stream says that it lives", async (context) => {
  const standing = await watch(context);
  const client = new StreamClient(standing.hub, standing.owner, WebSocket as never);
  await client.until(() => client.said("health").length >= 3);
  assert.equal(client.said("health")[0]?.health.journal, "ok");
});

test("one who connects late or asks again gets everything as it stands", async (context) => {
  const standing = await watch(context);
  await standing.owner.ask("PUT", paths.zone("post"), POST);
  const track = await fly(standing);
  const client = new StreamClient(standing.hub, standing.owner, WebSocket as never);
  const hello = await client.until(() => client.said("hello")[0]);
  assert.ok(hello.tracks.some(({ number }) => number === track.number));
  assert.equal(hello.zones[0]?.name, "Post Alfa");
  const full = await client.until(() => client.frames.find(({ header }) => header.full));
  assert.ok(full.records.some(({ number }) => number === track.number));
  client.socket.send(JSON.stringify({ type: "resync" }));
  await client.until(() => client.said("hello").length === 2 && client.frames.filter(({ header }) => header.full).length === 2);
});

test("a browser that talks nonsense or too much is cut off", async (context) => {
  const standing = await watch(context);
  for (const speak of [
    (client: StreamClient) => client.socket.send("nonsense"),
    (client: StreamClient) => {
      for (let k = 0; k < 50; k += 1) client.socket.send(JSON.stringify({ type: "alive", tick: k }));
    },
  ]) {
    const client = new StreamClient(standing.hub, standing.owner, WebSocket as never);
    await client.until(() => client.said("hello")[0]);
    speak(client);
    assert.equal(await client.until(() => client.closed), 1008);
  }
});

test("a drone at a post raises a warning, which an officer acknowledges and clears with a reason; each is on disk before it is confirmed", async (context) => {
  const standing = await watch(context);
  const officer = await signIn(standing.hub, standing.owner, "officer");
  assert.equal((await officer.ask("PUT", paths.zone("post"), POST)).status, 200);
  const client = new StreamClient(standing.hub, officer, WebSocket as never);
  await client.until(() => client.said("hello")[0]);
  const track = await fly(standing);
  const raised = await client.until(() => client.said("warning")[0]?.warning);
  assert.equal(raised.foremost.name, "Post Alfa");
  assert.equal(raised.trackNumber, track.number);
  assert.equal(raised.state, "raised");
  assert.equal(raised.why[0]?.code, "inside-zone");

  const answer = await officer.ask("POST", paths.acknowledge(raised.id), {});
  assert.equal(answer.status, 200);
  const acknowledged = (await answer.json()) as Warning;
  assert.equal(acknowledged.state, "acknowledged");
  assert.equal(acknowledged.acknowledgedBy, officer.name);
  const { journal } = standing.hub.sector;
  const written = [...journal.read(1, 1000)].some(({ kind }) => kind === "acknowledge");
  assert.ok(written, "the answer was on disk when it was confirmed");
  await client.until(() => client.said("warning").find(({ warning }) => warning.state === "acknowledged"));

  assert.equal((await officer.ask("POST", paths.clear(raised.id), { reason: "" })).status, 400, "a reason is asked for");
  assert.equal((await officer.ask("POST", paths.clear(raised.id), { reason: "Own drone, confirmed by voice" })).status, 200);
  const cleared = await client.until(() => client.said("warning").find(({ warning }) => warning.state === "cleared"));
  assert.equal(cleared.warning.clearedReason, "Own drone, confirmed by voice");
});

test("the operator's position is in no stream, track, metric, log or error, and is shown on request with a purpose, each look an entry first", async (context) => {
  const log: string[] = [];
  const standing = await watch(context, { write: (line) => log.push(line) });
  const { hub, owner } = standing;
  const officer = await signIn(hub, owner, "officer");
  const viewer = await signIn(hub, owner, "viewer");
  const client = new StreamClient(hub, officer, WebSocket as never);
  await owner.ask("PUT", paths.zone("post"), POST);
  const track = await fly(standing);
  await client.until(() => client.said("health").length >= 2 && client.frames.some(({ records }) => records.length > 0));
  const detail = (await (await officer.ask("GET", paths.track(track.number))).json()) as TrackDetail;
  assert.equal(detail.operatorPositionKept, true);

  const metrics = await (await officer.ask("GET", paths.metrics)).text();
  const said = [JSON.stringify(detail), ...client.texts, metrics, ...log];
  // The position's figures, with fewer digits too.
  for (const text of said) assert.doesNotMatch(text, /31\.7398|106\.4687/);
  const wire = [31.7398765, -106.4687654].map((deg) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(Math.round(deg * 1e7));
    return bytes;
  });
  for (const { bytes } of client.frames) for (const value of wire) assert.equal(Buffer.from(bytes).indexOf(value), -1);
  for (const entry of hub.sector.journal.read(1, 1000))
    for (const value of wire) assert.equal(Buffer.from(entry.payload ?? []).indexOf(value), -1, `entry ${entry.seq}`);

  const purpose = { purpose: "Locate the operator, case 12" };
  assert.equal((await viewer.ask("POST", paths.operator(track.number), purpose)).status, 403);
  assert.equal((await officer.ask("POST", paths.operator(track.number), {})).status, 400, "no purpose, no look");
  const looks = (): readonly unknown[] =>
    [...hub.sector.journal.read(1, 1000)]
      .filter(({ kind }) => kind === "operator-look")
      .map(({ payload }) => JSON.parse(Buffer.from(payload ?? []).toString()));
  assert.deepEqual(looks(), [], "refused looks show nothing and are no looks");
  const answer = await officer.ask("POST", paths.operator(track.number), purpose);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const { positions } = (await answer.json()) as { positions: { latDeg: number; lonDeg: number; locationType: string }[] };
  assert.ok(Math.abs((positions[0]?.latDeg ?? 0) - 31.7398765) < 1e-6 && Math.abs((positions[0]?.lonDeg ?? 0) + 106.4687654) < 1e-6);
  assert.deepEqual(looks(), [{ track: track.number, by: officer.name, purpose: purpose.purpose }]);
  for (const line of log) assert.doesNotMatch(line, /31\.7398|106\.4687/);
});

test("logs hold no password, token, cookie or key", async (context) => {
  const log: string[] = [];
  const standing = await watch(context, { write: (line) => log.push(line) });
  await fly(standing);
  const token = standing.hub.setupLink?.split("#token=")[1] ?? "none";
  const cookie = standing.owner.cookie.split("=")[1] ?? "none";
  assert.ok(log.length > 5, "something is logged");
  for (const line of log) for (const secret of [token, cookie, standing.key, "correct horse"]) assert.ok(!line.includes(secret), line);
});

test("a source's key opens its own door and nothing else, and no more once the source is removed", async (context) => {
  const standing = await watch(context);
  const { hub, owner, key, sourceId } = standing;
  const bearer = { authorization: `Bearer ${key}` };
  assert.equal((await fetch(hub.url + paths.tracks, { headers: bearer })).status, 401);
  assert.equal(
    (await fetch(hub.url + paths.frames, { method: "POST", headers: { ...bearer, "content-type": "application/json" }, body: "{}" }))
      .status,
    400,
  );
  const { taken, refused } = await post(standing, `${lineOf(DRONE, Date.now())}${"x".repeat(70_000)}\n${lineOf(DRONE, Date.now())}`);
  assert.deepEqual({ taken, refused }, { taken: 2, refused: 1 });
  assert.equal((await owner.ask("DELETE", paths.source(sourceId))).status, 204);
  const answer = await fetch(hub.url + paths.frames, {
    method: "POST",
    headers: { ...bearer, "content-type": "application/x-ndjson" },
    body: "{}\n",
  });
  assert.equal(answer.status, 401);
});

test("a large body is taken line by line, every line counted", async (context) => {
  const standing = await watch(context);
  const lines = Array.from({ length: 2000 }, (_, k) => lineOf({ ...DRONE, latDeg: DRONE.latDeg + k * 1e-7 }, Date.now())).join("");
  assert.deepEqual(await post(standing, lines), { taken: 2000, refused: 0 });
  assert.equal(standing.hub.sector.counts.frames, 2000);
  assert.equal(standing.hub.sector.counts.lost, 0);
});

test("synthetic and real sources are never in one sector, whichever came first", async (context) => {
  const demo = await startTestHub(context, { demo: "paso-norte" });
  const owner = await signInOwner(demo);
  const refused = await owner.ask("POST", paths.sources, { name: "Receiver", kind: "http" });
  assert.equal(refused.status, 409);
  assert.equal(((await refused.json()) as { code: string }).code, "demo-present");
  const client = new StreamClient(demo, owner, WebSocket as never);
  const hello = await client.until(() => client.said("hello")[0]);
  assert.equal(hello.sector.mode, "drill");
  const summary = await client.until(() => [...hello.tracks, ...client.said("tracks").flatMap(({ changed }) => changed)][0]);
  assert.equal(summary.drill, true);

  const real = await watch(context);
  const { data } = real.hub;
  await real.hub.stop();
  await assert.rejects(startTestHub(context, { data, demo: "paso-norte" }), /real source \(Receiver north\)/);
});
