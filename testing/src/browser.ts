// A browser for tests: Debian's Chromium with software graphics, a profile of its own, and a record of everything that a page must not do.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { PATIENCE_MS } from "./eventually.ts";
import { removeFolder } from "./hub.ts";

export const BROWSER_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
  "--autoplay-policy=no-user-gesture-required",
];

/** What a page did that no page of ours may do. */
export interface Misdeeds {
  /** Requests and sockets to anything but the page's own host. */
  readonly elsewhere: string[];
  /** Breaches of the content security policy. */
  readonly policy: string[];
  /** Errors on the console and exceptions nobody caught. */
  readonly errors: string[];
}

export interface TestBrowser {
  readonly context: BrowserContext;
  /** A new page whose misdeeds are recorded from its first request. */
  page(): Promise<{ readonly page: Page; readonly misdeeds: Misdeeds }>;
  /** Dies at once, as in a power cut: nothing is flushed, nothing is said. Its profile stays if it was given. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  /** A profile that outlives the browser; absent: a new one that goes with it. */
  readonly profile?: string;
  readonly reducedMotion?: "reduce" | "no-preference";
}

const LOCAL = /^(data|blob|about|chrome-extension):/;

export function recordMisdeeds(page: Page): Misdeeds {
  const misdeeds: Misdeeds = { elsewhere: [], policy: [], errors: [] };
  const judge = (address: string): void => {
    if (LOCAL.test(address)) return;
    const { hostname } = new URL(address);
    if (hostname !== "localhost" && hostname !== "127.0.0.1") misdeeds.elsewhere.push(address);
  };
  page.on("request", (request) => judge(request.url()));
  page.on("websocket", (socket) => judge(socket.url()));
  page.on("pageerror", (error) => misdeeds.errors.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content.Security.Policy/i.test(text)) misdeeds.policy.push(text);
    else if (message.type() === "error") misdeeds.errors.push(`${text} (${message.location().url})`);
  });
  return misdeeds;
}

export async function startBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), "atalaya-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    args: [...BROWSER_FLAGS],
    viewport: { width: options.width ?? 1366, height: options.height ?? 768 },
    locale: options.locale ?? "en-GB",
    timezoneId: "America/Denver",
    colorScheme: "dark",
    reducedMotion: options.reducedMotion ?? "no-preference",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    context,
    page: async () => {
      const page = await context.newPage();
      return { page, misdeeds: recordMisdeeds(page) };
    },
    kill: async () => {
      const gone = new Promise((resolve) => context.once("close", resolve));
      const devtools = await context.newCDPSession(context.pages()[0] ?? (await context.newPage()));
      // The answer never comes: what would send it is dead.
      devtools.send("Browser.crash").catch(() => undefined);
      await gone;
    },
    close: async () => {
      await context.close();
      if (options.profile === undefined) removeFolder(profile);
    },
  };
}
