// The demo source: invented flights, sent as real radio frames through the same door as every receiver's, and synthetic by definition.
import type { FrameFormat, LatLon, SourceDefinition, ZoneDefinition } from "@atalaya/picture";
import { type AstmMessage, encodeBle4, encodeMessage, encodePack, encodeWifiBeacon } from "@atalaya/remote-id";
import type { Door, Source } from "../source.ts";
import { DEMO_CENTRE, DEMO_GROUND_HAE_M, type DemoFlight, demoFlights, demoZones, type FlightState } from "./flights.ts";

export interface Demo {
  readonly name: string;
  readonly centre: LatLon;
  readonly zones: readonly ZoneDefinition[];
}

export const demos: Readonly<Record<string, Demo>> = {
  "paso-norte": { name: "Paso del Norte", centre: DEMO_CENTRE, zones: demoZones },
};

const INTERVAL_MS = 1000;

function messagesOf(flight: DemoFlight, state: FlightState, timeUs: number): readonly AstmMessage[] {
  return [
    { type: "basicId", idType: 1, uaType: flight.uaType, uasId: flight.serial },
    {
      type: "location",
      status: 2,
      direction: state.courseDeg,
      speed: state.speedMps,
      verticalSpeed: state.verticalSpeedMps,
      latitude: state.latDeg,
      longitude: state.lonDeg,
      pressureAltitude: undefined,
      geodeticAltitude: DEMO_GROUND_HAE_M + state.heightAboveGroundM,
      heightType: 1,
      height: state.heightAboveGroundM,
      horizontalAccuracy: 10,
      verticalAccuracy: 4,
      baroAccuracy: 0,
      speedAccuracy: 3,
      timestamp: Math.floor(((timeUs / 1e6) % 3600) * 10) / 10,
      timestampAccuracy: 0.1,
    },
    { type: "selfId", descriptionType: 0, description: flight.selfId },
    {
      type: "system",
      operatorLocationType: 1,
      classificationType: 0,
      operatorLatitude: flight.operator.latDeg,
      operatorLongitude: flight.operator.lonDeg,
      areaCount: 1,
      areaRadius: 0,
      areaCeiling: undefined,
      areaFloor: undefined,
      category: 0,
      class: 0,
      operatorAltitude: DEMO_GROUND_HAE_M,
      timestampMs: Math.floor(timeUs / 1e6) * 1000,
    },
  ];
}

/** The radio frames of one flight at one moment. */
function framesOf(
  flight: DemoFlight,
  state: FlightState,
  timeUs: number,
  counter: number,
): readonly { readonly format: FrameFormat; readonly bytes: Uint8Array }[] {
  const messages = messagesOf(flight, state, timeUs);
  const sending = { transmitter: flight.transmitter, rssi: -60, counter };
  if (flight.carrier === "wifi-beacon") {
    const pack = encodePack(messages, 2);
    return pack instanceof Uint8Array ? [{ format: "dlt-127", bytes: encodeWifiBeacon(sending, flight.serial, pack) }] : [];
  }
  return messages.flatMap((message) => {
    const bytes = encodeMessage(message, 2);
    return bytes instanceof Uint8Array ? [{ format: "dlt-256" as const, bytes: encodeBle4(sending, bytes) }] : [];
  });
}

/** `nowUs` is the sector's clock. */
export function demoSource(definition: SourceDefinition, nowUs: () => number): Source {
  let timer: NodeJS.Timeout | undefined;
  return {
    definition,
    async start(door: Door) {
      const beganUs = nowUs();
      let counter = 0;
      const send = (): void => {
        const timeUs = nowUs();
        counter = (counter + 1) & 0xff;
        for (const flight of demoFlights) {
          const state = flight.at((timeUs - beganUs) / 1e6);
          if (state === undefined) continue;
          for (const { format, bytes } of framesOf(flight, state, timeUs, counter)) door.frame(format, bytes, timeUs);
        }
      };
      send();
      timer = setInterval(send, INTERVAL_MS);
    },
    async stop() {
      clearInterval(timer);
    },
  };
}
