// HTTPS with a certificate of the hub's own authority: a phone that trusts that authority reaches the app, and nothing behind it without a session.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import test from "node:test";
import { FIELD_AUTHORITY_PATH, type FieldDoor, paths } from "@atalaya/protocol";
import { person, startTestHub } from "@atalaya/testing/hub";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

async function get(url: string, options: { ca?: string; host?: string; cookie?: string; trustAll?: boolean }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
    };
    const asked = request(
      url,
      { headers, ...(options.ca === undefined ? {} : { ca: options.ca }), rejectUnauthorized: options.trustAll !== true },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }));
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

test("a phone that has been given the hub's authority is served over HTTPS, and one that has not refuses by itself", async (context) => {
  const hub = await startTestHub(context, { ownCertificate: true, names: ["hub.sector.example"] });
  assert.match(hub.url, /^https:/);
  const port = new URL(hub.url).port;
  const base = `https://127.0.0.1:${port}`;
  await assert.rejects(get(`${base}/field/`, {}), /self.signed|unable to verify|certificate/i);
  // The certificate itself is there for everybody; whom to trust, the fingerprint says.
  const { body: der, headers } = await get(`${base}${FIELD_AUTHORITY_PATH}`, { trustAll: true });
  assert.equal(headers["content-type"], "application/x-x509-ca-cert");
  const authority = new X509Certificate(der);
  assert.equal(authority.ca, true);
  const ca = authority.toString();
  assert.ok([200, 503].includes((await get(`${base}/field/`, { ca })).status));
  const { headers: allowed } = await get(`${base}/field/`, { ca });
  assert.match(String(allowed["permissions-policy"]), /geolocation=\(self\)/);
  const redirected = await get(`${base}/field`, { ca });
  assert.deepEqual([redirected.status, redirected.headers["location"]], [308, "/field/"]);
  const { headers: elsewhere } = await get(`${base}/`, { ca });
  assert.match(String(elsewhere["permissions-policy"]), /geolocation=\(\)/);
  // Under its own name too, and under no other; nothing behind it without a session.
  assert.ok([200, 503].includes((await get(`${base}/field/`, { ca, host: `hub.sector.example:${port}` })).status));
  assert.equal((await get(`${base}/field/`, { trustAll: true, host: `elsewhere.example:${port}` })).status, 421);
  for (const path of [paths.device, paths.myReports, paths.basemap, paths.fieldDoor])
    assert.equal((await get(`${base}${path}`, { ca })).status, 401, path);
});

test("an officer is told the addresses and the fingerprint; a hub on its own machine says that it has none", async (context) => {
  const hub = await startTestHub(context);
  const token = hub.setupLink?.split("#token=")[1] ?? "";
  const owner = await person(hub, "", "").ask("POST", paths.owner, { token, name: "Olga", password: "correct horse battery staple" });
  const cookie = (owner.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const door = (await (await person(hub, "Olga", cookie).ask("GET", paths.fieldDoor)).json()) as FieldDoor;
  assert.deepEqual(door, { addresses: [] });
});
