// What the command prints of Cursor on Target, in each form that it comes in.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CotEvent, decodeCotXml, encodeCotXml, encodeTakMessage, meshFrame, streamFrame } from "@atalaya/cot";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const options = ["-C", "source", "--disable-warning=ExperimentalWarning", main, "decode"];

interface Ran {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly said: string;
}

function decode(words: readonly string[], input: string | Uint8Array): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...words], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  const lines = stdout.split("\n");
  assert.equal(lines.pop(), "", "the last line ends");
  return { status, lines, said: stderr };
}

const xml =
  '<event version="2.0" uid="RID-7" type="a-u-A-M-H-Q" how="m-g" time="2026-11-24T08:00:00Z" start="2026-11-24T08:00:00.1239Z" stale="2026-11-24T11:01:00+03:00">' +
  '<point lat="31.7587123" lon="-106.48694560000001" hae="9999999.0" ce="10.50" le="999999"/><detail>\n  <contact callsign="DRONE 7"/>\n' +
  '  <track speed="18.25" course="217.5"/>\n  <shape><ellipse major="1"/></shape><remarks>92 m &amp; rising\n«norte»</remarks>\n</detail></event>';
const head =
  '{"uid":"RID-7","type":"a-u-A-M-H-Q","how":"m-g","time":"2026-11-24T08:00:00.000Z","start":"2026-11-24T08:00:00.123Z","stale":"2026-11-24T08:01:00.000Z",' +
  '"point":{"lat":31.7587123,"lon":-106.48694560000001,"ce":10.5},"detail":[';
const contact = '{"name":"contact","attributes":{"callsign":"DRONE 7"},"text":"","children":[]}';
const track = '{"name":"track","attributes":{"speed":"18.25","course":"217.5"},"text":"","children":[]}';
const rest =
  '{"name":"shape","attributes":{},"text":"","children":[{"name":"ellipse","attributes":{"major":"1"},"text":"","children":[]}]},' +
  '{"name":"remarks","attributes":{},"text":"92 m & rising\\n«norte»","children":[]}';
const fromXml = `${head}${contact},${track},${rest}]}`;
/** The typed fields of a message come behind what stands in its XML. */
const fromProtobuf = `${head}${rest},${contact},${track}]}`;

function eventOf(text: string): CotEvent {
  const decoded = decodeCotXml(new TextEncoder().encode(text));
  assert.ok("event" in decoded);
  return decoded.event;
}

function bytesOf(encoded: ReturnType<typeof encodeCotXml>): Uint8Array {
  assert.ok("bytes" in encoded);
  return encoded.bytes;
}

const event = eventOf(xml);
const payload = bytesOf(encodeTakMessage({ event }));
const control = bytesOf(encodeTakMessage({ control: { minVersion: 1, maxVersion: 1, contactUid: "HUB" } }));

test("an event in XML prints its line, whatever stands before and behind it", () => {
  assert.deepEqual(decode(["-"], xml), { status: 0, lines: [fromXml], said: "" });
  assert.deepEqual(decode(["--format", "cot", "-"], `<?xml version='1.0' encoding='UTF-8'?>\n${xml}\n`).lines, [fromXml]);
  assert.deepEqual(decode(["-"], `\ufeff${xml}${xml}\r\n${xml}`).lines, [fromXml, fromXml, fromXml]);
  assert.deepEqual(decode(["-"], bytesOf(encodeCotXml(event))).lines, [fromXml]);
});

test("TAK protocol messages print the same, behind lengths and as they stand on the mesh; what only says versions prints nothing", () => {
  assert.deepEqual(decode(["-"], Buffer.concat([streamFrame(payload), streamFrame(control), streamFrame(payload)])), {
    status: 0,
    lines: [fromProtobuf, fromProtobuf],
    said: "",
  });
  assert.deepEqual(decode(["-"], meshFrame(payload)).lines, [fromProtobuf]);
  assert.deepEqual(decode(["-"], Buffer.concat([meshFrame(payload), meshFrame(control), meshFrame(payload)])).lines, [
    fromProtobuf,
    fromProtobuf,
  ]);
});

test("a connection that begins in XML and goes on in version 1 is read as one", () => {
  const stream = Buffer.concat([Buffer.from(xml), streamFrame(payload), streamFrame(payload)]);
  assert.deepEqual(decode(["-"], stream), { status: 0, lines: [fromXml, fromProtobuf, fromProtobuf], said: "" });
});

test("what is refused has a line of its own in its place, and the rest is printed", () => {
  const bad = xml.replace('lat="31.7587123"', 'lat="91"');
  const bomb = `<!DOCTYPE event [<!ENTITY a "b">]>${xml}`;
  const large = `<event>${"x".repeat(1 << 20)}</event>`;
  const { status, lines, said } = decode(["-"], `${xml}${bad}${bomb}GET /\r\n${large}<auth><cot/></auth>${xml}<event uid=`);
  assert.equal(status, 0);
  assert.deepEqual([lines[0], lines.at(-1)], [fromXml, fromXml]);
  const refused = lines
    .slice(1, -1)
    .map(
      (text) =>
        (JSON.parse(text) as { readonly refused: { readonly code: string; readonly clause: string; readonly detail: string } }).refused,
    );
  assert.deepEqual(
    refused.map(({ code }) => code),
    ["latitude", "doctype", "between-events", "frame-too-long", "not-an-event"],
  );
  assert.ok(refused.every((refusal) => Object.keys(refusal).join() === "code,clause,detail"));
  assert.match(said, /frame-cut-short/);
});

test("an event is printed as soon as it has come in, though the stream goes on", async () => {
  const child = spawn(process.execPath, [...options, "-"], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(streamFrame(payload));
  const [chunk] = (await new Promise((resolve) => child.stdout.once("data", (data: Buffer) => resolve([data])))) as [Buffer];
  assert.equal(chunk.toString(), `${fromProtobuf}\n`);
  child.stdin.end();
  await new Promise((resolve) => child.once("exit", resolve));
});
