// What the next shift has to know, from the picture and the records of the shift.
import { decodeRecord } from "@atalaya/picture";
import type { HandOver } from "@atalaya/protocol";
import { firstAt } from "./journal/seek.ts";
import { defined } from "./outlets/defined.ts";
import { calmOf } from "./outlets/present-calm.ts";
import { warningOf } from "./outlets/present-warning.ts";
import type { Sector } from "./sector.ts";

/** Entries of a shift that are named; more are in the journal. */
const MOST_NAMED = 200;
const LEVEL_ORDER = { warning: 0, caution: 1, advisory: 2 } as const;

type Parts = Pick<Sector, "picture" | "journal">;

/** What was put aside since a time, as the journal's records say. */
function putAside({ picture, journal }: Parts, sinceUs: number): Pick<HandOver, "shelved" | "muted"> {
  const shelved: HandOver["shelved"] = [];
  const muted: HandOver["muted"] = [];
  const stillMuted = new Set(picture.mutes().map(({ source, untilUs }) => `${source} ${untilUs}`));
  for (const { kind, timeUs, payload } of journal.records(firstAt(journal, sinceUs), Number.MAX_SAFE_INTEGER)) {
    if ((kind !== "shelve" && kind !== "mute") || payload === undefined) continue;
    const record = decodeRecord(kind, payload);
    if (record?.kind === "shelve") {
      const { warningId, forS, by, reason } = record.value;
      const untilUs = timeUs + Math.round(forS * 1e6);
      const still = picture.warning(warningId)?.shelved?.untilUs === untilUs;
      shelved.push({ timeMs: timeUs / 1000, warningId, untilMs: untilUs / 1000, by, reason, still });
    } else if (record?.kind === "mute") {
      const { source, forS, by, reason } = record.value;
      const untilUs = timeUs + Math.round(forS * 1e6);
      muted.push({ timeMs: timeUs / 1000, source, untilMs: untilUs / 1000, by, reason, still: stillMuted.has(`${source} ${untilUs}`) });
    }
  }
  return { shelved: shelved.slice(-MOST_NAMED), muted: muted.slice(-MOST_NAMED) };
}

function notWatched({ picture }: Parts): HandOver["notWatched"] {
  const muted = new Set(picture.mutes().map(({ source }) => source));
  const list: HandOver["notWatched"] = [];
  for (const { definition, state, reason, lastFrameUs } of picture.sources()) {
    const isMuted = muted.has(definition.id);
    if (state === "hearing" && !isMuted) continue;
    const lastFrameMs = lastFrameUs === undefined ? undefined : lastFrameUs / 1000;
    list.push(defined({ source: definition.id, name: definition.name, state: state === "hearing" ? "muted" : state, lastFrameMs, reason }));
  }
  for (const source of muted) if (source.includes("/")) list.push({ source, name: source, state: "muted" });
  return list;
}

export function handOver(sector: Parts, sinceUs: number, officers: number): HandOver {
  const { picture } = sector;
  const open = [...picture.warnings()].filter(
    ({ state, recorded, ladder }) => !recorded && (state !== "cleared" || ladder.some(({ needsHelp }) => needsHelp)),
  );
  open.sort((a, b) => LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level] || a.raisedUs - b.raisedUs);
  const { figures, channels } = calmOf(sector, officers);
  return {
    timeMs: picture.timeUs / 1000,
    sinceMs: sinceUs / 1000,
    open: open.map((warning) => warningOf(warning, picture)),
    calls: open.flatMap(({ id, reference, ladder }) =>
      ladder.flatMap(({ personId, name, callUs }) =>
        callUs === undefined ? [] : [{ warningId: id, reference, personId, name, sinceMs: callUs / 1000 }],
      ),
    ),
    ...putAside(sector, sinceUs),
    notWatched: notWatched(sector),
    channels: channels.filter(({ state }) => state !== "up"),
    placeUnknown: [...picture.people()].flatMap(({ definition: { id, name }, onShift }) =>
      onShift && picture.basisOf(id) === "unknown" ? [{ personId: id, name }] : [],
    ),
    figures,
  };
}
