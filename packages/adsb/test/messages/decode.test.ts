// Frames as they were on the air, byte by byte, with what published worked examples and other decoders read from them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  altitudeCode13,
  altitudeFt12,
  altitudeFt13,
  decodeModeS,
  fromHex,
  gillhamCode,
  type ModeSMessage,
  squawkCode,
  squawkText,
} from "../../src/index.ts";

function decode(text: string): ModeSMessage {
  const bytes = fromHex(text);
  assert.ok(bytes !== undefined, text);
  const message = decodeModeS(bytes, 0, bytes.length);
  assert.ok(!("refused" in message), `${text}: ${JSON.stringify(message)}`);
  return message;
}

function refusal(text: string): string {
  const bytes = fromHex(text) ?? new Uint8Array();
  const message = decodeModeS(bytes, 0, bytes.length);
  return "refused" in message ? message.refused.code : "none";
}

const squitter = { type: "extended", df: 17, addressKind: "icao", origin: "adsb" } as const;

test("identification, airborne and surface position, velocity over ground and through the air", () => {
  // Worked examples of J. Sun, "The 1090 Megahertz Riddle".
  assert.deepEqual(decode("8D4840D6202CC371C32CE0576098"), {
    ...squitter,
    address: 0x4840d6,
    control: 5,
    typeCode: 4,
    content: { kind: "identification", category: "A0", callsign: "KLM1023" },
  });
  assert.deepEqual(decode("8D40621D58C382D690C8AC2863A7"), {
    ...squitter,
    address: 0x40621d,
    control: 5,
    typeCode: 11,
    content: {
      kind: "airbornePosition",
      surveillanceStatus: 0,
      nicSupplementB: false,
      altitudeFt: 38_000,
      altitudeReference: "pressure",
      isTimeSynchronised: false,
      isOdd: false,
      cprLatitude: 93_000,
      cprLongitude: 51_372,
    },
  });
  assert.deepEqual(decode("8C4841753A9A153237AEF0F275BE"), {
    ...squitter,
    address: 0x484175,
    control: 4,
    typeCode: 7,
    content: {
      kind: "surfacePosition",
      groundSpeedKt: 17,
      trackDeg: 92.8125,
      isTimeSynchronised: false,
      isOdd: true,
      cprLatitude: 39_195,
      cprLongitude: 110_320,
    },
  });
  assert.deepEqual(decode("8D485020994409940838175B284F"), {
    ...squitter,
    address: 0x485020,
    control: 5,
    typeCode: 19,
    content: {
      kind: "groundVelocity",
      subtype: 1,
      isIntentChange: false,
      nacV: 0,
      verticalRateFpm: -832,
      verticalRateSource: "gnss",
      heightDifferenceFt: 550,
      eastKt: -8,
      northKt: -159,
      groundSpeedKt: Math.sqrt(8 * 8 + 159 * 159),
      trackDeg: 360 + (Math.atan2(-8, -159) * 180) / Math.PI,
    },
  });
  assert.deepEqual(decode("8DA05F219B06B6AF189400CBC33F"), {
    ...squitter,
    address: 0xa05f21,
    control: 5,
    typeCode: 19,
    content: {
      kind: "airVelocity",
      subtype: 3,
      isIntentChange: false,
      nacV: 0,
      verticalRateFpm: -2304,
      verticalRateSource: "pressure",
      heightDifferenceFt: undefined,
      headingDeg: 243.984375,
      airspeedKt: 375,
      airspeedKind: "true",
    },
  });
});

test("emergency status and target state", () => {
  const emergency = decode("8DA2C1B6E112B600000000760759");
  assert.deepEqual(emergency.type === "extended" && emergency.content, { kind: "emergency", emergency: 0, squawk: "6513" });
  const target = decode("8DA05629EA21485CBF3F8CADAEEB");
  assert.deepEqual(target.type === "extended" && target.content, {
    kind: "targetState",
    isSilPerSample: false,
    altitudeSource: "panel",
    selectedAltitudeFt: 16_992,
    pressureSettingHpa: 1012.8,
    selectedHeadingDeg: 66.796875,
    nacP: 9,
    nicBaro: true,
    sil: 3,
    modes: { autopilot: true, verticalNavigation: true, altitudeHold: false, approach: false, lateralNavigation: true },
    hasAcas: true,
  });
});

test("replies that hide their address give it if they are undamaged", () => {
  // One aircraft, one minute (rsadsb/adsb_deku issue 13): its squitters said AB92A2 and 10,600 ft as well.
  assert.deepEqual(decode("5DAB92A2B04912"), { type: "allCall", df: 11, address: 0xab92a2, capability: 5, interrogator: 0 });
  assert.deepEqual(decode("020007A0D08FF4"), {
    type: "acas",
    df: 0,
    overlay: 0xab92a2,
    isOnGround: false,
    sensitivityLevel: 0,
    replyInformation: 0,
    altitudeFt: 10_600,
  });
  const commB = decode("A02014B400000000000000F9D514");
  assert.equal(commB.type === "altitude" && commB.altitudeFt, 32_300);
});

test("formats that nobody uses, lengths that are not the format's and broken parity are refused", () => {
  assert.equal(refusal(""), "unknown-format");
  for (const df of [1, 2, 3, 6, 7, 8, 9, 10, 12, 13, 14, 15, 22, 23]) {
    const length = df < 16 ? 7 : 14;
    assert.equal(
      refusal(
        (df << 3)
          .toString(16)
          .padStart(2, "0")
          .padEnd(2 * length, "0"),
      ),
      "unknown-format",
      `format ${df}`,
    );
  }
  assert.equal(refusal("8D4840D6202CC3"), "wrong-length");
  assert.equal(refusal(`5DAB92A2B04912${"00".repeat(7)}`), "wrong-length");
  assert.equal(refusal("8D"), "wrong-length");
  assert.equal(refusal("8D4840D6202CC371C32CE0576099"), "bad-crc");
  assert.equal(refusal("904840D6202CC371C32CE0576098"), "bad-crc");
  // The last seven bits of an all-call reply may carry an interrogator's code, the others not.
  const withCode = decode("5DAB92A2B0490F");
  assert.equal(withCode.type === "allCall" && withCode.interrogator, 0x12 ^ 0x0f);
  assert.equal(refusal("5DAB92A2B04992"), "bad-crc");
});

test("altitudes in steps of 25 and of 100 feet, over all codes", () => {
  // Mode C, from the tables of Annex 10 Vol IV appendix to chapter 3: the pulses of an altitude, D2 D4 A1 A2 A4 B1 B2 B4 C1 C2 C4.
  const pulses: readonly (readonly [altitudeFt: number, pulses: string])[] = [
    [-1200, "00000000001"],
    [-1100, "00000000011"],
    [-1000, "00000000010"],
    [-900, "00000000110"],
    [-800, "00000000100"],
    [-700, "00000001100"],
    [0, "00000011010"],
    [126_700, "10000000001"],
  ];
  const code = (text: string): number => {
    const [d2, d4, a1, a2, a4, b1, b2, b4, c1, c2, c4] = text.split("").map(Number);
    return [c1!, a1!, c2!, a2!, c4!, a4!, 0, b1!, 0, b2!, d2!, b4!, d4!].reduce((sum, bit) => sum * 2 + bit, 0);
  };
  for (const [altitudeFt, text] of pulses) {
    assert.equal(altitudeFt13(code(text)), altitudeFt, text);
    assert.equal(gillhamCode(altitudeFt), code(text), text);
  }
  for (let altitudeFt = -1200; altitudeFt <= 126_700; altitudeFt += 100)
    assert.equal(altitudeFt13(gillhamCode(altitudeFt) ?? 0), altitudeFt);
  // One pulse changes from each hundred feet to the next, as encoders need it.
  for (let altitudeFt = -1100; altitudeFt <= 126_700; altitudeFt += 100) {
    const change = (gillhamCode(altitudeFt) ?? 0) ^ (gillhamCode(altitudeFt - 100) ?? 0);
    assert.equal(change & (change - 1), 0, `${altitudeFt}`);
  }
  for (let altitudeFt = -1000; altitudeFt <= 50_175; altitudeFt += 25)
    assert.equal(altitudeFt13(altitudeCode13(altitudeFt) ?? 0), altitudeFt);
  let answers = 0;
  for (let all = 0; all < 8192; all += 1) {
    const altitudeFt = altitudeFt13(all);
    if (Number.isNaN(altitudeFt)) continue;
    answers += 1;
    assert.equal(all & 0x40, 0, "metres are not decoded");
    assert.equal(altitudeFt12(((all >> 1) & 0xfc0) | (all & 0x3f)), altitudeFt);
  }
  assert.equal(answers, 2048 + 1280);
  for (const beyond of [-1300, 126_800, 50, Number.NaN]) assert.equal(gillhamCode(beyond), undefined);
});

test("squawks have their digits' bits where the standard has them", () => {
  // C1 A1 C2 A2 C4 A4 X B1 D1 B2 D2 B4 D4
  assert.equal(squawkCode("7000"), 0b0101010000000);
  assert.equal(squawkCode("0700"), 0b0000000101010);
  assert.equal(squawkCode("0070"), 0b1010100000000);
  assert.equal(squawkCode("0007"), 0b0000000010101);
  assert.equal(squawkCode("1234"), 0x0800 | 0x0008 | 0x1000 | 0x0400 | 0x0001);
  for (let code = 0; code < 0o10000; code += 1) {
    const text = code.toString(8).padStart(4, "0");
    assert.equal(squawkText(squawkCode(text) ?? -1), text);
  }
  for (const none of ["", "777", "77777", "8000", "7a00"]) assert.equal(squawkCode(none), undefined);
});

test("ground stations' messages are told apart: who says it, and whose address it is", () => {
  const seen: string[] = [];
  for (let control = 0; control < 8; control += 1) {
    for (const bit of [0, 1]) {
      // An airborne position with or without the bit that marks addresses that are not ICAO's.
      const content = Uint8Array.of((11 << 3) | bit, 0, 0, 0, 0, 0, 0);
      const bytes = Uint8Array.of((18 << 3) | control, 0x12, 0x34, 0x56, ...content, 0, 0, 0);
      for (let parity = 0; ; parity += 1) {
        const message = decodeModeS(bytes, 0, 14);
        if ("refused" in message) {
          assert.equal(parity, 0);
          const left = Number.parseInt(message.refused.detail.slice(0, 6), 16);
          bytes.set([left >> 16, (left >> 8) & 0xff, left & 0xff], 11);
          continue;
        }
        assert.ok(message.type === "extended" && message.address === 0x123456);
        seen.push(`${control}.${bit} ${message.origin} ${message.addressKind} ${message.typeCode ?? "-"} ${message.content.kind}`);
        break;
      }
    }
  }
  assert.deepEqual(seen, [
    "0.0 adsb icao 11 airbornePosition",
    "0.1 adsb icao 11 airbornePosition",
    "1.0 adsb other 11 airbornePosition",
    "1.1 adsb other 11 airbornePosition",
    "2.0 tisb icao 11 airbornePosition",
    "2.1 tisb trackFile 11 airbornePosition",
    "3.0 tisb icao - reserved",
    "3.1 tisb icao - reserved",
    "4.0 unknown unknown - reserved",
    "4.1 unknown unknown - reserved",
    "5.0 tisb other 11 airbornePosition",
    "5.1 tisb other 11 airbornePosition",
    "6.0 adsr icao 11 airbornePosition",
    "6.1 adsr other 11 airbornePosition",
    "7.0 unknown unknown - reserved",
    "7.1 unknown unknown - reserved",
  ]);
});

test("a callsign with characters that are not used is left out, the rest of the message stands", () => {
  const good = decode("8D4840D6202CC371C32CE0576098");
  assert.ok(good.type === "extended" && good.content.kind === "identification");
  // The same aircraft, all characters 0: category alone.
  const bytes = Uint8Array.of(0x8d, 0x48, 0x40, 0xd6, 0x25, 0, 0, 0, 0, 0, 0, 0xfc, 0, 0);
  const first = decodeModeS(bytes, 0, 14);
  assert.ok("refused" in first);
  const left = Number.parseInt(first.refused.detail.slice(0, 6), 16) ^ 0xfc0000;
  bytes.set([left >> 16, (left >> 8) & 0xff, left & 0xff], 11);
  const message = decodeModeS(bytes, 0, 14);
  assert.ok(!("refused" in message) && message.type === "extended");
  assert.deepEqual(message.content, { kind: "identification", category: "A5", callsign: undefined });
});
