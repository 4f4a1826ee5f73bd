// The JSON Schema and the decoder agree: on every named case, on lines bent at random, and on the shared scenarios.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeDetectionLine, detectionsSchema, encodeDetectionLine, type RefusalCode } from "@atalaya/protocol/detections";
import { temporaryFolder } from "@atalaya/testing/hub";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { declaredSensor, sensedDetection, sensedScan } from "./arbitrary-lines.ts";

// strictTypes and strictRequired frown at conditions that stand apart from the properties they are about.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, strictTuples: false, allErrors: false });
const allows = ajv.compile(detectionsSchema);

/** What a JSON Schema cannot say; stated in the schema's own comment and in the document. */
const BEYOND: ReadonlySet<RefusalCode> = new Set([
  "line-too-long",
  "nested-too-deep",
  "interval-reversed",
  "not-positive-definite",
  "classes-above-one",
]);

function agree(text: string): void {
  const line = decodeDetectionLine(text, { epochS: 0, arrivedS: 1 });
  const allowed = allows(JSON.parse(text));
  if (!("refused" in line)) assert.ok(allowed, `${text}\n${ajv.errorsText(allows.errors)}`);
  else if (!BEYOND.has(line.refused.code)) assert.ok(!allowed, `${text}\n${line.refused.code} ${line.refused.detail}`);
}

const KEYS = ["id", "sensor", "kind", "lat", "lon", "alt", "z", "sd", "R", "t", "t_end", "scan", "n", "fov", "classes", "uid", "vel_enu"];
const MORE_KEYS = ["period_s", "pd", "max_range_m", "falls_off", "t_sd", "snr_db", "attrs", "name", "epoch", "rotating", "t_rx", "type"];
const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1, 0.5, 400, 1e12, "", "radar", "presence", "systemTrack", "tdoa", "det", "2025-11-24T16:00:00Z", "x".repeat(65)],
  ...[[], [1], [1, 2], [1, 2, 3], [0, 1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5], [1, 0, 0, 0, 1, 0, 0, 0, 1], [null], [null, 1], ["az_deg"]],
  ...[
    ["range_m", "az_deg"],
    ["lat_deg", "lon_deg"],
    ["lat_deg", "lon_deg", "alt_m"],
    ["alt_m", "alt_m"],
    [-1, 5],
    [5, "6"],
  ],
  ...[{}, { az_deg: [1, 2] }, { az_deg: [1] }, { el_deg: [3, 300] }, { drone: 0.5 }, { drone: 2 }],
];

test("the schema allows what the decoder takes and nothing else, on lines bent at one or two places", () => {
  const line = fc.oneof(
    declaredSensor.map((sensor) => encodeDetectionLine({ type: "sensor", sensor })),
    sensedDetection.map((detection) => encodeDetectionLine({ type: "detection", detection })),
    sensedScan.map((scan) => encodeDetectionLine({ type: "scan", scan })),
    fc.constant('{"type":"scenario","name":"x","epoch":5,"duration_s":10}'),
  );
  const bend = fc.record({
    key: fc.constantFrom(...KEYS, ...MORE_KEYS),
    value: fc.oneof(fc.constantFrom(...VALUES), fc.constant(undefined)),
  });
  let taken = 0;
  fc.assert(
    fc.property(line, fc.array(bend, { maxLength: 2 }), (text, bends) => {
      const object = JSON.parse(text) as Record<string, unknown>;
      for (const { key, value } of bends) object[key] = value;
      const bent = JSON.stringify(object);
      if (!("refused" in decodeDetectionLine(bent, { epochS: 0, arrivedS: 1 }))) taken += 1;
      agree(bent);
    }),
    { numRuns: 1500 },
  );
  assert.ok(taken > 200 && taken < 1400, `${taken} taken`);
});

test("the document's copy of the schema is the schema", () => {
  const copy = JSON.parse(readFileSync(new URL("../../../../docs/detections.schema.json", import.meta.url), "utf8")) as unknown;
  assert.deepEqual(copy, JSON.parse(JSON.stringify(detectionsSchema)), "write it anew: node scripts/run.mjs scripts/detections-schema.ts");
});

test("every line of the shared scenarios is taken, by decoder and schema", needsShared, (context) => {
  const folder = temporaryFolder(context);
  const made = spawnSync(
    "python3",
    [sharedData("tracking", "gen.py"), "--seed", "7", "--out", folder, "--only", "df5,mixed,soft,messy,fpv8"],
    {
      encoding: "utf8",
    },
  );
  assert.equal(made.status, 0, made.stderr);
  const files = readdirSync(folder).filter((name) => name.endsWith(".detections.jsonl"));
  assert.equal(files.length, 5);
  const kinds = new Set<string>();
  for (const name of files) {
    readFileSync(join(folder, name), "utf8")
      .trimEnd()
      .split("\n")
      .forEach((text, k) => {
        const line = decodeDetectionLine(text);
        assert.ok(!("refused" in line), `${name} ${k + 1}: ${JSON.stringify(line)}`);
        if (line.type === "sensor") kinds.add(line.sensor.kind);
        // A validation of each line would take most of the suite's time.
        if (k % 10 === 0 || k < 40) agree(text);
      });
  }
  assert.deepEqual([...kinds].sort(), ["acoustic", "adsb", "camera", "human", "radar", "remoteid", "rf_df", "tdoa"]);
});
