// Who can be told now: a way that is only written down counts for nothing, on the watch and on the page of readiness alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Channel, encodeRecord, Picture, type RecordKind, type Records } from "@atalaya/picture";
import { type ReachParts, reachedOnShift, reachOf } from "../src/outlets/reachable.ts";

const T0 = 1_790_000_000_000_000;

function sector(channels: readonly Channel[]): {
  readonly picture: Picture;
  record<K extends RecordKind>(kind: K, value: Records[K]): void;
} {
  const picture = new Picture();
  let seq = 0;
  const record = <K extends RecordKind>(kind: K, value: Records[K]): void =>
    picture.apply({ seq: (seq += 1), timeUs: T0 + seq, kind, source: "", payload: encodeRecord(kind, value) });
  const ways = channels.map((channel) => ({ channel, address: `${channel}-ana` }));
  record("person", { person: { id: "ana", name: "Ana", language: "es", role: "", team: "", leader: false, ways }, by: "test" });
  record("shift", { personId: "ana", on: true, by: "test" });
  return { picture, record };
}

function reach(channels: readonly Channel[], here: { readonly served?: Channel; readonly heard?: string; readonly down?: Channel } = {}) {
  const { picture, record } = sector(channels);
  if (here.down !== undefined) record("channel-state", { channel: here.down, state: "down" });
  const parts: ReachParts = {
    picture,
    hears: (account) => account === here.heard,
    serves: (channel) => channel === here.served,
    lastHeardMs: () => undefined,
  };
  const person = picture.person("ana");
  assert.ok(person !== undefined);
  const { state, by } = reachOf(person, parts);
  assert.equal(reachedOnShift(parts).reachable, state === "linked" || state === "limited" ? 1 : 0, "both pages say the same");
  return [state, by];
}

test("a number counts where short messages go out, and not where no modem is or it is down", () => {
  assert.deepEqual(reach(["sms"], { served: "sms" }), ["limited", "sms"]);
  assert.deepEqual(reach(["sms"]), ["cut-off", undefined]);
  assert.deepEqual(reach(["sms", "voice"], { served: "sms", down: "sms" }), ["cut-off", "voice"]);
});

test("a screen that is there is a link, one that is not is none; who has only a voice is called", () => {
  assert.deepEqual(reach(["browser"], { heard: "browser-ana" }), ["linked", "browser"]);
  assert.deepEqual(reach(["browser", "voice"]), ["cut-off", "voice"]);
  assert.deepEqual(reach(["voice"]), ["voice", "voice"]);
  assert.deepEqual(reach([]), ["none", undefined]);
});
