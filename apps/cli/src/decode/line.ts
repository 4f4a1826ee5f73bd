// The lines that `atalaya decode` prints for Remote ID, after the command's contract: unknown keys are left out.
import { type DecodedElement, hex, type Message, type Observation, type Refusal } from "@atalaya/remote-id";

type Printed = Readonly<Record<string, unknown>>;

/** How the reading of one input ended. */
export interface Ending {
  readonly refused: Refusal | undefined;
  /** False when the rest of the input could not be read. */
  readonly wasReadToEnd: boolean;
}

/** The last instant that ISO 8601 with four digits of year can say. */
const LAST_MS = Date.UTC(10_000, 0, 1) - 1;

function iso(timeMs: number | undefined): string | undefined {
  if (timeMs === undefined || !(timeMs >= 0 && timeMs <= LAST_MS)) return undefined;
  return new Date(timeMs).toISOString();
}

function printedMessage(message: Message): Printed {
  switch (message.type) {
    case "authentication": {
      const { timestampMs, data, ...rest } = message;
      return { ...rest, timestamp: iso(timestampMs), data: hex(data) };
    }
    case "system": {
      const { timestampMs, ...rest } = message;
      return { ...rest, timestamp: iso(timestampMs) };
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
  return { t: iso(sensorTimeMs), carrier, transmitter, rssi, counter, ...printedElement(element) };
}
