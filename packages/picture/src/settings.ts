// Every threshold and limit of the picture, as data, with where it comes from and what happens at the limit.
import type { SourceKind } from "./entry.ts";

export interface Settings {
  /** Interval at which danger, silence and age are judged, µs. Boundaries are multiples of it, so that the way time is cut does not matter. */
  readonly tickUs: number;
  /** A track not heard for this long coasts; for this long, it has ended. */
  readonly coastAfterUs: number;
  readonly endAfterUs: number;
  /** A track that was never confirmed ends after this; one in danger stays until its warning is cleared, and is shown as lost. */
  readonly tentativeEndAfterUs: number;
  /** Positions needed before a track is confirmed. */
  readonly confirmPositions: number;
  /** Points kept of one track, one per step at most; the oldest go first. */
  readonly historyPoints: number;
  readonly historyStepUs: number;
  /** Points kept of all tracks together: shared out evenly, but never fewer than the least per track. Keeps snapshots below 50 MB. */
  readonly historyPointsTotal: number;
  readonly historyPointsLeast: number;
  /** Points kept of the way of one danger, for the incident; at the limit every second one goes. The first lie so long before it was raised. */
  readonly pathPoints: number;
  readonly pathStepUs: number;
  readonly pathBeforeUs: number;
  /** Reviews kept of one incident; beyond, the oldest goes. */
  readonly maxReviews: number;
  /** Changes of the outlets that are remembered for their page; older ones are in the journal. */
  readonly outletChanges: number;
  /** A source that sent nothing for this long is silent, by kind: a broker may be quiet for longer than a radio that hears every beacon. */
  readonly silentAfterUs: Readonly<Record<SourceKind, number>>;
  /** A receiver's own time is used when it lies within this of the time of arrival; beyond, its clock is called off. */
  readonly clockToleranceUs: number;
  /** A detection may be this much older than its arrival, a person's report this much: older ones count as of their arrival. Ours. */
  readonly lateDetectionUs: number;
  readonly lateReportUs: number;

  // Plausibility. Values after the checks of open receivers (facts on Remote ID, §8), but for those marked as ours.
  readonly maxSpeedMps: number;
  readonly maxClimbMps: number;
  /** Change of the broadcast height from one position to the next, per second. */
  readonly maxHeightRateMps: number;
  readonly maxAccelerationMps2: number;
  readonly maxJumpM: number;
  /** Jumps within this time count; ours, since a receiver may lose an aircraft for a while. */
  readonly jumpWithinS: number;
  readonly maxOperatorDistanceM: number;
  /** One identity heard in two places further apart than this is not one aircraft; ours: ten times the worst horizontal accuracy that is usual. */
  readonly sameAircraftM: number;
  /** The time in a Location message may differ from the time of arrival by this; ours: latency, a leap second and a slow clock. */
  readonly messageClockToleranceS: number;
  readonly messageClockBackS: number;

  // Limits.
  /** New tracks beyond this many in ten seconds from one source are a flood: counted, named, not drawn. Tracks that stand are not touched. */
  readonly newTracksPer10s: number;
  /** Kept apart from that for transmitters heard for a while already: ghosts come and go, an aircraft goes on sending. */
  readonly newPersistentTracksPer10s: number;
  readonly persistentAfterUs: number;
  /** Tracks that stand at once; beyond, new ones are refused and counted on their source. None that stands gives way. */
  readonly maxTracks: number;
  /** Transmitters without a track remembered; beyond, the one that was silent longest is forgotten. */
  readonly maxEmitters: number;
  /** Transmitter addresses bound to one track; beyond, the oldest is forgotten. */
  readonly maxAddressesPerTrack: number;
  readonly maxSources: number;
  /** Sensors declared by one source, and by all; beyond, a further declaration is refused and counted. One that stands may be declared anew. */
  readonly maxSensorsPerSource: number;
  readonly maxSensors: number;
  readonly maxZones: number;
  /** Cleared warnings kept for reading; beyond, the oldest is forgotten. One that stands is never forgotten. */
  readonly maxClearedWarnings: number;
  /** Advisories and cautions standing on one zone; beyond, more are counted, not raised. The zone is alarmed already. */
  readonly maxStandingPerZone: number;
  /** The same for warnings: they have room of their own above the cautions. */
  readonly maxWarningsPerZone: number;
  readonly maxFindingsPerTrack: number;
  readonly maxIdentitiesPerTrack: number;
  readonly maxSourcesPerTrack: number;

  // Aircraft with transponders.
  /** Further from the sector's centre than this they are counted and left out, m; one that has a track is followed a tenth further. */
  readonly aircraftWithinM: number;
  /** Aircraft remembered of one receiver; beyond, one that was not heard lately makes room. Ours: a busy receiver hears some 500. */
  readonly maxAircraftPerSource: number;
  /** Receivers of aircraft at once; beyond, what a further one says is counted as refused. */
  readonly maxAircraftTables: number;

  // Fusion.
  /** How far a measured track may be off and still be told, m, on the map. */
  readonly trackToleranceM: number;
  /** Tracks of the tracker at most, tentative ones included; beyond, the least likely that never proved real are shed, and health says so. */
  readonly maxTrackerTracks: number;
  /** Probability from which a class is shown, and below which it is taken back. */
  readonly classAbove: number;
  readonly classBelow: number;
  /** A claim that the sensors which look contradict for this long is told at the lowest level only. */
  readonly unseenAfterUs: number;

  // Our own people.
  /** A position of one of us is forgotten so long after it came, a message, and where a sensor looks: each well before its entry is purged. */
  readonly ownPositionKeptUs: number;
  readonly ownMessageKeptUs: number;
  readonly pointingKeptUs: number;
  /** Beyond: positions and directions give up the one that was renewed longest ago, messages and certificates the oldest; of those, fewer ever stand at once. */
  readonly maxOwnPositions: number;
  readonly maxOwnMessages: number;
  readonly maxPointings: number;
  readonly maxCertificates: number;

  // Danger.
  /** A track counts as above a ceiling only from this far above it: the height that is broadcast wavers. */
  readonly ceilingMarginM: number;
  /** A lower level must hold this long before a warning steps down; no danger this long before it is cleared. */
  readonly stepDownAfterUs: number;
  readonly clearAfterUs: number;
  /** A warning whose track is lost stays this long after it was last heard. */
  readonly lostClearAfterUs: number;
  /** The same for a body that its tracker never found sure enough: nothing is known to have been there. */
  readonly unconfirmedClearAfterUs: number;
  /** Figures of a standing warning are refreshed this often. */
  readonly refreshUs: number;
  /** Bodies that are not sure yet are told only this near a person or post, and from this existence on. */
  readonly tentativeNearM: number;
  readonly tentativeExistence: number;
  /** False alarms in a scan at which a sensor's single plot is as likely one as not, beside the new bodies that are expected. */
  readonly firstPlotHalf: number;
  /** A body of fewer plots that is younger than this, or below the existence above, is told quietly even where it is close. */
  readonly provenPlots: number;
  readonly provenUs: number;
  /** A body below this existence warns of a caution at most: it is more likely gone, or never was. */
  readonly presentExistence: number;
  /** One that is younger than this and below this existence is told quietly, unless it is close: two ghosts in a row make a course too. */
  readonly heldUs: number;
  readonly heldExistence: number;
  /** The course of a body is a reason for a warning once it is as old as this, or when it arrives within this many seconds; close is close at once. */
  readonly settledUs: number;
  readonly settledWithinS: number;
  /** The course of a body is a reason for a caution once it has been held for this long: there is time, and what it is shows meanwhile. */
  readonly courseHeldUs: number;
  /** What begins this near to a bird, or where a bird can have flown since, is that bird while more than this of what it is remains unknown, and for so long at most. */
  readonly birdM: number;
  readonly birdMps: number;
  readonly birdMostM: number;
  readonly birdGoneUs: number;
  readonly takenForUnknown: number;
  readonly takenForUs: number;
  /** Probability of a bird from which a body is told quietly; and in its first seconds, when it is taken for one rather than for a drone. */
  readonly birdLikely: number;
  readonly birdAtFirst: number;
  readonly birdFirstUs: number;
  /** Tracks nearer to each other than this are one danger; so is one that begins where a lost one could have flown. Ours. */
  readonly swarmM: number;
  readonly swarmSpeedMps: number;
  readonly continueM: number;
  readonly continueMps: number;
  readonly continueMostM: number;

  // People.
  /** An own position older than this is the last place only; older than that, it is let go of. */
  readonly positionFreshUs: number;
  readonly positionKeptUs: number;
  /** How fast somebody leaves the last place, and how far that is followed, m. */
  readonly walkMps: number;
  readonly positionReachM: number;
  /** Beyond these, further ones are refused and counted. */
  readonly maxPeople: number;
  readonly maxAuthorised: number;
  readonly maxMutes: number;
  /** Warnings standing for one person, drills and real ones apart: beyond, more are counted, not raised. The person is alarmed already. */
  readonly maxWarningsPerPerson: number;
  /** A device that comes back is told of what ended within this time, quietly. */
  readonly overShownUs: number;
  /** Steps kept of one person's way through one warning; beyond, the second oldest goes. */
  readonly maxStepsPerPerson: number;
  /** Answers to warnings that are not known here, kept to be shown; beyond, the oldest is forgotten and counted. */
  readonly maxStrayAnswers: number;
  /** Alarms remembered for the figures; beyond, the oldest is forgotten. */
  readonly maxAlarms: number;
  /** More alarms than this in ten minutes are a flood (ISA-18.2: more than ten for one officer). */
  readonly floodAlarms: number;
  /** An alarm that stands for longer than this is counted as stale. */
  readonly staleAfterUs: number;

  // Reports of people.
  /** A report that arrives later than this after the event moves no track: as late as the tracker can go back. */
  readonly reportTimelyUs: number;
  /** "At risk now" is taken as now while it is not older than this. */
  readonly riskNowUs: number;
  /** Whoever has not opened a report is reminded this often, sooner where somebody is at risk; and how often at most. */
  readonly reportRemindUs: number;
  readonly reportRemindAtRiskUs: number;
  readonly maxReminders: number;
  // The memo.
  /** Beyond these, a further one is refused and counted: what is there is what others rest on. */
  readonly maxMemoSources: number;
  readonly maxClaims: number;
  readonly maxLinksPerClaim: number;
  /** Changes remembered of one source or claim; beyond, the second oldest goes. And of all together, for "what changed". The journal has them all. */
  readonly maxMemoHistory: number;
  readonly maxMemoNews: number;
  /** Bulletins kept; beyond, the one that ended longest ago is forgotten and counted. In force at once: beyond, a release is refused. */
  readonly maxBulletins: number;
  readonly maxBulletinsInForce: number;
  /** Versions kept of one bulletin; beyond, the oldest is forgotten. */
  readonly maxBulletinVersions: number;
  /** What is not known to have come is said by the next way after this time, µs. Ours: nobody's life hangs on it. */
  readonly bulletinNextWayUs: number;
  /** Where each reader stood is forgotten so long after a bulletin's end. The journal has it. */
  readonly bulletinReadersKeptUs: number;
  /** Things of the memo that are done in one tick; the others are done in the next, so that a thousand readers hold up no warning. */
  readonly maxDuePerTick: number;
  readonly maxOutings: number;
  readonly maxRemedies: number;
  /** Kit answers are erased so long after the shift; and after this time on shift, should nobody ever end it. */
  readonly kitKeptUs: number;
  readonly kitShiftUs: number;
  /** Reports kept; beyond, the oldest that is closed is forgotten, else the oldest, and counted. The journal has them all. */
  readonly maxReports: number;
  /** Reports of one incident; beyond, the next begins another. */
  readonly maxReportsPerIncident: number;
  /** Beyond these, further ones are refused and counted. */
  readonly maxQuestionsPerReport: number;
  readonly maxMediaPerReport: number;
}

export const defaultSettings: Settings = {
  tickUs: 50_000,
  coastAfterUs: 10_000_000,
  endAfterUs: 60_000_000,
  tentativeEndAfterUs: 30_000_000,
  confirmPositions: 2,
  historyPoints: 720,
  historyStepUs: 1_000_000,
  historyPointsTotal: 400_000,
  historyPointsLeast: 40,
  pathPoints: 120,
  pathStepUs: 1_000_000,
  pathBeforeUs: 120_000_000,
  maxReviews: 10,
  outletChanges: 50,
  silentAfterUs: {
    capture: 30_000_000,
    "live-pcap": 30_000_000,
    mqtt: 60_000_000,
    broker: 60_000_000,
    http: 60_000_000,
    tcp: 60_000_000,
    // A lone receiver in a quiet sky may hear nobody for a while.
    adsb: 120_000_000,
    demo: 30_000_000,
    // Between two drones nobody has to say anything.
    tak: Number.MAX_SAFE_INTEGER,
    "tak-server": 600_000_000,
    "tak-mesh": Number.MAX_SAFE_INTEGER,
  },
  clockToleranceUs: 10_000_000,
  lateDetectionUs: 60_000_000,
  lateReportUs: 3_600_000_000,
  maxSpeedMps: 150,
  maxClimbMps: 50,
  maxHeightRateMps: 100,
  maxAccelerationMps2: 30,
  maxJumpM: 1000,
  jumpWithinS: 10,
  maxOperatorDistanceM: 15_000,
  sameAircraftM: 1000,
  messageClockToleranceS: 10,
  messageClockBackS: 2,
  newTracksPer10s: 50,
  newPersistentTracksPer10s: 50,
  persistentAfterUs: 3_000_000,
  maxTracks: 10_000,
  maxEmitters: 20_000,
  maxAddressesPerTrack: 16,
  maxSources: 500,
  maxSensorsPerSource: 64,
  maxSensors: 500,
  maxZones: 500,
  maxClearedWarnings: 1000,
  maxStandingPerZone: 20,
  maxWarningsPerZone: 40,
  maxFindingsPerTrack: 16,
  maxIdentitiesPerTrack: 8,
  maxSourcesPerTrack: 16,
  aircraftWithinM: 60_000,
  maxAircraftPerSource: 1024,
  maxAircraftTables: 32,
  trackToleranceM: 250,
  maxTrackerTracks: 20_000,
  classAbove: 0.7,
  classBelow: 0.4,
  unseenAfterUs: 5_000_000,
  ownPositionKeptUs: 12 * 3_600_000_000,
  ownMessageKeptUs: 3_600_000_000,
  pointingKeptUs: 60_000_000,
  maxOwnPositions: 2000,
  maxOwnMessages: 500,
  maxPointings: 200,
  maxCertificates: 5000,
  ceilingMarginM: 10,
  stepDownAfterUs: 10_000_000,
  clearAfterUs: 20_000_000,
  lostClearAfterUs: 120_000_000,
  unconfirmedClearAfterUs: 30_000_000,
  refreshUs: 1_000_000,
  tentativeNearM: 300,
  tentativeExistence: 0.7,
  firstPlotHalf: 0.56,
  provenPlots: 3,
  provenUs: 2_000_000,
  presentExistence: 0.7,
  heldUs: 5_000_000,
  heldExistence: 0.97,
  settledUs: 4_000_000,
  settledWithinS: 10,
  courseHeldUs: 10_000_000,
  birdM: 100,
  birdMps: 15,
  birdMostM: 300,
  birdGoneUs: 30_000_000,
  takenForUnknown: 0.6,
  takenForUs: 10_000_000,
  birdLikely: 0.45,
  birdAtFirst: 0.14,
  birdFirstUs: 6_000_000,
  swarmM: 250,
  swarmSpeedMps: 12,
  continueM: 150,
  continueMps: 25,
  continueMostM: 1000,
  positionFreshUs: 120_000_000,
  positionKeptUs: 4 * 3_600_000_000,
  walkMps: 1.5,
  positionReachM: 500,
  maxPeople: 2000,
  maxAuthorised: 500,
  maxMutes: 200,
  maxWarningsPerPerson: 40,
  overShownUs: 900_000_000,
  maxStepsPerPerson: 60,
  maxStrayAnswers: 200,
  maxAlarms: 5000,
  floodAlarms: 10,
  staleAfterUs: 86_400_000_000,
  reportTimelyUs: 6_000_000,
  riskNowUs: 60_000_000,
  reportRemindUs: 60_000_000,
  reportRemindAtRiskUs: 20_000_000,
  maxReminders: 10,
  maxMemoSources: 2000,
  maxClaims: 5000,
  maxLinksPerClaim: 40,
  maxMemoHistory: 200,
  maxMemoNews: 200,
  maxBulletins: 200,
  maxBulletinsInForce: 40,
  maxBulletinVersions: 10,
  bulletinNextWayUs: 300_000_000,
  bulletinReadersKeptUs: 30 * 86_400_000_000,
  maxDuePerTick: 50,
  maxOutings: 100,
  maxRemedies: 10,
  kitKeptUs: 86_400_000_000,
  kitShiftUs: 3 * 86_400_000_000,
  maxReports: 2000,
  maxReportsPerIncident: 100,
  maxQuestionsPerReport: 20,
  maxMediaPerReport: 8,
};
