// How are zones and the fields of view of sensors drawn on TAK clients?
import { type CotElement, element } from "../event.ts";
import { refuse } from "../refusal.ts";
import { type Built, numberText, type Placed, placedEvent } from "./placed.ts";

/** Colours as 0xAARRGGBB. */
export interface ShapeStyle {
  readonly strokeColor: number;
  readonly strokeWeight: number;
  readonly fillColor: number;
}

/** What a client watches on its own. All seven attributes are needed, so all are asked for. */
export interface Geofence {
  readonly trigger: "Entry" | "Exit" | "Both";
  readonly monitor: "All" | "TAKUsers" | "Friendly" | "Hostile" | "Custom";
  readonly tracking: boolean;
  readonly elevationMonitored: boolean;
  readonly minElevationM: number;
  readonly maxElevationM: number;
  /** Objects farther away than this are not looked at, m. */
  readonly boundingSphereM: number;
}

interface Zone extends Placed {
  readonly callsign: string;
  readonly style: ShapeStyle;
  readonly geofence?: Geofence | undefined;
}

export interface CircleZone extends Zone {
  readonly radiusM: number;
}

export interface PolygonZone extends Zone {
  /** At least three, the first not repeated. */
  readonly corners: readonly { readonly latDeg: number; readonly lonDeg: number }[];
}

/** Android's colours are signed numbers of 32 bits. */
function signed(color: number): string {
  return String(color | 0);
}

function styleOf({ strokeColor, strokeWeight, fillColor }: ShapeStyle): readonly CotElement[] {
  return [
    element("strokeColor", { value: signed(strokeColor) }),
    element("strokeWeight", { value: numberText(strokeWeight) }),
    element("fillColor", { value: signed(fillColor) }),
  ];
}

function geofenceOf(geofence: Geofence | undefined): readonly CotElement[] {
  if (geofence === undefined) return [];
  const { trigger, monitor, tracking, elevationMonitored, minElevationM, maxElevationM, boundingSphereM } = geofence;
  return [
    element("__geofence", {
      elevationMonitored: String(elevationMonitored),
      minElevation: numberText(minElevationM),
      monitor,
      trigger,
      tracking: String(tracking),
      maxElevation: numberText(maxElevationM),
      boundingSphere: numberText(boundingSphereM),
    }),
  ];
}

function labelled({ callsign }: Zone): readonly CotElement[] {
  return [element("contact", { callsign }), element("labels_on", { value: "true" })];
}

/** A circle about its point (`u-d-c-c`). */
export function circleZone(zone: CircleZone): Built {
  const radius = numberText(zone.radiusM);
  return placedEvent("u-d-c-c", "h-e", zone, [
    element("shape", {}, [element("ellipse", { major: radius, minor: radius, angle: "360" })]),
    ...geofenceOf(zone.geofence),
    ...styleOf(zone.style),
    ...labelled(zone),
  ]);
}

/** A closed polygon (`u-d-f`); its point is where the label stands. */
export function polygonZone(zone: PolygonZone): Built {
  const [first] = zone.corners;
  if (first === undefined || zone.corners.length < 3) return refuse("no-position", "a zone of fewer than three corners");
  const corners = [...zone.corners, first].map(({ latDeg, lonDeg }) =>
    element("link", { point: `${numberText(latDeg)},${numberText(lonDeg)}` }),
  );
  return placedEvent("u-d-f", "h-e", zone, [...corners, ...geofenceOf(zone.geofence), ...styleOf(zone.style), ...labelled(zone)]);
}

/** ATAK draws no farther, m. */
export const MAX_SENSOR_RANGE_M = 15_000;

export interface SensorView extends Placed {
  readonly callsign: string;
  /** Middle of the field, degrees clockwise from true north. */
  readonly azimuthDeg: number;
  /** From edge to edge, degrees. A sensor that looks all round has 360. */
  readonly fieldOfViewDeg: number;
  readonly rangeM: number;
  readonly elevationDeg?: number | undefined;
  readonly verticalFieldOfViewDeg?: number | undefined;
  readonly model?: string | undefined;
}

/** Where a sensor of ours stands and looks (`b-m-p-s-p-loc`). */
export function sensorView(view: SensorView): Built {
  const { callsign, azimuthDeg, fieldOfViewDeg, rangeM, elevationDeg, verticalFieldOfViewDeg, model } = view;
  const attributes: Record<string, string> = {
    azimuth: numberText(((azimuthDeg % 360) + 360) % 360),
    fov: numberText(fieldOfViewDeg),
    range: numberText(Math.min(rangeM, MAX_SENSOR_RANGE_M)),
    elevation: numberText(elevationDeg ?? 0),
    roll: "0",
    displayMagneticReference: "0",
  };
  if (verticalFieldOfViewDeg !== undefined) attributes["vfov"] = numberText(verticalFieldOfViewDeg);
  if (model !== undefined) attributes["model"] = model;
  return placedEvent("b-m-p-s-p-loc", "m-c", view, [element("contact", { callsign }), element("sensor", attributes)]);
}
