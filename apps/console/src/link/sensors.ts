// The sensors that were declared in the detection format, asked for while somebody looks at them: the stream does not carry them.
import { paths, type Sensor } from "@atalaya/protocol";
import { useEffect, useState } from "react";
import { ask, isRefused } from "./api.ts";

/** Asked for at once and then every so often; undefined until the first answer. */
export function useSensors(everyMs: number): readonly Sensor[] | undefined {
  const [sensors, setSensors] = useState<readonly Sensor[]>();
  useEffect(() => {
    let over = false;
    const look = async (): Promise<void> => {
      const answer = await ask<readonly Sensor[]>("GET", paths.sensors);
      if (!over && !isRefused(answer)) setSensors(answer);
    };
    void look();
    const timer = setInterval(() => void look(), everyMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [everyMs]);
  return sensors;
}
