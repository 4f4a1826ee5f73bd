// What is broadcast about who and where: claims, each weighed against the bodies that sensors measure.

export interface Claim {
  readonly identity: number;
  /** Index of the sensor that brought its newest report. */
  sensor: number;
  /** Label of the body that its newest report agrees with although that bears the name of another source; −1 none. */
  body: number;
  /** When it was heard first, s. */
  readonly bornS: number;
  /** Label of the track that its last reports agree with, −1 none; how many agreed, and since when. */
  candidate: number;
  agreed: number;
  sinceS: number;
  /** Reports in a row that do not fit the track it is bound to. */
  misfits: number;
  /** When it last measured a track, s. */
  usedS: number;
  /** Newest report: time s, east, north, up m, and velocity m/s where it gave one. */
  timeS: number;
  hasVelocity: boolean;
  readonly place: [number, number, number, number, number, number];
}

/** Claims remembered at most; beyond, the one silent longest is forgotten. */
const MAX_CLAIMS = 5000;
const NEVER_S = -1e15;

export class Claims {
  readonly #byIdentity = new Map<number, Claim>();

  /** Takes a report of an identity. */
  report(identity: number, sensor: number, timeS: number, z: Float64Array, hasVelocity: boolean): Claim {
    let claim = this.#byIdentity.get(identity);
    if (claim === undefined) {
      claim = {
        identity,
        sensor,
        body: -1,
        bornS: timeS,
        candidate: -1,
        agreed: 0,
        sinceS: 0,
        misfits: 0,
        usedS: NEVER_S,
        timeS,
        hasVelocity,
        place: [0, 0, 0, 0, 0, 0],
      };
    } else this.#byIdentity.delete(identity);
    // The newest report at the end: the first is the one silent longest.
    this.#byIdentity.set(identity, claim);
    claim.sensor = sensor;
    claim.timeS = timeS;
    claim.hasVelocity = hasVelocity;
    for (let k = 0; k < 6; k += 1) claim.place[k] = k < 3 || hasVelocity ? z[k] : 0;
    if (this.#byIdentity.size > MAX_CLAIMS) {
      for (const oldest of this.#byIdentity.keys()) {
        this.#byIdentity.delete(oldest);
        break;
      }
    }
    return claim;
  }

  of(identity: number): Claim | undefined {
    return this.#byIdentity.get(identity);
  }

  all(): IterableIterator<Claim> {
    return this.#byIdentity.values();
  }

  copyFrom(other: Iterable<Claim>): void {
    const claims = [...other];
    this.#byIdentity.clear();
    for (const claim of claims) this.#byIdentity.set(claim.identity, { ...claim, place: [...claim.place] });
  }
}
