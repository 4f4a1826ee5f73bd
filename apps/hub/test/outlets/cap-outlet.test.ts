// The CAP outlet: the chain of a danger from alert to cancellation, valid at each step, with nobody's place in it; what is pushed, and what a restart keeps.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type CapAlert, decodeAlert } from "@atalaya/cap";
import type { Picture, PictureWarning } from "@atalaya/picture";
import { temporaryFolder } from "@atalaya/testing/hub";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import { coarseCircle } from "../../src/outlets/cap/cap-content.ts";
import { CapOutlet, type CapSettings } from "../../src/outlets/cap/cap-outlet.ts";
import { ManualTimes } from "./manual-times.ts";

const zones = [
  { id: "post-4", name: "Post <4>", kind: "post", shape: { type: "circle", centre: { latDeg: 31.5, lonDeg: -106.5 }, radiusM: 500 } },
  {
    id: "yard",
    name: "Yard",
    kind: "area",
    shape: {
      type: "polygon",
      ring: [
        { latDeg: 31, lonDeg: -106 },
        { latDeg: 31.01, lonDeg: -106 },
        { latDeg: 31.01, lonDeg: -106.01 },
      ],
    },
  },
];
const zoneThreat = (id: string, level: string): object => ({ kind: "zone", id, name: zones.find((zone) => zone.id === id)?.name, level });
/** Her place is 31.76543, -106.43210. */
const person = {
  kind: "person",
  id: "ana",
  name: "Ana Alarcón",
  level: "warning",
  azimuthDeg: 217.5,
  edgeDistanceM: 432.1,
  centreDistanceM: 432.1,
};

function warning(level: string, threats: object[], more: object = {}): PictureWarning {
  return {
    id: "W-T-17-abc",
    reference: "K7Q2",
    level,
    state: "raised",
    count: 1,
    drill: false,
    recorded: false,
    unconfirmed: false,
    threats,
    lastHeardUs: 1_795_000_000_000_000,
    lastPlace: { latDeg: 31.76543, lonDeg: -106.4321 },
    ringM: 120,
    ...more,
  } as unknown as PictureWarning;
}

class Scene {
  warnings: PictureWarning[] = [];
  drillScope: object | undefined;
  readonly picture = { zones: () => zones, warnings: () => this.warnings.values() };
  constructor() {
    Object.defineProperty(this.picture, "drillScope", { get: () => this.drillScope });
  }
}

const settings: CapSettings = {
  sender: "ioc@sector.example",
  senderName: "Sector",
  scope: "Restricted",
  restriction: "For partner agencies",
  level: "caution",
  push: [],
};

function running(
  t: TestContext,
  more: Partial<CapSettings> = {},
  file: string = join(temporaryFolder(t), "cap.json"),
  warnings: PictureWarning[] = [],
) {
  const scene = new Scene();
  scene.warnings = warnings;
  const times = new ManualTimes();
  const outlet = new CapOutlet(
    "cap",
    { ...settings, ...more },
    {
      picture: () => scene.picture as unknown as Picture,
      nowUs: () => times.nowMs() * 1000,
      file,
      times,
    },
  );
  outlet.start();
  const read = (): CapAlert[] =>
    outlet
      .alerts()
      .toReversed()
      .map(({ xml }) => {
        const decoded = decodeAlert(xml);
        assert.ok("alert" in decoded, JSON.stringify(decoded));
        return decoded.alert;
      });
  const line = (): string[] =>
    read().map(({ identifier, msgType, references = [] }) =>
      `${msgType} ${identifier} ${references.map((r) => r.identifier).join(" ")}`.trim(),
    );
  return { scene, times, outlet, read, line, file };
}

test("a danger is one chain: alert, update when it becomes graver, renewed while it stands, cancelled at its end", async (t) => {
  const { scene, times, read, line } = running(t);
  scene.warnings = [warning("advisory", [zoneThreat("post-4", "advisory")])];
  await times.pass(5000);
  assert.deepEqual(line(), [], "below the level that is asked for");
  scene.warnings = [warning("caution", [zoneThreat("post-4", "caution")])];
  await times.pass(5000);
  scene.warnings = [warning("warning", [zoneThreat("post-4", "warning"), zoneThreat("yard", "caution"), person])];
  await times.pass(1000);
  assert.deepEqual(line(), ["Alert W-T-17-abc.1", "Update W-T-17-abc.2 W-T-17-abc.1"]);
  scene.warnings = [warning("warning", [zoneThreat("post-4", "warning"), person], { count: 2 })];
  await times.pass(5000);
  assert.equal(line().length, 2, "what is not graver waits a while");
  await times.pass(6000);
  assert.equal(line().length, 3);
  await times.pass(21 * 60_000);
  assert.equal(line().length, 4, "renewed before it lapses");
  scene.warnings = [warning("warning", [zoneThreat("post-4", "warning")], { state: "cleared", count: 2, lastCourseDeg: 90 })];
  await times.pass(60_000);
  assert.deepEqual(line().slice(3), [
    "Update W-T-17-abc.4 W-T-17-abc.1 W-T-17-abc.2 W-T-17-abc.3",
    "Cancel W-T-17-abc.5 W-T-17-abc.1 W-T-17-abc.2 W-T-17-abc.3 W-T-17-abc.4",
  ]);
  const alerts = read();
  const [first, second] = alerts;
  assert.deepEqual(second?.references?.[0], { sender: settings.sender, identifier: first?.identifier, sent: first?.sent });
  assert.deepEqual(
    alerts.map(({ status, scope }) => `${status} ${scope}`),
    Array.from({ length: 5 }, () => "Actual Restricted"),
  );
  assert.deepEqual(
    second?.infos?.map(({ language }) => language),
    ["en-US", "es-US"],
  );
  const [english, spanish] = second?.infos ?? [];
  assert.deepEqual(
    [english?.urgency, english?.severity, english?.certainty, english?.responseTypes],
    ["Immediate", "Severe", "Observed", ["Shelter"]],
  );
  assert.equal(english?.headline, "Drone coming: Post <4> and Yard");
  assert.equal(spanish?.headline, "Viene un dron: Post <4> y Yard");
  assert.deepEqual(english?.areas?.[0], { areaDesc: "Post <4>", circles: [{ centre: { latDeg: 31.5, lonDeg: -106.5 }, radiusKm: 0.5 }] });
  assert.equal(english?.areas?.[1]?.polygons?.[0]?.length, 4);
  assert.deepEqual(alerts.at(-1)?.infos?.[0]?.responseTypes, ["AllClear"]);
  assert.match(alerts.at(-1)?.infos?.[1]?.description ?? "", /^Fin del peligro\..*hacia el este\.$/);
});

test("every message of a chain is valid by the schema of the standard", needsShared, async (t) => {
  const { scene, times, outlet } = running(t);
  scene.drillScope = { channels: ["webhook"], people: [] };
  scene.warnings = [
    warning("caution", [zoneThreat("yard", "caution")]),
    warning("warning", [person], { id: "W-D-2-x", drill: true, unconfirmed: true, ringM: 90_000 }),
  ];
  await times.pass(2000);
  scene.warnings = [warning("warning", [person], { state: "cleared", benign: { what: "bird" } })];
  await times.pass(2000);
  await outlet.test();
  const alerts = outlet.alerts();
  assert.equal(alerts.length, 5);
  for (const { xml } of alerts) {
    const { status, stderr } = spawnSync("xmllint", ["--nonet", "--noout", "--schema", sharedData("data", "cap", "cap12.xsd"), "-"], {
      input: xml,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  }
});

test("a danger to people alone is a coarse piece of ground that hides where they are, and names none of them", async (t) => {
  const { scene, times, outlet, read } = running(t);
  scene.warnings = [warning("warning", [person])];
  await times.pass(1000);
  const [alert] = read();
  assert.deepEqual(
    alert?.infos?.map(({ areas }) => areas),
    [
      [{ areaDesc: "Marked area", circles: [{ centre: { latDeg: 31.76, lonDeg: -106.44 }, radiusKm: 3 }] }],
      [{ areaDesc: "Zona señalada", circles: [{ centre: { latDeg: 31.76, lonDeg: -106.44 }, radiusKm: 3 }] }],
    ],
  );
  const xml = outlet.alerts()[0]?.xml ?? "";
  for (const secret of ["Ana", "ana<", "31.765", "106.432", "217", "432"]) assert.ok(!xml.includes(secret), secret);
  // Anywhere in a cell gives the same circle, which holds all of it.
  for (const lat of [31.7501, 31.7699])
    assert.deepEqual(coarseCircle({ lastPlace: { latDeg: lat, lonDeg: -106.4321 }, ringM: 120 }), {
      centre: { latDeg: 31.76, lonDeg: -106.44 },
      radiusKm: 3,
    });
});

test("a drill is an exercise, told only where it is named, and ended when it is held up", async (t) => {
  const { scene, times, read, line } = running(t);
  scene.warnings = [warning("warning", [zoneThreat("post-4", "warning")], { drill: true })];
  await times.pass(2000);
  scene.drillScope = { channels: ["sms"], people: [] };
  await times.pass(2000);
  assert.deepEqual(line(), []);
  scene.drillScope = { channels: ["webhook"], people: [] };
  await times.pass(2000);
  scene.drillScope = { channels: ["webhook"], people: [], pausedUs: 1 };
  await times.pass(2000);
  const alerts = read();
  assert.deepEqual(
    alerts.map(({ status, msgType, note }) => [status, msgType, note]),
    [
      ["Exercise", "Alert", "DRILL / SIMULACRO"],
      ["Exercise", "Cancel", "DRILL / SIMULACRO"],
    ],
  );
  for (const { headline = "", description = "", event } of alerts[0]?.infos ?? [])
    for (const text of [headline, description, event]) assert.match(text, /^(DRILL|SIMULACRO)\. /);
  scene.warnings = [warning("warning", [zoneThreat("post-4", "warning")], { recorded: true, id: "W-R" })];
  await times.pass(2000);
  assert.equal(line().length, 2, "what was recorded elsewhere is told to nobody");
});

test("a chain goes on where it was after a restart, and one that ended meanwhile is cancelled", async (t) => {
  const first = running(t);
  first.scene.warnings = [
    warning("warning", [zoneThreat("post-4", "warning")]),
    warning("warning", [zoneThreat("yard", "warning")], { id: "W-2" }),
  ];
  await first.times.pass(1000);
  await first.outlet.stop();
  const second = running(t, {}, first.file, [warning("warning", [zoneThreat("post-4", "warning")])]);
  await second.times.pass(1000);
  assert.deepEqual(second.line(), ["Alert W-T-17-abc.1", "Alert W-2.1", "Cancel W-2.2 W-2.1"]);
  await second.outlet.stop();
});

test("each message is pushed, signed, in order; one that newer ones replaced while nobody listened is not", async (t) => {
  const got: { id: string; type: string; body: string }[] = [];
  let status = 503;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      if (status === 200) got.push({ id: String(request.headers["webhook-id"]), type: String(request.headers["content-type"]), body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}/cap`;
  const { scene, times, outlet } = running(t, { push: [{ url, secret: "whsec_AAAA" }] });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await times.pass(100);
    }
  };
  scene.warnings = [warning("caution", [zoneThreat("post-4", "caution")])];
  await until(() => outlet.health().state === "down");
  scene.warnings = [warning("warning", [zoneThreat("post-4", "warning")])];
  await until(() => outlet.alerts().length === 2);
  status = 200;
  await until(() => got.length === 1);
  scene.warnings = [];
  await until(() => got.length === 2);
  assert.deepEqual(
    got.map(({ id, type }) => `${id} ${type}`),
    ["W-T-17-abc.2 application/cap+xml", "W-T-17-abc.3 application/cap+xml"],
  );
  assert.ok(got.every(({ body }) => "alert" in decodeAlert(body)));
  assert.equal(outlet.health().state, "up");
  const tested = outlet.test();
  await until(() => got.length === 3);
  assert.equal((await tested).ok, true);
  const last = decodeAlert(got[2]!.body);
  assert.equal("alert" in last && last.alert.status, "Test");
  await outlet.stop();
});
