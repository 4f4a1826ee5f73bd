// An index of alerts as an Atom feed (RFC 4287), which readers of CAP look at again and again.
import { escapeXml } from "./encode.ts";
import { timeText } from "./time.ts";

export interface FeedEntry {
  /** An IRI that stays with the message, whatever address it is read from (RFC 4287 §4.2.6). */
  readonly id: string;
  readonly title: string;
  /** Address of the alert's document. */
  readonly href: string;
  /** Unix time, s. */
  readonly updatedS: number;
  readonly language?: string;
}

export interface Feed {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly selfHref: string;
  readonly updatedS: number;
  readonly entries: readonly FeedEntry[];
}

/** The document; entries in the order in which they are given: newest first is customary. */
export function atomFeed({ id, title, author, selfHref, updatedS, entries }: Feed): string {
  // Readers of feeds expect UTC as Z, which CAP forbids.
  const time = (unixS: number): string => (timeText({ unixS, offsetMin: 0 }) ?? "").replace("-00:00", "Z");
  const text = (name: string, value: string): string => `<${name}>${escapeXml(value)}</${name}>`;
  const items = entries.map(
    (entry) =>
      `<entry>${text("id", entry.id)}${text("title", entry.title)}${text("updated", time(entry.updatedS))}<link rel="alternate" type="application/cap+xml"${
        entry.language === undefined ? "" : ` hreflang="${escapeXml(entry.language)}"`
      } href="${escapeXml(entry.href)}"/></entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">${text("id", id)}${text("title", title)}${text(
    "updated",
    time(updatedS),
  )}<author>${text("name", author)}</author><link rel="self" type="application/atom+xml" href="${escapeXml(selfHref)}"/>${items.join("")}</feed>\n`;
}
