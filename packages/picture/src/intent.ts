// What the picture wants done outside; an outlet carries it out and its result comes back as an entry.

/** Derived from the cause (track, zone, moment of raising), never from a counter: replay gives the same. */
export type WarningId = string & { readonly __brand: "WarningId" };
/** Number of the entry that began the track. */
export type TrackNumber = number & { readonly __brand: "TrackNumber" };

export type Intent =
  /** Show this warning as it now stands (raised, changed, acknowledged, cleared). */
  {
    readonly type: "warning";
    readonly id: WarningId;
    readonly timeUs: number;
    readonly change: "raised" | "updated" | "acknowledged" | "cleared";
  };
