export { BASEMAP_FILE, CONSOLE_FOLDER, type Hub, type HubOptions, HubRefusal, readTls, RUNNING_FILE, startHub } from "./hub.ts";
export { readDataPackage } from "./identity/data-package.ts";
export { Identity, METRICS_KEY_FILE } from "./identity/identity.ts";
export type { Outlet, OutletReports } from "./outlets/outlet.ts";
export { Sector } from "./sector.ts";
export { WallClock } from "./sector-clock.ts";
export { demos } from "./sources/demo/demo.ts";
