export type { DangerMessage, Language, Message, MessageKey } from "./message.ts";
export { LANGUAGES } from "./message.ts";
export { smsText } from "./sms.ts";
export { messageText, type Reader } from "./text.ts";
