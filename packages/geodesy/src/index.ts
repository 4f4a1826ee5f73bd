export * from "./angles.ts";
export * from "./geodesic.ts";
export * from "./geoid.ts";
export * from "./local-frame.ts";
export * from "./look-angle.ts";
export type { GeodesyRefusal, Refused } from "./refusal.ts";
export * from "./wgs84.ts";
