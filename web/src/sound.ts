// The sounds, each with its text on the screen: 500 to 3000 Hz, made here, unlocked by a person's first tap or click.

let context: AudioContext | undefined;

/** Browsers play sound only after a person has acted on the page. */
export function unlockSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

/** Whether a sound would be heard now, as far as the browser tells. */
export function soundReady(): boolean {
  return context?.state === "running";
}

const DESK_GAIN = 0.3;

function tone(frequency: number, at: number, lengthS: number, loudness: number = DESK_GAIN): void {
  if (context === undefined || context.state !== "running") return;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  const from = context.currentTime + at;
  // Soft edges: a click at the start hides the first half second, which has to tell the sounds apart.
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(loudness, from + 0.01);
  gain.gain.setValueAtTime(loudness, from + lengthS - 0.02);
  gain.gain.linearRampToValueAtTime(0, from + lengthS);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + lengthS);
}

/** Warning on the console: 1000 and 1500 Hz in turn, 0.8 s. */
export function soundWarning(): void {
  for (let k = 0; k < 4; k += 1) tone(k % 2 === 0 ? 1000 : 1500, k * 0.2, 0.2);
}

/** Warning to the person at this screen: two rising tones, 880 and 1760 Hz, 0.6 s. A phone in a pocket gives all it has: loudness 1. */
export function soundPerson(loudness: number = DESK_GAIN): void {
  tone(880, 0, 0.3, loudness);
  tone(1760, 0.3, 0.3, loudness);
}

let attentionAt = -Infinity;
/** Attention: one stroke of 660 Hz, at most one a minute. */
export function soundAttention(): void {
  if (performance.now() - attentionAt < 60_000) return;
  attentionAt = performance.now();
  tone(660, 0, 0.5);
}

/** Done: falling, once. */
export function soundDone(): void {
  tone(1320, 0, 0.25);
  tone(880, 0.25, 0.35);
}
