// Aircraft from a real receiver program to the picture: Debian's dump1090 hears our frames, the hub connects to its Beast port, and both know the same.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { encodeAvr } from "@atalaya/adsb";
import { flatDistanceM } from "@atalaya/geodesy";
import { paths, type SourceHealth, type TrackDetail } from "@atalaya/protocol";
import { eventually } from "@atalaya/testing/eventually";
import { beastOf, type Flight, squitters } from "@atalaya/testing/aircraft";
import { closeAfter, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      return address.port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

async function dial(t: TestContext, port: number): Promise<Socket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      closeAfter(t, () => socket.destroy());
      return socket;
    } catch (error) {
      if (attempt === 1200) throw error;
      await pause(50);
    }
  }
}

/** What dump1090 shows of an aircraft in its JSON. */
interface Shown {
  readonly hex: string;
  readonly flight?: string;
  readonly squawk?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly altitude?: number | "ground";
  readonly speed?: number;
  readonly track?: number;
  readonly vert_rate?: number;
}

const COUNT = 40;

/** Aircraft all round the sector's centre, some with 0x1a in their address; each flies on with each step. */
function flight(k: number, step: number): Flight {
  const angle = (2 * Math.PI * k) / COUNT;
  const [north, east] = [Math.cos(angle), Math.sin(angle)];
  return {
    address: k % 4 === 0 ? 0x1a_1a_00 + k : 0xa0_00_00 + 37 * k,
    latDeg: 31.76 + north * (0.05 + k / 100) + step * 0.0005,
    lonDeg: -106.49 + east * (0.05 + k / 100),
    ...(k === 7 ? {} : { altitudeFt: 4000 + 300 * k }),
    eastKt: Math.round(200 * east) + 1,
    northKt: Math.round(200 * north) + 1,
    climbFpm: 64 * (k % 5),
    heightDifferenceFt: 75,
    callsign: `TEST${k}`,
    squawk: k === 3 ? "7700" : "1234",
  };
}

function everything(step: number): readonly Uint8Array[] {
  return Array.from({ length: COUNT }, (_, k) => flight(k, step)).flatMap(squitters);
}

async function settled(hub: TestHub, condition: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = hub.sector.onTick(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
  });
}

test("the aircraft that dump1090 lists are those of the picture: place, height, velocity, call sign and code", async (t) => {
  const folder = temporaryFolder(t);
  const [rawIn = 0, beastOut = 0] = await freePorts(2);
  const program: ChildProcess = spawn(
    "dump1090-mutability",
    [
      ...["--net-only", "--quiet", "--net-bind-address", "127.0.0.1", "--net-heartbeat", "1", "--net-buffer", "3"],
      ...[
        "--net-ri-port",
        String(rawIn),
        "--net-bi-port",
        "0",
        "--net-ro-port",
        "0",
        "--net-sbs-port",
        "0",
        "--net-bo-port",
        String(beastOut),
      ],
      ...["--lat", "31.76", "--lon", "-106.49", "--max-range", "0", "--write-json", folder, "--write-json-every", "0.2"],
    ],
    { stdio: "ignore" },
  );
  closeAfter(t, async () => {
    if (program.exitCode === null && program.kill("SIGTERM")) await once(program, "exit");
  });
  const input = await dial(t, rawIn);
  const hub = await startTestHub(t);
  const owner = await signInOwner(hub);
  const answer = await owner.ask("POST", paths.sources, { name: "Roof", kind: "adsb", url: `127.0.0.1:${beastOut}` });
  assert.equal(answer.status, 200);
  const { id, key } = (await answer.json()) as { readonly id: string; readonly key?: string };
  assert.equal(key, undefined);
  // It sends nothing until somebody is connected to hear it.
  await settled(hub, () => hub.sector.picture.sources().some(({ state }) => state === "hearing"));

  const STEPS = 4;
  for (let step = 0; step < STEPS; step += 1) {
    for (const frame of everything(step)) input.write(encodeAvr(frame));
    await pause(600);
  }
  const near = (ours: number | undefined, theirs: number | undefined, by: number, what: string): void => {
    if (ours === undefined || theirs === undefined) assert.equal(ours, theirs, what);
    else assert.ok(Math.abs(ours - theirs) <= by, `${what} ${ours}, dump1090 has ${theirs}`);
  };
  // Each of the two may be a moment behind the other.
  await eventually(() => {
    const { aircraft } = JSON.parse(readFileSync(join(folder, "aircraft.json"), "utf8")) as { readonly aircraft: readonly Shown[] };
    assert.equal(aircraft.length, COUNT);
    for (const shown of aircraft) {
      const name = shown.hex.toUpperCase();
      const track = [...hub.sector.picture.tracks()].find(({ identities }) => identities.some(({ value }) => value === name));
      assert.ok(track !== undefined, name);
      assert.ok(flatDistanceM(track.latDeg, track.lonDeg, shown.lat ?? 0, shown.lon ?? 0) < 2, `${name}: place`);
      assert.ok(
        track.identities.some(({ kind, value }) => kind === "callsign" && value === shown.flight?.trim()),
        `${name}: ${shown.flight}`,
      );
      near(track.heightPressureM, shown.altitude === "ground" ? undefined : (shown.altitude ?? 0) * 0.3048, 0.01, `${name}: altitude`);
      // Its speeds and tracks are whole numbers; on the ground it has the upper end of a step.
      near(track.speedMps, (shown.speed ?? 0) * (1852 / 3600), shown.altitude === "ground" ? 3 : 0.6, `${name}: speed`);
      near(track.courseDeg, shown.track, 2, `${name}: track`);
      assert.equal(track.kind, "manned");
      assert.deepEqual(
        track.findings.map(({ code }) => code),
        shown.squawk === "7700" ? ["emergency-squawk"] : [],
      );
    }
  });
  assert.deepEqual([...hub.sector.picture.warnings()], []);

  // The same as the API tells it, once all of it has come.
  await eventually(async () => {
    const [health] = (await (await owner.ask("GET", paths.sources)).json()) as SourceHealth[];
    assert.deepEqual(
      [health?.id, health?.state, health?.format, health?.aircraft, health?.outside, health?.messages],
      [id, "hearing", "adsb", COUNT, 0, STEPS * everything(0).length],
    );
  });
  const metrics = await (await owner.ask("GET", "/metrics")).text();
  assert.ok(metrics.includes(`atalaya_aircraft{source="${id}"} ${COUNT}`));
  const [first] = [...hub.sector.picture.tracks()];
  const detail = (await (await owner.ask("GET", `${paths.tracks}/${first?.number}`)).json()) as TrackDetail;
  assert.deepEqual(
    detail.identities.map(({ kind }) => kind),
    ["icao", "callsign"],
  );
});

test("a receiver of this machine connects to the hub's own port, and what it said is there after a restart", async (t) => {
  const data = temporaryFolder(t);
  const first = await startTestHub(t, { data, adsbPort: 0 });
  const owner = await signInOwner(first);
  assert.equal((await owner.ask("POST", paths.sources, { name: "Roof", kind: "adsb" })).status, 200);
  const push = async (hub: TestHub): Promise<void> => {
    const socket = await dial(t, hub.adsbPort ?? 0);
    socket.end(beastOf(squitters(flight(1, 0))));
    await settled(hub, () => hub.sector.picture.trackCount === 1);
  };
  await push(first);
  const [before] = [...first.sector.picture.tracks()];
  await first.stop();
  const second = await startTestHub(t, { data, adsbPort: 0 });
  const [after] = [...second.sector.picture.tracks()];
  assert.deepEqual([after?.id, after?.identities], [before?.id, before?.identities]);
  await push(second);
});

test("a source of aircraft that cannot be is refused with what to do", async (t) => {
  const hub = await startTestHub(t);
  const owner = await signInOwner(hub);
  const add = async (body: object): Promise<readonly [status: number, code: string | undefined]> => {
    const answer = await owner.ask("POST", paths.sources, { name: "Roof", kind: "adsb", ...body });
    return [answer.status, ((await answer.json()) as { readonly code?: string }).code];
  };
  assert.deepEqual(await add({ url: "http://example.com" }), [400, "url"]);
  assert.deepEqual(await add({ url: "host:99999" }), [400, "url"]);
  assert.deepEqual(await add({ format: "detections" }), [400, "format"]);
  assert.deepEqual(await add({ kind: "http", format: "adsb" }), [400, "format"]);
  assert.deepEqual(await add({}), [200, undefined]);
  assert.deepEqual(await add({}), [409, "adsb-door-taken"]);
});
