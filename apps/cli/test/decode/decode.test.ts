// The command as users run it: a child process, its output, its exit code.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type AstmMessage, encodeBle4, encodeMessage, encodePack, encodeWifiBeacon, hex, pcapHeader, pcapRecord } from "@atalaya/remote-id";
import { needsShared, sharedData } from "@atalaya/testing/shared";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const options = ["-C", "source", "--disable-warning=ExperimentalWarning", main, "decode"];
const folder = mkdtempSync(join(tmpdir(), "atalaya-decode-"));
after(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly said: string;
}

function decode(words: readonly string[], input: string | Uint8Array = ""): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...words], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  const lines = stdout.split("\n");
  assert.equal(lines.pop(), "", "the last line ends");
  return { status, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), said: stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const sending = { transmitter: "02:a1:1a:7a:00:01", rssi: -61, counter: 7 };
const basicId: AstmMessage = { type: "basicId", idType: 1, uaType: 2, uasId: "ATLY0000000000000001" };
const operatorId: AstmMessage = { type: "operatorId", operatorIdType: 0, operatorId: "FIN87astrdge12k8" };

function bytesOf(result: ReturnType<typeof encodePack>): Uint8Array {
  assert.ok(result instanceof Uint8Array);
  return result;
}

const pack = bytesOf(encodePack([basicId, operatorId], 2));
const timeUs = Date.UTC(2026, 10, 24, 8) * 1000;
const record = pcapRecord(timeUs, encodeWifiBeacon(sending, "drone", pack));
const capture = Buffer.concat([pcapHeader(127), pcapRecord(timeUs, Uint8Array.of(0, 0, 8, 0, 0, 0, 0, 0, 0x40)), record]);
const line = {
  frame: 2,
  t: "2026-11-24T08:00:00.000Z",
  carrier: "wifi-beacon",
  transmitter: "02:a1:1a:7a:00:01",
  rssi: -61,
  counter: 7,
  version: 2,
  messages: [basicId, operatorId],
};

test("a capture prints one line for each element, its frame counted over all frames, from a file and from standard input", () => {
  assert.deepEqual(decode([file("a.pcap", capture)]), { status: 0, lines: [line], said: "" });
  assert.deepEqual(decode(["-"], capture), { status: 0, lines: [line], said: "" });
  assert.deepEqual(decode(["--format", "pcap", "-"], capture).lines, [line]);
  assert.deepEqual(decode([file("b.pcap", capture), file("c.pcap", capture)]).lines, [line, line]);
});

test("a recording that stops within a record was read to its end", () => {
  const { status, lines, said } = decode(["-"], Buffer.concat([capture, record.subarray(0, 20)]));
  assert.deepEqual([status, lines], [0, [line]]);
  assert.match(said, /cut-short/);
});

test("a capture whose records lose their boundaries cannot be read further, and what came before is printed", () => {
  const { status, lines, said } = decode(["-"], Buffer.concat([capture, new Uint8Array(16).fill(0xff)]));
  assert.deepEqual([status, lines], [1, [line]]);
  assert.match(said, /record-too-long/);
});

test("times that no calendar holds are left out instead of ending the command", () => {
  const heard = { RSSI: -70, timestamp: 1e300, type: "BLE legacy", UASdata: Buffer.alloc(921).toString("base64") };
  const { status, lines } = decode(["-"], JSON.stringify({ protocol: 1, data: heard }));
  assert.deepEqual([status, lines], [0, [{ frame: 1, carrier: "ble4", rssi: -70, messages: [] }]]);
});

test("wrong use ends with 2, input that cannot be read with 1, and both say what to do", () => {
  const cases: readonly (readonly [number, RegExp, readonly string[]])[] = [
    [2, /Usage/, []],
    [2, /Unknown option --fast/, ["--fast"]],
    [2, /one of: |one of pcap/, ["--format", "pdf", "-"]],
    [2, /--format/, ["--format"]],
    [1, /no-event/, ["--format=cot", file("letter3.txt", "Dear all")]],
    [1, /no-event/, ["--format=cot", file("empty2", "")]],
    [1, /frame-cut-short/, [file("half.cot", '<event uid="a"')]],
    [1, /no such file/, [join(folder, "missing.pcap")]],
    [1, /folder/, [folder]],
    [1, /name one with --format/, [file("letter.txt", "Dear all")]],
    [1, /empty/, [file("empty", "")]],
    [1, /not-a-capture/, ["--format", "pcap", file("letter2.txt", "Dear all")]],
  ];
  for (const [status, said, words] of cases) {
    const ran = decode(words);
    assert.equal(ran.status, status, words.join(" "));
    assert.match(ran.said, said);
    assert.deepEqual(ran.lines, []);
  }
});

test("a file that cannot be read does not keep the others from being read", () => {
  const { status, lines } = decode([join(folder, "missing"), file("d.pcap", capture)]);
  assert.deepEqual([status, lines], [1, [line]]);
});

test("rows of vectors print one line each, in order, from their bytes alone; rows that are damaged are refused on their line", () => {
  const ble4 = encodeBle4(sending, bytesOf(encodeMessage(basicId, 2)));
  const advertising = hex(ble4, 14 + 2 + 6, 31);
  const rows = [
    JSON.stringify({ kind: "basic_id", hex: hex(bytesOf(encodeMessage(basicId, 2))), decoded: { UASID: "another" } }),
    "",
    JSON.stringify({ kind: "ble4_legacy_advdata", counter: 99, hex: advertising }),
    JSON.stringify({ kind: "wifi_beacon", hex: "80" }),
    JSON.stringify({ hex: "80" }),
    "{",
    JSON.stringify({ kind: "message_pack_malformed", what: "count", hex: "f21900" }),
  ];
  const { status, lines } = decode(["-"], rows.join("\r\n"));
  assert.equal(status, 0);
  assert.deepEqual(lines.slice(0, 2), [
    { row: 1, version: 2, messages: [basicId] },
    { row: 2, carrier: "ble4", counter: 7, version: 2, messages: [basicId] },
  ]);
  const codes = lines.slice(2).map(({ row, messages, refused }) => [row, messages, (refused as { code: string } | undefined)?.code]);
  assert.deepEqual(codes, [
    [3, [], "no-element"],
    [4, [], "no-kind"],
    [5, [], "cut-short"],
    [6, [], "empty-pack"],
  ]);
});

test("a receiver's objects print a line each, counted with those that hold no Remote ID; one that is damaged is refused on its line", () => {
  const image = Buffer.alloc(921);
  image.writeInt32LE(1, 4);
  image.write("ATLY0000000000000001", 8);
  image[892] = 1;
  const object = (data: object): string => JSON.stringify({ protocol: 1, data: { type: "BLE long range", ...data } });
  const good = object({ UASdata: image.toString("base64") });
  const { status, lines } = decode(["-"], `[{"protocol":1.0,"status":{}},${good}] {"protocol":,}${good}\n\0`);
  const known = { carrier: "ble5", messages: [{ ...basicId, uaType: 0 }] };
  assert.equal(status, 0);
  assert.deepEqual(lines[0], { frame: 2, ...known });
  assert.deepEqual([lines[1]?.["frame"], (lines[1]?.["refused"] as { code: string } | undefined)?.code], [3, "not-json"]);
  assert.deepEqual(lines[2], { frame: 4, ...known });
});

test("a reader that closes the pipe early ends the command without a complaint", async () => {
  const child = spawn(process.execPath, [...options, "-"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdout.once("data", () => child.stdout.destroy());
  child.stdin.write(pcapHeader(127));
  const many = Buffer.concat(new Array<Uint8Array>(2000).fill(record));
  const status = await new Promise<number | null>((resolve) => {
    child.on("exit", resolve);
    const feed = (): void => {
      if (child.exitCode === null && child.stdin.writable) child.stdin.write(many, () => feed());
    };
    feed();
  });
  assert.deepEqual([status, said], [0, ""]);
});

const captures = (name: string): string => sharedData("data", "remote-id", "captures", name);

test("the real capture of a Parrot shows one aircraft by its serial number in 1,140 frames", needsShared, () => {
  const { status, lines } = decode([captures("parrot_anafi4_real.pcapng")]);
  assert.deepEqual([status, lines.length], [0, 1140]);
  const serials = lines.flatMap(({ messages }) =>
    (messages as readonly AstmMessage[]).flatMap((message) => (message.type === "basicId" ? [message.uasId] : [])),
  );
  assert.deepEqual([...new Set(serials)], ["1588E040445AC004418"]);
  assert.deepEqual(new Set(lines.map(({ carrier, transmitter, version }) => JSON.stringify([carrier, transmitter, version]))).size, 1);
});

test("forged captures, Bluetooth and NAN samples and receivers' payloads print what is known of them", needsShared, () => {
  const count = (name: string): number => decode([captures(name)]).lines.length;
  assert.equal(count("parrot_anafi4_spoofed.pcapng"), 26);
  assert.equal(count("odid_bt5_lr_sample.pcapng"), 274 - 30);
  assert.equal(count("odid_wifi_bcn_sample.pcap"), 21);
  assert.equal(count("odid_wifi_sample.pcap"), 63);
  assert.equal(count("BLE-legacy.json"), 19);
  const { lines } = decode([captures("mavic_alessa_spoofed.pcapng")]);
  assert.deepEqual([lines.length, new Set(lines.map(({ carrier }) => carrier))], [10, new Set(["dji"])]);
});

const VECTORS = sharedData("data", "remote-id", "vectors");
const CARRIER: Readonly<Record<string, string>> = {
  ble4_legacy_advdata: "ble4",
  ble5_ext_advdata: "ble5",
  wifi_beacon: "wifi-beacon",
  wifi_nan_action: "wifi-nan",
  french_beacon: "french",
  wifi_nan_sync_beacon: "wifi-nan",
};

interface Decoded {
  readonly BasicID?: readonly object[];
  readonly Location?: { readonly Status: number };
  readonly System?: { readonly AreaCount: number };
}

test(
  "every row of the golden vectors prints its line, with the carrier its kind names and the sender and counter it was made with",
  needsShared,
  () => {
    for (const name of readdirSync(VECTORS)) {
      const path = join(VECTORS, name);
      const rows = readFileSync(path, "utf8")
        .split("\n")
        .filter((text) => text !== "")
        .map((text) => JSON.parse(text) as Record<string, unknown>);
      const { status, lines } = decode([path]);
      assert.deepEqual([status, lines.length], [0, rows.length], name);
      for (const [k, row] of rows.entries()) {
        const printed = lines[k];
        const kind = String(row["kind"]);
        assert.equal(printed?.["row"], k + 1);
        if (kind === "dronescout_mqtt") continue;
        assert.equal(printed["carrier"], CARRIER[kind], `${name} ${k}`);
        if (row["counter"] !== undefined) assert.equal(printed["counter"], row["counter"], `${name} ${k}`);
        const sender = String(row["mac"]);
        if (row["mac"] !== undefined) assert.equal(String(printed["transmitter"]).replaceAll(":", ""), sender, `${name} ${k}`);
        const { BasicID = [], Location, System } = (row["decoded"] ?? {}) as Decoded;
        if (CARRIER[kind] !== undefined && kind !== "french_beacon" && row["decoded"] !== undefined) {
          const messages = printed["messages"] as readonly AstmMessage[];
          const location = messages.find((message) => message.type === "location");
          const system = messages.find((message) => message.type === "system");
          assert.equal(messages.filter(({ type }) => type === "basicId").length, BasicID.length, `${name} ${k}`);
          assert.equal(location?.status, Location?.Status, `${name} ${k}`);
          assert.equal(system?.areaCount, System?.AreaCount, `${name} ${k}`);
        }
        const isMalformed = row["error"] !== undefined;
        assert.equal(printed["refused"] !== undefined, isMalformed, `${name} ${k}: ${JSON.stringify(printed["refused"])}`);
      }
    }
  },
);
