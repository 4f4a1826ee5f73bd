// Where is magnetic north in the frame of the motion sensors? Android says it with every reading; an iPhone says the heading of its top edge beside a
// frame of its own, and that heading is good only while the phone is not upright.

import { turnBetweenDeg, wrap180Deg } from "@atalaya/geodesy";
import { type Attitude, cameraLook, tiltDeg, topLook } from "./attitude.ts";

/** One reading of the motion sensors. */
export interface Reading {
  readonly timeMs: number;
  readonly attitude: Attitude;
  /** `magnetic`: the frame's north is magnetic north. `own`: it is any direction, the same one for a while. */
  readonly frame: "magnetic" | "own";
  /** Magnetic heading that the device says beside a frame of its own, and how sure it is of that; negative: not at all. */
  readonly headingDeg?: number;
  readonly headingErrorDeg?: number;
}

/** What to add to an azimuth of the frame to make it magnetic, and 1σ of that, degrees. */
export interface North {
  readonly turnDeg: number;
  readonly sigmaDeg: number;
}

/** 1σ of a phone's compass that says nothing of its own error: measured with eleven phones, 2 to 7° in use. */
const PHONE_SIGMA_DEG = 7;
/** No phone in a hand is better, whatever it says. */
const LEAST_SIGMA_DEG = 5;
/** The phone says that its compass needs to be moved about first. */
const UNCALIBRATED_SIGMA_DEG = 25;
/** The heading of the top edge means something up to this tilt. */
const FLAT_ENOUGH_DEG = 50;
/** Heading read off an upright phone: seen to be wrong by 10 to 35°. */
const UPRIGHT_SIGMA_DEG = 25;
/** An upright phone's own frame drifts away from what was found while it lay flat, °/min. */
const DRIFT_DEG_PER_MIN = 3;
/** Weight of each new reading against those before: about the last twenty. */
const SHARE = 0.05;

export class NorthFinder {
  #turnDeg = 0;
  #sigmaDeg = 0;
  #foundMs: number | undefined;

  /** North as of this reading; undefined: nothing tells it. */
  take({ timeMs, attitude, frame, headingDeg, headingErrorDeg }: Reading): North | undefined {
    if (frame === "magnetic") return { turnDeg: 0, sigmaDeg: PHONE_SIGMA_DEG };
    if (headingDeg === undefined || !Number.isFinite(headingDeg)) return this.#remembered(timeMs);
    const error = headingErrorDeg ?? PHONE_SIGMA_DEG;
    const sigmaDeg = error < 0 ? UNCALIBRATED_SIGMA_DEG : Math.max(LEAST_SIGMA_DEG, error);
    const tilt = tiltDeg(attitude);
    if (tilt <= FLAT_ENOUGH_DEG) {
      const turn = turnBetweenDeg(topLook(attitude).azimuthDeg, headingDeg);
      // The first one counts whole, and so does one after the frame was set anew.
      const jump = this.#foundMs === undefined || Math.abs(wrap180Deg(turn - this.#turnDeg)) > 45;
      this.#turnDeg = jump ? turn : wrap180Deg(this.#turnDeg + SHARE * wrap180Deg(turn - this.#turnDeg));
      this.#sigmaDeg = sigmaDeg;
      this.#foundMs = timeMs;
      return { turnDeg: this.#turnDeg, sigmaDeg };
    }
    const known = this.#remembered(timeMs);
    if (known !== undefined && known.sigmaDeg <= UPRIGHT_SIGMA_DEG) return known;
    // Never held flat, or too long ago: the heading as it is, with the error that it has when upright.
    return { turnDeg: turnBetweenDeg(cameraLook(attitude).azimuthDeg, headingDeg), sigmaDeg: Math.max(UPRIGHT_SIGMA_DEG, sigmaDeg) };
  }

  #remembered(timeMs: number): North | undefined {
    if (this.#foundMs === undefined) return undefined;
    const drift = (Math.max(0, timeMs - this.#foundMs) / 60_000) * DRIFT_DEG_PER_MIN;
    const sigmaDeg = Math.hypot(this.#sigmaDeg, drift);
    return sigmaDeg > 60 ? undefined : { turnDeg: this.#turnDeg, sigmaDeg };
  }
}
