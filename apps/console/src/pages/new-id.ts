// An id made from a name: readable in the journal, and not one that is taken.
const LONGEST = 24;

export function newId(name: string, taken: readonly string[], fallback: string): string {
  const plain = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase()
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  const base = plain === "" ? fallback : plain;
  let id = base;
  for (let k = 2; taken.includes(id); k += 1) id = `${base}-${k}`;
  return id;
}
