export * from "./alert.ts";
export * from "./chain.ts";
export { decodeAlert } from "./decode.ts";
export { CAP_NAMESPACE, encodeAlert } from "./encode.ts";
export * from "./feed.ts";
export type { CapCode, CapRefusal, CapRefused } from "./refusal.ts";
export { type CapTime, timeOf, timeText } from "./time.ts";
