// A hub that is going to be killed: writes without end, and says on standard output what is durable, after it is.
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { openSqliteJournal } from "../../src/journal/open.ts";

const [folder = ""] = process.argv.slice(2);
const journal = await openSqliteJournal(folder, "El Paso", { windowMs: 1 });
// A child that is killed would take what it compiled with it.
flushCompileCache();
const encoder = new TextEncoder();
/** A parent that is behind with reading makes the pipe say "again". */
async function say(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
let timeUs = 1_700_000_000_000_000 + journal.head().size * 1000;
for (;;) {
  let seq = 0;
  for (let k = 0; k < 25; k += 1) {
    timeUs += 1;
    const next = journal.state().appended + 1;
    const payload = encoder.encode(`entry ${next} ${"x".repeat(next % 300)}`);
    const sealed = next % 7 === 0 ? { sealed: encoder.encode(`sealed ${next}`) } : {};
    const retention = next % 11 === 0 ? "own-position" : "frame";
    const answer = journal.append({ timeUs, kind: "frame", source: "s", retention, payload, ...sealed });
    if (typeof answer !== "number") throw new Error(answer.code);
    seq = answer;
  }
  await journal.durable(seq);
  await say(`${seq}\n`);
  // Now and then a purge, so that kills fall into it and into its truncation too.
  if (seq % 20 === 0)
    void journal.purge({ retention: "own-position", beforeUs: timeUs - 200, by: "test", nowUs: () => timeUs }).catch(() => undefined);
}
