export { type Hub, type HubOptions, HubRefusal, readTls, startHub } from "./hub.ts";
export { Identity } from "./identity/identity.ts";
export { demos } from "./sources/demo/demo.ts";
