// A piece of ground as it is typed or clicked: a circle or the corners of a polygon.
import type { AreaShape } from "@atalaya/protocol";
import type { ReactNode } from "react";
import type { Words } from "../words/words.ts";

export interface AreaDraft {
  readonly lat: string;
  readonly lon: string;
  readonly radius: string;
  readonly outline: "circle" | "polygon";
  /** Corners as they are typed: one a line, latitude and longitude. */
  readonly corners: string;
}

export const EMPTY_AREA: AreaDraft = { lat: "", lon: "", radius: "300", outline: "circle", corners: "" };

/** To a decimetre, as a click on the map is. */
function rounded(deg: number): number {
  return Math.round(deg * 1e6) / 1e6;
}

export function areaDraftOf(shape: AreaShape): AreaDraft {
  return shape.type === "circle"
    ? {
        ...EMPTY_AREA,
        lat: String(rounded(shape.centre.latDeg)),
        lon: String(rounded(shape.centre.lonDeg)),
        radius: String(shape.radiusM),
      }
    : {
        ...EMPTY_AREA,
        outline: "polygon",
        corners: shape.ring.map(({ latDeg, lonDeg }) => `${rounded(latDeg)}, ${rounded(lonDeg)}`).join("\n"),
      };
}

function ringOf(corners: string): { latDeg: number; lonDeg: number }[] {
  return corners.split("\n").flatMap((line) => {
    const [, lat, lon] = /^\s*(-?[\d.]+)[,;\s]+(-?[\d.]+)\s*$/.exec(line) ?? [];
    return lat === undefined || lon === undefined ? [] : [{ latDeg: Number(lat), lonDeg: Number(lon) }];
  });
}

/** The shape that a draft describes so far; undefined while it describes none. */
export function areaOf({ outline, corners, lat, lon, radius }: AreaDraft): AreaShape | undefined {
  if (outline === "polygon") {
    const ring = ringOf(corners);
    return ring.length < 3 ? undefined : { type: "polygon", ring };
  }
  if (lat === "" || lon === "" || !(Number(radius) > 0)) return undefined;
  return { type: "circle", centre: { latDeg: Number(lat), lonDeg: Number(lon) }, radiusM: Number(radius) };
}

/** After a click on the map: the circle's centre, or one corner more. */
export function placedAt(before: AreaDraft, latDeg: number, lonDeg: number): AreaDraft {
  const [lat, lon] = [latDeg.toFixed(6), lonDeg.toFixed(6)];
  if (before.outline === "circle") return { ...before, lat, lon };
  const { corners } = before;
  return { ...before, corners: `${corners}${corners === "" || corners.endsWith("\n") ? "" : "\n"}${lat}, ${lon}` };
}

export function AreaFields(props: {
  readonly draft: AreaDraft;
  readonly words: Words["zones"];
  readonly onChange: (part: Partial<AreaDraft>) => void;
}): ReactNode {
  const { draft, words, onChange } = props;
  const field = (key: "lat" | "lon" | "radius", label: string): ReactNode => (
    <label>
      {label}
      <input name={key} type="number" step="any" required value={draft[key]} onChange={({ target }) => onChange({ [key]: target.value })} />
    </label>
  );
  return (
    <>
      <label>
        {words.shape}
        <select
          name="outline"
          value={draft.outline}
          onChange={({ target }) => onChange({ outline: target.value === "polygon" ? "polygon" : "circle" })}
        >
          <option value="circle">{words.circle}</option>
          <option value="polygon">{words.polygon}</option>
        </select>
      </label>
      {draft.outline === "polygon" ? (
        <label>
          {words.corners}
          <textarea name="corners" rows={6} required value={draft.corners} onChange={({ target }) => onChange({ corners: target.value })} />
          <span className="quiet">{words.cornersHint}</span>
        </label>
      ) : (
        <>
          <p className="quiet">{words.picking}</p>
          {field("lat", words.lat)}
          {field("lon", words.lon)}
          {field("radius", words.radius)}
        </>
      )}
    </>
  );
}
