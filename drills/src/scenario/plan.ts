// What is a scenario? Objects that fly, sensors that watch, and how an answer is judged: plain data, no behaviour.

/** East, north, up of the scenario's frame, m. */
export interface Place {
  readonly eastM: number;
  readonly northM: number;
  readonly upM: number;
}

export type Interval = readonly [low: number, high: number];

export interface ScenarioPlan {
  readonly name: string;
  readonly notes: string;
  readonly durationS: number;
  /** Origin of the scenario's east-north-up frame, anywhere on Earth. */
  readonly reference: { readonly latDeg: number; readonly lonDeg: number; readonly heightHaeM: number };
  readonly scoring: ScoringPlan;
  readonly objects: readonly ObjectPlan[];
  readonly sensors: readonly SensorPlan[];
}

export interface ScoringPlan {
  readonly firstS: number;
  readonly everyS: number;
  /** 2: horizontal distances only. */
  readonly dimensions: 2 | 3;
  readonly cutoffM: number;
  /** Classes that must be tracked; a track of another class is neither right nor wrong. */
  readonly classes: readonly ObjectClass[];
}

export type ObjectClass = "drone" | "bird" | "aircraft";

export interface Waypoint extends Place {
  /** Speed on the way to it. */
  readonly speedMps: number;
  /** Above 0: stop there and hover that long; 0: fly through. */
  readonly holdS: number;
}

export interface ObjectPlan {
  readonly id: string;
  readonly objectClass: ObjectClass;
  /** Starts at the first. After the last it hovers there, or begins again. */
  readonly waypoints: readonly [Waypoint, ...Waypoint[]];
  readonly repeats?: boolean;
  readonly fromS?: number;
  readonly untilS?: number;
  readonly accelerationMps2: number;
  /** Standard deviation of the gusts that push it about, m/s (0.4 of it upwards), correlated over 2 s. */
  readonly gustMps: number;
  /** True: it is only claimed by radio; no sensor that measures can see it. */
  readonly bodiless?: boolean;
  /** Sensors that never notice it: an autonomous drone is silent to direction finders. */
  readonly silentTo?: readonly SensorPlan["kind"][];
}

interface SensorBasics {
  readonly id: string;
  readonly place: Place;
}

/** Looks as a whole at times k · period + phase, and says so even when it saw nothing. */
interface Scanning extends SensorBasics {
  readonly periodS: number;
  readonly phaseS: number;
  /** Probability of detection of a drone in view. */
  readonly pd: number;
  readonly falseAlarmsPerScan: number;
  /** From the measurement to its arrival. */
  readonly latencyS: number;
}

export type RadarMeasure = "range_m" | "az_deg" | "el_deg" | "rdot_mps";

export interface RadarPlan extends Scanning {
  readonly kind: "radar";
  /** What it measures, in order; range and azimuth at least. */
  readonly measures: readonly RadarMeasure[];
  /** Standard deviations of range (m), azimuth, elevation (degrees), range rate (m/s), measured or not. */
  readonly sigma: Readonly<Record<RadarMeasure, number>>;
  readonly rangeM: Interval;
  readonly elevationDeg: Interval;
  /** False alarms are spread over it; what moves faster is detected nevertheless. */
  readonly rangeRateMps: Interval;
  /** Birds return less, aircraft more: factors on `pd`, capped at 0.97. */
  readonly visibility: Readonly<Record<ObjectClass, number>>;
  /** Each detection has the time at which the antenna pointed there; a turn takes one period. */
  readonly rotating: boolean;
  /** Added to what is measured, unknown to itself. */
  readonly bias?: Readonly<Partial<Record<RadarMeasure, number>>>;
  /** Reported time = true time + skew, unknown to itself. */
  readonly clockSkewS?: number;
  /** Places from which a share of the false alarms comes: a wind farm, a road. */
  readonly patches?: { readonly share: number; readonly places: readonly { readonly rangeM: number; readonly azimuthDeg: number }[] };
  /**
   * It says of each plot what it takes it for, from the plot's Doppler spectrum: right in this share of the plots, with this probability for the class
   * that it names. Of false alarms it says any.
   */
  readonly classifies?: { readonly rightShare: number; readonly says: number };
  readonly delays?: DelayPlan;
  /** Probability that the network delivers a detection a second time, within 2 s. */
  readonly duplicates?: number;
}

/** Whole scans that come late, by an exponential time with a cap; and single detections of them that come later still. */
export interface DelayPlan {
  readonly lateShare: number;
  readonly meanS: number;
  readonly mostS: number;
  readonly detectionShare: number;
}

export interface BearingPlan extends Scanning {
  readonly kind: "rf_df" | "acoustic" | "camera";
  /** Azimuth, degrees. */
  readonly azimuthSigmaDeg: number;
  /** Present: elevation is measured too. */
  readonly elevationSigmaDeg?: number;
  /** Elevations it can see, if it measures them. */
  readonly elevationDeg?: Interval;
  readonly classes: readonly ObjectClass[];
  readonly maxRangeM: number;
  /** Azimuths it can see, clockwise from the first to the second; absent: all around. */
  readonly sectorDeg?: Interval;
  /** Detection probability falls as 1 − (range / maxRangeM)². */
  readonly fallsOff?: boolean;
  /** The bearing shows where the object was when the sound left it. */
  readonly soundDelay?: boolean;
  /** Handed on with each detection. */
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** A microphone that hears something and cannot say where: detections without numbers, one a scan at most. */
export interface PresencePlan extends Scanning {
  readonly kind: "presence";
  readonly classes: readonly ObjectClass[];
  readonly maxRangeM: number;
  /** As for bearings; sound that arrives now left its object range/343 s ago. */
  readonly fallsOff?: boolean;
}

/** Positions of single objects: what they say of themselves, or what a network or another system makes of them. */
export interface FixPlan extends SensorBasics {
  readonly kind: "remoteid" | "adsb" | "tdoa" | "systemTrack";
  readonly reports: readonly ReportPlan[];
  /** Standard deviations east, north, up, m. */
  readonly sigmaM: readonly [number, number, number];
  /** Correlation of the errors of one fix and the next (satellite navigation, another system's filter); 0: independent. */
  readonly errorCorrelation: number;
  readonly periodS: number;
  /** Fixes fall up to this share of the period beside their time. */
  readonly irregular?: number;
  readonly withVelocity: boolean;
  /** Mean; a fix takes half of it to one and a half. */
  readonly latencyS: number;
  /** Probability that a fix does not come. */
  readonly loss: number;
}

export interface ReportPlan {
  readonly object: string;
  /** Serial number, ICAO address, another system's track number. */
  readonly identity?: string;
  /** At these times a system track breaks off and goes on under its identity with -2, -3, … appended. */
  readonly renumberedAtS?: readonly number[];
}

/** People who say "over there, about 300 metres", minutes later. */
export interface HumanPlan extends SensorBasics {
  readonly kind: "human";
  /** Mean time between looks. */
  readonly periodS: number;
  readonly seeM: number;
  readonly azimuthSigmaDeg: number;
  /** Standard deviation of the logarithm of a spoken distance. */
  readonly rangeFractionSigma: number;
  readonly timeSigmaS: number;
  readonly falseShare: number;
  /** A report comes this long after the sighting at least, and an exponential time with the mean later. */
  readonly reportAfterS: { readonly least: number; readonly mean: number };
}

export type SensorPlan = RadarPlan | BearingPlan | PresencePlan | FixPlan | HumanPlan;
