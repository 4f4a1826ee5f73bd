// The way between a phone and the hub, which a test can cut: a relay on a port of its own that lets nothing through while it is down.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Radio {
  readonly url: string;
  /** Down: what is open breaks off, and whatever is tried hangs without a word, as far from any mast. */
  down(): void;
  up(): void;
  stop(): Promise<void>;
}

export async function startRadio(hub: string): Promise<Radio> {
  const { port } = new URL(hub);
  const open = new Set<Socket>();
  let works = true;
  const server = createServer((phone) => {
    open.add(phone);
    phone.on("error", () => phone.destroy());
    phone.on("close", () => open.delete(phone));
    if (!works) return;
    const far = connect(Number(port), "127.0.0.1");
    far.on("error", () => phone.destroy());
    far.on("close", () => phone.destroy());
    phone.on("close", () => far.destroy());
    phone.pipe(far).pipe(phone);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const breakOff = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    down: () => {
      works = false;
      breakOff();
    },
    up: () => {
      works = true;
      breakOff();
    },
    stop: async () => {
      breakOff();
      server.close();
      await once(server, "close");
    },
  };
}
