// Closed by default: every route of the table refuses the stranger and the under-privileged, and requests that a browser was tricked into.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { paths } from "@atalaya/protocol";
import { cookieOf, type Person, person, signIn, signInOwner, startTestHub } from "@atalaya/testing/hub";
import { WebSocket } from "ws";

/** What anyone may read or send: exactly this and no more. */
const PUBLIC = new Set([
  "GET /healthz",
  "GET /readyz",
  "GET /",
  "GET /setup",
  "GET /*",
  "GET /field",
  "GET /field/*",
  "GET /field/ca.crt",
  "POST /api/v1/owner",
  "POST /api/v1/session",
  "POST /api/v1/join",
]);
/** What a device in the field may ask for, beside what is public: its own person's things, and the map. */
const FIELD = new Set([
  "GET /api/v1/session",
  "DELETE /api/v1/session",
  "GET /api/v1/device",
  "PUT /api/v1/device/shift",
  "POST /api/v1/device/heartbeat",
  "POST /api/v1/device/answers",
  "GET /api/v1/device/reports",
  "GET /api/v1/device/team-reports",
  "GET /api/v1/device/reliability",
  "GET /api/v1/device/bulletins",
  "POST /api/v1/device/bulletins/:id/events",
  "GET /api/v1/device/overdue-bulletins",
  "GET /api/v1/device/kit",
  "PUT /api/v1/device/kit",
  "GET /api/v1/device/kept",
  "POST /api/v1/reports",
  "POST /api/v1/reports/:id/opened",
  "POST /api/v1/reports/:id/told",
  "POST /api/v1/reports/:id/more",
  "POST /api/v1/reports/:id/taken-back",
  "POST /api/v1/reports/:id/answers",
  "POST /api/v1/reports/:id/media",
  "GET /api/v1/media/:id",
  "PUT /api/v1/media/:id",
  "GET /api/v1/stream",
  "GET /basemap/base.pmtiles",
  "GET /basemap/user.pmtiles",
]);
const ROLES = ["viewer", "analyst", "officer", "supervisor", "owner"] as const;
type Role = (typeof ROLES)[number];
type Least = Role | "staff";
/** Who of these has a right; written again here too. */
const HAVE: Readonly<Record<Least, readonly Role[]>> = {
  viewer: ROLES,
  staff: ["analyst", "officer", "supervisor", "owner"],
  analyst: ["analyst", "supervisor", "owner"],
  officer: ["officer", "supervisor", "owner"],
  supervisor: ["supervisor", "owner"],
  owner: ["owner"],
};
/** What asks for more than a viewer; written again here, so that a change of the policy shows. */
const LEAST: Readonly<Record<string, Least>> = {
  "GET /api/v1/users": "owner",
  "POST /api/v1/users": "owner",
  "GET /api/v1/account-names": "officer",
  "DELETE /api/v1/users/:id": "owner",
  "GET /api/v1/certificates": "owner",
  "POST /api/v1/certificates": "owner",
  "DELETE /api/v1/certificates/:serial": "owner",
  "GET /api/v1/authority": "owner",
  "POST /api/v1/sources": "owner",
  "DELETE /api/v1/sources/:id": "owner",
  "GET /api/v1/outlets": "officer",
  "GET /api/v1/outlet-changes": "officer",
  "POST /api/v1/outlets": "owner",
  "DELETE /api/v1/outlets/:id": "owner",
  "POST /api/v1/outlets/:id/test": "officer",
  "POST /api/v1/tracks/:number/operator": "officer",
  "PUT /api/v1/zones/:id": "officer",
  "DELETE /api/v1/zones/:id": "officer",
  "POST /api/v1/warnings/:id/acknowledge": "officer",
  "POST /api/v1/warnings/:id/clear": "officer",
  "GET /api/v1/warnings/:id": "officer",
  "POST /api/v1/warnings/:id/stand-down": "officer",
  "POST /api/v1/warnings/:id/answer": "officer",
  "POST /api/v1/warnings/:id/decision": "officer",
  "POST /api/v1/warnings/:id/help-closed": "officer",
  "POST /api/v1/warnings/:id/escalate": "officer",
  "POST /api/v1/warnings/:id/review": "officer",
  "PUT /api/v1/warnings/:id/shelf": "officer",
  "DELETE /api/v1/warnings/:id/shelf": "officer",
  "GET /api/v1/answers/stray": "officer",
  "GET /api/v1/hand-over": "officer",
  "POST /api/v1/mutes": "officer",
  "DELETE /api/v1/mutes/:id": "officer",
  "PUT /api/v1/rules": "owner",
  "POST /api/v1/rules/preview": "officer",
  "GET /api/v1/people": "officer",
  "PUT /api/v1/people/:id": "officer",
  "DELETE /api/v1/people/:id": "officer",
  "PUT /api/v1/people/:id/shift": "officer",
  "PUT /api/v1/people/:id/place": "officer",
  "GET /api/v1/zones/:id/staff": "officer",
  "PUT /api/v1/zones/:id/staff": "officer",
  "PUT /api/v1/authorised-drones/:id": "officer",
  "DELETE /api/v1/authorised-drones/:id": "officer",
  "POST /api/v1/people/:id/join-code": "officer",
  "GET /api/v1/people/:id/devices": "officer",
  "DELETE /api/v1/people/:id/devices/:device": "officer",
  "GET /api/v1/reports": "staff",
  "GET /api/v1/reports/:id": "staff",
  "POST /api/v1/reports/preview": "officer",
  "GET /api/v1/reports/:id/look-alikes": "staff",
  "POST /api/v1/reports/:id/outcome": "officer",
  "POST /api/v1/reports/:id/questions": "officer",
  "PUT /api/v1/reports/:id/incident": "officer",
  "POST /api/v1/reports/:id/grading": "staff",
  "PUT /api/v1/reports/:id/grading": "staff",
  "POST /api/v1/media/:id/look": "officer",
  "GET /api/v1/memo/sources": "staff",
  "POST /api/v1/memo/sources": "analyst",
  "GET /api/v1/memo/sources/:id": "staff",
  "PUT /api/v1/memo/sources/:id/content": "analyst",
  "POST /api/v1/memo/sources/:id/look": "staff",
  "PUT /api/v1/memo/sources/:id/reliability": "analyst",
  "PUT /api/v1/memo/sources/:id/handling": "analyst",
  "PUT /api/v1/memo/sources/:id/cites": "analyst",
  "POST /api/v1/memo/sources/:id/verdict": "analyst",
  "GET /api/v1/memo/claims": "staff",
  "POST /api/v1/memo/claims": "analyst",
  "GET /api/v1/memo/claims/:id": "staff",
  "PUT /api/v1/memo/claims/:id": "analyst",
  "PUT /api/v1/memo/claims/:id/sources": "analyst",
  "PUT /api/v1/memo/claims/:id/credibility": "analyst",
  "PUT /api/v1/memo/claims/:id/links": "analyst",
  "DELETE /api/v1/memo/claims/:id/links": "analyst",
  "POST /api/v1/memo/claims/:id/verdict": "analyst",
  "GET /api/v1/memo/changes": "staff",
  "GET /api/v1/memo/rules": "staff",
  "PUT /api/v1/memo/rules": "owner",
  "GET /api/v1/bulletins": "staff",
  "POST /api/v1/bulletins": "analyst",
  "GET /api/v1/bulletins/:id": "staff",
  "GET /api/v1/bulletins/:id/print": "staff",
  "POST /api/v1/bulletins/:id/draft": "analyst",
  "DELETE /api/v1/bulletins/:id/draft": "analyst",
  "PUT /api/v1/bulletins/:id/draft/parts/:key/:language": "analyst",
  "PUT /api/v1/bulletins/:id/draft/actions": "analyst",
  "PUT /api/v1/bulletins/:id/draft/carry": "analyst",
  "PUT /api/v1/bulletins/:id/draft/question": "analyst",
  "PUT /api/v1/bulletins/:id/draft/settings": "analyst",
  "POST /api/v1/bulletins/:id/draft/approvals": "staff",
  "POST /api/v1/bulletins/:id/draft/asked": "analyst",
  "POST /api/v1/bulletins/:id/release": "analyst",
  "POST /api/v1/bulletins/:id/withdrawn": "analyst",
  "GET /api/v1/bulletins/:id/people": "staff",
  "POST /api/v1/bulletins/:id/muster": "officer",
  "POST /api/v1/bulletins/:id/keyed": "officer",
  "GET /api/v1/overdue-bulletins": "staff",
  "GET /api/v1/readiness": "staff",
  "PUT /api/v1/readiness/threat-level": "supervisor",
  "GET /api/v1/readiness/carry-lists": "staff",
  "PUT /api/v1/readiness/carry-lists": "supervisor",
  "PUT /api/v1/readiness/outings/:id": "officer",
  "DELETE /api/v1/readiness/outings/:id": "officer",
  "POST /api/v1/readiness/people/:id/remedies": "officer",
  "PUT /api/v1/readiness/people/:id/training": "supervisor",
  "PUT /api/v1/sky/elements/:id": "officer",
  "DELETE /api/v1/sky/elements/:id": "officer",
  "PUT /api/v1/sky/winds/:id": "officer",
  "DELETE /api/v1/sky/winds/:id": "officer",
  "PUT /api/v1/landmarks/:id": "officer",
  "DELETE /api/v1/landmarks/:id": "officer",
  "GET /api/v1/drill/scope": "officer",
  "PUT /api/v1/drill/scope": "officer",
};

function addressOf(route: string): { readonly method: string; readonly path: string } {
  const [method = "", url = ""] = route.split(" ");
  return {
    method,
    path: url
      .replace(/:number/g, "1")
      .replace(/:(id|serial|device|language)/g, "x")
      .replace(/:key/g, "headline")
      .replace(/\*$/, "swagger-ui.css"),
  };
}

test("access", async (context) => {
  const hub = await startTestHub(context);
  const owner = await signInOwner(hub);
  const people: Readonly<Record<Role, Person>> = {
    owner,
    supervisor: await signIn(hub, owner, "supervisor"),
    officer: await signIn(hub, owner, "officer"),
    analyst: await signIn(hub, owner, "analyst"),
    viewer: await signIn(hub, owner, "viewer"),
  };

  await context.test("the table of routes is the whole API", () => {
    assert.ok(hub.routes.length > 25, `${hub.routes.length} routes`);
    for (const route of Object.keys(LEAST)) assert.ok(hub.routes.includes(route), route);
  });

  await context.test("each route refuses one who has not signed in", async () => {
    const stranger = person(hub, "", "");
    for (const route of hub.routes.filter((known) => !PUBLIC.has(known))) {
      const { method, path } = addressOf(route);
      const answer = await stranger.ask(method, path, method === "GET" || method === "DELETE" ? undefined : {});
      assert.equal(answer.status, 401, route);
      const { code } = (await answer.json()) as { code: string };
      assert.ok(code === "no-session" || code === "source-key" || code === "local-token", `${route}: ${code}`);
    }
  });

  await context.test("a device in the field is refused every route but its own few", async () => {
    const definition = { id: "ana", name: "Ana", language: "es", role: "agent", team: "alfa", leader: false, ways: [] };
    await people.officer.ask("PUT", paths.person("ana"), definition);
    const made = (await (await people.officer.ask("POST", paths.joinCode("ana"))).json()) as { code: string };
    const joined = await person(hub, "", "").ask("POST", paths.join, { code: made.code, device: "phone" });
    assert.equal(joined.status, 200);
    const device = person(hub, "Ana", cookieOf(joined));
    for (const route of hub.routes.filter((known) => !PUBLIC.has(known) && !FIELD.has(known))) {
      const { method, path } = addressOf(route);
      const answer = await device.ask(method, path, method === "GET" || method === "DELETE" ? undefined : {});
      assert.ok(answer.status === 403 || answer.status === 401, `${route}: ${answer.status}`);
      const { code } = (await answer.json()) as { code: string };
      assert.ok(code === "role" || code === "source-key" || code === "local-token", `${route}: ${code}`);
    }
  });

  await context.test("each route refuses a cookie that was made up", async () => {
    const forger = person(hub, "", `atalaya=${"A".repeat(43)}`);
    for (const route of hub.routes.filter((known) => !PUBLIC.has(known))) {
      const { method, path } = addressOf(route);
      const answer = await forger.ask(method, path, method === "GET" || method === "DELETE" ? undefined : {});
      assert.equal(answer.status, 401, route);
      await answer.body?.cancel();
    }
  });

  await context.test("each route refuses a role below what it asks for", async () => {
    for (const [route, least] of Object.entries(LEAST)) {
      const { method, path } = addressOf(route);
      for (const role of ROLES) {
        if (HAVE[least].includes(role)) continue;
        const answer = await people[role].ask(method, path, method === "GET" || method === "DELETE" ? undefined : {});
        assert.equal(answer.status, 403, `${role}: ${route}`);
        assert.equal(((await answer.json()) as { code: string }).code, "role");
      }
    }
  });

  await context.test(
    "a drill is begun by the hub's own machine alone: with a token of its folder, once, and not with a session or a source's key",
    async () => {
      const begin = (key: string, extra: Record<string, string> = {}): Promise<Response> =>
        fetch(hub.url + paths.drill, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...extra },
          body: '{"name":"x"}',
        });
      const { Identity } = await import("../src/identity/identity.ts");
      const identity = new Identity(hub.data);
      const token = identity.newLocalToken();
      const late = new Identity(hub.data, () => Date.now() - 120_000);
      const expired = late.newLocalToken();
      const key = identity.newSourceKey("someone", "{}");
      assert.equal((await begin("A".repeat(43), { cookie: people.owner.cookie, "x-atalaya": "1" })).status, 401);
      for (const wrong of [key, expired]) assert.equal((await begin(wrong)).status, 401);
      const begun = await begin(token);
      assert.equal(begun.status, 200);
      const drill = ((await begun.json()) as { key: string }).key;
      assert.equal((await begin(token)).status, 401, "used up");
      const end = (bearer: string): Promise<Response> =>
        fetch(hub.url + paths.drill, { method: "DELETE", headers: { authorization: `Bearer ${bearer}` } });
      assert.equal((await end(key)).status, 409);
      assert.equal((await end(drill)).status, 204);
      assert.equal((await end(drill)).status, 401, "its key opens nothing any more");
      identity.removeSourceKey("someone");
      identity.close();
      late.close();
    },
  );

  await context.test("a route that is not in the policy cannot be reached", async () => {
    for (const path of ["/api/v1/nothing", "/api/v1/tracks/1/owner", "/.git/config", "/assets/../../package.json"]) {
      const answer = await people.owner.ask("POST", path, {});
      assert.equal(answer.status, 404, path);
      await answer.body?.cancel();
    }
  });

  await context.test("the console's files do not reach beyond their folder", async () => {
    for (const path of [
      "/..%2f..%2fpackage.json",
      "/%2e%2e/%2e%2e/package.json",
      "/assets/..%2f..%2f..%2fpackage.json",
      "/..%5c..%5cpackage.json",
    ]) {
      const answer = await person(hub, "", "").ask("GET", path);
      assert.equal(answer.status, 404, path);
      await answer.body?.cancel();
    }
  });

  await context.test("a state-changing request without the header that no form can send is refused", async () => {
    const body = JSON.stringify({
      id: "z",
      name: "Zone",
      kind: "post",
      shape: { type: "circle", centre: { latDeg: 31, lonDeg: -106 }, radiusM: 100 },
    });
    const headers = { cookie: people.officer.cookie, "content-type": "application/json" };
    const answer = await fetch(`${hub.url}${paths.zone("z")}`, { method: "PUT", headers, body });
    assert.equal(answer.status, 403);
    assert.equal(((await answer.json()) as { code: string }).code, "csrf");
  });

  await context.test("a request that another site sent is refused by its origin", async () => {
    for (const extra of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }]) {
      const headers = { cookie: people.officer.cookie, "content-type": "application/json", "x-atalaya": "1", ...extra };
      const answer = await fetch(`${hub.url}${paths.zone("z")}`, { method: "PUT", headers, body: "{}" });
      assert.equal(answer.status, 403, JSON.stringify(extra));
      assert.equal(((await answer.json()) as { code: string }).code, "origin");
    }
  });

  await context.test("a name that is made to point at this machine is not answered (DNS rebinding)", async () => {
    const { port } = new URL(hub.url);
    for (const host of [`evil.example:${port}`, "localhost.evil.example", "localhost;script-src *", ""]) {
      const socket = connect(Number(port), "127.0.0.1");
      socket.end(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      let answer = "";
      socket.on("data", (chunk: Buffer) => (answer += String(chunk)));
      await once(socket, "close");
      assert.match(answer, /^HTTP\/1\.1 421 /, host);
    }
  });

  await context.test("the stream refuses an upgrade without a session, of another origin, and under another name", async () => {
    const url = hub.url.replace("http:", "ws:") + paths.stream;
    const { host } = new URL(hub.url);
    const { cookie } = people.viewer;
    const attempts = [
      { status: 401, headers: {} },
      { status: 401, headers: { cookie: "atalaya=nobody" } },
      { status: 403, headers: { cookie, origin: "https://evil.example" } },
      { status: 403, headers: { cookie, origin: `https://${host}` } },
      { status: 421, headers: { cookie, host: "evil.example" } },
    ];
    for (const { status, headers } of attempts) {
      const socket = new WebSocket(url, { headers });
      const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
      assert.equal(response.statusCode, status, JSON.stringify(headers));
      socket.on("error", () => undefined);
      socket.terminate();
    }
  });

  await context.test("answers forbid scripts, frames and content of elsewhere, and hold nothing inline", async () => {
    for (const path of ["/", "/healthz", paths.session, "/nowhere"]) {
      const answer = await person(hub, "", "").ask("GET", path);
      const policy = answer.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'/, path);
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/, path);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
      await answer.body?.cancel();
    }
  });

  await context.test("the API describes itself to those who have signed in", async () => {
    const document = (await (await people.viewer.ask("GET", paths.openapi)).json()) as { openapi: string; paths: Record<string, unknown> };
    assert.equal(document.openapi, "3.1.0");
    assert.ok(paths.zones in document.paths && "/api/v1/tracks/{number}/operator" in document.paths);
    const page = await people.viewer.ask("GET", "/docs/");
    assert.equal(page.status, 200);
    assert.doesNotMatch(await page.text(), /<script>|<style|style=|onload=/, "nothing inline that the policy would stop");
  });

  await context.test("metrics are read with a session or with the key of the data folder, and with no other", async () => {
    const { readFileSync, statSync } = await import("node:fs");
    const file = `${hub.data}/metrics.key`;
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const get = (key: string): Promise<Response> => fetch(hub.url + paths.metrics, { headers: { authorization: `Bearer ${key}` } });
    const answer = await get(readFileSync(file, "utf8").trim());
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /atalaya_journal_durable_seq \d/);
    assert.equal((await get("A".repeat(43))).status, 401);
    assert.equal((await people.viewer.ask("GET", paths.metrics)).status, 200);
  });

  await context.test("a body beyond the limit is refused", async () => {
    const answer = await people.officer.ask("PUT", paths.zone("z"), { name: "x".repeat(300_000) });
    assert.equal(answer.status, 413);
  });

  await context.test("a head beyond the limit is refused", async () => {
    const answer = await fetch(`${hub.url}/healthz`, { headers: { "x-long": "x".repeat(20_000) } });
    assert.equal(answer.status, 431);
  });
});

test("a connection that does not finish its request is closed", async (context) => {
  const hub = await startTestHub(context, { headersTimeoutMs: 300 });
  const socket = connect(Number(new URL(hub.url).port), "127.0.0.1");
  socket.write("GET /healthz HTTP/1.1\r\nHost: local");
  socket.on("data", () => undefined);
  await once(socket, "close");
});
