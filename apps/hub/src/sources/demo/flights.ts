// The demo sector's flights: invented aircraft near El Paso and Ciudad Juárez, as functions of the time since the demo began.
import type { LatLon, ZoneDefinition } from "@atalaya/picture";

/** Where an invented aircraft is, and how it moves. */
export interface FlightState {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly heightAboveGroundM: number;
  readonly courseDeg: number;
  readonly speedMps: number;
  readonly verticalSpeedMps: number;
}

export interface DemoFlight {
  readonly serial: string;
  readonly carrier: "wifi-beacon" | "ble4";
  readonly transmitter: string;
  readonly uaType: number;
  readonly selfId: string;
  readonly operator: { readonly latDeg: number; readonly lonDeg: number };
  /** Undefined while it is on the ground with its transmitter off. */
  at(seconds: number): FlightState | undefined;
}

/** Ground of the valley, m above the ellipsoid (1,140 m above the sea, geoid −26 m). */
export const DEMO_GROUND_HAE_M = 1114;
export const DEMO_CENTRE: LatLon = { latDeg: 31.7587, lonDeg: -106.4869 };

const METRES_PER_DEGREE = 111_320;

interface Leg {
  readonly eastM: number;
  readonly northM: number;
  readonly heightM: number;
  /** Time to reach this point from the one before, s; 0 for the first. */
  readonly seconds: number;
}

/** Offsets from a place, m; good to a metre over the few kilometres of the demo. */
function offset(eastM: number, northM: number): { latDeg: number; lonDeg: number } {
  const latDeg = DEMO_CENTRE.latDeg + northM / METRES_PER_DEGREE;
  return { latDeg, lonDeg: DEMO_CENTRE.lonDeg + eastM / (METRES_PER_DEGREE * Math.cos((DEMO_CENTRE.latDeg * Math.PI) / 180)) };
}

/** Flies the legs one after the other, rests on the ground for `restS` and begins again. */
function route(legs: readonly Leg[], restS: number): (seconds: number) => FlightState | undefined {
  const length = legs.reduce((sum, { seconds }) => sum + seconds, 0);
  return (seconds) => {
    let left = seconds % (length + restS);
    for (let k = 1; k < legs.length; k += 1) {
      const from = legs[k - 1];
      const to = legs[k];
      if (from === undefined || to === undefined) return undefined;
      if (left <= to.seconds) {
        const part = left / to.seconds;
        const east = to.eastM - from.eastM;
        const north = to.northM - from.northM;
        return {
          ...offset(from.eastM + part * east, from.northM + part * north),
          heightAboveGroundM: from.heightM + part * (to.heightM - from.heightM),
          courseDeg: east === 0 && north === 0 ? 0 : ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360,
          speedMps: Math.hypot(east, north) / to.seconds,
          verticalSpeedMps: (to.heightM - from.heightM) / to.seconds,
        };
      }
      left -= to.seconds;
    }
    return undefined;
  };
}

function orbit(eastM: number, northM: number, radiusM: number, speedMps: number, heightM: number): (seconds: number) => FlightState {
  return (seconds) => {
    const angle = (seconds * speedMps) / radiusM;
    return {
      ...offset(eastM + radiusM * Math.sin(angle), northM + radiusM * Math.cos(angle)),
      heightAboveGroundM: heightM,
      courseDeg: ((((angle * 180) / Math.PI + 90) % 360) + 360) % 360,
      speedMps,
      verticalSpeedMps: 0,
    };
  };
}

/** The posts of the demo: Post 7 is the one that an aircraft comes near. */
export const demoZones: readonly ZoneDefinition[] = [
  { id: "post-7", name: "Post 7", kind: "post", shape: { type: "circle", centre: offset(-3400, 1500), radiusM: 300 } },
  { id: "post-4", name: "Post 4 La Curva", kind: "post", shape: { type: "circle", centre: offset(3600, -1200), radiusM: 300 } },
  {
    id: "bridge",
    name: "Bridge area",
    kind: "area",
    shape: { type: "polygon", ring: [offset(-300, -700), offset(500, -700), offset(500, -100), offset(-300, -100)] },
    ceilingHaeM: DEMO_GROUND_HAE_M + 500,
  },
];

export const demoFlights: readonly DemoFlight[] = [
  {
    serial: "DRLXAAPPR0ACH17",
    carrier: "wifi-beacon",
    transmitter: "02:d1:11:00:00:01",
    uaType: 2,
    selfId: "Drill flight 1",
    operator: offset(-5600, -900),
    // Comes from the south-west, reaches the post after about a minute, hovers 120 m from it and goes back.
    at: route(
      [
        { eastM: -4500, northM: 350, heightM: 95, seconds: 0 },
        { eastM: -3480, northM: 1410, heightM: 70, seconds: 80 },
        { eastM: -3480, northM: 1410, heightM: 60, seconds: 40 },
        { eastM: -5400, northM: -700, heightM: 110, seconds: 150 },
      ],
      60,
    ),
  },
  {
    serial: "DRLXASURVEY0002",
    carrier: "ble4",
    transmitter: "02:d1:11:00:00:02",
    uaType: 2,
    selfId: "Drill survey",
    operator: offset(2100, 2300),
    at: route(
      [
        { eastM: 1500, northM: 1500, heightM: 60, seconds: 0 },
        { eastM: 2700, northM: 1500, heightM: 60, seconds: 120 },
        { eastM: 2700, northM: 1650, heightM: 60, seconds: 15 },
        { eastM: 1500, northM: 1650, heightM: 60, seconds: 120 },
        { eastM: 1500, northM: 1800, heightM: 60, seconds: 15 },
        { eastM: 2700, northM: 1800, heightM: 60, seconds: 120 },
        { eastM: 1500, northM: 1500, heightM: 60, seconds: 100 },
      ],
      20,
    ),
  },
  {
    serial: "DRLXA0RBTER0003",
    carrier: "wifi-beacon",
    transmitter: "02:d1:11:00:00:03",
    uaType: 4,
    selfId: "Drill orbit",
    operator: offset(-1200, -2600),
    at: orbit(-1200, -2600, 700, 19, 140),
  },
  {
    serial: "DRLXANEWS000004",
    carrier: "ble4",
    transmitter: "02:d1:11:00:00:04",
    uaType: 2,
    selfId: "Drill news",
    operator: offset(4200, -2600),
    at: orbit(4100, -2500, 180, 6, 45),
  },
];
