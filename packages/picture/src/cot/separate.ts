// Which of the messages that a TAK client sends are kept, for how long, and which are none of our business?
//
// Three kinds of entry come of one batch. `frame`: drones and aircraft of other systems, kept as every frame is. `own-position`: where our people are
// and what they say to us, kept for a day. `passing`: all else (things on the ground that are not ours, what others write to each other, what cannot
// be read, exercises on a live source), gone within the hour and never looked at again but for where a sensor points.
import { affiliationOf, type CotEvent, type CotFrame, type CotMeaning, decodeCotFrame, meaningOf } from "@atalaya/cot";
import { decodeCotBatch, encodeCotBatch } from "./batch.ts";

export const COT_ENTRY_KINDS = ["frame", "own-position", "passing"] as const;
export type CotEntryKind = (typeof COT_ENTRY_KINDS)[number];

export interface CotSeparation {
  /** Whether an event of this uid that came by this certificate ("" by none) speaks for one of us. */
  readonly owns: (certificate: string, uid: string) => boolean;
  /** Whether this uid or callsign is the hub's own, or that of something that it has sent. */
  readonly isHub: (name: string) => boolean;
  readonly isSynthetic: boolean;
}

/** What came of one message, for the counts. `echo`: our own event come back; it is not kept. */
export type CotOutcome = CotMeaning["kind"] | "echo" | "exercise" | "refused";

export interface CotPart {
  readonly kind: CotEntryKind;
  /** A batch of its own. */
  readonly bytes: Uint8Array;
}

/** Affiliations of exercises (MIL-STD-2525 standard identity): pending, unknown, friend, assumed friend, neutral, joker, faker. */
const EXERCISE_AFFILIATIONS = "gwdmljk";

/** Whether an event says of itself that it is none of the real world. */
export function isExercise({ type, opex }: Pick<CotEvent, "type" | "opex">): boolean {
  if (opex !== undefined && /^[es]/i.test(opex)) return true;
  return affiliationOf(type) !== undefined && EXERCISE_AFFILIATIONS.includes(type.charAt(2));
}

function isToHub(meaning: Extract<CotMeaning, { readonly kind: "chat" }>, isHub: CotSeparation["isHub"]): boolean {
  const { roomId, room, toUids, toCallsigns } = meaning;
  return [roomId, room, ...toUids, ...toCallsigns].some((name) => name !== undefined && isHub(name));
}

function destinationOf(event: CotEvent, meaning: CotMeaning, certificate: string, separation: CotSeparation): CotEntryKind {
  switch (meaning.kind) {
    case "drone":
    case "aircraft":
      return "frame";
    case "team-position":
      return separation.owns(certificate, event.uid) ? "own-position" : "passing";
    // A call for help is heard, whoever calls.
    case "alarm":
    case "alarm-cancel":
    case "medical-evacuation":
      return "own-position";
    case "chat":
      return isToHub(meaning, separation.isHub) ? "own-position" : "passing";
    // Of messages of ours: only those to whom we wrote send one.
    case "chat-receipt":
      return "own-position";
    case "delete":
      return "frame";
    default:
      return "passing";
  }
}

/** Cuts a batch into its parts, each a batch of the same sender, in the order of `COT_ENTRY_KINDS`; `outcome` hears of every message. */
export function separateCotBatch(batch: Uint8Array, separation: CotSeparation, outcome: (of: CotOutcome) => void): readonly CotPart[] {
  const decoded = decodeCotBatch(batch);
  if (decoded === undefined) return [{ kind: "passing", bytes: batch }];
  const { certificate, messages } = decoded;
  const parts: Record<CotEntryKind, CotFrame[]> = { frame: [], "own-position": [], passing: [] };
  for (const message of messages) {
    const read = decodeCotFrame(message);
    if ("refused" in read) {
      outcome("refused");
      parts.passing.push(message);
      continue;
    }
    const { event } = read.message;
    // A message of the mesh that only says what its sender can read.
    if (event === undefined) continue;
    if (separation.isHub(event.uid)) {
      outcome("echo");
      continue;
    }
    const meaning = meaningOf(event);
    const destination = destinationOf(event, meaning, certificate, separation);
    if (destination === "frame" && isExercise(event) && !separation.isSynthetic) {
      outcome("exercise");
      parts.passing.push(message);
      continue;
    }
    outcome(meaning.kind);
    parts[destination].push(message);
  }
  return COT_ENTRY_KINDS.filter((kind) => parts[kind].length > 0).map((kind) => ({
    kind,
    bytes: encodeCotBatch({ certificate, messages: parts[kind] }),
  }));
}
