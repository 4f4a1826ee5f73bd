// How the picture looks as Cursor on Target events. Times are the machine's, since clients compare them with their own clocks.
import {
  ALL_CHAT_ROOMS,
  type AlarmKind,
  aircraftTrack,
  alarm,
  alarmCancel,
  type Built,
  chatMessage,
  chatReceipt,
  circleZone,
  type CotEvent,
  type CotPoint,
  deletion,
  type DroneTrack,
  droneTrack,
  element,
  polygonZone,
  sensorView,
  STREAM_ENDPOINT,
  teamPosition,
  xmlTextOf,
} from "@atalaya/cot";
import { haeFromMslM } from "@atalaya/geodesy";
import type { HeardSensor, LatLon, PictureWarning, Track, ZoneDefinition } from "@atalaya/picture";
import { identityOf } from "./present.ts";
import { clearedText, type LevelOut, namedThreat, trackText, warningText } from "./tak-words.ts";

/** A track that is no longer told is grey on maps after so long, ms: one that coasts is not told again. */
const TRACK_STALE_MS = 15_000;
/** Zones and sensors are told again every minute, and go by themselves when the hub has gone. */
const STANDING_STALE_MS = 180_000;
const PRESENCE_STALE_MS = 90_000;
/** 95 % of a circular error in standard deviations: CoT errors are one sigma. */
const SIGMAS_95 = 2.45;
/** Exercise: what clients that know it show apart. */
const DRILL_OPEX = "e-Atalaya";
const DRILL_MARK = "DRILL";
/** Aeroplane, glider, hybrid lift (F3411-22a, UA type 1, 6, 4 flies on its wing). */
const FIXED_WING_TYPES: readonly (number | undefined)[] = [1, 6];

const STYLE = { strokeColor: 0xffc6221b, strokeWeight: 3, fillColor: 0x26c6221b };
const AREA_STYLE = { strokeColor: 0xffffb302, strokeWeight: 3, fillColor: 0x1affb302 };

export interface ChatDevice {
  readonly uid: string;
  readonly callsign: string;
}

export interface Said {
  readonly messageId: string;
  readonly text: string;
  /** Where the hub is: of those who read it nothing is said. */
  readonly place: LatLon;
  readonly drill: boolean;
  /** Absent: everybody. */
  readonly to?: ChatDevice;
}

export interface HubNames {
  /** Begins every uid that the hub sends. */
  readonly uid: string;
  readonly callsign: string;
}

function pointAt({ latDeg, lonDeg }: LatLon, haeM?: number, ceM?: number, leM?: number): CotPoint {
  return { latDeg, lonDeg, haeM, ceM, leM };
}

function marked(text: string, drill: boolean): string {
  return drill ? `${DRILL_MARK} ${text}` : text;
}

export class TakEvents {
  readonly #names: HubNames;

  constructor(names: HubNames) {
    this.#names = names;
  }

  trackUid(id: string): string {
    return `${this.#names.uid}.${id}`;
  }

  /** A confirmed track; `agedMs` is how old its position is. */
  track(track: Readonly<Track>, nowMs: number, agedMs: number): Built {
    const haeM =
      track.heightHaeM ?? (track.heightMslM === undefined ? undefined : haeFromMslM(track.latDeg, track.lonDeg, track.heightMslM));
    const { courseDeg, speedMps, drill } = track;
    const identity = identityOf(track);
    const timeMs = Math.round(nowMs - Math.max(0, agedMs));
    const drone: DroneTrack = {
      uid: this.trackUid(track.id),
      point: pointAt(track, haeM, track.errorM === undefined ? undefined : track.errorM / SIGMAS_95, track.measured?.heightSigmaM),
      timeMs,
      staleMs: timeMs + TRACK_STALE_MS,
      // Never a friend, never a foe: nobody has said so.
      affiliation: "unknown",
      airframe: FIXED_WING_TYPES.includes(track.uaType) ? "fixed-wing" : undefined,
      callsign: marked(track.id, drill),
      courseDeg,
      speedMps,
      how: track.measured === undefined ? "m-g" : "m-f",
      opex: drill ? DRILL_OPEX : undefined,
      remarks: xmlTextOf(trackText(track, identity)),
      more: [
        element("atalaya:track", {
          "xmlns:atalaya": "urn:atalaya:cot:1",
          id: track.id,
          status: track.status,
          rests: track.measured === undefined ? "broadcast" : "measured",
          findings: String(track.findings.length),
          ...(drill ? { drill: "true" } : {}),
        }),
      ],
    };
    return track.kind === "manned" ? aircraftTrack(drone) : droneTrack(drone);
  }

  zone({ id, name, kind, shape }: ZoneDefinition, nowMs: number): Built {
    const placed = {
      uid: `${this.#names.uid}.zone.${id}`,
      timeMs: nowMs,
      staleMs: nowMs + STANDING_STALE_MS,
      callsign: xmlTextOf(name),
      style: kind === "post" ? STYLE : AREA_STYLE,
    };
    if (shape.type === "circle") return circleZone({ ...placed, point: pointAt(shape.centre), radiusM: shape.radiusM });
    const [first = { latDeg: 0, lonDeg: 0 }] = shape.ring;
    return polygonZone({ ...placed, point: pointAt(first), corners: shape.ring });
  }

  /** A sensor of ours with what it can see, as far as it was declared. */
  sensor({ source, declaration }: Readonly<HeardSensor>, drill: boolean, nowMs: number): Built {
    const { id, kind, latDeg, lonDeg, haeM, fov, maxRangeM } = declaration;
    const [from, to] = fov?.azDeg ?? [0, 360];
    const widthDeg = to - from >= 360 ? 360 : (((to - from) % 360) + 360) % 360;
    return sensorView({
      uid: `${this.#names.uid}.sensor.${source}.${id}`,
      point: pointAt({ latDeg, lonDeg }, haeM),
      timeMs: nowMs,
      staleMs: nowMs + STANDING_STALE_MS,
      callsign: marked(xmlTextOf(`${source} ${id}`), drill),
      azimuthDeg: from + widthDeg / 2,
      fieldOfViewDeg: widthDeg === 0 ? 360 : widthDeg,
      // Not declared: the sensor stands there, and nothing is drawn of what it sees.
      rangeM: maxRangeM ?? fov?.rangeM?.[1] ?? 0,
      model: kind,
      opex: drill ? DRILL_OPEX : undefined,
    });
  }

  /** A receiver that has a place and no declaration. */
  receiver(id: string, name: string, place: LatLon, drill: boolean, nowMs: number): Built {
    return sensorView({
      uid: `${this.#names.uid}.source.${id}`,
      point: pointAt(place),
      timeMs: nowMs,
      staleMs: nowMs + STANDING_STALE_MS,
      callsign: marked(xmlTextOf(name), drill),
      azimuthDeg: 0,
      fieldOfViewDeg: 360,
      rangeM: 0,
      opex: drill ? DRILL_OPEX : undefined,
    });
  }

  warningUid(id: string): string {
    return `${this.#names.uid}.${id}`;
  }

  #alarm(warning: Readonly<PictureWarning>, level: LevelOut, place: LatLon, nowMs: number): Parameters<typeof alarm>[0] {
    const { id, trackId, drill } = warning;
    const zone = namedThreat(warning)?.name;
    const kind: AlarmKind = level === "warning" ? "geofence" : "custom";
    return {
      kind,
      uid: this.warningUid(id),
      point: pointAt(place),
      timeMs: nowMs,
      subject: {
        uid: this.trackUid(trackId),
        type: "a-u-A-M-H-Q",
        callsign: marked(xmlTextOf(zone === undefined ? trackId : `${zone} ${trackId}`), drill),
      },
      opex: drill ? DRILL_OPEX : undefined,
    };
  }

  /** A danger that stands, at the level that is told; `place` is where the drone is. */
  warning(warning: Readonly<PictureWarning>, level: LevelOut, place: LatLon, nowMs: number): Built {
    return alarm({ ...this.#alarm(warning, level, place, nowMs), remarks: xmlTextOf(warningText(warning, level)) });
  }

  warningOver(warning: Readonly<PictureWarning>, place: LatLon, nowMs: number): Built {
    return alarmCancel({ ...this.#alarm(warning, "warning", place, nowMs), remarks: xmlTextOf(clearedText(warning)) });
  }

  /** Words to everybody, or to one device. */
  chat(said: Said, nowMs: number): CotEvent {
    const { messageId, text, place, drill, to } = said;
    return chatMessage({
      from: this.#self(),
      to: to === undefined ? ALL_CHAT_ROOMS : { uid: to.uid, callsign: xmlTextOf(to.callsign) },
      messageId: xmlTextOf(messageId),
      text: xmlTextOf(text),
      timeMs: nowMs,
      point: pointAt(place),
      opex: drill ? DRILL_OPEX : undefined,
    });
  }

  /** To a device: what it wrote has been read and is on disk. */
  read(messageId: string, place: LatLon, to: ChatDevice, nowMs: number): CotEvent {
    const callsign = xmlTextOf(to.callsign);
    const point = pointAt(place);
    return chatReceipt("read", {
      from: this.#self(),
      to: { uid: to.uid, callsign },
      messageId: xmlTextOf(messageId),
      timeMs: nowMs,
      point,
    });
  }

  #self(): { uid: string; callsign: string; type: string } {
    const { uid, callsign } = this.#names;
    return { uid, callsign: xmlTextOf(callsign), type: "a-f-G-U-C" };
  }

  /** The hub as somebody who can be answered. */
  presence(place: LatLon, nowMs: number): Built {
    const { uid, callsign } = this.#names;
    return teamPosition({
      uid,
      point: pointAt(place),
      timeMs: nowMs,
      staleMs: nowMs + PRESENCE_STALE_MS,
      callsign: xmlTextOf(callsign),
      endpoint: STREAM_ENDPOINT,
      team: "Cyan",
      role: "HQ",
      software: { device: "Atalaya", platform: "Atalaya", os: "Linux", version: "0.1" },
    });
  }

  gone({ uid, type, point }: Pick<CotEvent, "uid" | "type" | "point">, nowMs: number): CotEvent {
    return deletion({ uid, type, point }, true, nowMs);
  }
}
