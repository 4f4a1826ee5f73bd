// Calls that are being typed, kept on this machine from the first field on.
import { draftsOf } from "../link/drafts.ts";
import { useShown } from "../link/store.ts";
import type { VoiceDraft } from "./voice.ts";

const drafts = draftsOf<VoiceDraft>("atalaya-voice");
/** Kept at most; beyond, the oldest goes. A call that was sent is removed at once. */
const MAX_DRAFTS = 50;

/** Shows the call as it now is, and keeps it; resolves once it is on the disk. */
export function changeCall(draft: VoiceDraft): Promise<void> {
  useShown.setState({ call: draft });
  return drafts.save(draft);
}
export const removeDraft: typeof drafts.remove = drafts.remove;

/** The newest first. */
export async function loadDrafts(): Promise<readonly VoiceDraft[]> {
  const all = (await drafts.all()).toSorted((a, b) => b.startedMs - a.startedMs);
  for (const old of all.slice(MAX_DRAFTS)) await removeDraft(old.id);
  return all.slice(0, MAX_DRAFTS);
}
