// Decodes a capture as it streams by: one line for each carrier element with Remote ID.
import { AdvertisingJoiner, CaptureReader, extractElements, isLinkType, observationOfElement, type Observation } from "@atalaya/remote-id";
import { type Ending, printedObservation } from "./line.ts";

const HCI = 201;

/** Yields the lines of each piece of input, run together; returns how the reading ended. */
export async function* captureLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, Ending> {
  let lines = "";
  const joiner = new AdvertisingJoiner();
  const print = (number: number, observation: Observation): void => {
    lines += `${JSON.stringify({ frame: number, ...printedObservation(observation) })}\n`;
  };
  const reader = new CaptureReader(({ number, linkType, timeUs, bytes }) => {
    if (!isLinkType(linkType)) return;
    const timeMs = timeUs === undefined ? undefined : timeUs / 1000;
    for (const element of extractElements(linkType, bytes).elements) print(number, observationOfElement(bytes, element, timeMs));
    if (linkType !== HCI) return;
    for (const joined of joiner.push(bytes)) {
      for (const element of joined.elements) print(number, observationOfElement(joined.bytes, element, timeMs));
    }
  });
  for await (const chunk of chunks) {
    const ended = reader.push(chunk);
    if (lines !== "") yield lines;
    lines = "";
    if (ended !== undefined) return { refused: ended.refused, wasReadToEnd: false };
  }
  const refused = reader.end()?.refused;
  // A recorder that was stopped leaves its last record unfinished: all there is has been read.
  return { refused, wasReadToEnd: refused === undefined || refused.code === "cut-short" };
}
