// Which bulletin somebody means who writes back that they have read it, by a channel without a button.
import type { Channel, Picture, PictureBulletin } from "@atalaya/picture";
import { bulletinNumber } from "@atalaya/picture";
import { readConfirmation } from "@atalaya/words";
import type { OutletReports } from "./outlet.ts";

const HOW = { tak: "tak", sms: "sms", email: "email" } as const;

/** The bulletin that was confirmed; undefined: these words confirm none that this person was told of. Resolves once it is on disk. */
export function takeConfirmation(
  picture: Picture,
  reports: OutletReports,
  channel: Channel,
  people: readonly string[],
  text: string,
): { readonly number: string; readonly personId: string; readonly drill: boolean; readonly kept: Promise<void> } | undefined {
  if (channel !== "tak" && channel !== "sms" && channel !== "email") return undefined;
  const told = new Map<string, { readonly bulletin: Readonly<PictureBulletin>; readonly personId: string; readonly version: number }>();
  for (const bulletin of picture.bulletins.inForce()) {
    for (const personId of people) {
      const reader = bulletin.readers.get(personId);
      // What was told last is what is answered; nobody confirms what they were never told.
      if (reader === undefined || reader.toldVersion === 0 || reader.ended !== undefined) continue;
      told.set(bulletinNumber(bulletin), { bulletin, personId, version: reader.toldVersion });
    }
  }
  const number = readConfirmation(text, [...told.keys()]);
  const meant = number === undefined ? undefined : told.get(number);
  if (number === undefined || meant === undefined) return undefined;
  const { bulletin, personId, version } = meant;
  const language = picture.person(personId)?.definition.language ?? "es";
  const drill = bulletin.versions.at(-1)?.content.settings.drill === true;
  const kept = reports.bulletinEvent({
    bulletinId: bulletin.id,
    personId,
    version,
    step: "confirmed",
    atUs: picture.timeUs,
    how: HOW[channel],
    language,
  });
  return { number, personId, drill, kept };
}
