// `atalaya verify DIR|FILE [--checkpoint FILE]`: is a journal, or a backup of one, what was written?
import { readFileSync } from "node:fs";
import { verifyJournal } from "@atalaya/hub/journal";

const USAGE = `Usage: atalaya verify DIR|FILE [--checkpoint FILE]
DIR is a hub's data folder, FILE a backup. --checkpoint: a checkpoint kept from earlier, which the journal has to continue.
`;

export async function run(words: readonly string[]): Promise<number> {
  const places: string[] = [];
  let earlierFile: string | undefined;
  for (let k = 0; k < words.length; k += 1) {
    const word = words[k] ?? "";
    if (word === "--checkpoint" && words[k + 1] !== undefined) earlierFile = words[(k += 1)];
    else if (word.startsWith("-")) {
      process.stderr.write(USAGE);
      return 2;
    } else places.push(word);
  }
  const [place] = places;
  if (place === undefined || places.length > 1) {
    process.stderr.write(USAGE);
    return 2;
  }
  const print = (value: object): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  try {
    const earlier = earlierFile === undefined ? undefined : { checkpoint: readFileSync(earlierFile, "utf8") };
    const report = verifyJournal(place, print, earlier);
    print(report);
    return report.ok ? 0 : 1;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${detail}\n`);
    print({ ok: false, entries: 0, root: "", detail });
    return 1;
  }
}
