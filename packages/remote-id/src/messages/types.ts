// The messages of broadcast Remote ID as values. A property that is undefined is unknown; no sentinel of the wire gets this far.
// SI units and degrees. Enumerations are the numbers of the wire.

export interface BasicId {
  readonly type: "basicId";
  readonly idType: number;
  readonly uaType: number;
  /** Text for id types 1 and 2, forty lower-case hex digits for 3 to 15, text or nothing for 0. */
  readonly uasId: string | undefined;
}

export interface Location {
  readonly type: "location";
  readonly status: number;
  /** Course over ground from true north, °. */
  readonly direction: number | undefined;
  readonly speed: number | undefined;
  readonly verticalSpeed: number | undefined;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  /** Above the 1013.25 hPa surface, m. */
  readonly pressureAltitude: number | undefined;
  /** Above the WGS-84 ellipsoid, m. */
  readonly geodeticAltitude: number | undefined;
  /** What `height` is above: 0 take-off, 1 ground. */
  readonly heightType: number;
  readonly height: number | undefined;
  readonly horizontalAccuracy: number;
  readonly verticalAccuracy: number;
  readonly baroAccuracy: number;
  readonly speedAccuracy: number;
  /** Seconds after the full UTC hour. */
  readonly timestamp: number | undefined;
  /** Seconds. */
  readonly timestampAccuracy: number | undefined;
}

export interface Authentication {
  readonly type: "authentication";
  readonly authType: number;
  readonly page: number;
  /** Page 0 only: number of the last page, bytes of signature in all pages, time of signing. */
  readonly lastPage: number | undefined;
  readonly length: number | undefined;
  /** Unix milliseconds. */
  readonly timestampMs: number | undefined;
  /** 17 bytes on page 0, 23 on others. */
  readonly data: Uint8Array;
}

export interface SelfId {
  readonly type: "selfId";
  readonly descriptionType: number;
  readonly description: string;
}

export interface System {
  readonly type: "system";
  readonly operatorLocationType: number;
  readonly classificationType: number;
  readonly operatorLatitude: number | undefined;
  readonly operatorLongitude: number | undefined;
  readonly areaCount: number;
  readonly areaRadius: number;
  readonly areaCeiling: number | undefined;
  readonly areaFloor: number | undefined;
  readonly category: number;
  readonly class: number;
  /** Above the WGS-84 ellipsoid, m. Not in version 0. */
  readonly operatorAltitude: number | undefined;
  /** Unix milliseconds. Version 2 only. */
  readonly timestampMs: number | undefined;
}

export interface OperatorId {
  readonly type: "operatorId";
  readonly operatorIdType: number;
  readonly operatorId: string;
}

/** The French national beacon (arrêté du 27 décembre 2019). */
export interface French {
  readonly type: "french";
  readonly version: number | undefined;
  readonly idFr: string | undefined;
  readonly idAnsi: string | undefined;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  /** Above mean sea level, m. */
  readonly altitude: number | undefined;
  /** Above take-off, m. */
  readonly height: number | undefined;
  readonly takeoffLatitude: number | undefined;
  readonly takeoffLongitude: number | undefined;
  readonly speed: number | undefined;
  readonly course: number | undefined;
}

/** DJI's own DroneID in a Wi-Fi beacon: the layout is not published by its maker. */
export interface Dji {
  readonly type: "dji";
  readonly formatVersion: number;
  readonly sequence: number;
  readonly serial: string;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  readonly altitude: number;
  readonly height: number;
  readonly speedNorth: number;
  readonly speedEast: number;
  readonly speedUp: number;
  readonly operatorLatitude: number | undefined;
  readonly operatorLongitude: number | undefined;
  readonly homeLatitude: number | undefined;
  readonly homeLongitude: number | undefined;
  readonly deviceType: number;
}

export type AstmMessage = BasicId | Location | Authentication | SelfId | System | OperatorId;
export type Message = AstmMessage | French | Dji;

/** A value that was left out because it lies outside what the standard allows; the rest of the message stands. */
export interface Problem {
  /** Index of the message on the wire, from 0. */
  readonly message: number;
  readonly field: string;
  readonly code: string;
  readonly clause: string;
}

/** Bytes that are no message, and the rule that says so. */
export interface Refusal {
  readonly code: string;
  readonly clause: string;
  readonly detail: string;
}

/** What one carrier element says. */
export interface DecodedElement {
  /** The pack's version nibble, else the message's; absent when it is none that exists. */
  readonly version: number | undefined;
  readonly messages: readonly Message[];
  readonly problems: readonly Problem[];
  readonly refused: Refusal | undefined;
}
