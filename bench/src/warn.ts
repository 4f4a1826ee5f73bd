// How long from the frame that decides until the person in danger is told, with the whole hub under load?
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { paths, type Warning, type WarningDetail } from "@atalaya/protocol";
import { signInOwner } from "@atalaya/testing/hub";
import { freePort, startHubProcess } from "@atalaya/testing/hub-process";
import { type Bench, type BenchResult, figure } from "./bench.ts";
import { Asking } from "./warn/asking.ts";
import { BrowserDevice, nowMs } from "./warn/devices.ts";
import { CENTRE, personPlace, Sky } from "./warn/sky.ts";
import { TakDevice } from "./warn/tak-device.ts";

const PEOPLE = 500;
const BROWSERS = 200;
const TAK_DEVICES = 100;
const TRACKS = 5000;
/** The picture judges danger this often: what was not a danger at the tick before became one by a frame read since, or by time alone. */
const TICK_MS = 50;
const WARM_UP_S = 20;
const RUN_S = 60;
const ATTACK_EVERY_S = 2;
const PASSWORD = "correct horse battery staple";

interface Load {
  readonly tracks: number;
  readonly takDevices: number;
  readonly seconds: number;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

interface Session {
  readonly cookie: string;
}

/** People with their ways: two share each browser's account, as two at one post do; the rest have a device with TAK. */
async function addPeople(asking: Asking, { cookie }: Session): Promise<readonly Session[]> {
  const accounts: { readonly id: string; readonly cookie: string }[] = [];
  for (let k = 0; k < BROWSERS; k += 1) {
    const name = `Device ${k}`;
    const made = JSON.parse((await asking.ask(cookie, "POST", paths.users, { name, role: "viewer", password: PASSWORD })).body) as {
      id: string;
    };
    const signedIn = await asking.ask("", "POST", paths.session, { name, password: PASSWORD });
    accounts.push({ id: made.id, cookie: signedIn.cookie });
  }
  for (let k = 0; k < PEOPLE; k += 1) {
    const id = `p${k}`;
    const account = k < 2 * BROWSERS ? accounts[k % BROWSERS] : undefined;
    const ways = account === undefined ? [{ channel: "tak", address: `TAK-${k}` }] : [{ channel: "browser", address: account.id }];
    const definition = { id, name: `Person ${k}`, language: k % 2 === 0 ? "en" : "es", role: "", team: `T${k % 20}`, leader: false, ways };
    await asking.ask(cookie, "PUT", paths.person(id), definition);
    await asking.ask(cookie, "PUT", paths.shift(id), { on: true });
    await asking.ask(cookie, "PUT", paths.personPlace(id), { ...personPlace(k, PEOPLE), errorM: 10 });
  }
  return accounts;
}

/** Sends what radars say, each at its time; returns when each near radar's look was written. */
async function fly(
  socket: Socket,
  sky: Sky,
  seconds: number,
): Promise<{ readonly nearMs: readonly number[]; readonly detections: number; readonly lateMs: number }> {
  const began = nowMs();
  const nearMs: number[] = [];
  let [detections, lateMs, attackAt] = [0, 0, WARM_UP_S];
  const looks = seconds * Sky.looksPerS;
  for (let k = 0; k < looks; k += 1) {
    const dueMs = (k * 1000) / Sky.looksPerS;
    const ahead = began + dueMs - nowMs();
    if (ahead > 1) await pause(ahead);
    const at = nowMs();
    const nowS = (at - began) / 1000;
    lateMs = Math.max(lateMs, at - began - dueMs);
    if (nowS >= attackAt) {
      sky.attack(nowS);
      attackAt += ATTACK_EVERY_S;
    }
    const { text, detections: count } = sky.look(k, nowS, at / 1000);
    detections += count;
    if (k % 5 === 4) nearMs.push(nowMs());
    if (!socket.write(text)) await once(socket, "drain");
  }
  return { nearMs, detections, lateMs };
}

/** From the newest near look before the tick, if it came after the tick before, else from the tick: time alone decided. */
function decisiveMs(nearMs: readonly number[], tickMs: number): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const ms of nearMs) if (ms <= tickMs) newest = ms;
  return newest > tickMs - TICK_MS ? newest : tickMs;
}

async function measure({ tracks, takDevices: takCount, seconds }: Load): Promise<Record<string, number>> {
  const data = mkdtempSync(join(tmpdir(), "atalaya-bench-warn-"));
  const port = await freePort();
  const takPort = await freePort();
  const hub = await startHubProcess(["--data", data, "--detections-port", String(port), "--tak-port", String(takPort), "--no-demo"]);
  const devices: BrowserDevice[] = [];
  const takDevices: TakDevice[] = [];
  try {
    const owner = await signInOwner({ url: hub.url, setupLink: hub.setupLink });
    const asking = new Asking(hub.url);
    const sessions = await addPeople(asking, owner);
    const source = JSON.parse((await asking.ask(owner.cookie, "POST", paths.sources, { name: "Radars", kind: "tcp" })).body) as {
      id: string;
      key: string;
    };
    const camp = { id: "camp", name: "Camp", kind: "area", shape: { type: "circle", centre: CENTRE, radiusM: 2600 } };
    await asking.ask(owner.cookie, "PUT", paths.zone("camp"), camp);
    for (let k = 0; k < takCount; k += 1) takDevices.push(new TakDevice(takPort));
    await Promise.all(takDevices.map((device) => device.opened()));
    for (const session of sessions) devices.push(new BrowserDevice(hub, session));
    await Promise.all(devices.map((device) => device.opened()));
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.on("data", (text: Buffer) => {
      if (!String(text).includes("welcome")) process.stderr.write(`sensor door: ${String(text)}`);
    });
    socket.write(`${JSON.stringify({ type: "hello", source: source.id, key: source.key })}\n`);
    const sky = new Sky(tracks, PEOPLE, 1);
    socket.write(sky.declarations());
    const { nearMs, detections, lateMs } = await fly(socket, sky, seconds);
    await pause(2000);
    const latencies: number[] = [];
    const byTick: number[] = [];
    const told = new Set<string>();
    for (const { heard } of devices) {
      for (const { notice, readMs } of heard) {
        told.add(`${notice.warningId}/${notice.personId}`);
        if (notice.kind !== "notify") continue;
        latencies.push(readMs - decisiveMs(nearMs, notice.timeMs));
        byTick.push(readMs - notice.timeMs);
      }
    }
    const warnings = JSON.parse((await asking.ask(owner.cookie, "GET", paths.warnings)).body) as Warning[];
    // In TAK an advisory is a track like others: its alarm goes out from the caution on, for the first seconds of a course are no reason for one.
    const raised = new Map(
      warnings.flatMap(({ id, why }) =>
        why
          .filter(({ values }) => values["level"] === "caution" || values["level"] === "warning")
          .slice(0, 1)
          .map(({ timeMs }): [string, number] => [id, timeMs]),
      ),
    );
    // Where two dangers became one, its people were told under the id of either.
    const before = (id: string): readonly string[] => warnings.filter(({ mergedInto }) => mergedInto === id).map((merged) => merged.id);
    const takLatencies: number[] = [];
    let takLost = 0;
    for (const { alerts } of takDevices) {
      const known = new Set<string>();
      for (const { uid, readMs } of alerts) {
        const id = uid.slice(uid.indexOf(".W-") + 1);
        const raisedMs = raised.get(id);
        if (raisedMs === undefined || known.has(id)) continue;
        known.add(id);
        takLatencies.push(readMs - decisiveMs(nearMs, raisedMs));
      }
      takLost += [...raised.keys()].filter((id) => !known.has(id)).length;
    }
    let [lost, rungs] = [0, 0];
    for (const { id } of warnings) {
      const { ladder = [] } = JSON.parse((await asking.ask(owner.cookie, "GET", paths.warning(id))).body) as WarningDetail;
      for (const rung of ladder) {
        if (rung.toldMs === undefined || !rung.ways.some(({ channel, sentMs }) => channel === "browser" && sentMs !== undefined)) continue;
        rungs += 1;
        if (![id, ...before(id)].some((known) => told.has(`${known}/${rung.personId}`))) lost += 1;
      }
    }
    const metrics = (await asking.ask(owner.cookie, "GET", paths.metrics)).body;
    const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, "m").exec(metrics)?.[1] ?? Number.NaN);
    socket.destroy();
    return {
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      most: Math.max(...latencies),
      tickP99: quantile(byTick, 0.99),
      takP50: quantile(takLatencies, 0.5),
      takP99: quantile(takLatencies, 0.99),
      takAlerts: takLatencies.length,
      takLost,
      takBytesPerS: takDevices.reduce((sum, { bytes }) => sum + bytes, 0) / seconds,
      notices: latencies.length,
      lost,
      rungs,
      doubled: devices.reduce((sum, { again }) => sum + again, 0),
      detectionsPerS: detections / seconds,
      tracks: metric("atalaya_tracks"),
      warnings: warnings.length,
      bytesPerS: devices.reduce((sum, { bytes }) => sum + bytes, 0) / seconds,
      cutOff: metric("atalaya_stream_cut_off_total"),
      skipped: metric("atalaya_stream_skipped_total"),
      generatorLateMs: lateMs,
    };
  } finally {
    for (const device of devices) device.close();
    for (const device of takDevices) device.close();
    await hub.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  name: "warn",
  measures:
    "from the read of the decisive frame until the device of a person in danger has read the notice: hub, load and devices on one machine; a notice that time alone decided counts from the tick that judged it",
  async run(words): Promise<BenchResult> {
    const runs = Number(words.find((word) => word.startsWith("runs="))?.slice(5) ?? 3);
    const seconds = Number(words.find((word) => word.startsWith("seconds="))?.slice(8) ?? WARM_UP_S + RUN_S);
    const tracks = Number(words.find((word) => word.startsWith("tracks="))?.slice(7) ?? TRACKS);
    const takDevices = Number(words.find((word) => word.startsWith("tak="))?.slice(4) ?? TAK_DEVICES);
    const results: Record<string, number>[] = [];
    for (let k = 0; k < runs; k += 1) results.push(await measure({ tracks, takDevices, seconds }));
    const of = (unit: string, name: string) =>
      figure(
        unit,
        results.map((result) => result[name] ?? Number.NaN),
      );
    return {
      figures: {
        browser_p50_ms: of("ms", "p50"),
        browser_p99_ms: of("ms", "p99"),
        browser_max_ms: of("ms", "most"),
        tick_to_browser_p99_ms: of("ms", "tickP99"),
        tak_p50_ms: of("ms", "takP50"),
        tak_p99_ms: of("ms", "takP99"),
        tak_alerts: of("alerts", "takAlerts"),
        tak_lost: of("alerts", "takLost"),
        bytes_to_tak_per_s: of("B/s", "takBytesPerS"),
        lost: of("people", "lost"),
        doubled: of("notices", "doubled"),
        notices: of("notices", "notices"),
        people_told: of("people", "rungs"),
        warnings: of("warnings", "warnings"),
        detections_per_s: of("detections/s", "detectionsPerS"),
        tracks: of("tracks", "tracks"),
        bytes_to_browsers_per_s: of("B/s", "bytesPerS"),
        browsers_cut_off: of("browsers", "cutOff"),
        ticks_passed_over: of("ticks", "skipped"),
        load_late_max_ms: of("ms", "generatorLateMs"),
      },
      peers: {},
    };
  },
};
