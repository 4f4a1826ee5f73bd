// How far from its true place may a reported position be? (DO-260B table 2-14, for version 2)

export interface Integrity {
  /** Navigation integrity category, 0 to 11. */
  readonly nic: number;
  /** Radius that holds the true position, up to a chance that SIL tells, m; absent: unknown, or more than 20 NM. */
  readonly radiusM: number | undefined;
}

const NM = 1852;
const SINGLE: ReadonlyMap<number, Integrity> = new Map([
  [5, { nic: 11, radiusM: 7.5 }],
  [6, { nic: 10, radiusM: 25 }],
  [9, { nic: 11, radiusM: 7.5 }],
  [10, { nic: 10, radiusM: 25 }],
  [12, { nic: 7, radiusM: 0.2 * NM }],
  [14, { nic: 5, radiusM: NM }],
  [15, { nic: 4, radiusM: 2 * NM }],
  [17, { nic: 1, radiusM: 20 * NM }],
  [20, { nic: 11, radiusM: 7.5 }],
  [21, { nic: 10, radiusM: 25 }],
]);
const UNKNOWN: Integrity = { nic: 0, radiusM: undefined };

/**
 * By the type code of a position and the supplements: A from the operational status, B from the airborne position or C from the surface
 * operational status.
 */
export function positionIntegrity(typeCode: number, supplementA: boolean, supplementBOrC: boolean): Integrity {
  const both = supplementA && supplementBOrC;
  switch (typeCode) {
    case 7:
      return supplementA ? { nic: 9, radiusM: 75 } : { nic: 8, radiusM: 0.1 * NM };
    case 8:
      if (both) return { nic: 7, radiusM: 0.2 * NM };
      if (supplementA) return { nic: 6, radiusM: 0.3 * NM };
      return supplementBOrC ? { nic: 6, radiusM: 0.6 * NM } : UNKNOWN;
    case 11:
      return both ? { nic: 9, radiusM: 75 } : { nic: 8, radiusM: 0.1 * NM };
    case 13:
      if (both) return { nic: 6, radiusM: 0.6 * NM };
      return { nic: 6, radiusM: (supplementBOrC ? 0.3 : 0.5) * NM };
    case 16:
      return both ? { nic: 3, radiusM: 4 * NM } : { nic: 2, radiusM: 8 * NM };
    default:
      return SINGLE.get(typeCode) ?? UNKNOWN;
  }
}
