// Which rows go with which columns so that the sum of the costs is least, when only some pairs may go together?

/**
 * Pairs that may go together, in any order. A cost below zero is gain: a row or column that stays alone costs nothing, so a pair
 * with a cost above zero is never taken.
 */
export interface Pairs {
  readonly count: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly costs: Float64Array;
}

/**
 * The column of each row (−1: stays alone) with the least sum of costs.
 *
 * Pairs fall into connected clusters that do not touch each other; each cluster is solved by itself with shortest augmenting paths
 * and potentials (R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
 * Computing 38 (1987) 325–340). Time: the sum over clusters of (smaller side)² × larger side; memory: the largest cluster's matrix.
 * Where two assignments cost the same, which one is returned depends on the order of rows and columns only.
 */
export function assign(rowCount: number, columnCount: number, pairs: Pairs): Int32Array {
  const columnOf = new Int32Array(rowCount).fill(-1);
  for (const cluster of clusters(rowCount, columnCount, pairs)) solveCluster(cluster, pairs, columnOf);
  return columnOf;
}

interface Cluster {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Indices into the pairs. */
  readonly pairs: readonly number[];
}

/** Connected components by union of the ends of each pair; nodes are the rows, then the columns. */
function clusters(rowCount: number, columnCount: number, { count, rows, columns }: Pairs): readonly Cluster[] {
  const parent = new Int32Array(rowCount + columnCount);
  for (let node = 0; node < parent.length; node += 1) parent[node] = node;
  const rootOf = (start: number): number => {
    let node = start;
    for (let up = parent[node] ?? node; up !== node; up = parent[node] ?? node) {
      const grand = parent[up] ?? up;
      parent[node] = grand;
      node = grand;
    }
    return node;
  };
  for (let k = 0; k < count; k += 1) {
    const a = rootOf(rows[k] ?? 0);
    const b = rootOf(rowCount + (columns[k] ?? 0));
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
  }
  const found = new Map<number, { rows: number[]; columns: number[]; pairs: number[] }>();
  const seen = new Uint8Array(rowCount + columnCount);
  for (let k = 0; k < count; k += 1) {
    const row = rows[k] ?? 0;
    const column = columns[k] ?? 0;
    const root = rootOf(row);
    let cluster = found.get(root);
    if (cluster === undefined) found.set(root, (cluster = { rows: [], columns: [], pairs: [] }));
    if (seen[row] === 0) cluster.rows.push(row);
    if (seen[rowCount + column] === 0) cluster.columns.push(column);
    seen[row] = 1;
    seen[rowCount + column] = 1;
    cluster.pairs.push(k);
  }
  return [...found.values()];
}

function solveCluster(cluster: Cluster, { rows, columns, costs }: Pairs, columnOf: Int32Array): void {
  const turned = cluster.rows.length > cluster.columns.length;
  const short = turned ? cluster.columns : cluster.rows;
  const long = turned ? cluster.rows : cluster.columns;
  const shortAt = new Map(short.map((name, at) => [name, at]));
  const longAt = new Map(long.map((name, at) => [name, at]));
  const matrix = new Float64Array(short.length * long.length);
  const allowed = new Uint8Array(matrix.length);
  for (const k of cluster.pairs) {
    const cost = costs[k] ?? 0;
    const row = rows[k] ?? 0;
    const column = columns[k] ?? 0;
    const at = (shortAt.get(turned ? column : row) ?? 0) * long.length + (longAt.get(turned ? row : column) ?? 0);
    if (!(cost <= 0)) continue;
    matrix[at] = allowed[at] === 1 ? Math.min(matrix[at] ?? 0, cost) : cost;
    allowed[at] = 1;
  }
  const chosen = leastSum(short.length, long.length, matrix);
  for (let at = 0; at < short.length; at += 1) {
    const other = chosen[at] ?? 0;
    if (allowed[at * long.length + other] !== 1) continue;
    const [row, column] = turned ? [long[other], short[at]] : [short[at], long[other]];
    if (row !== undefined && column !== undefined) columnOf[row] = column;
  }
}

/** The column of each row of a full matrix with rows ≤ columns: each row in turn by the shortest augmenting path. */
function leastSum(rows: number, columns: number, matrix: Float64Array): Int32Array {
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(columns);
  const rowOf = new Int32Array(columns).fill(-1);
  const columnOf = new Int32Array(rows).fill(-1);
  const distance = new Float64Array(columns);
  const before = new Int32Array(columns);
  const done = new Uint8Array(columns);
  for (let start = 0; start < rows; start += 1) {
    distance.fill(Number.POSITIVE_INFINITY);
    before.fill(-1);
    done.fill(0);
    let row = start;
    let last = -1;
    let reached = 0;
    let end = -1;
    while (end < 0) {
      let nearest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let column = 0; column < columns; column += 1) {
        if (done[column] === 1) continue;
        const along = reached + (matrix[row * columns + column] ?? 0) - (rowPotential[row] ?? 0) - (columnPotential[column] ?? 0);
        if (along < (distance[column] ?? 0)) {
          distance[column] = along;
          before[column] = last;
        }
        const here = distance[column] ?? 0;
        if (here < least || nearest < 0) {
          least = here;
          nearest = column;
        }
      }
      reached = least;
      done[nearest] = 1;
      last = nearest;
      row = rowOf[nearest] ?? -1;
      if (row < 0) end = nearest;
    }
    rowPotential[start] = (rowPotential[start] ?? 0) + reached;
    for (let column = 0; column < columns; column += 1) {
      if (done[column] !== 1) continue;
      const slack = reached - (distance[column] ?? 0);
      columnPotential[column] = (columnPotential[column] ?? 0) - slack;
      const owner = rowOf[column] ?? -1;
      if (owner >= 0) rowPotential[owner] = (rowPotential[owner] ?? 0) + slack;
    }
    for (let column = end; column >= 0; ) {
      const previous = before[column] ?? -1;
      const owner = previous < 0 ? start : (rowOf[previous] ?? start);
      rowOf[column] = owner;
      columnOf[owner] = column;
      column = previous;
    }
  }
  return columnOf;
}
