// The watch: dangers in order of duty, the map over its table, and why.
import type { ReactNode } from "react";
import { MapView } from "../map/map-view.tsx";
import { Dangers } from "./dangers.tsx";
import { Detail } from "./detail.tsx";
import { TrackTable } from "./track-table.tsx";

export function Watch(): ReactNode {
  return (
    <main className="watch">
      <Dangers />
      <section className="centre">
        <MapView />
        <TrackTable />
      </section>
      <Detail />
    </main>
  );
}
