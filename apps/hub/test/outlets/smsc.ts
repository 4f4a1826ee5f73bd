// A message centre that speaks SMPP 3.4 to a test: written from the specification's tables, knowing nothing of the client's code.
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

export interface Submitted {
  readonly from: string;
  readonly fromTon: number;
  readonly to: string;
  readonly toTon: number;
  readonly validity: string;
  readonly registered: number;
  readonly dataCoding: number;
  readonly text: Buffer;
  readonly id: string;
}

export class Smsc {
  readonly submitted: Submitted[] = [];
  readonly binds: string[] = [];
  enquiries = 0;
  unbinds = 0;
  /** Statuses of the next answers to submit_sm; then 0. */
  statuses: number[] = [];
  bindStatus = 0;
  /** Says nothing to submit_sm. */
  mute = false;
  readonly #server: Server;
  #socket: Socket | undefined;
  #watchers: (() => void)[] = [];
  #next = 0xabc0;
  #acknowledged = 0;
  #saying: Promise<void> = Promise.resolve();

  constructor(tls?: { readonly cert: string; readonly key: string }) {
    const serve = (socket: Socket): void => {
      this.#socket = socket;
      let bytes = Buffer.alloc(0);
      socket.on("error", () => undefined);
      socket.on("data", (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        while (bytes.length >= 4 && bytes.length >= bytes.readUInt32BE(0)) {
          const length = bytes.readUInt32BE(0);
          this.#take(socket, bytes.subarray(0, length));
          bytes = bytes.subarray(length);
        }
      });
    };
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    this.#server.on("tlsClientError", () => undefined);
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }
  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
  drop(): void {
    this.#socket?.destroy();
  }
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Raw bytes, for what no proper centre says. */
  say(bytes: Buffer): void {
    this.#socket?.write(bytes);
  }

  /** A deliver_sm (5): from a phone, or a receipt when `esmClass` is 4. Sent in two pieces. */
  deliver(from: string, message: Buffer, { esmClass = 0, dataCoding = 0, tlvs = Buffer.alloc(0) } = {}): void {
    const body = Buffer.concat([
      Buffer.from([0, 1, 1]),
      Buffer.from(`${from}\0`),
      Buffer.from([0, 1]),
      Buffer.from("1234\0"),
      Buffer.from([esmClass, 0, 0, 0, 0, 0, 0, dataCoding, 0, message.length]),
      message,
      tlvs,
    ]);
    const bytes = pdu(5, 0, 7, body);
    this.#saying = this.#saying.then(async () => {
      this.say(bytes.subarray(0, 9));
      await new Promise((resolve) => setImmediate(resolve));
      this.say(bytes.subarray(9));
    });
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers = this.#watchers.filter((watcher) => watcher !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }

  #take(socket: Socket, bytes: Buffer): void {
    const command = bytes.readUInt32BE(4);
    const sequence = bytes.readUInt32BE(12);
    const body = bytes.subarray(16);
    if (command === 9) {
      const [id = "", password = "", type = ""] = body.toString("latin1").split("\0");
      this.binds.push(`${id}/${password}/${type}`);
      socket.write(pdu(0x8000_0009, this.bindStatus, sequence, this.bindStatus === 0 ? Buffer.from("centre\0") : Buffer.alloc(0)));
    } else if (command === 0x15) {
      this.enquiries += 1;
      socket.write(pdu(0x8000_0015, 0, sequence, Buffer.alloc(0)));
    } else if (command === 6) {
      this.unbinds += 1;
      socket.write(pdu(0x8000_0006, 0, sequence, Buffer.alloc(0)));
    } else if (command === 4 && !this.mute) {
      const status = this.statuses.shift() ?? 0;
      this.#next += 1;
      // In hexadecimal here, in decimal in the receipt: as many centres do.
      const id = this.#next.toString(16).toUpperCase().padStart(8, "0");
      if (status === 0) this.submitted.push(submissionIn(body, id));
      socket.write(pdu(0x8000_0004, status, sequence, status === 0 ? Buffer.from(`${id}\0`) : Buffer.alloc(0)));
    } else if (command === 0x8000_0005) this.#acknowledged += 1;
    for (const watcher of [...this.#watchers]) watcher();
  }
}

export function pdu(command: number, status: number, sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(16);
  [16 + body.length, command, status, sequence].forEach((word, k) => head.writeUInt32BE(word, 4 * k));
  return Buffer.concat([head, body]);
}

function submissionIn(body: Buffer, id: string): Submitted {
  let at = 0;
  const text = (): string => {
    const end = body.indexOf(0, at);
    const value = body.toString("latin1", at, end);
    at = end + 1;
    return value;
  };
  const octet = (): number => body[at++] ?? 0;
  text();
  const fromTon = octet();
  octet();
  const from = text();
  const toTon = octet();
  octet();
  const to = text();
  at += 3;
  text();
  const validity = text();
  const registered = octet();
  octet();
  const dataCoding = octet();
  octet();
  const length = octet();
  return { from, fromTon, to, toTon, validity, registered, dataCoding, text: body.subarray(at, at + length), id };
}
