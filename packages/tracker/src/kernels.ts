// The linear algebra of one track: prediction, mixing of motion models, and the update by a measurement of up to four rows.
//
// A state is [e, n, u, ve, vn, vu] in metres and metres per second of the tracker's local frame. Its covariance is packed in 21 numbers:
// six of the position block (ee en eu nn nu uu), nine of position × velocity (row by row), six of the velocity block, in that order.
// Nothing here allocates.

/** Numbers of a state and of a packed covariance. */
export const STATE = 6;
export const PACKED = 21;
/** Rows of a measurement at most: range, azimuth, elevation, range rate. */
export const ROWS = 4;

/**
 * Constant velocity with white-noise acceleration of spectral density `q` (m²/s³), over `dt` s
 * (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to Tracking and Navigation", eq. 6.2.2-12). A negative `dt` moves the mean
 * back and adds the same noise. `wander` (m²/s) lets the position itself wander, and `vertical` is the share of all noise that acts upwards: small
 * aircraft change height more gently than course.
 */
export function predict(
  x: Float64Array,
  xo: number,
  p: Float64Array,
  po: number,
  dt: number,
  q: number,
  wander: number,
  vertical: number,
): void {
  x[xo] += dt * x[xo + 3];
  x[xo + 1] += dt * x[xo + 4];
  x[xo + 2] += dt * x[xo + 5];
  const dt2 = dt * dt;
  const c00 = p[po + 15];
  const c01 = p[po + 16];
  const c02 = p[po + 17];
  const c11 = p[po + 18];
  const c12 = p[po + 19];
  const c22 = p[po + 20];
  const b00 = p[po + 6];
  const b01 = p[po + 7];
  const b02 = p[po + 8];
  const b10 = p[po + 9];
  const b11 = p[po + 10];
  const b12 = p[po + 11];
  const b20 = p[po + 12];
  const b21 = p[po + 13];
  const b22 = p[po + 14];
  const adt = dt < 0 ? -dt : dt;
  const qv = q * adt;
  const qx = (qv * dt) / 2;
  const qp = (qv * dt2) / 3 + wander * adt;
  const vz = vertical;
  p[po] += 2 * dt * b00 + dt2 * c00 + qp;
  p[po + 1] += dt * (b01 + b10) + dt2 * c01;
  p[po + 2] += dt * (b02 + b20) + dt2 * c02;
  p[po + 3] += 2 * dt * b11 + dt2 * c11 + qp;
  p[po + 4] += dt * (b12 + b21) + dt2 * c12;
  p[po + 5] += 2 * dt * b22 + dt2 * c22 + qp * vz;
  p[po + 6] = b00 + dt * c00 + qx;
  p[po + 7] = b01 + dt * c01;
  p[po + 8] = b02 + dt * c02;
  p[po + 9] = b10 + dt * c01;
  p[po + 10] = b11 + dt * c11 + qx;
  p[po + 11] = b12 + dt * c12;
  p[po + 12] = b20 + dt * c02;
  p[po + 13] = b21 + dt * c12;
  p[po + 14] = b22 + dt * c22 + qx * vz;
  p[po + 15] = c00 + qv;
  p[po + 18] = c11 + qv;
  p[po + 20] = c22 + qv * vz;
}

/** Adds `w · d dᵀ` to a packed covariance, d of six numbers at `d[at..]`. */
export function addOuter(p: Float64Array, po: number, d: Float64Array, at: number, w: number): void {
  const d0 = d[at];
  const d1 = d[at + 1];
  const d2 = d[at + 2];
  const d3 = d[at + 3];
  const d4 = d[at + 4];
  const d5 = d[at + 5];
  const w0 = w * d0;
  const w1 = w * d1;
  const w2 = w * d2;
  p[po] += w0 * d0;
  p[po + 1] += w0 * d1;
  p[po + 2] += w0 * d2;
  p[po + 3] += w1 * d1;
  p[po + 4] += w1 * d2;
  p[po + 5] += w2 * d2;
  p[po + 6] += w0 * d3;
  p[po + 7] += w0 * d4;
  p[po + 8] += w0 * d5;
  p[po + 9] += w1 * d3;
  p[po + 10] += w1 * d4;
  p[po + 11] += w1 * d5;
  p[po + 12] += w2 * d3;
  p[po + 13] += w2 * d4;
  p[po + 14] += w2 * d5;
  const w3 = w * d3;
  const w4 = w * d4;
  p[po + 15] += w3 * d3;
  p[po + 16] += w3 * d4;
  p[po + 17] += w3 * d5;
  p[po + 18] += w4 * d4;
  p[po + 19] += w4 * d5;
  p[po + 20] += w * d5 * d5;
}

/** `out = d dᵀ`, packed, for the difference of two states d = x[a..] − x[b..]. */
export function outerOfDifference(x: Float64Array, a: number, b: number, out: Float64Array): void {
  const d0 = x[a] - x[b];
  const d1 = x[a + 1] - x[b + 1];
  const d2 = x[a + 2] - x[b + 2];
  const d3 = x[a + 3] - x[b + 3];
  const d4 = x[a + 4] - x[b + 4];
  const d5 = x[a + 5] - x[b + 5];
  out[0] = d0 * d0;
  out[1] = d0 * d1;
  out[2] = d0 * d2;
  out[3] = d1 * d1;
  out[4] = d1 * d2;
  out[5] = d2 * d2;
  out[6] = d0 * d3;
  out[7] = d0 * d4;
  out[8] = d0 * d5;
  out[9] = d1 * d3;
  out[10] = d1 * d4;
  out[11] = d1 * d5;
  out[12] = d2 * d3;
  out[13] = d2 * d4;
  out[14] = d2 * d5;
  out[15] = d3 * d3;
  out[16] = d3 * d4;
  out[17] = d3 * d5;
  out[18] = d4 * d4;
  out[19] = d4 * d5;
  out[20] = d5 * d5;
}

/** `out = P h` for one measurement row h = [hp, hv] at `h[ho..ho+5]`; six numbers to `out[oo..]`. */
function timesRow(p: Float64Array, po: number, h: Float64Array, ho: number, out: Float64Array, oo: number): void {
  const h0 = h[ho];
  const h1 = h[ho + 1];
  const h2 = h[ho + 2];
  const h3 = h[ho + 3];
  const h4 = h[ho + 4];
  const h5 = h[ho + 5];
  out[oo] = p[po] * h0 + p[po + 1] * h1 + p[po + 2] * h2 + p[po + 6] * h3 + p[po + 7] * h4 + p[po + 8] * h5;
  out[oo + 1] = p[po + 1] * h0 + p[po + 3] * h1 + p[po + 4] * h2 + p[po + 9] * h3 + p[po + 10] * h4 + p[po + 11] * h5;
  out[oo + 2] = p[po + 2] * h0 + p[po + 4] * h1 + p[po + 5] * h2 + p[po + 12] * h3 + p[po + 13] * h4 + p[po + 14] * h5;
  out[oo + 3] = p[po + 6] * h0 + p[po + 9] * h1 + p[po + 12] * h2 + p[po + 15] * h3 + p[po + 16] * h4 + p[po + 17] * h5;
  out[oo + 4] = p[po + 7] * h0 + p[po + 10] * h1 + p[po + 13] * h2 + p[po + 16] * h3 + p[po + 18] * h4 + p[po + 19] * h5;
  out[oo + 5] = p[po + 8] * h0 + p[po + 11] * h1 + p[po + 14] * h2 + p[po + 17] * h3 + p[po + 19] * h4 + p[po + 20] * h5;
}

/** Offset of element (i, j), i ≥ j, in a packed lower triangle: 00 10 11 20 21 22 30 … */
const TRIANGLE = Int32Array.of(0, 1, 3, 6);

/**
 * Prepares the update of one state by `rows` measurement rows: innovation covariance S = H P Hᵀ + R, its Cholesky factor L (packed lower
 * triangle, at `chol[co..]`, the diagonal inverted) and W = L⁻¹ H P (rows × 6, at `w[wo..]`), row by row: L_ij = w_j · h_i for j < i, since
 * W Hᵀ = Lᵀ − L⁻¹ R. Returns 1 ÷ √det S.
 */
export function prepareUpdate(
  p: Float64Array,
  po: number,
  h: Float64Array,
  ho: number,
  rows: number,
  r: Float64Array,
  ro: number,
  chol: Float64Array,
  co: number,
  w: Float64Array,
  wo: number,
): number {
  let density = 1;
  for (let i = 0; i < rows; i += 1) {
    const hi = ho + i * 6;
    const h0 = h[hi];
    const h1 = h[hi + 1];
    const h2 = h[hi + 2];
    const h3 = h[hi + 3];
    const h4 = h[hi + 4];
    const h5 = h[hi + 5];
    let w0 = p[po] * h0 + p[po + 1] * h1 + p[po + 2] * h2;
    let w1 = p[po + 1] * h0 + p[po + 3] * h1 + p[po + 4] * h2;
    let w2 = p[po + 2] * h0 + p[po + 4] * h1 + p[po + 5] * h2;
    let w3 = p[po + 6] * h0 + p[po + 9] * h1 + p[po + 12] * h2;
    let w4 = p[po + 7] * h0 + p[po + 10] * h1 + p[po + 13] * h2;
    let w5 = p[po + 8] * h0 + p[po + 11] * h1 + p[po + 14] * h2;
    // Range and angles at the state's own time do not depend on the velocity.
    const moving = h3 !== 0 || h4 !== 0 || h5 !== 0;
    if (moving) {
      w0 += p[po + 6] * h3 + p[po + 7] * h4 + p[po + 8] * h5;
      w1 += p[po + 9] * h3 + p[po + 10] * h4 + p[po + 11] * h5;
      w2 += p[po + 12] * h3 + p[po + 13] * h4 + p[po + 14] * h5;
      w3 += p[po + 15] * h3 + p[po + 16] * h4 + p[po + 17] * h5;
      w4 += p[po + 16] * h3 + p[po + 18] * h4 + p[po + 19] * h5;
      w5 += p[po + 17] * h3 + p[po + 19] * h4 + p[po + 20] * h5;
    }
    const ci = co + TRIANGLE[i];
    for (let j = 0; j < i; j += 1) {
      const wj = wo + j * 6;
      const v0 = w[wj];
      const v1 = w[wj + 1];
      const v2 = w[wj + 2];
      const v3 = w[wj + 3];
      const v4 = w[wj + 4];
      const v5 = w[wj + 5];
      let l = h0 * v0 + h1 * v1 + h2 * v2;
      if (moving) l += h3 * v3 + h4 * v4 + h5 * v5;
      chol[ci + j] = l;
      w0 -= l * v0;
      w1 -= l * v1;
      w2 -= l * v2;
      w3 -= l * v3;
      w4 -= l * v4;
      w5 -= l * v5;
    }
    let d = h0 * w0 + h1 * w1 + h2 * w2 + r[ro + i];
    if (moving) d += h3 * w3 + h4 * w4 + h5 * w5;
    if (!(d > 1e-12)) d = 1e-12;
    const inverse = 1 / Math.sqrt(d);
    density *= inverse;
    chol[ci + i] = inverse;
    const wi = wo + i * 6;
    w[wi] = w0 * inverse;
    w[wi + 1] = w1 * inverse;
    w[wi + 2] = w2 * inverse;
    w[wi + 3] = w3 * inverse;
    w[wi + 4] = w4 * inverse;
    w[wi + 5] = w5 * inverse;
  }
  return density;
}

/** y = L⁻¹ ν in place at `y[yo..]`; returns ‖y‖², the squared Mahalanobis distance. */
export function whiten(chol: Float64Array, co: number, rows: number, y: Float64Array, yo: number): number {
  let d2 = 0;
  for (let i = 0; i < rows; i += 1) {
    const ci = co + TRIANGLE[i];
    let v = y[yo + i];
    for (let k = 0; k < i; k += 1) v -= chol[ci + k] * y[yo + k];
    v *= chol[ci + i];
    y[yo + i] = v;
    d2 += v * v;
  }
  return d2;
}

/** One linear scalar measurement of state component `row` (0 to 5): value, variance. Returns its log-likelihood. */
export function updateComponent(x: Float64Array, xo: number, p: Float64Array, po: number, row: number, z: number, r: number): number {
  const column = COLUMNS[row] ?? [];
  const s = p[po + (column[row] ?? 0)] + r;
  const innovation = z - x[xo + row];
  const gain = innovation / s;
  const k0 = p[po + (column[0] ?? 0)];
  const k1 = p[po + (column[1] ?? 0)];
  const k2 = p[po + (column[2] ?? 0)];
  const k3 = p[po + (column[3] ?? 0)];
  const k4 = p[po + (column[4] ?? 0)];
  const k5 = p[po + (column[5] ?? 0)];
  x[xo] += k0 * gain;
  x[xo + 1] += k1 * gain;
  x[xo + 2] += k2 * gain;
  x[xo + 3] += k3 * gain;
  x[xo + 4] += k4 * gain;
  x[xo + 5] += k5 * gain;
  scratch[0] = k0;
  scratch[1] = k1;
  scratch[2] = k2;
  scratch[3] = k3;
  scratch[4] = k4;
  scratch[5] = k5;
  addOuter(p, po, scratch, 0, -1 / s);
  return -0.5 * (innovation * gain + Math.log(s) + LOG_2PI);
}

export const LOG_2PI: number = Math.log(2 * Math.PI);
const scratch = new Float64Array(6);

/** Where element (row, k) of the symmetric matrix stands among the 21 packed numbers. */
export const COLUMNS: readonly (readonly number[])[] = [
  [0, 1, 2, 6, 7, 8],
  [1, 3, 4, 9, 10, 11],
  [2, 4, 5, 12, 13, 14],
  [6, 9, 12, 15, 16, 17],
  [7, 10, 13, 16, 18, 19],
  [8, 11, 14, 17, 19, 20],
];

const rotated = new Float64Array(STATE);
const rotatedP = new Float64Array(PACKED);
const unit = new Float64Array(STATE);
const turnedRow = new Float64Array(STATE);

/** Turns a state by a rotation (3 × 3, row by row) and shifts its position: the same object in another frame. P' = R P Rᵀ for both blocks. */
export function rotateState(x: Float64Array, xo: number, p: Float64Array, po: number, rotation: Float64Array, shift: Float64Array): void {
  for (let k = 0; k < 3; k += 1) {
    const r = k * 3;
    rotated[k] = rotation[r] * x[xo] + rotation[r + 1] * x[xo + 1] + rotation[r + 2] * x[xo + 2] + shift[k];
    rotated[k + 3] = rotation[r] * x[xo + 3] + rotation[r + 1] * x[xo + 4] + rotation[r + 2] * x[xo + 5];
  }
  for (let i = 0; i < STATE; i += 1) {
    // Row i of diag(R, R), times P: its products with the other rows are the elements of P'.
    unit.fill(0);
    const block = i < 3 ? 0 : 3;
    for (let k = 0; k < 3; k += 1) unit[block + k] = rotation[(i - block) * 3 + k];
    timesRow(p, po, unit, 0, turnedRow, 0);
    for (let j = i; j < STATE; j += 1) {
      const other = j < 3 ? 0 : 3;
      let v = 0;
      for (let k = 0; k < 3; k += 1) v += rotation[(j - other) * 3 + k] * turnedRow[other + k];
      rotatedP[COLUMNS[i]?.[j] ?? 0] = v;
    }
  }
  for (let k = 0; k < STATE; k += 1) x[xo + k] = rotated[k];
  for (let k = 0; k < PACKED; k += 1) p[po + k] = rotatedP[k];
}
