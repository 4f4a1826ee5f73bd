// The lines that `atalaya decode` prints for Remote ID, after the command's contract: unknown keys are left out.
import { type DecodedElement, hex, type Message, type Observation } from "@atalaya/remote-id";

type Printed = Readonly<Record<string, unknown>>;

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function printedMessage(message: Message): Printed {
  switch (message.type) {
    case "authentication": {
      const { timestampMs, data, ...rest } = message;
      return { ...rest, timestamp: timestampMs === undefined ? undefined : iso(timestampMs), data: hex(data) };
    }
    case "system": {
      const { timestampMs, ...rest } = message;
      return { ...rest, timestamp: timestampMs === undefined ? undefined : iso(timestampMs) };
    }
    default:
      return { ...message };
  }
}

/** The keys that an element adds to a line. */
export function printedElement({ version, messages, problems, refused }: DecodedElement): Printed {
  return {
    version,
    messages: messages.map(printedMessage),
    ...(problems.length === 0 ? {} : { problems }),
    ...(refused === undefined ? {} : { refused }),
  };
}

/** The keys of one observation. */
export function printedObservation({ carrier, transmitter, rssi, counter, sensorTimeMs, element }: Observation): Printed {
  return { t: sensorTimeMs === undefined ? undefined : iso(sensorTimeMs), carrier, transmitter, rssi, counter, ...printedElement(element) };
}
