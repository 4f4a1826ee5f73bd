// A hub in a process of its own, started as a person would start it: for tests that stop, freeze or kill it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));

export interface HubProcess {
  readonly url: string;
  /** The one-time link that creates the owner account; undefined when there is an owner. */
  readonly setupLink: string | undefined;
  readonly process: ChildProcess;
  /** Asks the hub to stop, and waits until it has. */
  stop(): Promise<void>;
}

/** A port of the loopback interface that is free now: for a hub that is to come back at the same address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts `atalaya serve` with these words and waits until it says where it listens. */
export async function startHubProcess(words: readonly string[]): Promise<HubProcess> {
  const child = spawn(
    process.execPath,
    ["-C", "source", "--disable-warning=ExperimentalWarning", COMMAND, "serve", "--port", "0", ...words],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, found] = /listens on (\S+)\n/.exec(said) ?? [];
      // All that is said of a start comes in one piece.
      if (found !== undefined) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`the hub ended with ${code}: ${complaints}${said}`)));
  });
  const [setupLink] = /http\S+#token=\S+/.exec(said) ?? [];
  return {
    url,
    setupLink,
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
