// What does this library say when it is asked for something that has no answer?

/** Why there is no answer. `clause` names the rule, `detail` says it in words for a person. */
export interface GeodesyRefusal<Code extends string> {
  readonly code: Code;
  readonly clause: string;
  readonly detail: string;
}

/** A result that is refused; the other side of each union carries its own named field instead. */
export interface Refused<Code extends string> {
  readonly refused: GeodesyRefusal<Code>;
}

export function refuse<Code extends string>(code: Code, clause: string, detail: string): Refused<Code> {
  return { refused: { code, clause, detail } };
}
