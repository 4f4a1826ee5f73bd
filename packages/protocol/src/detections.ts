// The generic detection format through which any sensor joins, one JSON object per line: docs/integrate-a-sensor.md. No zod here: hot path.
export { decodeDetectionLine, type LineClock, SCENARIO_TIME } from "./detections/decode.ts";
export { encodeDetectionLine } from "./detections/encode.ts";
export { fitDeclaration } from "./detections/fit.ts";
export { decodeHello, type Hello } from "./detections/hello.ts";
export * from "./detections/line.ts";
export { detectionsSchema } from "./detections/schema.ts";
