// The socket, away from the page's thread: connects, comes back with growing pauses, hands frames over without copying them.
import type { ClientMessage, StreamMessage } from "@atalaya/protocol";
import type { FromWorker, ToWorker } from "./messages.ts";

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: readonly Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const ALIVE_EVERY_MS = 5000;
/** A socket that says nothing for this long is dead, whatever the network thinks. */
const SILENT_MS = 6000;
/** Close code of a session that was ended. */
const SIGNED_OUT = 4401;

let url = "";
let socket: WebSocket | undefined;
let pauseMs = FIRST_PAUSE_MS;
let heardMs = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function connect(): void {
  clearTimeout(timer);
  const opened = new WebSocket(url);
  socket = opened;
  heardMs = performance.now();
  opened.binaryType = "arraybuffer";
  opened.onopen = () => {
    pauseMs = FIRST_PAUSE_MS;
    scope.postMessage({ kind: "open" });
  };
  opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    heardMs = performance.now();
    if (typeof data === "string") scope.postMessage({ kind: "message", message: JSON.parse(data) as StreamMessage });
    else scope.postMessage({ kind: "tracks", frame: data }, [data]);
  };
  opened.onclose = ({ code }) => {
    if (socket !== opened) return;
    socket = undefined;
    scope.postMessage({ kind: "closed", signedOut: code === SIGNED_OUT });
    timer = setTimeout(connect, pauseMs);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  };
}

function say(message: ClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

setInterval(() => say({ type: "alive", tick: 0 }), ALIVE_EVERY_MS);
setInterval(() => {
  if (socket === undefined || performance.now() - heardMs < SILENT_MS) return;
  const dead = socket;
  socket = undefined;
  dead.onclose = null;
  dead.close();
  scope.postMessage({ kind: "closed", signedOut: false });
  connect();
}, 1000);

scope.onmessage = ({ data }) => {
  if (data.kind === "connect") {
    url = data.url;
    connect();
  } else if (data.kind === "resync") say({ type: "resync" });
  else if (data.kind === "say") say(data.message);
  else {
    clearTimeout(timer);
    const last = socket;
    socket = undefined;
    if (last !== undefined) last.onclose = null;
    last?.close();
  }
};
