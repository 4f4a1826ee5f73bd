// Deletes the files of reports when they have been kept long enough, and says so in the journal.
import type { Sector } from "../sector.ts";
import { MEDIA_KEPT_MS, type MediaStore } from "./media-store.ts";

/** By the sector's clock and the time when the report came. */
export async function removeOldMedia(sector: Sector, store: MediaStore): Promise<void> {
  const beforeUs = sector.clock.nowUs() - MEDIA_KEPT_MS * 1000;
  for (const report of [...sector.picture.reports()]) {
    if (report.receivedUs >= beforeUs) continue;
    for (const media of report.media) {
      if (media.removed) continue;
      await store.remove(media);
      sector.note("media-removed", { mediaId: media.id, by: "retention", reason: "Kept for 30 days." });
    }
  }
}
