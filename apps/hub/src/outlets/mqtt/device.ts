// A siren or a light that is switched while there is danger.
import type { Level } from "@atalaya/picture";

export interface MqttDevice {
  readonly id: string;
  readonly name: string;
  readonly kind: "siren" | "light";
  /** Zones whose danger switches it on; absent: every zone. It also has an address: a person's way by MQTT may name its id. */
  readonly zones?: readonly string[] | undefined;
  /** From which level on. */
  readonly level: Level;
  /** How long a siren sounds for one danger at one level, s. */
  readonly forS: number;
  /** A device that has topics of its own: then it is not described to Home Assistant by us. */
  readonly commandTopic?: string | undefined;
  readonly stateTopic?: string | undefined;
  readonly on?: string | undefined;
  readonly off?: string | undefined;
}
