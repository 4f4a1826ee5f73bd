// Where are the brightest stars, and how do they move?

/**
 * Positions in the frame and at the equinox of J2000, epoch 2000.0, with yearly motion (that in right ascension times the cosine of the declination), and
 * visual magnitude: ESA, *The Hipparcos and Tycho Catalogues* (1997), SP-1200. All that reach magnitude 1.4. Betelgeuse and Antares vary by some tenths.
 */
export interface BrightStar {
  readonly name: string;
  readonly raHours: number;
  readonly decDeg: number;
  readonly raMasPerYear: number;
  readonly decMasPerYear: number;
  readonly magnitude: number;
}

export const BRIGHT_STARS: readonly BrightStar[] = [
  { name: "sirius", raHours: 6.75247697, decDeg: -16.71611569, raMasPerYear: -546.01, decMasPerYear: -1223.08, magnitude: -1.44 },
  { name: "canopus", raHours: 6.39919718, decDeg: -52.69566045, raMasPerYear: 19.99, decMasPerYear: 23.67, magnitude: -0.62 },
  { name: "rigil-kentaurus", raHours: 14.66013779, decDeg: -60.83397588, raMasPerYear: -3678.19, decMasPerYear: 481.84, magnitude: -0.01 },
  { name: "arcturus", raHours: 14.26102001, decDeg: 19.18241038, raMasPerYear: -1093.45, decMasPerYear: -1999.4, magnitude: -0.05 },
  { name: "vega", raHours: 18.61564903, decDeg: 38.78369185, raMasPerYear: 201.02, decMasPerYear: 287.46, magnitude: 0.03 },
  { name: "capella", raHours: 5.27815528, decDeg: 45.99799106, raMasPerYear: 75.52, decMasPerYear: -427.13, magnitude: 0.08 },
  { name: "rigel", raHours: 5.24229787, decDeg: -8.20164055, raMasPerYear: 1.87, decMasPerYear: -0.56, magnitude: 0.18 },
  { name: "procyon", raHours: 7.65503283, decDeg: 5.22499314, raMasPerYear: -716.57, decMasPerYear: -1034.58, magnitude: 0.4 },
  { name: "achernar", raHours: 1.62856849, decDeg: -57.23675744, raMasPerYear: 88.02, decMasPerYear: -40.08, magnitude: 0.45 },
  { name: "betelgeuse", raHours: 5.91952924, decDeg: 7.40706274, raMasPerYear: 27.33, decMasPerYear: 10.86, magnitude: 0.45 },
  { name: "hadar", raHours: 14.06372347, decDeg: -60.37303932, raMasPerYear: -33.96, decMasPerYear: -25.06, magnitude: 0.61 },
  { name: "altair", raHours: 19.84638864, decDeg: 8.86832203, raMasPerYear: 536.82, decMasPerYear: 385.54, magnitude: 0.76 },
  { name: "acrux", raHours: 12.44330439, decDeg: -63.09909168, raMasPerYear: -35.37, decMasPerYear: -14.73, magnitude: 0.77 },
  { name: "aldebaran", raHours: 4.5986774, decDeg: 16.50930138, raMasPerYear: 62.78, decMasPerYear: -189.36, magnitude: 0.87 },
  { name: "spica", raHours: 13.41988313, decDeg: -11.16132203, raMasPerYear: -42.5, decMasPerYear: -31.73, magnitude: 0.98 },
  { name: "antares", raHours: 16.49012803, decDeg: -26.4320025, raMasPerYear: -10.16, decMasPerYear: -23.21, magnitude: 1.06 },
  { name: "pollux", raHours: 7.75526397, decDeg: 28.02619865, raMasPerYear: -625.69, decMasPerYear: -45.95, magnitude: 1.16 },
  { name: "fomalhaut", raHours: 22.96084626, decDeg: -29.62223601, raMasPerYear: 329.22, decMasPerYear: -164.22, magnitude: 1.17 },
  { name: "deneb", raHours: 20.69053187, decDeg: 45.280338, raMasPerYear: 1.56, decMasPerYear: 1.55, magnitude: 1.25 },
  { name: "mimosa", raHours: 12.79535087, decDeg: -59.68876364, raMasPerYear: -48.24, decMasPerYear: -12.82, magnitude: 1.25 },
  { name: "regulus", raHours: 10.13953074, decDeg: 11.96720709, raMasPerYear: -249.4, decMasPerYear: 4.91, magnitude: 1.36 },
];
