// Where the hub may send to over HTTP, and how: to addresses that its owner named, in one hop, never further, never to what belongs to the machine's own network layer.
import { lookup } from "node:dns";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

export interface HttpTarget {
  readonly url: string;
  /** Certificates (PEM) to trust, instead of the machine's. */
  readonly ca?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

const MAX_ANSWER_BYTES = 16 * 1024;

/** Sites of one's own are welcome: that is where sirens and gateways are. Link-local ones hand out the secrets of cloud machines; the others are nobody. */
const REFUSED = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 3],
] as const)
  REFUSED.addSubnet(address, prefix, "ipv4");
for (const [address, prefix] of [
  ["::", 128],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  REFUSED.addSubnet(address, prefix, "ipv6");
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

function within(list: BlockList, address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return list.check(mapped, "ipv4");
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
}

const hostOf = ({ hostname }: URL): string => (hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);

/** Whether a host is this machine itself, by its name or address. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || within(LOOPBACK, host);
}

/** Why nothing may be sent to this address; undefined: it may. */
export function targetRefusal(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || text.length > 500) return "This is no address: https://HOST/PATH";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "Only https:// (or http:// on this machine) is spoken.";
  if (url.username !== "" || url.password !== "") return "A name or password does not belong into an address.";
  const host = hostOf(url);
  if (url.protocol === "http:" && !isLoopbackHost(host)) return "Beyond this machine it must be https://";
  if (within(REFUSED, host)) return "Nothing is sent to link-local, multicast or unspecified addresses.";
  return undefined;
}

/** Names are looked up here, so that the address that was judged is the one that is connected to. */
const judged: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    const allowed = addresses.filter(({ address }) => !within(REFUSED, address));
    const [first] = allowed;
    if (first === undefined) return done(new Error(`${hostname} has no address that may be sent to`), []);
    if (options.all === true) return done(null, allowed);
    return done(null, first.address, first.family);
  });
};

/** Posts once; an answer that sends elsewhere is an answer like any other, and is not followed. Throws where no answer comes. */
export function post(
  { url: text, ca }: HttpTarget,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const refusal = targetRefusal(text);
  if (refusal !== undefined) return Promise.reject(new Error(refusal));
  const url = new URL(text);
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      headers: { "user-agent": "Atalaya", "content-length": String(body.length), ...headers },
      lookup: judged,
      agent: false as const,
      signal,
    };
    const request =
      url.protocol === "https:"
        ? tlsRequest(url, { ...options, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) })
        : plainRequest(url, options);
    request.on("error", reject);
    request.on("response", (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      const settle = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers["retry-after"],
          body: Buffer.concat(pieces).toString("utf8"),
        });
      response.on("data", (piece: Buffer) => {
        length += piece.length;
        if (length <= MAX_ANSWER_BYTES) pieces.push(piece);
        else {
          // Enough is known: the status.
          settle();
          response.destroy();
        }
      });
      response.on("error", reject);
      response.on("end", settle);
    });
    request.end(body);
  });
}
