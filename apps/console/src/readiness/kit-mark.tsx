// Whether a thing is carried: ● with check has it, ⊘ missing, ◆ ends soon, ○ not answered yet.
import type { KitItem } from "@atalaya/protocol";
import { LevelShape, StatusShape } from "@atalaya/web/marks";
import type { ReactNode } from "react";

export function KitMark({ state }: { readonly state: KitItem["state"] }): ReactNode {
  if (state === "ends-soon") return <LevelShape level="caution" />;
  return <StatusShape status={state === "has" ? "normal" : state === "not-answered" ? "waiting" : "off"} />;
}
