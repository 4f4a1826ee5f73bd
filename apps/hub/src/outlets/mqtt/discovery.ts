// How Home Assistant learns of what we say and switch: retained descriptions under its discovery prefix (MQTT integration, "MQTT discovery").
import type { MqttDevice } from "./device.ts";

export interface Topics {
  readonly base: string;
  readonly prefix: string;
}

/** Only what may stand in a topic and in Home Assistant's ids. */
export function topicPart(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`);
}

export interface Description {
  readonly topic: string;
  readonly payload: string;
}

function described(topics: Topics, component: string, objectId: string, config: object): Description {
  const node = topicPart(topics.base);
  return {
    topic: `${topics.prefix}/${component}/${node}/${objectId}/config`,
    payload: JSON.stringify({
      unique_id: `${node}_${objectId}`,
      availability_topic: `${topics.base}/status`,
      ...config,
      device: { identifiers: [node], name: "Atalaya", manufacturer: "Atalaya" },
      origin: { name: "Atalaya" },
    }),
  };
}

/** A siren or a light that is switched by our topics. One with a topic of its own is described by its maker. */
export function deviceDescription(topics: Topics, device: MqttDevice): Description {
  const at = `${topics.base}/devices/${topicPart(device.id)}`;
  const siren = {
    // Without a template the integration would send JSON to a siren.
    command_template: "{{ value }}",
    support_duration: false,
    support_volume_set: false,
  };
  return described(topics, device.kind, topicPart(device.id), {
    name: device.name,
    command_topic: `${at}/set`,
    state_topic: `${at}/state`,
    payload_on: "ON",
    payload_off: "OFF",
    ...(device.kind === "siren" ? siren : {}),
  });
}

/** A zone's danger as a sensor of its own, for whatever people build on it. */
export function zoneDescriptions(topics: Topics, zone: { readonly id: string; readonly name: string }): readonly Description[] {
  const part = topicPart(zone.id);
  const state_topic = `${topics.base}/zones/${part}/state`;
  return [
    described(topics, "binary_sensor", `zone_${part}_danger`, {
      name: `${zone.name} danger`,
      device_class: "safety",
      state_topic,
      value_template: "{{ 'ON' if value_json.level in ('warning', 'caution') else 'OFF' }}",
      payload_on: "ON",
      payload_off: "OFF",
      json_attributes_topic: state_topic,
    }),
    described(topics, "sensor", `zone_${part}_level`, {
      name: `${zone.name} level`,
      device_class: "enum",
      options: ["none", "advisory", "caution", "warning"],
      state_topic,
      value_template: "{{ value_json.level }}",
    }),
  ];
}

/** What takes a description away again. */
export function forgotten(topic: string): Description {
  return { topic, payload: "" };
}
