// Records sound through the phone's microphone, for as long as it is let, up to a limit.

/** In the order of what hubs and desks play most easily. */
const TYPES = ["audio/mp4", "audio/webm;codecs=opus", "audio/webm"] as const;
export const MOST_RECORDING_S = 300;

export interface Recording {
  stop(): Promise<Blob>;
}

export function canRecord(): boolean {
  return (
    typeof MediaRecorder !== "undefined" &&
    navigator.mediaDevices !== undefined &&
    TYPES.some((type) => MediaRecorder.isTypeSupported(type))
  );
}

/** Begins to record; undefined: refused, or this phone cannot. */
export async function record(): Promise<Recording | undefined> {
  const type = canRecord() ? TYPES.find((known) => MediaRecorder.isTypeSupported(known)) : undefined;
  if (type === undefined) return undefined;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => undefined);
  if (stream === undefined) return undefined;
  const recorder = new MediaRecorder(stream, { mimeType: type });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) parts.push(data);
  };
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start(1000);
  const late = setTimeout(() => recorder.state === "recording" && recorder.stop(), MOST_RECORDING_S * 1000);
  return {
    stop: async () => {
      clearTimeout(late);
      if (recorder.state === "recording") recorder.stop();
      await ended;
      for (const track of stream.getTracks()) track.stop();
      return new Blob(parts, { type });
    },
  };
}
