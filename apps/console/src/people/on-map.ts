// Who takes a click on the map: the form that is open.

export interface MapTaker {
  readonly take: (latDeg: number, lonDeg: number) => void;
}
export type OnMap = (taker: MapTaker | undefined) => void;
