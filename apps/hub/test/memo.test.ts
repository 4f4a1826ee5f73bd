// Sources and claims over a real hub: kept whole and seen by role, one memo behind three articles, and the incident that closes the loop.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Claim, type MemoNews, type MemoSource, paths, type ReportReceipt } from "@atalaya/protocol";
import { type Person, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import { codeOf, desk, draw, json, phone, source, take } from "./memo-desk.ts";

const PURPOSE = { purpose: "Reading it for the bulletin." };
const looked = (who: Person, id: string): Promise<Response> => who.ask("POST", paths.memoSourceLook(id), PURPOSE);

test("a text is kept whole with its hash, and shown to those whom its marking allows, each look on record", async (context) => {
  const d = await desk(context);
  const text = "Attacks have been authorised.\nSe autorizaron ataques. 🛩";
  const made = await take(d, source("memo-0001", { content: { form: "text", text } }));
  assert.equal(made.document.sha256, createHash("sha256").update(text).digest("hex"));
  assert.deepEqual([made.document.whole, made.document.bytes], [true, Buffer.byteLength(text)]);
  assert.equal(await (await looked(d.analyst, made.id)).text(), text);
  // AMBER is for the analysts' desk.
  assert.equal(await codeOf(await looked(d.officer, made.id)), "marking");
  assert.equal((await json<MemoSource>(await d.officer.ask("GET", paths.memoSource(made.id)))).document.mayLook, false);
  await json(
    await d.analyst.ask("PUT", paths.memoSourceHandling(made.id), {
      handling: { tlp: "GREEN", releasableTo: [] },
      why: "The originator agreed.",
    }),
  );
  assert.equal(await (await looked(d.officer, made.id)).text(), text);
  await json(
    await d.supervisor.ask("PUT", paths.memoSourceHandling(made.id), {
      handling: { tlp: "RED", releasableTo: [] },
      why: "Names a person.",
    }),
  );
  assert.equal((await looked(d.analyst, made.id)).status, 200, "who took it");
  // Of what is RED, officers are not even told that it is there.
  await draw(d, "claim-001", [made.id]);
  assert.equal((await d.officer.ask("GET", paths.memoSource(made.id))).status, 404);
  assert.equal((await d.officer.ask("GET", paths.memoClaim("claim-001"))).status, 404);
  for (const path of [paths.memoSources, paths.memoClaims, paths.memoChanges])
    assert.deepEqual(await json<unknown[]>(await d.officer.ask("GET", path)), [], path);
  assert.equal((await looked(d.supervisor, made.id)).status, 200);
  const looks = [...d.hub.sector.journal.read(1, 10_000)].filter(({ kind }) => kind === "memo-source-look");
  assert.equal(looks.length, 4);

  // The same again is one; another under its id is refused.
  const again = await take(d, source("memo-0001", { content: { form: "text", text } }));
  assert.equal(again.takenMs, made.takenMs);
  assert.equal(await codeOf(await d.analyst.ask("POST", paths.memoSources, source("memo-0001"))), "id-taken");
});

test("a file comes in pieces, goes on where it broke off after a restart, and is refused when it is another", async (context) => {
  const data = temporaryFolder(context);
  const file = Buffer.from(Array.from({ length: 400_000 }, (_, k) => k % 251));
  const sha256 = createHash("sha256").update(file).digest("hex");
  const d = await desk(context, data);
  const made = await take(
    d,
    source("article1", { kind: "article", content: { form: "file", name: "page.html", type: "text/html", bytes: file.length, sha256 } }),
  );
  assert.deepEqual([made.document.have, made.document.whole], [0, false]);
  const send = (who: Person, url: string, from: number, to: number): Promise<Response> =>
    fetch(`${url}${paths.memoSourceContent("article1")}?offset=${from}`, {
      method: "PUT",
      headers: { cookie: who.cookie, "x-atalaya": "1", "content-type": "application/octet-stream" },
      body: file.subarray(from, to),
    });
  assert.equal((await json<MemoSource>(await send(d.analyst, d.hub.url, 0, 200_000))).document.have, 200_000);
  assert.equal(await codeOf(await send(d.analyst, d.hub.url, 100_000, 200_000)), "offset");
  assert.equal(await codeOf(await looked(d.analyst, "article1")), "not-there");
  await d.hub.stop();
  const hub = await startTestHub(context, { data });
  const whole = await json<MemoSource>(await send(d.analyst, hub.url, 200_000, file.length));
  assert.equal(whole.document.whole, true);
  const shown = await fetch(hub.url + paths.memoSourceLook("article1"), {
    method: "POST",
    headers: { cookie: d.analyst.cookie, "x-atalaya": "1", "content-type": "application/json" },
    body: JSON.stringify(PURPOSE),
  });
  // A page that was saved is never opened in the hub's own name.
  assert.equal(shown.headers.get("content-type"), "application/octet-stream");
  assert.match(shown.headers.get("content-disposition") ?? "", /^attachment/);
  assert.ok(Buffer.from(await shown.arrayBuffer()).equals(file));
});

test("case 34 over the API: three articles are one source; the memo refuted, the claim falls; and one of our incidents confirms what stands", async (context) => {
  const d = await desk(context);
  await take(d, source("memo-0001"));
  for (const id of ["article1", "article2", "article3"]) await take(d, source(id, { kind: "article", cites: ["memo-0001"] }));
  const claim = await draw(d, "claim-001", ["article1", "article2", "article3"]);
  assert.match(claim.number, /^C-0001$/);
  assert.deepEqual([claim.independentSources, claim.roots], [1, ["memo-0001"]]);
  assert.deepEqual(
    claim.sources.map(({ reliability }) => reliability),
    ["F", "F", "F"],
  );

  await json(await d.analyst.ask("PUT", paths.memoSourceReliability("memo-0001"), { reliability: "B", why: "Usually right." }));
  const graded = await json<Claim>(
    await d.analyst.ask("PUT", paths.memoClaimCredibility("claim-001"), { credibility: 1, why: "All say so." }),
  );
  // Three say so, and they are one.
  assert.deepEqual([graded.credibility, graded.findings], [1, ["one-source"]]);

  const agent = await phone(d, "ana");
  const receipt = await json<ReportReceipt>(
    await agent.ask("POST", paths.reports, {
      id: "report-0001",
      how: "field",
      sentMs: Date.now(),
      observedMs: Date.now(),
      observedErrorS: 1,
      observer: { latDeg: 31.76, lonDeg: -106.49, errorM: 10, by: "device" },
      atRisk: false,
      language: "es",
    }),
  );
  await draw(d, "claim-002", ["memo-0001"]);
  const verdict = { verdict: "confirmed", incident: { kind: "reports", id: receipt.id }, why: "A drone came, as it said." };
  assert.equal(
    await codeOf(
      await d.analyst.ask("POST", paths.memoClaimVerdict("claim-002"), { ...verdict, incident: { kind: "reports", id: "nowhere" } }),
    ),
    "no-such-incident",
  );
  const confirmed = await json<Claim>(await d.analyst.ask("POST", paths.memoClaimVerdict("claim-002"), verdict));
  assert.deepEqual([confirmed.state, confirmed.verdict?.incident?.id], ["confirmed", receipt.id]);

  const memo = await json<MemoSource>(
    await d.analyst.ask("POST", paths.memoSourceVerdict("memo-0001"), { verdict: "refuted", why: "Its author withdrew it." }),
  );
  assert.equal(memo.standing, "refuted");
  const all = await json<Claim[]>(await d.officer.ask("GET", paths.memoClaims));
  assert.deepEqual(Object.fromEntries(all.map(({ id, state }) => [id, state])), { "claim-001": "fallen", "claim-002": "confirmed" });
  const news = await json<MemoNews[]>(await d.officer.ask("GET", paths.memoChanges));
  assert.ok(news.some(({ label, change }) => label === "C-0001" && change.what === "fallen" && change.by === ""));
});

test("an own incident is a source without a file; links are made and taken away; what is unknown is named", async (context) => {
  const d = await desk(context);
  assert.equal(
    await codeOf(await d.analyst.ask("POST", paths.memoSources, source("memo-0001", { cites: ["nowhere1"] }))),
    "no-such-source",
  );
  assert.equal(
    await codeOf(
      await d.analyst.ask(
        "POST",
        paths.memoSources,
        source("own-0001", { kind: "own-incident", content: { form: "incident", incident: { kind: "warning", id: "none" } } }),
      ),
    ),
    "no-such-incident",
  );
  await take(d, source("memo-0001"));
  await draw(d, "claim-001", ["memo-0001"]);
  await draw(d, "claim-002", ["memo-0001"]);
  const linked = await json<Claim>(await d.analyst.ask("PUT", paths.memoClaimLinks("claim-002"), { kind: "supersedes", to: "claim-001" }));
  assert.equal(linked.links.length, 1);
  assert.equal((await json<Claim>(await d.analyst.ask("GET", paths.memoClaim("claim-001")))).state, "superseded");
  assert.equal(
    await codeOf(await d.analyst.ask("PUT", paths.memoClaimLinks("claim-001"), { kind: "supersedes", to: "claim-002" })),
    "link",
  );
  await json(await d.analyst.ask("DELETE", `${paths.memoClaimLinks("claim-002")}?kind=supersedes&to=claim-001`));
  assert.equal((await json<Claim>(await d.analyst.ask("GET", paths.memoClaim("claim-001")))).state, "standing");
  assert.equal(
    await codeOf(await d.analyst.ask("PUT", paths.memoSourceCites("memo-0001"), { cites: ["memo-0001"], addsOwn: false })),
    "cites-itself",
  );
});

test("documents go after the days that the rules give; what was said of them stays", async (context) => {
  const d = await desk(context);
  await take(d, source("memo-0001"));
  assert.equal(readdirSync(join(d.hub.data, "documents")).length, 1);
  assert.equal((await d.analyst.ask("PUT", paths.memoRules, { twoPersonRelease: false, documentDays: 1 })).status, 403);
  await json(await d.owner.ask("PUT", paths.memoRules, { twoPersonRelease: true, documentDays: 1 }));
  const { removeOldDocuments } = await import("../src/reports/document-retention.ts");
  const { MediaStore } = await import("../src/reports/media-store.ts");
  const store = new MediaStore(d.hub.data, "documents");
  const { sector } = d.hub;
  await removeOldDocuments(sector, store);
  assert.equal(readdirSync(join(d.hub.data, "documents")).length, 1, "not yet");
  const later = {
    picture: sector.picture,
    note: sector.note.bind(sector),
    clock: { nowUs: () => sector.clock.nowUs() + 2 * 86_400e6 },
  };
  await removeOldDocuments(later, store);
  assert.equal(readdirSync(join(d.hub.data, "documents")).length, 0);
  const gone = await json<MemoSource>(await d.analyst.ask("GET", paths.memoSource("memo-0001")));
  assert.deepEqual([gone.document.removed, gone.document.sha256?.length], [true, 64]);
  assert.equal(await codeOf(await looked(d.analyst, "memo-0001")), "not-there");
});
