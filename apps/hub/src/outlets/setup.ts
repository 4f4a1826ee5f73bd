// The outlets that people have set up: made of their settings, kept across restarts, opened again, closed, tried, listed.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Channel } from "@atalaya/picture";
import { NewOutlet, type Outlet as OutletInfo, type OutletChange, type OutletMade, type OutletTest } from "@atalaya/protocol";
import type { Identity } from "../identity/identity.ts";
import type { Sector } from "../sector.ts";
import { CapOutlet } from "./cap/cap-outlet.ts";
import { drillMay } from "./danger-outside.ts";
import { defined } from "./defined.ts";
import type { QueueSettings } from "./delivery-queue.ts";
import { EmailCarrier, isEmailAddress } from "./email.ts";
import { newSecret } from "./http/signed-post.ts";
import { isLoopbackHost, targetRefusal } from "./http/target.ts";
import { WebhookCarrier } from "./http/webhook.ts";
import { MqttOutletCarrier } from "./mqtt/mqtt.ts";
import type { Outlet, OutletReports, TestOutcome } from "./outlet.ts";
import { bulletinForPartners, overdueSaid, saidTo } from "./present-bulletin.ts";
import { type Carrier, QueuedOutlet } from "./queued.ts";
import type { OutletRegistry } from "./registry.ts";
import { takeReply } from "./sms/replies.ts";
import { SmppCarrier } from "./sms/smpp.ts";
import { SPOOL_ATTEMPT_MS, SpoolCarrier } from "./sms/spool.ts";
import { takeJsonAnswer } from "./mqtt/answers.ts";

/** More outlets than a site has channels. */
const MAX_OUTLETS = 20;
/** The hub's own outlet by TAK. */
const TAK = "tak";
const CAP_FILE = "cap-alerts.json";

export interface OutletRefusal {
  readonly status: 400 | 404 | 409;
  readonly code: string;
  readonly message: string;
}

const CHANNELS: Readonly<Record<NewOutlet["kind"], Channel | undefined>> = {
  smpp: "sms",
  "sms-spool": "sms",
  email: "email",
  mqtt: "mqtt",
  webhook: "webhook",
  cap: undefined,
};

/** Settings with the secrets that the hub made. */
type Kept = NewOutlet & { readonly secret?: string };

export class OutletSetup {
  readonly #registry: OutletRegistry;
  readonly #identity: Identity;
  readonly #sector: Sector;
  readonly #folder: string;
  /** Where a bulletin is read, for letters; undefined: no phone of the network reaches this hub. */
  readonly #link: (bulletinId: string) => string | undefined;
  /** What is open, by id. */
  readonly #open = new Map<string, Outlet>();

  constructor(
    registry: OutletRegistry,
    identity: Identity,
    sector: Sector,
    folder: string,
    link: (bulletinId: string) => string | undefined = () => undefined,
  ) {
    this.#link = link;
    this.#registry = registry;
    this.#identity = identity;
    this.#sector = sector;
    this.#folder = folder;
  }

  /** Adds the outlets of earlier runs; before the registry starts. */
  reopen(): void {
    for (const { id, kept } of this.#rows()) {
      const channel = CHANNELS[kept.kind];
      if (channel !== undefined && this.#registry.serves(channel)) continue;
      const outlet = this.#made(id, kept);
      this.#registry.add(outlet);
      this.#open.set(id, outlet);
    }
  }

  /** Those that were set up, then the hub's own by TAK, which is there in any case. */
  list(): OutletInfo[] {
    const tak = this.#registry.outlet(TAK);
    const own: OutletInfo[] =
      tak === undefined ? [] : [defined({ id: TAK, name: "TAK", kind: TAK, channel: TAK, to: "", health: healthOf(tak) })];
    const setUp = this.#rows().map(({ id, kept }) =>
      defined({
        id,
        name: kept.name,
        kind: kept.kind,
        channel: CHANNELS[kept.kind],
        to: whereTo(kept),
        health: healthOf(this.#open.get(id)),
      }),
    );
    return [...setUp, ...own];
  }

  /** Who added or removed what, the newest first. */
  changes(): OutletChange[] {
    return this.#sector.picture
      .outletChanges()
      .map(({ timeUs, ...change }) => ({ timeMs: timeUs / 1000, ...change }))
      .reverse();
  }

  async add(wanted: NewOutlet, by: string): Promise<OutletMade | OutletRefusal> {
    const refusal = refusalOf(wanted) ?? this.#noRoom(wanted);
    if (refusal !== undefined) return refusal;
    const id = `${wanted.kind}-${randomUUID().slice(0, 8)}`;
    const signs = wanted.kind === "webhook" || (wanted.kind === "cap" && wanted.push.length > 0);
    const kept: Kept = signs ? { ...wanted, secret: newSecret() } : wanted;
    // On record before anything is sent there: an outlet of which nobody knows who set it up does not exist.
    await this.#record(id, kept, "added", by);
    this.#identity.keepOutlet(id, kept.kind, JSON.stringify(kept), by);
    const key = kept.kind === "cap" ? this.#identity.newFeedKey(id) : undefined;
    const outlet = this.#made(id, kept);
    this.#open.set(id, outlet);
    await this.#registry.open(outlet);
    return defined({ id, secret: kept.secret, key });
  }

  /** False: there is no such outlet. */
  async remove(id: string, by: string): Promise<boolean> {
    const row = this.#rows().find((known) => known.id === id);
    if (row === undefined) return false;
    await this.#record(id, row.kept, "removed", by);
    this.#identity.removeOutlet(id);
    this.#open.delete(id);
    await this.#registry.close(id);
    return true;
  }

  async test(id: string, { address, language }: OutletTest, mayAny: boolean): Promise<TestOutcome | OutletRefusal> {
    const outlet = id === TAK ? this.#registry.outlet(TAK) : this.#open.get(id);
    if (outlet?.test === undefined) return { status: 404, code: "no-such-outlet", message: "There is no such outlet open." };
    const { channel } = outlet;
    if (channel !== undefined && !mayAny && this.#sector.picture.reachedBy(channel, address).length === 0)
      return { status: 400, code: "address", message: "Try it with an address of one of our people." };
    if (channel !== undefined && address === "") return { status: 400, code: "address", message: "Name an address to try." };
    return outlet.test(address, language);
  }

  /** Whether a channel has its voice here. */
  serves(channel: Channel): boolean {
    return this.#registry.serves(channel);
  }

  /** The outlet whose alerts the feed shows. */
  cap(): CapOutlet | undefined {
    return [...this.#open.values()].find((outlet) => outlet instanceof CapOutlet);
  }

  #record(id: string, kept: Kept, change: "added" | "removed", by: string): Promise<number> {
    const { name, kind } = kept;
    return this.#sector.command("outlet", { id, name, kind, to: withoutSecrets(whereTo(kept)), change, by });
  }

  #rows(): { readonly id: string; readonly kept: Kept }[] {
    return this.#identity.outlets().flatMap(({ id, settings }) => {
      const raw: unknown = JSON.parse(settings);
      const read = NewOutlet.safeParse(raw);
      const secret = typeof raw === "object" && raw !== null && "secret" in raw && typeof raw.secret === "string" ? raw.secret : undefined;
      return read.success ? [{ id, kept: secret === undefined ? read.data : { ...read.data, secret } }] : [];
    });
  }

  #noRoom({ kind }: NewOutlet): OutletRefusal | undefined {
    const rows = this.#rows();
    const channel = CHANNELS[kind];
    const taken =
      channel === undefined
        ? rows.some(({ kept }) => kept.kind === kind)
        : this.#registry.serves(channel) || rows.some(({ kept }) => CHANNELS[kept.kind] === channel);
    if (taken) return { status: 409, code: "channel-taken", message: "There is an outlet for this already: remove that one first." };
    return rows.length >= MAX_OUTLETS ? { status: 409, code: "too-many", message: "There are too many outlets." } : undefined;
  }

  #made(id: string, kept: Kept): Outlet {
    const picture = () => this.#sector.picture;
    const { clock } = this.#sector;
    switch (kept.kind) {
      case "smpp":
        return this.#queued(id, "sms", new SmppCarrier(kept), { atOnce: 8 });
      case "sms-spool":
        return this.#queued(id, "sms", new SpoolCarrier({ outbox: kept.outbox, sent: kept.sent, error: kept.error, inbox: kept.inbox }), {
          atOnce: 50,
          attemptMs: SPOOL_ATTEMPT_MS,
          recalls: true,
        });
      case "email":
        return this.#queued(id, "email", new EmailCarrier(kept));
      case "mqtt":
        return this.#queued(id, "mqtt", new MqttOutletCarrier(kept, picture), { atOnce: 20 }, kept.partners);
      case "webhook":
        return this.#queued(
          id,
          "webhook",
          new WebhookCarrier({ url: kept.url, ca: kept.ca, secret: kept.secret ?? "" }),
          {},
          kept.partners,
        );
      case "cap": {
        const push = kept.push.map((target) => ({ ...target, secret: kept.secret ?? "" }));
        return new CapOutlet(id, { ...kept, push }, { picture, nowUs: () => clock.nowUs(), file: join(this.#folder, CAP_FILE) });
      }
    }
  }

  #queued(
    id: string,
    channel: Channel,
    carrier: Carrier,
    queue: Partial<QueueSettings> = {},
    partners: readonly string[] = [],
  ): QueuedOutlet {
    let reports: OutletReports | undefined;
    // Looked at each time: after a gap the sector's picture is another.
    const picture = () => this.#sector.picture;
    const outlet = new QueuedOutlet({
      name: id,
      channel,
      carrier,
      queue,
      bulletins:
        channel === "sms" || channel === "email"
          ? { to: (notice) => saidTo(picture(), notice, this.#link), overdue: (intent) => overdueSaid(picture(), intent) }
          : undefined,
      showing: partners.length === 0 ? undefined : { partners, of: (intent) => bulletinForPartners(picture(), intent) },
      mayDrill: () => drillMay(this.#sector.picture, channel),
      reply: (address, text) => {
        if (reports === undefined) return;
        const take = channel === "mqtt" ? takeJsonAnswer : takeReply;
        take(this.#sector.picture, reports, channel, address, text);
      },
      started: (given) => {
        reports = given;
      },
    });
    return outlet;
  }
}

function healthOf(outlet: Outlet | undefined): OutletInfo["health"] {
  const health = outlet?.health?.();
  return health === undefined ? undefined : (defined(health) as NonNullable<OutletInfo["health"]>);
}

/** Addresses of webhooks may hold a key in their query: the journal keeps none. */
function withoutSecrets(to: string): string {
  return to
    .split(" ")
    .map((part) => part.replace(/[?#].*$/, ""))
    .join(" ");
}

function whereTo(kept: NewOutlet): string {
  switch (kept.kind) {
    case "smpp":
    case "email":
      return `${kept.host}:${kept.port}`;
    case "sms-spool":
      return kept.outbox;
    case "mqtt":
    case "webhook":
      return kept.url;
    case "cap":
      return kept.push.map(({ url }) => url).join(" ");
  }
}

/** Private networks by number, as a relay without encryption may stand in. */
function isOwnSite(host: string): boolean {
  return isLoopbackHost(host) || /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
}

/** What the form alone does not say. */
function refusalOf(wanted: NewOutlet): OutletRefusal | undefined {
  const no = (code: string, message: string): OutletRefusal => ({ status: 400, code, message });
  switch (wanted.kind) {
    case "email": {
      if (!isEmailAddress(wanted.from)) return no("from", "From whom? An e-mail address, without a name.");
      if (wanted.security !== "none") return undefined;
      if (wanted.password !== undefined) return no("security", "A password is not sent without encryption: choose tls or starttls.");
      return isOwnSite(wanted.host) ? undefined : no("security", "Without encryption only a relay of your own site is spoken to.");
    }
    case "mqtt": {
      const url = URL.canParse(wanted.url) ? new URL(wanted.url) : undefined;
      if (url === undefined || !/^mqtts?:$/.test(url.protocol) || url.hostname === "")
        return no("url", "Name the broker as mqtt://HOST:PORT or mqtts://HOST:PORT.");
      if (url.username !== "" || url.password !== "") return no("url", "A name or password does not belong into an address.");
      if (url.protocol === "mqtt:" && !isOwnSite(url.hostname)) return no("url", "Beyond your own site it must be mqtts://");
      const ids = new Set(wanted.devices.map(({ id }) => id));
      return ids.size === wanted.devices.length ? undefined : no("devices", "Two devices have the same id.");
    }
    case "webhook": {
      const refusal = targetRefusal(wanted.url);
      return refusal === undefined ? undefined : no("url", refusal);
    }
    case "cap": {
      // An address or a name: it also makes the ids of the feed (RFC 4151 §2.1).
      if (!isEmailAddress(wanted.sender) && !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(wanted.sender))
        return no("sender", "The sender is an e-mail address or a domain name of yours.");
      if (wanted.scope === "Restricted" && wanted.restriction === undefined) return no("restriction", "Say by what rule it is restricted.");
      if (wanted.scope === "Private" && (wanted.addresses ?? []).length === 0) return no("addresses", "Say to whom it is addressed.");
      if (wanted.addresses?.some((address) => address.includes('"')) === true) return no("addresses", "No quotation marks in addresses.");
      const refusal = wanted.push.map(({ url }) => targetRefusal(url)).find((reason) => reason !== undefined);
      return refusal === undefined ? undefined : no("url", refusal);
    }
    case "smpp":
      return wanted.tls || isOwnSite(wanted.host)
        ? undefined
        : no("tls", "Beyond your own site the centre is spoken to by TLS, or through a tunnel.");
    case "sms-spool":
      return undefined;
  }
}
