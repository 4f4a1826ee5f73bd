// What a function gives back when its input may be refused.

export interface Refusal {
  /** A short word that programs can tell apart. */
  readonly code: string;
  /** The rule that refused it. */
  readonly clause: string;
  readonly detail: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refused: Refusal };

export function accepted<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refused(code: string, clause: string, detail: string): { readonly ok: false; readonly refused: Refusal } {
  return { ok: false, refused: { code, clause, detail } };
}
