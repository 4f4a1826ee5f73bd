// What is asked about a report or a track, what may be known around it, and what comes back?

/** WGS 84; the height is above the ellipsoid. */
export interface Place {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM: number;
}

/**
 * An angle as somebody gave it, degrees. `measured`: a normal error about `deg`. `between`: anywhere from `fromDeg` to `toDeg`, azimuths clockwise
 * ("from north-west to north-east" is 315 to 45). Azimuths are from true north; elevations are above the horizon, as seen (refraction included).
 */
export type Angle =
  | { readonly how: "measured"; readonly deg: number; readonly sigmaDeg: number }
  | { readonly how: "between"; readonly fromDeg: number; readonly toDeg: number };

/** How the direction changed while it was watched, as the person or the phone saw it. */
export interface Turn {
  readonly overS: number;
  /** Clockwise positive, along the horizon. */
  readonly azimuthDeg: number;
  readonly elevationDeg: number | null;
  /** Of each of the two; a compass error that both ends share is not in it. */
  readonly sigmaDeg: number;
}

/** What a person said, in the choices of the report form. What was not said is left out. */
export interface Said {
  readonly motion?: "still" | "moving" | "circling" | "erratic" | undefined;
  readonly lights?: "none" | "steady" | "flashing" | undefined;
  /** `rotors` is the buzz of a small drone, `engine` that of an aircraft. */
  readonly sound?: "none" | "rotors" | "engine" | undefined;
  readonly shape?: "multirotor" | "fixed-wing" | "round" | "wings-beating" | "point-of-light" | undefined;
}

export interface Sighting {
  readonly what: "sighting";
  readonly observer: Place & { /** Of the horizontal place, each axis. */ readonly sigmaM: number };
  /** When the thing stood in this direction. */
  readonly timeUnixMs: number;
  readonly timeSigmaMs: number;
  readonly azimuth: Angle | null;
  readonly elevation: Angle | null;
  /** How long it was watched, when known. */
  readonly watchedS?: number | undefined;
  readonly turn?: Turn | undefined;
  /** Where it was going over the ground. */
  readonly heading?: Angle | undefined;
  readonly said?: Said | undefined;
}

/** A place at a moment. `heightHaeM` null: not known. Errors are one standard deviation of each axis. */
export interface Fix {
  readonly timeUnixMs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightHaeM: number | null;
  readonly sigmaM: number;
  readonly heightSigmaM: number;
}

export interface UnknownTrack {
  readonly what: "track";
  /** Oldest first, at least one. More than `LIMITS.fixesPerTrack`: the newest are used. */
  readonly fixes: readonly Fix[];
  /** What the tracker thinks it is; together at most 1. */
  readonly classes?: { readonly drone: number; readonly bird: number; readonly aircraft: number; readonly unknown: number } | undefined;
  /** Identities that its broadcasts claim. */
  readonly claimedIds?: readonly string[] | undefined;
}

/** A manned aircraft as ADS-B told of it. Barometric heights belong in `heightHaeM` with the error that their conversion has. */
export interface KnownAircraft {
  /** ICAO address or any name that is unique among them. */
  readonly id: string;
  readonly callsign?: string | undefined;
  /** Oldest first. Times are those of measurement; a delay that is not known belongs in `timeSigmaMs`. */
  readonly fixes: readonly Fix[];
  readonly timeSigmaMs: number;
}

/** A drone of our own or one that was allowed to fly, with what was heard of it and where it was allowed. */
export interface KnownDrone {
  readonly id: string;
  readonly name?: string | undefined;
  readonly standing: "own" | "authorised";
  /** Identities under which it broadcasts, when other than `id`. */
  readonly broadcastIds?: readonly string[] | undefined;
  /** Oldest first; empty when it was not heard. */
  readonly fixes: readonly Fix[];
  readonly timeSigmaMs: number;
  readonly allowed?:
    | {
        readonly latDeg: number;
        readonly lonDeg: number;
        readonly radiusM: number;
        readonly topHaeM: number;
        readonly fromUnixMs: number;
        readonly toUnixMs: number;
      }
    | undefined;
}

/** A wind as an officer entered it: mean over a band of heights and a span of time. */
export interface Wind {
  /** Where it comes from, as winds are spoken of. */
  readonly fromDeg: number;
  readonly directionSigmaDeg: number;
  readonly speedMps: number;
  readonly speedSigmaMps: number;
  readonly bottomHaeM: number;
  readonly topHaeM: number;
  readonly fromUnixMs: number;
  readonly toUnixMs: number;
}

/**
 * What is known around it. A list that is left out was not there to be asked ("no receiver", "no elements", "nobody entered a wind"); an empty one
 * was there and held nothing. The difference is part of the answer.
 */
export interface Context {
  readonly aircraft?: readonly KnownAircraft[] | undefined;
  readonly drones?: readonly KnownDrone[] | undefined;
  /** From `readElements`. */
  readonly satellites?: readonly OrbitalElements[] | undefined;
  readonly winds?: readonly Wind[] | undefined;
}

/** Orbital elements that were read and found whole. Made by `readElements` only. */
export interface OrbitalElements {
  readonly noradId: string;
  readonly name: string | null;
  readonly epochUnixMs: number;
  /** What the propagator keeps; nobody else reads it. */
  readonly state: object;
}

export type LookAlikeKind = "body" | "satellite" | "aircraft" | "drone" | "balloon" | "bird";

export type Grade = "strong" | "possible" | "weak";

export interface Explanation {
  /**
   * `look-alikes`: at least one finding. `none-found`: at least one kind could be asked, and none fits. `not-enough-information`: nothing could be
   * asked, or what was asked could not tell. None of the three dismisses anything: that is a person's decision.
   */
  readonly answer: "look-alikes" | "none-found" | "not-enough-information";
  /** Strongest first; at most `LIMITS.findings`. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly findingsLeftOut: number;
  /** One for each kind, always in the same order: whether it could be asked, what was missing, what the answer leaves open. */
  readonly checks: readonly Check[];
  /** What of the context could not be used, by list and place; at most `LIMITS.leftOut`. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutMore: number;
}

export interface Finding {
  readonly kind: LookAlikeKind;
  /** Which one: the body's name, the catalogue number, the address, the drone's id; "drift" and "flight" where there is none. */
  readonly subject: string;
  readonly grade: Grade;
  /** How many times better this explains what was seen than something else in any direction does: the product of `factors`. */
  readonly likelihoodRatio: number;
  readonly factors: readonly Factor[];
  readonly reason: Reason;
  readonly decides: readonly Decider[];
  readonly doesNotExclude: readonly OpenPossibility[];
}

export interface Factor {
  readonly key:
    | "direction"
    | "elevation"
    | "turn"
    | "motion"
    | "lights"
    | "sound"
    | "shape"
    | "brightness"
    | "place"
    | "identity"
    | "course"
    | "speed"
    | "climb"
    | "wander"
    /** Many stand about: that one of them stands near is little surprise. */
    | "crowd"
    /** A much brighter one fits as well. */
    | "outshone"
    | "class";
  readonly ratio: number;
}

/** Why, as a key and its figures; the words are made where they are shown. */
export type Reason =
  | {
      /** A bright body stood there. Angles are as seen, with refraction. */
      readonly key: "body-near";
      readonly body: string;
      readonly azimuthDeg: number;
      readonly elevationDeg: number;
      /** On the sphere when an elevation was given, else in azimuth; 0 inside a coarse direction. */
      readonly separationDeg: number;
      readonly magnitude: number;
      readonly sunElevationDeg: number;
      /** Share of the disc that is lit, 0 to 1; for the Moon and planets. */
      readonly litShare: number | null;
    }
  | {
      readonly key: "satellite-near";
      readonly noradId: string;
      readonly name: string | null;
      readonly azimuthDeg: number;
      readonly elevationDeg: number;
      readonly separationDeg: number;
      readonly rangeM: number;
      readonly rateDegPerS: number;
      readonly elementsAgeDays: number;
      readonly errorDeg: number;
      readonly sunElevationDeg: number;
    }
  | {
      readonly key: "aircraft-near" | "drone-near";
      readonly id: string;
      readonly name: string | null;
      readonly azimuthDeg: number;
      readonly elevationDeg: number | null;
      readonly separationDeg: number;
      readonly rangeM: number;
      readonly positionAgeS: number;
      /** Seen from the observer, how fast its direction turned. */
      readonly rateDegPerS: number | null;
    }
  | {
      /** A track that went where this one is known to have been. */
      readonly key: "aircraft-along" | "drone-along";
      readonly id: string;
      readonly name: string | null;
      readonly separationM: number;
      readonly moments: number;
      readonly positionAgeS: number;
    }
  | {
      /** It flies as manned aircraft do, and nothing was heard from it. */
      readonly key: "aircraft-like";
      readonly speedMps: number | null;
      readonly aircraftShare: number | null;
    }
  | {
      /** The track claims to be this one; `separationM` null: nothing else was heard of where it is. */
      readonly key: "drone-identity";
      readonly id: string;
      readonly name: string | null;
      readonly separationM: number | null;
      readonly insideAllowed: boolean | null;
    }
  | {
      /** It was allowed to fly there and then, and was not heard. */
      readonly key: "drone-allowed";
      readonly id: string;
      readonly name: string | null;
      readonly distanceM: number;
    }
  | {
      readonly key: "drifts-with-wind";
      readonly courseDeg: number;
      readonly windToDeg: number;
      /** Of track and wind; null for a report. */
      readonly speedMps: number | null;
      readonly windMps: number;
      readonly differenceDeg: number;
    }
  | {
      readonly key: "bird-like";
      readonly speedMps: number | null;
      /** How much the course wanders, degrees in the square root of a second. */
      readonly wanderDegPerRootS: number | null;
      readonly birdShare: number | null;
      readonly wingsBeating: boolean;
    };

/** What would settle it, as a key and its figures. */
export type Decider =
  | { readonly key: "moves-with-the-stars"; readonly afterS: number; readonly azimuthDeg: number; readonly elevationDeg: number }
  | { readonly key: "look-again"; readonly atUnixMs: number; readonly azimuthDeg: number; readonly elevationDeg: number | null }
  | { readonly key: "gone-by"; readonly atUnixMs: number; readonly why: "sets" | "enters-shadow" }
  | { readonly key: "second-observer"; readonly apartM: number; readonly turnDegAt1Km: number }
  | { readonly key: "ask-pilot"; readonly id: string }
  | { readonly key: "ask-air-traffic"; readonly id: string | null }
  | { readonly key: "listen" }
  | { readonly key: "change-of-course-against-wind"; readonly windToDeg: number }
  | { readonly key: "wings-through-binoculars" };

export type OpenPossibility =
  | "drone-in-the-same-direction"
  | "aircraft-without-adsb"
  | "aircraft-out-of-reception"
  | "satellites-without-elements"
  | "elements-too-old"
  | "fainter-stars"
  | "hidden-by-cloud"
  | "identity-can-be-copied"
  | "drone-with-the-wind"
  | "drone-flying-like-a-bird"
  | "fast-drone"
  | "wind-differs-with-height"
  | "drone-not-on-the-list";

export interface Check {
  readonly kind: LookAlikeKind;
  readonly outcome: "found" | "none-fits" | "not-enough-information" | "does-not-apply";
  /** Why it could not be asked, or what would have made the answer sharper. */
  readonly missing: readonly Missing[];
  /** What a "none fits" leaves open. */
  readonly doesNotExclude: readonly OpenPossibility[];
}

export type Missing =
  | "azimuth"
  | "elevation"
  | "fresh-elements"
  | "elements"
  | "adsb"
  | "known-drones"
  | "wind"
  | "movement"
  | "behaviour"
  | "height"
  | "direction-too-coarse"
  | "time-too-coarse";

export interface Refusal {
  readonly code:
    | "bad-time"
    | "bad-place"
    | "near-pole"
    | "bad-angle"
    | "bad-error"
    | "bad-words"
    | "bad-fixes"
    | "bad-elements"
    | "bad-wind"
    | "too-many";
  readonly clause: string;
  readonly detail: string;
}

export interface Refused {
  readonly refused: Refusal;
}

export interface LeftOut {
  readonly list: "aircraft" | "drones" | "satellites" | "winds";
  readonly index: number;
  readonly refusal: Refusal;
}
