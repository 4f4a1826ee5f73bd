// Writes docs/detections.schema.json anew from the protocol; a test says when that is needed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { detectionsSchema } from "../packages/protocol/src/detections.ts";
import { root } from "./node24.mjs";

writeFileSync(join(root, "docs/detections.schema.json"), `${JSON.stringify(detectionsSchema, null, 2)}\n`);
