// A real hub on a loopback port with a folder of its own, and people signed in to it, for tests.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Hub, type HubOptions, startHub } from "@atalaya/hub";
import { CSRF_HEADER, type JoinCode, paths, type PersonDefinition } from "@atalaya/protocol";

export interface TestHub extends Hub {
  readonly data: string;
}

type Test = Pick<TestContext, "after">;
type Closing = () => unknown;
const closings = new WeakMap<Test, Closing[]>();

/** Takes a folder away: a browser or a hub that has just ended may still be writing its last into it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Closes at the test's end, in the reverse order of opening: hubs before their folders. What cannot be closed keeps nothing else open. */
export function closeAfter(test: Test, close: Closing): void {
  const known = closings.get(test);
  if (known !== undefined) {
    known.push(close);
    return;
  }
  const all = [close];
  closings.set(test, all);
  test.after(async () => {
    const failures: unknown[] = [];
    for (const next of all.reverse()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
}

/** A folder that goes with the test. */
export function temporaryFolder(test: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "atalaya-test-"));
  closeAfter(test, () => removeFolder(folder));
  return folder;
}

/** Starts a hub that ends with the test; its folder goes with it unless it was given one. */
export async function startTestHub(test: Test, options: Partial<HubOptions> = {}): Promise<TestHub> {
  const data = options.data ?? temporaryFolder(test);
  const hub = await startHub({ port: 0, host: "127.0.0.1", logLevel: "silent", ...options, data });
  closeAfter(test, () => hub.stop());
  return { ...hub, data };
}

export interface Person {
  readonly name: string;
  readonly cookie: string;
  /** Calls the API as this person; a body is sent as JSON. */
  ask(method: string, path: string, body?: unknown): Promise<Response>;
}

const PASSWORD = "correct horse battery staple";

/** One who sends the cookie; without one, a stranger. */
export function person(hub: Pick<Hub, "url">, name: string, cookie: string): Person {
  return {
    name,
    cookie,
    ask: (method, path, body) =>
      fetch(hub.url + path, {
        method,
        headers: {
          [CSRF_HEADER]: "1",
          ...(cookie === "" ? {} : { cookie }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

export function cookieOf(response: Response): string {
  return (response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}

/** Creates the owner with the one-time link of the hub's first start. */
export async function signInOwner(hub: Pick<Hub, "url" | "setupLink">): Promise<Person> {
  const token = hub.setupLink?.split("#token=")[1] ?? "";
  const answer = await person(hub, "", "").ask("POST", paths.owner, { token, name: "Olga Owner", password: PASSWORD });
  if (answer.status !== 200) throw new Error(`the owner was not created: ${await answer.text()}`);
  return person(hub, "Olga Owner", cookieOf(answer));
}

/** Has the owner make an account of this role, and signs in to it. */
export async function signIn(
  hub: Pick<Hub, "url">,
  owner: Person,
  role: "viewer" | "analyst" | "officer" | "supervisor" | "owner",
): Promise<Person> {
  const name = `Some ${role}`;
  await owner.ask("POST", paths.users, { name, role, password: PASSWORD });
  const answer = await person(hub, "", "").ask("POST", paths.session, { name, password: PASSWORD });
  if (answer.status !== 200) throw new Error(`${name} could not sign in: ${await answer.text()}`);
  return person(hub, name, cookieOf(answer));
}

/** Somebody of ours whose phone has joined: PUT by an officer, a code, and the session that comes of it. */
export async function joinPhone(hub: Pick<Hub, "url">, officer: Person, definition: PersonDefinition): Promise<Person> {
  const put = await officer.ask("PUT", paths.person(definition.id), definition);
  if (put.status !== 200) throw new Error(`${definition.id} was not taken: ${await put.text()}`);
  const { code } = (await (await officer.ask("POST", paths.joinCode(definition.id))).json()) as JoinCode;
  const answer = await person(hub, "", "").ask("POST", paths.join, { code, device: "a phone" });
  if (answer.status !== 200) throw new Error(`${definition.id} could not join: ${await answer.text()}`);
  return person(hub, definition.name, cookieOf(answer));
}
