// Where does each rule stand?
export const clauses = {
  format: "ICAO Annex 10 Vol IV 3.1.2.3.2",
  parity: "ICAO Annex 10 Vol IV 3.1.2.3.3",
  altitude: "ICAO Annex 10 Vol IV 3.1.2.6.5.4",
  identity: "ICAO Annex 10 Vol IV 3.1.2.6.7.1",
  control: "RTCA DO-260B 2.2.3.2.1.3",
  extended: "RTCA DO-260B 2.2.3.2",
  surface: "RTCA DO-260B 2.2.3.2.4",
  callsign: "RTCA DO-260B 2.2.3.2.5",
  velocity: "RTCA DO-260B 2.2.3.2.6",
  status: "RTCA DO-260B 2.2.3.2.7",
  cpr: "RTCA DO-260B A.1.7",
  beast: "Mode-S Beast binary format",
  avr: "AVR hexadecimal format",
  sbs: "BaseStation port 30003 format",
} as const;
