// Places in a list as texts that clients hand back: seen to be ours before anybody reads what they say. Knows no list.
import { createHash } from "node:crypto";

const markLength = 8;

export function writeCursor(place: string): string {
  return Buffer.from(markOf(place) + place, "utf8").toString("base64url");
}

/** Undefined for a text that `writeCursor` has not made. */
export function readCursor(cursor: string): string | undefined {
  const place = Buffer.from(cursor, "base64url").toString("utf8").slice(markLength);
  return writeCursor(place) === cursor ? place : undefined;
}

/** No secret: it tells a slip from a cursor, and whoever makes one up has only himself to fool. */
function markOf(place: string): string {
  return createHash("sha256").update(`cursor ${place}`).digest("base64url").slice(0, markLength);
}
