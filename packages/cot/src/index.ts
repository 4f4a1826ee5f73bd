export * from "./event.ts";
export * from "./protobuf/decode.ts";
export * from "./protobuf/encode.ts";
export * from "./refusal.ts";
export * from "./xml/decode.ts";
export * from "./xml/encode.ts";
