// Whom a bulletin can be written to: people with their teams, roles and posts, as far as this session may know of them.
import { type Person, paths, type Readiness } from "@atalaya/protocol";
import { useAsked } from "../link/asked.ts";
import { hasRight, useShown } from "../link/store.ts";

export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly role: string;
}

export interface KnownPeople {
  readonly people: readonly KnownPerson[];
  /** Everybody is among them: numbers of people can be said. */
  readonly whole: boolean;
}

/** An analyst does not see where people are, and so knows of those who are on shift or go out. */
export function useKnownPeople(): KnownPeople {
  const mayAsk = useShown(({ user }) => hasRight(user, "officer"));
  const { value: all } = useAsked<readonly Person[]>(mayAsk ? paths.people : undefined, 0);
  const { value: readiness } = useAsked<Readiness>(mayAsk ? undefined : paths.readiness, 0);
  const people = mayAsk
    ? (all ?? []).map(({ id, name, team, role }) => ({ id, name, team, role }))
    : (readiness?.people ?? []).map(({ personId, name, team, role }) => ({ id: personId, name, team, role }));
  return { people: people.toSorted((a, b) => a.name.localeCompare(b.name)), whole: mayAsk };
}
