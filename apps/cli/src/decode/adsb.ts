// Decodes what a Mode S receiver sends (Beast, AVR, BaseStation) as it streams by: one line for each frame.
import {
  addressText,
  AircraftTable,
  AvrFramer,
  BeastFramer,
  type Content,
  decodeModeS,
  guessFraming,
  type ModeSMessage,
  type RawFrame,
  type Refusal,
  type SbsMessage,
  SbsFramer,
  TickClock,
  type TickKind,
} from "@atalaya/adsb";
import type { Ending } from "./line.ts";

export interface AdsbOptions {
  /** A place near which surface positions are. */
  readonly reference?: { readonly latDeg: number; readonly lonDeg: number } | undefined;
  /** What the counter of Beast and AVR counts. */
  readonly ticks?: TickKind | undefined;
}

type Printed = Readonly<Record<string, unknown>>;

/** So much is looked at before the framing is told. */
const HEAD_BYTES = 65_536;
const MODE_AC_BYTES = 2;

/** A "~" marks what is no aircraft's own address, as dump1090 does. */
function icaoText(address: number, isIcao: boolean): string {
  return `${isIcao ? "" : "~"}${addressText(address)}`;
}

function printedContent(content: Content): Printed {
  switch (content.kind) {
    case "identification":
      return { callsign: content.callsign };
    case "surfacePosition":
      return { groundSpeed_kt: content.groundSpeedKt, track: content.trackDeg };
    case "airbornePosition":
    case "noPosition":
      return { altitude_ft: content.altitudeFt };
    case "groundVelocity":
      return { groundSpeed_kt: content.groundSpeedKt, track: content.trackDeg, verticalRate_fpm: content.verticalRateFpm };
    case "airVelocity":
      return { airspeed_kt: content.airspeedKt, heading: content.headingDeg, verticalRate_fpm: content.verticalRateFpm };
    default:
      return {};
  }
}

/** `isKnown`: the aircraft is one that was heard by a frame whose parity holds. */
function printedMessage(message: ModeSMessage, isKnown: boolean): Printed {
  const { df } = message;
  switch (message.type) {
    case "acas":
    case "altitude":
      return { icao: isKnown ? icaoText(message.overlay, true) : undefined, df, altitude_ft: message.altitudeFt };
    case "identity":
      return { icao: isKnown ? icaoText(message.overlay, true) : undefined, df };
    case "allCall":
      return { icao: isKnown ? icaoText(message.address, true) : undefined, df };
    case "undecoded":
      return { df };
    case "extended": {
      const { address, addressKind, typeCode, content } = message;
      const icao = addressKind === "unknown" ? undefined : icaoText(address, addressKind === "icao");
      return { icao, df, typeCode, ...printedContent(content) };
    }
    default:
      return message satisfies never;
  }
}

function printedSbs(message: SbsMessage): Printed {
  return {
    icao: icaoText(message.address, message.isIcao),
    altitude_ft: message.altitudeFt,
    latitude: message.latDeg,
    longitude: message.lonDeg,
    groundSpeed_kt: message.groundSpeedKt,
    track: message.trackDeg,
    verticalRate_fpm: message.verticalRateFpm,
    callsign: message.callsign,
  };
}

/** Takes pieces of the stream and gives back the lines that they complete. */
interface Reader {
  push(chunk: Uint8Array): string;
  /** The last lines, and what to say of the whole. */
  end(): { readonly lines: string; readonly refused: Refusal | undefined };
}

function passedOver(bytes: number, clause: string): Refusal | undefined {
  if (bytes === 0) return undefined;
  return { code: "out-of-step", clause, detail: `${bytes} bytes outside of frames were passed over` };
}

/** What Beast and AVR have in common: frames of Mode S, whose positions come of pairs. */
class FramePrinter {
  readonly #table: AircraftTable;
  readonly #clock: TickClock;
  lines = "";

  constructor({ reference, ticks = "counter" }: AdsbOptions) {
    // What the frames say is printed, plausible or not: a decoder is a microscope.
    this.#table = new AircraftTable({ reference, checksSpeed: false });
    this.#clock = new TickClock(ticks);
  }

  refuse(refused: Refusal, df?: number): void {
    this.lines += `${JSON.stringify({ df, refused })}\n`;
  }

  print({ bytes, length, ticks }: RawFrame): void {
    // Mode A and C replies say neither who nor whether they are a code or an altitude.
    if (length === MODE_AC_BYTES) return;
    const message = decodeModeS(bytes, 0, length);
    if ("refused" in message) {
      const { refused } = message;
      this.refuse(refused, (bytes[0] ?? 0) >> 3);
      return;
    }
    const isKnown = this.#table.hear(bytes, 0, length, this.#clock.secondsOf(ticks)) >= 0;
    const { hasPosition, latDeg: latitude, lonDeg: longitude } = this.#table;
    const printed = printedMessage(message, isKnown);
    this.lines += `${JSON.stringify(hasPosition ? { ...printed, latitude, longitude } : printed)}\n`;
  }

  take(): string {
    const { lines } = this;
    this.lines = "";
    return lines;
  }
}

function beastReader(options: AdsbOptions): Reader {
  const printer = new FramePrinter(options);
  const framer = new BeastFramer((frame) => printer.print(frame));
  return {
    push(chunk) {
      framer.push(chunk);
      return printer.take();
    },
    end: () => ({ lines: "", refused: passedOver(framer.discardedBytes, "Mode-S Beast binary format") }),
  };
}

function avrReader(options: AdsbOptions): Reader {
  const printer = new FramePrinter(options);
  const framer = new AvrFramer(
    (frame) => printer.print(frame),
    (refused) => printer.refuse(refused),
  );
  return {
    push(chunk) {
      framer.push(chunk);
      return printer.take();
    },
    end() {
      framer.end();
      return { lines: printer.take(), refused: passedOver(framer.discardedBytes, "AVR hexadecimal format") };
    },
  };
}

function sbsReader(): Reader {
  let lines = "";
  const framer = new SbsFramer(
    (message) => {
      lines += `${JSON.stringify(printedSbs(message))}\n`;
    },
    (refused) => {
      lines += `${JSON.stringify({ refused })}\n`;
    },
  );
  const take = (): string => {
    const taken = lines;
    lines = "";
    return taken;
  };
  return {
    push(chunk) {
      framer.push(chunk);
      return take();
    },
    end() {
      framer.end();
      return { lines: take(), refused: undefined };
    },
  };
}

function readerFor(head: Uint8Array, options: AdsbOptions): Reader | undefined {
  switch (guessFraming(head)) {
    case "beast":
      return beastReader(options);
    case "avr":
      return avrReader(options);
    case "sbs":
      return sbsReader();
    default:
      return undefined;
  }
}

/** Whether `atalaya decode` should take the input for this format when nobody said so. */
export function looksLikeAdsb(head: Uint8Array): boolean {
  return guessFraming(head) !== undefined;
}

const UNTOLD: Refusal = {
  code: "no-framing",
  clause: "atalaya decode",
  detail: "neither Beast (0x1a and a type), nor AVR (*HEX;), nor BaseStation (MSG,…)",
};

/** Yields the lines of each piece of input, run together; returns how the reading ended. */
export async function* adsbLines(chunks: AsyncIterable<Uint8Array>, options: AdsbOptions): AsyncGenerator<string, Ending> {
  let reader: Reader | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let piece = chunk;
    if (reader === undefined) {
      head = Buffer.concat([head, chunk]);
      reader = readerFor(head, options);
      if (reader === undefined) {
        if (head.length >= HEAD_BYTES) return { refused: UNTOLD, wasReadToEnd: false };
        continue;
      }
      piece = head;
    }
    const lines = reader.push(piece);
    if (lines !== "") yield lines;
  }
  if (reader === undefined) return { refused: UNTOLD, wasReadToEnd: false };
  const { lines, refused } = reader.end();
  if (lines !== "") yield lines;
  return { refused, wasReadToEnd: true };
}
