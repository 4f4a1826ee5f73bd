// The messages of Mode S as values. A property that is undefined is unknown or not sent; no code of the wire that means "none" gets this far.
// Degrees, feet, knots, feet per minute: the units that aircraft report in. Enumerations are the numbers of the wire.

/** Who the 24 bits of an extended squitter name. */
export const ADDRESS_KINDS = ["icao", "other", "trackFile", "unknown"] as const;
/**
 * `icao`: an aircraft's own address. `other`: anonymous, a vehicle or an obstacle. `trackFile`: Mode A code and track number of a ground
 * station. `unknown`: the format keeps it to itself.
 */
export type AddressKind = (typeof ADDRESS_KINDS)[number];

/** Who says it: the aircraft itself, a ground station that saw it by radar, or a ground station that heard it on another link. */
export type Origin = "adsb" | "tisb" | "adsr" | "unknown";

/** Formats 0 and 16: replies between collision avoidance systems. */
export interface AcasReply {
  readonly type: "acas";
  readonly df: 0 | 16;
  /** The sender's address, if the frame is undamaged: parity and address share their bits. */
  readonly overlay: number;
  readonly isOnGround: boolean;
  readonly sensitivityLevel: number;
  readonly replyInformation: number;
  /** Above the 1013.25 hPa surface. */
  readonly altitudeFt: number | undefined;
}

/** Formats 4 and 20. */
export interface AltitudeReply {
  readonly type: "altitude";
  readonly df: 4 | 20;
  readonly overlay: number;
  readonly flightStatus: number;
  readonly altitudeFt: number | undefined;
}

/** Formats 5 and 21. */
export interface IdentityReply {
  readonly type: "identity";
  readonly df: 5 | 21;
  readonly overlay: number;
  readonly flightStatus: number;
  /** Four octal digits. */
  readonly squawk: string;
}

/** Format 11. */
export interface AllCallReply {
  readonly type: "allCall";
  readonly df: 11;
  readonly address: number;
  readonly capability: number;
  /** Code of the interrogator that asked, 0 for a squitter. The bits of the parity that it fills prove nothing. */
  readonly interrogator: number;
}

/** Formats 19 and 24, whose content is not public or not here. */
export interface UndecodedReply {
  readonly type: "undecoded";
  readonly df: 19 | 24;
}

/** Formats 17 and 18. */
export interface ExtendedSquitter {
  readonly type: "extended";
  readonly df: 17 | 18;
  readonly address: number;
  readonly addressKind: AddressKind;
  readonly origin: Origin;
  /** Capability (format 17) or control field (format 18). */
  readonly control: number;
  /** Absent where the control field says that the content has no type codes. */
  readonly typeCode: number | undefined;
  readonly content: Content;
}

export type ModeSMessage = AcasReply | AltitudeReply | IdentityReply | AllCallReply | UndecodedReply | ExtendedSquitter;

/** Type codes 1 to 4. */
export interface Identification {
  readonly kind: "identification";
  /** Emitter category: set A to D and number, as "A3". */
  readonly category: string;
  readonly callsign: string | undefined;
}

/** A position as it was sent: half of one. See `position/`. */
export interface CprPosition {
  readonly isOdd: boolean;
  readonly cprLatitude: number;
  readonly cprLongitude: number;
  /** Absent where a ground station uses the bit for the kind of address. */
  readonly isTimeSynchronised: boolean | undefined;
}

/** Type codes 5 to 8. */
export interface SurfacePosition extends CprPosition {
  readonly kind: "surfacePosition";
  /** The lower end of its step: 175 is 175 and more. */
  readonly groundSpeedKt: number | undefined;
  /** Track, or heading if the aircraft's operational status says so. */
  readonly trackDeg: number | undefined;
}

/** Type codes 9 to 18 and 20 to 22. */
export interface AirbornePosition extends CprPosition {
  readonly kind: "airbornePosition";
  readonly surveillanceStatus: number;
  readonly nicSupplementB: boolean | undefined;
  readonly altitudeFt: number | undefined;
  /** Above the 1013.25 hPa surface, or above the WGS-84 ellipsoid. */
  readonly altitudeReference: "pressure" | "ellipsoid";
}

/** Type code 0: an altitude at most. */
export interface NoPosition {
  readonly kind: "noPosition";
  readonly altitudeFt: number | undefined;
}

interface Velocity {
  /** 2 and 4 are coded four times as coarsely, for supersonic flight. */
  readonly subtype: number;
  /** Absent where a ground station uses the bit for the kind of address. */
  readonly isIntentChange: boolean | undefined;
  readonly nacV: number;
  readonly verticalRateFpm: number | undefined;
  readonly verticalRateSource: "gnss" | "pressure";
  /** Height above the ellipsoid less pressure altitude. */
  readonly heightDifferenceFt: number | undefined;
}

/** Type code 19, subtypes 1 and 2. */
export interface GroundVelocity extends Velocity {
  readonly kind: "groundVelocity";
  readonly eastKt: number | undefined;
  readonly northKt: number | undefined;
  readonly groundSpeedKt: number | undefined;
  /** Absent when it does not move. */
  readonly trackDeg: number | undefined;
}

/** Type code 19, subtypes 3 and 4. */
export interface AirVelocity extends Velocity {
  readonly kind: "airVelocity";
  readonly headingDeg: number | undefined;
  readonly airspeedKt: number | undefined;
  readonly airspeedKind: "indicated" | "true";
}

/** Type code 23, subtype 7. */
export interface TestMessage {
  readonly kind: "test";
  readonly squawk: string | undefined;
}

/** Type code 28, subtype 1. */
export interface EmergencyStatus {
  readonly kind: "emergency";
  /** 0 none, 1 general, 2 medical, 3 minimum fuel, 4 no communications, 5 unlawful interference, 6 downed aircraft. */
  readonly emergency: number;
  readonly squawk: string | undefined;
}

/** Type code 28, subtype 2. The fields of Annex 10 Vol IV 4.3.8.4.2.2.1, as numbers. */
export interface ResolutionAdvisory {
  readonly kind: "resolutionAdvisory";
  readonly advisories: number;
  readonly complements: number;
  readonly isTerminated: boolean;
  readonly isMultipleThreat: boolean;
  readonly threatType: number;
  readonly threatIdentity: number;
}

/** Type code 29, subtype 1 (version 2). */
export interface TargetState {
  readonly kind: "targetState";
  readonly isSilPerSample: boolean;
  readonly altitudeSource: "panel" | "management";
  readonly selectedAltitudeFt: number | undefined;
  readonly pressureSettingHpa: number | undefined;
  readonly selectedHeadingDeg: number | undefined;
  readonly nacP: number;
  readonly nicBaro: boolean;
  readonly sil: number;
  /** Autopilot, vertical navigation, altitude hold, approach, lateral navigation: absent when the aircraft does not say. */
  readonly modes:
    | {
        readonly autopilot: boolean;
        readonly verticalNavigation: boolean;
        readonly altitudeHold: boolean;
        readonly approach: boolean;
        readonly lateralNavigation: boolean;
      }
    | undefined;
  readonly hasAcas: boolean;
}

/** Type code 29, subtype 0 (version 1). */
export interface TargetStateV1 {
  readonly kind: "targetStateV1";
  readonly verticalSource: number;
  readonly isTargetAltitudeMsl: boolean;
  readonly altitudeCapability: number;
  readonly verticalMode: number;
  readonly targetAltitudeFt: number;
  readonly horizontalSource: number;
  readonly targetAngleDeg: number;
  readonly isTargetTrack: boolean;
  readonly horizontalMode: number;
  readonly nacP: number;
  readonly nicBaro: boolean;
  readonly sil: number;
  readonly modeCodes: number;
  readonly emergency: number;
}

/** Type code 31, subtypes 0 and 1. What a version does not have is undefined. */
export interface OperationalStatus {
  readonly kind: "operationalStatus";
  readonly isSurface: boolean;
  /** 0 DO-260, 1 DO-260A, 2 DO-260B. */
  readonly version: number;
  /** 16 bits airborne; on the surface 12. */
  readonly capabilityCodes: number;
  readonly operationalModes: number;
  /** Surface only: code of length and width. */
  readonly lengthWidth: number | undefined;
  readonly nicSupplementA: boolean | undefined;
  readonly nacP: number | undefined;
  /** Airborne, version 2. */
  readonly gva: number | undefined;
  readonly sil: number | undefined;
  /** Airborne. */
  readonly nicBaro: boolean | undefined;
  /** Surface: the movement's angle is a heading, not a track. */
  readonly isTrackHeading: boolean | undefined;
  readonly isMagnetic: boolean | undefined;
  /** Version 2. */
  readonly isSilPerSample: boolean | undefined;
}

/** Content that is reserved, obsolete or a ground station's own: seven bytes. */
export interface Reserved {
  readonly kind: "reserved";
  readonly data: Uint8Array;
}

export type Content =
  | Identification
  | SurfacePosition
  | AirbornePosition
  | NoPosition
  | GroundVelocity
  | AirVelocity
  | TestMessage
  | EmergencyStatus
  | ResolutionAdvisory
  | TargetState
  | TargetStateV1
  | OperationalStatus
  | Reserved;
