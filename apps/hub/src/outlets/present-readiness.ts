// A shift's readiness in the words of the protocol: who carries what, what has to be renewed, who can be told, and what is kept about a person.
import { bulletinNumber, type CarryFor, currentVersion, type Outing, owedBy, type Picture, type PictureBulletin } from "@atalaya/picture";
import {
  type CarryItem,
  type DeviceKit,
  type Kept,
  type KitItem,
  type Need,
  type OutingDefinition,
  type PersonReadiness,
  type Readiness,
  type Remedy,
  type TrainingState,
} from "@atalaya/protocol";
import { MEDIA_KEPT_MS } from "../reports/media-store.ts";
import type { Sector } from "../sector.ts";
import { defined } from "./defined.ts";
import { isOverdue, stepOf } from "./present-memo.ts";
import { sectorInfo } from "./present.ts";
import { canBeTold, type ReachParts, reachOf } from "./reachable.ts";

const ms = (us: number): number => us / 1000;
const DAY_MS = 86_400_000;
/** What ends within so many days is named beforehand. */
const SOON_DAYS = 7;
const MAX_PEOPLE = 2000;
const TRAININGS = ["tourniquet", "drone-drill"] as const;
const HOUR_US = 3_600e6;

/** The calendar date of the sector, YYYY-MM-DD. */
function today(sector: Sector): string {
  const { timeZone } = sectorInfo(sector);
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    new Date(sector.picture.timeUs / 1000),
  );
}

/** Days from one calendar date to another. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

function kitItems(carry: CarryFor | undefined, picture: Picture, personId: string, date: string): KitItem[] {
  const kit = picture.readiness.kitOf(personId);
  const answers = kit === undefined || kit.past ? undefined : kit.answers;
  return (carry?.items ?? []).map(({ id, quantity }) => {
    const answer = answers?.find(({ itemId }) => itemId === id);
    if (answer === undefined) return { itemId: id, state: "not-answered", quantity };
    const { have, endsOn } = answer;
    const daysLeft = endsOn === undefined ? undefined : daysBetween(date, endsOn);
    const state =
      have < quantity
        ? "missing"
        : daysLeft !== undefined && daysLeft < 0
          ? "ended"
          : daysLeft !== undefined && daysLeft <= SOON_DAYS
            ? "ends-soon"
            : "has";
    return defined({ itemId: id, state, have, quantity, endsOn } as const);
  });
}

function trainingStates(picture: Picture, personId: string, date: string): TrainingState[] {
  return TRAININGS.map((kind) => {
    const training = picture.readiness.trainingOf(personId, kind);
    const until = training?.until ?? undefined;
    const daysLeft = until === undefined ? undefined : daysBetween(date, until);
    const state = daysLeft === undefined ? "not-known" : daysLeft < 0 ? "lapsed" : daysLeft <= SOON_DAYS ? "ends-soon" : "current";
    return defined({ kind, until, state, by: training?.by } as const);
  });
}

function remediesOf(picture: Picture, personId: string): Remedy[] {
  const kit = picture.readiness.kitOf(personId);
  if (kit === undefined || kit.past) return [];
  return kit.remedies.map(({ id, text, itemId, by, timeUs }) => defined({ id, text, itemId, by, timeMs: ms(timeUs) }));
}

export function outingOf({ fromUs, untilUs, musterUs, ...outing }: Readonly<Outing>): OutingDefinition {
  return defined({
    ...outing,
    people: [...outing.people],
    fromMs: ms(fromUs),
    untilMs: ms(untilUs),
    musterMs: musterUs === undefined ? undefined : ms(musterUs),
  });
}

/** The outing that somebody is in and that is not over, the one that begins first. */
function outingFor(picture: Picture, personId: string): Outing | undefined {
  return picture.readiness
    .outings()
    .filter(({ people, untilUs }) => untilUs > picture.timeUs && people.includes(personId))
    .sort((a, b) => a.fromUs - b.fromUs)[0];
}

function postName(picture: Picture, id: string): string {
  return picture.zones().find((zone) => zone.id === id)?.name ?? id;
}

export function deviceKit(sector: Sector, personId: string): DeviceKit {
  const { picture } = sector;
  const date = today(sector);
  const carry = picture.carryFor(personId);
  const kit = picture.readiness.kitOf(personId);
  const outing = outingFor(picture, personId);
  const isOnShift = picture.person(personId)?.onShift === true;
  return defined({
    threatLevel: picture.readiness.threatLevel,
    setBy: carry?.bulletin === undefined ? undefined : { bulletinId: carry.bulletin.id, number: bulletinNumber(carry.bulletin) },
    items: (carry?.items ?? []).map((item) => defined({ ...item, was: carry?.was[item.id] })),
    answeredMs: kit === undefined || kit.past || kit.answeredUs === undefined ? undefined : ms(kit.answeredUs),
    kit: kitItems(carry, picture, personId, date),
    erasedMs: kit === undefined || isOnShift ? undefined : ms(kit.eraseUs),
    training: trainingStates(picture, personId, date),
    remedies: remediesOf(picture, personId),
    outing: outing === undefined ? undefined : shownOuting(picture, outing),
  });
}

/** Where and when somebody goes; who goes with them is not said. */
function shownOuting(picture: Picture, outing: Outing): DeviceKit["outing"] {
  const { people: _people, ...shown } = outingOf(outing);
  return defined({ ...shown, postName: outing.post === undefined ? undefined : postName(picture, outing.post) });
}

function needsOf(person: Omit<PersonReadiness, "needs">, date: string): Need[] {
  const needs: Need[] = [];
  const { remedies } = person;
  const itemNeed = (code: Need["code"], item: KitItem, values: Need["values"]): void => {
    needs.push({ code, itemId: item.itemId, values, remedied: remedies.some(({ itemId }) => itemId === item.itemId) });
  };
  if (person.kit.length > 0 && person.kit.every(({ state }) => state === "not-answered"))
    needs.push({ code: "kit-not-answered", values: {}, remedied: false });
  for (const item of person.kit) {
    const { state, have = 0, quantity, endsOn } = item;
    if (state === "missing") itemNeed("item-missing", item, { have, quantity });
    else if (state === "ends-soon" || state === "ended")
      itemNeed(state === "ended" ? "item-ended" : "item-ends-soon", item, {
        daysLeft: endsOn === undefined ? 0 : daysBetween(date, endsOn),
      });
  }
  for (const { kind, state, until } of person.training) {
    if (state !== "lapsed" && state !== "ends-soon") continue;
    needs.push({
      code: state === "lapsed" ? "training-lapsed" : "training-ends-soon",
      training: kind,
      values: { daysLeft: until === undefined ? 0 : daysBetween(date, until) },
      remedied: false,
    });
  }
  for (const { id, step, stepMs } of person.bulletins) {
    if (step === "confirmed" || step === "by-muster") continue;
    needs.push(
      defined({
        code: step === "opened" ? ("bulletin-not-confirmed" as const) : ("bulletin-not-opened" as const),
        bulletinId: id,
        values: stepMs === undefined ? {} : { sinceMs: stepMs },
        remedied: false,
      }),
    );
  }
  const { reach } = person;
  if (reach.state === "cut-off")
    needs.push({ code: "no-link", values: reach.lastHeardMs === undefined ? {} : { sinceMs: reach.lastHeardMs }, remedied: false });
  if (reach.state === "none") needs.push({ code: "no-way", values: {}, remedied: false });
  return needs;
}

function bulletinsOf(inForce: readonly Readonly<PictureBulletin>[], personId: string): PersonReadiness["bulletins"] {
  return inForce.flatMap((bulletin) => {
    const reader = bulletin.readers.get(personId);
    if (reader === undefined || reader.ended !== undefined || currentVersion(bulletin)?.content.settings.drill === true) return [];
    const step = stepOf(bulletin, reader);
    if (step === "over") return [];
    const confirmed = reader.confirmations.at(-1);
    const atUs =
      step === "confirmed"
        ? confirmed?.timeUs
        : step === "opened"
          ? reader.openedUs
          : step === "delivered"
            ? reader.deliveredUs
            : reader.toldUs;
    return [
      defined({
        id: bulletin.id,
        number: bulletinNumber(bulletin),
        version: currentVersion(bulletin)?.version ?? 0,
        step: step === "confirmed" && confirmed?.by === "muster" ? ("by-muster" as const) : step,
        stepMs: atUs === undefined ? undefined : ms(atUs),
        overdue: isOverdue(bulletin, reader),
      }),
    ];
  });
}

export function readinessOf(sector: Sector, reachParts: ReachParts): Readiness {
  const { picture } = sector;
  const date = today(sector);
  const inForce = [...picture.bulletins.inForce()].reverse();
  const outings = picture.readiness.outings().filter(({ untilUs }) => untilUs > picture.timeUs);
  const going = new Set(outings.flatMap(({ people }) => people));
  const items = new Map<string, CarryItem>();
  const people: PersonReadiness[] = [];
  for (const person of picture.people()) {
    const { definition, onShift } = person;
    if ((!onShift && !going.has(definition.id)) || people.length >= MAX_PEOPLE) continue;
    const carry = picture.carryFor(definition.id);
    for (const item of carry?.items ?? []) if (!items.has(item.id)) items.set(item.id, item);
    const kit = picture.readiness.kitOf(definition.id);
    const { id, name, team, role, leader, language } = definition;
    const shown = defined({
      personId: id,
      name,
      team,
      role,
      leader,
      language,
      onShift,
      posts: picture.postsOf(id).map((post) => postName(picture, post)),
      reach: reachOf(person, reachParts),
      kitAnsweredMs: kit === undefined || kit.past || kit.answeredUs === undefined ? undefined : ms(kit.answeredUs),
      kit: kitItems(carry, picture, id, date),
      training: trainingStates(picture, id, date),
      bulletins: bulletinsOf(inForce, id),
      remedies: remediesOf(picture, id),
    });
    people.push({ ...shown, needs: needsOf(shown, date) });
  }
  people.sort((a, b) => a.team.localeCompare(b.team) || Number(b.leader) - Number(a.leader) || a.name.localeCompare(b.name));
  const number = (is: (person: PersonReadiness) => boolean): number => people.filter(is).length;
  const has = (...states: KitItem["state"][]) => number(({ kit }) => kit.some(({ state }) => states.includes(state)));
  const trained = (state: TrainingState["state"]): number => number(({ training }) => training.some((known) => known.state === state));
  const { threat } = picture.readiness;
  return defined({
    timeMs: ms(picture.timeUs),
    threatLevel: picture.readiness.threatLevel,
    threatLevelSince: threat === undefined ? undefined : ms(threat.timeUs),
    threatLevelBy: threat?.by,
    items: [...items.values()],
    people,
    outings: outings.map(outingOf),
    counts: {
      people: people.length,
      canBeWarned: number(({ reach }) => canBeTold(reach)),
      byVoiceOnly: number(({ reach }) => reach.state === "voice"),
      carryAll: number(({ kit }) => kit.every(({ state }) => state === "has" || state === "ends-soon")),
      missing: has("missing", "ended"),
      endSoon: has("ends-soon"),
      kitNotAnswered: has("not-answered"),
      trainingLapsed: trained("lapsed"),
      trainingEndsSoon: trained("ends-soon"),
    },
    bulletins: inForce.map((bulletin) => {
      const counts = { owed: 0, confirmed: 0, opened: 0, notOpened: 0, overdue: 0 };
      for (const reader of bulletin.readers.values()) {
        if (reader.ended !== undefined) continue;
        const step = stepOf(bulletin, reader);
        if (owedBy(bulletin, reader).length > 0) counts.owed += 1;
        if (step === "confirmed") counts.confirmed += 1;
        else if (step === "opened") counts.opened += 1;
        else counts.notOpened += 1;
        if (isOverdue(bulletin, reader)) counts.overdue += 1;
      }
      return { id: bulletin.id, number: bulletinNumber(bulletin), version: currentVersion(bulletin)?.version ?? 0, ...counts };
    }),
  });
}

/** What is kept about a person, for that person: how much, how new, and for how long. */
export function keptAbout(sector: Sector, personId: string, devices: readonly { readonly name: string; readonly usedMs: number }[]): Kept {
  const { picture } = sector;
  const person = picture.person(personId);
  const things: Kept["things"] = [];
  const add = (thing: Kept["things"][number]): void => {
    if (thing.count > 0) things.push(defined(thing));
  };
  const newest = (times: readonly number[]): number | undefined => (times.length === 0 ? undefined : Math.max(...times));
  if (person !== undefined) {
    const { name, role, team, language, ways } = person.definition;
    add({ what: "person", count: 1, values: [name, role, team, language].filter((value) => value !== "") });
    add({
      what: "ways",
      count: ways.length,
      values: ways.filter(({ channel }) => channel !== "browser").map(({ channel, address }) => `${channel} ${address}`),
    });
    add({
      what: "shift",
      count: 1,
      values: [person.onShift ? "on" : "off", ...picture.postsOf(personId).map((post) => postName(picture, post))],
    });
    if (person.position !== undefined)
      add({
        what: "position",
        count: 1,
        newestMs: ms(person.position.timeUs),
        keptHours: sector.retention["own-position"] / HOUR_US,
        values: [],
      });
  }
  add({
    what: "devices",
    count: devices.length,
    newestMs: newest(devices.map(({ usedMs }) => usedMs)),
    values: devices.map(({ name }) => name),
  });
  const reports = [...picture.reports()].filter(({ told }) => told.personId === personId);
  add({
    what: "reports",
    count: reports.length,
    newestMs: newest(reports.map(({ receivedUs }) => ms(receivedUs))),
    keptHours: sector.retention.report / HOUR_US,
    values: reports.slice(-10).map(({ reference }) => reference),
  });
  const media = reports.flatMap((report) => report.media.filter(({ removed }) => !removed).map(() => ms(report.receivedUs)));
  add({ what: "media", count: media.length, newestMs: newest(media), keptHours: MEDIA_KEPT_MS / 3_600_000, values: [] });
  const { reliability, reports: rated } = picture.reliabilityOf(personId);
  add({ what: "reliability", count: rated, values: [reliability] });
  const warned = [...picture.warnings()].filter(({ ladder }) => ladder.some((rung) => rung.personId === personId));
  add({ what: "warnings", count: warned.length, newestMs: newest(warned.map(({ raisedUs }) => ms(raisedUs))), values: [] });
  const read = [...picture.bulletins.bulletins.values()].filter(({ readers }) => readers.has(personId));
  add({
    what: "bulletins",
    count: read.length,
    newestMs: newest(read.flatMap(({ readers }) => (readers.get(personId)?.confirmations ?? []).map(({ receivedUs }) => ms(receivedUs)))),
    values: read.slice(-10).map(bulletinNumber),
  });
  const kit = picture.readiness.kitOf(personId);
  if (kit !== undefined) {
    // While the shift runs, its end says when; should nobody end it, this.
    add({
      what: "kit",
      count: kit.answers?.length ?? 0,
      newestMs: kit.answeredUs === undefined ? undefined : ms(kit.answeredUs),
      erasedMs: ms(kit.eraseUs),
      values: [],
    });
    add({
      what: "remedies",
      count: kit.remedies.length,
      newestMs: newest(kit.remedies.map(({ timeUs }) => ms(timeUs))),
      erasedMs: ms(kit.eraseUs),
      values: kit.remedies.map(({ text }) => text),
    });
  }
  const trainings = TRAININGS.flatMap((kind) => picture.readiness.trainingOf(personId, kind)?.until ?? []);
  add({ what: "training", count: trainings.length, values: trainings });
  const outings = picture.readiness.outings().filter(({ people }) => people.includes(personId));
  add({
    what: "outings",
    count: outings.length,
    newestMs: newest(outings.map(({ fromUs }) => ms(fromUs))),
    values: outings.map(({ name }) => name),
  });
  return { timeMs: ms(picture.timeUs), things };
}
