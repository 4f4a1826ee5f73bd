import { conformance } from "./conformance.ts";
import { sqliteStore } from "./sqlite-store.ts";

conformance("SQLite", sqliteStore);
