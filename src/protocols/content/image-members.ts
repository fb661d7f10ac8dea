// Which strings of requests and answers are images, or say where one is. As tables. Must not judge.
import type { JsonPath } from "../../lib/json-strings.ts";
import { nameOf } from "./content-members.ts";

export interface FoundImage {
  readonly url?: string;
  readonly bytes?: Buffer;
  readonly mediaType?: string;
}

/** Members whose address is an image's, or those inside of which it stands. */
const imageMembers: ReadonlySet<string> = new Set([
  "image",
  "image_url",
  "images",
  "base_image_url",
  "mask_image_url",
  "ref_img",
]);

const dataUrl = /^data:(image\/[\w.+-]{1,64})(?:;[\w.=-]{1,64}){0,4};base64,/i;

/** How images of each kind begin, in base64. */
const beginnings: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
  ["Qk0", "image/bmp"],
];

/** Undefined for a string that is no image. */
export function imageAt(path: JsonPath, text: string): FoundImage | undefined {
  const match = dataUrl.exec(text);
  if (match !== null) {
    const [prefix, mediaType = ""] = match;
    return { bytes: Buffer.from(text.slice(prefix.length), "base64"), mediaType };
  }
  if (/^https?:\/\//i.test(text)) {
    const isImage = imageMembers.has(nameOf(path)) || path.some((step) => imageMembers.has(String(step)));
    return isImage ? { url: text } : undefined;
  }
  const begun = beginnings.find(([beginning]) => text.startsWith(beginning));
  return begun === undefined ? undefined : { bytes: Buffer.from(text, "base64"), mediaType: begun[1] };
}
