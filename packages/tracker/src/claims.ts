// What is broadcast about who and where: claims, each weighed against the bodies that sensors measure.

export interface Claim {
  readonly identity: number;
  /** Label of the track that its last reports agree with, −1 none. */
  candidate: number;
  score: number;
  agreed: number;
  sinceS: number;
  /** Reports in a row that do not fit the track it is bound to. */
  misfits: number;
  boundLog: number;
}

export class Claims {
  readonly #byIdentity = new Map<number, Claim>();

  find(identity: number): Claim | undefined {
    return this.#byIdentity.get(identity);
  }

  add(identity: number): Claim {
    const claim: Claim = { identity, candidate: -1, score: 0, agreed: 0, sinceS: 0, misfits: 0, boundLog: 0 };
    this.#byIdentity.set(identity, claim);
    return claim;
  }

  copy(): Claims {
    const copy = new Claims();
    for (const [identity, claim] of this.#byIdentity) copy.#byIdentity.set(identity, { ...claim });
    return copy;
  }
}
