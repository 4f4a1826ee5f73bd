// A channel that is slow or broken: what waits, what is tried again and when, what is no longer said, and what is told of it; on a clock that the test turns.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersonIntent } from "@atalaya/picture";
import type { Carried, QueueSettings } from "../../src/outlets/delivery-queue.ts";
import { type Carrier, type CarrierEvents, type Letter, QueuedOutlet } from "../../src/outlets/queued.ts";
import { ManualTimes } from "./manual-times.ts";
import { KeptReports, notify, over } from "./scene.ts";

const again: Carried = { outcome: "again", reason: "busy", noLink: true };

class Line implements Carrier {
  readonly tried: string[] = [];
  /** What the other side says, one after the other; then it takes everything. */
  answers: (Carried | "never")[] = [];
  events: CarrierEvents | undefined;
  cancels = false;
  probes = 0;
  works = true;
  start(events: CarrierEvents): void {
    this.events = events;
  }
  carry(letter: Letter): Promise<Carried> {
    this.tried.push(letter.key);
    const answer = this.answers.shift() ?? { outcome: "taken" };
    return answer === "never" ? new Promise(() => undefined) : Promise.resolve(answer);
  }
  probe(): Promise<boolean> {
    this.probes += 1;
    return Promise.resolve(this.works);
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

async function set(queue: Partial<QueueSettings> = {}, mayDrill = true) {
  const line = new Line();
  const times = new ManualTimes();
  const reports = new KeptReports();
  const outlet = new QueuedOutlet({ name: "sms", channel: "sms", carrier: line, mayDrill: () => mayDrill, times, queue });
  await outlet.start(reports);
  return { line, times, reports, outlet };
}

test("an intent is carried once, however often it comes, and its receipts name it", async () => {
  const { line, times, reports, outlet } = await set();
  const intent = notify();
  line.answers = [{ outcome: "taken", ticket: "t1" }];
  for (let k = 0; k < 3; k += 1) outlet.tell(intent);
  await times.settle();
  outlet.tell(intent);
  line.events?.receipt("t1", "delivered");
  line.events?.receipt("unknown", "delivered");
  await times.settle();
  assert.deepEqual(line.tried, [intent.id]);
  assert.deepEqual(reports.of(intent), ["sent", "delivered"]);
  assert.equal(outlet.health().carried, 1);
});

test("after a failure it is tried again after 1, 2, 4 … seconds, half of each left to chance, and no longer than it holds", async () => {
  for (const chance of [0, 0.5]) {
    const { line, times, reports, outlet } = await set({ longestWaitMs: 60_000 });
    times.chance = chance;
    line.works = false;
    line.answers = Array.from({ length: 50 }, () => again);
    const intent = notify();
    outlet.tell(intent);
    await times.settle();
    for (const wait of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      const before = line.tried.length;
      const due = wait * (0.5 + 0.5 * chance);
      await times.pass(due - 1);
      assert.equal(line.tried.length, before, `before ${due}`);
      await times.pass(1);
      assert.equal(line.tried.length, before + 1, `at ${due}`);
    }
    await times.pass(600_000);
    const tried = line.tried.length;
    await times.pass(600_000);
    assert.equal(line.tried.length, tried, "given up");
    assert.deepEqual(reports.of(intent), ["no-link (busy)", "failed (too late)"]);
    assert.equal(outlet.health().waiting, 0);
  }
});

test("the other side's wish to wait longer is kept", async () => {
  const { line, times, outlet } = await set();
  line.answers = [{ ...again, afterMs: 20_000 }];
  outlet.tell(notify());
  await times.pass(19_999);
  assert.equal(line.tried.length, 1);
  await times.pass(2);
  assert.equal(line.tried.length, 2);
});

test("a call that something newer replaces, or that is over, is not sent late", async () => {
  const { line, times, reports, outlet } = await set();
  line.answers = [again, again, again, again];
  const first = notify();
  const second = notify({ change: "raised" });
  const other = notify({ personId: "bruno", address: "+15550101" });
  outlet.tell(first);
  await times.settle();
  outlet.tell(second);
  outlet.tell(other);
  await times.settle();
  outlet.tell(notify({ type: "cancel", why: "answered" } as Partial<PersonIntent>));
  await times.pass(120_000);
  assert.deepEqual(line.tried.filter((key) => key === first.id).length, 1, "withdrawn before its second attempt");
  assert.deepEqual(line.tried.filter((key) => key === second.id).length, 1);
  assert.equal(reports.of(other).at(-1), "sent", "another person's is not touched");
  assert.equal(outlet.health().withdrawn, 2);
});

test("the end is told to those who were told of the danger, and to nobody else", async () => {
  const { line, times, outlet } = await set();
  const told = notify();
  outlet.tell(told);
  await times.settle();
  const end = over();
  outlet.tell(end);
  await times.settle();
  const never = over({ personId: "bruno", address: "+15550101", quiet: true });
  outlet.tell(never);
  const answered = notify({ type: "cancel", why: "answered" } as Partial<PersonIntent>);
  outlet.tell(answered);
  const gone = notify({ type: "cancel", why: "not-concerned" } as Partial<PersonIntent>);
  outlet.tell(gone);
  await times.settle();
  assert.deepEqual(line.tried, [told.id, end.id, gone.id]);
  // What is on its way may arrive: its end is said too.
  line.answers = ["never"];
  const slow = notify({ personId: "carla", address: "+15550102" });
  outlet.tell(slow);
  await times.settle();
  const quiet = over({ personId: "carla", address: "+15550102", quiet: true });
  outlet.tell(quiet);
  await times.settle();
  assert.deepEqual(line.tried.slice(3), [slow.id, quiet.id]);
});

test("hundreds that are told at one moment are sorted once, the most urgent first", async () => {
  const { line, times, outlet } = await set({ atOnce: 1 });
  const letters = Array.from({ length: 300 }, (_, k) =>
    notify({ level: k === 299 ? "warning" : "advisory", personId: `p${k}`, address: `+1555${k}` } as Partial<PersonIntent>),
  );
  for (const letter of letters) outlet.tell(letter);
  await times.settle();
  while (line.tried.length < 300) await times.settle();
  assert.equal(line.tried[0], letters[299]!.id);
  assert.equal(new Set(line.tried).size, 300);
});

test("an attempt without an answer ends, and holds up nobody else meanwhile", async () => {
  const { line, times, reports, outlet } = await set({ atOnce: 2 });
  line.answers = ["never"];
  const stuck = notify();
  const next = notify({ personId: "bruno", address: "+15550101" });
  outlet.tell(stuck);
  outlet.tell(next);
  await times.settle();
  assert.deepEqual(reports.of(next), ["sent"]);
  await times.pass(15_001);
  assert.deepEqual(reports.of(stuck), ["no-link (no answer in time)"]);
  await times.pass(1001);
  assert.deepEqual(reports.of(stuck).at(-1), "sent");
});

test("it is slow at the first failure, down at the third, tried while it is down, and up when it works", async () => {
  const { line, times, reports, outlet } = await set();
  line.answers = [again, again, again, again, again, again];
  line.works = false;
  outlet.tell(notify());
  await times.pass(5000);
  assert.deepEqual(reports.states, ["slow: busy", "down: busy"]);
  await times.pass(26_000);
  assert.equal(line.probes, 1);
  line.works = true;
  line.answers = [];
  await times.pass(30_000);
  assert.equal(reports.states.at(-1), "up");
  assert.equal(outlet.health().state, "up");
  line.events?.link(false, "cable");
  assert.equal(reports.states.at(-1), "down: cable");
  line.events?.link(true);
  assert.equal(reports.states.at(-1), "up");
});

test("what the other side will never take is given up at once", async () => {
  const { line, times, reports, outlet } = await set();
  line.answers = [{ outcome: "refused", reason: "no such number" }];
  const intent = notify();
  outlet.tell(intent);
  await times.pass(60_000);
  assert.deepEqual(line.tried, [intent.id]);
  assert.deepEqual(reports.of(intent), ["failed (no such number)"]);
});

test("a full queue loses what is least urgent and says so; the most urgent goes first", async () => {
  const { line, times, reports, outlet } = await set({ limit: 3, atOnce: 1 });
  line.answers = ["never"];
  const letters = (["advisory", "caution", "warning"] as const).map((level, k) =>
    notify({ level, personId: `p${k}`, address: `+1555020${k}` } as Partial<PersonIntent>),
  );
  const blocker = notify({ personId: "x", address: "+1" });
  outlet.tell(blocker);
  await times.settle();
  for (const letter of letters) outlet.tell(letter);
  assert.deepEqual(reports.of(letters[0]!), ["failed (no room)"]);
  await times.pass(15_001);
  assert.deepEqual(line.tried.slice(0, 3), [blocker.id, letters[2]!.id, letters[1]!.id]);
  assert.equal(outlet.health().limit, 3);
});

test("a drill goes only where it is named, but its end goes to whoever heard of it", async () => {
  const { line, times, reports, outlet } = await set({}, false);
  const drill = notify({ drill: true });
  outlet.tell(drill);
  await times.settle();
  assert.deepEqual(line.tried, []);
  assert.deepEqual(reports.of(drill), ["failed (the drill does not name this channel)"]);
  const end = over({ drill: true });
  outlet.tell(end);
  await times.settle();
  assert.deepEqual(line.tried, [end.id]);
});

test("a test goes past the queue, is tried once, and says what the other side said", async () => {
  const { line, times, reports, outlet } = await set({ atOnce: 1 });
  line.answers = ["never", { outcome: "refused", reason: "no such number" }, { outcome: "taken", detail: "250 ok" }, "never"];
  outlet.tell(notify());
  await times.settle();
  assert.deepEqual(await outlet.test("+1", "en"), { ok: false, detail: "no such number" });
  assert.deepEqual(await outlet.test("+1", "en"), { ok: true, detail: "250 ok" });
  const third = outlet.test("+1", "en");
  await times.pass(15_001);
  assert.deepEqual(await third, { ok: false, detail: "no answer in time" });
  assert.ok(reports.receipts.every((line) => !line.includes("test-")));
});

test("stopping ends what runs and begins nothing more", async () => {
  const { line, times, reports, outlet } = await set({ atOnce: 1 });
  line.answers = ["never"];
  const first = notify();
  outlet.tell(first);
  outlet.tell(notify({ personId: "b", address: "+2" }));
  await times.settle();
  await outlet.stop();
  await times.pass(600_000);
  assert.equal(line.tried.length, 1);
  assert.deepEqual(reports.of(first), []);
});
