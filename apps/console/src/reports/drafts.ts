// Calls that are being typed, kept on this machine from the first field on: a browser that dies loses nothing.
import { useShown } from "../link/store.ts";
import type { VoiceDraft } from "./voice.ts";

const NAME = "atalaya-voice";
const STORE = "drafts";
/** Kept at most; beyond, the oldest goes. A call that was sent is removed at once. */
const MAX_DRAFTS = 50;

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
  return opened;
}

function written(act: (store: IDBObjectStore) => void): Promise<void> {
  return database().then(
    (db) =>
      new Promise((resolve, reject) => {
        // Strict: it is on the disk when this says so.
        const transaction = db.transaction(STORE, "readwrite", { durability: "strict" });
        act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve();
        transaction.onerror = () => reject(transaction.error ?? new Error("not written"));
        transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
      }),
  );
}

function saveDraft(draft: VoiceDraft): Promise<void> {
  return written((store) => store.put(draft));
}
/** Shows the call as it now is, and keeps it; resolves once it is on the disk. */
export function changeCall(draft: VoiceDraft): Promise<void> {
  useShown.setState({ call: draft });
  return saveDraft(draft);
}
export function removeDraft(id: string): Promise<void> {
  return written((store) => store.delete(id));
}

/** The newest first. */
export async function loadDrafts(): Promise<readonly VoiceDraft[]> {
  const db = await database();
  const all = await new Promise<VoiceDraft[]>((resolve, reject) => {
    const request = db.transaction(STORE, "readonly").objectStore(STORE).getAll() as IDBRequest<VoiceDraft[]>;
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("not read"));
  });
  all.sort((a, b) => b.startedMs - a.startedMs);
  for (const old of all.slice(MAX_DRAFTS)) await removeDraft(old.id);
  return all.slice(0, MAX_DRAFTS);
}
