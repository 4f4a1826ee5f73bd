// Decodes a capture as it streams by: one line for each carrier element with Remote ID.
import { CaptureReader, decodeElement, extractElements, isLinkType, type Refusal } from "@atalaya/remote-id";
import { printedObservation } from "./line.ts";

/** Yields the lines; returns why the capture could not be read to its end, if it could not. */
export async function* captureLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, Refusal | undefined> {
  let lines: string[] = [];
  const reader = new CaptureReader(({ number, linkType, timeUs, bytes }) => {
    if (!isLinkType(linkType)) return;
    for (const { carrier, transmitter, rssi, counter, offset, length } of extractElements(linkType, bytes).elements) {
      const observation = {
        carrier,
        transmitter,
        rssi,
        counter,
        sensorTimeMs: timeUs === undefined ? undefined : timeUs / 1000,
        element: decodeElement(carrier, bytes, offset, length),
      };
      lines.push(JSON.stringify({ frame: number, ...printedObservation(observation) }));
    }
  });
  for await (const chunk of chunks) {
    const ended = reader.push(chunk);
    yield* lines;
    lines = [];
    if (ended !== undefined) return ended.refused;
  }
  return reader.end()?.refused;
}
