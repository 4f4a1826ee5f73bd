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

/** `out = P h` for one measurement row h = [hp, hv] at `h[ho..ho+5]`; six numbers to `out[oo..]`. */
export function timesRow(p: Float64Array, po: number, h: Float64Array, ho: number, out: Float64Array, oo: number): void {
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

/** Row · vector of six. */
export function dotRow(h: Float64Array, ho: number, v: Float64Array, vo: number): number {
  return (
    h[ho] * v[vo] + h[ho + 1] * v[vo + 1] + h[ho + 2] * v[vo + 2] + h[ho + 3] * v[vo + 3] + h[ho + 4] * v[vo + 4] + h[ho + 5] * v[vo + 5]
  );
}

/** Offset of element (i, j), i ≥ j, in a packed lower triangle: 00 10 11 20 21 22 30 … */
const TRIANGLE: readonly number[] = [0, 1, 3, 6];

/**
 * Prepares the update of one state by `rows` measurement rows: innovation covariance S = H P Hᵀ + R, its Cholesky factor L (packed lower
 * triangle, at `chol[co..]`, the diagonal inverted) and W = L⁻¹ H P (rows × 6, at `w[wo..]`).
 * `extra` is added to S (packed lower triangle at `extra[eo..]`), for errors that all detections of a sensor share. Returns log det S.
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
  let logDet = 0;
  for (let i = 0; i < rows; i += 1) {
    const wi = wo + i * 6;
    timesRow(p, po, h, ho + i * 6, w, wi);
    // Forward substitution goes on in place: rows before i are L⁻¹ H P already.
    const ci = co + TRIANGLE[i];
    // S_ij = h_j · (P h_i), needed before w_i is changed.
    for (let j = 0; j < i; j += 1) {
      let s = dotRow(h, ho + j * 6, w, wi);
      const cj = co + TRIANGLE[j];
      for (let k = 0; k < j; k += 1) s -= chol[ci + k] * chol[cj + k];
      chol[ci + j] = s * chol[cj + j];
    }
    let d = dotRow(h, ho + i * 6, w, wi) + r[ro + i];
    for (let k = 0; k < i; k += 1) d -= chol[ci + k] * chol[ci + k];
    if (!(d > 1e-12)) d = 1e-12;
    const inverse = 1 / Math.sqrt(d);
    logDet += Math.log(d);
    chol[ci + i] = inverse;
    for (let k = 0; k < i; k += 1) {
      const l = chol[ci + k];
      const wk = wo + k * 6;
      w[wi] -= l * w[wk];
      w[wi + 1] -= l * w[wk + 1];
      w[wi + 2] -= l * w[wk + 2];
      w[wi + 3] -= l * w[wk + 3];
      w[wi + 4] -= l * w[wk + 4];
      w[wi + 5] -= l * w[wk + 5];
    }
    w[wi] *= inverse;
    w[wi + 1] *= inverse;
    w[wi + 2] *= inverse;
    w[wi + 3] *= inverse;
    w[wi + 4] *= inverse;
    w[wi + 5] *= inverse;
  }
  return logDet;
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

/**
 * The update of probabilistic data association: x += Wᵀ ȳ and P −= Wᵀ (a I − B) W, where ȳ = Σ β y over the whitened innovations, a = Σ β and
 * B = Σ β y yᵀ − ȳ ȳᵀ is their spread (Bar-Shalom, Daum, Huang, "The probabilistic data association filter", IEEE CSM 2009, eq. 38–42, whitened).
 * `spread` is a packed lower triangle of B.
 */
export function applyUpdate(
  x: Float64Array,
  xo: number,
  p: Float64Array,
  po: number,
  w: Float64Array,
  wo: number,
  rows: number,
  yBar: Float64Array,
  a: number,
  spread: Float64Array,
): void {
  for (let i = 0; i < rows; i += 1) {
    const wi = wo + i * 6;
    const y = yBar[i];
    const w0 = w[wi];
    const w1 = w[wi + 1];
    const w2 = w[wi + 2];
    const w3 = w[wi + 3];
    const w4 = w[wi + 4];
    const w5 = w[wi + 5];
    x[xo] += w0 * y;
    x[xo + 1] += w1 * y;
    x[xo + 2] += w2 * y;
    x[xo + 3] += w3 * y;
    x[xo + 4] += w4 * y;
    x[xo + 5] += w5 * y;
    for (let j = 0; j <= i; j += 1) {
      const s = (i === j ? a : 0) - spread[TRIANGLE[i] + j];
      if (s === 0) continue;
      if (i === j) {
        const s0 = s * w0;
        const s1 = s * w1;
        const s2 = s * w2;
        const s3 = s * w3;
        const s4 = s * w4;
        p[po] -= s0 * w0;
        p[po + 1] -= s0 * w1;
        p[po + 2] -= s0 * w2;
        p[po + 3] -= s1 * w1;
        p[po + 4] -= s1 * w2;
        p[po + 5] -= s2 * w2;
        p[po + 6] -= s0 * w3;
        p[po + 7] -= s0 * w4;
        p[po + 8] -= s0 * w5;
        p[po + 9] -= s1 * w3;
        p[po + 10] -= s1 * w4;
        p[po + 11] -= s1 * w5;
        p[po + 12] -= s2 * w3;
        p[po + 13] -= s2 * w4;
        p[po + 14] -= s2 * w5;
        p[po + 15] -= s3 * w3;
        p[po + 16] -= s3 * w4;
        p[po + 17] -= s3 * w5;
        p[po + 18] -= s4 * w4;
        p[po + 19] -= s4 * w5;
        p[po + 20] -= s * w5 * w5;
      } else {
        const wj = wo + j * 6;
        const v0 = w[wj];
        const v1 = w[wj + 1];
        const v2 = w[wj + 2];
        const v3 = w[wj + 3];
        const v4 = w[wj + 4];
        const v5 = w[wj + 5];
        p[po] -= 2 * s * w0 * v0;
        p[po + 1] -= s * (w0 * v1 + w1 * v0);
        p[po + 2] -= s * (w0 * v2 + w2 * v0);
        p[po + 3] -= 2 * s * w1 * v1;
        p[po + 4] -= s * (w1 * v2 + w2 * v1);
        p[po + 5] -= 2 * s * w2 * v2;
        p[po + 6] -= s * (w0 * v3 + w3 * v0);
        p[po + 7] -= s * (w0 * v4 + w4 * v0);
        p[po + 8] -= s * (w0 * v5 + w5 * v0);
        p[po + 9] -= s * (w1 * v3 + w3 * v1);
        p[po + 10] -= s * (w1 * v4 + w4 * v1);
        p[po + 11] -= s * (w1 * v5 + w5 * v1);
        p[po + 12] -= s * (w2 * v3 + w3 * v2);
        p[po + 13] -= s * (w2 * v4 + w4 * v2);
        p[po + 14] -= s * (w2 * v5 + w5 * v2);
        p[po + 15] -= 2 * s * w3 * v3;
        p[po + 16] -= s * (w3 * v4 + w4 * v3);
        p[po + 17] -= s * (w3 * v5 + w5 * v3);
        p[po + 18] -= 2 * s * w4 * v4;
        p[po + 19] -= s * (w4 * v5 + w5 * v4);
        p[po + 20] -= 2 * s * w5 * v5;
      }
    }
  }
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
