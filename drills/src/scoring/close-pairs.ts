// Which truths and which estimates lie closer to each other than the cut-off?

/** Pairs closer than the cut-off, by truth and then by estimate; distances in metres. */
export interface ClosePairs {
  readonly count: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly distancesM: Float64Array;
}

/**
 * Pairs of `a` (rows) and `b` (columns), each [east, north, up] metres per point, whose distance in the first `dimensions` axes is
 * below `cutoffM`. Points with NaN are in no pair. A sweep along east: about n·m·(2·cutoff / extent) distances.
 */
export function closePairs(a: Float64Array, b: Float64Array, dimensions: 2 | 3, cutoffM: number): ClosePairs {
  const rowCount = a.length / 3;
  const order = Int32Array.from({ length: b.length / 3 }, (_, k) => k)
    .filter((k) => !Number.isNaN(b[k * 3] ?? Number.NaN))
    .sort((x, y) => (b[x * 3] ?? 0) - (b[y * 3] ?? 0));
  const easts = Float64Array.from(order, (k) => b[k * 3] ?? 0);
  const rows: number[] = [];
  const columns: number[] = [];
  const distances: number[] = [];
  for (let row = 0; row < rowCount; row += 1) {
    const east = a[row * 3] ?? 0;
    const north = a[row * 3 + 1] ?? 0;
    const up = a[row * 3 + 2] ?? 0;
    const first = columns.length;
    for (let at = firstAtLeast(easts, east - cutoffM); at < order.length; at += 1) {
      const column = order[at] ?? 0;
      const de = (easts[at] ?? 0) - east;
      if (de > cutoffM) break;
      const dn = (b[column * 3 + 1] ?? 0) - north;
      const du = dimensions === 3 ? (b[column * 3 + 2] ?? 0) - up : 0;
      const distance = Math.sqrt(de * de + dn * dn + du * du);
      if (!(distance < cutoffM)) continue;
      rows.push(row);
      columns.push(column);
      distances.push(distance);
    }
    sortTail(columns, distances, first);
  }
  return {
    count: rows.length,
    rows: Int32Array.from(rows),
    columns: Int32Array.from(columns),
    distancesM: Float64Array.from(distances),
  };
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By column, so that what is decided on equal distances does not depend on where things happen to lie. */
function sortTail(columns: number[], distances: number[], first: number): void {
  for (let k = first + 1; k < columns.length; k += 1) {
    const column = columns[k] ?? 0;
    const distance = distances[k] ?? 0;
    let at = k - 1;
    while (at >= first && (columns[at] ?? 0) > column) {
      columns[at + 1] = columns[at] ?? 0;
      distances[at + 1] = distances[at] ?? 0;
      at -= 1;
    }
    columns[at + 1] = column;
    distances[at + 1] = distance;
  }
}
