// A request in chat form as Gemini's generateContent. Must not know answers.
import { memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ServiceCall, TranslationContext } from "../../translation.ts";
import { contentsOf } from "./contents-from-chat.ts";
import { generationConfigOf, googleMember } from "./generation-config.ts";
import { toolsOf } from "./tools-from-chat.ts";

/** Fields of Gemini's own that clients of other protocols may write, by all names that are seen. */
const ownFields: Readonly<Record<string, readonly string[]>> = {
  safetySettings: ["safetySettings", "safety_settings"],
  cachedContent: ["cachedContent", "cached_content"],
  labels: ["labels"],
};

/** Names in `others` that are read here or in generationConfig. */
const known: ReadonlySet<string> = new Set([
  ...Object.values(ownFields).flat(),
  "extra_body",
  "modalities",
  "responseModalities",
  "mediaResolution",
  "speechConfig",
  "imageConfig",
]);

/** Members of `extra_body.google` that are read. */
const knownOfGoogle: ReadonlySet<string> = new Set(["thinking_config", "cached_content", "safety_settings"]);

export function requestFromChat(chat: ChatRequest, context: TranslationContext): ServiceCall {
  const config = generationConfigOf(chat, context);
  const { contents, systemInstruction } = contentsOf(chat, context);
  noteExtras(chat.others, context);
  return {
    path: pathOf(context.model, chat.stream),
    body: {
      contents,
      ...(systemInstruction !== undefined && { systemInstruction }),
      ...toolsOf(chat, context),
      ...(Object.keys(config).length > 0 && { generationConfig: config }),
      ...ownMembers(chat.others),
      ...context.notes.rest(chat.others, known),
    },
  };
}

/** A model stands below `models/`, unless its name says where it is. */
function pathOf(model: string, stream: boolean): string {
  const verb = stream ? "streamGenerateContent?alt=sse" : "generateContent";
  const [folder, ...rest] = model.split("/");
  const isPlaced = rest.length === 1 && (folder === "models" || folder === "tunedModels");
  const name = isPlaced
    ? `${folder}/${encodeURIComponent(rest.join("/"))}`
    : `models/${encodeURIComponent(model)}`;
  return `/${name}:${verb}`;
}

function ownMembers(others: JsonObject): JsonObject {
  const own: Record<string, unknown> = {};
  for (const [name, spellings] of Object.entries(ownFields)) {
    for (const spelling of spellings) {
      const value = memberOf(others, spelling) ?? googleMember(others, spelling);
      if (value !== undefined && value !== null) own[name] = value;
    }
  }
  return own;
}

function noteExtras(others: JsonObject, { notes }: TranslationContext): void {
  const extra = memberOf(others, "extra_body");
  if (extra === undefined || extra === null) return;
  const members = Object.keys(typeof extra === "object" ? extra : { extra });
  for (const name of members) if (name !== "google") notes.dropped(`extra_body.${name}`);
  const google = memberOf(extra, "google");
  if (typeof google !== "object" || google === null) return;
  for (const name of Object.keys(google))
    if (!knownOfGoogle.has(name)) notes.dropped(`extra_body.google.${name}`);
}
