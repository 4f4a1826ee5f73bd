export type * from "./contract.ts";
export { type ElementsRead, readElements } from "./elements.ts";
export { explain } from "./explain.ts";
export { GRADES } from "./grade.ts";
export { LIMITS } from "./limits.ts";
