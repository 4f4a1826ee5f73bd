export {
  asksToConfirm,
  BULLETIN_LABELS,
  type BulletinKind,
  bulletinLines,
  bulletinSms,
  type BulletinWords,
  confirmationKeptText,
  confirmByReply,
  overdueText,
  readConfirmation,
} from "./bulletin.ts";
export { type Carried, carriedText, countedText, numberWord } from "./carry.ts";
export { clockText, compassPoint, distanceText, durationText } from "./figures.ts";
export type { DangerMessage, Language, Message, MessageKey, TeamReportMessage } from "./message.ts";
export { LANGUAGES } from "./message.ts";
export { channelTestText, markedArea, type OutsideDanger, outsideOverText, type OutsideText, outsideText } from "./outside.ts";
export { answerKeptText, askText, readReply, type Reply, type ReplyAnswer } from "./reply.ts";
export { smsText } from "./sms.ts";
export type { Reader } from "./reader.ts";
export { DRILL_MARK, messageText } from "./text.ts";
