// The Spanish sentences: written for the people of the sector, usted, dron, decimal point.
import { clockText, compassPoint, distanceText, durationText, timeText } from "./figures.ts";
import type { DangerMessage, Message } from "./message.ts";
import type { Reader } from "./reader.ts";

function howFar({ distanceM, reachesInS }: DangerMessage): string {
  const far = distanceM === undefined ? "Distancia desconocida" : distanceText(distanceM);
  return reachesInS === undefined ? far : `${far}, ${durationText(reachesInS)}`;
}

function heard(message: DangerMessage, reader: Reader): string {
  return message.lastHeardUs === undefined ? "" : ` Última señal ${timeText(message.lastHeardUs, reader.utcOffsetMin ?? 0)}.`;
}

function danger(message: DangerMessage, reader: Reader): string {
  const { key, azimuthDeg, distanceM, count = 1, leaving } = message;
  const point = azimuthDeg === undefined ? undefined : compassPoint(azimuthDeg, "es");
  const many = count > 1;
  const coming = many ? `Vienen ${count} drones` : "Viene un dron";
  const near = `${many ? `Puede haber ${count} drones` : "Puede haber un dron"} cerca${point === undefined ? "" : `, al ${point}`}`;
  if (reader.drill === true) {
    if (key === "warning") return `${coming}${point === undefined ? "" : ` desde el ${point}`}. Cúbrase como practicó.`;
    if (key === "caution") return `${near}. Manténgase junto a un refugio.`;
  }
  if (key === "warning") {
    const clock = azimuthDeg === undefined || reader.facingDeg === undefined ? undefined : clockText(azimuthDeg, reader.facingDeg, "es");
    const from = point === undefined ? "Dirección desconocida" : clock === undefined ? `Desde el ${point}` : `${clock}, desde el ${point}`;
    return `${coming}. ${from}. ${howFar(message)}.${heard(message, reader)} Cúbrase ya bajo techo firme.`;
  }
  if (key === "caution") return `${near}. ${howFar(message)}.${heard(message, reader)} Manténgase junto a un refugio.`;
  const far = distanceM === undefined ? undefined : distanceText(distanceM);
  if (leaving === true) {
    const away = many ? `${count} drones se alejan` : "Un dron se aleja";
    return `${away}${point === undefined ? "" : ` al ${point}`}${far === undefined ? "" : `, ${far}`}.${heard(message, reader)}`;
  }
  const where = [point === undefined ? undefined : `al ${point}`, far].filter((part) => part !== undefined).join(", ");
  return `${many ? `${count} drones` : "Un dron"}${where === "" ? ", lugar desconocido" : ` ${where}`}.${heard(message, reader)}`;
}

/** The sentence, without the mark of a drill. */
export function spanish(message: Message, reader: Reader): string {
  const offset = reader.utcOffsetMin ?? 0;
  switch (message.key) {
    case "warning":
    case "caution":
    case "advisory":
      return danger(message, reader);
    case "fallen": {
      const point = message.azimuthDeg === undefined ? "" : ` al ${compassPoint(message.azimuthDeg, "es")}`;
      const far = message.distanceM === undefined ? " cerca" : ` ${distanceText(message.distanceM)}`;
      return `Algo cayó${far}${point}. No lo toque. Aléjese ${distanceText(100)}.`;
    }
    case "all-clear": {
      const leaving = message.leavingDeg === undefined ? "" : `, hacia el ${compassPoint(message.leavingDeg, "es")}`;
      const place = message.place === undefined ? "" : `, ${message.place}`;
      return `Fin del peligro${place}. Última señal ${timeText(message.lastHeardUs, offset)}${leaving}.`;
    }
    case "not-concerned": {
      const why = {
        left: "Usted está fuera de su alcance.",
        "off-shift": "Usted está fuera de servicio.",
        "drill-paused": "El simulacro está en pausa.",
        withdrawn: "Un oficial lo retiró.",
      }[message.why];
      return `Esto ya no le concierne. ${why} Última señal ${timeText(message.lastHeardUs, offset)}.`;
    }
    case "stand-down": {
      const name = message.name === undefined ? "" : ` ${message.name}`;
      const was = {
        "own-drone": `nuestro dron${name}`,
        "authorised-drone": `un dron autorizado${message.name === undefined ? "" : `, ${message.name}`}`,
        aircraft: "una aeronave tripulada",
        bird: "un ave",
        nothing: "una falsa alarma",
        "sensor-fault": "un sensor averiado",
      }[message.what];
      return `Era ${was}. Hizo bien en cubrirse.`;
    }
    case "team-report": {
      const point = message.azimuthDeg === undefined ? "" : ` al ${compassPoint(message.azimuthDeg, "es")}`;
      const place = message.place === undefined ? "" : `, visto desde ${message.place}`;
      const before = message.reminder ? "Sin abrir todavía. " : "";
      return message.atRisk
        ? `${before}${message.name} está en riesgo ahora. Llame ya. Reporta un dron${point}${place}.`
        : `${before}${message.name} reporta un dron${point}${place}. Ábralo en Atalaya.`;
    }
    case "report-taken-back":
      return `${message.name} retiró su reporte. Ya nada se basa en él.`;
    case "unanswered":
      switch (message.why) {
        case "no-link":
          return `${message.name} no tiene enlace. Llame ya.`;
        case "need-help":
          return `${message.name} necesita ayuda. Llame ya.`;
        case "no-answer":
          return `${message.name} no ha respondido. Llame ya.`;
      }
  }
}
