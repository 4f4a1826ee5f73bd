// A client of an MQTT broker that receivers publish to (DroneScout, Dronetag, anything that sends detections).
import type { SourceDefinition } from "@atalaya/picture";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { handMessage } from "./message.ts";
import type { Door, Source } from "./source.ts";

export interface MqttSettings {
  /** mqtt://HOST:PORT or mqtts://HOST:PORT. */
  readonly url: string;
  /** Topic filter; receivers of one kind per source. */
  readonly topic: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const RETRY_MS = 2000;

export function mqttSource(definition: SourceDefinition, settings: MqttSettings): Source {
  let client: MqttClient | undefined;
  return {
    definition,
    async start(door: Door) {
      const options: IClientOptions = {
        clientId: `atalaya-${definition.id}`,
        // Messages that the broker kept while the hub was away are wanted: they are evidence.
        clean: false,
        reconnectPeriod: RETRY_MS,
        connectTimeout: 10_000,
        resubscribe: true,
        ...(settings.username === undefined ? {} : { username: settings.username }),
        ...(settings.password === undefined ? {} : { password: settings.password }),
      };
      const opened = connect(settings.url, options);
      client = opened;
      opened.on("connect", () => {
        opened.subscribe(settings.topic, { qos: 1 }, (error) => {
          if (error) door.failed("subscription-refused");
        });
      });
      opened.on("error", (error) => door.failed("code" in error && error.code === 5 ? "broker-refused-sign-in" : "broker-unreachable"));
      opened.on("offline", () => door.failed("broker-unreachable"));
      // The client acknowledges a message when the handler calls back: a hub that is behind slows the broker instead of losing it.
      opened.handleMessage = (packet, done) => {
        const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
        if (handMessage(door, definition, payload)) done();
        else door.ready().then(() => done(), done);
      };
    },
    async stop() {
      await client?.endAsync(true);
      client = undefined;
    },
  };
}
