// The sources that people have set up: made, kept across restarts, and opened again.
import { randomUUID } from "node:crypto";
import type { NewSource } from "@atalaya/protocol";
import type { SourceDefinition } from "@atalaya/picture";
import type { ServerAccess } from "../identity/data-package.ts";
import type { Identity } from "../identity/identity.ts";
import { SectorError, type Sector } from "../sector.ts";
import { type AdsbDoors, adsbSource } from "./adsb.ts";
import { type BrokerDoors, brokerSource } from "./broker.ts";
import { httpSource } from "./http.ts";
import { mqttSource } from "./mqtt.ts";
import type { Source } from "./source.ts";
import { takClient } from "./tak/client.ts";
import type { TakLinks } from "./tak/links.ts";
import { MESH_GROUP, MESH_PORT, meshAddress, takMesh } from "./tak/mesh.ts";
import { type TcpDoors, tcpSource } from "./tcp.ts";

/** What a source needs to open its door, besides its definition. */
interface Settings extends Pick<NewSource, "url" | "topic" | "username" | "password"> {
  /** Of a TAK server. */
  readonly access?: ServerAccess | undefined;
}

/** What sources of TAK share with the hub's own server. */
export interface TakParts {
  /** Uid under which the hub speaks. */
  readonly uid: string;
  readonly links: TakLinks;
}

/** The source of the drill that a command plays; there is one at a time, and it does not outlive the hub. */
export const DRILL_SOURCE = "drill";

const DEFAULT_MESH = `udp://${MESH_GROUP}:${MESH_PORT}`;

export class SourceRegistry {
  readonly #sector: Sector;
  readonly #identity: Identity;
  readonly brokerDoors: BrokerDoors = new Map();
  readonly tcpDoors: TcpDoors = new Map();
  readonly adsbDoors: AdsbDoors = new Map();

  readonly #tak: TakParts;

  constructor(sector: Sector, identity: Identity, tak: TakParts) {
    this.#tak = tak;
    this.#sector = sector;
    this.#identity = identity;
  }

  /** A short id of the name, unique in the sector. */
  newId(name: string): string {
    const plain = name
      .normalize("NFD")
      .replace(/[^A-Za-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase()
      .slice(0, 24);
    const base = plain === "" ? "source" : plain;
    const taken = base === DRILL_SOURCE || this.#sector.picture.sources().some(({ definition }) => definition.id === base);
    return taken ? `${base}-${randomUUID().slice(0, 4)}` : base;
  }

  /** Sets a source up and opens it; returns its key. */
  async add(definition: SourceDefinition, settings: Settings, by: string): Promise<string> {
    const { url, topic, username, password, access } = settings;
    const kept: Settings = { url, topic, username, password, access };
    const key = this.#identity.newSourceKey(definition.id, JSON.stringify(kept));
    await this.#sector.run(this.#source(definition, kept), by);
    return key;
  }

  /** Opens the sources of earlier runs. */
  async reopen(): Promise<void> {
    const settings = new Map(this.#identity.sourceSettings().map(({ source, settings: text }) => [source, text]));
    for (const { definition } of this.#sector.picture.sources()) {
      if (definition.id === DRILL_SOURCE) {
        await this.remove(definition.id, "restart");
        continue;
      }
      const text = settings.get(definition.id);
      if (text === undefined || this.#sector.source(definition.id) !== undefined) continue;
      await this.#sector.run(this.#source(definition, JSON.parse(text) as Settings), "restart").catch((error: unknown) => {
        if (!(error instanceof SectorError)) throw error;
      });
    }
  }

  /** Closes a source for good; its key opens nothing any more. */
  async remove(id: string, by: string): Promise<void> {
    this.#identity.removeSourceKey(id);
    await this.#sector.remove(id, by);
  }

  #source(definition: SourceDefinition, { url = "", topic = "#", username, password, access }: Settings): Source {
    switch (definition.kind) {
      case "mqtt":
        return mqttSource(definition, { url, topic, username, password });
      case "broker":
        return brokerSource(definition, this.brokerDoors);
      case "tcp":
        return tcpSource(definition, this.tcpDoors);
      case "tak-server":
        if (access === undefined) throw new SectorError("tak-server", "There is no access to the TAK server in its settings.");
        return takClient(definition, access, this.#tak);
      case "tak-mesh": {
        const address = meshAddress(url === "" ? DEFAULT_MESH : url);
        if (address === undefined) throw new SectorError("url", `${url} is no mesh.`);
        return takMesh(definition, address, this.#tak);
      }
      case "adsb":
        return adsbSource(definition, { url }, this.adsbDoors);
      default:
        return httpSource(definition);
    }
  }
}
