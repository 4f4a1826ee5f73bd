// How long does a report take to an officer's screen, with 200 phones on the hub? A hub of its own, real devices over HTTP, an officer's stream.
import { setTimeout as pause } from "node:timers/promises";
import { type Hub, startHub } from "@atalaya/hub";
import { type NewReport, paths, type StreamMessage } from "@atalaya/protocol";
import { type Person, person, signIn, signInOwner } from "@atalaya/testing/hub";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type Bench, type BenchResult, figure } from "./bench.ts";

const PHONES = 200;
const RUNS = 3;
/** Each phone reports once in a run, all within this time: a sector that sees the same thing at once. */
const SPREAD_MS = 20_000;
const CAN = { sound: true, vibrate: true, wakeLock: true, compass: true, position: true, notifications: true, visible: true };
const CENTRE = { latDeg: 31.76, lonDeg: -106.49 };

function place(k: number): { latDeg: number; lonDeg: number } {
  const out = Math.sqrt(k + 1) * 300;
  return { latDeg: CENTRE.latDeg + (out * Math.cos(k * 2.4)) / 111_132, lonDeg: CENTRE.lonDeg + (out * Math.sin(k * 2.4)) / 94_600 };
}

/** Joined past the hub's door, which lets one address join only so often. */
async function joined(hub: Hub, officer: Person, k: number): Promise<Person> {
  const id = `p${k}`;
  const ways = [{ channel: "browser", address: `field:${id}` }];
  const definition = { id, name: `Agent ${k}`, language: "es", role: "agent", team: `team ${k % 20}`, leader: k % 10 === 0, ways };
  await (await officer.ask("PUT", paths.person(id), definition)).body?.cancel();
  const session = hub.identity.join(hub.identity.newJoinCode(id, definition.name).code, "bench");
  return person(hub, definition.name, `atalaya=${session?.token ?? ""}`);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function run(): Promise<BenchResult> {
  const data = mkdtempSync(join(tmpdir(), "atalaya-bench-report-"));
  const hub = await startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", data });
  const sockets: WebSocket[] = [];
  try {
    const owner = await signInOwner(hub);
    const officer = await signIn(hub, owner, "officer");
    const phones: Person[] = [];
    for (let k = 0; k < PHONES; k += 1) phones.push(await joined(hub, officer, k));
    const shown = new Map<string, (ms: number) => void>();
    const open = async (who: Person, hear: (message: StreamMessage) => void): Promise<void> => {
      const socket = new WebSocket(hub.url.replace(/^http/, "ws") + paths.stream, { headers: { cookie: who.cookie } });
      sockets.push(socket);
      socket.on("message", (text, isBinary) => (isBinary ? undefined : hear(JSON.parse(String(text)) as StreamMessage)));
      await new Promise((resolve) => socket.once("open", resolve));
    };
    await open(officer, (message) => {
      if (message.type === "report" && message.change === "received") shown.get(message.report.id)?.(performance.now());
    });
    for (const phone of phones) await open(phone, () => undefined);
    const alive = setInterval(() => {
      for (const socket of sockets) socket.send('{"type":"alive","tick":0}');
    }, 5000);
    await pause(1500);
    const screens: number[] = [];
    const receipts: number[] = [];
    for (let round = 0; round < RUNS; round += 1) {
      const toScreen: number[] = [];
      const toReceipt: number[] = [];
      await Promise.all(
        phones.map(async (phone, k) => {
          await pause(((k * 7919) % PHONES) * (SPREAD_MS / PHONES));
          const id = `bench-${round}-${String(k).padStart(4, "0")}`;
          const now = Date.now();
          const report: NewReport = {
            id,
            how: "field",
            sentMs: now,
            observedMs: now,
            observedErrorS: 0.5,
            observer: { ...place(k), errorM: 15, by: "device" },
            direction: { type: "pointed", azimuthDeg: (k * 47) % 360, sigmaDeg: 7 },
            type: "multirotor",
            atRisk: false,
            language: "es",
          };
          const beat = { sentMs: now, can: CAN, queued: 0, position: { ...place(k), errorM: 15, measuredMs: now } };
          void phone.ask("POST", paths.heartbeat, beat).then((answer) => answer.body?.cancel());
          const begun = performance.now();
          const onScreen = new Promise<number>((resolve) => shown.set(id, resolve));
          const answer = await phone.ask("POST", paths.reports, report);
          if (answer.status !== 200) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
          toReceipt.push(performance.now() - begun);
          toScreen.push((await onScreen) - begun);
        }),
      );
      for (const list of [toScreen, toReceipt]) list.sort((a, b) => a - b);
      screens.push(percentile(toScreen, 0.95));
      receipts.push(percentile(toReceipt, 0.95));
    }
    clearInterval(alive);
    return { figures: { report_p95_ms: figure("ms", screens), receipt_p95_ms: figure("ms", receipts) }, peers: {} };
  } finally {
    for (const socket of sockets) socket.terminate();
    await hub.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

export const bench: Bench = {
  name: "report",
  measures: `95th percentile from a phone's report to an officer's stream, and to its receipt (on disk), ${PHONES} phones, each one report in ${SPREAD_MS / 1000} s`,
  run,
};
