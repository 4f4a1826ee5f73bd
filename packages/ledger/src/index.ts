export * from "./checkpoint.ts";
export * from "./hash.ts";
export * from "./leaf-record.ts";
export * from "./note.ts";
export * from "./proof.ts";
export type { Refusal, Result } from "./result.ts";
export { base64, fromBase64, hex, sameBytes } from "./text.ts";
export * from "./tlog-proof.ts";
export * from "./tree.ts";
