// Which devices can be reached: a heartbeat is not kept, a change is.
import type { DeviceCan } from "@atalaya/protocol";
import { HEARTBEAT_EVERY_S } from "../outlets/present-report.ts";
import type { Sector } from "../sector.ts";

/** Three missed, and a little for the way. */
const CUT_OFF_MS = (3 * HEARTBEAT_EVERY_S + 5) * 1000;
const CHECK_MS = 5000;
/** Devices watched at once; beyond, the one heard longest ago is forgotten. */
const MAX_WATCHED = 5000;

interface Watched {
  readonly personId: string;
  readonly device: string;
  heardMs: number;
  said: string;
}

export class ReachWatch {
  readonly #sector: Pick<Sector, "picture" | "note">;
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** `now`: a clock that only goes on, ms. */
  constructor(sector: Pick<Sector, "picture" | "note">, now: () => number = () => performance.now()) {
    this.#sector = sector;
    this.#now = now;
  }

  start(): void {
    this.#timer = setInterval(() => this.check(), CHECK_MS);
    // A hub that has just started has heard nobody: who was up has its time to be heard again.
    for (const { definition, onShift } of this.#sector.picture.people())
      for (const { device, reach, lacks } of this.#sector.picture.deviceReach(definition.id))
        if (onShift && reach !== "cut-off") this.#note(definition.id, device, reach, lacks);
  }
  stop(): void {
    clearInterval(this.#timer);
  }

  #note(personId: string, device: string, reach: "up" | "limited" | "cut-off", lacks: readonly string[]): boolean {
    const said = `${reach} ${lacks.join()}`;
    const known = this.#watched.get(device);
    this.#watched.delete(device);
    this.#watched.set(device, { personId, device, heardMs: this.#now(), said });
    if (this.#watched.size > MAX_WATCHED) {
      for (const oldest of this.#watched.keys()) {
        this.#watched.delete(oldest);
        break;
      }
    }
    return known?.said !== said;
  }

  /** A heartbeat, or the beginning of a shift. */
  heard(personId: string, device: string, can: DeviceCan): void {
    const lacks = Object.entries(can)
      .filter(([, able]) => !able)
      .map(([ability]) => ability);
    // Neither heard nor felt, or not on the screen: it may be missed.
    const reach = can.visible && (can.sound || can.vibrate) ? "up" : "limited";
    if (this.#note(personId, device, reach, lacks)) this.#sector.note("device-reach", { personId, device, reach, lacks });
  }

  /** When any device of a person was last heard, Unix ms; undefined: not since the hub's start, or off shift. */
  lastHeardMs(personId: string): number | undefined {
    let newest: number | undefined;
    for (const watched of this.#watched.values()) if (watched.personId === personId) newest = Math.max(newest ?? 0, watched.heardMs);
    return newest === undefined ? undefined : Date.now() - (performance.now() - newest);
  }

  /** The shift is over: nobody waits for it. */
  forget(device: string): void {
    this.#watched.delete(device);
  }

  /** Says which devices have been silent for too long. */
  check(): void {
    const nowMs = this.#now();
    for (const { personId, device, heardMs } of this.#watched.values()) {
      if (nowMs - heardMs < CUT_OFF_MS) continue;
      this.#watched.delete(device);
      this.#sector.note("device-reach", { personId, device, reach: "cut-off", lacks: [] });
    }
  }
}
