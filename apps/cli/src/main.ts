// The `atalaya` command: finds the subcommand and ends with its exit code.
import { commands } from "./commands.ts";

// A reader that has seen enough (`atalaya decode … | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const [name = "", ...words] = process.argv.slice(2);
const load = commands[name];
if (load === undefined) {
  const known = Object.keys(commands).join(", ");
  process.stderr.write(
    name === "" ? `Usage: atalaya COMMAND …\nCOMMAND is one of: ${known}\n` : `No command "${name}". There are: ${known}\n`,
  );
  process.exitCode = 2;
} else {
  const { run } = await load();
  process.exitCode = await run(words);
}
