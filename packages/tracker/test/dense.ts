// Plain dense matrices, row by row as one writes them on paper: what the kernels are held against.
import { COLUMNS, PACKED, STATE } from "../src/kernels.ts";

export type Matrix = readonly (readonly number[])[];

export const identity = (n: number): Matrix => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
export const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
export const plus = (a: Matrix, b: Matrix, weight = 1): Matrix => a.map((row, i) => row.map((v, j) => v + weight * b[i]![j]!));
export const scaled = (a: Matrix, weight: number): Matrix => a.map((row) => row.map((v) => v * weight));
export const columnOf = (v: ArrayLike<number>): Matrix => Array.from(v, (value) => [value]);

/** Inverse and determinant by Gauss and Jordan with pivots. */
export function inverted(a: Matrix): { readonly inverse: Matrix; readonly determinant: number } {
  const n = a.length;
  const work = a.map((row, i) => [...row, ...identity(n)[i]!]);
  let determinant = 1;
  for (let k = 0; k < n; k += 1) {
    let pivot = k;
    for (let i = k + 1; i < n; i += 1) if (Math.abs(work[i]![k]!) > Math.abs(work[pivot]![k]!)) pivot = i;
    if (pivot !== k) {
      [work[k], work[pivot]] = [work[pivot]!, work[k]!];
      determinant = -determinant;
    }
    const d = work[k]![k]!;
    determinant *= d;
    work[k] = work[k]!.map((v) => v / d);
    for (let i = 0; i < n; i += 1) {
      if (i === k) continue;
      const f = work[i]![k]!;
      work[i] = work[i]!.map((v, j) => v - f * work[k]![j]!);
    }
  }
  return { inverse: work.map((row) => row.slice(n)), determinant };
}

/** Whether a symmetric matrix is positive definite: its Cholesky factor exists. */
export function isPositive(a: Matrix): boolean {
  const n = a.length;
  const l = a.map(() => Array.from({ length: n }, () => 0));
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let s = a[i]![j]!;
      for (let k = 0; k < j; k += 1) s -= l[i]![k]! * l[j]![k]!;
      if (i !== j) l[i]![j] = s / l[j]![j]!;
      else if (s > 0) l[i]![i] = Math.sqrt(s);
      else return false;
    }
  }
  return true;
}

/** The packed covariance of the kernels as a full matrix. */
export function unpacked(p: Float64Array, po = 0): Matrix {
  return Array.from({ length: STATE }, (_, i) => Array.from({ length: STATE }, (__, j) => p[po + COLUMNS[i]![j]!]!));
}

export function packed(a: Matrix): Float64Array {
  const p = new Float64Array(PACKED);
  for (let i = 0; i < STATE; i += 1) for (let j = i; j < STATE; j += 1) p[COLUMNS[i]![j]!] = a[i]![j]!;
  return p;
}

/** Fails unless two matrices agree element by element, relative to their largest element. */
export function close(actual: Matrix, expected: Matrix, tolerance = 1e-9, what = "matrix"): void {
  const size = Math.max(1e-300, ...expected.flat().map(Math.abs));
  actual.forEach((row, i) => {
    row.forEach((v, j) => {
      if (!(Math.abs(v - expected[i]![j]!) <= tolerance * size)) throw new Error(`${what}[${i}][${j}]: ${v}, expected ${expected[i]![j]}`);
    });
  });
}
