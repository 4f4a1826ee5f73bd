// `atalaya restore FILE --data DIR [--key FILE]`: puts a backup into an empty data folder, verified before and after the copy.
import { restore } from "@atalaya/hub/journal";

const USAGE = `Usage: atalaya restore FILE --data DIR [--key FILE]
DIR is a new or empty folder. --key: the private key that a backup --with-key wrote; without it the journal goes on under a new key.
`;

export async function run(words: readonly string[]): Promise<number> {
  const files: string[] = [];
  let data: string | undefined;
  let key: string | undefined;
  for (let k = 0; k < words.length; k += 1) {
    const word = words[k] ?? "";
    const value = words[k + 1];
    if (word === "--data" && value !== undefined) {
      data = value;
      k += 1;
    } else if (word === "--key" && value !== undefined) {
      key = value;
      k += 1;
    } else if (word.startsWith("-")) {
      process.stderr.write(USAGE);
      return 2;
    } else files.push(word);
  }
  const [from] = files;
  if (from === undefined || files.length > 1 || data === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const { file, entries, root } = restore(from, data, key);
    process.stdout.write(`${JSON.stringify({ ok: true, file, entries, root: Buffer.from(root).toString("hex") })}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`Nothing was restored. ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
