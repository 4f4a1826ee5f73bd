// What this phone can do for its person now: asked for on one tap, looked at again whenever it may have changed.
import type { DeviceCan } from "@atalaya/protocol";
import { soundReady, unlockSound } from "@atalaya/web/sound";
import { Compass } from "../aim/compass.ts";
import { useField } from "../state.ts";

let lock: WakeLockSentinel | undefined;
let wanted = false;

async function keepAwake(): Promise<void> {
  if (!wanted || lock !== undefined || document.visibilityState !== "visible") return;
  try {
    const held = await navigator.wakeLock?.request("screen");
    if (held === undefined) return;
    lock = held;
    held.addEventListener("release", () => {
      if (lock === held) lock = undefined;
      look();
    });
  } catch {
    // Low battery, or a browser without it: said on the screen as what it costs.
    lock = undefined;
  }
  look();
}

/** The part that must happen within the tap, in this order: what a browser grants only to a person's hand comes first. */
export async function ask(compass: Compass): Promise<void> {
  const orientation = Compass.ask();
  unlockSound();
  // An iPhone's ringer switch silences pages that have not said that they play.
  const { audioSession } = navigator as { audioSession?: { type: string } };
  if (audioSession !== undefined) audioSession.type = "playback";
  navigator.vibrate?.(50);
  wanted = true;
  void keepAwake();
  if (typeof Notification !== "undefined" && Notification.permission === "default") void Notification.requestPermission().then(look);
  // Asks that the queue is not thrown away when the phone runs short of room.
  void navigator.storage?.persist?.();
  const granted = await orientation;
  useField.setState(({ refused }) => ({ refused: { ...refused, compass: !granted } }));
  if (granted) compass.start();
  look();
}

export function rest(): void {
  wanted = false;
  void lock?.release();
  lock = undefined;
}

let compassKnows: () => boolean = () => false;
/** Whether a compass has spoken: known to the device, asked here. */
export function setCompass(knows: () => boolean): void {
  compassKnows = knows;
}

function same(a: DeviceCan, b: DeviceCan): boolean {
  return (Object.keys(a) as (keyof DeviceCan)[]).every((key) => a[key] === b[key]);
}

/** Looks again, and tells the screens if something changed. */
export function look(): DeviceCan {
  const { place, can: before } = useField.getState();
  const can: DeviceCan = {
    sound: soundReady(),
    vibrate: "vibrate" in navigator,
    wakeLock: lock !== undefined,
    compass: compassKnows(),
    position: place !== undefined,
    notifications: typeof Notification !== "undefined" && Notification.permission === "granted",
    visible: document.visibilityState === "visible",
  };
  if (!same(can, before)) useField.setState({ can });
  return can;
}

export function watchAbilities(): void {
  document.addEventListener("visibilitychange", () => {
    void keepAwake();
    // Sound that the system took away comes back with the next tap at the latest.
    if (document.visibilityState === "visible" && wanted) unlockSound();
    look();
  });
  document.addEventListener("pointerdown", () => {
    if (wanted && !soundReady()) unlockSound();
    setTimeout(look, 100);
  });
}

/** After a restart in mid-shift everything is wanted that was wanted before; what needs a hand waits for a tap. */
export function wantAgain(): void {
  wanted = true;
  void keepAwake();
}
