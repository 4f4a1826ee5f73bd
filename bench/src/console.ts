// What does one update of the picture cost the console's main thread? The built console against a stand-in hub, in Chromium with software graphics.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { extname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type HubHealth,
  paths,
  type StreamMessage,
  trackFrameBytes,
  type TrackSummary,
  writeTrackHeader,
  writeTrackRecord,
} from "@atalaya/protocol";
import { startBrowser, type TestBrowser } from "@atalaya/testing/browser";
import { WebSocketServer } from "ws";
import { type Bench, type BenchResult, type Figure, figure } from "./bench.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const BUILT = join(root, "apps/console/build");
const MAPLIBRE = join(root, "node_modules/maplibre-gl/dist");
const CENTRE = { latDeg: 31.7587, lonDeg: -106.4869 };
const UPDATES = 25;
/** The hub's tick. */
const EVERY_MS = 200;
const RUNS = 3;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
};

/** Position of track k at time t: spread over 40 km, each on a course of its own at 15 m/s. */
function place(k: number, seconds: number): { latDeg: number; lonDeg: number; courseDeg: number } {
  const courseDeg = (k * 137.508) % 360;
  const course = (courseDeg * Math.PI) / 180;
  const out = Math.sqrt(k + 0.5) * 250;
  const [east, north] = [
    out * Math.sin(k * 2.4) + 15 * seconds * Math.sin(course),
    out * Math.cos(k * 2.4) + 15 * seconds * Math.cos(course),
  ];
  return { latDeg: CENTRE.latDeg + north / 111_132, lonDeg: CENTRE.lonDeg + east / 94_600, courseDeg };
}

function trackFrame(count: number, timeMs: number, seconds: number, full: boolean): ArrayBuffer {
  const bytes = new ArrayBuffer(trackFrameBytes(count, 0));
  const view = new DataView(bytes);
  writeTrackHeader(view, { full, timeMs, tick: 0, records: count, removed: 0 });
  const rest = {
    heightHaeM: 1200,
    speedMps: 15,
    verticalSpeedMps: 0,
    ageS: 0,
    kind: "unknown",
    flags: 0,
    confidencePercent: 86,
    count: 1,
    errorM: 180,
    ellipse: { ratio: 0.6, azimuthDeg: 30 },
  } as const;
  for (let k = 0; k < count; k += 1) writeTrackRecord(view, k, { number: k + 1, ...place(k, seconds), ...rest });
  return bytes;
}

interface StandIn {
  readonly url: string;
  /** Sends one update of all tracks to the page. */
  update(): void;
  stop(): Promise<void>;
}

const PEER_PAGE = `<!doctype html><title>peer</title><body><div id="m" style="position:absolute;inset:0"></div><script type="module">
import { Map as M, setWorkerUrl } from "/maplibre/maplibre-gl.mjs";
setWorkerUrl("/maplibre/maplibre-gl-worker.mjs");
const map = new M({ container: "m", center: [${CENTRE.lonDeg}, ${CENTRE.latDeg}], zoom: 11.5, fadeDuration: 0, style: { version: 8, sources: {}, layers: [{ id: "b", type: "background" }] } });
map.on("load", () => {
  const c = new OffscreenCanvas(20, 20).getContext("2d"); c.fillRect(6, 0, 8, 20);
  map.addImage("dart", c.getImageData(0, 0, 20, 20));
  map.addSource("t", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "t", type: "symbol", source: "t", layout: { "icon-image": "dart", "icon-rotate": ["get", "c"], "icon-allow-overlap": true } });
  let began = performance.now();
  const place = ${place.toString().replaceAll("CENTRE", JSON.stringify(CENTRE))};
  window.update = (count) => {
    const seconds = (performance.now() - began) / 1000, features = [];
    for (let k = 0; k < count; k += 1) { const p = place(k, seconds); features.push({ type: "Feature", properties: { c: p.courseDeg }, geometry: { type: "Point", coordinates: [p.lonDeg, p.latDeg] } }); }
    map.getSource("t").setData({ type: "FeatureCollection", features });
  };
});
</script>`;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const send = (type: string, body: string | Buffer): void => void response.writeHead(200, { "content-type": type }).end(body);
  if (path === paths.session) {
    const sector = { name: "Bench", mode: "live", centre: CENTRE, timeZone: "America/Denver" };
    return send("application/json", JSON.stringify({ user: { id: "1", name: "bench", role: "officer" }, sector }));
  }
  if (path === "/peer") return send("text/html", PEER_PAGE);
  if (path === paths.basemap) {
    const file = join(BUILT, "basemap/base.pmtiles");
    const [, from = "0", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "bytes=0-") ?? [];
    const end = Math.min(to === "" ? Number.POSITIVE_INFINITY : Number(to), statSync(file).size - 1);
    response.writeHead(206, {
      "content-range": `bytes ${from}-${end}/${statSync(file).size}`,
      "content-length": String(end - Number(from) + 1),
    });
    createReadStream(file, { start: Number(from), end }).pipe(response);
    return;
  }
  const file =
    path === "/"
      ? join(BUILT, "web/index.html")
      : path.startsWith("/maplibre/")
        ? join(MAPLIBRE, path.slice(10))
        : join(BUILT, "web", path);
  if (path.includes("..") || !existsSync(file)) return void response.writeHead(404).end("{}");
  return send(TYPES[extname(file)] ?? "application/octet-stream", readFileSync(file));
}

async function standIn(count: number): Promise<StandIn> {
  const server: Server = createServer(answer);
  const sockets = new WebSocketServer({ server, path: paths.stream });
  const beganMs = Date.now();
  const tracks = Array.from({ length: count }, (_, k): TrackSummary => {
    return { number: k + 1, id: `T-${String(k + 1).padStart(4, "0")}`, identity: `BENCH${k}`, drill: false, recorded: false, findings: 0 };
  });
  const send = (message: StreamMessage): void => {
    for (const socket of sockets.clients) socket.send(JSON.stringify(message));
  };
  const health: HubHealth = {
    tickLateS: 0,
    journal: "ok",
    journalQueue: 0,
    durableSeq: 0,
    clockSteps: 0,
    silentSources: [],
    overloaded: false,
    dropping: [],
    conflicts: [],
    channels: [],
  };
  const sector = { name: "Bench", mode: "live", centre: CENTRE, timeZone: "America/Denver" } as const;
  sockets.on("connection", (socket) => {
    const user = { id: "1", name: "bench", role: "officer" } as const;
    send({ type: "hello", protocol: 1, timeMs: Date.now(), sector, user, tracks, zones: [], warnings: [], sources: [], health });
    socket.send(trackFrame(count, Date.now(), 0, true));
  });
  const beat = setInterval(() => send({ type: "health", timeMs: Date.now(), health, sector }), 1000);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}`,
    update: () => {
      const frame = trackFrame(count, Date.now(), (Date.now() - beganMs) / 1000, false);
      for (const socket of sockets.clients) socket.send(frame);
    },
    stop: async () => {
      clearInterval(beat);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Main-thread CPU per update, ms, over UPDATES updates at the hub's rate: all that the page does in that time, divided by the updates. */
async function measure(browser: TestBrowser, path: string, count: number): Promise<readonly number[]> {
  const hub = await standIn(count);
  const { page } = await browser.page();
  try {
    await page.goto(`${hub.url}${path}`);
    const peer = path === "/peer";
    if (peer) await page.waitForFunction(() => "update" in window);
    else await page.waitForSelector("tr[data-track]", { timeout: 60_000 });
    await pause(3000);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    const spent = async (): Promise<number> => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
    };
    const samples: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const before = await spent();
      for (let k = 0; k < UPDATES; k += 1) {
        if (peer) await page.evaluate((n) => (window as unknown as { update(n: number): void }).update(n), count);
        else hub.update();
        await pause(EVERY_MS);
      }
      samples.push(((await spent()) - before) / UPDATES);
    }
    return samples;
  } finally {
    await page.close();
    await hub.stop();
  }
}

export const bench: Bench = {
  name: "console",
  measures: `main-thread CPU of the page per update of all tracks, ${UPDATES} updates at ${1000 / EVERY_MS} a second, map and table shown, everything the page does in that time included`,
  async run(): Promise<BenchResult> {
    await import("../../apps/console/scripts/build.ts");
    const browser = await startBrowser({ width: 1366, height: 768 });
    try {
      const of = async (path: string, count: number): Promise<Figure> => figure("ms/update", await measure(browser, path, count));
      const main = await of("/", 5000);
      return {
        figures: { main_thread_ms: main, main_thread_ms_500: await of("/", 500), main_thread_ms_10000: await of("/", 10_000) },
        peers: { maplibre_geojson_setdata_5000: await of("/peer", 5000) },
      };
    } finally {
      await browser.close();
    }
  },
};
