// What waits on a phone: sent once, in order, with receipts, whatever breaks; text before films; what is refused holds nothing up.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { MEDIA_CHUNK_BYTES, type MediaState } from "@atalaya/protocol";
import fc from "fast-check";
import { type Item, nextItem, type UnsentReport } from "../src/queue/items.ts";
import { type Hub, MAX_WAITING, Outbox, type Reply, type Store } from "../src/queue/outbox.ts";

/** A disk that outlives the outbox on it. */
class Disk implements Store {
  readonly kept = new Map<string, Item>();
  readonly files = new Map<string, Blob>();
  items(): Promise<readonly Item[]> {
    return Promise.resolve([...this.kept.values()]);
  }
  put(item: Item): Promise<void> {
    this.kept.set(item.id, item);
    return Promise.resolve();
  }
  remove(id: string): Promise<void> {
    this.kept.delete(id);
    return Promise.resolve();
  }
  file(id: string): Promise<Blob | undefined> {
    return Promise.resolve(this.files.get(id));
  }
  putWithFile(item: Item, file: Blob): Promise<void> {
    this.files.set(item.id, file);
    return this.put(item);
  }
  removeFile(id: string): Promise<void> {
    this.files.delete(id);
    return Promise.resolve();
  }
}

/** The rules of docs/field-api.md as a hub keeps them, and a network that may lose either way. */
class Listener implements Hub {
  readonly taken: string[] = [];
  readonly asked: string[] = [];
  readonly media = new Map<string, { state: MediaState; bytes: Uint8Array }>();
  /** What happens to the next requests: undefined is a request that comes through, with its answer. */
  fate: ("lost" | "answer-lost" | Reply)[] = [];
  sentMs: number[] = [];

  send(method: string, path: string, body?: unknown): Promise<Reply> {
    this.asked.push(`${method} ${path}`);
    return this.#through(() => this.#take(path, body as Record<string, unknown> | undefined));
  }
  async sendBytes(path: string, bytes: Blob): Promise<Reply> {
    this.asked.push(`PUT ${path}`);
    const piece = new Uint8Array(await bytes.arrayBuffer());
    return this.#through(() => this.#piece(path, piece));
  }
  async sha256(file: Blob): Promise<string> {
    return createHash("sha256")
      .update(new Uint8Array(await file.arrayBuffer()))
      .digest("hex");
  }

  async #through(work: () => Reply): Promise<Reply> {
    const fate = this.fate.shift();
    if (fate === "lost") return { ok: false, status: 0, code: "unreachable", message: "" };
    if (typeof fate === "object") return fate;
    const answer = work();
    return fate === "answer-lost" ? { ok: false, status: 0, code: "unreachable", message: "" } : answer;
  }

  #take(path: string, body: Record<string, unknown> | undefined): Reply {
    const media = /\/media\/([^/]+)$/.exec(path)?.[1];
    if (media !== undefined) return { ok: true, body: this.media.get(media)?.state };
    if (path.endsWith("/media")) {
      const id = String(body?.["id"]);
      const known = this.media.get(id);
      if (known !== undefined) return { ok: true, body: known.state };
      const state = { ...(body as object), have: 0, done: false, removed: false } as unknown as MediaState;
      this.media.set(id, { state, bytes: new Uint8Array(state.bytes) });
      return { ok: true, body: state };
    }
    const id = String(body?.["id"] ?? path);
    const again = this.taken.includes(id);
    if (!again) this.taken.push(id);
    if (typeof body?.["sentMs"] === "number") this.sentMs.push(body["sentMs"]);
    return { ok: true, body: { id, reference: `S-${this.taken.indexOf(id)}`, receivedMs: 1, again } };
  }

  #piece(path: string, piece: Uint8Array): Reply {
    const [, id = "", offset = ""] = /\/media\/([^?]+)\?offset=(\d+)/.exec(path) ?? [];
    const known = this.media.get(id);
    if (known === undefined) return { ok: false, status: 404, code: "no-such-media", message: "" };
    const { state, bytes } = known;
    if (Number(offset) !== state.have) return { ok: false, status: 409, code: "offset", message: String(state.have) };
    assert.ok(piece.length <= MEDIA_CHUNK_BYTES);
    bytes.set(piece, state.have);
    const have = state.have + piece.length;
    const whole = have === state.bytes;
    if (whole && createHash("sha256").update(bytes).digest("hex") !== state.sha256) {
      known.state = { ...state, have: 0 };
      return { ok: false, status: 409, code: "hash", message: "" };
    }
    known.state = { ...state, have, done: whole };
    return { ok: true, body: known.state };
  }
}

const seen = (id: string): UnsentReport => ({
  id,
  how: "field",
  observedMs: 1000,
  observedErrorS: 0.5,
  observer: { latDeg: 31, lonDeg: -106, errorM: 5, by: "device" },
  atRisk: false,
  language: "en",
});

async function opened(disk: Disk, hub: Hub, now: () => number = () => 5000): Promise<Outbox> {
  const outbox = new Outbox(disk, hub, now, () => undefined);
  await outbox.open();
  return outbox;
}
const addReport = (outbox: Outbox, id: string): Promise<boolean> => outbox.add({ kind: "report", id, report: seen(id) });

test("reports go in the order of their making, each with its receipt, and the time of each attempt", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  let nowMs = 5000;
  const outbox = await opened(disk, hub, () => nowMs);
  for (const id of ["report-a", "report-b", "report-c"]) assert.equal(await addReport(outbox, id), true);
  hub.fate = ["lost"];
  assert.deepEqual(await outbox.run(), { why: "unreachable", waitMs: 1000 });
  nowMs = 65_000;
  assert.deepEqual(await outbox.run(), { why: "empty" });
  assert.deepEqual(hub.taken, ["report-a", "report-b", "report-c"]);
  assert.deepEqual(hub.sentMs, [65_000, 65_000, 65_000]);
  const [first] = outbox.items;
  assert.equal(first?.kind === "report" && first.receipt?.reference, "S-0");
  assert.equal(first?.kind === "report" && first.report.observedMs, 1000, "the event keeps its own time");
});

test("an answer that was lost makes no second report: the same id is asked again until a receipt is there", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const outbox = await opened(disk, hub);
  await addReport(outbox, "report-a");
  hub.fate = ["answer-lost", "answer-lost"];
  assert.equal((await outbox.run()).why, "unreachable");
  assert.deepEqual(await outbox.run(), { why: "unreachable", waitMs: 2000 });
  assert.equal((await outbox.run()).why, "empty");
  assert.deepEqual(hub.taken, ["report-a"]);
});

test("a program that is killed at any request goes on where it was, and the hub has each thing once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("lost" as const, "answer-lost" as const, "through" as const), { maxLength: 14 }),
      async (fates) => {
        const [disk, hub] = [new Disk(), new Listener()];
        let outbox = await opened(disk, hub);
        const film = new Uint8Array(MEDIA_CHUNK_BYTES * 2 + 17).map((_, k) => k % 251);
        await addReport(outbox, "report-a");
        await outbox.add(
          { kind: "media", id: "film-0001", reportId: "report-a", media: "video", type: "video/mp4", bytes: film.length, have: -1 },
          new Blob([film]),
        );
        await addReport(outbox, "report-b");
        await outbox.add({ kind: "answer", id: "answer-1", answer: { id: "answer-1", warningId: "w", answer: "safe" } });
        for (const fate of fates) {
          hub.fate = fate === "through" ? [] : [fate];
          await outbox.run();
          // Killed: only the disk is left.
          outbox = await opened(disk, hub);
        }
        hub.fate = [];
        assert.equal((await outbox.run()).why, "empty");
        assert.deepEqual([...hub.taken].sort(), ["answer-1", "report-a", "report-b"]);
        assert.ok(hub.taken.indexOf("report-a") < hub.taken.indexOf("report-b"));
        assert.deepEqual(hub.media.get("film-0001")?.bytes, film);
        assert.equal(hub.media.get("film-0001")?.state.done, true);
        assert.equal(disk.files.size, 0, "the phone keeps no film that the hub has");
      },
    ),
    { numRuns: 40 },
  );
});

test("an answer to a warning goes before reports, and a report that is made while a film goes does not wait for its end", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const outbox = await opened(disk, hub);
  const film = new Blob([new Uint8Array(MEDIA_CHUNK_BYTES * 3)]);
  await addReport(outbox, "report-a");
  await outbox.add(
    { kind: "media", id: "film-0001", reportId: "report-a", media: "video", type: "video/mp4", bytes: film.size, have: -1 },
    film,
  );
  const bytes = hub.sendBytes.bind(hub);
  let pressed = false;
  hub.sendBytes = async (path, piece) => {
    if (!pressed) {
      pressed = true;
      await addReport(outbox, "report-b");
      await outbox.add({ kind: "answer", id: "answer-1", answer: { id: "answer-1", warningId: "w", answer: "need-help" } });
    }
    return bytes(path, piece);
  };
  await outbox.run();
  const order = hub.asked.map((request) => request.replace(/\?.*/, ""));
  const firstPiece = order.indexOf("PUT /api/v1/media/film-0001");
  assert.equal(order[firstPiece + 1], "POST /api/v1/device/answers");
  assert.equal(order[firstPiece + 2], "POST /api/v1/reports");
  assert.equal(order.at(-1), "PUT /api/v1/media/film-0001");
});

test("what the hub refuses is kept with its reason and holds nothing up; slow-down and a session that ended stop everything", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const outbox = await opened(disk, hub);
  await addReport(outbox, "report-a");
  await outbox.add({ kind: "more", id: "more-0001", reportId: "report-a", more: { id: "more-0001", count: 2 } });
  await addReport(outbox, "report-b");
  hub.fate = [{ ok: false, status: 400, code: "body", message: "no" }];
  assert.equal((await outbox.run()).why, "empty");
  assert.deepEqual(outbox.items[0]?.refused, { code: "body", message: "no" });
  // What belongs to a report that was never taken is never sent.
  assert.deepEqual(hub.taken, ["report-b"]);
  assert.equal(outbox.waiting, 0);
  await addReport(outbox, "report-c");
  hub.fate = [{ ok: false, status: 429, code: "slow-down", message: "", retryAfterS: 7 }];
  assert.deepEqual(await outbox.run(), { why: "slow-down", waitMs: 7000 });
  hub.fate = [{ ok: false, status: 401, code: "no-session", message: "" }];
  assert.deepEqual(await outbox.run(), { why: "signed-out" });
  assert.equal((await outbox.run()).why, "empty");
  assert.deepEqual(hub.taken, ["report-b", "report-c"]);
});

test("a film that arrives damaged begins again, and after three times is given up without holding anything up", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const outbox = await opened(disk, hub);
  await addReport(outbox, "report-a");
  await outbox.add(
    { kind: "media", id: "film-0001", reportId: "report-a", media: "photo", type: "image/jpeg", bytes: 9, have: -1 },
    new Blob(["123456789"]),
  );
  hub.sha256 = () => Promise.resolve("0".repeat(64));
  assert.equal((await outbox.run()).why, "empty");
  assert.equal(outbox.items.find(({ id }) => id === "film-0001")?.refused?.code, "hash");
});

test("there is a limit to what waits, and what is settled is forgotten before what waits", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const outbox = await opened(disk, hub);
  for (let k = 0; k < MAX_WAITING; k += 1) assert.equal(await addReport(outbox, `report-${k}`), true);
  assert.equal(await addReport(outbox, "one too many"), false);
  await outbox.run();
  await addReport(outbox, "report-new");
  assert.ok(outbox.items.length <= 201);
  assert.equal(nextItem(outbox.items)?.id, "report-new");
});

test("what somebody left on a phone is not told in the name of who has it next", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const outbox = await opened(disk, hub);
  await addReport(outbox, "report-a");
  await outbox.disown();
  await addReport(outbox, "report-b");
  assert.equal((await outbox.run()).why, "empty");
  assert.deepEqual(hub.taken, ["report-b"]);
  assert.equal((await opened(disk, hub)).items.find(({ id }) => id === "report-a")?.refused?.code, "other-person");
});

test("what was done with a bulletin and what is carried go once each, with their own times, after reports; and the answer comes back", async () => {
  const [disk, hub] = [new Disk(), new Listener()];
  const heard: string[] = [];
  let nowMs = 5000;
  const outbox = new Outbox(
    disk,
    hub,
    () => nowMs,
    () => undefined,
    (item) => heard.push(item.id),
  );
  await outbox.open();
  const event = { id: "event-0001", step: "opened", version: 1, atMs: 4000, language: "es" } as const;
  await outbox.add({ kind: "bulletin", id: "event-0001", bulletinId: "bulletin-1", event });
  await outbox.add({
    kind: "bulletin",
    id: "event-0002",
    bulletinId: "bulletin-1",
    event: { ...event, id: "event-0002", step: "confirmed", atMs: 4500, answer: "cover" },
  });
  await outbox.add({ kind: "kit", id: "kit-0001", kit: { id: "kit-0001", atMs: 4600, answers: [{ itemId: "tourniquet", have: 1 }] } });
  await addReport(outbox, "report-a");
  // The answers to the first two are lost: they are asked again under the same ids.
  hub.fate = ["answer-lost"];
  await outbox.run();
  nowMs = 60_000;
  hub.fate = ["answer-lost"];
  await outbox.run();
  assert.equal((await outbox.run()).why, "empty");
  assert.deepEqual(hub.taken, ["report-a", "event-0001", "event-0002", "kit-0001"]);
  assert.equal(hub.sentMs.at(-1), 60_000);
  assert.deepEqual(heard, ["report-a", "event-0001", "event-0002", "kit-0001"]);
  assert.deepEqual([...new Set(hub.asked)].slice(1), ["POST /api/v1/device/bulletins/bulletin-1/events", "PUT /api/v1/device/kit"]);
  const kept = outbox.items.find(({ id }) => id === "event-0002");
  assert.equal(kept?.kind === "bulletin" && kept.event.atMs, 4500);
  // What was carried is of no more use once the shift is over; what waits would stay.
  await outbox.add({ kind: "kit", id: "kit-0002", kit: { id: "kit-0002", atMs: 1, answers: [] } });
  await outbox.forget(({ kind }) => kind === "kit");
  assert.deepEqual(
    [...disk.kept.values()].filter(({ kind }) => kind === "kit").map(({ id }) => id),
    ["kit-0002"],
  );
});
