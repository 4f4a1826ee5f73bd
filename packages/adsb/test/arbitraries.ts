// Messages of every kind with every value that their fields can carry, for properties and for the oracle.
import fc from "fast-check";
import { type Content, type ExtendedSquitter, gillhamCode, type ModeSMessage } from "../src/index.ts";

/** The speeds of all codes of the movement field, written down from DO-260B table 2-15. */
const movementSpeeds: readonly number[] = [
  0,
  ...[0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875],
  ...[1, 1.25, 1.5, 1.75],
  ...Array.from({ length: 26 }, (_, k) => 2 + k / 2),
  ...Array.from({ length: 55 }, (_, k) => 15 + k),
  ...Array.from({ length: 15 }, (_, k) => 70 + 2 * k),
  ...Array.from({ length: 15 }, (_, k) => 100 + 5 * k),
  175,
];

export const address: fc.Arbitrary<number> = fc.integer({ min: 1, max: 0xff_ffff });
export const bool: fc.Arbitrary<boolean> = fc.boolean();
const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
export const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
export const squawk: fc.Arbitrary<string> = upTo(0o7777).map((code) => code.toString(8).padStart(4, "0"));
/** 0000 is told from "none" nowhere but in replies. */
const statusSquawk = optional(squawk.filter((text) => text !== "0000"));
export const altitudeFt: fc.Arbitrary<number | undefined> = optional(
  fc.oneof(
    upTo(2047).map((code) => code * 25 - 1000),
    fc.integer({ min: 502, max: 1267 }).map((hundreds) => hundreds * 100),
  ),
).filter((altitude) => altitude === undefined || altitude <= 50_175 || gillhamCode(altitude) !== undefined);
export const callsign: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ".split("")), minLength: 1, maxLength: 8 })
  .map((text) => text.trim())
  .filter((text) => text !== "");

const cpr = { isOdd: bool, cprLatitude: upTo(131_071), cprLongitude: upTo(131_071) };
const signed = (max: number, step: number): fc.Arbitrary<number | undefined> =>
  optional(fc.integer({ min: -max, max }).map((steps) => steps * step + 0));

const velocity = (subtypes: readonly number[]) => ({
  subtype: fc.constantFrom(...subtypes),
  nacV: upTo(7),
  verticalRateFpm: signed(510, 64),
  verticalRateSource: fc.constantFrom("gnss" as const, "pressure" as const),
  heightDifferenceFt: signed(126, 25),
});

interface Made {
  readonly typeCode: number;
  readonly content: Content;
}

const identification = fc
  .record({ typeCode: fc.integer({ min: 1, max: 4 }), number: upTo(7), callsign: optional(callsign) })
  .map(({ typeCode, number, callsign: text }): Made => {
    const category = `${"DCBA".charAt(typeCode - 1)}${number}`;
    return { typeCode, content: { kind: "identification", category, callsign: text } };
  });

const surface = (isRelayed: boolean): fc.Arbitrary<Made> =>
  fc
    .record({
      typeCode: fc.integer({ min: 5, max: 8 }),
      groundSpeedKt: optional(fc.constantFrom(...movementSpeeds)),
      trackDeg: optional(upTo(127).map((code) => (code * 360) / 128)),
      isTimeSynchronised: isRelayed ? fc.constant(undefined) : bool,
      ...cpr,
    })
    .map(({ typeCode, ...rest }): Made => ({ typeCode, content: { kind: "surfacePosition", ...rest } }));

const airborne = (isRelayed: boolean): fc.Arbitrary<Made> =>
  fc
    .record({
      typeCode: fc.constantFrom(9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22),
      surveillanceStatus: upTo(3),
      nicSupplementB: isRelayed ? fc.constant(undefined) : bool,
      altitudeFt,
      isTimeSynchronised: bool,
      ...cpr,
    })
    .map(
      ({ typeCode, ...rest }): Made => ({
        typeCode,
        content: { kind: "airbornePosition", altitudeReference: typeCode >= 20 ? "ellipsoid" : "pressure", ...rest },
      }),
    );

const groundVelocity = (isRelayed: boolean): fc.Arbitrary<Made> =>
  fc
    .record({
      ...velocity([1, 2]),
      isIntentChange: isRelayed ? fc.constant(undefined) : bool,
      east: optional(fc.integer({ min: -1022, max: 1022 })),
      north: optional(fc.integer({ min: -1022, max: 1022 })),
    })
    .map(({ east, north, ...rest }): Made => {
      const step = rest.subtype === 2 ? 4 : 1;
      const eastKt = east === undefined ? undefined : east * step + 0;
      const northKt = north === undefined ? undefined : north * step + 0;
      const isKnown = eastKt !== undefined && northKt !== undefined;
      const angle = isKnown && (eastKt !== 0 || northKt !== 0) ? (Math.atan2(eastKt, northKt) * 180) / Math.PI : undefined;
      return {
        typeCode: 19,
        content: {
          kind: "groundVelocity",
          ...rest,
          eastKt,
          northKt,
          groundSpeedKt: isKnown ? Math.sqrt(eastKt ** 2 + northKt ** 2) : undefined,
          trackDeg: angle === undefined || angle >= 0 ? angle : angle + 360,
        },
      };
    });

const airVelocity = (isRelayed: boolean): fc.Arbitrary<Made> =>
  fc
    .record({
      ...velocity([3, 4]),
      isIntentChange: isRelayed ? fc.constant(undefined) : bool,
      headingDeg: optional(upTo(1023).map((code) => (code * 360) / 1024)),
      airspeed: optional(upTo(1022)),
      airspeedKind: fc.constantFrom("indicated" as const, "true" as const),
    })
    .map(({ airspeed, ...rest }): Made => {
      const airspeedKt = airspeed === undefined ? undefined : airspeed * (rest.subtype === 4 ? 4 : 1);
      return { typeCode: 19, content: { kind: "airVelocity", ...rest, airspeedKt } };
    });

const emergency = fc
  .record({ emergency: upTo(7), squawk: statusSquawk })
  .map((rest): Made => ({ typeCode: 28, content: { kind: "emergency", ...rest } }));

const targetState = fc
  .record({
    isSilPerSample: bool,
    altitudeSource: fc.constantFrom("panel" as const, "management" as const),
    selectedAltitudeFt: optional(upTo(2046).map((code) => code * 32)),
    pressureSettingHpa: optional(upTo(510).map((code) => 800 + (code * 4) / 5)),
    selectedHeadingDeg: optional(upTo(511).map((code) => (code * 180) / 256)),
    nacP: upTo(15),
    nicBaro: bool,
    sil: upTo(3),
    modes: optional(fc.record({ autopilot: bool, verticalNavigation: bool, altitudeHold: bool, approach: bool, lateralNavigation: bool })),
    hasAcas: bool,
  })
  .map((rest): Made => ({ typeCode: 29, content: { kind: "targetState", ...rest } }));

const targetStateV1 = fc
  .record({
    verticalSource: upTo(3),
    isTargetAltitudeMsl: bool,
    altitudeCapability: upTo(3),
    verticalMode: upTo(3),
    targetAltitudeFt: upTo(1023).map((code) => code * 100 - 1000),
    horizontalSource: upTo(3),
    targetAngleDeg: upTo(511),
    isTargetTrack: bool,
    horizontalMode: upTo(3),
    nacP: upTo(15),
    nicBaro: bool,
    sil: upTo(3),
    modeCodes: upTo(3),
    emergency: upTo(7),
  })
  .map((rest): Made => ({ typeCode: 29, content: { kind: "targetStateV1", ...rest } }));

const operationalStatus = fc
  .record({
    isSurface: bool,
    version: upTo(7),
    codes: upTo(0xffff),
    operationalModes: upTo(0xffff),
    lengthWidth: upTo(15),
    nicSupplementA: bool,
    nacP: upTo(15),
    gva: upTo(3),
    sil: upTo(3),
    flag: bool,
    isMagnetic: bool,
    isSilPerSample: bool,
  })
  .map(({ isSurface, version, codes, ...rest }): Made => {
    const since = <T>(first: number, value: T): T | undefined => (version >= first ? value : undefined);
    return {
      typeCode: 31,
      content: {
        kind: "operationalStatus",
        isSurface,
        version,
        capabilityCodes: isSurface ? codes & 0xfff : codes,
        operationalModes: rest.operationalModes,
        lengthWidth: isSurface ? rest.lengthWidth : undefined,
        nicSupplementA: since(1, rest.nicSupplementA),
        nacP: since(1, rest.nacP),
        gva: version === 2 && !isSurface ? rest.gva : undefined,
        sil: since(1, rest.sil),
        nicBaro: isSurface ? undefined : since(1, rest.flag),
        isTrackHeading: isSurface ? since(1, rest.flag) : undefined,
        isMagnetic: since(1, rest.isMagnetic),
        isSilPerSample: version === 2 ? rest.isSilPerSample : undefined,
      },
    };
  });

const rare: fc.Arbitrary<Made> = fc.oneof(
  fc.record({ kind: fc.constant("noPosition" as const), altitudeFt }).map((content): Made => ({ typeCode: 0, content })),
  fc.record({ kind: fc.constant("test" as const), squawk: statusSquawk }).map((content): Made => ({ typeCode: 23, content })),
  fc
    .record({
      kind: fc.constant("resolutionAdvisory" as const),
      advisories: upTo(0x3fff),
      complements: upTo(15),
      isTerminated: bool,
      isMultipleThreat: bool,
      threatType: upTo(3),
      threatIdentity: upTo(2 ** 26 - 1),
    })
    .map((content): Made => ({ typeCode: 28, content })),
  fc
    .record({ typeCode: fc.constantFrom(24, 25, 26, 27, 30), rest: fc.uint8Array({ minLength: 7, maxLength: 7 }) })
    .map(({ typeCode, rest }): Made => {
      const data = Uint8Array.from([(typeCode << 3) | (rest[0]! & 7), ...rest.subarray(1)]);
      return { typeCode, content: { kind: "reserved", data } };
    }),
);

const withBit = (isRelayed: boolean): fc.Arbitrary<Made> =>
  fc.oneof(surface(isRelayed), airborne(isRelayed), groundVelocity(isRelayed), airVelocity(isRelayed));

const direct: fc.Arbitrary<ExtendedSquitter> = fc
  .record({
    made: fc.oneof(identification, withBit(false), emergency, targetState, targetStateV1, operationalStatus, rare),
    address,
    control: upTo(7),
  })
  .map(({ made, ...rest }) => ({ type: "extended", df: 17, addressKind: "icao", origin: "adsb", ...rest, ...made }));

/** Format 18 with each control field. */
const other: fc.Arbitrary<ExtendedSquitter> = fc.oneof(
  fc
    .record({ made: fc.oneof(identification, withBit(false), emergency, operationalStatus), address, control: fc.constantFrom(0, 1) })
    .map(({ made, address: who, control }): ExtendedSquitter => {
      const addressKind = control === 0 ? "icao" : "other";
      return { type: "extended", df: 18, addressKind, origin: "adsb", address: who, control, ...made };
    }),
  fc
    .record({ made: withBit(true), address, control: fc.constantFrom(2, 5, 6), isOther: bool })
    .map(({ made, address: who, control, isOther }): ExtendedSquitter => {
      const kinds = { 2: isOther ? "trackFile" : "icao", 5: "other", 6: isOther ? "other" : "icao" } as const;
      const addressKind = kinds[control as 2 | 5 | 6];
      return { type: "extended", df: 18, addressKind, origin: control === 6 ? "adsr" : "tisb", address: who, control, ...made };
    }),
  fc
    .record({ data: fc.uint8Array({ minLength: 7, maxLength: 7 }), address, control: fc.constantFrom(3, 4, 7) })
    .map(({ data, address: who, control }): ExtendedSquitter => {
      const coarse = (data[0]! & 0x80) === 0 ? "icao" : "trackFile";
      return {
        type: "extended",
        df: 18,
        address: who,
        addressKind: control === 3 ? coarse : "unknown",
        origin: control === 3 ? "tisb" : "unknown",
        control,
        typeCode: undefined,
        content: { kind: "reserved", data },
      };
    }),
);

export const extended: fc.Arbitrary<ExtendedSquitter> = fc.oneof({ weight: 3, arbitrary: direct }, { weight: 1, arbitrary: other });

export const reply: fc.Arbitrary<ModeSMessage> = fc.oneof(
  fc.record({
    type: fc.constant("acas" as const),
    df: fc.constantFrom(0 as const, 16 as const),
    overlay: address,
    isOnGround: bool,
    sensitivityLevel: upTo(7),
    replyInformation: upTo(15),
    altitudeFt,
  }),
  fc.record({
    type: fc.constant("altitude" as const),
    df: fc.constantFrom(4 as const, 20 as const),
    overlay: address,
    flightStatus: upTo(7),
    altitudeFt,
  }),
  fc.record({
    type: fc.constant("identity" as const),
    df: fc.constantFrom(5 as const, 21 as const),
    overlay: address,
    flightStatus: upTo(7),
    squawk,
  }),
  fc.record({ type: fc.constant("allCall" as const), df: fc.constant(11 as const), address, capability: upTo(7), interrogator: upTo(127) }),
  fc.record({ type: fc.constant("undecoded" as const), df: fc.constantFrom(19 as const, 24 as const) }),
);

export const message: fc.Arbitrary<ModeSMessage> = fc.oneof({ weight: 3, arbitrary: extended }, { weight: 1, arbitrary: reply });
