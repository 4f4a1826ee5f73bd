// How a warning is made heard and felt: tones first, then the words, a drill's word before everything; until somebody answers.
import type { Notice } from "@atalaya/protocol";
import { soundAttention, soundDone, soundPerson } from "@atalaya/web/sound";

const WARNING_SHAKE = [400, 120, 400, 120, 400];
const ATTENTION_SHAKE = [200, 100, 200];
const EVERY_MS = 2000;
/** Said again without an answer, it comes in shorter gaps: more urgent, not louder. */
const PRESSING_EVERY_MS = 1200;
/** The words again, after so many tones. */
const WORDS_EVERY = 5;

function shake(pattern: readonly number[]): void {
  // An iPhone has none.
  navigator.vibrate?.([...pattern]);
}

function say(text: string, language: Notice["language"]): void {
  if (typeof speechSynthesis === "undefined") return;
  // Only voices of the phone itself: others need a network, and hand the words to strangers.
  const voice = speechSynthesis.getVoices().find(({ lang, localService }) => localService && lang.toLowerCase().startsWith(language));
  if (voice === undefined) return;
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(text.replaceAll("\u00a0", " "));
  words.voice = voice;
  words.lang = voice.lang;
  speechSynthesis.speak(words);
}

function tones({ level, kind }: Notice): void {
  if (kind === "all-clear" || kind === "stand-down") {
    soundDone();
    shake([150]);
  } else if (level === "warning") {
    soundPerson(1);
    shake(WARNING_SHAKE);
  } else if (level !== "advisory" && kind !== "cancel") {
    soundAttention();
    shake(ATTENTION_SHAKE);
  }
}

/** Once: tones, then the sentence. A drill is named before its tone. */
export function announce(notice: Notice): void {
  if (notice.drill) {
    say(notice.text, notice.language);
    setTimeout(() => tones(notice), 1500);
    return;
  }
  tones(notice);
  if (notice.level !== "advisory" && notice.kind !== "cancel") setTimeout(() => say(notice.text, notice.language), 700);
  if (document.visibilityState === "hidden") void notify(notice);
}

/** The app is open but not on the screen: the system's own notice is all that can be done. */
async function notify({ text, warningId }: Notice): Promise<void> {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.showNotification("Atalaya", { body: text, tag: warningId, requireInteraction: true });
}

/** Again and again until it is answered; the function ends it. */
export function insist(notice: Notice): () => void {
  let count = 0;
  const pressing = (notice.times ?? 0) > 0 || notice.kind === "repeat";
  const timer = setInterval(
    () => {
      count += 1;
      soundPerson(1);
      shake(WARNING_SHAKE);
      if (count % WORDS_EVERY === 0) say(notice.text, notice.language);
    },
    pressing ? PRESSING_EVERY_MS : EVERY_MS,
  );
  return () => {
    clearInterval(timer);
    navigator.vibrate?.(0);
    if (typeof speechSynthesis !== "undefined") speechSynthesis.cancel();
  };
}
