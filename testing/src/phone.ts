// A phone for tests: Chromium in a process of its own with the screen, touch, place and attitude of a phone, which a test can turn, cut off and kill.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { BROWSER_FLAGS, type Misdeeds, recordMisdeeds } from "./browser.ts";
import { PATIENCE_MS } from "./eventually.ts";
import { removeFolder } from "./hub.ts";

export interface PhoneOptions {
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  readonly dark?: boolean;
  readonly place?: { readonly latDeg: number; readonly lonDeg: number };
  /** Where its browser keeps what it knows; given again, it is the same phone. */
  readonly profile?: string;
  /** No magnetometer: no reading of the sensors says where north is. */
  readonly compass?: boolean;
}

export interface Phone {
  readonly page: Page;
  readonly misdeeds: Misdeeds;
  readonly profile: string;
  /** Held so that the camera looks this way, from magnetic north; upright when the elevation is 0. */
  point(magneticDeg: number, elevationDeg: number): Promise<void>;
  moveTo(latDeg: number, lonDeg: number): Promise<void>;
  offline(is: boolean): Promise<void>;
  /** The battery is taken out: no goodbye, no flush. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const PERMISSIONS = [
  "geolocation",
  "accelerometer",
  "gyroscope",
  "magnetometer",
  "notifications",
  "microphone",
  "camera",
  "screen-wake-lock",
];

async function endpointOf(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`the browser ended with ${code}: ${said.slice(-500)}`)));
  });
}

/** Unit quaternion of an upright phone turned so: about the vertical by −azimuth, then tipped back by 90° + elevation. */
function attitude(magneticDeg: number, elevationDeg: number): { x: number; y: number; z: number; w: number } {
  const half = (deg: number): [number, number] => [Math.sin((deg * Math.PI) / 360), Math.cos((deg * Math.PI) / 360)];
  const [sz, cz] = half(-magneticDeg);
  const [sx, cx] = half(90 + elevationDeg);
  return { x: cz * sx, y: sz * sx, z: sz * cx, w: cz * cx };
}

export async function startPhone(options: PhoneOptions = {}): Promise<Phone> {
  const { width = 390, height = 844, locale = "en-US", dark = true, place, compass = true } = options;
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), "atalaya-phone-"));
  const child = spawn(
    process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    [
      ...BROWSER_FLAGS.filter((flag) => !flag.startsWith("--autoplay-policy")),
      "--headless=new",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      `--lang=${locale}`,
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"], detached: true, env: { ...process.env, LANGUAGE: locale, TZ: "America/Denver" } },
  );
  const endGroup = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
  };
  const browser: Browser = await chromium.connectOverCDP(await endpointOf(child));
  const [context] = browser.contexts();
  if (context === undefined) throw new Error("the browser has no context");
  context.setDefaultTimeout(PATIENCE_MS);
  await context.grantPermissions(PERMISSIONS);
  const page = context.pages()[0] ?? (await context.newPage());
  const misdeeds = recordMisdeeds(page);
  const devtools: CDPSession = await context.newCDPSession(page);
  await devtools.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 2, mobile: true });
  await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 5 });
  await devtools.send("Emulation.setLocaleOverride", { locale });
  await devtools.send("Emulation.setUserAgentOverride", {
    userAgent: "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
    acceptLanguage: locale,
  });
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
  if (compass)
    await devtools.send("Emulation.setSensorOverrideEnabled", {
      enabled: true,
      type: "absolute-orientation",
      metadata: { available: true },
    });
  const phone: Phone = {
    page,
    misdeeds,
    profile,
    point: async (magneticDeg, elevationDeg) => {
      // Both what the sensor and what the events say, as on a real phone; the events' own north is any.
      await devtools.send("DeviceOrientation.setDeviceOrientationOverride", {
        alpha: (((77 - magneticDeg) % 360) + 360) % 360,
        beta: Math.min(179, 90 + elevationDeg),
        gamma: 0,
      });
      if (compass)
        await devtools.send("Emulation.setSensorOverrideReadings", {
          type: "absolute-orientation",
          reading: { quaternion: attitude(magneticDeg, elevationDeg) },
        });
    },
    moveTo: async (latDeg, lonDeg) => {
      await devtools.send("Emulation.setGeolocationOverride", { latitude: latDeg, longitude: lonDeg, accuracy: 6 });
    },
    offline: async (is) => context.setOffline(is),
    kill: async () => {
      const gone = once(child, "exit");
      endGroup("SIGKILL");
      await gone;
      await browser.close().catch(() => undefined);
    },
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit");
        const late = setTimeout(() => endGroup("SIGKILL"), 30_000);
        // As somebody closes it: what it has in memory is written down first.
        await browser
          .newBrowserCDPSession()
          .then((whole) => whole.send("Browser.close"))
          .catch(() => endGroup("SIGTERM"));
        await gone;
        clearTimeout(late);
      }
      await browser.close().catch(() => undefined);
      if (options.profile === undefined) removeFolder(profile);
    },
  };
  if (place !== undefined) await phone.moveTo(place.latDeg, place.lonDeg);
  await phone.point(0, 0);
  return phone;
}
