// Listens to the motion sensors of this phone, by whichever of the browsers' three ways there is, and keeps the last directions.
import { magneticField, wrap360Deg } from "@atalaya/geodesy";
import { type Attitude, attitudeOfAngles, attitudeOfQuaternion, cameraLook, facingDeg } from "./attitude.ts";
import { type Aim, aimOf, type Declination, Sights } from "./burst.ts";
import { NorthFinder, type Reading } from "./north.ts";

interface AppleOrientation extends DeviceOrientationEvent {
  readonly webkitCompassHeading?: number;
  readonly webkitCompassAccuracy?: number;
}

interface OrientationSensor extends EventTarget {
  readonly quaternion: readonly [number, number, number, number] | null;
  start(): void;
  stop(): void;
}
type OrientationSensorMaker = new (options: { readonly frequency: number; readonly referenceFrame: "device" }) => OrientationSensor;

/** Events that know north come within this time, or a sensor is tried. */
const TRY_SENSOR_AFTER_MS = 300;
const SENSOR_HZ = 30;

export class Compass {
  readonly #sights = new Sights();
  readonly #north = new NorthFinder();
  readonly #listeners = new Set<() => void>();
  #declination: Declination = { declinationDeg: 0, errorDeg: 0 };
  #attitude: Attitude | undefined;
  #turnDeg: number | undefined;
  /** A source that knows north has spoken: from then on the other, with a north of its own, is not mixed into it. */
  #isMagnetic = false;
  #started = false;
  #sensor: OrientationSensor | undefined;

  /** Asks where a permission is asked for: to be called from a tap, before anything else is waited for. False: refused. */
  static async ask(): Promise<boolean> {
    if (typeof DeviceOrientationEvent === "undefined") return false;
    const { requestPermission } = DeviceOrientationEvent as unknown as { requestPermission?: (absolute?: boolean) => Promise<string> };
    if (requestPermission === undefined) return true;
    try {
      return (await requestPermission.call(DeviceOrientationEvent, true)) === "granted";
    } catch {
      return false;
    }
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    addEventListener("deviceorientationabsolute" as "deviceorientation", (event) => this.#hear(event, true));
    addEventListener("deviceorientation", (event) => this.#hear(event, event.absolute));
    // Where no event says where north is, there may be a sensor that does.
    setTimeout(() => {
      if (!this.#isMagnetic && this.#turnDeg === undefined) this.#startSensor();
    }, TRY_SENSOR_AFTER_MS);
  }

  /** Tells north by the field at this place: without one, azimuths stay magnetic and say so by their error. */
  setPlace(latDeg: number, lonDeg: number, unixMs: number): void {
    const { declinationDeg, declinationErrorDeg, compass } = magneticField(latDeg, lonDeg, 0, unixMs);
    if (!Number.isFinite(declinationDeg)) return;
    this.#declination = { declinationDeg, errorDeg: compass === "usable" ? declinationErrorDeg : 30 };
  }

  /** True when north is known now. */
  get knowsNorth(): boolean {
    return this.#sights.newest?.northSigmaDeg !== undefined;
  }
  /** True when the sensors speak at all. */
  get speaks(): boolean {
    return this.#attitude !== undefined;
  }

  /** What the camera's axis points at now, as a press would measure it. */
  aim(): Aim | undefined {
    return aimOf(this.#sights.all, performance.now(), this.#declination);
  }

  /** Which way somebody faces who reads this screen, from true north; undefined: not known. */
  facing(): number | undefined {
    if (this.#attitude === undefined || this.#turnDeg === undefined) return undefined;
    const angle = typeof screen === "undefined" ? 0 : (screen.orientation?.angle ?? 0);
    return wrap360Deg(facingDeg(this.#attitude, angle) + this.#turnDeg + this.#declination.declinationDeg);
  }

  /** Called after each reading; the answer ends it. */
  onReading(call: () => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  #hear({ alpha, beta, gamma, webkitCompassHeading, webkitCompassAccuracy }: AppleOrientation, magnetic: boolean): void {
    if (alpha === null || beta === null || gamma === null) return;
    this.#take({
      timeMs: performance.now(),
      attitude: attitudeOfAngles(alpha, beta, gamma),
      frame: magnetic ? "magnetic" : "own",
      ...(webkitCompassHeading === undefined ? {} : { headingDeg: webkitCompassHeading }),
      ...(webkitCompassAccuracy === undefined ? {} : { headingErrorDeg: webkitCompassAccuracy }),
    });
  }

  #startSensor(): void {
    const { AbsoluteOrientationSensor } = globalThis as { AbsoluteOrientationSensor?: OrientationSensorMaker };
    if (AbsoluteOrientationSensor === undefined || this.#sensor !== undefined) return;
    try {
      const sensor = new AbsoluteOrientationSensor({ frequency: SENSOR_HZ, referenceFrame: "device" });
      sensor.addEventListener("reading", () => {
        if (sensor.quaternion === null) return;
        const [x, y, z, w] = sensor.quaternion;
        this.#take({ timeMs: performance.now(), attitude: attitudeOfQuaternion(x, y, z, w), frame: "magnetic" });
      });
      // A phone without a magnetometer says so here; the elevation still comes from the events.
      sensor.addEventListener("error", () => {
        sensor.stop();
        this.#isMagnetic = false;
      });
      sensor.start();
      this.#sensor = sensor;
    } catch {
      this.#sensor = undefined;
    }
  }

  #take(reading: Reading): void {
    const { timeMs, attitude, frame } = reading;
    if (frame === "magnetic") this.#isMagnetic = true;
    else if (this.#isMagnetic) return;
    const north = this.#north.take(reading);
    const look = cameraLook(attitude);
    this.#attitude = attitude;
    this.#turnDeg = north?.turnDeg;
    this.#sights.add({
      timeMs,
      azimuthDeg: wrap360Deg(look.azimuthDeg + (north?.turnDeg ?? 0)),
      elevationDeg: look.elevationDeg,
      ...(north === undefined ? {} : { northSigmaDeg: north.sigmaDeg }),
    });
    for (const call of this.#listeners) call();
  }
}
