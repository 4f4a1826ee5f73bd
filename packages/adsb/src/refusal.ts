// What does this library say when bytes are no message, or a value does not fit its field?

/** Why there is no answer. `clause` names the rule, `detail` says it in words for a person. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly clause: string;
  readonly detail: string;
}

/** A result that is refused; the other side of each union carries its own fields instead. */
export interface Refused<Code extends string = string> {
  readonly refused: Refusal<Code>;
}

export function refuse<Code extends string>(code: Code, clause: string, detail: string): Refused<Code> {
  return { refused: { code, clause, detail } };
}
