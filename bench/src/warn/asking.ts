// Calls of the hub's API from many addresses of the loopback network: one address may not call often, and a bench sets up hundreds of people.
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { CSRF_HEADER } from "@atalaya/protocol";

/** Calls by one address before the next takes its turn. */
const CALLS_EACH = 50;

export interface Answer {
  readonly body: string;
  readonly cookie: string;
}

export class Asking {
  readonly #url: string;
  #calls = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws when the answer is a refusal. A sign-in takes an address of its own. */
  async ask(cookie: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const turn = Math.floor(this.#calls / CALLS_EACH);
    this.#calls += cookie === "" ? CALLS_EACH : 1;
    const asked = request(this.#url + path, {
      method,
      localAddress: `127.${1 + (turn >> 14)}.${(turn >> 7) & 127}.${1 + (turn & 127)}`,
      headers: {
        [CSRF_HEADER]: "1",
        ...(cookie === "" ? {} : { cookie }),
        ...(text === "" ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
      },
    });
    asked.end(text);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    let said = "";
    for await (const chunk of answer.setEncoding("utf8")) said += String(chunk);
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode > 299) throw new Error(`${method} ${path}: ${statusCode} ${said}`);
    return { body: said, cookie: (answer.headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "" };
  }
}
