// The running hub as a drill sees it: begun with a token made in its folder, told lines, ended.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Identity, RUNNING_FILE } from "@atalaya/hub";
import { type DrillBegun, type LinesTaken, paths } from "@atalaya/protocol";

/** What the hub did not do, in its words. */
export class NoDrill extends Error {
  override readonly name = "NoDrill";
}

/** Where the hub of a folder says it listens; undefined: none runs there. */
function urlOf(data: string): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(data, RUNNING_FILE), "utf8")) as { readonly url?: unknown };
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}

export class DrillHub {
  readonly #url: string;
  readonly #key: string;
  /** The sector's time when the drill began, Unix s. */
  readonly beganS: number;
  /** The middle of the sector. */
  readonly centre: DrillBegun["centre"];

  private constructor(url: string, { key, timeMs, centre }: DrillBegun) {
    this.#url = url;
    this.centre = centre;
    this.#key = key;
    this.beganS = timeMs / 1000;
  }

  /** Whoever can write in the hub's folder is the hub's user: the token goes there, and the hub lets it in once. */
  static async begin(data: string, name: string): Promise<DrillHub> {
    const url = urlOf(data);
    if (url === undefined || !existsSync(join(data, "identity.db")))
      throw new NoDrill(`${data}: no hub runs with this folder. Start one (atalaya serve --data DIR), or name its folder with --data.`);
    const identity = new Identity(data);
    const token = identity.newLocalToken();
    identity.close();
    const answer = await ask(url, "POST", paths.drill, token, JSON.stringify({ name }), "application/json");
    return new DrillHub(url, (await answer.json()) as DrillBegun);
  }

  async send(lines: string): Promise<LinesTaken> {
    const answer = await ask(this.#url, "POST", paths.detections, this.#key, lines, "application/x-ndjson");
    return (await answer.json()) as LinesTaken;
  }

  async end(): Promise<void> {
    await ask(this.#url, "DELETE", paths.drill, this.#key);
  }
}

async function ask(url: string, method: string, path: string, key: string, body?: string, type?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, ...(type === undefined ? {} : { "content-type": type }) };
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) }).catch((error: unknown) => {
    const { cause } = error as { readonly cause?: { readonly code?: string; readonly message?: string } };
    const hint = " With a certificate of your own, set NODE_EXTRA_CA_CERTS to it.";
    throw new NoDrill(
      `The hub does not answer at ${url} (${cause?.code ?? cause?.message ?? "no connection"}).${url.startsWith("https") ? hint : ""}`,
    );
  });
  if (answer.ok) return answer;
  const { message } = (await answer.json().catch(() => ({}))) as { readonly message?: string };
  throw new NoDrill(message ?? `The hub answered ${answer.status}.`);
}
