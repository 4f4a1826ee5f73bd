// Tracks, trails, leaders and 95 % ellipses on the map: one WebGL 2 layer of our own. Positions are carried on in the shader; buffers are uploaded only when data came.

import { TRACK_KINDS, TrackFlag } from "@atalaya/protocol";
import { colour, type Theme, type Token } from "@atalaya/web/tokens";
import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from "maplibre-gl";
import { ELLIPSE_AT, ROLE_AT, Role, STRIDE, TRAIL_STRIDE, type TrackTable } from "../link/tracks.ts";

const TRAIL_S = 72;
const LEADER_S = 30;
/** Half the quad of a mark, px: room for danger rings and the corners of a chosen track. */
const QUAD_PX = 26;

/** From this zoom on every measured track shows its ellipse; below, those chosen and dangerous. */
const ELLIPSES_FROM_ZOOM = 13;
/** An ellipse that hides under its mark would only thicken it, px. */
const ELLIPSE_LEAST_PX = 11;
/** Steps around an ellipse. */
const ELLIPSE_STEPS = 48;

const KIND_TOKEN: Readonly<Record<(typeof TRACK_KINDS)[number], Token>> = {
  unknown: "unknown",
  suspect: "suspect",
  own: "own",
  authorised: "authorised",
  manned: "manned",
  bird: "lookalike",
  balloon: "lookalike",
  star: "lookalike",
};

/** Position carried on for at most ten seconds; beyond, the mark is coasting and stays. */
const CARRY = `
vec2 carried(vec2 place, vec2 speed, float since) { return place + speed * clamp(since, 0.0, 10.0); }`;

const MARK_VERTEX = `#version 300 es
precision highp float;
in vec2 corner;
in vec2 place; in vec2 speed; in vec4 rest; in vec4 error;
uniform mat4 matrix; uniform float time; uniform vec2 viewport; uniform float bearing; uniform float selected; uniform float frozen;
out vec2 local; out vec2 screen; flat out float kind; flat out float flags; flat out float chosen; flat out float role;
${CARRY}
void main() {
  float since = frozen > 0.5 ? 0.0 : time - rest.x;
  vec4 clip = matrix * vec4(carried(place, speed, since), 0.0, 1.0);
  float turn = rest.y - bearing;
  screen = corner * ${QUAD_PX.toFixed(1)};
  float c = cos(turn), s = sin(turn);
  // To the mark's own frame: y forward.
  local = vec2(screen.x * c - screen.y * s, screen.x * s + screen.y * c);
  kind = rest.z; flags = rest.w; role = error.w; chosen = float(gl_InstanceID) == selected ? 1.0 : 0.0;
  gl_Position = clip + vec4(screen * 2.0 / viewport * clip.w, 0.0, 0.0);
}`;

const MARK_FRAGMENT = `#version 300 es
precision highp float;
in vec2 local; in vec2 screen; flat in float kind; flat in float flags; flat in float chosen; flat in float role;
uniform vec3 colours[${TRACK_KINDS.length}]; uniform vec3 halo; uniform vec3 danger; uniform vec3 corners; uniform float frozen;
out vec4 result;
bool flag(float bit) { return mod(floor(flags / bit), 2.0) >= 1.0; }
float segment(vec2 p, vec2 a, vec2 b) { vec2 d = b - a; return length(p - a - d * clamp(dot(p - a, d) / dot(d, d), 0.0, 1.0)); }
float quad(vec2 p, vec2 a, vec2 b, vec2 c, vec2 d) {
  vec2 v[4]; v[0] = a; v[1] = b; v[2] = c; v[3] = d;
  float nearest = 1e9; bool inside = false;
  for (int i = 0, j = 3; i < 4; j = i, i++) {
    nearest = min(nearest, segment(p, v[i], v[j]));
    if ((v[i].y > p.y) != (v[j].y > p.y) && p.x < (v[j].x - v[i].x) * (p.y - v[i].y) / (v[j].y - v[i].y) + v[i].x) inside = !inside;
  }
  return inside ? -nearest : nearest;
}
float box(vec2 p, vec2 h) { vec2 d = abs(p) - h; return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0); }
float single(vec2 p) {
  if (kind < 0.5) return quad(p, vec2(0, 10), vec2(6.5, -8), vec2(0, -4), vec2(-6.5, -8));
  if (kind < 1.5) return quad(p, vec2(0, 10), vec2(5.5, 1), vec2(0, -9), vec2(-5.5, 1));
  float nose = quad(p, vec2(0, 11), vec2(3.5, 4), vec2(0, 3), vec2(-3.5, 4));
  if (kind < 2.5) return min(length(p + vec2(0, 1.5)) - 6.5, nose);
  if (kind < 3.5) return min(box(p + vec2(0, 1.5), vec2(5.8)), nose);
  if (kind < 4.5) return min(min(box(p, vec2(1.4, 9)), quad(p, vec2(0, 4), vec2(9.5, -2), vec2(0, -0.5), vec2(-9.5, -2))), quad(p, vec2(0, -5.5), vec2(4, -9), vec2(0, -8), vec2(-4, -9)));
  // A bird's two wings, upright whatever its course.
  if (kind < 5.5) { vec2 w = vec2(abs(screen.x) - 2.6, screen.y + 1.4); return max(abs(length(w) - 2.6) - 0.8, -0.4 - w.y); }
  return kind < 6.5 ? min(length(p - vec2(0, 2)) - 3.2, box(p + vec2(0, 4), vec2(0.5, 2.0))) : quad(p, vec2(0, 5), vec2(1.5, 0), vec2(0, -5), vec2(-1.5, 0));
}
/** Three for a group, one smaller for those that another stands for: a swarm is one thing to look at. */
float shape(vec2 p) {
  if (kind > 4.5 || role < 0.5) return single(p);
  if (role > 1.5) return single(p / 0.6) * 0.6;
  return min(single((p - vec2(0, 7)) / 0.62), min(single((p + vec2(7.5, 5)) / 0.62), single((p + vec2(-7.5, 5)) / 0.62))) * 0.62;
}
void main() {
  vec2 p = local;
  float d = shape(p);
  vec3 tint = colours[int(kind + 0.5)];
  bool hollow = flag(${TrackFlag.coasting.toFixed(1)}) || flag(${TrackFlag.tentative.toFixed(1)}) || flag(${TrackFlag.unverified.toFixed(1)}) || frozen > 0.5;
  // The small marks of a group are outlined without gaps: dashes would leave nothing of their shape.
  float dash = role > 0.5 ? 1.0 : step(0.45, fract((atan(p.y, p.x) / 6.28318) * 11.0));
  // The bird in its ring is too small to be dashed.
  float body = hollow && kind < 4.5 ? (1.0 - smoothstep(0.7, 1.5, abs(d + 0.8))) * dash : 1.0 - smoothstep(-0.6, 0.6, d);
  float around = 1.0 - smoothstep(1.0, 3.0, d);
  vec4 made = vec4(halo, around * 0.75);
  if (kind > 4.5) { float ring = (1.0 - smoothstep(0.6, 1.4, abs(length(p) - 9.0))) * dash; body = max(body, ring); }
  made = mix(made, vec4(tint, 1.0), body);
  float r = length(screen);
  if (flag(${TrackFlag.danger.toFixed(1)})) {
    float rings = max(1.0 - smoothstep(1.0, 1.9, abs(r - 16.0)), (1.0 - smoothstep(0.4, 1.1, abs(r - 20.0))) * 0.8);
    made = mix(made, vec4(danger, 1.0), rings);
  }
  if (chosen > 0.5) {
    vec2 a = abs(screen);
    float edge = max(a.x, a.y);
    float corner = (1.0 - smoothstep(0.8, 1.6, abs(edge - 23.5))) * step(15.0, min(a.x, a.y));
    made = mix(made, vec4(corners, 1.0), corner);
  }
  if (made.a < 0.01) discard;
  result = vec4(made.rgb * made.a, made.a);
}`;

const TRAIL_VERTEX = `#version 300 es
precision highp float;
in vec4 point;
uniform mat4 matrix; uniform float time;
out float age; flat out float kind;
void main() { age = time - point.z; kind = point.w; gl_Position = matrix * vec4(point.xy, 0.0, 1.0); }`;
const TRAIL_FRAGMENT = `#version 300 es
precision highp float;
in float age; flat in float kind;
uniform vec3 colours[${TRACK_KINDS.length}];
out vec4 result;
void main() {
  float strength = 0.8 * (1.0 - age / ${TRAIL_S.toFixed(1)});
  if (strength <= 0.0) discard;
  result = vec4(colours[int(kind + 0.5)] * strength, strength);
}`;

const LEADER_VERTEX = `#version 300 es
precision highp float;
in float end;
in vec2 place; in vec2 speed; in vec4 rest;
uniform mat4 matrix; uniform float time; uniform float frozen; uniform vec2 viewport;
flat out float kind;
${CARRY}
void main() {
  vec2 now = carried(place, speed, frozen > 0.5 ? 0.0 : time - rest.x);
  float ahead = end > 0.5 ? 1.0 : 0.0;
  vec4 clip = matrix * vec4(now + speed * ${LEADER_S.toFixed(1)} * ahead, 0.0, 1.0);
  // The tick at the end stands across the leader.
  float side = end > 2.5 ? 1.0 : end > 1.5 ? -1.0 : 0.0;
  vec2 across = length(speed) > 0.0 ? normalize(vec2(-speed.y, -speed.x)) : vec2(0.0);
  clip += vec4(vec2(across.x, across.y) * side * 5.0 * 2.0 / viewport * clip.w, 0.0, 0.0);
  kind = rest.z;
  gl_Position = length(speed) > 0.0 ? clip : vec4(2.0, 2.0, 2.0, 1.0);
}`;
const LEADER_FRAGMENT = `#version 300 es
precision highp float;
flat in float kind;
uniform vec3 colours[${TRACK_KINDS.length}];
out vec4 result;
void main() { result = vec4(colours[int(kind + 0.5)] * 0.75, 0.75); }`;

const ELLIPSE_VERTEX = `#version 300 es
precision highp float;
in vec2 ring;
in vec2 place; in vec2 speed; in vec4 rest; in vec4 error;
uniform mat4 matrix; uniform float time; uniform float frozen; uniform vec2 viewport;
out float across; flat out float kind;
${CARRY}
void main() {
  vec2 centre = carried(place, speed, frozen > 0.5 ? 0.0 : time - rest.x);
  // Azimuth is clockwise from north, and the map's y runs south.
  vec2 longer = error.x * vec2(sin(error.z), -cos(error.z));
  vec2 shorter = error.x * error.y * vec2(cos(error.z), sin(error.z));
  vec4 middle = matrix * vec4(centre, 0.0, 1.0);
  vec4 a = matrix * vec4(centre + longer, 0.0, 1.0);
  vec4 b = matrix * vec4(centre + shorter, 0.0, 1.0);
  vec2 pa = (a.xy / a.w - middle.xy / middle.w) * viewport / 2.0;
  vec2 pb = (b.xy / b.w - middle.xy / middle.w) * viewport / 2.0;
  float c = cos(ring.x), s = sin(ring.x);
  vec2 along = pb * c - pa * s;
  vec2 outward = vec2(along.y, -along.x) / max(length(along), 1e-3);
  across = ring.y * 1.6;
  kind = rest.z;
  vec2 place_px = pa * c + pb * s + outward * across;
  gl_Position = length(pa) < ${ELLIPSE_LEAST_PX.toFixed(1)} ? vec4(2.0, 2.0, 2.0, 1.0) : middle + vec4(place_px * 2.0 / viewport * middle.w, 0.0, 0.0);
}`;
const ELLIPSE_FRAGMENT = `#version 300 es
precision highp float;
in float across; flat in float kind;
uniform vec3 colours[${TRACK_KINDS.length}];
out vec4 result;
void main() {
  float strength = 0.85 * (1.0 - smoothstep(0.3, 1.3, abs(across)));
  result = vec4(colours[int(kind + 0.5)] * strength, strength);
}`;
/** Angle and side of each corner of the band around an ellipse. */
const RING: readonly number[] = Array.from({ length: ELLIPSE_STEPS + 1 }, (_, k) => (k / ELLIPSE_STEPS) * 2 * Math.PI).flatMap((angle) => [
  angle,
  -1,
  angle,
  1,
]);

function rgb(token: Token, theme: Theme): readonly [number, number, number] {
  const value = Number.parseInt(colour(token, theme).slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

function compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error("WebGL gave no shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true && !gl.isContextLost())
      throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost())
    throw new Error(gl.getProgramInfoLog(program) ?? "program");
  return program;
}

/** What the layer is told from outside before each drawing. */
export interface LayerView {
  readonly tracks: TrackTable;
  /** Sector time, Unix ms. */
  readonly nowMs: () => number;
  readonly selected: () => number | undefined;
  /** A stale picture: marks hollow, nothing carried on. */
  readonly frozen: () => boolean;
  readonly theme: () => Theme;
}

interface Programs {
  readonly mark: WebGLProgram;
  readonly trail: WebGLProgram;
  readonly leader: WebGLProgram;
  readonly marks: WebGLVertexArrayObject;
  readonly leaders: WebGLVertexArrayObject;
  readonly trails: WebGLVertexArrayObject;
  readonly instances: WebGLBuffer;
  readonly trailPoints: WebGLBuffer;
  readonly ellipse: WebGLProgram;
  readonly ellipses: WebGLVertexArrayObject;
  readonly errors: WebGLBuffer;
}

export class TrackLayer implements CustomLayerInterface {
  readonly id = "tracks";
  readonly type = "custom";
  readonly renderingMode = "2d";
  readonly #view: LayerView;
  #map: MapLibreMap | undefined;
  #programs: Programs | undefined;
  #version = -1;
  #trailSeen = -1;
  /** Rows of the tracks whose ellipses are drawn, and for what they were gathered. */
  #rows: Float32Array = new Float32Array(STRIDE * 64);
  #rowCount = 0;
  #gathered = "";

  constructor(view: LayerView) {
    this.#view = view;
  }

  /** Also called after a lost context has come back. */
  onAdd(map: MapLibreMap, context: WebGLRenderingContext | WebGL2RenderingContext): void {
    const gl = context as WebGL2RenderingContext;
    this.#map = map;
    this.#version = -1;
    this.#trailSeen = -1;
    this.#gathered = "";
    const mark = compile(gl, MARK_VERTEX, MARK_FRAGMENT);
    const trail = compile(gl, TRAIL_VERTEX, TRAIL_FRAGMENT);
    const leader = compile(gl, LEADER_VERTEX, LEADER_FRAGMENT);
    const instances = gl.createBuffer();
    const trailPoints = gl.createBuffer();
    const errors = gl.createBuffer();
    const ellipse = compile(gl, ELLIPSE_VERTEX, ELLIPSE_FRAGMENT);
    const perTrack = (program: WebGLProgram, rows: WebGLBuffer): void => {
      gl.bindBuffer(gl.ARRAY_BUFFER, rows);
      for (const [name, size, offset] of [
        ["place", 2, 0],
        ["speed", 2, 8],
        ["rest", 4, 16],
        ["error", 4, ELLIPSE_AT * 4],
      ] as const) {
        const at = gl.getAttribLocation(program, name);
        if (at < 0) continue;
        gl.enableVertexAttribArray(at);
        gl.vertexAttribPointer(at, size, gl.FLOAT, false, STRIDE * 4, offset);
        gl.vertexAttribDivisor(at, 1);
      }
    };
    const fixed = (program: WebGLProgram, name: string, size: number, values: readonly number[]): void => {
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, Float32Array.from(values), gl.STATIC_DRAW);
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, gl.FLOAT, false, 0, 0);
    };
    const marks = gl.createVertexArray();
    gl.bindVertexArray(marks);
    fixed(mark, "corner", 2, [-1, -1, 1, -1, -1, 1, 1, 1]);
    perTrack(mark, instances);
    const leaders = gl.createVertexArray();
    gl.bindVertexArray(leaders);
    fixed(leader, "end", 1, [0, 1, 2, 3]);
    perTrack(leader, instances);
    const ellipses = gl.createVertexArray();
    gl.bindVertexArray(ellipses);
    fixed(ellipse, "ring", 2, RING);
    perTrack(ellipse, errors);
    const trails = gl.createVertexArray();
    gl.bindVertexArray(trails);
    gl.bindBuffer(gl.ARRAY_BUFFER, trailPoints);
    gl.bufferData(gl.ARRAY_BUFFER, this.#view.tracks.trail.byteLength, gl.DYNAMIC_DRAW);
    const point = gl.getAttribLocation(trail, "point");
    gl.enableVertexAttribArray(point);
    gl.vertexAttribPointer(point, 4, gl.FLOAT, false, 0, 0);
    gl.bindVertexArray(null);
    this.#programs = { mark, trail, leader, marks, leaders, trails, instances, trailPoints, ellipse, ellipses, errors };
  }

  onRemove(): void {
    this.#programs = undefined;
  }

  render(context: WebGLRenderingContext | WebGL2RenderingContext, { defaultProjectionData }: CustomRenderMethodInput): void {
    const gl = context as WebGL2RenderingContext;
    const { tracks } = this.#view;
    const programs = this.#programs;
    const map = this.#map;
    if (programs === undefined || map === undefined || gl.isContextLost() || tracks.count === 0) return;
    this.#upload(gl, programs);
    const theme = this.#view.theme();
    const time = (this.#view.nowMs() - tracks.epochMs) / 1000;
    const frozen = this.#view.frozen() ? 1 : 0;
    const matrix = relativeTo(defaultProjectionData.mainMatrix, tracks.originX, tracks.originY);
    const { width, height } = map.getCanvas();
    // The map may be drawn finer than the screen is: on a wall it is shown larger than it is laid out.
    const ratio = map.getPixelRatio();
    const colours = Float32Array.from(TRACK_KINDS.flatMap((kind) => rgb(frozen === 1 ? "text-3" : KIND_TOKEN[kind], theme)));
    const use = (program: WebGLProgram): void => {
      gl.useProgram(program);
      gl.uniformMatrix4fv(gl.getUniformLocation(program, "matrix"), false, matrix);
      gl.uniform1f(gl.getUniformLocation(program, "time"), time);
      gl.uniform1f(gl.getUniformLocation(program, "frozen"), frozen);
      gl.uniform2f(gl.getUniformLocation(program, "viewport"), width / ratio, height / ratio);
      gl.uniform3fv(gl.getUniformLocation(program, "colours[0]"), colours);
    };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);

    use(programs.trail);
    gl.bindVertexArray(programs.trails);
    gl.drawArrays(gl.LINES, 0, tracks.trailCount * 2);

    use(programs.leader);
    gl.bindVertexArray(programs.leaders);
    if (frozen === 0) gl.drawArraysInstanced(gl.LINES, 0, 4, tracks.count);

    this.#gather(gl, programs, map.getZoom() >= ELLIPSES_FROM_ZOOM);
    use(programs.ellipse);
    gl.bindVertexArray(programs.ellipses);
    if (this.#rowCount > 0) gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, RING.length / 2, this.#rowCount);

    use(programs.mark);
    gl.uniform1f(gl.getUniformLocation(programs.mark, "bearing"), (map.getBearing() * Math.PI) / 180);
    const selected = this.#view.selected();
    gl.uniform1f(gl.getUniformLocation(programs.mark, "selected"), selected === undefined ? -1 : tracks.indexOf(selected));
    gl.uniform3fv(gl.getUniformLocation(programs.mark, "halo"), rgb("map-land", theme));
    gl.uniform3fv(gl.getUniformLocation(programs.mark, "danger"), rgb("warning", theme));
    gl.uniform3fv(gl.getUniformLocation(programs.mark, "corners"), rgb("text", theme));
    gl.bindVertexArray(programs.marks);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, tracks.count);
    gl.bindVertexArray(null);
  }

  /** Rows of the tracks whose ellipses are to be seen, when that has changed. */
  #gather(gl: WebGL2RenderingContext, { errors }: Programs, all: boolean): void {
    const { tracks } = this.#view;
    const selected = this.#view.selected() ?? -1;
    const wanted = `${tracks.version} ${selected} ${all}`;
    if (wanted === this.#gathered) return;
    this.#gathered = wanted;
    this.#rowCount = 0;
    const { data } = tracks;
    const chosen = tracks.indexOf(selected);
    for (let k = 0; k < tracks.count; k += 1) {
      const at = k * STRIDE;
      if ((data[at + ELLIPSE_AT] ?? 0) === 0) continue;
      const dangerous = ((data[at + 7] ?? 0) & TrackFlag.danger) !== 0;
      // A group has one ellipse on the map: that of the track that stands for it.
      const member = data[at + ROLE_AT] === Role.member;
      if (k !== chosen && (member || !(all || dangerous))) continue;
      if ((this.#rowCount + 1) * STRIDE > this.#rows.length) {
        const grown = new Float32Array(this.#rows.length * 2);
        grown.set(this.#rows);
        this.#rows = grown;
      }
      this.#rows.set(data.subarray(at, at + STRIDE), this.#rowCount * STRIDE);
      this.#rowCount += 1;
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, errors);
    gl.bufferData(gl.ARRAY_BUFFER, this.#rows.subarray(0, this.#rowCount * STRIDE), gl.DYNAMIC_DRAW);
  }

  #upload(gl: WebGL2RenderingContext, { instances, trailPoints }: Programs): void {
    const { tracks } = this.#view;
    if (tracks.version === this.#version) return;
    this.#version = tracks.version;
    gl.bindBuffer(gl.ARRAY_BUFFER, instances);
    gl.bufferData(gl.ARRAY_BUFFER, tracks.data.subarray(0, tracks.count * STRIDE), gl.DYNAMIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, trailPoints);
    // Only the segments that are new, in one piece or, where the ring begins again, in two.
    const floats = TRAIL_STRIDE * 2;
    const put = (from: number, to: number): void => {
      if (to > from) gl.bufferSubData(gl.ARRAY_BUFFER, from * floats * 4, tracks.trail, from * floats, (to - from) * floats);
    };
    if (this.#trailSeen < 0) put(0, tracks.trailCount);
    else if (tracks.trailNext >= this.#trailSeen) put(this.#trailSeen, tracks.trailNext);
    else {
      put(this.#trailSeen, tracks.trail.length / floats);
      put(0, tracks.trailNext);
    }
    this.#trailSeen = tracks.trailNext;
  }
}

/** The map's matrix for positions relative to an origin, multiplied in double precision. */
function relativeTo(matrix: ArrayLike<number>, x: number, y: number): Float32Array {
  const out = new Float32Array(16);
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 3; column += 1) out[column * 4 + row] = matrix[column * 4 + row] ?? 0;
    out[12 + row] = (matrix[row] ?? 0) * x + (matrix[4 + row] ?? 0) * y + (matrix[12 + row] ?? 0);
  }
  return out;
}
