// The load of the warning bench: radars that look at thousands of far drones, and drones that fly at people, as lines of the detection format.
import { Random } from "@atalaya/drills/scenario";

/** Metres per degree in the middle of the sector, good enough to place people and drones. */
export const CENTRE = { latDeg: 31.7587, lonDeg: -106.4869, haeM: 1140 } as const;
const M_PER_LAT = 110_880;
const M_PER_LON = 94_740;
const QUARTERS = 4;
/** Radars of each quarter, and near ones: each looks once a second, one after the other. */
const RADARS = 4;
const FAR_M = [6000, 30_000] as const;
const NEAR_M = 5000;
const SIGMA = { rangeM: 5, azDeg: 0.1, elDeg: 0.1, rateMps: 0.3 } as const;
/** People stand on a square of this spacing. */
const SPACING_M = 150;
const ATTACK_MPS = 25;
/** An attacker comes from outside of every warning, flies over its aim, and is gone. */
const ATTACK_FROM_M = 1600;
const ATTACK_BEYOND_M = 800;
const RAD = Math.PI / 180;

export interface Place {
  readonly latDeg: number;
  readonly lonDeg: number;
}

interface Flying {
  readonly id: string;
  readonly bornS: number;
  readonly east: number;
  readonly north: number;
  readonly up: number;
  readonly eastMps: number;
  readonly northMps: number;
}

/** Where person k of so many stands. */
export function personPlace(k: number, people: number): Place {
  const side = Math.ceil(Math.sqrt(people));
  const east = ((k % side) - (side - 1) / 2) * SPACING_M;
  const north = (Math.floor(k / side) - (side - 1) / 2) * SPACING_M;
  return { latDeg: CENTRE.latDeg + north / M_PER_LAT, lonDeg: CENTRE.lonDeg + east / M_PER_LON };
}

/** What one radar sends at one look. */
export interface Look {
  readonly text: string;
  readonly detections: number;
}

export class Sky {
  readonly #random: Random;
  readonly #far: Flying[][] = [];
  readonly #attackers: Flying[] = [];
  readonly #half: number;
  #next = 0;
  #detections = 0;

  constructor(tracks: number, people: number, seed: number) {
    this.#random = new Random(seed, "warn");
    this.#half = ((Math.ceil(Math.sqrt(people)) - 1) / 2) * SPACING_M;
    for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
      const inIt: Flying[] = [];
      for (let k = 0; k < tracks / QUARTERS; k += 1) {
        const az = (quarter + this.#random.between(0.02, 0.98)) * 90 * RAD;
        // As many on each square kilometre.
        const range = Math.sqrt(this.#random.between(FAR_M[0] ** 2 * 1.1, FAR_M[1] ** 2 * 0.95));
        const mps = this.#random.between(3, 15) * (this.#random.between(0, 1) < 0.5 ? -1 : 1);
        inIt.push({
          id: `F${quarter}-${k}`,
          bornS: 0,
          east: range * Math.sin(az),
          north: range * Math.cos(az),
          up: this.#random.between(100, 700),
          // Around the middle: none of them comes nearer to anybody.
          eastMps: mps * Math.cos(az),
          northMps: -mps * Math.sin(az),
        });
      }
      this.#far.push(inIt);
    }
  }

  /** Looks a second that all radars make together. */
  static readonly looksPerS: number = (QUARTERS + 1) * RADARS;

  /** The declarations of all radars. */
  declarations(): string {
    const lines: string[] = [];
    for (let group = 0; group <= QUARTERS; group += 1) {
      for (let k = 0; k < RADARS; k += 1) {
        const isNear = group === QUARTERS;
        lines.push(
          JSON.stringify({
            type: "sensor",
            id: `R${group}-${k}`,
            kind: "radar",
            lat: CENTRE.latDeg,
            lon: CENTRE.lonDeg,
            alt: CENTRE.haeM,
            z: ["range_m", "az_deg", "el_deg", "rdot_mps"],
            sd: [SIGMA.rangeM, SIGMA.azDeg, SIGMA.elDeg, SIGMA.rateMps],
            period_s: 1,
            pd: 0.95,
            fa_per_scan: 1,
            fov: {
              range_m: isNear ? [10, NEAR_M] : [...FAR_M],
              az_deg: isNear ? [0, 360] : [group * 90, (group + 1) * 90],
              el_deg: [-10, 80],
              rdot_mps: [-100, 100],
            },
          }),
        );
      }
    }
    return `${lines.join("\n")}\n`;
  }

  /** A new drone that flies at somebody, from now on. */
  attack(nowS: number): string {
    const id = `A${this.#next}`;
    this.#next += 1;
    const course = this.#random.between(0, 2 * Math.PI);
    const [toEast, toNorth] = [this.#random.between(-this.#half, this.#half), this.#random.between(-this.#half, this.#half)];
    const out = ATTACK_FROM_M + this.#half;
    this.#attackers.push({
      id,
      bornS: nowS,
      east: toEast - out * Math.sin(course),
      north: toNorth - out * Math.cos(course),
      up: this.#random.between(60, 120),
      eastMps: ATTACK_MPS * Math.sin(course),
      northMps: ATTACK_MPS * Math.cos(course),
    });
    return id;
  }

  get attacks(): number {
    return this.#next;
  }

  /**
   * What is said at look number `k` since the start, one radar after the other, at a time, seconds since the start and Unix seconds. A radar counts its
   * scans itself: by the clock, a look that is late would have the number of the next.
   */
  look(k: number, nowS: number, unixS: number): Look {
    const group = k % (QUARTERS + 1);
    const radar = Math.floor((k % Sky.looksPerS) / (QUARTERS + 1));
    const sensor = `R${group}-${radar}`;
    const scan = Math.floor(k / Sky.looksPerS);
    const flying = group === QUARTERS ? this.#present(nowS) : (this.#far[group] ?? []);
    let text = "";
    let count = 0;
    for (const one of flying) {
      if (this.#random.between(0, 1) > 0.95) continue;
      const age = nowS - one.bornS;
      const [east, north] = [one.east + one.eastMps * age, one.north + one.northMps * age];
      const flat = Math.hypot(east, north);
      const range = Math.hypot(flat, one.up);
      const rate = (east * one.eastMps + north * one.northMps) / range;
      const azDeg = (Math.atan2(east, north) / RAD + 360 + SIGMA.azDeg * this.#random.normal()) % 360;
      const elDeg = Math.atan2(one.up, flat) / RAD + SIGMA.elDeg * this.#random.normal();
      const z = `${(range + SIGMA.rangeM * this.#random.normal()).toFixed(2)},${azDeg.toFixed(4)},${elDeg.toFixed(4)},${(rate + SIGMA.rateMps * this.#random.normal()).toFixed(3)}`;
      this.#detections += 1;
      count += 1;
      text += `{"type":"det","id":"${this.#detections}","sensor":"${sensor}","kind":"radar","scan":${scan},"t":${unixS.toFixed(4)},"z":[${z}]}\n`;
    }
    text += `{"type":"scan","sensor":"${sensor}","scan":${scan},"n":${count},"t":${unixS.toFixed(4)},"t_end":${unixS.toFixed(4)}}\n`;
    return { text, detections: count };
  }

  #present(nowS: number): readonly Flying[] {
    const lastsS = (ATTACK_FROM_M + 2 * this.#half + ATTACK_BEYOND_M) / ATTACK_MPS;
    while (this.#attackers[0] !== undefined && nowS - this.#attackers[0].bornS > lastsS) this.#attackers.shift();
    return this.#attackers;
  }
}
