// Where a device of the mesh writes what is for the hub alone: a connection for each message, closed when it has been said.
import { createServer, type Server, type Socket } from "node:net";
import { MAX_EVENT_BYTES } from "@atalaya/cot";

/** As TAK devices have it; another when it is taken. */
const USUAL_PORT = 4242;
/** At once, and from one address; beyond, a connection is closed unread. */
const MAX_OPEN = 50;
const MAX_PER_ADDRESS = 4;
const WITHIN_MS = 5000;
/** A message with its header. */
const MOST_BYTES: number = MAX_EVENT_BYTES + 1024;

export interface MeshInbox {
  readonly port: number;
  stop(): Promise<void>;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

/** Hands in the bytes of each connection, whole, with the address that they came from. */
export async function meshInbox(host: string, take: (bytes: Buffer, from: string) => void): Promise<MeshInbox> {
  const open = new Map<Socket, string>();
  const server = createServer((socket) => {
    const from = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    socket.on("error", () => socket.destroy());
    if (open.size >= MAX_OPEN || [...open.values()].filter((other) => other === from).length >= MAX_PER_ADDRESS) {
      socket.destroy();
      return;
    }
    open.set(socket, from);
    const chunks: Buffer[] = [];
    let size = 0;
    // For the whole of it, so that nobody holds a place by a byte now and then.
    const late = setTimeout(() => socket.destroy(), WITHIN_MS);
    socket.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) socket.destroy();
      else chunks.push(chunk);
    });
    socket.on("end", () => {
      if (size > 0 && size <= MOST_BYTES) take(Buffer.concat(chunks), from);
      socket.end();
    });
    socket.on("close", () => {
      clearTimeout(late);
      open.delete(socket);
    });
  });
  const port = await listen(server, host, USUAL_PORT).catch(() => listen(server, host, 0));
  server.on("error", () => undefined);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open.keys()) socket.destroy();
      }),
  };
}
