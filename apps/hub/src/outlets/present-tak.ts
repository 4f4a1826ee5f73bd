// What devices in TAK said, as officers see it.
import type { Picture } from "@atalaya/picture";
import type { TakHeard, TakSaid } from "@atalaya/protocol";
import { defined } from "./defined.ts";

const MAX_SHOWN = 100;

export function takHeard({ devices }: Pick<Picture, "devices">): TakHeard {
  const messages: TakSaid[] = [];
  for (const { kind, callsign, uid, isOurs, text, place, heardUs, drill } of devices.messages().toReversed()) {
    // That a message of ours arrived stands on the ladder it belongs to.
    if (kind === "delivered" || kind === "read") continue;
    if (messages.length === MAX_SHOWN) break;
    const position = place === undefined ? undefined : { ...place };
    messages.push(defined({ kind, callsign, uid, ours: isOurs, text, position, heardMs: heardUs / 1000, drill }));
  }
  const pointings = [...devices.pointings()].map(({ uid, callsign, latDeg, lonDeg, azimuthDeg, fieldOfViewDeg, heardUs, drill }) =>
    defined({ uid, callsign, position: { latDeg, lonDeg }, azimuthDeg, fieldOfViewDeg, heardMs: heardUs / 1000, drill }),
  );
  return { messages, pointings: pointings.toReversed() };
}
