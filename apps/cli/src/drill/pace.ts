// A scenario's lines on the hub's clock: which line is due when, and what its values are when everything runs N times as fast.
import {
  decodeDetectionLine,
  encodeDetectionLine,
  type DetectionLine,
  type LineRefusal,
  MEASURE_RANGE,
  type SensedDetection,
  type SensedScan,
} from "@atalaya/protocol/detections";

/** A line to be sent so many seconds after the drill began, or why it is none. */
export type Paced =
  | { readonly dueS: number; readonly text: string; readonly type: DetectionLine["type"] }
  | { readonly refused: LineRefusal };

/** The keys that are changed; the line keeps all its others, known to this version or not. */
interface Keys {
  t?: number;
  t_rx?: number;
  t_end?: number;
  z?: number[];
  R?: number[];
  sd?: (number | null)[];
  vel_enu?: number[];
  t_sd?: number;
  t_sd_s?: number;
  period_s?: number;
  fov?: { rdot_mps?: number[] };
}

/** The head that puts the drill's second 0 at this moment, Unix s. */
export function headOf(name: string, epochS: number): string {
  return encodeDetectionLine({ type: "scenario", scenario: { name: name.slice(0, 80), epochS } });
}

/**
 * Times of the file count from its second 0: that of its head, or the first time in it where it has none. They are shifted together onto the
 * drill's own second 0, which is when it begins; a line is due at its `t_rx` (or `t`).
 *
 * At another speed than 1 the scenario is squeezed in time, and what has time in it with it, so that the measurements still agree with one
 * another: velocities and range rates are multiplied, periods and time errors divided. Sound is not made faster: a drill for microphones is
 * honest at speed 1 only.
 */
export class Pace {
  readonly #speed: number;
  /** Unix seconds (or plain seconds) of the file's second 0; undefined until it is known. */
  #zeroS: number | undefined;
  /** Added to numbers of the file, as its head says. */
  #epochS = 0;
  #lastS = 0;
  /** Place of the range rate in what each sensor measures; -1: none. */
  readonly #rateAt = new Map<string, number>();

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** `beganS`: Unix seconds at which the drill began. */
  pace(text: string, beganS: number): Paced {
    const line = decodeDetectionLine(text, { epochS: this.#epochS, arrivedS: undefined });
    if ("refused" in line) return line;
    switch (line.type) {
      case "scenario":
        this.#epochS = line.scenario.epochS ?? 0;
        this.#zeroS ??= this.#epochS;
        return { dueS: this.#lastS, type: line.type, text: headOf(line.scenario.name, beganS) };
      case "sensor": {
        const rate = line.sensor.measures.indexOf("rdot_mps");
        this.#rateAt.set(line.sensor.id, rate);
        return { dueS: this.#lastS, type: line.type, text: this.#speed === 1 ? text : this.#sensor(text, rate) };
      }
      case "detection":
        return {
          dueS: this.#due(line.arrivedS ?? line.detection.timeS),
          type: line.type,
          text: this.#detection(text, line.detection, line.arrivedS),
        };
      case "scan":
        return { dueS: this.#due(line.arrivedS ?? line.scan.timeS), type: line.type, text: this.#scan(text, line.scan, line.arrivedS) };
    }
  }

  /** Lines stand in the order in which they arrive; one that is dated back goes out with those before it. */
  #due(sentS: number): number {
    this.#zeroS ??= sentS;
    this.#lastS = Math.max(this.#lastS, this.#time(sentS));
    return this.#lastS;
  }

  #time(timeS: number): number {
    return (timeS - (this.#zeroS ?? 0)) / this.#speed;
  }

  #sensor(text: string, rate: number): string {
    const speed = this.#speed;
    const keys = JSON.parse(text) as Keys;
    if (keys.period_s !== undefined) keys.period_s /= speed;
    if (keys.t_sd_s !== undefined) keys.t_sd_s /= speed;
    if (keys.sd !== undefined) keys.sd = keys.sd.map((sigma, k) => (k === rate && sigma !== null ? sigma * speed : sigma));
    if (keys.fov?.rdot_mps !== undefined) {
      const [low, high] = MEASURE_RANGE.rdot_mps;
      keys.fov.rdot_mps = keys.fov.rdot_mps.map((end) => Math.min(high, Math.max(low, end * speed)));
    }
    return JSON.stringify(keys);
  }

  #detection(text: string, { sensor, timeS }: SensedDetection, arrivedS: number | undefined): string {
    const speed = this.#speed;
    const keys = JSON.parse(text) as Keys;
    keys.t = this.#time(timeS);
    if (arrivedS !== undefined) keys.t_rx = this.#time(arrivedS);
    if (speed === 1) return JSON.stringify(keys);
    const rate = this.#rateAt.get(sensor) ?? -1;
    if (rate >= 0 && keys.z !== undefined) keys.z = keys.z.map((value, k) => (k === rate ? value * speed : value));
    if (rate >= 0 && keys.R !== undefined) keys.R = keys.R.map((value, k) => (k === rate ? value * speed * speed : value));
    if (keys.vel_enu !== undefined) keys.vel_enu = keys.vel_enu.map((part) => part * speed);
    if (keys.t_sd !== undefined) keys.t_sd /= speed;
    return JSON.stringify(keys);
  }

  #scan(text: string, { timeS, endTimeS }: SensedScan, arrivedS: number | undefined): string {
    const keys = JSON.parse(text) as Keys;
    keys.t = this.#time(timeS);
    keys.t_end = this.#time(endTimeS);
    if (arrivedS !== undefined) keys.t_rx = this.#time(arrivedS);
    return JSON.stringify(keys);
  }
}
