// What does a microphone report that hears something and cannot say where?
import type { PresencePlan } from "../plan.ts";
import type { Random } from "../random.ts";
import { isNoticed, SOUND_MPS } from "./bearing.ts";
import { decimals, type Message, Outlook, scanTimesS, type World } from "./world.ts";

export function* presenceMessages(plan: PresencePlan, world: World, random: Random): Iterable<Message> {
  const { id, kind, latencyS } = plan;
  const outlook = new Outlook(world, plan.place);
  let scan = 0;
  for (const timeS of scanTimesS(world, plan.periodS, plan.phaseS)) {
    let heard: string | null | undefined;
    let nearestM = Number.POSITIVE_INFINITY;
    for (const [object, { id: objectId, objectClass, silentTo = [] }] of world.objects.entries()) {
      if (!plan.classes.includes(objectClass) || silentTo.includes(kind)) continue;
      outlook.look(object, timeS);
      outlook.look(object, timeS - outlook.rangeM / SOUND_MPS);
      if (!world.flights.isThere(object, timeS - outlook.rangeM / SOUND_MPS)) continue;
      if (!isNoticed(plan, outlook.rangeM, random) || outlook.rangeM >= nearestM) continue;
      nearestM = outlook.rangeM;
      heard = objectId;
    }
    if (heard === undefined && random.poisson(plan.falseAlarmsPerScan) > 0) heard = null;
    const t = decimals(timeS, 3);
    const arrivalS = timeS + latencyS;
    if (heard !== undefined) yield { arrivalS, measured: { sensor: id, kind, scan, t, z: [], R: [] }, origin: heard };
    yield { arrivalS: arrivalS + 0.001, scanned: { sensor: id, scan, n: heard === undefined ? 0 : 1, t, t_end: t } };
    scan += 1;
  }
}
