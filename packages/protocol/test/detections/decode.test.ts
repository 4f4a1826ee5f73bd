// The detection format: what lines say, how times are read, and every refusal by its name.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DetectionLine,
  decodeDetectionLine,
  decodeHello,
  encodeDetectionLine,
  fitDeclaration,
  type LineClock,
  MAX_LINE_BYTES,
  type RefusalCode,
} from "@atalaya/protocol/detections";
import fc from "fast-check";
import { declaredSensor, sensedDetection, sensedScan } from "./arbitrary-lines.ts";

const LIVE: LineClock = { epochS: 0, arrivedS: 1_764_000_000.5 };

function code(text: string, clock?: LineClock): RefusalCode | "taken" {
  const line = decodeDetectionLine(text, clock);
  if (!("refused" in line)) return "taken";
  assert.match(line.refused.clause, /^Atalaya detections §[1-6]$/);
  assert.ok(line.refused.detail.length > 0 && line.refused.detail.length < 300, line.refused.detail);
  return line.refused.code;
}

test("a radar's declaration, its detection and the end of its scan say what stands in them", () => {
  assert.deepEqual(
    decodeDetectionLine(
      '{"type":"sensor","id":"R1","kind":"radar","lat":31.75,"lon":-106.5,"alt":1140.5,"z":["range_m","az_deg","el_deg","rdot_mps"],' +
        '"sd":[5,0.5,null,0.3],"period_s":1,"pd":0.9,"fa_per_scan":20,"rotating":true,"max_range_m":4000,"falls_off":true,' +
        '"fov":{"range_m":[150,4000],"az_deg":[350,10],"el_deg":[-2,50],"rdot_mps":[-60,60]},"maker":"someone"}',
    ),
    {
      type: "sensor",
      sensor: {
        id: "R1",
        kind: "radar",
        latDeg: 31.75,
        lonDeg: -106.5,
        haeM: 1140.5,
        measures: ["range_m", "az_deg", "el_deg", "rdot_mps"],
        sigma: [5, 0.5, undefined, 0.3],
        periodS: 1,
        pd: 0.9,
        falseAlarmsPerScan: 20,
        fov: { rangeM: [150, 4000], azDeg: [350, 10], elDeg: [-2, 50], rangeRateMps: [-60, 60] },
        maxRangeM: 4000,
        fallsOff: true,
        soundDelay: undefined,
        rotating: true,
        selfReported: undefined,
        rangeFractionSigma: undefined,
        timeSigmaS: undefined,
      },
    },
  );
  assert.deepEqual(
    decodeDetectionLine(
      '{"type":"det","id":"R1-1","sensor":"R1","kind":"radar","scan":7,"t":0.5,"t_rx":0.6,"z":[291.17,249.7,22.9,-13.2],' +
        '"R":[64,1,1.44,1],"snr_db":13.4,"classes":{"bird":0.2,"drone":0.7,"kite":0.1},"attrs":{"rcs":[1,[2]]}}',
    ),
    {
      type: "detection",
      detection: {
        id: "R1-1",
        sensor: "R1",
        kind: "radar",
        scan: 7,
        timeS: 0.5,
        z: [291.17, 249.7, 22.9, -13.2],
        variance: [64, 1, 1.44, 1],
        covarianceEnuM2: undefined,
        identity: undefined,
        velocityEnuMps: undefined,
        timeSigmaS: undefined,
        snrDb: 13.4,
        classes: { drone: 0.7, bird: 0.2 },
      },
      arrivedS: 0.6,
    },
  );
  assert.deepEqual(decodeDetectionLine('{"type":"scan","sensor":"R1","scan":7,"n":17,"t":0,"t_end":0.9,"t_rx":1}'), {
    type: "scan",
    scan: { sensor: "R1", scan: 7, count: 17, timeS: 0, endTimeS: 0.9 },
    arrivedS: 1,
  });
});

test("another system's track comes with its number, velocity and whole covariance", () => {
  const line = decodeDetectionLine(
    '{"type":"det","id":"a","sensor":"C2","kind":"systemTrack","t":1,"z":[31.7,-106.4,1200],"R":[9,1,0,1,16,0,0,0,25],"uid":"T-17","vel_enu":[1,-2,0.5]}',
  );
  assert.ok("type" in line && line.type === "detection");
  assert.deepEqual(line.detection.variance, [9, 16, 25]);
  assert.deepEqual(line.detection.covarianceEnuM2, [9, 1, 0, 1, 16, 0, 0, 0, 25]);
  assert.equal(line.detection.identity, "T-17");
  assert.deepEqual(line.detection.velocityEnuMps, [1, -2, 0.5]);
});

test("who only hears something says where, how far it hears, and nothing else", () => {
  assert.equal(code('{"type":"sensor","id":"m","kind":"presence","lat":1,"lon":2,"alt":3,"max_range_m":300}'), "taken");
  assert.equal(code('{"type":"sensor","id":"m","kind":"presence","lat":1,"lon":2,"alt":3}'), "missing-key");
  assert.equal(code('{"type":"det","id":"1","sensor":"m","kind":"presence","t":1}'), "taken");
  assert.equal(code('{"type":"det","id":"1","sensor":"m","kind":"presence","t":1,"z":[],"R":[]}'), "taken");
  assert.equal(code('{"type":"det","id":"1","sensor":"m","kind":"presence","t":1,"z":[45]}'), "too-many-values");
});

test("times: Unix seconds, a moment as text, seconds of a scenario, or the moment of arrival", () => {
  const timeOf = (t: string, clock: LineClock): number | undefined => {
    const line = decodeDetectionLine(`{"type":"det","id":"1","sensor":"m","kind":"rf_df","z":[1]${t}}`, clock);
    return "type" in line && line.type === "detection" ? line.detection.timeS : undefined;
  };
  assert.equal(timeOf(',"t":1764000000.25', LIVE), 1_764_000_000.25);
  assert.equal(timeOf(',"t":"2025-11-24T16:00:00.25Z"', LIVE), 1_764_000_000.25);
  assert.equal(timeOf(',"t":"2025-11-24T09:00:00.250-07:00"', LIVE), 1_764_000_000.25);
  assert.equal(timeOf(',"t":"2024-02-29T23:59:60Z"', LIVE), 1_709_251_200);
  assert.equal(timeOf("", LIVE), LIVE.arrivedS);
  assert.equal(timeOf(',"t":12.5', { epochS: 1_764_000_000, arrivedS: 1 }), 1_764_000_012.5);
  assert.equal(timeOf(',"t":"2025-11-24T16:00:00Z"', { epochS: 77, arrivedS: 1 }), 1_764_000_000);
  assert.equal(timeOf(',"t":12.5', { epochS: 0, arrivedS: undefined }), 12.5);
  const df = (t: string): string => `{"type":"det","id":"1","sensor":"m","kind":"rf_df","z":[1]${t}}`;
  assert.equal(code(df("")), "missing-key");
  // The commonest slip: milliseconds.
  assert.equal(code(df(',"t":1764000000250'), LIVE), "outside-range");
  for (const wrong of ["2025-02-30T00:00:00Z", "2025-13-01T00:00:00Z", "2025-11-24 16:00:00Z", "2025-11-24T16:00:00", "now", ""])
    assert.equal(code(df(`,"t":"${wrong}"`), LIVE), "not-a-time", wrong);
  for (const wrong of ["null", "true", "[1]", "{}"]) assert.equal(code(df(`,"t":${wrong}`), LIVE), "wrong-type", wrong);
  assert.equal(code(df(',"t":1e999'), LIVE), "not-finite");
});

test("a scenario's head names the epoch of the seconds that follow, or leaves it to the moment of arrival", () => {
  assert.deepEqual(decodeDetectionLine('{"type":"scenario","name":"df5","seed":3,"duration_s":150,"score":{"classes":["drone"]}}'), {
    type: "scenario",
    scenario: { name: "df5", epochS: undefined, durationS: 150 },
  });
  const line = decodeDetectionLine('{"type":"scenario","name":"df5","epoch":"2025-11-24T16:00:00Z"}', { epochS: 99, arrivedS: 1 });
  assert.ok("type" in line && line.type === "scenario");
  assert.equal(line.scenario.epochS, 1_764_000_000);
});

const radar = (more: string): string => `{"type":"sensor","id":"R","kind":"radar","lat":1,"lon":2,"alt":3,${more}}`;
const polar = '"z":["range_m","az_deg"]';
const det = (kind: string, more: string): string => `{"type":"det","id":"1","sensor":"R","kind":"${kind}","t":1,${more}}`;

const refusals: readonly (readonly [RefusalCode | "taken", string])[] = [
  ["not-json", ""],
  ["not-json", "{"],
  ["not-json", '{"type":"det"} {"type":"det"}'],
  ["not-json", '{"type":NaN}'],
  ["not-an-object", "[]"],
  ["not-an-object", "null"],
  ["not-an-object", '"det"'],
  ["missing-key", "{}"],
  ["wrong-type", '{"type":7}'],
  ["unknown-type", '{"type":"track"}'],
  ["unknown-type", '{"type":"hello","source":"a","key":"b"}'],
  ["nested-too-deep", `{"type":${"[".repeat(17)}${"]".repeat(17)}}`],
  ["nested-too-deep", "[".repeat(60_000)],
  ["nested-too-deep", `${'{"a":'.repeat(20)}1${"}".repeat(20)}`],
  // Brackets in a text are no levels.
  ["taken", radar(`${polar},"note":"${"[".repeat(100)}"`)],
  ["taken", radar(`${polar},"note":[${"[1],".repeat(100)}1]`)],
  ["line-too-long", radar(`${polar},"note":"${"x".repeat(MAX_LINE_BYTES)}"`)],
  ["line-too-long", radar(`${polar},"note":"${"€".repeat(MAX_LINE_BYTES / 3)}"`)],
  ["missing-key", '{"type":"sensor","kind":"radar","lat":1,"lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["missing-key", '{"type":"sensor","id":"R","lat":1,"lon":2,"alt":3}'],
  ["missing-key", '{"type":"sensor","id":"R","kind":"radar","lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["missing-key", '{"type":"sensor","id":"R","kind":"radar","lat":1,"lon":2,"z":["range_m","az_deg"]}'],
  ["missing-key", '{"type":"sensor","id":"R","kind":"radar","lat":1,"lon":2,"alt":3}'],
  ["unknown-kind", '{"type":"sensor","id":"R","kind":"sonar","lat":1,"lon":2,"alt":3,"z":[]}'],
  ["unknown-kind", '{"type":"sensor","id":"R","kind":"constructor","lat":1,"lon":2,"alt":3,"z":[]}'],
  ["wrong-type", '{"type":"sensor","id":"R","kind":7,"lat":1,"lon":2,"alt":3,"z":[]}'],
  ["not-an-id", '{"type":"sensor","id":"","kind":"radar","lat":1,"lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["not-an-id", '{"type":"sensor","id":"a\\nb","kind":"radar","lat":1,"lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["id-too-long", `{"type":"sensor","id":"${"x".repeat(65)}","kind":"radar","lat":1,"lon":2,"alt":3,"z":["range_m","az_deg"]}`],
  ["taken", `{"type":"sensor","id":"${"🚁".repeat(64)}","kind":"radar","lat":1,"lon":2,"alt":3,"z":["range_m","az_deg"]}`],
  ["wrong-type", '{"type":"sensor","id":5,"kind":"radar","lat":1,"lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["outside-range", '{"type":"sensor","id":"R","kind":"radar","lat":91,"lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["outside-range", '{"type":"sensor","id":"R","kind":"radar","lat":1,"lon":181,"alt":3,"z":["range_m","az_deg"]}'],
  ["wrong-type", '{"type":"sensor","id":"R","kind":"radar","lat":"1","lon":2,"alt":3,"z":["range_m","az_deg"]}'],
  ["not-finite", '{"type":"sensor","id":"R","kind":"radar","lat":1,"lon":2,"alt":-1e999,"z":["range_m","az_deg"]}'],
  ["taken", radar('"z":["az_deg","range_m","rdot_mps"]')],
  ["kind-mismatch", radar('"z":["az_deg"]')],
  ["kind-mismatch", radar('"z":["range_m","az_deg","az_deg"]')],
  ["kind-mismatch", radar('"z":["range_m","az_deg","alt_m"]')],
  ["unknown-measure", radar('"z":["range_m","az_deg","speed"]')],
  ["wrong-type", radar('"z":["range_m",2]')],
  ["wrong-type", radar('"z":"range_m"')],
  ["too-many-values", radar('"z":["range_m","az_deg","el_deg","rdot_mps","alt_m"]')],
  ["kind-mismatch", '{"type":"sensor","id":"T","kind":"tdoa","lat":1,"lon":2,"alt":3,"z":["lon_deg","lat_deg"]}'],
  ["taken", '{"type":"sensor","id":"T","kind":"tdoa","lat":1,"lon":2,"alt":3,"z":["lat_deg","lon_deg"]}'],
  ["kind-mismatch", '{"type":"sensor","id":"T","kind":"systemTrack","lat":1,"lon":2,"alt":3,"z":["lat_deg","lon_deg"]}'],
  ["wrong-count", radar(`${polar},"sd":[1]`)],
  ["too-many-values", radar(`${polar},"sd":[1,2,3]`)],
  ["variance-not-positive", radar(`${polar},"sd":[1,0]`)],
  ["outside-range", radar(`${polar},"sd":[1,-1]`)],
  ["wrong-type", radar(`${polar},"sd":[1,"2"]`)],
  ["outside-range", radar(`${polar},"pd":1.1`)],
  ["outside-range", radar(`${polar},"period_s":0`)],
  ["wrong-type", radar(`${polar},"rotating":1`)],
  ["missing-key", radar(`${polar},"falls_off":true`)],
  ["taken", radar(`${polar},"falls_off":false`)],
  ["wrong-type", radar(`${polar},"fov":[1,2]`)],
  ["wrong-type", radar(`${polar},"fov":{"az_deg":5}`)],
  ["wrong-count", radar(`${polar},"fov":{"az_deg":[5]}`)],
  ["too-many-values", radar(`${polar},"fov":{"az_deg":[5,6,7]}`)],
  ["interval-reversed", radar(`${polar},"fov":{"el_deg":[50,-2]}`)],
  ["taken", radar(`${polar},"fov":{"az_deg":[350,10]}`)],
  ["outside-range", radar(`${polar},"fov":{"az_deg":[0,400]}`)],
  ["taken", det("radar", '"z":[100,5]')],
  ["missing-key", det("radar", '"R":[1,1]')],
  ["missing-key", '{"type":"det","sensor":"R","kind":"rf_df","t":1,"z":[1]}'],
  ["missing-key", '{"type":"det","id":"1","kind":"rf_df","t":1,"z":[1]}'],
  ["missing-key", '{"type":"det","id":"1","sensor":"R","t":1,"z":[1]}'],
  ["unknown-kind", det("lidar", '"z":[1]')],
  ["wrong-count", det("radar", '"z":[100]')],
  ["too-many-values", det("radar", '"z":[1,2,3,4,5]')],
  ["wrong-type", det("radar", '"z":[100,null]')],
  ["not-finite", det("radar", '"z":[100,1e999]')],
  ["outside-range", det("radar", '"z":[1e7,5]')],
  ["outside-range", det("adsb", '"z":[91,2,3]')],
  ["outside-range", det("adsb", '"z":[9,200,3]')],
  ["outside-range", det("adsb", '"z":[9,20,-2000]')],
  ["variance-not-positive", det("radar", '"z":[100,5],"R":[1,0]')],
  ["variance-not-positive", det("radar", '"z":[100,5],"R":[1,-4]')],
  ["wrong-count", det("radar", '"z":[100,5],"R":[1]')],
  ["too-many-values", det("radar", '"z":[100,5],"R":[1,1,1]')],
  ["too-many-values", det("radar", '"z":[1,2,3],"R":[1,0,0,0,1,0,0,0,1]')],
  ["taken", det("tdoa", '"z":[1,2,3],"R":[1,0,0,0,1,0,0,0,1]')],
  ["variance-not-positive", det("tdoa", '"z":[1,2,3],"R":[1,0,0,0,0,0,0,0,1]')],
  ["not-positive-definite", det("tdoa", '"z":[1,2,3],"R":[1,2,0,2,1,0,0,0,1]')],
  ["not-positive-definite", det("tdoa", '"z":[1,2,3],"R":[1,0.5,0,0.4,1,0,0,0,1]')],
  ["missing-key", det("systemTrack", '"z":[1,2,3],"R":[1,1,1]')],
  ["id-too-long", det("systemTrack", `"z":[1,2,3],"R":[1,1,1],"uid":"${"7".repeat(65)}"`)],
  ["wrong-count", det("adsb", '"z":[1,2,3],"vel_enu":[1,2]')],
  ["too-many-values", det("adsb", '"z":[1,2,3],"vel_enu":[1,2,3,4]')],
  ["wrong-type", det("adsb", '"z":[1,2,3],"vel_enu":{"0":1}')],
  ["outside-range", det("adsb", '"z":[1,2,3],"vel_enu":[1,2,3e5]')],
  ["wrong-type", det("rf_df", '"z":[1],"scan":1.5')],
  ["outside-range", det("rf_df", '"z":[1],"scan":-1')],
  ["outside-range", det("rf_df", '"z":[1],"classes":{"drone":1.1}')],
  ["classes-above-one", det("rf_df", '"z":[1],"classes":{"drone":0.9,"bird":0.2}')],
  ["too-many-values", det("rf_df", `"z":[1],"classes":{${Array.from({ length: 17 }, (_, k) => `"c${k}":0`).join()}}`)],
  ["wrong-type", det("rf_df", '"z":[1],"classes":["drone"]')],
  ["wrong-type", det("rf_df", '"z":[1],"attrs":"x"')],
  ["wrong-type", det("rf_df", '"z":[1],"snr_db":"12"')],
  ["outside-range", det("human", '"z":[1,50],"t_sd":0')],
  ["missing-key", '{"type":"scan","sensor":"R","scan":1,"t":1}'],
  ["outside-range", '{"type":"scan","sensor":"R","scan":1,"n":-1,"t":1}'],
  ["wrong-type", '{"type":"scan","sensor":"R","scan":1,"n":0.5,"t":1}'],
  ["interval-reversed", '{"type":"scan","sensor":"R","scan":1,"n":0,"t":1,"t_end":0.5}'],
  ["missing-key", '{"type":"scenario"}'],
  ["wrong-type", '{"type":"scenario","name":1}'],
  ["outside-range", `{"type":"scenario","name":"${"x".repeat(81)}"}`],
];

test("every refusal has its name, and what stands next to it is taken", () => {
  for (const [expected, text] of refusals) assert.equal(code(text), expected, text.slice(0, 200));
});

test("a key that comes twice counts as its last value, and one that is not known changes nothing", () => {
  const once = decodeDetectionLine(det("rf_df", '"z":[7]'));
  assert.deepEqual(decodeDetectionLine(det("rf_df", '"z":[1],"z":[7],"__proto__":{"snr_db":"x"},"future":{"a":[1]}')), once);
});

test("a detection is held against its sensor's declaration", () => {
  const declared = (text: string) => {
    const line = decodeDetectionLine(text);
    assert.ok("type" in line && line.type === "sensor");
    return line.sensor;
  };
  const against = (sensor: string, detection: string): RefusalCode | "fits" => {
    const line = decodeDetectionLine(detection);
    assert.ok("type" in line && line.type === "detection");
    return fitDeclaration(declared(sensor), line.detection)?.code ?? "fits";
  };
  const known = radar('"z":["az_deg","range_m"],"sd":[1,5]');
  assert.equal(against(known, det("radar", '"z":[300,20000]')), "fits");
  assert.equal(against(known, det("radar", '"z":[20000,300]')), "outside-range");
  assert.equal(against(known, det("radar", '"z":[1,300,4]')), "too-many-values");
  assert.equal(against(radar('"z":["az_deg","range_m","el_deg"],"sd":[1,5,1]'), det("radar", '"z":[1,300]')), "wrong-count");
  assert.equal(against(known, det("rf_df", '"z":[1]')), "kind-mismatch");
  assert.equal(against(radar(polar), det("radar", '"z":[300,20]')), "no-variance");
  assert.equal(against(radar(polar), det("radar", '"z":[300,20],"R":[25,1]')), "fits");
  const person = '{"type":"sensor","id":"R","kind":"human","lat":1,"lon":2,"alt":3,"z":["az_deg","range_m"],"sd":[15,null]';
  assert.equal(against(`${person},"range_frac_sd":0.4}`, det("human", '"z":[90,500]')), "fits");
  assert.equal(against(`${person}}`, det("human", '"z":[90,500]')), "no-variance");
});

test("what is encoded is decoded to the same, whatever it holds", () => {
  const same = (line: DetectionLine): void => {
    const text = encodeDetectionLine(line);
    const back = decodeDetectionLine(text);
    assert.ok(!("refused" in back), JSON.stringify(back));
    assert.equal(encodeDetectionLine(back), text);
    // Twice through JSON: -0 has no place in it, and what is undefined is left out.
    assert.deepEqual(JSON.parse(JSON.stringify(back)), JSON.parse(JSON.stringify(line)));
  };
  fc.assert(fc.property(declaredSensor, (sensor) => same({ type: "sensor", sensor })));
  fc.assert(
    fc.property(sensedDetection, fc.option(fc.integer(), { nil: undefined }), (detection, arrivedS) =>
      same({ type: "detection", detection, arrivedS }),
    ),
  );
  fc.assert(fc.property(sensedScan, (scan) => same({ type: "scan", scan, arrivedS: undefined })));
});

test("no text whatever makes the decoder throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void decodeDetectionLine(text)));
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => void decodeDetectionLine(text)));
  fc.assert(
    fc.property(
      fc.constantFrom("sensor", "det", "scan", "scenario"),
      fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue()),
      (type, keys) => {
        const line = decodeDetectionLine(JSON.stringify({ ...keys, type }), LIVE);
        if ("refused" in line) assert.ok(line.refused.detail.length < 400);
      },
    ),
  );
});

const KEYS = [
  "id",
  "kind",
  "lat",
  "lon",
  "alt",
  "z",
  "sd",
  "R",
  "t",
  "t_rx",
  "scan",
  "n",
  "sensor",
  "fov",
  "classes",
  "uid",
  "vel_enu",
  "name",
];

test("the first line of a TCP connection names the source and its key", () => {
  assert.deepEqual(decodeHello('{"type":"hello","source":"roof","key":"k","more":1}'), { source: "roof", key: "k" });
  for (const text of [
    "",
    "[]",
    "null",
    '{"type":"det"}',
    '{"type":"hello","source":"roof"}',
    '{"type":"hello","source":1,"key":"k"}',
    "x".repeat(5000),
  ])
    assert.equal(decodeHello(text), undefined, text.slice(0, 60));
});
