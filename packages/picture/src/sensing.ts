// What sensors say through the detection format: who was declared, what was counted, and what of it the fusion is told.
import {
  type DeclaredSensor,
  decodeDetectionLine,
  encodeDetectionLine,
  fitDeclaration,
  type LineClock,
  type LineRefusal,
  type SensedDetection,
  type SensedScan,
} from "@atalaya/protocol/detections";
import { utf8 } from "@atalaya/remote-id";
import type { Fusion } from "./fusion.ts";
import type { Settings } from "./settings.ts";
import { refuseFrame, smoothedOffset, type SourceState } from "./source-health.ts";

export interface HeardSensor {
  readonly source: string;
  declaration: DeclaredSensor;
  detections: number;
  scans: number;
  /** Detections and scans refused since they did not fit the declaration. */
  refused: number;
  /** Detections whose own time could not be and counted as of their arrival. */
  retimed: number;
  lastUs?: number;
  /** Sensor clock minus hub clock, µs, smoothed: what a message takes on its way is in it. */
  clockOffsetUs?: number;
}

export interface HeardSource {
  lines: number;
  detections: number;
  refused: number;
  /** The newest refusal: what a sensor's engineer wants to read first. */
  lastRefusal?: LineRefusal;
  /** Unix seconds of second 0 of the scenario that plays; absent: times are Unix seconds. */
  epochS?: number;
  readonly sensors: Map<string, HeardSensor>;
}

/** A sensor in a snapshot: its declaration as a line of the format, its counts as they are. */
type SensorImage = Omit<HeardSensor, "declaration" | "source"> & { readonly line: string };
type SourceImage = Omit<HeardSource, "sensors"> & { readonly sensors: readonly SensorImage[] };
export type SensingImage = readonly (readonly [source: string, heard: SourceImage])[];

const LINE_FEED = 0x0a;

export class Sensing {
  readonly #settings: Settings;
  readonly #fusion: Fusion;
  /** By source; those that said anything, so no more than there are sources. */
  readonly #heard = new Map<string, HeardSource>();
  #sensors = 0;

  constructor(settings: Settings, fusion: Fusion) {
    this.#settings = settings;
    this.#fusion = fusion;
  }

  /** From its image in a snapshot. Throws when a declaration in it is none: no snapshot of ours. */
  restore(image: SensingImage): void {
    for (const [source, { sensors, ...counts }] of image) {
      const heard: HeardSource = { ...counts, sensors: new Map() };
      for (const { line, ...kept } of sensors) {
        const declared = decodeDetectionLine(line);
        if ("refused" in declared || declared.type !== "sensor") throw new Error(`no declaration in the snapshot: ${line}`);
        heard.sensors.set(declared.sensor.id, { source, declaration: declared.sensor, ...kept });
        this.#sensors += 1;
      }
      this.#heard.set(source, heard);
    }
  }

  image(): SensingImage {
    return [...this.#heard].map(([id, { sensors, ...counts }]) => {
      const images = [...sensors.values()].map(
        ({ source: _source, declaration, ...kept }): SensorImage => ({
          line: encodeDetectionLine({ type: "sensor", sensor: declaration }),
          ...kept,
        }),
      );
      return [id, { ...counts, sensors: images }] as const;
    });
  }

  source(id: string): Readonly<HeardSource> | undefined {
    return this.#heard.get(id);
  }
  *sensors(): IterableIterator<Readonly<HeardSensor>> {
    for (const { sensors } of this.#heard.values()) yield* sensors.values();
  }
  /** False alarms in a scan that a sensor, named `source/sensor`, states of itself; undefined: it states none. */
  falseAlarmsOf(name: string): number | undefined {
    const cut = name.indexOf("/");
    return this.#heard.get(name.slice(0, cut))?.sensors.get(name.slice(cut + 1))?.declaration.falseAlarmsPerScan;
  }
  /** A source is gone, and its sensors with it. */
  forget(source: string): void {
    this.#sensors -= this.#heard.get(source)?.sensors.size ?? 0;
    this.#heard.delete(source);
  }

  /** Takes a batch of lines that arrived together. */
  take(source: SourceState, bytes: Uint8Array, timeUs: number): void {
    const heard = this.#of(source.definition.id);
    const text = utf8(bytes);
    for (let from = 0; from < text.length; ) {
      const feed = text.indexOf("\n", from);
      const to = feed < 0 ? text.length : feed;
      if (!isBlank(text, from, to)) this.#line(source, heard, text.slice(from, to), timeUs);
      from = to + 1;
    }
  }

  #of(id: string): HeardSource {
    const known = this.#heard.get(id);
    if (known !== undefined) return known;
    const fresh: HeardSource = { lines: 0, detections: 0, refused: 0, sensors: new Map() };
    this.#heard.set(id, fresh);
    return fresh;
  }

  #line(source: SourceState, heard: HeardSource, text: string, timeUs: number): void {
    heard.lines += 1;
    const clock: LineClock = { epochS: heard.epochS ?? 0, arrivedS: timeUs / 1e6 };
    const line = decodeDetectionLine(text, clock);
    const refusal = "refused" in line ? line.refused : this.#said(source, heard, line, timeUs);
    if (refusal === undefined) return;
    heard.refused += 1;
    heard.lastRefusal = refusal;
    refuseFrame(source, refusal.code);
  }

  #said(
    source: SourceState,
    heard: HeardSource,
    line: Exclude<ReturnType<typeof decodeDetectionLine>, { readonly refused: unknown }>,
    timeUs: number,
  ): LineRefusal | undefined {
    switch (line.type) {
      case "detection":
        return this.#detection(source, heard, line.detection, timeUs);
      case "scan":
        return this.#scan(source, heard, line.scan, timeUs);
      case "sensor":
        return this.#declare(source, heard, line.sensor);
      case "scenario":
        // Invented data is marked where its source is set up; a head among real lines cannot mark what was already sent.
        if (source.definition.origin !== "synthetic")
          return refusal("scenario-on-live-source", "a scenario plays into a source that was set up as a drill", 6);
        heard.epochS = line.scenario.epochS ?? timeUs / 1e6;
        return undefined;
    }
  }

  #declare(source: SourceState, heard: HeardSource, declaration: DeclaredSensor): LineRefusal | undefined {
    const known = heard.sensors.get(declaration.id);
    if (known !== undefined) {
      known.declaration = declaration;
    } else {
      const { maxSensors, maxSensorsPerSource } = this.#settings;
      if (heard.sensors.size >= maxSensorsPerSource || this.#sensors >= maxSensors)
        return refusal("too-many-sensors", `at most ${maxSensorsPerSource} of one source and ${maxSensors} in all`, 3);
      heard.sensors.set(declaration.id, { source: source.definition.id, declaration, detections: 0, scans: 0, refused: 0, retimed: 0 });
      this.#sensors += 1;
    }
    this.#fusion.declare(source.definition.origin, source.definition.id, declaration);
    return undefined;
  }

  #detection(source: SourceState, heard: HeardSource, detection: SensedDetection, timeUs: number): LineRefusal | undefined {
    const sensor = heard.sensors.get(detection.sensor);
    if (sensor === undefined) return notDeclared(detection.sensor);
    const misfit = fitDeclaration(sensor.declaration, detection);
    if (misfit !== undefined) {
      sensor.refused += 1;
      return misfit;
    }
    heard.detections += 1;
    sensor.detections += 1;
    sensor.lastUs = timeUs;
    const detected = this.#isTimely(source, sensor, detection.timeS, timeUs) ? detection : { ...detection, timeS: timeUs / 1e6 };
    // An address is one name in either case, as our own receivers write it.
    const named = detected.identity !== undefined && sensor.declaration.kind === "adsb";
    const told = named ? { ...detected, identity: detected.identity.toUpperCase() } : detected;
    this.#fusion.detect(source.definition.origin, source.definition.id, told, timeUs);
    return undefined;
  }

  #scan(source: SourceState, heard: HeardSource, scanned: SensedScan, timeUs: number): LineRefusal | undefined {
    const sensor = heard.sensors.get(scanned.sensor);
    if (sensor === undefined) return notDeclared(scanned.sensor);
    sensor.scans += 1;
    sensor.lastUs = timeUs;
    this.#fusion.scanEnd(source.definition.origin, source.definition.id, scanned, timeUs);
    return undefined;
  }

  /**
   * Whether the sensor's own time can be: no more than the clock's tolerance after arrival, and not older than its kind may be late. It is
   * not cut to the time of arrival: a clock that is a little fast is a bias that the tracker estimates.
   */
  #isTimely(source: SourceState, sensor: HeardSensor, timeS: number, timeUs: number): boolean {
    const { clockToleranceUs, lateDetectionUs, lateReportUs } = this.#settings;
    const offsetUs = timeS * 1e6 - timeUs;
    // People report late; that says nothing of a clock.
    const isReport = sensor.declaration.kind === "human";
    if (!isReport) {
      sensor.clockOffsetUs = smoothedOffset(sensor.clockOffsetUs, offsetUs, clockToleranceUs);
      source.clockOffsetUs = sensor.clockOffsetUs;
    }
    if (offsetUs <= clockToleranceUs && -offsetUs <= (isReport ? lateReportUs : lateDetectionUs)) return true;
    sensor.retimed += 1;
    return false;
  }
}

function refusal(code: LineRefusal["code"], detail: string, section: number): LineRefusal {
  return { code, detail, clause: `Atalaya detections §${section}` };
}

function notDeclared(sensor: string): LineRefusal {
  return refusal("sensor-not-declared", `sensor: send the declaration of ${JSON.stringify(sensor)} first`, 3);
}

/** Nothing but spaces and carriage returns: a line that keeps a connection open. */
function isBlank(text: string, from: number, to: number): boolean {
  for (let k = from; k < to; k += 1) {
    const code = text.charCodeAt(k);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== LINE_FEED) return false;
  }
  return true;
}
