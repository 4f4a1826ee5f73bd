// Events of other people's making are told apart; ours are what real clients look for, and survive both encodings.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  affiliationOf,
  alarm,
  alarmCancel,
  ALARMS,
  ALL_CHAT_ROOMS,
  type Built,
  chatMessage,
  chatReceipt,
  circleZone,
  type CotEvent,
  type CotMeaning,
  decodeCotXml,
  decodeTakMessage,
  deletion,
  aircraftTrack,
  droneTrack,
  xmlTextOf,
  element,
  encodeCotXml,
  encodeTakMessage,
  isOver,
  meaningOf,
  negotiationOf,
  negotiationOffer,
  negotiationRequest,
  negotiationResponse,
  ping,
  polygonZone,
  pong,
  sensorView,
  STREAM_ENDPOINT,
  teamPosition,
  withoutFlowTags,
} from "../src/index.ts";
import { bytesOf, eventOfXml, eventXml, textOf } from "./samples.ts";

const TIME_MS = Date.UTC(2026, 10, 24, 8);
const point = { latDeg: 31.75, lonDeg: -106.48, haeM: 1206, ceM: 10, leM: undefined };
const placed = { uid: "X-1", point, timeMs: TIME_MS, staleMs: TIME_MS + 60_000 };
const style = { strokeColor: 0xffff_0000, strokeWeight: 3, fillColor: 0x40ff_0000 };

function built(result: Built): CotEvent {
  assert.ok("event" in result, JSON.stringify(result));
  return result.event;
}

/** What the event's XML holds between the tags of its detail. */
function detailOf(event: CotEvent): string {
  return /<detail>(.*)<\/detail>/s.exec(textOf(bytesOf(encodeCotXml(event))))?.[1] ?? "";
}

function meaning(type: string, detail = ""): CotMeaning {
  return meaningOf(eventOfXml(eventXml(`<detail>${detail}</detail>`).replace('type="a-u-A-M-H-Q"', `type="${type}"`)));
}

test("a type says whose a thing is and what it is", () => {
  const kinds: readonly (readonly [string, CotMeaning["kind"], string?])[] = [
    ["a-u-A-M-H-Q", "drone"],
    ["a-f-A-M-F-Q-r", "drone"],
    ["a-n-A-C-F-q", "drone"],
    ["a-h-A-M-F-Q;of our own", "drone"],
    ["a-u-A-M-H-R", "aircraft"],
    ["a-u-A-M-H-R", "drone", '<rid make="DJI"/>'],
    ["a-n-A-C-F-m", "aircraft"],
    ["a-f-A-M-H", "aircraft"],
    ["a-f-A-M-H-Qx", "aircraft"],
    ["a-f-A-M-H", "team-position", '<__group name="Cyan" role="Team Member"/>'],
    ["a-f-G-U-C", "team-position", '<contact endpoint="*:-1:stcp" callsign="JENNY"/>'],
    ["a-h-G-E-V", "object", '<contact callsign="Truck"/>'],
    ["a-f-A-M-H-Q", "drone", '<contact endpoint="*:-1:stcp" callsign="UAS"/>'],
    ["b-m-p-s-m", "marker"],
    ["b-m-p-w", "marker"],
    ["b-m-p-s-p-i", "sensor-point-of-interest"],
    ["b-m-p-s-p-loc", "sensor"],
    ["b-m-r", "route"],
    ["u-d-f", "drawing"],
    ["u-rb-a", "other"],
    ["u-r-b-c-c", "drawing"],
    ["b-r-f-h-c", "medical-evacuation"],
    ["b-a-o-tbl", "alarm"],
    ["b-a-o-can", "alarm-cancel"],
    ["b-a", "alarm"],
    ["b-abc", "other"],
    ["b-t-f", "chat"],
    ["b-t-f-d", "chat-receipt"],
    ["b-f-t-r", "file-transfer"],
    ["t-x-c-t", "ping"],
    ["t-x-c-t-r", "pong"],
    ["t-x-d-d", "delete"],
    ["t-x-takp-v", "other"],
    ["t-x-m-c", "other"],
    ["nonsense", "other"],
  ];
  for (const [type, kind, detail] of kinds) assert.equal(meaning(type, detail).kind, kind, `${type} ${detail ?? ""}`);
  assert.deepEqual(["a-f-G", "a-u-A", "a-h-A", "a-n-S", "a-s-A", "a-p-A", "a-j-A", "a-k-A", "a-.-A", "b-m-p"].map(affiliationOf), [
    "friend",
    "unknown",
    "hostile",
    "neutral",
    "suspect",
    "pending",
    "joker",
    "faker",
    "other",
    undefined,
  ]);
});

test("a team position says who, in which team, how they move and how they are reached", () => {
  const detail =
    '<takv os="29" version="4.0" device="Phone" platform="ATAK-CIV"/><contact endpoint="*:-1:stcp" callsign="JENNY"/><__group role="Team Lead" name="Cyan"/>' +
    '<status battery="78"/><track course="80.25" speed="0.0"/>';
  assert.deepEqual(meaning("a-f-G-U-C", detail), {
    kind: "team-position",
    affiliation: "friend",
    dimension: "ground",
    callsign: "JENNY",
    speedMps: 0,
    courseDeg: 80.25,
    endpoint: "*:-1:stcp",
    team: "Cyan",
    role: "Team Lead",
    batteryPercent: 78,
  });
});

test("numbers that are none are left out of what an event means", () => {
  assert.deepEqual(meaning("a-u-A-M-H-Q", '<track course="NaN" speed=""/><contact callsign=""/>'), {
    kind: "drone",
    affiliation: "unknown",
    dimension: "air",
    callsign: undefined,
    speedMps: undefined,
    courseDeg: undefined,
    operatorUid: undefined,
  });
});

test("what one client sends as a hello is a delete of nothing", () => {
  assert.deepEqual(meaning("t-x-d-d"), { kind: "delete", uids: [], force: false });
});

test("an event that is handed on has lost the marks of the servers before", () => {
  const event = eventOfXml(eventXml('<detail><a/><_flow-tags_ TAK-Server-1="2026-11-24T08:00:00Z"/><b/></detail>'));
  assert.deepEqual(
    withoutFlowTags(event).detail.map(({ name }) => name),
    ["a", "b"],
  );
  assert.deepEqual({ ...withoutFlowTags(event), detail: event.detail }, event);
});

test("an event is over when it ends before it begins", () => {
  assert.equal(isOver({ ...eventOfXml(eventXml("")), staleMs: TIME_MS, startMs: TIME_MS }), true);
  assert.equal(isOver({ ...eventOfXml(eventXml("")), staleMs: TIME_MS + 1, startMs: TIME_MS }), false);
});

const events: Readonly<Record<string, readonly [event: CotEvent, meaning: CotMeaning["kind"]]>> = {
  drone: [
    built(
      droneTrack({
        ...placed,
        callsign: "DRONE 7",
        affiliation: "suspect",
        airframe: "fixed-wing",
        courseDeg: 217.5,
        speedMps: 18.25,
        remarks: "92 m",
        opex: "e-DRILL",
        operator: { uid: "OP-7", type: "a-n-G" },
        more: [element("x:y", { "xmlns:x": "urn:x" })],
      }),
    ),
    "drone",
  ],
  hub: [
    built(
      teamPosition({
        ...placed,
        callsign: "HUB",
        endpoint: STREAM_ENDPOINT,
        team: "White",
        role: "HQ",
        batteryPercent: 99.6,
        software: { device: "Server", platform: "Atalaya", os: "Debian", version: "0.1" },
      }),
    ),
    "team-position",
  ],
  alarm: [built(alarm({ ...placed, kind: "emergency", subject: { uid: "A-1", type: "a-f-G-U-C", callsign: "JENNY" } })), "alarm"],
  cancel: [
    built(alarmCancel({ ...placed, kind: "emergency", subject: { uid: "A-1", type: "a-f-G-U-C", callsign: "JENNY" } })),
    "alarm-cancel",
  ],
  chat: [
    chatMessage({
      from: { uid: "HUB", callsign: "Watch", type: "a-f-G-U-C" },
      to: { uid: "A-1", callsign: "JENNY" },
      messageId: "m-1",
      text: "Drone <north>, 400 m & closing",
      timeMs: TIME_MS,
      point,
    }),
    "chat",
  ],
  room: [
    chatMessage({
      from: { uid: "HUB", callsign: "Watch", type: "a-f-G-U-C" },
      to: ALL_CHAT_ROOMS,
      messageId: "m-2",
      text: "All clear",
      timeMs: TIME_MS,
      point,
    }),
    "chat",
  ],
  receipt: [
    chatReceipt("read", {
      from: { uid: "HUB", callsign: "Watch", type: "a-f-G-U-C" },
      to: { uid: "A-1", callsign: "JENNY" },
      messageId: "m-3",
      timeMs: TIME_MS,
      point,
    }),
    "chat-receipt",
  ],
  circle: [
    built(
      circleZone({
        ...placed,
        callsign: "Post 3",
        radiusM: 297.72,
        style,
        geofence: {
          trigger: "Entry",
          monitor: "All",
          tracking: true,
          elevationMonitored: false,
          minElevationM: 0,
          maxElevationM: 500,
          boundingSphereM: 75_000,
        },
      }),
    ),
    "drawing",
  ],
  polygon: [
    built(
      polygonZone({
        ...placed,
        callsign: "North",
        style,
        corners: [
          { latDeg: 31, lonDeg: -106 },
          { latDeg: 32, lonDeg: -106 },
          { latDeg: 32, lonDeg: -107.5 },
        ],
      }),
    ),
    "drawing",
  ],
  sensor: [
    built(
      sensorView({
        ...placed,
        callsign: "Radar 1",
        azimuthDeg: -90,
        fieldOfViewDeg: 120,
        rangeM: 40_000,
        elevationDeg: 10,
        verticalFieldOfViewDeg: 40,
        model: "X",
      }),
    ),
    "sensor",
  ],
  deletion: [deletion({ uid: "X-1", type: "a-u-A-M-H-Q" }, true, TIME_MS), "delete"],
  ping: [ping("HUB", TIME_MS), "ping"],
  pong: [pong(TIME_MS), "pong"],
  offer: [negotiationOffer("n-1", [1, 2], TIME_MS), "negotiation"],
  request: [negotiationRequest("n-1", 1, TIME_MS), "negotiation"],
  response: [negotiationResponse("n-1", true, TIME_MS), "negotiation"],
};

for (const [name, [event, kind]] of Object.entries(events)) {
  test(`our ${name} means the same after either encoding`, () => {
    const said = meaningOf(event);
    assert.equal(said.kind, kind);
    const xml = decodeCotXml(bytesOf(encodeCotXml(event)));
    assert.deepEqual(xml, { event });
    const message = decodeTakMessage(bytesOf(encodeTakMessage({ event })));
    assert.ok("message" in message && message.message.event !== undefined);
    assert.deepEqual(meaningOf(message.message.event), said);
    assert.ok(event.staleMs > event.startMs);
    // Real clients need both, and refuse an event without them.
    assert.match(event.how, /^[hm](-\w)+$/);
    assert.match(event.type, /^\w(-\w+)+$/);
  });
}

test("a drone is no friend, has no endpoint and no place off Africa, and moves as clients read it", () => {
  assert.equal(
    detailOf(events["drone"]![0]),
    '<contact callsign="DRONE 7"/><track course="217.5" speed="18.25"/><link uid="OP-7" type="a-n-G" relation="p-p"/><remarks>92 m</remarks><x:y xmlns:x="urn:x"/>',
  );
  assert.equal(events["drone"]![0].type, "a-s-A-M-F-Q");
  assert.equal(events["drone"]![0].opex, "e-DRILL");
  const plain = { ...placed, callsign: "A", affiliation: "unknown" } as const;
  assert.equal(built(droneTrack(plain)).type, "a-u-A-M-H-Q");
  // Course without speed would be read as neither.
  assert.equal(detailOf(built(droneTrack({ ...plain, courseDeg: 10 }))), '<contact callsign="A"/>');
  assert.equal(built(aircraftTrack(plain)).type, "a-u-A-C");
  assert.equal(
    detailOf(built(aircraftTrack({ ...plain, courseDeg: 10, speedMps: 50 }))),
    '<contact callsign="A"/><track course="10" speed="50"/>',
  );
  assert.equal(xmlTextOf("Puesto\u0000 7\ufffe \ud800é🚁"), "Puesto 7 \ufffdé🚁");
  const nowhere = droneTrack({ ...plain, point: { ...point, latDeg: 0, lonDeg: -0 } });
  assert.ok("refused" in nowhere && nowhere.refused.code === "no-position");
});

test("an alarm is worded as ATAK knows it, and ends by the same uid", () => {
  assert.equal(
    detailOf(events["alarm"]![0]),
    '<link uid="A-1" type="a-f-G-U-C" relation="p-p"/><contact callsign="JENNY-Alert"/><emergency type="911 Alert">JENNY</emergency>',
  );
  assert.equal(
    detailOf(events["cancel"]![0]),
    '<link uid="A-1" type="a-f-G-U-C" relation="p-p"/><contact callsign="JENNY-Alert"/><emergency cancel="true">JENNY</emergency>',
  );
  assert.deepEqual(
    [events["alarm"]![0], events["cancel"]![0]].map(({ uid, type, staleMs }) => [uid, type, staleMs - TIME_MS]),
    [
      ["X-1", "b-a-o-tbl", 10_000],
      ["X-1", "b-a-o-can", 10_000],
    ],
  );
  for (const kind of Object.keys(ALARMS) as (keyof typeof ALARMS)[]) {
    const event = built(alarm({ ...placed, kind, subject: { uid: "A", type: "a-u-A-M-H-Q", callsign: "D" } }));
    assert.deepEqual(meaningOf(event), { kind: "alarm", alarm: kind, wording: ALARMS[kind].wording, callsign: "D", subjectUid: "A" });
  }
});

test("a message to one person names them everywhere a client or server looks; one to all is addressed to nobody", () => {
  const [{ uid, staleMs, how }] = events["chat"]!;
  assert.deepEqual([uid, how, staleMs - TIME_MS], ["GeoChat.HUB.JENNY.m-1", "h-g-i-g-o", 86_400_000]);
  assert.equal(
    detailOf(events["chat"]![0]),
    '<__chat parent="RootContactGroup" groupOwner="false" messageId="m-1" chatroom="JENNY" id="A-1" senderCallsign="Watch"><chatgrp uid0="HUB" uid1="A-1" id="A-1"/></__chat>' +
      '<link uid="HUB" type="a-f-G-U-C" relation="p-p"/>' +
      '<remarks source="BAO.F.ATAK.HUB" to="A-1" time="2026-11-24T08:00:00.000Z">Drone &lt;north&gt;, 400 m &amp; closing</remarks>' +
      '<marti><dest callsign="JENNY"/></marti>',
  );
  assert.deepEqual(meaningOf(events["chat"]![0]), {
    kind: "chat",
    messageId: "m-1",
    fromUid: "HUB",
    fromCallsign: "Watch",
    room: "JENNY",
    roomId: "A-1",
    text: "Drone <north>, 400 m & closing",
    sentMs: TIME_MS,
    toUids: [],
    toCallsigns: ["JENNY"],
  });
  const all = meaningOf(events["room"]![0]);
  assert.ok(all.kind === "chat" && all.room === "All Chat Rooms" && all.roomId === "All Chat Rooms" && all.toCallsigns.length === 0);
  const receipt = events["receipt"]![0];
  assert.deepEqual([receipt.uid, receipt.type], ["m-3", "b-t-f-r"]);
  assert.deepEqual(meaningOf(receipt), { kind: "chat-receipt", state: "read", messageId: "m-3", fromUid: "HUB" });
});

test("a zone is drawn as ATAK draws one: colours as signed numbers, polygons closed, fences with all that they need", () => {
  const colours = '<strokeColor value="-65536"/><strokeWeight value="3"/><fillColor value="1090453504"/>';
  assert.equal(
    detailOf(events["circle"]![0]),
    '<shape><ellipse major="297.72" minor="297.72" angle="360"/></shape>' +
      '<__geofence elevationMonitored="false" minElevation="0" monitor="All" trigger="Entry" tracking="true" maxElevation="500" boundingSphere="75000"/>' +
      `${colours}<contact callsign="Post 3"/><labels_on value="true"/>`,
  );
  assert.equal(
    detailOf(events["polygon"]![0]),
    `<link point="31,-106"/><link point="32,-106"/><link point="32,-107.5"/><link point="31,-106"/>${colours}<contact callsign="North"/><labels_on value="true"/>`,
  );
  assert.ok(
    "refused" in
      polygonZone({
        ...placed,
        callsign: "a",
        style,
        corners: [
          { latDeg: 1, lonDeg: 1 },
          { latDeg: 2, lonDeg: 2 },
        ],
      }),
  );
  assert.deepEqual(meaningOf(events["circle"]![0]), { kind: "drawing", callsign: "Post 3", isGeofence: true });
});

test("a sensor looks within the circle and no farther than clients draw", () => {
  assert.deepEqual(meaningOf(events["sensor"]![0]), {
    kind: "sensor",
    callsign: "Radar 1",
    azimuthDeg: 270,
    fieldOfViewDeg: 120,
    rangeM: 15_000,
    elevationDeg: 10,
    verticalFieldOfViewDeg: 40,
  });
});

test("a delete names what it deletes with nothing empty, and greys or removes", () => {
  assert.equal(detailOf(events["deletion"]![0]), '<link uid="X-1" type="a-u-A-M-H-Q" relation="none"/><__forcedelete/>');
  assert.equal(detailOf(deletion({ uid: "X-1", type: "" }, false, TIME_MS)), '<link uid="X-1" type="none" relation="none"/>');
});

test("pings and their answers are those of real clients", () => {
  assert.deepEqual(
    [ping("HUB", TIME_MS), pong(TIME_MS)].map(({ uid, type, how, staleMs }) => [uid, type, how, staleMs - TIME_MS]),
    [
      ["HUB-ping", "t-x-c-t", "m-g", 10_000],
      ["takPong", "t-x-c-t-r", "m-g", 10_000],
    ],
  );
});

test("both ends agree on version 1 by events with the same uid", () => {
  assert.equal(detailOf(negotiationOffer("n", [1], TIME_MS)), '<TakControl><TakProtocolSupport version="1"/></TakControl>');
  assert.equal(detailOf(negotiationRequest("n", 1, TIME_MS)), '<TakControl><TakRequest version="1"/></TakControl>');
  assert.equal(detailOf(negotiationResponse("n", false, TIME_MS)), '<TakControl><TakResponse status="false"/></TakControl>');
  assert.deepEqual(negotiationOf(negotiationOffer("n", [1, 2], TIME_MS)), { step: "offer", versions: [1, 2] });
  assert.deepEqual(negotiationOf(negotiationRequest("n", 1, TIME_MS)), { step: "request", version: 1 });
  assert.deepEqual(negotiationOf(negotiationResponse("n", false, TIME_MS)), { step: "response", accepted: false });
});

test("a negotiation that says nothing clear is none", () => {
  const said = (type: string, control: string): unknown =>
    negotiationOf(eventOfXml(eventXml(`<detail>${control}</detail>`).replace('type="a-u-A-M-H-Q"', `type="${type}"`)));
  assert.equal(said("t-x-takp-v", ""), undefined);
  assert.equal(said("t-x-takp-v", '<TakControl><TakProtocolSupport version="one"/></TakControl>'), undefined);
  assert.deepEqual(
    said("t-x-takp-v", '<TakControl><TakProtocolSupport version="1"/><TakServerVersionInfo serverVersion="5.2"/></TakControl>'),
    {
      step: "offer",
      versions: [1],
    },
  );
  assert.equal(said("t-x-takp-q", '<TakControl><TakRequest version="1"/><TakRequest version="2"/></TakControl>'), undefined);
  assert.equal(said("t-x-takp-q", "<TakControl/>"), undefined);
  assert.equal(said("t-x-takp-r", "<TakControl/>"), undefined);
  assert.deepEqual(said("t-x-takp-r", '<TakControl><TakResponse status="TRUE"/></TakControl>'), { step: "response", accepted: false });
  assert.equal(said("a-u-A", '<TakControl><TakRequest version="1"/></TakControl>'), undefined);
});
