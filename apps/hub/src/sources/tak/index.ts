// What the benchmark uses of TAK.
export { TakLinks } from "./links.ts";
export { Outgoing, OutgoingBatch } from "./outgoing.ts";
export { takServer } from "./server.ts";
