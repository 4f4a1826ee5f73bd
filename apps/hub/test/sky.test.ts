// What officers supply of the sky over a real hub: elements that are read, counted and refused by name, a wind with its end, and what both explain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type KnownPlace, type Landmark, type LookAlikes, type NewReport, paths, type Sky, type SkyElements } from "@atalaya/protocol";
import { type Person, person, signIn, signInOwner, startTestHub, temporaryFolder } from "@atalaya/testing/hub";
import { madeElements } from "@atalaya/testing/elements";
import { knownPlaces } from "../src/outlets/present-report.ts";

const EL_PASO = { latDeg: 31.7619, lonDeg: -106.485, errorM: 25, by: "device" as const };

async function json<T>(answer: Response): Promise<T> {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as T;
}

const report = (id: string, observedMs: number, more: Partial<NewReport>): NewReport => ({
  id: `report-${id}`,
  how: "voice",
  sentMs: Date.now(),
  observedMs,
  observedErrorS: 2,
  observer: EL_PASO,
  atRisk: false,
  language: "en",
  ...more,
});

const explained = async (officer: Person, made: NewReport): Promise<LookAlikes> => {
  await json(await officer.ask("POST", paths.reports, made));
  return json<LookAlikes>(await officer.ask("GET", paths.reportLookAlikes(made.id)));
};

test("elements that an officer supplies explain a light that crosses the sky, also after a restart; without them the answer says that they are missing", async (context) => {
  const data = temporaryFolder(context);
  const first = await startTestHub(context, { data });
  const owner = await signInOwner(first);
  const officer = await signIn(first, owner, "officer");
  // At this moment the satellite stood at 43°, 34° up, in sunlight over the dark city.
  const atMs = Date.UTC(2025, 1, 9, 12, 25, 40);
  const light: Partial<NewReport> = {
    direction: { type: "pointed", azimuthDeg: 45, sigmaDeg: 6 },
    elevation: { type: "pointed", elevationDeg: 33, sigmaDeg: 4 },
    doing: "passing",
    lights: { state: "steady" },
    sound: "none",
  };
  const without = await explained(officer, report("without", atMs, light));
  assert.ok(without.checks.some(({ kind, missing }) => kind === "satellite" && missing.includes("elements")));

  const text = madeElements("SYNTH LEO 420", Date.UTC(2025, 1, 1));
  const kept = await json<SkyElements>(await officer.ask("PUT", paths.skyElements("set"), { name: "Pasted", text }));
  assert.deepEqual([kept.satellites, kept.usable, kept.unread], [1, 0, []]);
  assert.equal(kept.newestEpochMs, Date.UTC(2025, 1, 1));
  const found = async (who: Person, id: string): Promise<LookAlikes["findings"][number] | undefined> =>
    (await explained(who, report(id, atMs, light))).findings.find(({ kind }) => kind === "satellite");
  const seen = await found(officer, "with");
  assert.equal(seen?.subject, "99901");
  assert.notEqual(seen.grade, "weak");
  assert.ok(Math.abs(Number(seen.reason["azimuthDeg"]) - 43) < 1);

  await first.stop();
  const hub = await startTestHub(context, { data });
  const again = person(hub, officer.name, officer.cookie);
  assert.equal((await found(again, "restarted"))?.subject, "99901");
  assert.equal((await again.ask("DELETE", paths.skyElements("set"))).status, 204);
  assert.equal(await found(again, "removed"), undefined);
});

test("what cannot be read is refused by its line; what can is kept with its age; nothing at all is refused whole", async (context) => {
  const hub = await startTestHub(context);
  const officer = await signIn(hub, await signInOwner(hub), "officer");
  const good = madeElements("GOOD", Date.now());
  const broken = `${good.slice(0, -1)}${(Number(good.at(-1)) + 1) % 10}`.replace("GOOD", "BROKEN");
  const old = madeElements("OLD", Date.now() - 40 * 86_400_000, "99902");
  const text = `${broken}\n${good}\n${old}\nA NAME ALONE\n`;
  const kept = await json<SkyElements>(await officer.ask("PUT", paths.skyElements("mixed"), { name: "Mixed", text }));
  assert.deepEqual([kept.satellites, kept.usable], [2, 1]);
  assert.deepEqual(kept.unread, [
    { at: 2, why: "line 2 fails its checksum" },
    { at: 10, why: "a name without elements" },
  ]);
  assert.ok((kept.newestEpochMs ?? 0) - (kept.oldestEpochMs ?? 0) > 39 * 86_400_000);
  const seq = hub.sector.picture.seq;
  const nothing = await officer.ask("PUT", paths.skyElements("none"), { name: "None", text: broken });
  assert.equal(nothing.status, 400);
  const { code, message } = (await nothing.json()) as { code: string; message: string };
  assert.equal(code, "no-elements");
  assert.match(message, /2: line 2 fails its checksum/);
  assert.equal(hub.sector.picture.seq, seq, "what is refused is not written down");
  const sky = await json<Sky>(await officer.ask("GET", paths.sky));
  assert.deepEqual(
    sky.elements.map(({ id }) => id),
    ["mixed"],
  );
});

test("a wind explains what goes with it while it holds, and nothing after its end", async (context) => {
  const hub = await startTestHub(context);
  const officer = await signIn(hub, await signInOwner(hub), "officer");
  const now = Date.now();
  const wind = { fromDeg: 270, speedMps: 6, measured: true, fromMs: now - 3_600_000, untilMs: now + 3_600_000 };
  const drifting: Partial<NewReport> = { doing: "passing", headingWord: "E", lights: { state: "steady" }, sound: "none" };
  const without = await explained(officer, report("no-wind", now, drifting));
  assert.ok(without.checks.some(({ kind, missing }) => kind === "balloon" && missing.includes("wind")));
  assert.equal((await officer.ask("PUT", paths.wind("w"), { ...wind, untilMs: wind.fromMs })).status, 400);
  assert.equal((await officer.ask("PUT", paths.wind("w"), { ...wind, untilMs: wind.fromMs + 90_000_000 })).status, 400);
  await json(await officer.ask("PUT", paths.wind("w"), wind));
  const during = await explained(officer, report("with-wind", now - 60_000, drifting));
  const balloon = during.findings.find(({ kind }) => kind === "balloon");
  assert.equal(balloon?.reason["key"], "drifts-with-wind");
  assert.equal(balloon.reason["windToDeg"], 90);
  const against = await explained(officer, report("against", now - 60_000, { ...drifting, headingWord: "W" }));
  assert.ok(!against.findings.some(({ kind }) => kind === "balloon"));
  const before = await explained(officer, report("before", now - 7_200_000, drifting));
  assert.ok(before.checks.some(({ kind, missing }) => kind === "balloon" && missing.includes("wind")));
  const { winds } = await json<Sky>(await officer.ask("GET", paths.sky));
  assert.deepEqual(winds, [{ ...wind, id: "w", by: officer.name }]);
  assert.equal((await officer.ask("DELETE", paths.wind("w"))).status, 204);
});

test("a landmark is a place that reporters name in their own language, and nobody is warned of", async (context) => {
  const hub = await startTestHub(context);
  const officer = await signIn(hub, await signInOwner(hub), "officer");
  const bridge: Landmark = { id: "bridge", nameEn: "Old bridge", nameEs: "Puente viejo", latDeg: 31.75, lonDeg: -106.49, errorM: 80 };
  await json(await officer.ask("PUT", paths.landmark("bridge"), bridge));
  assert.deepEqual(await json<Landmark[]>(await officer.ask("GET", paths.landmarks)), [bridge]);
  assert.deepEqual(hub.sector.picture.zones(), []);
  const places: readonly KnownPlace[] = knownPlaces(hub.sector.picture);
  const { latDeg, lonDeg, errorM } = bridge;
  assert.deepEqual(places, [{ id: "bridge", name: "Old bridge", nameEs: "Puente viejo", kind: "landmark", latDeg, lonDeg, errorM }]);
  assert.equal((await officer.ask("PUT", paths.landmark("other"), bridge)).status, 400);
  assert.equal((await officer.ask("DELETE", paths.landmark("bridge"))).status, 204);
  assert.equal((await officer.ask("DELETE", paths.landmark("bridge"))).status, 404);
});
