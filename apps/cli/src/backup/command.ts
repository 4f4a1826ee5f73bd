// `atalaya backup --to FILE [--data DIR] [--with-key]`: a verified copy of the journal, while the hub runs or not.
import { backUp } from "@atalaya/hub/journal";

const USAGE = `Usage: atalaya backup --to FILE [--data DIR] [--with-key]
DIR is the hub's data folder (./data if not said). FILE must not exist yet. --with-key also writes FILE.key, the hub's private signing key: keep it apart.
`;

export async function run(words: readonly string[]): Promise<number> {
  let to: string | undefined;
  let data = "data";
  let withKey = false;
  for (let k = 0; k < words.length; k += 1) {
    const word = words[k];
    const value = words[k + 1];
    if (word === "--to" && value !== undefined) {
      to = value;
      k += 1;
    } else if (word === "--data" && value !== undefined) {
      data = value;
      k += 1;
    } else if (word === "--with-key") withKey = true;
    else {
      process.stderr.write(USAGE);
      return 2;
    }
  }
  if (to === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const { file, entries, root } = backUp(data, to, withKey);
    process.stdout.write(`${JSON.stringify({ ok: true, file, entries, root: Buffer.from(root).toString("hex") })}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`No backup was made. ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
