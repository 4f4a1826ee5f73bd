// Where each rule stands, named as the standard's own message and field tables name it.
export const clauses = {
  header: "F3411-22a Message Header",
  basicId: "F3411-22a Basic ID Message",
  location: "F3411-22a Location/Vector Message",
  authentication: "F3411-22a Authentication Message",
  selfId: "F3411-22a Self-ID Message",
  system: "F3411-22a System Message",
  operatorId: "F3411-22a Operator ID Message",
  pack: "F3411-22a Message Pack",
  french: "Arrêté du 27 décembre 2019, annexe",
  dji: "DJI DroneID (unpublished), as observed",
} as const;
