// Writing, releasing and telling bulletins: who must have read what, what a change asks again, and that nobody who had it is left out.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { owedBy } from "../../src/index.ts";
import { S, T0 } from "../broadcasts.ts";
import { person } from "../scene.ts";
import { AMBER, DAY, Desk, HOUR, settings } from "./desk.ts";

const blocks = (desk: Desk, by = "second"): readonly string[] =>
  desk.picture.bulletins
    .blocksOf(desk.bulletin("bulletin"), by, desk.picture.timeUs)
    .map(({ code, piece, language, what }) => [code, piece, language, what].filter((part) => part !== undefined).join(" "));
const written = (): Desk =>
  new Desk().somebody("a").begin("bulletin").part("bulletin", "headline", "drones").part("bulletin", "do", "cover");
const edit = (desk: Desk, key: string, language: "en" | "es", text: string, by = "writer en"): Desk =>
  desk.put("bulletin-part", { bulletinId: "bulletin", key, language, text, by });
const owes = (desk: Desk, personId: string): readonly string[] => owedBy(desk.bulletin("bulletin"), desk.reader("bulletin", personId));

describe("what has to be read before a bulletin goes out", () => {
  test("each part in each language, by a person; an edit takes the approval back and has the other language read again", () => {
    const desk = written();
    assert.deepEqual(blocks(desk), []);
    edit(desk, "do", "en", "take hard cover");
    assert.deepEqual(blocks(desk), ["not-approved do en", "not-approved do es"]);
    const { en, es, rev } = desk.bulletin("bulletin").draft?.pieces["do"] ?? {};
    assert.equal(en?.edited?.by, "writer en");
    assert.equal(es?.readAgainUs, desk.picture.timeUs);
    // What was read is not what stands there now.
    const stale = { bulletinId: "bulletin", piece: "do", language: "es", rev: (rev ?? 0) - 1, approve: true, by: "reader es" } as const;
    desk.put("bulletin-approval", stale);
    assert.equal(desk.bulletin("bulletin").draft?.pieces["do"]?.es.approved, undefined);
    desk.approve("bulletin", "do");
    assert.deepEqual(blocks(desk), []);
    assert.equal(desk.bulletin("bulletin").draft?.pieces["do"]?.es.readAgainUs, undefined);
  });

  test("a part in one language only, an empty one, nobody to go to, and a time that is over", () => {
    const desk = new Desk().begin("bulletin", { validUntilUs: T0 });
    edit(desk, "headline", "en", "drones");
    edit(desk, "know", "es", "fuente confiable");
    assert.deepEqual(blocks(desk), [
      "part-missing headline es",
      "part-missing know en",
      "part-missing do en",
      "part-missing do es",
      "not-approved headline en",
      "not-approved know es",
      "no-audience",
      "validity",
    ]);
  });

  test("the person who wrote or approved any of it, or set whom it goes to, does not release it; where policy allows, they do", () => {
    const desk = written();
    for (const by of ["writer en", "writer es", "reader es"]) {
      assert.deepEqual(blocks(desk, by), ["second-person"], by);
      desk.release("bulletin", by);
      assert.equal(desk.bulletin("bulletin").state, "draft");
    }
    desk.put("memo-rules", { rules: { twoPersonRelease: false, documentDays: 30 }, by: "owner" });
    assert.deepEqual(blocks(desk, "writer en"), []);
    desk.release("bulletin", "writer en");
    assert.equal(desk.bulletin("bulletin").state, "in-force");
  });

  test("a release of what has changed since it was read is refused", () => {
    const desk = written();
    const rev = desk.bulletin("bulletin").draft?.rev ?? 0;
    edit(desk, "do", "en", "x").approve("bulletin", "do");
    desk.put("bulletin-released", { bulletinId: "bulletin", rev, by: "second" });
    assert.equal(desk.bulletin("bulletin").state, "draft");
  });

  test("asked for, and taken back by any change", () => {
    const desk = written().put("bulletin-asked", { bulletinId: "bulletin", by: "writer en" });
    assert.equal(desk.bulletin("bulletin").draft?.asked?.by, "writer en");
    edit(desk, "do", "en", "x");
    assert.equal(desk.bulletin("bulletin").draft?.asked, undefined);
  });

  test("a marking broader than the sources, a partner that it does not name, and claims that no longer stand", () => {
    const handling = { tlp: "AMBER", releasableTo: ["City"] } as const;
    const desk = new Desk()
      .somebody("a")
      .source("memo-001", { handling: { tlp: handling.tlp, releasableTo: ["City"] } })
      .claim("claim-01", "memo-001");
    const audience = { sector: true, teams: [], roles: [], posts: [], people: [], partners: ["City", "Press"] };
    desk.begin("bulletin", { claims: ["claim-01"], handling: { tlp: "GREEN", releasableTo: ["City"] }, audience });
    desk.part("bulletin", "headline", "x").part("bulletin", "do", "y");
    assert.deepEqual(blocks(desk), ["marking-broader memo-001", "partner-not-releasable Press"]);
    desk.put("bulletin-settings", {
      bulletinId: "bulletin",
      settings: settings({ claims: ["claim-01"], handling: { tlp: "AMBER+STRICT", releasableTo: [] }, audience }),
      by: "writer en",
    });
    assert.deepEqual(blocks(desk), ["marking-audience City", "marking-audience Press"]);
    desk.put("bulletin-settings", {
      bulletinId: "bulletin",
      settings: settings({
        claims: ["claim-01"],
        handling: { tlp: "RED", releasableTo: [] },
        audience: { ...audience, partners: [] },
      }),
      by: "writer en",
    });
    assert.deepEqual(blocks(desk), ["marking-audience"]);
    desk.verdict("memo-001", "refuted");
    assert.deepEqual(blocks(desk), ["claim-not-standing C-0001", "marking-audience"]);
  });
});

describe("telling each reader", () => {
  const ways = [
    { channel: "browser", address: "a-phone" },
    { channel: "sms", address: "+1" },
    { channel: "email", address: "a@example.org" },
    { channel: "voice", address: "channel 3" },
  ] as const;
  const told = (): Desk => new Desk().somebody("a", { ways }).out("bulletin");

  test("by one way; by the next when that fails or says nothing; and never by voice", () => {
    const desk = told();
    assert.deepEqual(desk.heard("a"), ["new browser en"]);
    desk.came(desk.last("a"), "no-link").after(0);
    assert.deepEqual(desk.heard("a"), ["new browser en", "new sms en"]);
    // A text message that was taken over is enough.
    desk.came(desk.last("a"), "sent").after(600);
    assert.equal(desk.heard("a").length, 2);

    const silent = told();
    silent.came(silent.last("a"), "sent").after(299);
    assert.equal(silent.heard("a").length, 1);
    silent.after(2);
    assert.deepEqual(silent.heard("a"), ["new browser en", "new sms en"]);
    silent.came(silent.last("a"), "failed").after(1);
    assert.deepEqual(silent.heard("a").at(-1), "new email en");
    silent.came(silent.last("a"), "failed").after(1);
    assert.equal(silent.reader("bulletin", "a").telling?.done, true);
  });

  test("who cannot be told by any way is shown as such, and is told when there is one", () => {
    const desk = new Desk().somebody("a", { ways: [{ channel: "voice", address: "channel 3" }] }).out("bulletin");
    assert.equal(desk.reader("bulletin", "a").noWay, true);
    desk.somebody("a", { ways }).after(1);
    assert.equal(desk.reader("bulletin", "a").noWay, false);
    assert.deepEqual(desk.heard("a"), ["new browser en"]);
  });

  test("a channel that is down is passed over", () => {
    const desk = new Desk().somebody("a", { ways }).put("channel-state", { channel: "browser", state: "down" }).out("bulletin");
    assert.deepEqual(desk.heard("a"), ["new sms en"]);
  });

  test("told, delivered, opened and confirmed, each with its own time, also of hours ago", () => {
    const desk = told().after(2 * HOUR - 1);
    desk.did("bulletin", "a", "delivered", 1, 10).did("bulletin", "a", "opened", 1, 20).did("bulletin", "a", "confirmed", 1, 30);
    const { deliveredUs, openedUs, confirmations } = desk.reader("bulletin", "a");
    assert.deepEqual(
      [deliveredUs, openedUs, confirmations[0]?.timeUs],
      [10, 20, 30].map((s) => T0 + s * S),
    );
    assert.equal(confirmations[0]?.receivedUs, desk.picture.timeUs);
    assert.deepEqual(owes(desk, "a"), []);
    desk.did("bulletin", "a", "confirmed", 1);
    assert.equal(desk.reader("bulletin", "a").confirmations.length, 1);
  });

  test("reminded at its distance and so often, until confirmed; then neither reminded nor overdue", () => {
    const desk = told();
    desk.came(desk.last("a"), "delivered").after(HOUR + 1);
    assert.deepEqual(desk.heard("a"), ["new browser en", "reminder browser en"]);
    desk
      .came(desk.last("a"), "delivered")
      .did("bulletin", "a", "confirmed")
      .after(2 * DAY);
    assert.equal(desk.heard("a").length, 2);
    assert.equal(desk.reader("bulletin", "a").overdueUs, undefined);
  });

  test("opened, it is due so long after that; overdue, the leader is told once, then the supervisor", () => {
    const desk = new Desk()
      .somebody("a", { ways })
      .somebody("c", { ways })
      .somebody("boss", { leader: true })
      .out("bulletin", { confirming: { withinS: 2 * HOUR, reminders: 0, remindEveryS: HOUR, leader: true, supervisorAfterS: 1800 } });
    desk.after(HOUR).did("bulletin", "a", "opened");
    desk
      .did("bulletin", "boss", "confirmed")
      .did("bulletin", "c", "confirmed")
      .after(HOUR + 60);
    const escalations = (): readonly string[] =>
      desk.wanted.flatMap((intent) =>
        intent.type === "bulletin-overdue" || intent.type === "bulletin-supervisor" ? [`${intent.type} ${intent.about.join()}`] : [],
      );
    assert.deepEqual(escalations(), []);
    desk.after(HOUR);
    assert.deepEqual(escalations(), ["bulletin-overdue a"]);
    desk.after(1700);
    assert.equal(escalations().length, 1);
    desk.after(200);
    assert.deepEqual(escalations(), ["bulletin-overdue a", "bulletin-supervisor a"]);
    desk.after(DAY);
    assert.equal(escalations().length, 2);
  });

  test("without a leader of the team the supervisor is told at once", () => {
    const desk = told().after(2 * HOUR + 1);
    assert.ok(desk.wanted.some(({ type }) => type === "bulletin-supervisor"));
  });

  test("read aloud at a muster: confirmed for those present, in one step, by whom; sent again it is one", () => {
    const desk = new Desk().somebody("a").somebody("b").out("bulletin");
    const muster = {
      musterId: "muster-1",
      bulletinId: "bulletin",
      version: 1,
      people: ["a", "stranger"],
      atUs: desk.picture.timeUs,
      by: "chief",
    };
    desk.put("bulletin-muster", muster);
    assert.deepEqual(
      desk.reader("bulletin", "a").confirmations.map(({ by, who }) => `${by} ${who}`),
      ["muster chief"],
    );
    assert.ok(owes(desk, "b").length > 0);
    const refused = desk.picture.counts.recordsRefused;
    desk.put("bulletin-muster", muster);
    assert.equal(desk.picture.counts.recordsRefused, refused + 1);
  });

  test("nobody is told before its time; at its time everybody is", () => {
    const desk = new Desk().somebody("a").out("bulletin", { validFromUs: T0 + HOUR * S });
    assert.equal(desk.bulletin("bulletin").state, "waiting");
    desk.after(HOUR - 10);
    assert.deepEqual(desk.heard("a"), []);
    desk.somebody("b").after(20);
    assert.deepEqual([desk.heard("a"), desk.heard("b")], [["new browser en"], ["new browser en"]]);
  });

  test("at its end everybody who had it is told, and it is asked of nobody", () => {
    const desk = told();
    desk.came(desk.last("a"), "delivered").after(7 * DAY + 1);
    assert.equal(desk.bulletin("bulletin").state, "expired");
    assert.equal(desk.heard("a").at(-1), "expired browser en");
    assert.deepEqual(owes(desk, "a"), []);
    desk.did("bulletin", "a", "delivered");
    assert.notEqual(desk.reader("bulletin", "a").ended?.deliveredUs, undefined);
  });

  test("outlets for partners are asked once for each change, with what each has done", () => {
    const audience = { sector: true, teams: [], roles: [], posts: [], people: [], partners: ["City"] };
    const desk = new Desk().somebody("a").out("bulletin", { audience, handling: { tlp: "GREEN", releasableTo: ["City"] } });
    const outside = (): readonly string[] => desk.wanted.flatMap((intent) => (intent.type === "bulletin-outside" ? [intent.change] : []));
    assert.deepEqual(outside(), ["new"]);
    assert.equal(desk.picture.pendingMemoIntents().filter(({ type }) => type === "bulletin-outside").length, 1);
    desk.put("bulletin-outside", { bulletinId: "bulletin", version: 1, outlet: "cap-push", step: "sent" });
    desk.put("bulletin-withdrawn", { bulletinId: "bulletin", by: "analyst", reason: "It is over." });
    assert.deepEqual(outside(), ["new", "withdrawn"]);
  });

  test("a thousand readers are told within seconds, and no tick does more than its share", () => {
    const desk = new Desk();
    for (let k = 0; k < 1000; k += 1) desk.somebody(`p${k}`);
    desk.begin("bulletin").part("bulletin", "headline", "x").part("bulletin", "do", "y").release("bulletin");
    const counted = (): number => desk.wanted.filter(({ type }) => type === "bulletin-notice").length;
    let before = counted();
    for (let tick = 0; tick < 21; tick += 1) {
      desk.after(0.05);
      assert.ok(counted() - before <= 50);
      before = counted();
    }
    assert.equal(before, 1000);
  });

  test("after a restart, what was told and has no receipt is asked for under the same id; what has is not", () => {
    const desk = new Desk().somebody("a", { ways }).somebody("b", { ways }).out("bulletin");
    desk.came(desk.last("b"), "delivered");
    const ids = desk.notices("a").map(({ id }) => id);
    desk.restart();
    assert.deepEqual(
      desk.picture.pendingMemoIntents().map(({ id }) => id),
      ids,
    );
    desk.after(HOUR + 1);
    assert.equal(desk.heard("b").at(-1), "reminder browser en");
  });
});

describe("case 32: withdrawn while some read it offline", () => {
  test("they are told at the next link, and a confirmation of before stays on record as of that version", () => {
    const desk = new Desk().somebody("a").somebody("b").out("bulletin");
    desk.came(desk.last("a"), "delivered").did("bulletin", "b", "confirmed");
    desk.after(60).put("bulletin-withdrawn", { bulletinId: "bulletin", by: "analyst", reason: "The memo was wrong." }).after(1);
    for (const id of ["a", "b"]) assert.equal(desk.heard(id).at(-1), "withdrawn browser en");
    // Read and confirmed without a network, before the withdrawal; it arrives after.
    desk.did("bulletin", "a", "opened", 1, 30).did("bulletin", "a", "confirmed", 1, 40);
    const { confirmations, ended } = desk.reader("bulletin", "a");
    assert.deepEqual(
      confirmations.map(({ version, timeUs }) => [version, timeUs]),
      [[1, T0 + 40 * S]],
    );
    assert.equal(ended?.why, "withdrawn");
    assert.equal(desk.reader("bulletin", "b").confirmations.length, 1);
    // Its own device has the withdrawal when it says so.
    desk.after(10).did("bulletin", "a", "delivered");
    assert.equal(desk.reader("bulletin", "a").ended?.deliveredUs, desk.picture.timeUs);
    desk.after(2 * DAY);
    assert.equal(desk.heard("a").filter((what) => what.startsWith("reminder")).length, 0);
  });

  test("one that nobody had yet is withdrawn without a word", () => {
    const desk = new Desk().somebody("a").out("bulletin", { validFromUs: T0 + HOUR * S });
    desk.put("bulletin-withdrawn", { bulletinId: "bulletin", by: "analyst", reason: "Not needed." }).after(DAY);
    assert.deepEqual(desk.heard("a"), []);
  });
});

describe("case 33: version 2 changes only the carry list", () => {
  const second = (): Desk => {
    const desk = new Desk()
      .somebody("a")
      .somebody("late")
      .begin("bulletin")
      .part("bulletin", "headline", "drones")
      .part("bulletin", "do", "cover")
      .carry("bulletin", ["tourniquet", 1], ["radio", 1])
      .release("bulletin")
      .after(0.2);
    desk.did("bulletin", "a", "confirmed", 1).after(10);
    return desk.next("bulletin").carry("bulletin", ["tourniquet", 2], ["radio", 1], ["chalk", 1]);
  };

  test("only that is to be approved again, in both languages", () => {
    const desk = second();
    assert.equal(desk.bulletin("bulletin").draft?.pieces["headline"]?.en.approved?.by, "reader en");
    desk.put("bulletin-carry", {
      bulletinId: "bulletin",
      items: [{ id: "tourniquet", name: { en: "Tourniquet", es: "Torniquete" }, quantity: 2, ends: false }],
      by: "writer en",
    });
    assert.deepEqual(blocks(desk), ["not-approved carry en", "not-approved carry es"]);
  });

  test("only that is asked of who has confirmed the first; all of it of who has not", () => {
    const desk = second().release("bulletin").after(0.2);
    assert.deepEqual(owes(desk, "a"), ["carry"]);
    assert.deepEqual(owes(desk, "late"), ["headline", "do", "carry"]);
    assert.equal(desk.heard("a").at(-1), "changed browser en");
    assert.deepEqual(desk.bulletin("bulletin").versions[1]?.carryWas, { tourniquet: 1, chalk: 0 });
    desk.did("bulletin", "a", "confirmed", 2);
    assert.deepEqual(owes(desk, "a"), []);
    assert.deepEqual(
      desk.reader("bulletin", "a").confirmations.map(({ version }) => version),
      [1, 2],
    );
    // Read offline before the change: on record as of the first, and still owed as of the second.
    desk.did("bulletin", "late", "confirmed", 1, 5);
    assert.deepEqual(owes(desk, "late"), ["carry"]);
  });

  test("back to what is out, it needs no new approval and there is nothing to release", () => {
    const desk = second().put("bulletin-carry", {
      bulletinId: "bulletin",
      items: [
        { id: "tourniquet", name: { en: "tourniquet", es: "tourniquet" }, quantity: 1, ends: false },
        { id: "radio", name: { en: "radio", es: "radio" }, quantity: 1, ends: false },
      ],
      by: "writer en",
    });
    assert.deepEqual(blocks(desk), ["nothing-changed"]);
  });

  test("a change of whom it goes to alone asks nothing again of those who had it, and tells the others", () => {
    const desk = new Desk().somebody("a").somebody("b", { team: "bravo" }).out("bulletin");
    desk.did("bulletin", "a", "confirmed").next("bulletin");
    const audience = { sector: false, teams: ["alpha", "bravo"], roles: [], posts: [], people: [], partners: [] };
    desk.put("bulletin-settings", { bulletinId: "bulletin", settings: settings({ audience }), by: "writer en" });
    desk.release("bulletin").after(0.2);
    assert.deepEqual(desk.heard("a"), ["new browser en"]);
    assert.deepEqual(desk.heard("b"), ["new browser en"]);
    assert.equal(desk.reader("bulletin", "a").toldVersion, 2);
  });
});

describe("case 36: language, team or role changes in mid-bulletin", () => {
  test("what they owe is told in the new language; what they confirmed stays confirmed", () => {
    const desk = new Desk().somebody("a").somebody("b").out("bulletin").did("bulletin", "b", "confirmed");
    desk.after(5).somebody("a", { language: "es" }).somebody("b", { language: "es" }).after(1);
    assert.deepEqual(desk.heard("a"), ["new browser en", "new browser es"]);
    assert.deepEqual(desk.heard("b"), ["new browser en"]);
    assert.deepEqual(owes(desk, "b"), []);
    desk.after(HOUR);
    assert.equal(desk.heard("a").at(-1), "reminder browser es");
  });

  test("who leaves the team owes it no longer and is told so; who joins it owes it from then", () => {
    const desk = new Desk().somebody("a").somebody("b", { team: "bravo" }).out("bulletin");
    desk.after(5).somebody("a", { team: "bravo" }).somebody("b", { team: "alpha" }).after(1);
    assert.equal(desk.heard("a").at(-1), "not-concerned browser en");
    assert.deepEqual(owes(desk, "a"), []);
    assert.deepEqual(desk.heard("b"), ["new browser en"]);
    // And back again: they owe it again, from the moment that they are told.
    desk.after(DAY).somebody("a").after(1);
    assert.equal(desk.heard("a").at(-1), "new browser en");
    assert.ok(owes(desk, "a").length > 0);
  });

  test("a post's bulletin follows who stands there; a role's who has it", () => {
    const audience = { sector: false, teams: [], roles: ["medic"], posts: ["post-7"], people: [], partners: [] };
    const desk = new Desk().somebody("a").somebody("b").out("bulletin", { audience });
    assert.equal(desk.bulletin("bulletin").state, "draft");
    desk
      .put("post-staff", { zoneId: "post-7", people: ["a"], by: "officer" })
      .release("bulletin")
      .after(0.2);
    assert.deepEqual([...desk.bulletin("bulletin").readers.keys()], ["a"]);
    desk.put("post-staff", { zoneId: "post-7", people: ["b"], by: "officer" }).after(0.2);
    assert.equal(desk.reader("bulletin", "a").ended?.why, "not-concerned");
    assert.ok(owes(desk, "b").length > 0);
    desk.somebody("a", { role: "medic" }).after(0.2);
    assert.equal(desk.reader("bulletin", "a").ended, undefined);
  });

  test("who is one of ours no longer is told nothing more; their confirmation stays", () => {
    const desk = new Desk().somebody("a").out("bulletin").did("bulletin", "a", "confirmed");
    desk.put("person-removed", { id: "a", by: "officer" }).after(DAY);
    assert.equal(desk.reader("bulletin", "a").confirmations.length, 1);
    assert.deepEqual(desk.heard("a"), ["new browser en"]);
  });
});

describe("a drill's bulletin", () => {
  test("reaches only whom and what the drill may reach, and waits while a real danger holds it up", () => {
    const desk = new Desk()
      .somebody("a")
      .somebody("b")
      .put("drill", { channels: ["tak"], people: ["a"], by: "trainer" });
    desk.out("bulletin", { drill: true });
    assert.deepEqual(desk.heard("a"), ["new tak en"]);
    assert.equal(desk.last("a")?.drill, true);
    assert.deepEqual(desk.heard("b"), []);
  });

  test("a real danger holds it up until somebody lets the drill go on", () => {
    const drill = { channels: ["browser"], people: ["a"], by: "trainer" } as const;
    const desk = new Desk().put("drill", drill).onShift(0, person("a"), [0, 0]);
    desk.fly(1, 20, [600, 0], -12, 0);
    desk.now = 20;
    assert.notEqual(desk.picture.drillScope?.pausedUs, undefined);
    desk.out("bulletin", { drill: true, audience: { ...settings().audience, people: ["a"] } }).after(120);
    assert.deepEqual(desk.heard("a"), []);
    desk.put("drill", drill).after(0.2);
    assert.deepEqual(desk.heard("a"), ["new browser en"]);
  });
});

describe("limits", () => {
  test("beyond the bulletins that may be in force, a release is refused; beyond those kept, the one that ended first is forgotten", () => {
    const desk = new Desk({ maxBulletinsInForce: 1, maxBulletins: 2 }).somebody("a").out("first-01");
    desk.begin("bulletin").part("bulletin", "headline", "x").part("bulletin", "do", "y");
    assert.deepEqual(blocks(desk), ["too-many"]);
    desk.begin("third-01");
    assert.equal(desk.picture.bulletins.bulletins.size, 2);
    desk.put("bulletin-withdrawn", { bulletinId: "first-01", by: "analyst", reason: "Over." }).begin("third-01");
    assert.deepEqual([...desk.picture.bulletins.bulletins.keys()], ["bulletin", "third-01"]);
    assert.equal(desk.picture.bulletins.counts.forgotten, 1);
  });

  test("where readers stood is forgotten a month after the end", () => {
    const desk = new Desk().somebody("a").out("bulletin");
    desk.put("bulletin-withdrawn", { bulletinId: "bulletin", by: "analyst", reason: "Over." }).after(29 * DAY);
    assert.equal(desk.bulletin("bulletin").readers.size, 1);
    desk.after(2 * DAY);
    assert.equal(desk.bulletin("bulletin").readers.size, 0);
  });

  test("time that nothing is due in is passed over, not counted tick by tick", () => {
    const desk = new Desk().somebody("a").out("bulletin", { validUntilUs: T0 + 300 * DAY * S, handling: AMBER });
    desk.did("bulletin", "a", "confirmed").after(299 * DAY);
    assert.equal(desk.bulletin("bulletin").state, "in-force");
    desk.after(2 * DAY);
    assert.equal(desk.bulletin("bulletin").state, "expired");
  });
});

test("a person's definition as the tests make it has a browser and TAK", () => {
  assert.deepEqual(
    person("a").ways.map(({ channel }) => channel),
    ["browser", "tak", "voice"],
  );
});
