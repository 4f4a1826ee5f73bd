// Shapes of the map: a sensor's direction is a line of one length, whatever it looks at.
import assert from "node:assert/strict";
import test from "node:test";
import { reportFeatures } from "../src/map/report-features.ts";

test("a direction is drawn from the sensor towards its azimuth, a kilometre long and without an area", () => {
  const at = { uid: "CAM-1", position: { latDeg: 31.75, lonDeg: -106.45 }, azimuthDeg: 90, fieldOfViewDeg: 40, heardMs: 0, drill: false };
  const { features } = reportFeatures([], [], undefined, [at, { ...at, azimuthDeg: 180 }]);
  const lines = features.map(({ geometry, properties }) => {
    assert.ok(geometry.type === "LineString" && properties?.["what"] === "direction");
    return geometry.coordinates;
  });
  assert.deepEqual(
    lines.map(([from]) => from),
    [
      [-106.45, 31.75],
      [-106.45, 31.75],
    ],
  );
  const [east, south] = lines.map(([, to]) => to);
  assert.ok(Math.abs((east?.[0] ?? 0) + 106.45 - 0.01056) < 1e-4 && Math.abs((east?.[1] ?? 0) - 31.75) < 1e-5);
  assert.ok(Math.abs((south?.[1] ?? 0) - 31.75 + 0.00902) < 1e-4 && Math.abs((south?.[0] ?? 0) + 106.45) < 1e-9);
});
