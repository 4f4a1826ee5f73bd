// Orbital elements of no satellite, as two lines with checksums that are right: for tests of what is supplied.

/** Digits count themselves, a minus sign counts 1, modulo 10 (the two-line format's own rule). */
function withChecksum(line: string): string {
  let sum = 0;
  for (const character of line) sum += character === "-" ? 1 : /\d/.test(character) ? Number(character) : 0;
  return `${line}${sum % 10}`;
}

/** A low orbit of 51.6° at 420 km, with its epoch at this moment. */
export function madeElements(name: string, epochMs: number, noradId = "99901"): string {
  const year = new Date(epochMs).getUTCFullYear();
  const day = (epochMs - Date.UTC(year, 0, 1)) / 86_400_000 + 1;
  const epoch = `${String(year % 100).padStart(2, "0")}${day.toFixed(8).padStart(12, "0")}`;
  return [
    name,
    withChecksum(`1 ${noradId}U 25001A   ${epoch}  .00000000  00000-0  12000-3 0  999`),
    withChecksum(`2 ${noradId}  51.6400 120.0000 0004000  80.0000  10.0000 15.50000000  100`),
  ].join("\n");
}
