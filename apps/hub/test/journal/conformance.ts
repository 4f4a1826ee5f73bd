// What every journal does, whatever it is stored in. An adapter's test file calls `conformance` with how to open it.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { checkConsistency, commitment, openProof, parseVerifierKey } from "@atalaya/ledger";
import type { Draft, Entry, Journal, PurgeRecord, Snapshot } from "../../src/journal/journal.ts";

export interface Store {
  /** Opens the journal of this store; the same content each time. */
  open(limits?: { readonly maxQueuedEntries?: number; readonly maxQueuedBytes?: number }): Promise<Journal>;
  /** The log's name and public key, for whoever checks proofs from outside. */
  identity(): { readonly origin: string; readonly key: string };
  /** Everything that the store keeps, for looking whether bytes are gone. */
  bytes(): Uint8Array;
  /** Checks the closed or running journal from outside: what is wrong, in words. */
  verify(): readonly string[];
  remove(): void;
}

export const START_US = 1_700_000_000_000_000;
const encoder = new TextEncoder();

export function frame(index: number, more: Partial<Draft> = {}): Draft {
  return {
    timeUs: START_US + index,
    kind: "frame",
    source: "sensor",
    retention: "frame",
    payload: encoder.encode(`frame ${index}`),
    ...more,
  };
}
function record(index: number, text: string): Draft {
  return frame(index, { kind: "note", source: "", retention: "record", payload: encoder.encode(text) });
}

/** Appends what has to be taken. */
export function taken(journal: Journal, draft: Draft): number {
  const seq = journal.append(draft);
  assert.equal(typeof seq, "number", `refused: ${JSON.stringify(seq)}`);
  return seq as number;
}

export async function fill(journal: Journal, count: number, from = 1, more: Partial<Draft> = {}): Promise<void> {
  let last = 0;
  for (let k = from; k < from + count; k += 1) last = taken(journal, frame(k, more));
  await journal.durable(last);
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "purged" : Buffer.from(bytes).toString();
}

export function conformance(name: string, make: () => Store): void {
  describe(`a journal in ${name}`, () => {
    const stores: Store[] = [];
    const store = (): Store => {
      const made = make();
      stores.push(made);
      return made;
    };
    after(() => {
      for (const made of stores) made.remove();
    });

    it("answers all who wait at the same time, with no other entry after them", async () => {
      const journal = await store().open();
      for (let round = 0; round < 20; round += 1) {
        const waiting: Promise<void>[] = [];
        for (let k = 1; k <= 5; k += 1) waiting.push(journal.durable(taken(journal, record(round * 10 + k, `word ${k}`))));
        await Promise.all(waiting);
      }
      assert.equal(journal.head().size, 100);
      await journal.close();
    });

    it("numbers entries from 1 without gaps and gives them back as they were, also after it was closed", async () => {
      const place = store();
      let journal = await place.open();
      assert.equal(journal.head().size, 0);
      const drafts: Draft[] = [
        frame(1, { sealed: encoder.encode("where the pilot stands") }),
        record(2, "a word"),
        frame(3, { retention: "operator-position", payload: new Uint8Array(0) }),
        frame(4, { retention: "own-position", kind: "posición", source: "señal ☂" }),
        frame(5, { payload: new Uint8Array(100_000).fill(7), sealed: new Uint8Array(0) }),
      ];
      assert.deepEqual(
        drafts.map((draft) => journal.append(draft)),
        [1, 2, 3, 4, 5],
      );
      await journal.durable(5);
      const expected = drafts.map((draft, k) => ({ seq: k + 1, ...draft }));
      const plain = (entries: Iterable<Entry>): unknown[] =>
        [...entries].map((entry) => ({
          ...entry,
          payload: Uint8Array.from(entry.payload ?? [255]),
          ...(entry.sealed instanceof Uint8Array ? { sealed: Uint8Array.from(entry.sealed) } : {}),
        }));
      assert.deepEqual(plain(journal.read(1, 100)), expected);
      await journal.close();
      journal = await place.open();
      assert.deepEqual(plain(journal.read(1, 100)), expected);
      assert.deepEqual(plain(journal.read(2, 2)), expected.slice(1, 3));
      assert.deepEqual(plain(journal.read(6, 10)), []);
      assert.deepEqual(plain(journal.records(1, 10)), [expected[1]]);
      assert.deepEqual(plain(journal.records(3, 10)), []);
      assert.deepEqual(plain(journal.records(1, 0)), []);
      assert.equal(journal.append(frame(6)), 6);
      await journal.close();
      assert.deepEqual(place.verify(), []);
    });

    it("copies what it is given: the caller's buffer can be used again at once", async () => {
      const journal = await store().open();
      const payload = encoder.encode("first");
      taken(journal, frame(1, { payload }));
      payload.fill(0);
      await journal.durable(1);
      assert.equal(text([...journal.read(1, 1)][0]?.payload), "first");
      await journal.close();
    });

    it("refuses what is too large and throws at times that run backwards", async () => {
      const journal = await store().open();
      const refusal = journal.append(frame(1, { payload: new Uint8Array(1024 * 1024 + 1) }));
      assert.equal(typeof refusal === "number" ? "taken" : refusal.code, "too-large");
      assert.equal(typeof journal.append(frame(1, { kind: "k".repeat(65) })), "object");
      assert.equal(journal.append(frame(5)), 1, "a refused draft takes no number");
      assert.throws(() => journal.append(frame(4)), RangeError);
      assert.throws(() => journal.append(frame(6, { timeUs: 1.5 })), RangeError);
      await journal.close();
    });

    it("reads only what is durable", async () => {
      const journal = await store().open();
      taken(journal, frame(1));
      assert.deepEqual([...journal.read(1, 10)], []);
      assert.equal(journal.state().queuedEntries, 1);
      await journal.durable(1);
      assert.equal([...journal.read(1, 10)].length, 1);
      assert.equal(journal.state().queuedEntries, 0);
      assert.equal(journal.state().queuedBytes, 0);
      await journal.close();
    });

    it("hands subscribers every durable entry once and in order, from where they ask, until they leave", async () => {
      const journal = await store().open();
      await fill(journal, 3000);
      const heard: number[] = [];
      const leave = journal.subscribe(2, (entries) => heard.push(...entries.map(({ seq }) => seq)));
      await fill(journal, 500, 3001);
      while (heard.length < 3499) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(
        heard,
        Array.from({ length: 3499 }, (_, k) => k + 2),
      );
      leave();
      await fill(journal, 5, 3501);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(heard.length, 3499);
      await journal.close();
    });

    it("proves each entry, and that a later head continues an earlier one", async () => {
      const place = store();
      const journal = await place.open();
      await fill(journal, 300);
      const before = journal.head();
      await fill(journal, 777, 301);
      const head = journal.head();
      const { origin, key } = place.identity();
      const parsed = parseVerifierKey(key);
      assert.ok(parsed.ok);
      const wrong = checkConsistency(journal.consistency(300) ?? [], 300, before.root, head.size, head.root);
      assert.equal(wrong, undefined);
      const proof = journal.proof(900);
      assert.ok(proof !== undefined);
      assert.equal(journal.proof(head.size + 1), undefined);
      const opened = openProof(proof, new Uint8Array(32), { origin, logKeys: [parsed.value] });
      assert.equal(opened.ok ? "" : opened.refused.code, "root-differs", "signed and well formed; only the made-up leaf is not in it");
      await journal.close();
    });

    it("slows sources at its limit, keeps room for people's words, and says when there is room again", async () => {
      const journal = await store().open({ maxQueuedEntries: 1000 });
      let accepted = 0;
      for (;;) {
        const seq = journal.append(frame(accepted + 1));
        if (typeof seq !== "number") {
          assert.equal(seq.code, "queue-full");
          break;
        }
        accepted += 1;
      }
      assert.equal(accepted, 950);
      assert.equal(typeof journal.append(record(951, "a person's word")), "number");
      assert.equal(journal.state().refused["queue-full"], 1);
      await journal.ready();
      assert.ok(journal.state().queuedEntries <= 500);
      assert.equal(typeof journal.append(frame(952)), "number");
      await journal.close();
    });

    it("bounds the queue by bytes too", async () => {
      const journal = await store().open({ maxQueuedBytes: 1_000_000 });
      const payload = new Uint8Array(100_000);
      let accepted = 0;
      while (typeof journal.append(frame(accepted + 1, { payload })) === "number") accepted += 1;
      assert.equal(accepted, 9);
      await journal.close();
    });

    it("purges one class up to a time: content and salt are gone from the store, the line and its proofs stay", async () => {
      const place = store();
      let journal = await place.open();
      const position = encoder.encode("MARKER-OPERATOR-31.7619-106.4850");
      const own = encoder.encode("MARKER-OWN-PATROL-7");
      const body = encoder.encode("MARKER-FRAME-BODY");
      for (let k = 1; k <= 2000; k += 1) {
        if (k % 5 === 0) taken(journal, frame(k, { retention: "own-position", payload: own }));
        else taken(journal, frame(k, k % 3 === 0 ? { payload: body, sealed: position } : { payload: body }));
      }
      await journal.durable(2000);
      const state: Snapshot = { seq: 2000, format: "test", state: position, stateHash: "h", dependsOn: ["operator-position"] };
      await journal.saveSnapshot(state);
      assert.equal(journal.loadSnapshot("test")?.seq, 2000);
      const has = (marker: Uint8Array): boolean => Buffer.from(place.bytes()).includes(Buffer.from(marker));
      assert.ok(has(position) && has(own) && has(body), "the test can see the bytes while they are there");
      const salted = [...journal.read(1, 3)];
      assert.ok(salted[2]?.sealed instanceof Uint8Array);
      const earlier = journal.head();

      const heard: Entry[] = [];
      const nowUs = (): number => START_US + 10_000;
      const purge = (retention: PurgeRecord["retention"], beforeUs: number): Promise<PurgeRecord | undefined> =>
        journal.purge({ retention, beforeUs, by: "test", nowUs, appended: (entry) => heard.push(entry) });
      const first = await purge("operator-position", START_US + 1001);
      assert.equal(first?.sealed, [...Array(1000).keys()].filter((k) => (k + 1) % 3 === 0 && (k + 1) % 5 !== 0).length);
      assert.equal(first.payloads, 0);
      assert.equal(journal.loadSnapshot("test"), undefined, "a snapshot made of what is gone is gone");
      await journal.saveSnapshot(state);
      assert.equal(journal.loadSnapshot("test"), undefined, "nor can it come back from memory");
      assert.ok(has(position), "what is younger stays");
      assert.equal((await purge("operator-position", START_US + 5000))?.firstSeq, 1002);
      assert.ok(!has(position), "no byte of a purged position is left");
      assert.equal((await purge("own-position", START_US + 5000))?.payloads, 400);
      assert.ok(!has(own));
      assert.equal(await purge("own-position", START_US + 5000), undefined, "nothing to do, nothing written");
      assert.equal(journal.head().size, 2003);
      assert.deepEqual(
        heard.map(({ seq, kind, retention }) => [seq, kind, retention]),
        [2001, 2002, 2003].map((seq) => [seq, "purge", "record"]),
      );
      assert.deepEqual(JSON.parse(text([...journal.read(2001, 1)][0]?.payload)), { ...first });

      await journal.close();
      assert.ok(!has(position) && !has(own));
      assert.deepEqual(place.verify(), []);
      journal = await place.open();
      const [, , third, , fifth] = [...journal.read(1, 5)];
      assert.equal(third?.sealed, "purged");
      assert.equal(text(third.payload), "MARKER-FRAME-BODY", "the frame itself is kept");
      assert.equal(fifth?.payload, undefined);
      assert.equal(
        checkConsistency(journal.consistency(2000) ?? [], 2000, earlier.root, journal.head().size, journal.head().root),
        undefined,
      );
      assert.ok(journal.proof(5) !== undefined);
      await journal.close();
    });

    it("leaves no copy behind when purges follow each other and rows are reclaimed", async () => {
      const place = store();
      const journal = await place.open();
      const count = 6000;
      for (let k = 1; k <= count; k += 1)
        taken(journal, frame(k, { payload: encoder.encode(`MARK${String(k).padStart(6, "0")}-${"x".repeat((k * 37) % 400)}`) }));
      await journal.durable(count);
      for (let cut = 700; cut <= count; cut += 530) {
        await journal.purge({ retention: "frame", beforeUs: START_US + cut, by: "test", nowUs: () => START_US + 10_000 });
        const left =
          Buffer.from(place.bytes())
            .toString("latin1")
            .match(/MARK\d{6}/g) ?? [];
        const old = left.filter((mark) => Number(mark.slice(4)) < cut);
        assert.deepEqual(old, [], `after the purge up to ${cut}`);
        assert.equal(new Set(left).size, count - cut + 1);
      }
      await journal.close();
      assert.deepEqual(place.verify(), []);
    });

    it("goes on writing while a purge runs", async () => {
      const place = store();
      const journal = await place.open();
      await fill(journal, 5000);
      const nowUs = (): number => START_US + 20_000;
      const purging = journal.purge({ retention: "frame", beforeUs: START_US + 4000, by: "test", nowUs });
      let last = 0;
      for (let k = 5001; k <= 6000; k += 1) last = taken(journal, frame(k, { timeUs: START_US + 20_000 + k }));
      // The purge's entry comes after these: its time is asked when it is appended.
      await assert.rejects(purging, RangeError, "a clock that runs backwards is a bug, for a purge too");
      await journal.durable(last);
      const later = journal.purge({ retention: "frame", beforeUs: START_US + 4000, by: "test", nowUs: () => START_US + 40_000 });
      assert.equal((await later)?.payloads, 3999);
      await journal.close();
      assert.deepEqual(place.verify(), []);
    });

    it("keeps the newest snapshot of each reader's format and gives it back whole", async () => {
      const place = store();
      let journal = await place.open();
      await fill(journal, 30);
      const state = new Uint8Array(300_000).map((_, k) => k % 251);
      for (const seq of [10, 20, 30]) await journal.saveSnapshot({ seq, format: "p1", state, stateHash: `h${seq}`, dependsOn: ["frame"] });
      await assert.rejects(
        journal.saveSnapshot({ seq: 31, format: "p1", state, stateHash: "", dependsOn: [] }),
        "not of entries that do not exist",
      );
      assert.equal(journal.loadSnapshot("p2"), undefined);
      await journal.close();
      journal = await place.open();
      const loaded = journal.loadSnapshot("p1");
      assert.deepEqual(
        { ...loaded, state: undefined },
        { seq: 30, format: "p1", state: undefined, stateHash: "h30", dependsOn: ["frame"] },
      );
      assert.ok(Buffer.from(loaded?.state ?? []).equals(state));
      await journal.close();
    });

    it("is open to one hub at a time", async () => {
      const place = store();
      const journal = await place.open();
      await assert.rejects(place.open(), (error) => (error as { code?: string }).code === "locked");
      await journal.close();
      await (await place.open()).close();
    });

    it("takes nothing after its close, and writes what was queued before", async () => {
      const place = store();
      const journal = await place.open();
      for (let k = 1; k <= 500; k += 1) taken(journal, frame(k));
      const closing = journal.close();
      const refusal = journal.append(frame(501));
      assert.equal(typeof refusal === "number" ? "taken" : refusal.code, "journal-closed");
      await closing;
      const again = await place.open();
      assert.equal(again.head().size, 500);
      await again.close();
    });

    it("salts contents: equal payloads have different leaves, and the hash says nothing without the salt", async () => {
      const place = store();
      const journal = await place.open();
      const payload = encoder.encode("yes");
      await fill(journal, 2, 1, { payload });
      const bytes = Buffer.from(place.bytes());
      assert.ok(!bytes.includes(Buffer.from(commitment(new Uint8Array(16), payload))));
      assert.notEqual(journal.proof(1), journal.proof(2));
      await journal.close();
    });
  });
}
