// Where is something whose position came in compact form (CPR)? (DO-260B A.1.7, ICAO Doc 9871 C.2.6)
// A frame holds 17 bits of latitude and longitude within a zone; two frames whose zones differ in size, even and odd, tell which zone it is.
// All functions write [latitude, longitude] in degrees into `out`, longitude in [-180, 180), and say whether there is an answer.
import { wrap180Deg } from "@atalaya/geodesy";

const CPR_RANGE = 131_072;

/**
 * Latitudes at which the number of longitude zones falls from the index to the index less one, degrees:
 * (180/π)·acos(√((1 − cos(π/30)) / (1 − cos(2π/NL)))). Written out, so that every engine has the same.
 */
const FALLS_AT: Float64Array = Float64Array.of(
  0,
  0,
  87,
  86.53536997512101,
  85.75541620944419,
  84.89166190702088,
  83.99173562980566,
  83.07199444719816,
  82.13956980510609,
  81.19801349271951,
  80.24923213280516,
  79.29428225456931,
  78.33374082922752,
  77.36789461328192,
  76.39684390794473,
  75.42056256653363,
  74.43893415725142,
  73.4517744166787,
  72.45884544728952,
  71.4598647302899,
  70.45451074987608,
  69.44242631144031,
  68.4232202208334,
  67.39646774084676,
  66.36171008382628,
  65.31845309682099,
  64.2661652256745,
  63.20427479381938,
  62.132166592103424,
  61.04917774246363,
  59.954592766940465,
  58.84763776148471,
  57.72747353866127,
  56.59318756205935,
  55.4437844449506,
  54.27817472272919,
  53.09516152796016,
  51.89342469168786,
  50.67150165553846,
  49.42776439255704,
  48.160391280966536,
  46.867332524987674,
  45.54626722660254,
  44.19454951419314,
  42.809140122435664,
  41.386518322602825,
  39.92256684333892,
  38.412418924123045,
  36.85025107593547,
  35.228995977964466,
  33.539934362985456,
  31.77209707681102,
  29.91135685731838,
  27.938987101219166,
  25.829247070588554,
  23.545044865571402,
  21.029394926029344,
  18.186263570714182,
  14.828174368687508,
  10.470471299968775,
);

/** The number of zones at each whole degree, where the search for the exact number begins. */
const AT_DEGREE: Uint8Array = Uint8Array.from({ length: 91 }, (_, degree) => {
  let zones = 59;
  while (zones > 1 && degree > FALLS_AT[zones]) zones -= 1;
  return zones;
});

/** Number of longitude zones at a latitude within ±90°, 1 to 59 (NL of the standards: 59 at the equator, 2 at 87° itself, 1 beyond). */
export function longitudeZones(latDeg: number): number {
  const lat = Math.abs(latDeg);
  let zones = AT_DEGREE[lat >= 90 ? 90 : lat | 0];
  while (zones > 1 && lat > FALLS_AT[zones]) zones -= 1;
  return zones;
}

function modulo(value: number, divisor: number): number {
  return value - divisor * Math.floor(value / divisor);
}

/** The latitude zone of a pair among the 60 even or 59 odd ones: 59·even − 60·odd lies between −60 and 59 turns. */
function zoneOf(zone: number, isOdd: boolean): number {
  const zones = isOdd ? 59 : 60;
  if (zone < 0) return zone + zones < 0 ? zone + 2 * zones : zone + zones;
  return zone >= zones ? zone - zones : zone;
}

/** Size of a latitude zone: 4·15 in a turn, or one less for odd frames; a quarter of it on the surface. */
function zoneHeightDeg(isOdd: boolean, isSurface: boolean): number {
  return (isSurface ? 90 : 360) / (isOdd ? 59 : 60);
}

/** Writes the two 17-bit numbers of a position (latitude within ±90°, any longitude) into `out`. */
export function encodeCpr(
  latDeg: number,
  lonDeg: number,
  isOdd: boolean,
  isSurface: boolean,
  out: Float64Array | Int32Array,
  at = 0,
): void {
  const height = zoneHeightDeg(isOdd, isSurface);
  const latitude = Math.floor((CPR_RANGE * modulo(latDeg, height)) / height + 0.5);
  // The zones are those of the latitude that the receiver will compute, not of the one that is sent.
  const sentLat = height * (latitude / CPR_RANGE + Math.floor(latDeg / height));
  const width = (isSurface ? 90 : 360) / Math.max(longitudeZones(sentLat) - (isOdd ? 1 : 0), 1);
  out[at] = latitude % CPR_RANGE;
  out[at + 1] = Math.floor((CPR_RANGE * modulo(lonDeg, width)) / width + 0.5) % CPR_RANGE;
}

/**
 * Position of the newer of an even and an odd airborne frame. False when the two cannot belong together: a latitude beyond a pole, or two
 * latitudes with different numbers of zones, where the longitude would be a guess.
 */
export function globalAirborne(
  evenLatitude: number,
  evenLongitude: number,
  oddLatitude: number,
  oddLongitude: number,
  isOddNewer: boolean,
  out: Float64Array,
  at = 0,
): boolean {
  const zone = (59 * evenLatitude - 60 * oddLatitude + 65_536) >> 17;
  let evenLat = 6 * (zoneOf(zone, false) + evenLatitude / CPR_RANGE);
  let oddLat = (360 / 59) * (zoneOf(zone, true) + oddLatitude / CPR_RANGE);
  if (evenLat >= 270) evenLat -= 360;
  if (oddLat >= 270) oddLat -= 360;
  const lat = isOddNewer ? oddLat : evenLat;
  if (evenLat > 90 || evenLat < -90 || oddLat > 90 || oddLat < -90) return false;
  const zones = longitudeZones(lat);
  if (longitudeZones(isOddNewer ? evenLat : oddLat) !== zones) return false;
  const column = (evenLongitude * (zones - 1) - oddLongitude * zones + 65_536) >> 17;
  const columns = isOddNewer && zones > 1 ? zones - 1 : zones;
  const within = (isOddNewer ? oddLongitude : evenLongitude) / CPR_RANGE;
  out[at] = lat;
  out[at + 1] = wrap180Deg((360 / columns) * (modulo(column, columns) + within));
  return true;
}

/** Of the latitudes that a surface latitude in [0, 90) may mean, the one nearest to the reference: the poles and the equator look alike. */
function nearestLatitude(lat: number, referenceLat: number): number {
  const south = lat - 90;
  let nearest = Math.abs(south - referenceLat) < Math.abs(lat - referenceLat) ? south : lat;
  if (lat === 0 && Math.abs(90 - referenceLat) < Math.abs(nearest - referenceLat)) nearest = 90;
  return nearest;
}

/** The longitude nearest to the reference among those that differ by quarter turns. */
function nearestLongitude(lon: number, referenceLon: number): number {
  return wrap180Deg(lon + 90 * Math.round((referenceLon - lon) / 90));
}

/**
 * Position of the newer of an even and an odd surface frame, nearest to a reference within 45° of both latitude and longitude (the receiver, or
 * the aircraft's own last position): the pair alone fits eight places. False as for `globalAirborne`.
 */
export function globalSurface(
  evenLatitude: number,
  evenLongitude: number,
  oddLatitude: number,
  oddLongitude: number,
  isOddNewer: boolean,
  referenceLatDeg: number,
  referenceLonDeg: number,
  out: Float64Array,
  at = 0,
): boolean {
  const zone = (59 * evenLatitude - 60 * oddLatitude + 65_536) >> 17;
  const evenLat = nearestLatitude(1.5 * (zoneOf(zone, false) + evenLatitude / CPR_RANGE), referenceLatDeg);
  const oddLat = nearestLatitude((90 / 59) * (zoneOf(zone, true) + oddLatitude / CPR_RANGE), referenceLatDeg);
  const lat = isOddNewer ? oddLat : evenLat;
  const zones = longitudeZones(lat);
  if (longitudeZones(isOddNewer ? evenLat : oddLat) !== zones) return false;
  const column = (evenLongitude * (zones - 1) - oddLongitude * zones + 65_536) >> 17;
  const columns = isOddNewer && zones > 1 ? zones - 1 : zones;
  const within = (isOddNewer ? oddLongitude : evenLongitude) / CPR_RANGE;
  out[at] = lat;
  out[at + 1] = nearestLongitude((90 / columns) * (modulo(column, columns) + within), referenceLonDeg);
  return true;
}

/**
 * Position of one frame near a reference, right when the reference is within half a zone: 180 NM in the air, 45 NM on the surface.
 * False when it comes out beyond a pole.
 */
export function localPosition(
  latitude: number,
  longitude: number,
  isOdd: boolean,
  isSurface: boolean,
  referenceLatDeg: number,
  referenceLonDeg: number,
  out: Float64Array,
  at = 0,
): boolean {
  const height = zoneHeightDeg(isOdd, isSurface);
  const within = latitude / CPR_RANGE;
  const lat = height * (Math.round(referenceLatDeg / height - within) + within);
  if (lat > 90 || lat < -90) return false;
  const columns = Math.max(longitudeZones(lat) - (isOdd ? 1 : 0), 1);
  const width = (isSurface ? 90 : 360) / columns;
  const beside = longitude / CPR_RANGE;
  const lon = width * (Math.round(referenceLonDeg / width - beside) + beside);
  out[at] = lat;
  out[at + 1] = wrap180Deg(lon);
  return true;
}
