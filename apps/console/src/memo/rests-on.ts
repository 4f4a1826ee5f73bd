// What a claim or a bulletin rests on: which documents cite which, in which order they are drawn, and which count as one source.
import type { Claim, MemoSource } from "@atalaya/protocol";

/** More boxes than this are not drawn: they are counted. */
export const MAX_BOXES = 9;

export interface RestsOn {
  /** From top to bottom: what cites stands above what it cites. */
  readonly boxes: readonly MemoSource[];
  /** Documents beyond what is drawn. */
  readonly more: number;
  /** Citations among the boxes, by their places. */
  readonly cites: readonly { readonly from: number; readonly to: number }[];
  /** Places of the boxes that it is drawn from itself. */
  readonly drawn: readonly number[];
}

/** `from`: the documents that it is drawn from itself, in their order. */
export function restsOn(from: readonly string[], sources: readonly MemoSource[]): RestsOn {
  const known = new Map(sources.map((source) => [source.id, source]));
  const placed: MemoSource[] = [];
  const place = (id: string): void => {
    const source = known.get(id);
    if (source === undefined || placed.includes(source)) return;
    placed.push(source);
    for (const cited of source.cites) place(cited);
  };
  // What another of them cites comes below that one.
  const isCited = (id: string): boolean => from.some((other) => other !== id && known.get(other)?.cites.includes(id) === true);
  for (const id of [...from.filter((one) => !isCited(one)), ...from]) place(id);
  const boxes = placed.slice(0, MAX_BOXES);
  const at = (id: string): number => boxes.findIndex((source) => source.id === id);
  return {
    boxes,
    more: placed.length - boxes.length,
    cites: boxes.flatMap((source, row) => source.cites.flatMap((id) => (at(id) < 0 ? [] : [{ from: row, to: at(id) }]))),
    drawn: boxes.flatMap(({ id }, row) => (from.includes(id) ? [row] : [])),
  };
}

/** Documents of a claim that cite others: whether they only repeat them, and which those are. */
export function repeats(
  claim: Claim,
  sources: readonly MemoSource[],
): readonly { readonly source: MemoSource; readonly cites: readonly MemoSource[]; readonly same: boolean }[] {
  const known = new Map(sources.map((source) => [source.id, source]));
  return claim.sources.flatMap(({ id }) => {
    const source = known.get(id);
    if (source === undefined || source.cites.length === 0) return [];
    const cites = source.cites.flatMap((cited) => known.get(cited) ?? []);
    return cites.length === 0 ? [] : [{ source, cites, same: !source.addsOwn }];
  });
}

/** The letters that a claim's sources were given, each once, from the best: shown side by side, never made one. */
export function letters({ sources }: Pick<Claim, "sources">): readonly string[] {
  return [...new Set(sources.map(({ reliability }) => reliability))].sort();
}

/** The beginning of a hash, for eyes that compare two: 4be1 90c7. */
export function shortHash(sha256: string): string {
  return `${sha256.slice(0, 4)} ${sha256.slice(4, 8)}`;
}
