// What a CAP alert holds: the terms of the standard as values (CAP 1.2 §3.2).
import type { CapTime } from "./time.ts";

export const STATUSES = ["Actual", "Exercise", "System", "Test", "Draft"] as const;
export const MSG_TYPES = ["Alert", "Update", "Cancel", "Ack", "Error"] as const;
export const SCOPES = ["Public", "Restricted", "Private"] as const;
export const CATEGORIES = [
  "Geo",
  "Met",
  "Safety",
  "Security",
  "Rescue",
  "Fire",
  "Health",
  "Env",
  "Transport",
  "Infra",
  "CBRNE",
  "Other",
] as const;
export const RESPONSE_TYPES = ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"] as const;
export const URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"] as const;
export const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const;
export const CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"] as const;

/** An earlier message. */
export interface CapReference {
  readonly sender: string;
  readonly identifier: string;
  readonly sent: CapTime;
}

export interface NamedValue {
  readonly valueName: string;
  readonly value: string;
}

/** WGS 84, degrees. */
export interface CapPoint {
  readonly latDeg: number;
  readonly lonDeg: number;
}

export interface CapArea {
  readonly areaDesc: string;
  /** Each at least four points, the last as the first. */
  readonly polygons?: readonly (readonly CapPoint[])[];
  readonly circles?: readonly { readonly centre: CapPoint; readonly radiusKm: number }[];
  readonly geocodes?: readonly NamedValue[];
  /** Feet above mean sea level. */
  readonly altitudeFt?: number;
  /** Feet above mean sea level; only with an altitude. */
  readonly ceilingFt?: number;
}

export interface CapResource {
  readonly resourceDesc: string;
  readonly mimeType: string;
  readonly sizeBytes?: number;
  readonly uri?: string;
  readonly derefUri?: string;
  readonly digest?: string;
}

export interface CapInfo {
  /** RFC 3066; absent: en-US. */
  readonly language?: string;
  readonly categories: readonly (typeof CATEGORIES)[number][];
  readonly event: string;
  readonly responseTypes?: readonly (typeof RESPONSE_TYPES)[number][];
  readonly urgency: (typeof URGENCIES)[number];
  readonly severity: (typeof SEVERITIES)[number];
  readonly certainty: (typeof CERTAINTIES)[number];
  readonly audience?: string;
  readonly eventCodes?: readonly NamedValue[];
  readonly effective?: CapTime;
  readonly onset?: CapTime;
  readonly expires?: CapTime;
  readonly senderName?: string;
  readonly headline?: string;
  readonly description?: string;
  readonly instruction?: string;
  readonly web?: string;
  readonly contact?: string;
  readonly parameters?: readonly NamedValue[];
  readonly resources?: readonly CapResource[];
  readonly areas?: readonly CapArea[];
}

export interface CapAlert {
  readonly identifier: string;
  readonly sender: string;
  readonly sent: CapTime;
  readonly status: (typeof STATUSES)[number];
  readonly msgType: (typeof MSG_TYPES)[number];
  readonly source?: string;
  readonly scope: (typeof SCOPES)[number];
  readonly restriction?: string;
  /** One or more, without the quotes that an address with a space is written in. */
  readonly addresses?: readonly string[];
  readonly codes?: readonly string[];
  readonly note?: string;
  readonly references?: readonly CapReference[];
  readonly incidents?: readonly string[];
  readonly infos?: readonly CapInfo[];
}

/** Limits of what is written and read. */
export const LIMITS: {
  /** Characters of a message. */
  readonly message: number;
  /** Characters of one value. */
  readonly text: number;
  /** Elements in elements. */
  readonly depth: number;
  readonly infos: number;
  /** Areas and resources of an info block, references, values of one kind. */
  readonly list: number;
  /** Points of all polygons of a message, and elements of a document. */
  readonly points: number;
} = { message: 256 * 1024, text: 32 * 1024, depth: 16, infos: 20, list: 200, points: 10_000 };
