// Real and forged captures through the real decoders: the real one stays without a finding, the forged ones do not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsShared, sharedData } from "@atalaya/testing/shared";
import { Picture, type Track } from "../src/index.ts";
import { EntryList } from "./journal-of.ts";

function watch(name: string): { readonly picture: Picture; readonly tracks: readonly Readonly<Track>[] } {
  const picture = new Picture();
  const seen = new Map<number, Readonly<Track>>();
  for (const entry of new EntryList().capture(sharedData("data", "remote-id", "captures", name)).entries) {
    picture.apply(entry);
    for (const track of picture.tracks()) seen.set(track.number, track);
  }
  return { picture, tracks: [...seen.values()] };
}

const findings = (track: Readonly<Track> | undefined): string[] => (track?.findings ?? []).map(({ code }) => code);

test("the real Parrot is one confirmed track with its serial number, its path and no finding", needsShared, () => {
  const { tracks } = watch("parrot_anafi4_real.pcapng");
  assert.equal(tracks.length, 1);
  const [track] = tracks;
  assert.equal(track?.identities[0]?.value, "1588E040445AC004418");
  assert.equal(track?.identities[0]?.valid, true);
  assert.equal(track?.recorded, true);
  assert.equal(track?.drill, false);
  assert.ok((track?.positions ?? 0) > 100);
  assert.ok((track?.history.length ?? 0) > 20);
  assert.deepEqual(findings(track), []);
});

test("the forged Parrot, whose packs are cut short, is a track that says so", needsShared, () => {
  const { picture, tracks } = watch("parrot_anafi4_spoofed.pcapng");
  assert.equal(tracks.length, 1);
  assert.equal(tracks[0]?.identities[0]?.value, "1588E040445AC004418");
  assert.ok(findings(tracks[0]).includes("malformed-message"));
  assert.equal(picture.sources()[0]?.refusals["cut-short"], 26);
});

for (const name of ["mavic_alessa_spoofed.pcapng", "mavic_multiple_spoofed.pcapng"]) {
  test(`each aircraft of ${name} carries the finding that gives it away`, needsShared, () => {
    const { tracks } = watch(name);
    assert.ok(tracks.length >= 1);
    for (const track of tracks) assert.ok(findings(track).includes("operator-too-far"), track.id);
  });
}
