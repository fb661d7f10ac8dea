// What kind of content a part of a message is, in any protocol: as tables. Must not look at the content itself.
import type { Modality } from "../../core/known-model.ts";

/** By the `type` of a part. What is not named here is text, or nothing that a model is shown. */
const byType: ReadonlyMap<string, Modality> = new Map([
  ["image_url", "image"],
  ["input_image", "image"],
  ["image", "image"],
  ["computer_screenshot", "image"],
  ["input_audio", "audio"],
  ["audio", "audio"],
  ["audio_url", "audio"],
  ["video_url", "video"],
  ["input_video", "video"],
  ["video", "video"],
]);

/** Parts that hold a file of any kind. */
const fileTypes: ReadonlySet<string> = new Set(["file", "input_file", "document"]);

/** By the name of a member, of parts that have no type. */
const byMember: ReadonlyMap<string, Modality> = new Map([
  ["image", "image"],
  ["audio", "audio"],
  ["video", "video"],
]);

/** Members that say of what kind a file is, by themselves or by how they begin. */
const telling: ReadonlySet<string> = new Set([
  "mimeType",
  "mime_type",
  "media_type",
  "filename",
  "file_data",
  "file_url",
  "url",
]);

/** What a part of a kind is read as, in tokens: a middling one of what vendors count. */
export const partTokens: Readonly<Record<Exclude<Modality, "text">, number>> = {
  image: 1_000,
  audio: 1_500,
  video: 5_000,
  pdf: 5_000,
};

export function modalityOfType(type: string): Modality | "file" | undefined {
  return fileTypes.has(type) ? "file" : byType.get(type);
}

export function modalityOfMember(name: string): Modality | undefined {
  return byMember.get(name);
}

export function tellsKind(member: string): boolean {
  return telling.has(member);
}

const kinds: readonly (readonly [RegExp, Modality])[] = [
  [/^(?:data:)?image\/|\.(?:png|jpe?g|gif|webp|bmp)(?:\?|$)/i, "image"],
  [/^(?:data:)?audio\/|\.(?:mp3|wav|flac|ogg|m4a)(?:\?|$)/i, "audio"],
  [/^(?:data:)?video\/|\.(?:mp4|mov|webm|mkv)(?:\?|$)/i, "video"],
  [/^(?:data:)?text\/|^application\/json\b|\.(?:txt|md|csv|json|html?)(?:\?|$)/i, "text"],
  [/^(?:data:)?application\/pdf|\.pdf(?:\?|$)/i, "pdf"],
];

/** By a media type, a data URL or the name of a file; undefined where these do not tell. */
export function modalityOfFile(told: string): Modality | undefined {
  return kinds.find(([pattern]) => pattern.test(told))?.[1];
}

/** How other content than text is told in what is too much to be looked at: what only looks like it counts too. */
const marks: readonly (readonly [Modality, RegExp])[] = [
  ["image", markOf("image", "image\\/")],
  ["audio", markOf("audio", "audio\\/")],
  ["video", markOf("video", "video\\/")],
  ["pdf", /application\/pdf|"document"|"input_file"/],
];

function markOf(modality: Modality, mediaType: string): RegExp {
  const types = [...byType].filter(([, of]) => of === modality).map(([type]) => `"${type}"`);
  return new RegExp([...types, mediaType].join("|"));
}

/** @param rest of a request, that was not looked at */
export function withUnread(seen: readonly Modality[], rest: Buffer): readonly Modality[] {
  const text = rest.toString("latin1");
  return [
    ...new Set([...seen, ...marks.filter(([, mark]) => mark.test(text)).map(([modality]) => modality)]),
  ];
}
