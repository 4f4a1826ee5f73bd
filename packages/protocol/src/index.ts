export * from "./calm.ts";
export * from "./outlets.ts";
export * from "./people.ts";
export * from "./routes.ts";
export * from "./rules.ts";
export * from "./schemas.ts";
export { Answer, AreaShape, Benign, Channel, Language, Position, WarningLevel } from "./terms.ts";
export * from "./track-stream.ts";
export * from "./warnings.ts";
