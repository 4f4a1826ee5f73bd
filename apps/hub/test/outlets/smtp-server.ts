// A mail server that speaks as much SMTP (RFC 5321, RFC 3207) as a test needs, and keeps what it was given.
import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly secure: boolean;
  readonly user: string;
}

export class SmtpServer {
  readonly mails: Mail[] = [];
  /** Answers to commands by their first word, once each; then what a willing server says. */
  readonly answers: [command: string, answer: string][] = [];
  offersTls: boolean;
  readonly #tls: { readonly cert: string; readonly key: string } | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(tls?: { readonly cert: string; readonly key: string }) {
    this.#tls = tls;
    this.offersTls = tls !== undefined;
    this.#server = createServer((socket) => this.#serve(socket, false, true));
  }
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket, secure: boolean, greets: boolean): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    let rest = "";
    let from = "";
    let to = "";
    let user = "";
    let inData = false;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const hear = (line: string): void => {
      const [word = ""] = line.toUpperCase().split(/[ :]/);
      const prepared = this.answers.findIndex(([command]) => command === word);
      if (prepared >= 0) return say(this.answers.splice(prepared, 1)[0]![1]);
      switch (word) {
        case "EHLO":
          say("250-mail.example");
          if (this.offersTls && !secure) say("250-STARTTLS");
          say("250-AUTH PLAIN");
          return say("250 8BITMIME");
        case "STARTTLS": {
          if (!this.offersTls) return say("502 not here");
          socket.removeAllListeners("data");
          say("220 go ahead");
          const { cert = "", key = "" } = this.#tls ?? {};
          return this.#serve(new TLSSocket(socket, { isServer: true, cert, key }), true, false);
        }
        case "AUTH":
          user = Buffer.from(line.split(" ")[2] ?? "", "base64")
            .toString()
            .replaceAll("\0", " ")
            .trim();
          return say("235 welcome");
        case "MAIL":
          from = line.slice(10);
          return say("250 ok");
        case "RCPT":
          to = line.slice(8);
          return say("250 ok");
        case "DATA":
          inData = true;
          return say("354 go on");
        case "QUIT":
          say("221 bye");
          return void socket.end();
        default:
          return say("250 ok");
      }
    };
    socket.on("data", (chunk: Buffer) => {
      rest += chunk.toString("utf8");
      for (;;) {
        const end = rest.indexOf(inData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const piece = rest.slice(0, end);
        rest = rest.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          const refusal = this.answers.findIndex(([command]) => command === "END");
          if (refusal >= 0) say(this.answers.splice(refusal, 1)[0]![1]);
          else {
            this.mails.push({ from, to, data: piece, secure, user });
            say("250 2.0.0 queued as 4711");
          }
        } else hear(piece);
      }
    });
    if (greets) say("220 mail.example");
  }
}
