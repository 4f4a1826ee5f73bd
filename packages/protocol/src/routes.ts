// The hub's paths, written once for hub, console and tests.
export const API = "/api/v1";

export const paths = {
  /** POST NewOwner with the one-time token → SessionInfo and the session cookie. */
  owner: `${API}/owner`,
  /** POST Credentials → SessionInfo and cookie; GET → SessionInfo; DELETE → signed out. */
  session: `${API}/session`,
  /** PUT NewPassword → signed out everywhere. */
  password: `${API}/session/password`,
  users: `${API}/users`,
  user: (id: string): string => `${API}/users/${encodeURIComponent(id)}`,
  /** GET Certificate[]; POST NewCertificate → Enrolment; DELETE …/:serial: taken back. */
  certificates: `${API}/certificates`,
  certificate: (serial: string): string => `${API}/certificates/${encodeURIComponent(serial)}`,
  /** GET Authority. */
  authority: `${API}/authority`,
  sources: `${API}/sources`,
  source: (id: string): string => `${API}/sources/${encodeURIComponent(id)}`,
  /** POST NDJSON frames with the source's own key: `Authorization: Bearer KEY`. */
  frames: `${API}/frames`,
  /** POST lines of the detection format with the source's own key → LinesTaken. */
  detections: `${API}/detections`,
  /** GET the JSON Schema of such a line. */
  detectionsSchema: `${API}/detections/schema`,
  sensors: `${API}/sensors`,
  /** POST {name} with a token that was made on the hub's own machine → DrillBegun; DELETE with the drill's key → it has ended. */
  drill: `${API}/drill`,
  tracks: `${API}/tracks`,
  track: (number: number): string => `${API}/tracks/${number}`,
  /** POST OperatorRequest → { positions: OperatorPosition[] }; each look is an entry. */
  operator: (number: number): string => `${API}/tracks/${number}/operator`,
  zones: `${API}/zones`,
  /** PUT Zone, DELETE. */
  zone: (id: string): string => `${API}/zones/${encodeURIComponent(id)}`,
  warnings: `${API}/warnings`,
  acknowledge: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/acknowledge`,
  clear: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/clear`,
  head: `${API}/journal/head`,
  health: `${API}/health`,
  stream: `${API}/stream`,
  openapi: "/openapi.json",
  docs: "/docs",
  metrics: "/metrics",
  basemap: "/basemap/base.pmtiles",
  userBasemap: "/basemap/user.pmtiles",
} as const;

/** Header that every state-changing request of a session carries; a cross-site form cannot set it. */
export const CSRF_HEADER = "x-atalaya";
/** The one-time link of the first start: the token stands in the fragment, so that no server log ever holds it. */
export const SETUP_PATH = "/setup";
