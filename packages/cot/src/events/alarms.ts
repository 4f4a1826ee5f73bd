// How is an alarm raised on TAK clients, and how does it end?
import { element } from "../event.ts";
import { type Built, type Placed, placedEvent } from "./placed.ts";

/** Type and wording of each alarm, as ATAK knows them: with another wording it shows a custom one. */
export const ALARMS = {
  emergency: { type: "b-a-o-tbl", wording: "911 Alert" },
  geofence: { type: "b-a-g", wording: "Geo-fence Breached" },
  "ring-the-bell": { type: "b-a-o-pan", wording: "Ring The Bell" },
  "in-contact": { type: "b-a-o-opn", wording: "In Contact" },
  custom: { type: "b-a-o-c", wording: "Custom" },
} as const;

export type AlarmKind = keyof typeof ALARMS;

/** The type that ends any of them. */
export const ALARM_CANCEL_TYPE = "b-a-o-can";

/** An alarm is over after so long unless it is repeated: clients let theirs last no longer, ms. */
export const ALARM_LIFETIME_MS = 10_000;

export interface Alarm extends Omit<Placed, "staleMs"> {
  readonly kind: AlarmKind;
  /** Whom or what it is about: the one in danger, or the drone. */
  readonly subject: { readonly uid: string; readonly type: string; readonly callsign: string };
}

/** An alarm. It has to be repeated with the same uid every 5 to 8 s, or it vanishes from the maps. */
export function alarm(raised: Alarm): Built {
  const { kind, subject, timeMs } = raised;
  const { type, wording } = ALARMS[kind];
  return placedEvent(type, "m-g", { ...raised, staleMs: timeMs + ALARM_LIFETIME_MS }, [
    element("link", { uid: subject.uid, type: subject.type, relation: "p-p" }),
    element("contact", { callsign: `${subject.callsign}-Alert` }),
    element("emergency", { type: wording }, [], subject.callsign),
  ]);
}

/** The end of an alarm with this uid. The place is that of the alarm: clients find the mark by its uid, and want a place all the same. */
export function alarmCancel(raised: Alarm): Built {
  const { subject, timeMs } = raised;
  return placedEvent(ALARM_CANCEL_TYPE, "m-g", { ...raised, staleMs: timeMs + ALARM_LIFETIME_MS }, [
    element("link", { uid: subject.uid, type: subject.type, relation: "p-p" }),
    element("contact", { callsign: `${subject.callsign}-Alert` }),
    element("emergency", { cancel: "true" }, [], subject.callsign),
  ]);
}
