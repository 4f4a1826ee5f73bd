// What is one message of a stream or of the mesh?

/** How a message is written. The payload of a protobuf message stands without its header. */
export type CotForm = "xml" | "protobuf";

export interface CotFrame {
  readonly form: CotForm;
  /** The message. Those of a stream are the stream's own bytes and move once the call that hands them out is over: keep a copy, not these. */
  readonly bytes: Uint8Array;
}
