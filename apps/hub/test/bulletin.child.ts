// A hub that a test kills: on a folder and a port that it is given. At its first start it takes a thousand people in and says their sessions; asked by a line,
// it says where each reader of a bulletin stands.
import { createInterface } from "node:readline";
import { startHub } from "../src/index.ts";

const [data = "", port = "0", people = "0"] = process.argv.slice(2);
const hub = await startHub({ port: Number(port), host: "127.0.0.1", logLevel: "silent", data });
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

const sessions: { readonly id: string; readonly token: string }[] = [];
await Promise.all(
  Array.from({ length: Number(people) }, async (_, k) => {
    const id = `p${k}`;
    const ways = [{ channel: "browser", address: `field:${id}` }] as const;
    const person = { id, name: `Agent ${k}`, language: "es", role: "agent", team: `team ${k % 20}`, leader: false, ways } as const;
    await hub.sector.command("person", { person, by: "test" });
    sessions.push({ id, token: hub.identity.join(hub.identity.newJoinCode(id, person.name).code, "phone")?.token ?? "" });
  }),
);
say({ setupLink: hub.setupLink, sessions });

createInterface({ input: process.stdin }).on("line", (bulletinId) => {
  const { readers } = hub.sector.picture.bulletins.bulletins.get(bulletinId) ?? { readers: new Map() };
  const shown = Array.from(readers.values(), ({ personId, tellings, openedUs, confirmations }) => ({
    personId,
    tellings,
    openedUs,
    confirmations: confirmations.map(({ version, timeUs, answer }: { version: number; timeUs: number; answer?: string }) => [
      version,
      timeUs,
      answer,
    ]),
  }));
  say({ readers: shown });
});
