// Alerts as others read them: by the schema of the standard, by its rules, and back to the same values.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import fc from "fast-check";
import {
  type CapAlert,
  CATEGORIES,
  CERTAINTIES,
  chainIdentifier,
  decodeAlert,
  encodeAlert,
  MSG_TYPES,
  nextInChain,
  RESPONSE_TYPES,
  SCOPES,
  SEVERITIES,
  STATUSES,
  timeOf,
  timeText,
  URGENCIES,
} from "../src/index.ts";

const sent = { unixS: 1_795_352_520, offsetMin: -420 };
const plain: CapAlert = {
  identifier: "W-T-17-abc.1",
  sender: "ioc@sector.example",
  sent,
  status: "Actual",
  msgType: "Alert",
  scope: "Restricted",
  restriction: "For partner agencies",
};

function written(alert: CapAlert): string {
  const result = encodeAlert(alert);
  assert.ok("xml" in result, JSON.stringify(result));
  return result.xml;
}

function codeOf(result: ReturnType<typeof decodeAlert> | ReturnType<typeof encodeAlert>): string {
  return "refused" in result ? result.refused.code : "taken";
}

/** What xmllint says of these documents by the schema of the standard. */
function invalid(documents: readonly string[]): string[] {
  return documents.flatMap((document) => {
    const { status, stderr, error } = spawnSync(
      "xmllint",
      ["--nonet", "--noout", "--schema", sharedData("data", "cap", "cap12.xsd"), "-"],
      {
        input: document,
        encoding: "utf8",
      },
    );
    assert.equal(error, undefined);
    return status === 0 ? [] : [`${stderr.slice(0, 300)}\n${document.slice(0, 300)}`];
  });
}

const text = fc.string({ unit: "grapheme", maxLength: 30 }).map((value) => value.replace(/\p{Cc}/gu, " "));
const filled = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).map((value) => `x${value.replace(/\p{Cc}/gu, " ")}`);
const identifier = fc.stringMatching(/^[A-Za-z0-9_.:@-]{1,40}$/);
const time = fc.record({ unixS: fc.integer({ min: 0, max: 4_102_444_800 }), offsetMin: fc.integer({ min: -840, max: 840 }) });
const degrees = (most: number): fc.Arbitrary<number> => fc.integer({ min: -most * 100_000, max: most * 100_000 }).map((k) => k / 100_000);
const point = fc.record({ latDeg: degrees(90), lonDeg: degrees(180) });
const ring = fc.array(point, { minLength: 3, maxLength: 6 }).map((corners) => [...corners, corners[0]!]);
const named = fc.array(fc.record({ valueName: text, value: text }), { minLength: 1, maxLength: 2 });
const some = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const area = fc.record(
  {
    areaDesc: filled,
    polygons: fc.array(ring, { minLength: 1, maxLength: 2 }),
    circles: fc.array(fc.record({ centre: point, radiusKm: fc.integer({ min: 0, max: 20_000_000 }).map((m) => m / 1000) }), {
      minLength: 1,
      maxLength: 2,
    }),
    geocodes: named,
    altitudeFt: fc.integer({ min: -1000, max: 60_000 }),
  },
  { requiredKeys: ["areaDesc"] },
);
const resource = fc.record(
  { resourceDesc: text, mimeType: text, sizeBytes: fc.nat(), uri: fc.webUrl(), derefUri: text, digest: text },
  { requiredKeys: ["resourceDesc", "mimeType"] },
);
const info = fc.record(
  {
    language: some(["en-US", "es-US", "es", "en"]),
    categories: fc.array(some(CATEGORIES), { minLength: 1, maxLength: 3 }),
    event: filled,
    responseTypes: fc.array(some(RESPONSE_TYPES), { minLength: 1, maxLength: 2 }),
    urgency: some(URGENCIES),
    severity: some(SEVERITIES),
    certainty: some(CERTAINTIES),
    audience: text,
    eventCodes: named,
    effective: time,
    onset: time,
    expires: time,
    senderName: text,
    headline: text,
    description: text,
    instruction: text,
    web: fc.webUrl(),
    contact: text,
    parameters: named,
    resources: fc.array(resource, { minLength: 1, maxLength: 2 }),
    areas: fc.array(area, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ["categories", "event", "urgency", "severity", "certainty"] },
);
const word = fc.stringMatching(/^[A-Za-z0-9@.]{1,10}( [A-Za-z0-9]{1,5})?$/);
const alert = fc.record(
  {
    identifier,
    sender: identifier,
    sent: time,
    status: some(STATUSES),
    msgType: some(MSG_TYPES),
    source: text,
    scope: some(SCOPES),
    restriction: filled,
    addresses: fc.array(word, { minLength: 1, maxLength: 3 }),
    codes: fc.array(text, { minLength: 1, maxLength: 2 }),
    note: text,
    references: fc.array(fc.record({ sender: identifier, identifier, sent: time }), { minLength: 1, maxLength: 3 }),
    incidents: fc.array(word, { minLength: 1, maxLength: 2 }),
    infos: fc.array(info, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ["identifier", "sender", "sent", "status", "msgType", "scope", "restriction", "addresses", "references"] },
);

test("whatever an alert says comes back as it was written", () => {
  fc.assert(
    fc.property(alert, (value) => {
      // Through JSON: plain objects on both sides, and no negative zero.
      const read = decodeAlert(written(value as CapAlert));
      assert.ok("alert" in read, JSON.stringify(read));
      assert.deepEqual(JSON.parse(JSON.stringify(read.alert)), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 300 },
  );
});

test("the schema of the standard takes what is written", needsShared, () => {
  const documents = fc.sample(alert, { numRuns: 60, seed: 7 }).map((value) => written(value as CapAlert));
  assert.deepEqual(invalid([...documents, written(plain)]), []);
  assert.equal(invalid([written(plain).replace("Restricted", "Secret")]).length, 1, "the schema is read");
});

test("a moment is written in local time with its offset, UTC with a minus, and read back", () => {
  assert.equal(timeText(sent), "2026-11-22T06:02:00-07:00");
  assert.equal(timeText({ unixS: 0, offsetMin: 0 }), "1970-01-01T00:00:00-00:00");
  assert.equal(timeText({ unixS: 951_782_400, offsetMin: 330 }), "2000-02-29T05:30:00+05:30");
  assert.deepEqual(timeOf("2026-11-22T06:02:00-07:00"), sent);
  for (const wrong of [
    "2026-11-22T06:02:00Z",
    "2026-11-22T06:02:00.5-07:00",
    "2026-02-29T06:02:00-07:00",
    "2026-13-01T00:00:00+00:00",
    "2026-11-22T24:02:00-07:00",
    "2026-11-22 06:02:00-07:00",
    "",
  ])
    assert.equal(timeOf(wrong), undefined, wrong);
  assert.equal(timeText({ unixS: Number.NaN, offsetMin: 0 }), undefined);
});

test("what breaks a rule of the standard is not written, and the clause is named", () => {
  const block = { categories: ["Security"], event: "x", urgency: "Immediate", severity: "Severe", certainty: "Observed" } as const;
  const corner = { latDeg: 1, lonDeg: 2 };
  const withArea = (more: object): CapAlert => ({ ...plain, infos: [{ ...block, areas: [{ areaDesc: "a", ...more }] }] });
  const cases: readonly (readonly [string, CapAlert])[] = [
    ["identifier", { ...plain, identifier: "two words" }],
    ["identifier", { ...plain, identifier: "a,b" }],
    ["identifier", { ...plain, identifier: "a&b" }],
    ["identifier", { ...plain, identifier: "" }],
    ["sender", { ...plain, sender: "a<b" }],
    ["restriction", { ...plain, restriction: " " }],
    ["addresses", { ...plain, scope: "Private" }],
    ["references-missing", { ...plain, msgType: "Update" }],
    ["references-missing", { ...plain, msgType: "Cancel", references: [] }],
    ["references", { ...plain, msgType: "Update", references: [{ sender: "a b", identifier: "x", sent }] }],
    ["time", { ...plain, sent: { unixS: Number.NaN, offsetMin: 0 } }],
    ["category", { ...plain, infos: [{ ...block, categories: [] }] }],
    ["language", { ...plain, infos: [{ ...block, language: "english, please" }] }],
    ["polygon", withArea({ polygons: [[corner, corner, corner]] })],
    ["polygon", withArea({ polygons: [[corner, corner, corner, { latDeg: 1, lonDeg: 3 }]] })],
    ["coordinates", withArea({ circles: [{ centre: { latDeg: 91, lonDeg: 0 }, radiusKm: 1 }] })],
    ["coordinates", withArea({ circles: [{ centre: { latDeg: Number.NaN, lonDeg: 0 }, radiusKm: 1 }] })],
    ["circle", withArea({ circles: [{ centre: corner, radiusKm: -1 }] })],
    ["ceiling", withArea({ ceilingFt: 100 })],
    ["missing-element", withArea({ areaDesc: " " })],
    ["too-many", withArea({ polygons: [Array.from({ length: 10_001 }, () => corner)] })],
    ["too-long", { ...plain, note: "x".repeat(40_000) }],
  ];
  for (const [code, value] of cases) {
    const result = encodeAlert(value);
    assert.equal(codeOf(result), code);
    assert.ok("refused" in result && /CAP 1\.2 §|profile/.test(result.refused.clause));
  }
});

test("what a text holds cannot become markup", () => {
  const note = `<info>&amp;]]>"'\u0000\u000b\ud800\r\n\tá`;
  const xml = written({ ...plain, note });
  assert.doesNotMatch(xml, /<info>/);
  const read = decodeAlert(xml);
  assert.ok("alert" in read);
  assert.equal(read.alert.note, `<info>&amp;]]>"'\ufffd\ufffd\ufffd\r\n\tá`);
});

test("documents that attack their reader, or are none of CAP 1.2, are refused by name", () => {
  const good = written(plain);
  const cases: readonly (readonly [string, string])[] = [
    ["doctype", good.replace("<alert", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert')],
    ["entity", good.replace("W-T-17", "&x;")],
    ["entity", good.replace("W-T-17", "a&b")],
    ["entity", good.replace("W-T-17", "&#0;")],
    ["entity", good.replace("W-T-17", "&#xD800;")],
    ["too-deep", good.replace("<identifier>", "<a>".repeat(40))],
    ["too-long", `${good}${" ".repeat(300_000)}`],
    ["too-many", good.replace("<status>", `${"<code>x</code>".repeat(10_001)}<status>`)],
    ["markup", good.slice(0, -20)],
    ["markup", `${good}<alert/>`],
    ["markup", good.replace("</sender>", "</Sender>")],
    ["markup", good.replace("<alert ", "<alert a='1' a='2' ")],
    ["markup", good.replace("<alert ", "<x:alert ")],
    ["markup", ""],
    ["character", good.replace("W-T-17", "\u0001")],
    ["encoding", good.replace("UTF-8", "UTF-16")],
    ["not-an-alert", good.replace("cap:1.2", "cap:1.1")],
    ["not-an-alert", '<feed xmlns="http://www.w3.org/2005/Atom"/>'],
    ["unknown-element", good.replace("</alert>", "<more/></alert>")],
    ["unknown-element", good.replace("<identifier>", "<identifier><b/>")],
    ["unknown-element", good.replace("<identifier>", "words<identifier>")],
    ["repeated-element", good.replace("<status>", "<sender>x</sender><status>").replace("<sent>2026-11-22T06:02:00-07:00</sent>", "")],
    ["missing-element", good.replace(/<status>.*<\/status>/, "")],
    ["order", good.replace(/(<status>.*<\/status>)(<msgType>.*<\/msgType>)/, "$2$1")],
    ["unknown-value", good.replace("Actual", "Real")],
    ["unknown-value", good.replace("Actual", " Actual ")],
    ["time", good.replace("-07:00", "Z")],
    [
      "references",
      good
        .replace("</scope>", "</scope><restriction>x</restriction><references>a,b</references>")
        .replace(/<restriction>For.*?<\/restriction>/, ""),
    ],
  ];
  for (const [code, document] of cases) assert.equal(codeOf(decodeAlert(document)), code, document.slice(0, 400));
});

test("a document is read whatever prefix, comments, sections and signature it has", () => {
  const document = written({ ...plain, note: "a < b" })
    .replace(/<(\/?)(?=[a-z])/gi, "<$1cap:")
    .replace("xmlns=", "xmlns:cap=")
    .replace("a &lt; b", "<![CDATA[a < b]]>")
    .replace("<cap:sender>", "<!-- who -->\n<?pi x?><cap:sender>")
    .replace("</cap:alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><x/></Signature></cap:alert>');
  assert.deepEqual(decodeAlert(`\ufeff${document}`), { alert: { ...plain, note: "a < b" } });
});

test("any bytes are read or refused, never thrown at", () => {
  const good = written({ ...plain, infos: [] });
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(40), fc.string({ unit: "binary", maxLength: 20 }), (at, cut, put) => {
      decodeAlert(good.slice(0, at) + put + good.slice(at + cut));
    }),
    { numRuns: 500 },
  );
});

test("the identifiers of a chain come of its subject and step alone, hold nothing that is forbidden, and differ where subjects differ", () => {
  const chain = { subject: "W-T-17 a,b<&", sender: "ioc@sector.example", sent: [] as { step: number; time: typeof sent }[] };
  assert.deepEqual(nextInChain(chain), { step: 1, identifier: "W-T-17_20_a_2c_b_3c__26_.1", references: [] });
  for (let k = 0; k < 30; k += 1) {
    const { step, identifier, references } = nextInChain(chain);
    assert.equal(step, k + 1);
    assert.equal(references.length, Math.min(k, 20));
    if (k > 0) assert.equal(references.at(-1)?.identifier, chainIdentifier(chain.subject, k));
    if (k > 0) assert.equal(references[0]?.identifier, chainIdentifier(chain.subject, 1));
    assert.ok("xml" in encodeAlert({ ...plain, identifier, msgType: k === 0 ? "Alert" : "Update", references }));
    chain.sent.push({ step, time: sent });
  }
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), fc.nat(), fc.nat(), (a, b, m, n) => {
      assert.equal(chainIdentifier(a, m) === chainIdentifier(b, n), a === b && m === n);
    }),
  );
});
