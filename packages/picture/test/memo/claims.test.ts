// What we believe and why: how many sources a claim really has, what falls with a source, and what confirms it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isWithin, strictest } from "../../src/memo/claim-life.ts";
import { type Citing, rootsOf } from "../../src/memo/citations.ts";
import { Desk } from "./desk.ts";

/** Three articles that cite one memo. */
function articles(): Desk {
  return new Desk()
    .source("memo-001")
    .source("article1", { kind: "article", cites: ["memo-001"] })
    .source("article2", { kind: "article", cites: ["memo-001"] })
    .source("article3", { kind: "article", cites: ["article2"] })
    .claim("claim-01", "article1", "article2", "article3");
}

describe("case 34: three articles cite one memo", () => {
  test("they are one source", () => {
    assert.deepEqual(articles().theClaim("claim-01").roots, ["memo-001"]);
  });

  test("when the memo is refuted, what rests on it alone falls with it, and what rests on something else does not", () => {
    const desk = articles().source("incident", { kind: "own-incident", form: "incident" }).claim("claim-02", "article1", "incident");
    desk.verdict("memo-001", "refuted");
    assert.equal(desk.theClaim("claim-01").state, "fallen");
    assert.equal(desk.theSource("article3").standing, "fallen");
    assert.equal(desk.theClaim("claim-02").state, "standing");
    assert.deepEqual(desk.theClaim("claim-02").roots, ["incident"]);
  });

  test("an article with knowledge of its own is a second source and stands by itself", () => {
    const desk = articles().put("memo-cites", { sourceId: "article1", cites: ["memo-001"], addsOwn: true, by: "analyst" });
    assert.deepEqual(desk.theClaim("claim-01").roots, ["article1", "memo-001"]);
    desk.verdict("memo-001", "withdrawn");
    assert.equal(desk.theClaim("claim-01").state, "standing");
    assert.deepEqual(desk.theClaim("claim-01").roots, ["article1"]);
  });

  test("those who were told a bulletin with the claim in it are told, once; those who were not are not", () => {
    const desk = articles()
      .somebody("a")
      .somebody("b", { team: "bravo" })
      .out("bulletin", { claims: ["claim-01"] });
    desk.did("bulletin", "a", "confirmed");
    desk.verdict("memo-001", "refuted").after(1);
    assert.deepEqual(desk.heard("a"), ["new browser en", "fallen browser en"]);
    assert.deepEqual(desk.heard("b"), []);
    assert.deepEqual(
      desk.bulletin("bulletin").fallen.map(({ number, state }) => `${number} ${state}`),
      ["C-0001 fallen"],
    );
    desk.verdict("article1", "refuted").after(1);
    assert.equal(desk.heard("a").length, 2);
  });

  test("when the memo stands again, so does the claim, and the bulletin says so", () => {
    const desk = articles()
      .somebody("a")
      .out("bulletin", { claims: ["claim-01"] })
      .verdict("memo-001", "refuted")
      .after(1);
    desk.verdict("memo-001", "restored").after(1);
    assert.equal(desk.theClaim("claim-01").state, "standing");
    assert.deepEqual(desk.bulletin("bulletin").fallen, []);
    assert.deepEqual(
      desk.theClaim("claim-01").history.map(({ what }) => what),
      ["drawn", "fallen", "stands-again"],
    );
  });
});

describe("what is decided of a claim", () => {
  test("an incident of our own confirms it, and then it does not fall with its source", () => {
    const desk = articles().put("claim-verdict", {
      claimId: "claim-01",
      verdict: "confirmed",
      incident: { kind: "warning", id: "w-1" },
      by: "analyst",
      why: "A drone came.",
    });
    assert.equal(desk.theClaim("claim-01").state, "confirmed");
    desk.verdict("memo-001", "refuted");
    assert.equal(desk.theClaim("claim-01").state, "confirmed");
  });

  test("one that is superseded by a claim with ground under it no longer stands; when that falls, it does again", () => {
    const desk = articles().source("report-1", { kind: "report" }).claim("claim-02", "report-1");
    const link = { claimId: "claim-02", kind: "supersedes", to: "claim-01", on: true, by: "analyst" } as const;
    desk.put("claim-link", link);
    assert.equal(desk.theClaim("claim-01").state, "superseded");
    desk.verdict("report-1", "refuted");
    assert.equal(desk.theClaim("claim-01").state, "standing");
    desk.verdict("report-1", "restored").put("claim-link", { ...link, on: false });
    assert.equal(desk.theClaim("claim-01").state, "standing");
  });

  test("reliability of the source and credibility of the claim are kept apart, each with who, when and why", () => {
    const desk = articles();
    assert.equal(desk.theSource("memo-001").reliability, "F");
    assert.equal(desk.theClaim("claim-01").credibility, 6);
    desk.put("memo-reliability", { sourceId: "memo-001", reliability: "B", by: "analyst", why: "Right so far." });
    desk.put("claim-credibility", { claimId: "claim-01", credibility: 3, by: "analyst", why: "Possible." });
    assert.equal(desk.theSource("memo-001").reliability, "B");
    assert.equal(desk.theClaim("claim-01").credibility, 3);
    const graded = desk.theClaim("claim-01").history.at(-1);
    assert.deepEqual([graded?.what, graded?.from, graded?.to, graded?.by, graded?.why], ["credibility", "6", "3", "analyst", "Possible."]);
  });

  test("claims that corroborate each other share their sources in the count, and only while they stand", () => {
    const desk = articles().source("report-1", { kind: "report" }).claim("claim-02", "report-1");
    desk.put("claim-link", { claimId: "claim-02", kind: "corroborates", to: "claim-01", on: true, by: "analyst" });
    assert.equal(desk.picture.claims.corroborated(desk.theClaim("claim-01")), 2);
    assert.equal(desk.picture.claims.corroborated(desk.theClaim("claim-02")), 2);
    desk.verdict("report-1", "refuted");
    assert.equal(desk.picture.claims.corroborated(desk.theClaim("claim-01")), 1);
  });

  test("what cites itself, something unknown, or goes beyond a limit is refused and counted", () => {
    const desk = new Desk({ maxMemoSources: 2, maxClaims: 1 }).source("memo-001");
    const refused = (): number => desk.picture.counts.recordsRefused;
    desk.source("article1", { cites: ["nowhere1"] });
    assert.equal(refused(), 1);
    desk.put("memo-cites", { sourceId: "memo-001", cites: ["memo-001"], addsOwn: false, by: "analyst" });
    assert.equal(refused(), 2);
    desk.source("article2").source("article3");
    assert.equal(refused(), 3);
    desk.claim("claim-01", "memo-001").claim("claim-02", "memo-001").claim("claim-03", "gone-001");
    assert.equal(refused(), 5);
    assert.equal(desk.picture.claims.claims.size, 1);
  });
});

describe("circles of citation", () => {
  const of = (sources: Record<string, string | Partial<Citing>>): Map<string, Citing> =>
    new Map(
      Object.entries(sources).map(([id, what]) => {
        const { cites = [], addsOwn = false, out = false } = typeof what === "string" ? { cites: what.split("").filter(Boolean) } : what;
        return [id, { cites, addsOwn, out }];
      }),
    );
  const roots = (sources: Map<string, Citing>, id: string): string => rootsOf(sources).get(id)?.standing.join("") ?? "";

  test("those who only repeat one another are one source, whoever quotes them", () => {
    const sources = of({ A: "B", B: "A", C: "A", D: "B" });
    assert.equal(roots(sources, "C"), "A");
    assert.equal(roots(sources, "D"), "A");
  });
  test("a circle that also repeats a memo comes down to the memo, and falls with it", () => {
    assert.equal(roots(of({ A: "B", B: "AM", M: "" }), "A"), "M");
    assert.equal(roots(of({ A: "B", B: "AM", M: { out: true } }), "A"), "");
  });
  test("when one of a circle goes, nothing is left that knew anything", () => {
    assert.equal(roots(of({ A: "B", B: { cites: ["C"] }, C: { cites: ["A"], out: true } }), "A"), "");
  });

  /** The plain way: everything that can be reached, and of it what has knowledge of its own. Circles without any such are left out. */
  const reach = (sources: Map<string, Citing>, id: string, standing: boolean, seen = new Set<string>()): Set<string> => {
    const source = sources.get(id);
    if (source === undefined || seen.has(id) || (standing && source.out)) return seen;
    seen.add(id);
    for (const other of source.cites) reach(sources, other, standing, seen);
    return seen;
  };
  test("roots are what can be reached and knew something itself", () => {
    const names = ["A", "B", "C", "D", "E", "F"];
    const citing = fc.record({
      cites: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }),
      addsOwn: fc.boolean(),
      out: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(citing, { minLength: 6, maxLength: 6 }), (made) => {
        const sources = new Map(made.map((source, k) => [names[k] ?? "", source]));
        const all = rootsOf(sources);
        for (const id of names) {
          for (const standing of [false, true]) {
            const knows = (from: string): string[] =>
              [...reach(sources, from, standing)].filter((other) => {
                const source = sources.get(other);
                return source?.addsOwn === true || source?.cites.length === 0;
              });
            const found = (standing ? all.get(id)?.standing : all.get(id)?.all) ?? [];
            assert.ok(knows(id).every((root) => found.includes(root)));
            // What else is found stands for a circle that nobody in it leaves: it reaches nothing that knew anything, and no other circle.
            const others = found.filter((root) => !knows(id).includes(root));
            for (const root of others) {
              assert.deepEqual(knows(root), []);
              assert.deepEqual(
                others.filter((other) => reach(sources, root, standing).has(other)),
                [root],
              );
            }
          }
        }
      }),
    );
  });
});

test("a marking is never broader than what it is drawn from", () => {
  const amber = { tlp: "AMBER" as const, releasableTo: ["Policía Estatal", "City"] };
  assert.ok(isWithin({ tlp: "RED", releasableTo: [] }, amber));
  assert.ok(isWithin({ tlp: "AMBER", releasableTo: ["City"] }, amber));
  assert.ok(!isWithin({ tlp: "AMBER", releasableTo: ["Press"] }, amber));
  assert.ok(!isWithin({ tlp: "GREEN", releasableTo: [] }, amber));
  assert.ok(isWithin({ tlp: "CLEAR", releasableTo: [] }, { tlp: "CLEAR", releasableTo: [] }));
  assert.deepEqual(strictest([amber, { tlp: "GREEN", releasableTo: ["City", "Press"] }, { tlp: "CLEAR", releasableTo: [] }]), {
    tlp: "AMBER",
    releasableTo: ["City"],
  });
});
