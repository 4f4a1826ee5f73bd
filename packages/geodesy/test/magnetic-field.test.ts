import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  decimalYear,
  MAGNETIC_MODEL,
  magneticDeclinationDeg,
  magneticField,
  magneticFromTrueDeg,
  trueFromMagneticDeg,
} from "../src/index.ts";
import { near } from "./near.ts";

// The 100 test values that NOAA/NCEI publishes with the model's coefficients (WMM2025_TestValues.txt, December 2024):
// decimal year, height in kilometres, latitude, longitude, declination, inclination (2 decimals), H and F in nanotesla.
const PUBLISHED: readonly (readonly [number, number, number, number, number, number, number, number])[] = [
  [2025.0, 28, 89, -121, -99.77, 88.47, 1504.298146, 56214.419888],
  [2025.0, 48, 80, -96, -29.91, 87.77, 2164.285547, 55665.134163],
  [2025.0, 54, 82, 87, 54.89, 87.68, 2302.427342, 56787.4668],
  [2025.0, 65, 43, 93, 0.5, 64.1, 24300.764692, 55626.621348],
  [2025.0, 51, -33, 109, -5.49, -67.5, 21838.046477, 57054.752538],
  [2025.0, 39, -59, -8, -15.75, -58.55, 14918.115796, 28589.818346],
  [2025.0, 3, -50, -103, 27.96, -54.89, 22106.041373, 38431.724126],
  [2025.0, 94, -29, -110, 15.74, -38.25, 24181.990098, 30792.688931],
  [2025.0, 66, 14, 143, -0.19, 12.82, 35003.635649, 35898.700342],
  [2025.0, 18, 0, 21, 1.29, -26.06, 29282.246275, 32594.761714],
  [2025.5, 6, -36, -137, 20.28, -52.11, 25353.230658, 41280.516301],
  [2025.5, 63, 26, 81, 0.51, 41.07, 34803.980117, 46166.554053],
  [2025.5, 69, 38, -144, 12.93, 56.97, 23096.337032, 42373.774537],
  [2025.5, 50, -70, -133, 57.21, -71.94, 16656.709403, 53731.803175],
  [2025.5, 8, -52, -75, 14.91, -49.63, 20005.506364, 30886.996822],
  [2025.5, 8, -66, 17, -33.14, -59.55, 18154.870136, 35822.382382],
  [2025.5, 22, -37, 140, 9.28, -68.62, 21688.84759, 59492.006517],
  [2025.5, 40, -12, -129, 10.76, -15.46, 29105.866326, 30199.248583],
  [2025.5, 44, 33, -118, 11.1, 57.89, 23678.743422, 44542.826874],
  [2025.5, 50, -81, -67, 28.13, -67.61, 18292.84272, 48032.062762],
  [2026.0, 74, -57, 3, -22.51, -58.65, 14362.206593, 27606.226129],
  [2026.0, 46, -24, -122, 14.01, -34.17, 26638.50009, 32194.883578],
  [2026.0, 69, 23, 63, 1.17, 35.92, 34565.858527, 42684.54936],
  [2026.0, 33, -3, -147, 9.71, -2.12, 30957.666082, 30978.906535],
  [2026.0, 47, -72, -22, -6.32, -61.16, 18392.516222, 38127.112857],
  [2026.0, 62, -14, 99, -1.43, -44.7, 33448.275663, 47058.03012],
  [2026.0, 83, 86, -46, -30.61, 86.84, 3000.255301, 54362.16383],
  [2026.0, 82, -64, 87, -81.74, -75.4, 13974.248411, 55453.154865],
  [2026.0, 34, -19, 43, -14.98, -52.33, 20212.448819, 33076.961273],
  [2026.0, 56, -81, 40, -59.77, -68.45, 17877.818542, 48670.301997],
  [2026.5, 14, 0, 80, -3.1, -17.15, 39489.089663, 41327.424134],
  [2026.5, 12, -82, -68, 29.79, -68.07, 18497.480257, 49524.275496],
  [2026.5, 44, -46, -42, -11.36, -54.39, 14140.316272, 24285.511845],
  [2026.5, 43, 17, 52, 1.19, 23.95, 36002.676553, 39394.180708],
  [2026.5, 64, 10, 78, -1.53, 7.53, 39441.702532, 39784.948821],
  [2026.5, 12, 33, -145, 11.96, 52.51, 24672.289649, 40536.110231],
  [2026.5, 12, -79, 115, -137.58, -77.37, 13023.480845, 59545.961164],
  [2026.5, 14, -33, -114, 18.12, -44.1, 24613.183584, 34275.882505],
  [2026.5, 19, 29, 66, 2.24, 46.04, 32749.959268, 47177.71116],
  [2026.5, 86, -11, 167, 10.24, -31.6, 33105.255278, 38869.300019],
  [2027.0, 37, -66, -5, -17.22, -59.04, 17159.8365, 33360.029814],
  [2027.0, 67, 72, -115, 13.73, 84.84, 5026.868699, 55916.032175],
  [2027.0, 44, 22, 174, 6.46, 31.89, 28867.487799, 33999.066253],
  [2027.0, 54, 54, 178, 0.63, 65.46, 20617.099795, 49634.202547],
  [2027.0, 57, -43, 50, -48.27, -63.13, 16833.417225, 37242.759503],
  [2027.0, 44, -43, -111, 24.31, -52.57, 22462.470699, 36957.295441],
  [2027.0, 12, -63, 178, 57.87, -79.14, 11720.691727, 62190.188377],
  [2027.0, 38, 27, -169, 8.48, 42.66, 26106.758229, 35501.658671],
  [2027.0, 61, 59, -77, -16.48, 78.68, 10884.812802, 55476.03437],
  [2027.0, 67, -47, -32, -13.52, -57.98, 12805.786103, 24150.072239],
  [2027.5, 8, 62, 53, 19.39, 76.67, 12997.751893, 56368.814385],
  [2027.5, 77, -68, -7, -16.19, -59.82, 17262.817301, 34335.550744],
  [2027.5, 98, -5, 159, 7.79, -23.22, 33857.496691, 36841.937629],
  [2027.5, 34, -29, -107, 15.64, -37.45, 24446.053109, 30792.269761],
  [2027.5, 60, 27, 65, 1.85, 42.83, 33079.422542, 45108.083389],
  [2027.5, 73, -72, 95, -102.64, -76.49, 13306.747292, 56974.931751],
  [2027.5, 96, -46, -85, 17.93, -47.37, 19914.457641, 29402.458634],
  [2027.5, 0, -13, -59, -17.49, -15.26, 22401.49301, 23220.406233],
  [2027.5, 16, 66, -178, 0.37, 75.67, 13821.614337, 55830.559897],
  [2027.5, 72, -87, 38, -65.44, -70.97, 16661.696834, 51088.94737],
  [2028.0, 49, 20, 167, 5.1, 26.82, 30251.262453, 33898.298187],
  [2028.0, 71, 5, -13, -6.47, -17.66, 28323.200567, 29724.177504],
  [2028.0, 95, 14, 65, -0.51, 17.44, 36933.940251, 38713.089985],
  [2028.0, 86, -85, -79, 41.09, -70.25, 16867.459172, 49924.018042],
  [2028.0, 30, -36, -64, -4.65, -40.08, 17398.651081, 22738.551012],
  [2028.0, 75, 79, 125, -18.59, 87.42, 2582.332595, 57366.902212],
  [2028.0, 21, 6, -32, -14.34, -8.7, 28453.070088, 28783.980055],
  [2028.0, 1, -76, -75, 29.87, -65.23, 19597.63521, 46782.525885],
  [2028.0, 45, -46, -41, -11.68, -54.96, 13897.562372, 24203.798713],
  [2028.0, 11, -22, -21, -23.24, -57.67, 13528.270036, 25295.35608],
  [2028.5, 28, 54, -120, 15.43, 73.74, 15286.094495, 54578.03765],
  [2028.5, 68, -58, 156, 41.57, -81.52, 9282.943032, 62952.605366],
  [2028.5, 39, -65, -88, 29.45, -60.2, 20609.270068, 41466.964689],
  [2028.5, 27, -23, 81, -13.27, -58.58, 25625.329284, 49156.421313],
  [2028.5, 11, 34, 0, 1.57, 46.77, 29089.194286, 42471.284539],
  [2028.5, 72, -62, 65, -67.87, -68.5, 17434.847799, 47576.992646],
  [2028.5, 55, 86, 70, 67.64, 87.57, 2370.361097, 55976.36393],
  [2028.5, 59, 32, 163, 0.15, 43.1, 28217.204381, 38645.571587],
  [2028.5, 65, 48, 148, -9.55, 61.79, 23693.546804, 50130.233993],
  [2028.5, 95, 30, 28, 4.56, 44.27, 29786.406936, 41599.765773],
  [2029.0, 95, -60, -59, 8.58, -55.17, 18095.598879, 31687.013474],
  [2029.0, 95, -70, 42, -55.06, -64.54, 18202.66048, 42348.655378],
  [2029.0, 50, 87, -154, -73.48, 89.07, 906.920459, 55999.652503],
  [2029.0, 58, 32, 19, 4.11, 46.03, 29434.989012, 42393.219362],
  [2029.0, 57, 34, -13, -1.89, 45.74, 28257.277809, 40488.595068],
  [2029.0, 38, -76, 49, -64.28, -67.36, 18412.640681, 47836.837024],
  [2029.0, 49, -50, -179, 32.11, -71.33, 18080.59379, 56494.088877],
  [2029.0, 90, -55, -171, 38.65, -72.79, 16416.538468, 55479.618058],
  [2029.0, 41, 42, -19, -4.13, 56.44, 24503.475397, 44319.720622],
  [2029.0, 19, 46, -22, -5.65, 60.89, 22632.016516, 46527.066578],
  [2029.5, 31, 13, -132, 9.04, 31.41, 28145.022897, 32978.312476],
  [2029.5, 93, -2, 158, 7.09, -17.84, 34067.30102, 35788.329028],
  [2029.5, 51, -76, 40, -56.34, -66.22, 18517.441118, 45917.898858],
  [2029.5, 64, 22, -132, 10.23, 43.76, 26014.780783, 36020.758857],
  [2029.5, 26, -65, 55, -63.48, -65.71, 18695.741849, 45454.397791],
  [2029.5, 66, -21, 32, -14.63, -56.68, 16100.322907, 29312.444941],
  [2029.5, 18, 9, -172, 9.24, 15.85, 30922.51441, 32144.689001],
  [2029.5, 63, 88, 26, 36.52, 87.37, 2539.900024, 55344.931586],
  [2029.5, 33, 17, 5, 0.89, 13.77, 34026.126581, 35033.582023],
  [2029.5, 77, -18, 138, 4.45, -47.55, 31847.600506, 47186.021876],
];

/** The moment of a decimal year, worked out with the platform's calendar. */
function unixMsOf(year: number): number {
  const whole = Math.floor(year);
  return Date.UTC(whole, 0, 1) + (year - whole) * (Date.UTC(whole + 1, 0, 1) - Date.UTC(whole, 0, 1));
}

test("the field agrees with every test value published with the model", () => {
  assert.equal(PUBLISHED.length, 100);
  for (const [year, heightKm, lat, lon, declination, inclination, horizontal, total] of PUBLISHED) {
    const field = magneticField(lat, lon, heightKm * 1000, unixMsOf(year));
    const where = `${year} ${lat} ${lon}`;
    near(field.declinationDeg, declination, 0.005 + 1e-9, `declination ${where}`);
    near(field.inclinationDeg, inclination, 0.005 + 1e-9, `inclination ${where}`);
    near(field.horizontalNt, horizontal, 1e-3, `horizontal ${where}`);
    near(field.totalNt, total, 1e-3, `total ${where}`);
  }
});

test("the result says which model it is and whether it is still in force", () => {
  assert.equal(MAGNETIC_MODEL.name, "WMM-2025");
  assert.equal(new Date(MAGNETIC_MODEL.validFromUnixMs).toISOString().slice(0, 10), "2024-11-13");
  assert.equal(new Date(MAGNETIC_MODEL.validToUnixMs).toISOString().slice(0, 10), "2029-11-13");
  const validityAt = (text: string): string => magneticField(31.76, -106.49, 1140, Date.parse(text)).validity;
  assert.equal(validityAt("2026-11-24T00:00:00Z"), "in-force");
  assert.equal(validityAt("2029-11-13T00:00:00Z"), "in-force");
  assert.equal(validityAt("2029-11-14T00:00:00Z"), "expired");
  assert.equal(validityAt("2024-11-12T00:00:00Z"), "not-yet-in-force");
});

test("an expired model goes on with its linear change instead of failing or falling silent on the console", (t) => {
  const said = t.mock.method(console, "error", () => {});
  const at = (year: number): number => magneticDeclinationDeg(31.76, -106.49, 1140, unixMsOf(year));
  const yearly = at(2029) - at(2028);
  near(at(2032) - at(2029), 3 * yearly, 0.01);
  assert.equal(said.mock.callCount(), 0);
});

test("declination at El Paso agrees with a second implementation of the same model", () => {
  // magvar 2.2.0 (npm), 2026-11: 7.39 degrees east.
  near(magneticDeclinationDeg(31.76, -106.48, 1140, Date.parse("2026-11-24T00:00:00Z")), 7.39, 0.005);
});

test("where the horizontal field is weak a compass is called doubtful, with the error to match", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  assert.equal(magneticField(31.76, -106.49, 0, now).compass, "usable");
  assert.equal(magneticField(75, -100, 0, now).compass, "caution");
  const nearDipPole = magneticField(86, 140, 0, now);
  assert.equal(nearDipPole.compass, "blackout");
  assert.ok(nearDipPole.declinationErrorDeg > 2.7);
  // √(0.26² + (5417/H)²) at H = 24,000 nT
  near(magneticField(31.76, -106.49, 0, now).declinationErrorDeg, 0.345, 0.002);
});

test("compass and true azimuths turn into each other", () => {
  assert.equal(trueFromMagneticDeg(355, 7.5), 2.5);
  assert.equal(magneticFromTrueDeg(2.5, 7.5), 355);
});

test("a longitude may be written either way round, and the poles have an answer", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  near(magneticDeclinationDeg(10, 190, 0, now), magneticDeclinationDeg(10, -170, 0, now), 1e-9);
  for (const lat of [90, -90]) {
    const field = magneticField(lat, 0, 0, now);
    assert.ok(Number.isFinite(field.declinationDeg));
    // At the pole the declination refers to the meridian: turning the meridian turns it.
    const turned = magneticField(lat, 30, 0, now).declinationDeg - field.declinationDeg;
    near(((turned % 360) + 360) % 360, lat > 0 ? 30 : 330, 0.01);
  }
});

test("what is no position or moment gives no number", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  for (const [lat, lon, height, moment] of [
    [90.1, 0, 0, now],
    [Number.NaN, 0, 0, now],
    [0, Number.POSITIVE_INFINITY, 0, now],
    [0, 0, Number.NaN, now],
    [0, 0, 0, Number.NaN],
  ] as const) {
    const field = magneticField(lat, lon, height, moment);
    assert.ok(Number.isNaN(field.declinationDeg) && Number.isNaN(field.totalNt) && Number.isNaN(field.declinationErrorDeg));
    assert.notEqual(field.compass, "usable");
    if (Number.isNaN(moment)) assert.notEqual(field.validity, "in-force");
  }
});

test("decimal years follow the Gregorian calendar, leap years and centuries included", () => {
  assert.equal(decimalYear(0), 1970);
  assert.equal(decimalYear(Date.UTC(2025, 0, 1)), 2025);
  assert.equal(decimalYear(Date.UTC(2024, 6, 2)), 2024.5);
  assert.ok(Number.isNaN(decimalYear(Number.NaN)));
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1600, 0, 1), max: Date.UTC(2500, 0, 1) }), (moment) => {
      assert.equal(Math.floor(decimalYear(moment)), new Date(moment).getUTCFullYear());
      near(unixMsOf(decimalYear(moment)), moment, 30);
    }),
    { numRuns: 2000 },
  );
});
