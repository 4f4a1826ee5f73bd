// What the hub measures of itself, in Prometheus' text format.
import { Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { AlarmFigures, Picture, SensorErrors } from "@atalaya/picture";
import type { Sector } from "./sector.ts";
import { countsOf } from "./outlets/present-memo.ts";
import { hubHealth } from "./outlets/present.ts";
import type { OutletRegistry } from "./outlets/registry.ts";
import { type BrowserStream, MAX_BROWSERS } from "./outlets/stream.ts";
import type { TakCounts, TakLinks } from "./sources/tak/links.ts";

type TrackerCounts = NonNullable<ReturnType<Picture["trackerCounts"]>>;

export interface Metrics {
  readonly registry: Registry;
  /** To be called once the browser stream listens, so that its sending is inside the measured time. */
  start(): void;
  stop(): void;
}

const TAK_COUNTS: Readonly<Record<keyof TakCounts, string>> = {
  sentEvents: "Events sent to TAK, over all connections",
  sentBytes: "Bytes sent to TAK, over all connections",
  superseded: "Events replaced by a newer one before a slow client read them",
  givenUp: "Events given up for a slow client whose queue was full",
  heardMessages: "Messages that came in from TAK",
  heardBytes: "Bytes that came in from TAK",
  slowed: "Times that a client was read more slowly since its certificate sent too much",
  cutOffStuck: "TAK clients cut off for not reading",
  cutOffSilent: "TAK connections cut off for silence",
  cutOffNewer: "TAK connections closed for a newer one of the same certificate",
  refusedLimit: "TAK connections turned away at a limit",
  refusedHandshake: "TLS handshakes of TAK clients that failed",
  refusedCertificate: "TAK connections refused or closed since their certificate does not count",
};

/** Tracks whose delay is measured, a tick. */
const MEASURED_PER_TICK = 16;

export function startMetrics(sector: Sector, stream: BrowserStream, outlets: OutletRegistry, tak: TakLinks): Metrics {
  const registry = new Registry();
  // Event-loop delay, garbage collection, memory, handles.
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  gauge("atalaya_frames_total", "Frames taken in", () => sector.counts.frames);
  gauge("atalaya_frame_bytes_total", "Bytes of frames taken in", () => sector.counts.bytes);
  gauge("atalaya_frames_lost_total", "Frames that the journal had no room for", () => sector.counts.lost);
  gauge("atalaya_door_refused_total", "Messages that a door did not take", () => sector.counts.refused);
  gauge("atalaya_tracks", "Tracks that stand", () => sector.picture.trackCount);
  gauge(
    "atalaya_warnings_standing",
    "Warnings not cleared",
    () => [...sector.picture.warnings()].filter(({ state }) => state !== "cleared").length,
  );
  const calm = (): AlarmFigures => sector.picture.alarmFigures();
  gauge("atalaya_alarms_10min", "Cautions and warnings raised in the last ten minutes", () => calm().per10Min);
  gauge("atalaya_alarms_10min_per_officer", "The same for each officer who watches", () => calm().per10Min / Math.max(1, stream.officers));
  gauge("atalaya_alarm_flood", "1 while more alarms come than an officer can take", () => (calm().flood ? 1 : 0));
  gauge("atalaya_alarms_chattering", "Causes that raised three alarms or more in the last minute", () => calm().chattering);
  gauge("atalaya_alarms_standing", "Alarms whose danger is not over", () => calm().standing);
  gauge("atalaya_alarms_stale", "Alarms that stand for longer than a day", () => calm().stale);
  gauge(
    "atalaya_alarm_answer_median_seconds",
    "From an alarm to the officer who takes it, of the last 500",
    () => calm().medianAnswerS ?? 0,
  );
  gauge("atalaya_alarm_answer_p90_seconds", "The same, nine of ten", () => calm().p90AnswerS ?? 0);
  const raised = new Gauge({
    name: "atalaya_warnings_raised_total",
    help: "Warnings raised since the journal began, by level; a rise counts again",
    labelNames: ["level"],
    registers: [registry],
    collect() {
      for (const [level, count] of Object.entries(calm().byLevel)) raised.set({ level }, count);
    },
  });
  const reading = (is: (counts: ReturnType<typeof countsOf>) => number): number =>
    sector.picture.bulletins.inForce().reduce((sum, bulletin) => sum + is(countsOf(bulletin)), 0);
  gauge("atalaya_memo_sources", "Source documents known", () => sector.picture.claims.sources.size);
  gauge("atalaya_memo_claims", "Claims known", () => sector.picture.claims.claims.size);
  gauge("atalaya_bulletins_in_force", "Bulletins in force", () => sector.picture.bulletins.inForce().length);
  gauge("atalaya_bulletin_readers", "People whom bulletins in force concern, by bulletin", () => reading(({ people }) => people));
  gauge("atalaya_bulletin_confirmed", "Of these, who have confirmed", () => reading(({ confirmed }) => confirmed));
  gauge("atalaya_bulletin_overdue", "Of these, who are overdue", () => reading(({ overdue }) => overdue));
  gauge("atalaya_bulletin_without_way", "Of these, whom no way has reached", () => reading(({ noWay }) => noWay));
  gauge(
    "atalaya_bulletin_forgotten_total",
    "Bulletins and readers forgotten above a limit",
    () => sector.picture.bulletins.counts.forgotten,
  );
  gauge(
    "atalaya_bulletin_stray_events_total",
    "Events of bulletins or readers that are not known",
    () => sector.picture.bulletins.counts.strayEvents,
  );
  gauge("atalaya_people_on_shift", "People on shift", () => [...sector.picture.people()].filter(({ onShift }) => onShift).length);
  const tracker = (key: keyof TrackerCounts): number => sector.picture.trackerCounts()?.[key] ?? 0;
  gauge("atalaya_tracker_detections_total", "Detections that reached the tracker", () => tracker("detections"));
  gauge("atalaya_tracker_late_total", "Detections too old to be worked in", () => tracker("late"));
  gauge("atalaya_tracker_late_reports_total", "Reports too old to move a track, weighed against where tracks had been", () =>
    tracker("lateReports"),
  );
  gauge("atalaya_tracker_duplicates_total", "Detections that had come before", () => tracker("duplicates"));
  gauge("atalaya_tracker_malformed_total", "Detections that measure nothing possible", () => tracker("malformed"));
  gauge("atalaya_tracker_ahead_total", "Detections of the future", () => tracker("ahead"));
  gauge("atalaya_tracker_unknown_sensor_total", "Detections of no declared sensor", () => tracker("unknownSensor"));
  gauge("atalaya_tracker_crowded_total", "Detections beyond what one scan may hold", () => tracker("crowded"));
  gauge("atalaya_tracker_sensors_refused_total", "Declarations beyond the limit or without sense", () => tracker("sensorsRefused"));
  gauge("atalaya_tracker_frames_total", "Scans worked in", () => tracker("frames"));
  gauge("atalaya_tracker_reworked_frames_total", "Scans worked in again for late data", () => tracker("reworkedFrames"));
  gauge("atalaya_tracker_tracks", "Tracks in the tracker, those not yet sure included", () => tracker("tracks"));
  gauge("atalaya_tracker_shed_tracks_total", "Tracks never confirmed that were dropped above the limit", () => tracker("shedTracks"));
  gauge("atalaya_overloaded", "1 while anything was left out for want of room in the last seconds", () => (sector.overloaded ? 1 : 0));
  for (const [name, of] of [
    ["range_m", (state: SensorErrors) => state.rangeBiasM],
    ["azimuth_deg", (state: SensorErrors) => state.azimuthBiasDeg],
    ["clock_s", (state: SensorErrors) => state.clockBiasS],
  ] as const) {
    new Gauge({
      name: `atalaya_sensor_bias_${name}`,
      help: "Error found of a sensor; applied=no where one of its errors is beyond its limit",
      labelNames: ["sensor", "applied"],
      registers: [registry],
      collect() {
        this.reset();
        for (const state of sector.picture.sensorErrors())
          if (state.pairs > 0) this.set({ sensor: state.id, applied: state.applied ? "yes" : "no" }, of(state));
      },
    });
  }
  gauge("atalaya_records_malformed_total", "Records that could not be read", () => sector.picture.counts.malformedRecords);
  gauge("atalaya_journal_queue_entries", "Entries waiting for the disk", () => sector.journal.state().queuedEntries);
  gauge("atalaya_journal_queue_limit_entries", "Limit of that queue", () => sector.journal.state().maxQueuedEntries);
  gauge("atalaya_journal_queue_bytes", "Bytes waiting for the disk", () => sector.journal.state().queuedBytes);
  gauge("atalaya_journal_durable_seq", "Last entry on disk", () => sector.journal.state().durable);
  gauge("atalaya_journal_queue_limit_bytes", "Limit of that", () => sector.journal.state().maxQueuedBytes);
  gauge("atalaya_browsers", "Browsers connected", () => stream.browsers);
  gauge("atalaya_browsers_limit", "Browsers that may be connected at once", () => MAX_BROWSERS);
  gauge("atalaya_browsers_refused_total", "Browsers turned away at that limit", () => stream.counts.refused);
  gauge("atalaya_stream_longest_queue_bytes", "Bytes waiting for the slowest browser", () => stream.longestQueueBytes);
  gauge("atalaya_stream_frames_sent_total", "Track frames sent to browsers", () => stream.counts.framesSent);
  gauge("atalaya_stream_bytes_sent_total", "Bytes sent to browsers", () => stream.counts.bytesSent);
  gauge("atalaya_stream_skipped_total", "Ticks that a slow browser was passed over", () => stream.counts.skipped);
  gauge("atalaya_stream_cut_off_total", "Browsers cut off for being stuck", () => stream.counts.cutOff);
  const waiting = new Gauge({
    name: "atalaya_outlet_waiting",
    help: "Messages that wait in an outlet's queue, by outlet",
    labelNames: ["outlet"],
    registers: [registry],
    collect() {
      waiting.reset();
      for (const { name, health } of outlets.counts()) if (health !== undefined) waiting.set({ outlet: name }, health.waiting);
    },
  });
  const up = new Gauge({
    name: "atalaya_outlet_up",
    help: "1 while an outlet with a queue works; 0 while it is slow or down",
    labelNames: ["outlet"],
    registers: [registry],
    collect() {
      up.reset();
      for (const { name, health } of outlets.counts()) if (health !== undefined) up.set({ outlet: name }, health.state === "up" ? 1 : 0);
    },
  });
  gauge("atalaya_tak_connections", "Connections and networks of TAK that get what goes out", () => tak.size);
  for (const [name, help] of Object.entries(TAK_COUNTS) as [keyof TakCounts, string][]) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    gauge(`atalaya_tak_${snake}_total`, help, () => tak.counts[name]);
  }
  const cot = new Gauge({
    name: "atalaya_tak_events_total",
    help: "Events that came in from TAK, by what they were about",
    labelNames: ["about"],
    registers: [registry],
    collect() {
      for (const [about, count] of sector.cotOutcomes) cot.set({ about }, count);
    },
  });
  const ofOutlets = new Gauge({
    name: "atalaya_outlet_total",
    help: "What outlets were handed, and what they said became of it, by outlet",
    labelNames: ["outlet", "what"],
    registers: [registry],
    collect() {
      for (const { name, counts } of outlets.counts()) {
        const { receipts, ...rest } = counts;
        for (const [what, value] of Object.entries({ ...rest, ...receipts })) ofOutlets.set({ outlet: name, what }, value);
      }
    },
  });
  const refusedBySource = new Gauge({
    name: "atalaya_source_refused_total",
    help: "Frames refused, by source and code",
    labelNames: ["source", "code"],
    registers: [registry],
  });
  const refusedAtDoor = new Gauge({
    name: "atalaya_source_door_refused_total",
    help: "Messages that a source's door did not take, by source and code",
    labelNames: ["source", "code"],
    registers: [registry],
  });
  const bySource = new Gauge({
    name: "atalaya_source_frames_total",
    help: "Frames, by source",
    labelNames: ["source"],
    registers: [registry],
    collect() {
      for (const { definition, frames, refusals } of sector.picture.sources()) {
        bySource.set({ source: definition.id }, frames);
        for (const [code, count] of Object.entries(refusals)) refusedBySource.set({ source: definition.id, code }, count);
        for (const [code, count] of sector.refusals(definition.id)) refusedAtDoor.set({ source: definition.id, code }, count);
      }
    },
  });
  const ofReceivers = (
    name: string,
    help: string,
    value: (traffic: NonNullable<ReturnType<Sector["picture"]["traffic"]>>) => number,
  ): void => {
    const byReceiver = new Gauge({
      name,
      help,
      labelNames: ["source"],
      registers: [registry],
      collect() {
        byReceiver.reset();
        for (const { definition } of sector.picture.sources()) {
          const traffic = sector.picture.traffic(definition.id);
          if (traffic !== undefined) byReceiver.set({ source: definition.id }, value(traffic));
        }
      },
    });
  };
  ofReceivers("atalaya_aircraft_messages_total", "Messages of aircraft's transponders, by source", ({ messages }) => messages);
  ofReceivers("atalaya_aircraft", "Aircraft heard in the last five minutes, by source", ({ aircraft }) => aircraft);
  ofReceivers("atalaya_aircraft_outside_total", "Positions left out as too far from the sector, by source", ({ outside }) => outside);
  ofReceivers("atalaya_aircraft_vehicles_total", "Positions of vehicles and obstacles left out, by source", ({ vehicles }) => vehicles);
  gauge("atalaya_clock_steps_total", "Steps of the machine's clock noticed since the start", () => hubHealth(sector).clockSteps);
  gauge(
    "atalaya_clock_offset_seconds",
    "Sector clock minus machine clock, known after a step back",
    () => hubHealth(sector).clockOffsetS ?? 0,
  );
  const hearing = new Gauge({
    name: "atalaya_source_hearing",
    help: "1 while a source brings frames; 0 while it starts, is silent, has ended or failed",
    labelNames: ["source", "state"],
    registers: [registry],
    collect() {
      hearing.reset();
      for (const { definition, state } of sector.picture.sources())
        hearing.set({ source: definition.id, state }, state === "hearing" ? 1 : 0);
    },
  });
  const toPerson = new Histogram({
    name: "atalaya_frame_to_person_seconds",
    help: "From the arrival of the frame that decided until a person's device was sent, had, or showed the notification, by channel",
    labelNames: ["channel", "step"],
    buckets: [0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60],
    registers: [registry],
  });
  outlets.latency.onStep = (channel, step, seconds) => toPerson.observe({ channel, step }, seconds);
  const late = new Histogram({
    name: "atalaya_tick_late_seconds",
    help: "How late ticks were",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 3],
    registers: [registry],
  });
  const toBrowser = new Histogram({
    name: "atalaya_frame_to_browser_seconds",
    help: "From the arrival of a track's newest frame until the tick that sends it is done",
    buckets: [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1],
    registers: [registry],
  });
  let stopTicks: (() => void) | undefined;
  return {
    registry,
    start() {
      stopTicks = sector.onTick(({ lateS, changed }) => {
        if (lateS !== undefined) late.observe(lateS);
        const nowUs = sector.clock.nowUs();
        let measured = 0;
        for (const number of changed) {
          if (measured >= MEASURED_PER_TICK) break;
          const track = sector.picture.track(number);
          // One that only began to coast was not just heard.
          if (track === undefined || track.status === "coasting") continue;
          toBrowser.observe(Math.max(0, nowUs - track.heardUs) / 1e6);
          measured += 1;
        }
      });
    },
    stop() {
      stopTicks?.();
      registry.clear();
    },
  };
}
