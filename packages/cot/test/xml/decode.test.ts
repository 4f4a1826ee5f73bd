// What an event in XML says, white space, references, names and order included.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CotElement, decodeCotXml, encodeCotXml } from "../../src/index.ts";
import { bytesOf, DRONE_XML, eventOfXml, eventXml, textOf, utf8 } from "../samples.ts";

function detailOf(content: string): readonly CotElement[] {
  return eventOfXml(eventXml(`<detail>${content}</detail>`)).detail;
}

function valueOf(written: string): string | undefined {
  return detailOf(`<a b=${written}/>`)[0]?.attributes["b"];
}

const leaf = (name: string, attributes: Record<string, string> = {}, text = ""): CotElement => ({ name, attributes, text, children: [] });

test("an event is read with its head, its place and its details", () => {
  assert.deepEqual(eventOfXml(DRONE_XML), {
    uid: "RID-7",
    type: "a-u-A-M-H-Q",
    how: "m-g",
    timeMs: Date.UTC(2026, 10, 24, 8, 0, 0, 125),
    startMs: Date.UTC(2026, 10, 24, 8, 0, 0, 125),
    staleMs: Date.UTC(2026, 10, 24, 8, 1, 0, 125),
    access: undefined,
    qos: undefined,
    opex: undefined,
    point: { latDeg: 31.7587123, lonDeg: -106.4869456, haeM: 1206.5, ceM: 10.5, leM: 4 },
    detail: [
      leaf("contact", { callsign: "DRONE 7" }),
      leaf("track", { speed: "18.25", course: "217.5" }),
      leaf("status", { battery: "87" }),
      leaf("takv", { device: "Sniffer", platform: "Atalaya", os: "Debian", version: "0.1" }),
      leaf("precisionlocation", { geopointsrc: "GPS", altsrc: "GPS" }),
      leaf("__group", { name: "Cyan", role: "Sensor" }),
      leaf("link", { uid: "RID-OP-7", type: "a-n-G", relation: "p-p" }),
      leaf("remarks", {}, "92 m above take-off; pilot 240 m south — «norte»"),
      {
        name: "atalaya:drone",
        attributes: { "xmlns:atalaya": "urn:atalaya:cot:1", serial: "1581F5BK22384" },
        text: "",
        children: [leaf("atalaya:seen", { rssi: "-61" }), leaf("atalaya:seen", { rssi: "-60" })],
      },
    ],
  });
});

test("an attribute value is normalised: white space to blanks, references to what they stand for, and those stay", () => {
  assert.equal(valueOf(`" a\tb\nc\r\nd\re "`), " a b c d e ");
  assert.equal(valueOf(`'&#9;&#10;&#13;&#x20;'`), "\t\n\r ");
  assert.equal(valueOf(`"&lt;&gt;&amp;&quot;&apos;&amp;lt;"`), `<>&"'&lt;`);
  assert.equal(valueOf(`'a "b" > c'`), 'a "b" > c');
  assert.equal(valueOf(`"it's"`), "it's");
  assert.equal(valueOf(`"&#x1F681;&#128641;🚁 é"`), "🚁🚁🚁 é");
  assert.equal(valueOf(`"&#0000000000000000000065;"`), "A");
  assert.equal(valueOf("''"), "");
  assert.equal(valueOf('"]]>"'), "]]>");
});

test("text keeps its white space but for the ends of lines, and joins over comments and references", () => {
  const textOfA = (content: string): string | undefined => detailOf(`<a>${content}</a>`)[0]?.text;
  assert.equal(textOfA(" a\r\nb\rc\nd\t "), " a\nb\nc\nd\t ");
  assert.equal(textOfA("a&#13;b&amp;&lt;c<!-- no -->d]]e]"), "a\rb&<cd]]e]");
  assert.equal(textOfA("  \n"), "  \n");
  assert.equal(textOfA("é€🚁<!-- ñ -->é"), "é€🚁é");
  assert.deepEqual(detailOf("<a>\n  <b> x </b>\n  <c/>\n</a>"), [
    { name: "a", attributes: {}, text: "", children: [leaf("b", {}, " x "), leaf("c")] },
  ]);
  assert.deepEqual(detailOf("<a>x<b/>y</a>"), [{ name: "a", attributes: {}, text: "xy", children: [leaf("b")] }]);
});

test("names stand as they came, whatever other meaning they have", () => {
  const content =
    "<a:b xmlns:a='urn:a' a:c='1' __proto__='2' constructor='3' toString='4'/><__proto__ hasOwnProperty=''/><ñandú ß='·'/><𐀀/>";
  const [first, second, third, fourth] = detailOf(content);
  assert.deepEqual(Object.entries(first?.attributes ?? {}), [
    ["xmlns:a", "urn:a"],
    ["a:c", "1"],
    ["__proto__", "2"],
    ["constructor", "3"],
    ["toString", "4"],
  ]);
  assert.equal(Object.getPrototypeOf(first?.attributes), Object.prototype);
  assert.deepEqual([second?.name, third, fourth?.name], ["__proto__", leaf("ñandú", { ß: "·" }), "𐀀"]);
  assert.equal(textOf(bytesOf(encodeCotXml(eventOfXml(eventXml(`<detail>${content}</detail>`))))).includes('__proto__="2"'), true);
});

test("an event may begin with a byte order mark and a declaration, and have comments around and in it", () => {
  const event = eventOfXml(DRONE_XML);
  for (const xml of [
    `\ufeff${DRONE_XML}`,
    `<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n${DRONE_XML}`,
    `\ufeff<?xml version="1.0"?><!-- é --> ${DRONE_XML}\n<!-- 🚁 -->\n`,
    DRONE_XML.replaceAll("><", ">\n\t<"),
    DRONE_XML.replace("<point", "text &amp; <!-- é -->text<point"),
    DRONE_XML.replace("</event>", "<other a='1'><b>c</b></other>\r\n</event >"),
    DRONE_XML.replace("/><detail>", "></point><detail>"),
    DRONE_XML.replace("/><detail>", "><!-- in the point --><a/></point><detail>"),
  ])
    assert.deepEqual(eventOfXml(xml), event, xml.slice(0, 60));
});

test("point and detail may stand in either order, and a detail may be empty or missing", () => {
  const point = '<point lat="1" lon="2" hae="3" ce="4" le="5"/>';
  const behind = eventOfXml(eventXml(point, "<detail><a/></detail>"));
  assert.deepEqual([behind.point.latDeg, behind.detail], [1, [leaf("a")]]);
  for (const detail of ["", "<detail/>", "<detail></detail>", "<detail>text</detail>", "<detail a='1'><!-- x --></detail>"])
    assert.deepEqual(eventOfXml(eventXml(detail)).detail, []);
});

test("attributes that the schema knows are kept, with references in them; others are not", () => {
  const event = eventOfXml(
    eventXml("", undefined, ' access="Undefined" qos="1-r-c" opex="e-DRILL" caveat="x"').replace('"RID-7"', '"RID&#45;7 &amp; é"'),
  );
  assert.deepEqual([event.uid, event.access, event.qos, event.opex], ["RID-7 & é", "Undefined", "1-r-c", "e-DRILL"]);
  const written = textOf(bytesOf(encodeCotXml(event)));
  assert.match(written, / how="m-g" access="Undefined" qos="1-r-c" opex="e-DRILL">/);
  assert.ok(!written.includes("caveat"));
});

test("what is unknown is undefined, however the sender writes it", () => {
  for (const unknown of ["9999999", "9999999.0", "9999999.000000", "9.999999E6", "999999", "999999.0"]) {
    const { point } = eventOfXml(eventXml("", `<point lat="1" lon="2" hae="${unknown}" ce="${unknown}" le="${unknown}"/>`));
    assert.deepEqual(point, { latDeg: 1, lonDeg: 2, haeM: undefined, ceM: undefined, leM: undefined }, unknown);
  }
});

test("an event is written on one line, escaped, with what is unknown as ATAK writes it", () => {
  const event = {
    ...eventOfXml(eventXml("")),
    uid: `a<b>"c"&'d'\n`,
    point: { latDeg: -33.35, lonDeg: 44, haeM: undefined, ceM: undefined, leM: 2.5 },
    detail: [leaf("remarks", {}, "x]]>\r\ny"), { ...leaf("a", { b: "\t" }), children: [leaf("c")] }],
  };
  assert.equal(
    textOf(bytesOf(encodeCotXml(event))),
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
      `<event version="2.0" uid="a&lt;b&gt;&quot;c&quot;&amp;'d'&#10;" type="a-u-A-M-H-Q" time="2026-11-24T08:00:00.125Z" start="2026-11-24T08:00:00.125Z" stale="2026-11-24T08:01:00.125Z" how="m-g">` +
      '<point lat="-33.35" lon="44" hae="9999999.0" ce="9999999.0" le="2.5"/>' +
      '<detail><remarks>x]]&gt;&#13;\ny</remarks><a b="&#9;"><c/></a></detail></event>',
  );
});

test("a document with attributes and nesting at the bounds costs no more than its length", () => {
  // Each would take minutes if a check were done anew for each element before it.
  const attributes = Array.from({ length: 64 }, (_, k) => `aaaaaaaa${k}=''`).join(" ");
  const element = `<a ${attributes}/>`;
  assert.ok("event" in decodeCotXml(utf8(eventXml(`<detail>${element.repeat(35)}</detail>`))));
  assert.ok("event" in decodeCotXml(utf8(eventXml(`<detail>${"<a/>".repeat(8000)}</detail>`))));
  assert.ok("refused" in decodeCotXml(utf8(eventXml(`<detail><a>${"&#1".padEnd(20_000, "0")}0;</a></detail>`))));
  assert.ok("event" in decodeCotXml(utf8(eventXml(`<detail><a>${"]".repeat(30_000)}</a></detail>`))));
});
