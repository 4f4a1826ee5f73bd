export * from "./field.ts";
export * from "./reports.ts";
export * from "./routes.ts";
export * from "./schemas.ts";
export * from "./track-stream.ts";
