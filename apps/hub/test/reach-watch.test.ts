// Whether the centre sees a phone that has frozen or has no link: three heartbeats missed, also when the hub itself was started anew in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRecord, Picture, type RecordKind, type Records } from "@atalaya/picture";
import { ReachWatch } from "../src/reports/reach-watch.ts";

const CAN = { sound: true, vibrate: true, wakeLock: true, compass: true, position: true, notifications: true, visible: true };

class Watched {
  readonly picture = new Picture();
  readonly said: string[] = [];
  nowMs = 0;
  #seq = 0;
  note<K extends RecordKind>(kind: K, value: Records[K]): void {
    this.picture.apply({ seq: (this.#seq += 1), timeUs: 1_795_000_000_000_000, kind, source: "", payload: encodeRecord(kind, value) });
    if (kind === "device-reach") this.said.push((value as Records["device-reach"]).reach);
  }
  constructor() {
    const person = { id: "ana", name: "Ana", language: "es", role: "agent", team: "alfa", leader: false, ways: [] } as const;
    this.note("person", { person, by: "test" });
    this.note("shift", { personId: "ana", on: true, by: "test" });
  }
  reach(): string | undefined {
    return this.picture.deviceReach("ana")[0]?.reach;
  }
}

test("a phone that falls silent is cut off after three missed heartbeats, once, and up again with the next", () => {
  const sector = new Watched();
  const watch = new ReachWatch(sector, () => sector.nowMs);
  const to = (nowMs: number): void => {
    sector.nowMs = nowMs;
    watch.check();
  };
  watch.heard("ana", "phone", CAN);
  to(20_000);
  watch.heard("ana", "phone", CAN);
  to(60_000);
  assert.equal(sector.reach(), "up", "two missed are a bad link");
  to(90_000);
  assert.equal(sector.reach(), "cut-off");
  to(300_000);
  assert.deepEqual(sector.said, ["up", "cut-off"], "a change is kept, its lasting is not");
  watch.heard("ana", "phone", { ...CAN, visible: false });
  watch.heard("ana", "phone", CAN);
  assert.deepEqual(sector.said.slice(2), ["limited", "up"]);
});

test("a hub that was started anew gives a phone its time, and then says that it is cut off; after the shift nobody waits for it", () => {
  const sector = new Watched();
  new ReachWatch(sector, () => 0).heard("ana", "phone", CAN);
  const again = new ReachWatch(sector, () => sector.nowMs);
  again.start();
  sector.nowMs = 60_000;
  again.check();
  assert.equal(sector.reach(), "up");
  sector.nowMs = 70_000;
  again.check();
  assert.equal(sector.reach(), "cut-off");
  again.heard("ana", "phone", CAN);
  again.forget("phone");
  sector.nowMs = 900_000;
  again.check();
  again.stop();
  assert.equal(sector.reach(), "up");
});
