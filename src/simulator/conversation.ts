// Reads the text of a conversation in the shape that OpenAI chat and Anthropic messages share. No limits, no sockets.
import { isRecord } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { countTokens } from "./tokens.ts";

/** What a message costs beyond its words: its role and its separators. */
const tokensPerMessage = 4;

/** What an image, a file or another part without text is counted as. */
const tokensPerAttachment = 85;

/** Tool results may hold parts that hold parts; providers know two levels. */
const mostDepth = 4;

/** The text of a content: a string, or the text parts of a list, joined by line ends. */
export function textOf(content: unknown, depth = 0): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content) || depth > mostDepth) return "";
  const texts = content.map((part: unknown) => {
    if (!isRecord(part)) return "";
    return typeof part["text"] === "string" ? part["text"] : textOf(part["content"], depth + 1);
  });
  return texts.filter((text) => text !== "").join("\n");
}

/** Tokens of a whole conversation. */
export function countConversation(messages: readonly JsonObject[]): number {
  return messages.reduce((sum, message) => sum + tokensPerMessage + countContent(message["content"]), 0);
}

/** Tokens of a content: its words, and a flat figure for every part without words. */
export function countContent(content: unknown): number {
  if (!Array.isArray(content)) return countTokens(textOf(content));
  return content.reduce((sum: number, part: unknown) => {
    const text = textOf([part]);
    return sum + (text === "" ? tokensPerAttachment : countTokens(text));
  }, 0);
}

/** Tokens of a list of tool definitions. */
export function countTools(tools: readonly JsonObject[]): number {
  return tools.length === 0 ? 0 : countTokens(JSON.stringify(tools));
}

/** The last words that the user said; empty when there are none. */
export function lastPrompt(messages: readonly JsonObject[]): string {
  const last = messages.findLast(
    (message) => message["role"] === "user" && ownText(message["content"]) !== "",
  );
  return last === undefined ? "" : ownText(last["content"]);
}

/** The text that a message says itself, without what a tool answered. */
function ownText(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content);
  return textOf(content.filter((part: unknown) => isRecord(part) && typeof part["text"] === "string"));
}
