export type * from "../lines.ts";
export { isScenarioName, namedScenario, type Reference, SCENARIO_NAMES, type ScenarioName, scaleScenario } from "./named.ts";
export {
  FLIGHTS_PER_HOUR,
  type Night,
  type NightFlight,
  type NightPart,
  type NightPatrol,
  type NightPlace,
  nightScenario,
} from "./night.ts";
export type * from "./plan.ts";
export { planProblem } from "./problems.ts";
export { Random } from "./random.ts";
export { type Recording, simulate } from "./simulate.ts";
