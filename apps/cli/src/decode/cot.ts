// Decodes events of Cursor on Target as they stream by, in XML or in the TAK protocol: one line for each event, one for each refusal.
import { type CotElement, type CotEvent, type CotFrame, type CotRefusal, CotStreamReader, cotTimeText, decodeCotFrame } from "@atalaya/cot";
import type { Ending } from "./line.ts";

type Printed = Readonly<Record<string, unknown>>;

function printedElement({ name, attributes, text, children }: CotElement): Printed {
  return { name, attributes, text, children: children.map(printedElement) };
}

/** The keys of one event, after the command's contract: what is unknown is left out. */
function printedEvent({ uid, type, how, timeMs, startMs, staleMs, point, detail }: CotEvent): Printed {
  const { latDeg, lonDeg, haeM, ceM, leM } = point;
  return {
    uid,
    type,
    how,
    time: cotTimeText(timeMs),
    start: cotTimeText(startMs),
    stale: cotTimeText(staleMs),
    point: { lat: latDeg, lon: lonDeg, hae: haeM, ce: ceM, le: leM },
    detail: detail.map(printedElement),
  };
}

/** True when the bytes begin as an event or a TAK protocol message does. */
export function looksLikeCot(head: Uint8Array): boolean {
  if (head[0] === 0xbf) return true;
  return /^(?:\xef\xbb\xbf)?\s*<(?:[?!a-zA-Z_])/.test(Buffer.from(head.subarray(0, 64)).toString("latin1"));
}

/** Messages that say only what their sender can read print nothing. */
export async function* cotLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, Ending> {
  let lines = "";
  let messages = 0;
  const refuse = (refused: CotRefusal): void => {
    lines += `${JSON.stringify({ refused })}\n`;
  };
  let cutShort: CotRefusal | undefined;
  const reader = new CotStreamReader(
    (frame: CotFrame) => {
      messages += 1;
      const decoded = decodeCotFrame(frame);
      if ("refused" in decoded) refuse(decoded.refused);
      else if (decoded.message.event !== undefined) lines += `${JSON.stringify(printedEvent(decoded.message.event))}\n`;
    },
    (refused) => {
      if (refused.code === "frame-cut-short") cutShort = refused;
      else refuse(refused);
    },
    "any",
  );
  for await (const chunk of chunks) {
    reader.push(chunk);
    if (lines !== "") yield lines;
    lines = "";
  }
  reader.end();
  if (messages === 0) {
    const refused = cutShort ?? {
      code: "no-event",
      clause: "atalaya decode",
      detail: "nothing in it begins an event or a TAK protocol message",
    };
    return { refused, wasReadToEnd: false };
  }
  if (lines !== "") yield lines;
  // A recorder that was stopped leaves its last message unfinished: all there is has been read.
  return { refused: cutShort, wasReadToEnd: true };
}
