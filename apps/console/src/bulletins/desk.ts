// The desk on which one draft is written: the newest draft, what is typed of each piece, and its way to the hub, in turn and without a loss.
import { type BulletinDraft, type Language, paths } from "@atalaya/protocol";
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { ask, isRefused, type Refused } from "../link/api.ts";
import { draftsOf } from "../link/drafts.ts";
import { afterSaved, afterWord, isOwed, keepMine, same, takeTheirs, type Typed } from "./typed.ts";

/** What is typed and not on the hub, as this machine keeps it. */
export interface Kept {
  /** Bulletin, piece and language. */
  readonly id: string;
  readonly base: unknown;
  readonly mine: unknown;
}
export const keptPieces = draftsOf<Kept>("atalaya-bulletins");

export type Saving = "saved" | "saving" | "not-saved" | "incomplete" | "changed-meanwhile";

export interface Desk {
  readonly bulletinId: string;
  readonly mayEdit: boolean;
  readonly newest: () => BulletinDraft;
  /** A draft that the hub sent; an older one than is known is passed over. */
  readonly take: (draft: BulletinDraft) => void;
  readonly reload: () => Promise<BulletinDraft | undefined>;
  /** One thing after another for each piece: both its languages count its changes together. */
  readonly inTurn: <T>(piece: string, job: () => Promise<T>) => Promise<T>;
  readonly kept: ReadonlyMap<string, Kept>;
  readonly say: (id: string, saving: Saving, why?: string) => void;
  /** How each piece that is open here is sent at once. */
  readonly flushes: Map<string, () => Promise<boolean>>;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error("no draft is open");
  return desk;
}

/** Sent so long after the last stroke. */
const PAUSE_MS = 600;
const AGAIN_MS = 3000;
/** Somebody else may write faster than we come through; then it is tried again later. */
const TRIES = 4;

export interface Piece<T> {
  readonly value: T;
  readonly change: (value: T) => void;
  readonly saving: Saving;
  readonly theirs: T | undefined;
  readonly keepMine: () => void;
  readonly takeTheirs: () => void;
  readonly flush: () => Promise<boolean>;
}

export interface PieceOptions<T> {
  /** Piece, and language where it has its own words. */
  readonly id: string;
  readonly piece: string;
  readonly read: (draft: BulletinDraft) => T;
  readonly revOf: (draft: BulletinDraft) => number | undefined;
  readonly put: (value: T, rev: number | undefined) => Promise<BulletinDraft | Refused>;
  /** Whether the hub would take it as it stands. */
  readonly whole?: (value: T) => boolean;
}

export function usePiece<T>(options: PieceOptions<T>): Piece<T> {
  const desk = useDesk();
  const { id, piece } = options;
  const keptId = `${desk.bulletinId}/${id}`;
  const hub = options.read(desk.newest());
  const [typed, setTyped] = useState<Typed<T>>(() => {
    const kept = desk.kept.get(keptId) as { readonly base: T; readonly mine: T } | undefined;
    return kept === undefined ? { base: hub, mine: hub } : afterWord({ base: kept.base, mine: kept.mine }, hub);
  });
  const [saving, setSaving] = useState<Saving>("saved");
  const now = useRef(typed);
  const latest = useRef(options);
  latest.current = options;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flushNow = useRef<() => Promise<boolean>>(() => Promise.resolve(true));
  const { say } = desk;

  const apply = useCallback((next: Typed<T>): void => {
    now.current = next;
    setTyped(next);
  }, []);
  const tell = useCallback(
    (next: Saving, why?: string): void => {
      setSaving(next);
      say(id, next, why);
    },
    [id, say],
  );

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    return desk.inTurn(piece, async () => {
      for (let k = 0; k < TRIES; k += 1) {
        const before = now.current;
        if (before.theirs !== undefined) {
          tell("changed-meanwhile");
          return false;
        }
        if (!isOwed(before)) {
          await keptPieces.remove(keptId).catch(() => undefined);
          tell("saved");
          return true;
        }
        if (latest.current.whole?.(before.mine) === false) {
          tell("incomplete");
          return false;
        }
        tell("saving");
        const rev = latest.current.revOf(desk.newest());
        const answer = await latest.current.put(before.mine, k === 0 ? (rev ?? 0) : rev);
        if (!isRefused(answer)) {
          desk.take(answer);
          apply(afterSaved(now.current, before.mine, latest.current.read(answer)));
        } else if (answer.refused.code === "changed-meanwhile") {
          const fresh = await desk.reload();
          if (fresh !== undefined) apply(afterWord(now.current, latest.current.read(fresh)));
        } else {
          tell("not-saved", answer.refused.message);
          // Without a link it is tried again; what the hub refuses waits for a change.
          if (answer.refused.status === 0) timer.current = setTimeout(() => void flushNow.current(), AGAIN_MS);
          return false;
        }
      }
      timer.current = setTimeout(() => void flushNow.current(), AGAIN_MS);
      return false;
    });
  }, [apply, desk, keptId, piece, tell]);

  // Word of the hub: another wrote, or ours has come.
  const heard = JSON.stringify(hub);
  useEffect(() => {
    const next = afterWord(now.current, JSON.parse(heard ?? "null") as T);
    if (next.base !== now.current.base || next.theirs !== now.current.theirs || next.mine !== now.current.mine) apply(next);
    if (next.theirs !== undefined) tell("changed-meanwhile");
  }, [heard, apply, tell]);

  // What was kept from before a crash is sent now; what is typed when the page is left, too.
  flushNow.current = flush;
  useEffect(() => {
    const { flushes } = desk;
    const own = (): Promise<boolean> => flushNow.current();
    flushes.set(id, own);
    if (isOwed(now.current)) void own();
    return () => {
      if (flushes.get(id) === own) flushes.delete(id);
      if (isOwed(now.current)) void flushNow.current();
      else clearTimeout(timer.current);
    };
  }, [id, desk]);

  const change = (mine: T): void => {
    if (!desk.mayEdit) return;
    const next = { ...now.current, mine };
    apply(next);
    tell(same(next.base, mine) ? "saved" : "saving");
    keptPieces.save({ id: keptId, base: next.base, mine }).catch(() => tell("not-saved"));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), PAUSE_MS);
  };
  const settle = (next: Typed<T>): void => {
    apply(next);
    void flush();
  };
  return {
    value: typed.mine,
    change,
    saving,
    theirs: typed.theirs,
    keepMine: () => settle(keepMine(now.current)),
    takeTheirs: () => settle(takeTheirs(now.current)),
    flush,
  };
}

/** Of a piece, in either language: its changes are counted together. */
export function revOf(draft: BulletinDraft, piece: string): number | undefined {
  const state = draft.pieces.find(({ key }) => key === piece);
  return state === undefined ? undefined : Math.max(state.en.rev, state.es.rev);
}

/** What is typed of the piece is sent first: approved is what the hub has. Undefined: something of it is not there yet. */
export async function approve(desk: Desk, piece: string, language: Language, yes: boolean): Promise<BulletinDraft | Refused | undefined> {
  const open = [...desk.flushes].filter(([id]) => id === piece || id.startsWith(`${piece}/`));
  for (const [, flush] of open) if (!(await flush())) return undefined;
  return desk.inTurn(piece, async () => {
    const rev = revOf(desk.newest(), piece);
    if (rev === undefined) return undefined;
    const answer = await ask<BulletinDraft>("POST", paths.bulletinApprovals(desk.bulletinId), { piece, language, rev, approve: yes });
    if (!isRefused(answer)) desk.take(answer);
    else if (answer.refused.code === "changed-meanwhile") await desk.reload();
    return answer;
  });
}
