// How is a chat message written so that ATAK shows it, and how is one acknowledged?
import { type CotElement, type CotEvent, type CotPoint, element } from "../event.ts";
import { timeText } from "../time.ts";

/** The room that everybody is in. */
export const ALL_CHAT_ROOMS = "All Chat Rooms";

const DAY_MS = 86_400_000;
const ROOT_GROUP = "RootContactGroup";

export interface ChatPerson {
  readonly uid: string;
  readonly callsign: string;
}

export interface ChatMessage {
  readonly from: ChatPerson & { readonly type: string };
  /** One person, or everybody. */
  readonly to: ChatPerson | typeof ALL_CHAT_ROOMS;
  readonly messageId: string;
  readonly text: string;
  readonly timeMs: number;
  /** Where the sender is. */
  readonly point: CotPoint;
  readonly opex?: string | undefined;
}

function chatEvent(type: string, uid: string, message: ChatMessage, detail: readonly CotElement[]): CotEvent {
  const { timeMs, point, opex } = message;
  return {
    uid,
    type,
    how: "h-g-i-g-o",
    timeMs,
    startMs: timeMs,
    staleMs: timeMs + DAY_MS,
    access: undefined,
    qos: undefined,
    opex,
    point,
    detail,
  };
}

function chatOf(name: "__chat" | "__chatreceipt", { from, to, messageId }: ChatMessage): CotElement {
  const room = to === ALL_CHAT_ROOMS ? to : to.callsign;
  const id = to === ALL_CHAT_ROOMS ? to : to.uid;
  return element(name, { parent: ROOT_GROUP, groupOwner: "false", messageId, chatroom: room, id, senderCallsign: from.callsign }, [
    element("chatgrp", { uid0: from.uid, uid1: id, id }),
  ]);
}

/** Servers hand an event to those named here alone; without it, to all. */
function addressed({ to }: ChatMessage): readonly CotElement[] {
  return to === ALL_CHAT_ROOMS ? [] : [element("marti", {}, [element("dest", { callsign: to.callsign })])];
}

/** A chat message (`b-t-f`). */
export function chatMessage(message: ChatMessage): CotEvent {
  const { from, to, messageId, text, timeMs } = message;
  const room = to === ALL_CHAT_ROOMS ? to : to.callsign;
  const id = to === ALL_CHAT_ROOMS ? to : to.uid;
  return chatEvent("b-t-f", `GeoChat.${from.uid}.${room}.${messageId}`, message, [
    chatOf("__chat", message),
    element("link", { uid: from.uid, type: from.type, relation: "p-p" }),
    element("remarks", { source: `BAO.F.ATAK.${from.uid}`, to: id, time: timeText(timeMs) }, [], text),
    ...addressed(message),
  ]);
}

/** That a message has arrived, or has been read: `messageId` is that message's, which the receipt has for its uid; `from` is who received it. */
export function chatReceipt(state: "delivered" | "read", message: Omit<ChatMessage, "text">): CotEvent {
  const whole = { ...message, text: "" };
  return chatEvent(state === "delivered" ? "b-t-f-d" : "b-t-f-r", message.messageId, whole, [
    chatOf("__chatreceipt", whole),
    element("link", { uid: message.from.uid, type: message.from.type, relation: "p-p" }),
    ...addressed(whole),
  ]);
}
