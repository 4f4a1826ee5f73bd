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
  /** GET AccountName[]: who a browser can be signed in as. */
  accountNames: `${API}/account-names`,
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
  /** POST OutletTest with a device's uid → {ok, detail}. */
  takTest: `${API}/tak/test`,
  /** GET TakHeard: what devices in TAK said. */
  takHeard: `${API}/tak/heard`,
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
  /** POST JoinRequest → the cookie of a session of role `field`, and DeviceInfo. */
  join: `${API}/join`,
  /** POST → JoinCode for this person. */
  joinCode: (personId: string): string => `${API}/people/${encodeURIComponent(personId)}/join-code`,
  /** GET FieldDoor. */
  fieldDoor: `${API}/field-door`,
  /** GET Device[] of this person. */
  devices: (personId: string): string => `${API}/people/${encodeURIComponent(personId)}/devices`,
  /** DELETE: revoked; its session and stream end. */
  deviceOf: (personId: string, device: string): string =>
    `${API}/people/${encodeURIComponent(personId)}/devices/${encodeURIComponent(device)}`,
  /** GET DeviceInfo. */
  device: `${API}/device`,
  /** PUT DeviceShift → DeviceInfo. */
  deviceShift: `${API}/device/shift`,
  /** POST Heartbeat → HeartbeatAnswer. */
  heartbeat: `${API}/device/heartbeat`,
  /** POST DeviceAnswer. */
  deviceAnswers: `${API}/device/answers`,
  /** GET MyReport[], newest first, at most 100. */
  myReports: `${API}/device/reports`,
  /** GET TeamReport[] on a leader's device. */
  teamReports: `${API}/device/team-reports`,
  /** GET OwnReliability. */
  ownReliability: `${API}/device/reliability`,
  /** POST NewReport → ReportReceipt; GET ReportQueue (officers). */
  reports: `${API}/reports`,
  /** POST NewReport → ReportPreview (officers); nothing is kept. */
  reportPreview: `${API}/reports/preview`,
  /** GET Report. */
  report: (id: string): string => `${API}/reports/${encodeURIComponent(id)}`,
  /** POST MoreSeen → ReportReceipt, by the reporter. */
  reportMore: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/more`,
  /** POST: opened by whom the session says, on that side. */
  reportOpened: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/opened`,
  /** POST NewOutcome. */
  reportOutcome: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/outcome`,
  /** POST: the reporter has seen what came of it, or an officer has told them. */
  reportTold: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/told`,
  /** POST TakeBack, by the reporter or an officer. */
  reportTakenBack: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/taken-back`,
  /** POST NewQuestion (officers). */
  reportQuestions: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/questions`,
  /** POST NewAnswer, by the reporter or by an officer who heard it. */
  reportAnswers: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/answers`,
  /** GET LookAlikes: what it might be instead of a drone. */
  reportLookAlikes: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/look-alikes`,
  trackLookAlikes: (number: number): string => `${API}/tracks/${number}/look-alikes`,
  /** PUT IncidentChoice. */
  reportIncident: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/incident`,
  /** POST → Grading, and the look is kept; PUT NewGrade. */
  reportGrading: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/grading`,
  /** POST NewMedia → MediaState. */
  reportMedia: (id: string): string => `${API}/reports/${encodeURIComponent(id)}/media`,
  /** GET MediaState; PUT application/octet-stream of at most MEDIA_CHUNK_BYTES with `?offset=` → MediaState. */
  media: (id: string): string => `${API}/media/${encodeURIComponent(id)}`,
  /** POST LookPurpose → the copy, without its location data. */
  mediaLook: (id: string): string => `${API}/media/${encodeURIComponent(id)}/look`,
  /** GET WarningDetail: each person's steps with their times. */
  warning: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}`,
  /** POST KeyedAnswer: an officer heard it. */
  answer: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/answer`,
  /** POST LevelDecision. */
  decision: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/decision`,
  /** POST StandDown. */
  standDown: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/stand-down`,
  /** POST HelpClosing. */
  helpClosed: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/help-closed`,
  /** POST: whoever has not answered goes on to the next step of escalation now. */
  escalate: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/escalate`,
  /** POST NewReview of a danger that is over → WarningDetail. */
  review: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/review`,
  /** PUT Shelving, DELETE. */
  shelf: (id: string): string => `${API}/warnings/${encodeURIComponent(id)}/shelf`,
  /** GET StrayAnswer[]: answers that belong to no ladder. */
  strayAnswers: `${API}/answers/stray`,
  /** GET Calm. */
  calm: `${API}/calm`,
  /** GET HandOver: of the last twelve hours, or since `?sinceMs=`. */
  handOver: `${API}/hand-over`,
  /** GET Mute[], POST NewMute; DELETE …/:id, where the id is the source's or `source/sensor`. */
  mutes: `${API}/mutes`,
  mute: (source: string): string => `${API}/mutes/${encodeURIComponent(source)}`,
  /** GET DangerRules in force; PUT the next set. */
  rules: `${API}/rules`,
  /** POST PreviewRequest → PreviewAnswer. */
  rulesPreview: `${API}/rules/preview`,
  /** GET Person[]; PUT PersonDefinition, DELETE. */
  people: `${API}/people`,
  person: (id: string): string => `${API}/people/${encodeURIComponent(id)}`,
  /** PUT Shift. */
  shift: (id: string): string => `${API}/people/${encodeURIComponent(id)}/shift`,
  /** PUT PersonPlace: where an officer was told that somebody is. */
  personPlace: (id: string): string => `${API}/people/${encodeURIComponent(id)}/place`,
  /** GET, PUT Staff of a post. */
  staff: (zoneId: string): string => `${API}/zones/${encodeURIComponent(zoneId)}/staff`,
  /** GET AuthorisedDrone[]; PUT AuthorisedDrone, DELETE. */
  authorisedDrones: `${API}/authorised-drones`,
  authorisedDrone: (id: string): string => `${API}/authorised-drones/${encodeURIComponent(id)}`,
  /** GET Sky: orbital elements and winds. */
  sky: `${API}/sky`,
  /** PUT NewElements → SkyElements, DELETE. */
  skyElements: (id: string): string => `${API}/sky/elements/${encodeURIComponent(id)}`,
  /** PUT NewWind → Wind, DELETE. */
  wind: (id: string): string => `${API}/sky/winds/${encodeURIComponent(id)}`,
  /** GET Landmark[]; PUT Landmark, DELETE. */
  landmarks: `${API}/landmarks`,
  landmark: (id: string): string => `${API}/landmarks/${encodeURIComponent(id)}`,
  /** GET DrillReach; PUT DrillScope: whom and what a drill may reach. Written again, a drill that a real danger paused goes on. */
  drillScope: `${API}/drill/scope`,
  /** GET Outlet[]; POST NewOutlet → OutletMade. */
  outlets: `${API}/outlets`,
  /** DELETE. */
  outlet: (id: string): string => `${API}/outlets/${encodeURIComponent(id)}`,
  /** GET OutletChange[], the newest first. */
  outletChanges: `${API}/outlet-changes`,
  /** POST OutletTest → OutletTested. */
  outletTest: (id: string): string => `${API}/outlets/${encodeURIComponent(id)}/test`,
  /** GET an Atom feed of CAP alerts, with a session or the feed's key (Bearer, or as Basic password). */
  cap: `${API}/cap`,
  capAlert: (identifier: string): string => `${API}/cap/${encodeURIComponent(identifier)}`,
  /** GET MemoSource[], newest first; POST NewMemoSource → MemoSource. */
  memoSources: `${API}/memo/sources`,
  /** GET MemoSource. */
  memoSource: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}`,
  /** PUT application/octet-stream of at most DOCUMENT_PIECE_BYTES with `?offset=` → MemoSource. */
  memoSourceContent: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}/content`,
  /** POST LookPurpose → the bytes as they came, for download; the look is on record first. */
  memoSourceLook: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}/look`,
  /** PUT NewReliability → MemoSource. */
  memoSourceReliability: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}/reliability`,
  /** PUT NewHandling → MemoSource. */
  memoSourceHandling: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}/handling`,
  /** PUT NewCitations → MemoSource. */
  memoSourceCites: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}/cites`,
  /** POST SourceVerdict → MemoSource. */
  memoSourceVerdict: (id: string): string => `${API}/memo/sources/${encodeURIComponent(id)}/verdict`,
  /** GET Claim[], newest first; POST NewClaim → Claim. */
  memoClaims: `${API}/memo/claims`,
  /** GET Claim; PUT ClaimEdit → Claim. */
  memoClaim: (id: string): string => `${API}/memo/claims/${encodeURIComponent(id)}`,
  /** PUT ClaimSources → Claim. */
  memoClaimSources: (id: string): string => `${API}/memo/claims/${encodeURIComponent(id)}/sources`,
  /** PUT NewCredibility → Claim. */
  memoClaimCredibility: (id: string): string => `${API}/memo/claims/${encodeURIComponent(id)}/credibility`,
  /** PUT ClaimLink → Claim; DELETE with the same as a query. */
  memoClaimLinks: (id: string): string => `${API}/memo/claims/${encodeURIComponent(id)}/links`,
  /** POST ClaimVerdict → Claim. */
  memoClaimVerdict: (id: string): string => `${API}/memo/claims/${encodeURIComponent(id)}/verdict`,
  /** GET MemoNews[], newest first. */
  memoChanges: `${API}/memo/changes`,
  /** GET, PUT MemoRules. */
  memoRules: `${API}/memo/rules`,
  /** GET BulletinSummary[], newest first; POST NewBulletin → Bulletin. */
  bulletins: `${API}/bulletins`,
  /** GET Bulletin. */
  bulletin: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}`,
  /** POST: begins the next version from the one that is out; DELETE: drops it. → Bulletin */
  bulletinDraft: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft`,
  /** PUT PartEdit → BulletinDraft. */
  bulletinPart: (id: string, key: string, language: "en" | "es"): string =>
    `${API}/bulletins/${encodeURIComponent(id)}/draft/parts/${encodeURIComponent(key)}/${language}`,
  /** PUT ActionsEdit → BulletinDraft. */
  bulletinActions: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft/actions`,
  /** PUT CarryEdit → BulletinDraft. */
  bulletinCarry: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft/carry`,
  /** PUT QuestionEdit → BulletinDraft. */
  bulletinQuestion: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft/question`,
  /** PUT SettingsEdit → BulletinDraft. */
  bulletinSettings: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft/settings`,
  /** POST Approval → BulletinDraft. */
  bulletinApprovals: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft/approvals`,
  /** POST: release is asked for → BulletinDraft. */
  bulletinAsked: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/draft/asked`,
  /** POST Release → Bulletin, on disk. */
  bulletinRelease: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/release`,
  /** POST Withdrawal → Bulletin. */
  bulletinWithdrawn: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/withdrawn`,
  /** GET BulletinPerson[]: overdue first, then by name; `?overdue=true`: those alone. */
  bulletinPeople: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/people`,
  /** POST Muster → BulletinPerson[] of those who were there. */
  bulletinMuster: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/muster`,
  /** POST KeyedConfirmation → BulletinPerson. */
  bulletinKeyed: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/keyed`,
  /** GET → application/pdf: one A4 page; `?version=N&language=en|es|both`. Refused: too-long, and how much; marking. */
  bulletinPrint: (id: string): string => `${API}/bulletins/${encodeURIComponent(id)}/print`,
  /** GET OverdueBulletin[]: everybody who is overdue. */
  overdueBulletins: `${API}/overdue-bulletins`,
  /** GET Readiness. */
  readiness: `${API}/readiness`,
  /** PUT NewThreatLevel. */
  threatLevel: `${API}/readiness/threat-level`,
  /** GET, PUT CarryLists. */
  carryLists: `${API}/readiness/carry-lists`,
  /** PUT OutingDefinition, DELETE. */
  outing: (id: string): string => `${API}/readiness/outings/${encodeURIComponent(id)}`,
  /** POST NewRemedy. */
  remedies: (personId: string): string => `${API}/readiness/people/${encodeURIComponent(personId)}/remedies`,
  /** PUT NewTraining. */
  training: (personId: string): string => `${API}/readiness/people/${encodeURIComponent(personId)}/training`,
  /** GET DeviceBulletin[]: in force for this person, and ended within a week; newest first, at most 50. */
  deviceBulletins: `${API}/device/bulletins`,
  /** POST BulletinEvent → DeviceBulletin, on disk. */
  deviceBulletinEvents: (id: string): string => `${API}/device/bulletins/${encodeURIComponent(id)}/events`,
  /** GET OverdueBulletin[] of the teams that this person leads. */
  deviceOverdue: `${API}/device/overdue-bulletins`,
  /** GET DeviceKit; PUT KitAnswers → DeviceKit. */
  deviceKit: `${API}/device/kit`,
  /** GET Kept. */
  deviceKept: `${API}/device/kept`,
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
/** Where the field app lives; it is the whole scope of its service worker. */
export const FIELD_PATH = "/field";
/** The certificate of the hub's own authority, for a phone that is to trust it. */
export const FIELD_AUTHORITY_PATH = "/field/ca.crt";
