// `atalaya serve [--data DIR] [--port N] [--host ADDR] [--demo NAME] [--replay FILE --speed N|max] [--pcap FILE|-] …`
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { demos, HubRefusal, readTls, startHub } from "@atalaya/hub";

const USAGE = `Usage: atalaya serve [options]
  --data DIR          folder of the sector's journal and accounts (data)
  --port N            port (8080)
  --host ADDR         address to listen on (127.0.0.1); beyond loopback a certificate is needed
  --cert FILE --key FILE   certificate and key, PEM
  --own-cert          HTTPS with a certificate of the hub's own authority, for phones of the local network (docs/field-guide.en.md)
  --name HOST         a further name under which the hub is called; may be repeated
  --sector NAME       name of the sector, at its first start
  --demo NAME         invented flights, marked DRILL: ${Object.keys(demos).join(", ")}
  --no-demo           no source but those that were set up (as without --demo)
  --replay FILE       play a capture in a sector of its own, on the recorded time
  --speed N|max       how fast (1)
  --pcap FILE|-       a capture that is being made: a FIFO, or - for standard input
  --mqtt-port N       open the embedded MQTT broker
  --detections-port N open the TCP door for sensors (docs/integrate-a-sensor.md)
  --adsb-port N       open the port for ADS-B receivers, to programs of this machine only (docs/integrate-a-sensor.md)
  --tak-port N        TAK clients of this machine, without TLS
  --tak-tls-port N    TAK clients with a certificate of the hub's own authority (docs/tak.md)
  --tak-host ADDR     address for the latter (as --host)
  --basemap FILE      your own map (PMTiles, Protomaps schema)
  --log LEVEL         fatal, error, warn, info or debug (warn)
`;

function wrong(message: string): 2 {
  process.stderr.write(`${message}\n`);
  return 2;
}

function portOf(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined;
}

export async function run(words: readonly string[]): Promise<number> {
  let values: ReturnType<typeof parse>["values"];
  try {
    ({ values } = parse(words));
  } catch (error) {
    return wrong(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const port = portOf(values.port);
  if (port === undefined) return wrong(`--port ${values.port}: a number from 0 to 65535`);
  const mqttPort = values["mqtt-port"] === undefined ? undefined : portOf(values["mqtt-port"]);
  if (values["mqtt-port"] !== undefined && mqttPort === undefined) return wrong("--mqtt-port: a number from 0 to 65535");
  const detectionsPort = values["detections-port"] === undefined ? undefined : portOf(values["detections-port"]);
  if (values["detections-port"] !== undefined && detectionsPort === undefined) return wrong("--detections-port: a number from 0 to 65535");
  const adsbPort = values["adsb-port"] === undefined ? undefined : portOf(values["adsb-port"]);
  if (values["adsb-port"] !== undefined && adsbPort === undefined) return wrong("--adsb-port: a number from 0 to 65535");
  const takPort = values["tak-port"] === undefined ? undefined : portOf(values["tak-port"]);
  if (values["tak-port"] !== undefined && takPort === undefined) return wrong("--tak-port: a number from 0 to 65535");
  const takTlsPort = values["tak-tls-port"] === undefined ? undefined : portOf(values["tak-tls-port"]);
  if (values["tak-tls-port"] !== undefined && takTlsPort === undefined) return wrong("--tak-tls-port: a number from 0 to 65535");
  const speed = values.speed === "max" ? "max" : Number(values.speed);
  if (speed !== "max" && !(speed > 0 && speed <= 1000)) return wrong(`--speed ${values.speed}: a number above 0 and up to 1000, or max`);
  for (const file of [values.replay, values.pcap, values.basemap, values.cert, values.key]) {
    if (file !== undefined && file !== "-" && !existsSync(file)) return wrong(`${file}: no such file`);
  }
  if ((values.cert === undefined) !== (values.key === undefined)) return wrong("--cert and --key go together");
  if (values.demo !== undefined && demos[values.demo] === undefined)
    return wrong(`--demo ${values.demo}: one of ${Object.keys(demos).join(", ")}`);
  if ([values.demo, values.replay, values.pcap].filter((given) => given !== undefined).length > 1) {
    return wrong("--demo, --replay and --pcap exclude each other: invented, recorded and live data are never mixed");
  }

  // What the hub writes is for its own user alone.
  process.umask(0o077);
  const hub = await startHub({
    data: values.data,
    port,
    host: values.host,
    sectorName: values.sector,
    demo: values.demo,
    replay: values.replay === undefined ? undefined : { file: values.replay, speed },
    pcap: values.pcap,
    tls: values.cert === undefined || values.key === undefined ? undefined : readTls(values.cert, values.key),
    ownCertificate: values["own-cert"],
    mqttPort,
    detectionsPort,
    adsbPort,
    takPort,
    takTlsPort,
    takHost: values["tak-host"],
    basemap: values.basemap,
    names: values.name,
    logLevel: values.log,
  }).catch((error: unknown) => {
    if (error instanceof HubRefusal) return error;
    if (error instanceof Error && "code" in error) {
      if (error.code === "EADDRINUSE")
        return new HubRefusal(`Port ${port} is taken: choose another with --port, or stop the program that has it.`);
      if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EADDRNOTAVAIL") return new HubRefusal(error.message);
      if (error.code === "locked" || error.code === "newer-schema" || error.code === "damaged") return new HubRefusal(error.message);
    }
    throw error;
  });
  if (hub instanceof HubRefusal) return wrong(hub.message);

  const lines = [`Atalaya listens on ${hub.url}`];
  if (hub.mqttPort !== undefined) lines.push(`MQTT receivers sign in on port ${hub.mqttPort}`);
  if (hub.detectionsPort !== undefined) lines.push(`Sensors sign in on port ${hub.detectionsPort}`);
  if (hub.adsbPort !== undefined) lines.push(`ADS-B receivers of this machine connect to port ${hub.adsbPort}`);
  if (hub.takPort !== undefined) lines.push(`TAK clients of this machine connect to port ${hub.takPort}`);
  if (hub.takTlsPort !== undefined) lines.push(`TAK clients connect with TLS to port ${hub.takTlsPort}`);
  if (values.replay !== undefined)
    lines.push("The replay is a sector of its own, made anew at each start; accounts are those of the data folder");
  if (hub.setupLink !== undefined) lines.push("Create the owner account within 15 minutes, once, at", `  ${hub.setupLink}`);
  // In one piece: a program that waits for the address has the link too.
  process.stdout.write(`${lines.join("\n")}\n`);
  await new Promise<void>((resolve) => {
    // Not once: a terminal and the starter of this process may both pass the same Control-C on, and the second must not cut the stop short.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
  process.stdout.write("Stopping: closing the doors, writing what is queued\n");
  await hub.stop();
  return 0;
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    strict: true,
    allowPositionals: false,
    options: {
      data: { type: "string", default: "data" },
      port: { type: "string", default: "8080" },
      host: { type: "string", default: "127.0.0.1" },
      cert: { type: "string" },
      "own-cert": { type: "boolean" },
      key: { type: "string" },
      name: { type: "string", multiple: true },
      sector: { type: "string" },
      demo: { type: "string" },
      "no-demo": { type: "boolean" },
      replay: { type: "string" },
      speed: { type: "string", default: "1" },
      pcap: { type: "string" },
      "mqtt-port": { type: "string" },
      "detections-port": { type: "string" },
      "adsb-port": { type: "string" },
      "tak-port": { type: "string" },
      "tak-tls-port": { type: "string" },
      "tak-host": { type: "string" },
      basemap: { type: "string" },
      log: { type: "string", default: "warn" },
      help: { type: "boolean", short: "h" },
    },
  });
}
