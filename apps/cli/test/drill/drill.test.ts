// `drill` as a person plays it: into a hub that runs, marked as a drill, gone when it ends.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type DeclaredSensor, encodeDetectionLine } from "@atalaya/protocol/detections";
import { paths } from "@atalaya/protocol";
import { closeAfter, signInOwner, startTestHub, temporaryFolder, type TestHub } from "@atalaya/testing/hub";
import { run as drill } from "../../src/drill/command.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const NODE: DeclaredSensor = { id: "n1", kind: "acoustic", latDeg: 31.75, lonDeg: -106.48, haeM: 1140, measures: ["az_deg"], sigma: [7] };

/** Bearings half a second apart, for so many seconds. */
function scenario(folder: string, seconds: number): string {
  const lines = [
    encodeDetectionLine({ type: "scenario", scenario: { name: "little", durationS: seconds } }),
    encodeDetectionLine({ type: "sensor", sensor: NODE }),
  ];
  for (let t = 0; t < seconds; t += 0.5)
    lines.push(
      encodeDetectionLine({
        type: "detection",
        detection: { id: `n1-${t}`, sensor: "n1", kind: "acoustic", timeS: t, z: [45] },
        arrivedS: t + 0.1,
      }),
    );
  const file = join(folder, "little.detections.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n{"type":"det"}\n`);
  return file;
}

function start(
  context: TestContext,
  ...words: readonly string[]
): { child: ChildProcess; ended: Promise<{ code: number | null; said: string; complained: string }> } {
  const child = spawn(process.execPath, ["-C", "source", "--disable-warning=ExperimentalWarning", MAIN, "drill", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  closeAfter(context, () => child.kill("SIGKILL"));
  let said = "";
  let complained = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += String(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => (complained += String(chunk)));
  return { child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, said, complained })) };
}

function until(hub: TestHub, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = hub.sector.onTick(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
  });
}

test("a scenario plays into the running hub, timely and marked DRILL, and its source goes with it", async (context) => {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  // Long enough for all that is asked while it plays.
  const file = scenario(hub.data, 8);
  const { ended } = start(context, file, "--data", hub.data);
  await until(hub, () => (hub.sector.picture.heard("drill")?.detections ?? 0) >= 2);
  const sources = (await (await owner.ask("GET", paths.sources)).json()) as readonly Record<string, unknown>[];
  assert.deepEqual(
    sources.map(({ id, name, kind, format, origin }) => ({ id, name, kind, format, origin })),
    [{ id: "drill", name: "Drill: little", kind: "http", format: "detections", origin: "synthetic" }],
  );
  const sensors = (await (await owner.ask("GET", paths.sensors)).json()) as readonly Record<string, unknown>[];
  assert.deepEqual(
    sensors.map(({ source, id, drill: isDrill, retimed, refused }) => ({ source, id, isDrill, retimed, refused })),
    [{ source: "drill", id: "n1", isDrill: true, retimed: 0, refused: 0 }],
  );
  const { sector } = (await (await owner.ask("GET", paths.session)).json()) as { sector: { mode: string } };
  assert.equal(sector.mode, "drill");
  // Meanwhile no real source joins, and no second drill.
  assert.equal((await owner.ask("POST", paths.sources, { name: "Real", kind: "http" })).status, 409);
  const complaints = context.mock.method(process.stderr, "write", () => true);
  assert.equal(await drill([file, "--data", hub.data]), 1);
  assert.match(String(complaints.mock.calls[0]?.arguments[0]), /A drill runs/);
  complaints.mock.restore();

  const { code, said, complained } = await ended;
  assert.equal(code, 0, complained);
  const result = JSON.parse(said) as Record<string, unknown>;
  assert.deepEqual(
    { ...result, durationS: 0 },
    { drill: "little", speed: 1, lines: 18, detections: 16, refused: 1, durationS: 0, ended: true },
  );
  assert.match(complained, /line 19: missing-key/);
  assert.deepEqual(hub.sector.picture.sources(), []);
  assert.equal((await owner.ask("POST", paths.sources, { name: "Real", kind: "http" })).status, 200);
});

test("Control-C ends a drill and takes its source away", async (context) => {
  const hub = await startTestHub(context);
  const { child, ended } = start(context, scenario(hub.data, 3600), "--data", hub.data);
  await until(hub, () => (hub.sector.picture.heard("drill")?.detections ?? 0) >= 1);
  // A terminal and the starter of the process both pass it on.
  child.kill("SIGINT");
  child.kill("SIGINT");
  const { code, said } = await ended;
  assert.equal(code, 0);
  assert.equal((JSON.parse(said) as { ended: boolean }).ended, false);
  assert.deepEqual(hub.sector.picture.sources(), []);
});

test("a drill whose command was killed does not outlive the hub", async (context) => {
  const data = temporaryFolder(context);
  const hub = await startTestHub(context, { data });
  const { child, ended } = start(context, scenario(data, 3600), "--data", data);
  await until(hub, () => (hub.sector.picture.heard("drill")?.detections ?? 0) >= 1);
  child.kill("SIGKILL");
  await ended;
  await hub.stop();
  const again = await startTestHub(context, { data });
  assert.deepEqual(again.sector.picture.sources(), []);
  assert.deepEqual([...again.sector.picture.sensors()], []);
});

test("where a real source is, where no hub runs, and without a scenario nothing is played, and it is said why", async (context) => {
  let stderr = "";
  context.mock.method(process.stderr, "write", (text: string) => {
    stderr += text;
    return true;
  });
  const says = async (code: number, message: RegExp, ...words: readonly string[]): Promise<void> => {
    stderr = "";
    assert.equal(await drill(words), code, stderr);
    assert.match(stderr, message);
  };
  const folder = temporaryFolder(context);
  const file = scenario(folder, 1);
  await says(2, /Name one scenario/);
  await says(2, /Name one scenario/, file, file);
  await says(2, /--speed 0/, file, "--speed", "0");
  await says(2, /--speed fast/, file, "--speed", "fast");
  await says(1, /no hub runs/, file, "--data", folder);
  await says(1, /no scenario of that name. There are: .*swarm50/, "swarm51", "--data", folder);
  await says(1, /no hub runs/, "swarm50@7", "--data", folder);
  const hub = await startTestHub(context);
  await says(1, /EISDIR|directory/, folder, "--data", hub.data);
  assert.deepEqual(hub.sector.picture.sources(), []);
  const owner = await signInOwner(hub);
  await owner.ask("POST", paths.sources, { name: "Real", kind: "http" });
  await says(1, /real source \(Real\)/, file, "--data", hub.data);
});
