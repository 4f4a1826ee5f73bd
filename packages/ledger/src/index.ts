export * from "./checkpoint.ts";
export * from "./hash.ts";
export * from "./leaf.ts";
export * from "./proof.ts";
export { fromBase64, fromHex, toBase64, toHex } from "./text.ts";
export * from "./tree.ts";
