// A carrier element: the piece of a radio frame that holds Remote ID, before its messages are decoded.

export const CARRIERS = ["wifi-beacon", "wifi-nan", "ble4", "ble5", "french", "dji"] as const;
export type Carrier = (typeof CARRIERS)[number];

export interface CarrierElement {
  readonly carrier: Carrier;
  /** Hardware address of the sender, lower case. */
  readonly transmitter: string | undefined;
  readonly rssi: number | undefined;
  /** The counter byte that ASTM carriers send before the message. */
  readonly counter: number | undefined;
  /** Where the messages stand in the frame. */
  readonly offset: number;
  /** Bytes of them that the frame holds. */
  readonly length: number;
  /** Bytes that the carrier announces and the frame does not hold: above 0 the element was cut short on its way. */
  readonly missing: number;
}
