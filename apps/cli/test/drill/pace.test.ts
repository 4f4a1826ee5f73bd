// A scenario on the hub's clock: when each line is due, and what it says at another speed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeDetectionLine, type LineClock } from "@atalaya/protocol/detections";
import { Pace, type Paced } from "../../src/drill/pace.ts";

const BEGAN_S = 1_764_000_000;
const NODE =
  '{"type":"sensor","id":"R","kind":"radar","lat":1,"lon":2,"alt":3,"z":["az_deg","rdot_mps","range_m"],"sd":[1,0.5,5],"period_s":2,"fov":{"rdot_mps":[-60,60]},"colour":"grey"}';
const det = (t: string, more = ""): string =>
  `{"type":"det","id":"1","sensor":"R","kind":"radar","z":[45,-10,800],${t}${more},"attrs":{"rcs":0.1}}`;

function paced(speed: number, ...lines: readonly string[]): readonly Exclude<Paced, { refused: unknown }>[] {
  const pace = new Pace(speed);
  return lines.map((text) => {
    const line = pace.pace(text, BEGAN_S);
    assert.ok(!("refused" in line), JSON.stringify(line));
    return line;
  });
}
const object = (line: Paced | undefined): Record<string, unknown> =>
  JSON.parse(line === undefined || "refused" in line ? "{}" : line.text) as never;

test("a file with a head counts from its second 0: the same lateness, due when it would have arrived", () => {
  const [head, , early, late, scan] = paced(
    1,
    '{"type":"scenario","name":"x","duration_s":9}',
    NODE,
    det('"t":0.5,"t_rx":0.75'),
    det('"t":0.25,"t_rx":6.5'),
    '{"type":"scan","sensor":"R","scan":1,"n":2,"t":6,"t_end":6.5,"t_rx":6.625}',
  );
  assert.deepEqual(object(head), { type: "scenario", name: "x", epoch: BEGAN_S });
  assert.deepEqual([early?.dueS, late?.dueS, scan?.dueS], [0.75, 6.5, 6.625]);
  assert.deepEqual(object(late), { ...object(early), t: 0.25, t_rx: 6.5 });
  assert.deepEqual(object(early)["attrs"], { rcs: 0.1 }, "what is not known is kept");
  assert.deepEqual(object(scan), { type: "scan", sensor: "R", scan: 1, n: 2, t: 6, t_end: 6.5, t_rx: 6.625 });
});

test("a file without a head counts from its first time, whether it holds seconds or moments, or a head names an epoch", () => {
  for (const lines of [
    [NODE, det('"t":1700000000'), det('"t":1700000002.5')],
    [NODE, det('"t":"2023-11-14T22:13:20Z"'), det('"t":"2023-11-14T22:13:22.5Z"')],
    ['{"type":"scenario","name":"x","epoch":1700000000}', NODE, det('"t":0'), det('"t":"2023-11-14T22:13:22.5Z"')],
  ]) {
    const last = paced(1, ...lines).at(-1);
    assert.equal(last?.dueS, 2.5);
    assert.equal(object(last)["t"], 2.5);
  }
});

test("at another speed everything flies that much faster, and the measurements agree with one another", () => {
  const [, sensor, radar, fix, scan] = paced(
    4,
    '{"type":"scenario","name":"x"}',
    NODE,
    det('"t":8,"t_rx":10', ',"R":[1,0.25,25]'),
    '{"type":"det","id":"1","sensor":"A","kind":"adsb","t":12,"z":[1,2,3],"R":[1,2,3],"vel_enu":[4,-8,0.5],"t_sd":2}',
    '{"type":"scan","sensor":"R","scan":1,"n":2,"t":12,"t_end":14}',
  );
  assert.deepEqual([radar?.dueS, fix?.dueS, scan?.dueS], [2.5, 3, 3]);
  const said = object(sensor);
  assert.deepEqual([said["sd"], said["period_s"], said["fov"], said["colour"]], [[1, 2, 5], 0.5, { rdot_mps: [-240, 240] }, "grey"]);
  const { t, t_rx, z, R } = object(radar);
  assert.deepEqual({ t, t_rx, z, R }, { t: 2, t_rx: 2.5, z: [45, -40, 800], R: [1, 4, 25] });
  assert.deepEqual([object(fix)["vel_enu"], object(fix)["t_sd"], object(fix)["R"]], [[16, -32, 2], 0.5, [1, 2, 3]]);
  assert.deepEqual([object(scan)["t"], object(scan)["t_end"]], [3, 3.5]);
  const clock: LineClock = { epochS: BEGAN_S, arrivedS: undefined };
  for (const line of [sensor, radar, fix, scan]) assert.ok(!("refused" in decodeDetectionLine(line?.text ?? "", clock)));
});

test("a field of view in range rates stays within what the format takes", () => {
  const [sensor] = paced(20, NODE.replace("[-60,60]", "[-200,200]"));
  assert.deepEqual(object(sensor)["fov"], { rdot_mps: [-3000, 3000] });
});

test("a line that is none of the format is refused with its reason and moves nothing", () => {
  const pace = new Pace(1);
  const refused = pace.pace('{"type":"det"}', BEGAN_S);
  assert.ok("refused" in refused && refused.refused.code === "missing-key");
  const next = pace.pace(det('"t":1700000000'), BEGAN_S);
  assert.ok(!("refused" in next) && next.dueS === 0);
});
