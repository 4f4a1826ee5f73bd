// The English sentences.
import { clockText, compassPoint, distanceText, durationText, timeText } from "./figures.ts";
import type { DangerMessage, Message } from "./message.ts";
import type { Reader } from "./reader.ts";

function howFar({ distanceM, reachesInS }: DangerMessage): string {
  const far = distanceM === undefined ? "Distance unknown" : distanceText(distanceM);
  return reachesInS === undefined ? far : `${far}, ${durationText(reachesInS)}`;
}

function heard(message: DangerMessage, reader: Reader): string {
  return message.lastHeardUs === undefined ? "" : ` Last heard ${timeText(message.lastHeardUs, reader.utcOffsetMin ?? 0)}.`;
}

function danger(message: DangerMessage, reader: Reader): string {
  const { key, azimuthDeg, distanceM, count = 1, leaving } = message;
  const point = azimuthDeg === undefined ? undefined : compassPoint(azimuthDeg, "en");
  const many = count > 1;
  const coming = many ? `${count} drones coming` : "Drone coming";
  if (reader.drill === true) {
    if (key === "warning") return `${coming}${point === undefined ? "" : ` from ${point}`}. Take cover as trained.`;
    if (key === "caution")
      return `${many ? `${count} drones` : "A drone"} may be near${point === undefined ? "" : `, ${point}`}. Stay close to cover.`;
  }
  if (key === "warning") {
    const clock = azimuthDeg === undefined || reader.facingDeg === undefined ? undefined : clockText(azimuthDeg, reader.facingDeg, "en");
    const from = point === undefined ? "Direction unknown" : clock === undefined ? `From ${point}` : `${clock}, from ${point}`;
    return `${coming}. ${from}. ${howFar(message)}.${heard(message, reader)} Get under hard cover now.`;
  }
  if (key === "caution") {
    const near = many ? `${count} drones may be near` : "A drone may be near";
    return `${near}${point === undefined ? "" : `, ${point}`}. ${howFar(message)}.${heard(message, reader)} Stay close to cover.`;
  }
  const what = many ? `${count} drones` : "Drone";
  const where = [point, distanceM === undefined ? undefined : distanceText(distanceM)].filter((part) => part !== undefined).join(", ");
  return `${what}${leaving === true ? " leaving" : ""}${where === "" ? ", place unknown" : ` ${where}`}.${heard(message, reader)}`;
}

/** The sentence, without the mark of a drill. */
export function english(message: Message, reader: Reader): string {
  const offset = reader.utcOffsetMin ?? 0;
  switch (message.key) {
    case "warning":
    case "caution":
    case "advisory":
      return danger(message, reader);
    case "fallen": {
      const point = message.azimuthDeg === undefined ? "" : ` ${compassPoint(message.azimuthDeg, "en")}`;
      const far = message.distanceM === undefined ? " near by" : ` ${distanceText(message.distanceM)}`;
      return `Something fell${far}${point}. Do not touch. Move ${distanceText(100)} away.`;
    }
    case "all-clear": {
      const leaving = message.leavingDeg === undefined ? "" : `, leaving ${compassPoint(message.leavingDeg, "en")}`;
      const place = message.place === undefined ? "" : `, ${message.place}`;
      return `All clear${place}. Last heard ${timeText(message.lastHeardUs, offset)}${leaving}.`;
    }
    case "not-concerned": {
      const why = {
        left: "You are out of its reach.",
        "off-shift": "You are off shift.",
        "drill-paused": "The drill is paused.",
        withdrawn: "An officer withdrew it.",
      }[message.why];
      return `This no longer concerns you. ${why} Last heard ${timeText(message.lastHeardUs, offset)}.`;
    }
    case "stand-down": {
      const name = message.name === undefined ? "" : `, ${message.name}`;
      const was = {
        "own-drone": `our own drone${name}`,
        "authorised-drone": `an authorised drone${name}`,
        aircraft: "a manned aircraft",
        bird: "a bird",
        nothing: "no drone",
        "sensor-fault": "a faulty sensor",
      }[message.what];
      return `It was ${was}. You were right to take cover.`;
    }
    case "team-report": {
      const point = message.azimuthDeg === undefined ? "" : ` to the ${compassPoint(message.azimuthDeg, "en")}`;
      const place = message.place === undefined ? "" : `, seen from ${message.place}`;
      const before = message.reminder ? "Not opened yet. " : "";
      return message.atRisk
        ? `${before}${message.name} is at risk now. Call now. Report of a drone${point}${place}.`
        : `${before}${message.name} reports a drone${point}${place}. Open it in Atalaya.`;
    }
    case "report-taken-back":
      return `${message.name} took the report back. Nothing rests on it any more.`;
    case "unanswered":
      switch (message.why) {
        case "no-link":
          return `${message.name} has no link. Call now.`;
        case "need-help":
          return `${message.name} needs help. Call now.`;
        case "no-answer":
          return `${message.name} has not answered. Call now.`;
      }
  }
}
