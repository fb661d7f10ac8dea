// Ids for what translated answers name: messages, calls, items. Knows no protocol.
import { randomBytes } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
const length = 24;
/** The largest multiple of the letters' number that a byte can be below: what is above would favour the first letters. */
const usable = 252;

/** 24 random characters of a-z0-9. */
export function newTranslationId(): string {
  let id = "";
  while (id.length < length) {
    for (const byte of randomBytes(32)) {
      if (byte < usable && id.length < length) id += letters[byte % letters.length] ?? "";
    }
  }
  return id;
}
