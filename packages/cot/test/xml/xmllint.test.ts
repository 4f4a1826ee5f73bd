// libxml2 as an independent judge: what we accept is well formed and says to it what it says to us; what we refuse and it accepts, we refuse by our profile.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as fc from "fast-check";
import { type CotCode, decodeCotXml, encodeCotXml } from "../../src/index.ts";
import { anyEvent, bytesOf, DRONE_XML, eventXml, utf8 } from "../samples.ts";

const folder = mkdtempSync(join(tmpdir(), "cot-xmllint-"));
after(() => rmSync(folder, { recursive: true }));

/** For each document, whether libxml2 takes it for well formed. It reads no network and expands nothing. */
function wellFormed(documents: readonly Uint8Array[]): readonly boolean[] {
  const verdicts: boolean[] = [];
  const AT_ONCE = 400;
  for (let from = 0; from < documents.length; from += AT_ONCE) {
    const names = documents.slice(from, from + AT_ONCE).map((document, k) => {
      const name = `d${k}.xml`;
      writeFileSync(join(folder, name), document);
      return name;
    });
    const { stderr, error } = spawnSync("xmllint", ["--noout", "--nonet", ...names], {
      cwd: folder,
      encoding: "latin1",
      maxBuffer: 1 << 28,
    });
    assert.equal(error, undefined);
    // A prefix without a namespace is an error of another recommendation; names stand here as they come.
    const faulty = new Set([...stderr.matchAll(/^(d\d+\.xml):\d+: parser error/gm)].map(([, name]) => name));
    const unreadable = new Set([...stderr.matchAll(/^(d\d+\.xml):\d+: (?:encoding|I\/O|internal) error/gm)].map(([, name]) => name));
    verdicts.push(...names.map((name) => !faulty.has(name) && !unreadable.has(name)));
  }
  return verdicts;
}

/** Why we refuse what XML allows: our profile, and what an event has to say. */
const NOT_XMLS_BUSINESS: readonly CotCode[] = [
  "too-long",
  "doctype",
  "cdata",
  "processing-instruction",
  "encoding",
  "too-deep",
  "too-many-attributes",
  "not-an-event",
  "missing-attribute",
  "missing-point",
  "repeated-element",
  "time",
  "number",
  "latitude",
  "longitude",
];

function compare(documents: readonly Uint8Array[]): { readonly accepted: number; readonly refused: number } {
  const verdicts = wellFormed(documents);
  let accepted = 0;
  documents.forEach((document, k) => {
    const decoded = decodeCotXml(document);
    const shown = (): string => `${JSON.stringify(new TextDecoder().decode(document))} ${JSON.stringify(decoded)}`;
    if ("event" in decoded) {
      accepted += 1;
      assert.ok(verdicts[k], `accepted, and not well formed: ${shown()}`);
    } else if (verdicts[k]) assert.ok(NOT_XMLS_BUSINESS.includes(decoded.refused.code), `well formed, and refused: ${shown()}`);
  });
  return { accepted, refused: documents.length - accepted };
}

const declared = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

/** Pieces of markup that are put in anywhere: most break an event, some do not. */
const PIECES = [
  "<!-- c -->",
  "<!-- -- -->",
  "<!--->",
  "<![CDATA[x]]>",
  "<?pi x?>",
  "<?xml version='1.0'?>",
  "&amp;",
  "&#65;",
  "&#x1F600;",
  "&#0;",
  "&#xD800;",
  "&#xFFFE;",
  "&#;",
  "&nbsp;",
  "&",
  "<",
  ">",
  "]]>",
  "]",
  "'",
  '"',
  "=",
  "/",
  " ",
  "\n",
  "\r\n",
  "\t",
  "\u0000",
  "\u0001",
  "\u007f",
  "\u0085",
  "\ufffe",
  "\ufeff",
  "é",
  "𝄞",
  "<a>",
  "</a>",
  "<a/>",
  "<a b='1'/>",
  "<a b='1' b='2'/>",
  "<a b=1/>",
  "<a b='<'/>",
  "<a b='1'c='2'/>",
  "<é·/>",
  "<·é/>",
  "< a/>",
  "<a / >",
  "<-a/>",
  "<a:b:c/>",
  " x='y'",
  " uid='again'",
  "</event>",
  "<!DOCTYPE event>",
];

const broken = fc
  .tuple(
    fc.constantFrom(DRONE_XML, declared + DRONE_XML, eventXml("<detail><remarks>a</remarks></detail>")),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...PIECES)), { minLength: 1, maxLength: 2 }),
  )
  .map(([seed, pieces]) =>
    pieces.reduce((xml, [at, piece]) => `${xml.slice(0, at % (xml.length + 1))}${piece}${xml.slice(at % (xml.length + 1))}`, seed),
  )
  .map(utf8);

const cut = fc
  .tuple(fc.constantFrom(DRONE_XML, declared + DRONE_XML), fc.nat(), fc.nat(12))
  .map(([xml, at, size]) => xml.slice(0, at % xml.length) + xml.slice((at % xml.length) + size))
  .map(utf8);

const changed = fc.tuple(fc.nat(), fc.nat(255)).map(([at, value]) => {
  const bytes = utf8(declared + DRONE_XML);
  bytes[at % bytes.length] = value;
  return bytes;
});

test("events with markup put in, pieces taken out and bytes changed are judged as libxml2 judges them", () => {
  const { accepted, refused } = compare(fc.sample(fc.oneof({ arbitrary: broken, weight: 4 }, cut, changed), { numRuns: 2500, seed: 7 }));
  assert.ok(accepted > 250 && refused > 700, `${accepted} accepted, ${refused} refused`);
});

test("declarations are judged as libxml2 judges them", () => {
  const forms = [
    '<?xml version="1.0"?>',
    "<?xml version='1.0' ?>",
    '<?xml  version = "1.0"  encoding=\'utf-8\' standalone="no" ?>',
    '<?xml version="1.0" standalone="maybe"?>',
    '<?xml version="1.0" standalone="yes" encoding="UTF-8"?>',
    '<?xml encoding="UTF-8"?>',
    '<?xml version="1.0"encoding="UTF-8"?>',
    '<?xml version="1.0" encoding=""?>',
    '<?xml version="1.0" encoding="8"?>',
    "<?xml?>",
    "<?xml ?>",
    '<?xml version="1.0">',
    '<?xml version="1.0"',
    '<?XML version="1.0"?>',
    '<?xml-stylesheet href="a"?>',
    ' <?xml version="1.0"?>',
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>',
    "\ufeff",
    "<!-- first -->",
  ];
  const { accepted } = compare(forms.map((form) => utf8(form + DRONE_XML)));
  assert.equal(accepted, 6);
});

test("every single character is judged as libxml2 judges it: in text, in a value, in a name, at the beginning of one", () => {
  const points = [...Array.from({ length: 0x180 }, (_, k) => k), 0x2ff, 0x300, 0x36f, 0x370, 0x37d, 0x37e, 0x37f, 0x1fff, 0x2000, 0x200b];
  points.push(
    0x200c,
    0x200d,
    0x200e,
    0x203f,
    0x2040,
    0x2041,
    0x2070,
    0x218f,
    0x2190,
    0x2bff,
    0x2c00,
    0x2fef,
    0x2ff0,
    0x3000,
    0x3001,
    0xd7ff,
  );
  points.push(0xe000, 0xf8ff, 0xf900, 0xfdcf, 0xfdd0, 0xfdef, 0xfdf0, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1fffe, 0xeffff, 0xf0000, 0x10ffff);
  const documents = points.flatMap((point) => {
    const character = String.fromCodePoint(point);
    return [
      `<a>${character}</a>`,
      `<a b="${character}"/>`,
      `<a${character}/>`,
      `<${character}a/>`,
      `<a>&#${point};</a>`,
      `<a b="&#x${point.toString(16)};"/>`,
    ].map((detail) => utf8(eventXml(`<detail>${detail}</detail>`)));
  });
  const { accepted } = compare(documents);
  assert.ok(accepted > points.length * 2);
});

test("bytes that are no UTF-8 are refused, as libxml2 does", () => {
  const sequences = [
    [0x80],
    [0xc0, 0x80],
    [0xc1, 0xbf],
    [0xc3],
    [0xe0, 0x80, 0x80],
    [0xe0, 0x9f, 0xbf],
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xe2, 0x82],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xff],
    [0xfe, 0xff],
  ];
  const documents = sequences.map((bytes) => Buffer.concat([utf8("<event><a>"), Uint8Array.from(bytes), utf8("</a></event>")]));
  assert.deepEqual(
    wellFormed(documents),
    documents.map(() => false),
  );
  for (const document of documents) {
    const decoded = decodeCotXml(document);
    assert.ok("refused" in decoded && decoded.refused.code === "not-utf8");
  }
});

test("libxml2's own canonical writing of an event says the same to us as the event did", () => {
  const canonical = (document: Uint8Array): Uint8Array => {
    const { status, stdout, stderr } = spawnSync("xmllint", ["--c14n", "--nonet", "-"], { input: document });
    assert.equal(status, 0, stderr.toString());
    return stdout;
  };
  const written = fc
    .sample(anyEvent, { numRuns: 40, seed: 11 })
    // Canonical form is defined for documents with namespaces only.
    .filter((event) => !JSON.stringify(event.detail).includes(":b") && !/"(?:name|[^"]*)":"[^"]*:/.test(JSON.stringify(event.detail)))
    .map((event) => bytesOf(encodeCotXml(event)));
  const odd = `<a b=' x&#9;y&#10;z\t\n w&#13;' c="&lt;&quot;&amp;'>">t&#13;\r\nu\rv]&#93;&gt;<!-- c -->w</a><b>\n  <c/>\n</b>`;
  const documents = [...written, utf8(declared + DRONE_XML), utf8(eventXml(`<detail>${odd}</detail>`))];
  assert.ok(documents.length > 10);
  for (const document of documents) {
    const ours = decodeCotXml(document);
    assert.ok("event" in ours);
    assert.deepEqual(decodeCotXml(canonical(document)), ours);
  }
});
