// Who may call which route: the one table. A route that is not in it is not served.
import type { Role } from "./identity.ts";

/** `public`: anyone; `source`: a source's key; `local`: a token made on the hub's own machine, good once; else the least role of a session. */
export type Access = "public" | "source" | "local" | Role;

const RANK: Readonly<Record<Role, number>> = { field: 0, viewer: 1, officer: 2, owner: 3 };

export function mayAct(role: Role, least: Role): boolean {
  return RANK[role] >= RANK[least];
}

const policy: Readonly<Record<string, Access>> = {
  "GET /healthz": "public",
  "GET /readyz": "public",
  // The console's own files: they hold no data.
  "GET /": "public",
  "GET /setup": "public",
  "GET /*": "public",
  "GET /field": "public",
  "GET /field/*": "public",
  // A certificate is public; whom to trust, a person decides by its fingerprint.
  "GET /field/ca.crt": "public",
  "POST /api/v1/owner": "public",
  "POST /api/v1/session": "public",
  "GET /api/v1/session": "field",
  "DELETE /api/v1/session": "field",
  "PUT /api/v1/session/password": "viewer",
  "GET /api/v1/users": "owner",
  "POST /api/v1/users": "owner",
  // Who sets up a person chooses the account of their browser: by name, without roles.
  "GET /api/v1/account-names": "officer",
  "DELETE /api/v1/users/:id": "owner",
  "GET /api/v1/certificates": "owner",
  "POST /api/v1/certificates": "owner",
  "DELETE /api/v1/certificates/:serial": "owner",
  "GET /api/v1/authority": "owner",
  "GET /api/v1/sources": "viewer",
  "POST /api/v1/sources": "owner",
  "DELETE /api/v1/sources/:id": "owner",
  "POST /api/v1/frames": "source",
  "POST /api/v1/detections": "source",
  "GET /api/v1/detections/schema": "viewer",
  "GET /api/v1/sensors": "viewer",
  "POST /api/v1/tak/test": "owner",
  // It says where our people are, and what they said.
  "GET /api/v1/tak/heard": "officer",
  // A drill fills the watch's screen: who sets up a synthetic source is the owner, or has the hub's machine under his hands.
  "POST /api/v1/drill": "local",
  "DELETE /api/v1/drill": "source",
  "GET /api/v1/tracks": "viewer",
  "GET /api/v1/tracks/:number": "viewer",
  "POST /api/v1/tracks/:number/operator": "officer",
  "GET /api/v1/zones": "viewer",
  "PUT /api/v1/zones/:id": "officer",
  "DELETE /api/v1/zones/:id": "officer",
  "GET /api/v1/warnings": "viewer",
  "POST /api/v1/warnings/:id/acknowledge": "officer",
  "POST /api/v1/warnings/:id/clear": "officer",
  // Each person's way through a warning says where our people were.
  "GET /api/v1/warnings/:id": "officer",
  "POST /api/v1/warnings/:id/stand-down": "officer",
  "POST /api/v1/warnings/:id/answer": "officer",
  "POST /api/v1/warnings/:id/decision": "officer",
  "POST /api/v1/warnings/:id/help-closed": "officer",
  "POST /api/v1/warnings/:id/escalate": "officer",
  "POST /api/v1/warnings/:id/review": "officer",
  "PUT /api/v1/warnings/:id/shelf": "officer",
  "DELETE /api/v1/warnings/:id/shelf": "officer",
  "GET /api/v1/answers/stray": "officer",
  "GET /api/v1/calm": "viewer",
  "GET /api/v1/hand-over": "officer",
  "GET /api/v1/mutes": "viewer",
  "POST /api/v1/mutes": "officer",
  "DELETE /api/v1/mutes/:id": "officer",
  "GET /api/v1/rules": "viewer",
  "PUT /api/v1/rules": "owner",
  "POST /api/v1/rules/preview": "officer",
  "GET /api/v1/people": "officer",
  "PUT /api/v1/people/:id": "officer",
  "DELETE /api/v1/people/:id": "officer",
  "PUT /api/v1/people/:id/shift": "officer",
  "PUT /api/v1/people/:id/place": "officer",
  "GET /api/v1/zones/:id/staff": "officer",
  "PUT /api/v1/zones/:id/staff": "officer",
  // What nobody is warned of: an own drone inside its area and time.
  "GET /api/v1/authorised-drones": "viewer",
  "PUT /api/v1/authorised-drones/:id": "officer",
  "DELETE /api/v1/authorised-drones/:id": "officer",
  "GET /api/v1/drill/scope": "officer",
  "PUT /api/v1/drill/scope": "officer",
  // Whom an outlet reaches and how is the officers' matter; where the hub sends to is the owner's.
  "GET /api/v1/outlets": "officer",
  "GET /api/v1/outlet-changes": "officer",
  "POST /api/v1/outlets": "owner",
  "DELETE /api/v1/outlets/:id": "owner",
  "POST /api/v1/outlets/:id/test": "officer",
  // Also with the feed's own key.
  "GET /api/v1/cap": "viewer",
  "GET /api/v1/cap/:id": "viewer",
  // Devices in the field: each speaks for its own person; what a route shows or takes is theirs alone.
  "POST /api/v1/join": "public",
  "POST /api/v1/people/:id/join-code": "officer",
  "GET /api/v1/field-door": "officer",
  "GET /api/v1/people/:id/devices": "officer",
  "DELETE /api/v1/people/:id/devices/:device": "officer",
  "GET /api/v1/device": "field",
  "PUT /api/v1/device/shift": "field",
  "POST /api/v1/device/heartbeat": "field",
  "POST /api/v1/device/answers": "field",
  "GET /api/v1/device/reports": "field",
  "GET /api/v1/device/team-reports": "field",
  "GET /api/v1/device/reliability": "field",
  "POST /api/v1/reports": "field",
  "GET /api/v1/reports": "officer",
  "GET /api/v1/reports/:id": "officer",
  // By an officer, or by a leader of the reporter's team.
  "POST /api/v1/reports/:id/opened": "field",
  // By the reporter, or by an officer for them.
  "POST /api/v1/reports/:id/more": "field",
  "POST /api/v1/reports/:id/told": "field",
  "POST /api/v1/reports/:id/taken-back": "field",
  "POST /api/v1/reports/:id/answers": "field",
  "POST /api/v1/reports/:id/media": "field",
  "GET /api/v1/media/:id": "field",
  "PUT /api/v1/media/:id": "field",
  "GET /api/v1/reports/:id/look-alikes": "officer",
  "GET /api/v1/tracks/:number/look-alikes": "viewer",
  "POST /api/v1/reports/:id/outcome": "officer",
  "POST /api/v1/reports/:id/questions": "officer",
  "PUT /api/v1/reports/:id/incident": "officer",
  "POST /api/v1/reports/:id/grading": "officer",
  "PUT /api/v1/reports/:id/grading": "officer",
  "POST /api/v1/media/:id/look": "officer",
  "GET /api/v1/journal/head": "viewer",
  "GET /api/v1/health": "viewer",
  "GET /api/v1/stream": "field",
  "GET /openapi.json": "viewer",
  "GET /docs": "viewer",
  "GET /docs/*": "viewer",
  "GET /metrics": "viewer",
  "GET /basemap/base.pmtiles": "field",
  "GET /basemap/user.pmtiles": "field",
};

/** What a route asks for; undefined: it is not in the table. The parts of the API's own page count as the page. */
export function accessTo(method: string, url: string): Access | undefined {
  return policy[`${method} ${url}`] ?? (method === "GET" && url.startsWith("/docs/") ? policy["GET /docs/*"] : undefined);
}
