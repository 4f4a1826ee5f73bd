// The CAP outlet: an alert for each warning, updates while it changes, a cancellation at its end; kept for the feed, and pushed to systems that want it so.
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type CapAlert, type CapChain, type CapTime, encodeAlert, nextInChain } from "@atalaya/cap";
import { type BulletinOutside, type Level, LEVELS, type Picture, type PictureWarning } from "@atalaya/picture";
import { channelTestText } from "@atalaya/words";
import { isForOutside, standsOutside } from "../danger-outside.ts";
import { defaultQueue, DeliveryQueue, type Job } from "../delivery-queue.ts";
import { signedPost } from "../http/signed-post.ts";
import type { HttpTarget } from "../http/target.ts";
import type { Outlet, OutletHealth, OutletReports, TestOutcome } from "../outlet.ts";
import { type OutletTimes, realTimes } from "../times.ts";
import { bulletinInfos } from "./cap-bulletin.ts";
import { capContent, capTime, RENEW_AFTER_S } from "./cap-content.ts";

export interface CapSettings {
  /** E-mail address or domain name: unique in the world, as the standard asks. */
  readonly sender: string;
  readonly senderName: string;
  readonly contact?: string | undefined;
  /** `Restricted` names a rule, `Private` names addresses. `Public` is for authorities that may alert the public. */
  readonly scope: "Restricted" | "Private";
  readonly restriction?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
  /** Level from which on a warning is told. */
  readonly level: Level;
  readonly push: readonly (HttpTarget & { readonly secret: string })[];
  /** Organisations that read it: bulletins that are released to one of them go here. */
  readonly partners?: readonly string[] | undefined;
}

export interface KeptAlert {
  readonly identifier: string;
  readonly xml: string;
  readonly title: string;
  readonly sentS: number;
}

interface Chain {
  readonly subject: string;
  sent: CapChain["sent"];
  open: boolean;
  fingerprint: string;
  level: Level;
  drill: boolean;
  /** It is about a bulletin; absent: about a warning. */
  bulletin?: true;
}

interface Pushed extends Job {
  readonly xml: string;
}

interface Kept {
  readonly chains: Chain[];
  readonly alerts: KeptAlert[];
}

/** Alerts in the feed, and matters whose messages are remembered; the oldest give way. */
const MAX_ALERTS = 500;
const MAX_CHAINS = 500;
/** Messages of one matter whose times are remembered. */
const MAX_STEPS = 40;
const LOOK_EVERY_MS = 1000;
/** A change that is not graver waits so long after the message before it, s. */
const CALM_S = 10;
const PUSH_HOLDS_MS = 30 * 60_000;
/** Where other agencies' systems read it, a day without a new alert is still a working feed. */
const URGENT = 5;

export class CapOutlet implements Outlet {
  readonly name: string;
  readonly #settings: CapSettings;
  readonly #picture: () => Picture;
  readonly #nowUs: () => number;
  readonly #file: string;
  readonly #times: OutletTimes;
  readonly #queues: readonly DeliveryQueue<Pushed>[];
  #reports: OutletReports | undefined;
  #kept: Kept = { chains: [], alerts: [] };
  #look: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();
  #unsaved = false;
  readonly #failing = new Map<string, string>();
  #carried = 0;
  #givenUp = 0;
  #lastCarriedMs: number | undefined;
  /** Warnings that could not be written as an alert: a fault of ours, or a zone that CAP has no shape for. */
  unwritable = 0;

  constructor(
    name: string,
    settings: CapSettings,
    parts: {
      readonly picture: () => Picture;
      /** Sector time, Unix µs. */
      readonly nowUs: () => number;
      /** Where chains and alerts are kept across restarts. */
      readonly file: string;
      readonly times?: OutletTimes;
    },
  ) {
    this.name = name;
    this.#settings = settings;
    this.#picture = parts.picture;
    this.#nowUs = parts.nowUs;
    this.#file = parts.file;
    this.#times = parts.times ?? realTimes;
    this.#queues = settings.push.map((target) => this.#queueTo(target));
  }

  #queueTo(target: CapSettings["push"][number]): DeliveryQueue<Pushed> {
    return new DeliveryQueue<Pushed>(
      {
        carry: ({ key, xml }, signal) =>
          signedPost(target, { id: key, type: "application/cap+xml", body: xml }, this.#times.nowMs(), signal),
        taken: () => {
          this.#carried += 1;
          this.#lastCarriedMs = this.#times.nowMs();
          this.#failing.delete(target.url);
        },
        failed: (_job, reason) => void this.#failing.set(target.url, reason),
        givenUp: (_job, reason) => {
          this.#givenUp += 1;
          this.#failing.set(target.url, reason);
        },
      },
      this.#times,
      // One after the other: an update must not overtake what it updates.
      { ...defaultQueue, atOnce: 1, limit: 200 },
    );
  }

  start(reports?: OutletReports): void {
    this.#reports = reports;
    this.#kept = load(this.#file);
    const look = (): void => {
      this.#look = this.#times.after(LOOK_EVERY_MS, look);
      this.show();
    };
    look();
  }

  async stop(): Promise<void> {
    this.#look?.();
    for (const queue of this.#queues) await queue.stop();
    await this.#saving;
  }

  /** The alerts of the feed, newest first. */
  alerts(): readonly KeptAlert[] {
    return this.#kept.alerts.toReversed();
  }
  alert(identifier: string): KeptAlert | undefined {
    return this.#kept.alerts.find((alert) => alert.identifier === identifier);
  }
  get sender(): string {
    return this.#settings.sender;
  }
  get senderName(): string {
    return this.#settings.senderName;
  }

  /** Says what changed. */
  show(): void {
    const picture = this.#picture();
    const sent = capTime(this.#nowUs());
    const open = new Map(this.#kept.chains.filter((chain) => chain.open && chain.bulletin !== true).map((chain) => [chain.subject, chain]));
    for (const warning of picture.warnings()) {
      const chain = open.get(warning.id);
      const mayGo = isForOutside(picture, warning, "webhook");
      if (standsOutside(warning) && mayGo) {
        open.delete(warning.id);
        this.#standing(picture, warning, chain, sent);
      } else if (chain !== undefined) {
        open.delete(warning.id);
        // A danger that goes on under another name, and a drill that is held up, have no all-clear.
        const isEnd = warning.state === "cleared" && warning.mergedInto === undefined;
        this.#end(chain, sent, isEnd ? capContent(warning, picture.zones(), this.#settings, sent) : undefined);
      }
    }
    for (const chain of open.values()) this.#end(chain, sent, undefined);
  }

  /** A bulletin that is released to a partner who reads this: an alert, updates, and what takes it back. It makes no alarm. */
  showBulletin(intent: BulletinOutside): void {
    const { bulletinId, change, drill, partners } = intent;
    const bulletin = this.#picture().bulletins.bulletins.get(bulletinId);
    const known = this.#kept.chains.find(({ subject }) => subject === bulletinId);
    const isTheirs = partners.some((partner) => this.#settings.partners?.includes(partner) === true);
    const isOver = change === "withdrawn" || change === "expired" || !isTheirs;
    if (bulletin === undefined || (known?.open !== true && isOver)) return;
    // After a restart it is asked again for what has gone out already.
    if (known?.fingerprint !== intent.id) {
      const sent = capTime(this.#nowUs());
      const infos = isOver ? undefined : bulletinInfos(bulletin, this.#settings, sent);
      const chain = known ?? this.#begin(bulletinId, "advisory", drill);
      chain.bulletin = true;
      chain.fingerprint = intent.id;
      chain.open = !isOver;
      const content = infos === undefined ? undefined : { fingerprint: intent.id, headline: infos[0]?.headline ?? "", infos };
      const why = change === "withdrawn" ? bulletin.withdrawn?.reason : undefined;
      this.#send(chain, isOver ? "Cancel" : known === undefined ? "Alert" : "Update", sent, content, why);
    }
    this.#reports?.bulletinShown(intent, "sent");
  }

  async test(): Promise<TestOutcome> {
    const sent = capTime(this.#nowUs());
    const identifier = `test.${sent.unixS}`;
    const alert: CapAlert = {
      ...this.#envelope(sent, false),
      identifier,
      status: "Test",
      msgType: "Alert",
      note: `${channelTestText("en")} ${channelTestText("es")}`,
    };
    const written = encodeAlert(alert);
    if ("refused" in written) return { ok: false, detail: written.refused.detail };
    if (this.alert(identifier) === undefined) this.#keep({ identifier, xml: written.xml, title: channelTestText("en"), sentS: sent.unixS });
    const answers = await Promise.all(
      this.#settings.push.map(async (target) => {
        const abort = new AbortController();
        const callOff = this.#times.after(defaultQueue.attemptMs, () => abort.abort());
        const what = { id: identifier, type: "application/cap+xml", body: written.xml };
        const result = await signedPost(target, what, this.#times.nowMs(), abort.signal);
        callOff();
        return {
          ok: result.outcome === "taken",
          detail: `${target.url}: ${result.outcome === "taken" ? (result.detail ?? "") : result.reason}`,
        };
      }),
    );
    return {
      ok: answers.every(({ ok }) => ok),
      detail:
        answers.length === 0
          ? "in the feed"
          : answers
              .map(({ detail }) => detail)
              .join("; ")
              .slice(0, 300),
    };
  }

  health(): OutletHealth {
    const [reason] = this.#failing.values();
    return {
      state: reason === undefined ? "up" : "down",
      reason,
      waiting: this.#queues.reduce((sum, { waiting }) => sum + waiting, 0),
      limit: this.#queues.reduce((sum, { limit }) => sum + limit, 0),
      oldestS: this.#queues.reduce((oldest, { oldestMs }) => Math.max(oldest, oldestMs), 0) / 1000,
      carried: this.#carried,
      retries: this.#queues.reduce((sum, { retries }) => sum + retries, 0),
      withdrawn: this.#queues.reduce((sum, { withdrawn }) => sum + withdrawn, 0),
      givenUp: this.#givenUp + this.unwritable,
      lastCarriedMs: this.#lastCarriedMs,
    };
  }

  #envelope(sent: CapTime, drill: boolean): Pick<CapAlert, "sender" | "sent" | "status" | "scope" | "restriction" | "addresses" | "codes"> {
    const { sender, scope, restriction, addresses } = this.#settings;
    return {
      sender,
      sent,
      status: drill ? "Exercise" : "Actual",
      scope,
      ...(restriction === undefined ? {} : { restriction }),
      ...(addresses === undefined || addresses.length === 0 ? {} : { addresses }),
    };
  }

  #standing(picture: Picture, warning: Readonly<PictureWarning>, known: Chain | undefined, sent: CapTime): void {
    if (known === undefined && LEVELS.indexOf(warning.level) < LEVELS.indexOf(this.#settings.level)) return;
    const content = capContent(warning, picture.zones(), this.#settings, sent);
    const lastS = known?.sent.at(-1)?.time.unixS;
    if (known !== undefined && lastS !== undefined) {
      const age = sent.unixS - lastS;
      const graver = LEVELS.indexOf(warning.level) > LEVELS.indexOf(known.level);
      const isNew = content.fingerprint !== known.fingerprint && (graver || age >= CALM_S);
      if (!isNew && age < RENEW_AFTER_S) return;
    }
    const chain = known ?? this.#begin(warning.id, warning.level, warning.drill);
    chain.fingerprint = content.fingerprint;
    chain.level = warning.level;
    this.#send(chain, known === undefined ? "Alert" : "Update", sent, content);
  }

  #begin(id: string, level: Level, drill: boolean): Chain {
    // Told before and then over: the chain goes on, so that its identifiers do.
    const earlier = this.#kept.chains.find(({ subject }) => subject === id);
    if (earlier !== undefined) {
      earlier.open = true;
      return earlier;
    }
    const chain: Chain = { subject: id, sent: [], open: true, fingerprint: "", level, drill };
    this.#kept.chains.push(chain);
    while (this.#kept.chains.length > MAX_CHAINS) {
      const closed = this.#kept.chains.findIndex(({ open }) => !open);
      this.#kept.chains.splice(Math.max(0, closed), 1);
    }
    return chain;
  }

  #end(chain: Chain, sent: CapTime, content: ReturnType<typeof capContent> | undefined): void {
    chain.open = false;
    this.#send(chain, "Cancel", sent, content);
  }

  #send(chain: Chain, wanted: CapAlert["msgType"], sent: CapTime, content: ReturnType<typeof capContent> | undefined, why?: string): void {
    const { sender } = this.#settings;
    const { step, identifier, references } = nextInChain({ subject: chain.subject, sender, sent: chain.sent });
    const written = encodeAlert({
      ...this.#envelope(sent, chain.drill),
      identifier,
      // Reopened after its cancellation, it names what went before.
      msgType: wanted === "Alert" && references.length > 0 ? "Update" : wanted,
      ...(chain.drill || why !== undefined
        ? { note: [...(chain.drill ? ["DRILL / SIMULACRO"] : []), ...(why === undefined ? [] : [why])].join(". ") }
        : {}),
      ...(references.length === 0 ? {} : { references }),
      incidents: [chain.subject.replace(/["\s]/g, "_")],
      ...(content === undefined ? {} : { infos: content.infos }),
    });
    chain.sent = [...chain.sent, { step, time: sent }];
    // The first is kept: others know the thread by it.
    if (chain.sent.length > MAX_STEPS) chain.sent = [...chain.sent.slice(0, 1), ...chain.sent.slice(2)];
    if ("refused" in written) {
      this.unwritable += 1;
      return;
    }
    this.#keep({ identifier, xml: written.xml, title: content?.headline ?? `Cancelled: ${chain.subject}`, sentS: sent.unixS });
    for (const queue of this.#queues) {
      // Each message is whole: the newest is what holds.
      queue.withdraw(chain.subject);
      queue.put({
        key: identifier,
        subject: chain.subject,
        urgency: wanted === "Cancel" ? 1 : URGENT,
        holdsMs: PUSH_HOLDS_MS,
        xml: written.xml,
      });
    }
  }

  #keep(alert: KeptAlert): void {
    this.#kept.alerts.push(alert);
    while (this.#kept.alerts.length > MAX_ALERTS) this.#kept.alerts.shift();
    if (this.#unsaved) return;
    this.#unsaved = true;
    // A warning does not wait for the disk; what a crash takes is said again under the same identifier.
    this.#saving = this.#saving
      .then(async () => {
        this.#unsaved = false;
        await writeFile(`${this.#file}.new`, JSON.stringify(this.#kept), { mode: 0o600 });
        await rename(`${this.#file}.new`, this.#file);
      })
      .catch(() => undefined);
  }
}

/** What an earlier run kept; nothing where it cannot be read: then chains begin anew. */
function load(file: string): Kept {
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as Partial<Kept>;
    return { chains: Array.isArray(read.chains) ? read.chains : [], alerts: Array.isArray(read.alerts) ? read.alerts : [] };
  } catch {
    return { chains: [], alerts: [] };
  }
}
