// How a person's danger is judged, in words: by which place, and how old it is.
import type { Person, Zone } from "@atalaya/protocol";
import { sectorNow } from "../link/store.ts";
import { age, distance } from "../words/figures.ts";
import type { Words } from "../words/words.ts";

export function basisText({ basis, position, posts }: Person, zones: readonly Zone[], words: Words["people"]): string {
  const old = position === undefined ? undefined : age((sectorNow() - position.measuredMs) / 1000);
  switch (basis) {
    case "position":
      return words.basis.position(old ?? "–", distance(position?.errorM ?? 0));
    case "old-position":
      return words.basis["old-position"](old ?? "–");
    case "post":
      return words.basis.post(posts.map((id) => zones.find((zone) => zone.id === id)?.name ?? id).join(", "));
    case "unknown":
      return words.basis.unknown;
  }
}
