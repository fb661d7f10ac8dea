// The versions of Anthropic's API and what each refuses. Source: Anthropic's API documentation, "Versions".
import { isRecord } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { Call } from "./reply.ts";

const versions = ["2023-01-01", "2023-06-01", "2026-10-21"] as const;
type Version = (typeof versions)[number];

/** Sampling parameters that the newest version no longer knows, not even with their default values. */
const removedFields = ["temperature", "top_p", "top_k"] as const;

/** @throws RefusedRequest (400) without a version that Anthropic ever had. */
export function readVersion(call: Call): Version {
  const header = call.header("anthropic-version");
  if (header === undefined) throw new RefusedRequest(400, "anthropic-version: header is required");
  const version = versions.find((name) => name === header);
  if (version !== undefined) return version;
  throw new RefusedRequest(400, `anthropic-version: expected one of ${versions.join(", ")}`);
}

/** @throws RefusedRequest (400) for what an older version takes and this one does not. */
export function refuseRemoved(version: Version, body: JsonObject, messages: readonly JsonObject[]): void {
  if (version !== "2026-10-21") return;
  const field = removedFields.find((name) => body[name] !== undefined);
  if (field !== undefined) throw new RefusedRequest(400, `${field}: not known in API version ${version}`);
  for (const [index, { role, content }] of messages.entries()) {
    const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
    const what = role === "assistant" ? "document blocks" : "citations";
    if (blocks.some(role === "assistant" ? isDocument : isCitedText)) {
      throw new RefusedRequest(400, `messages.${index}.content: no ${what} in messages of this role`);
    }
  }
}

function isDocument(block: unknown): boolean {
  return isRecord(block) && block["type"] === "document";
}

function isCitedText(block: unknown): boolean {
  if (!isRecord(block)) return false;
  const { type, citations, content } = block;
  if (type === "search_result" && Array.isArray(content)) return content.some(isCitedText);
  return type === "text" && Array.isArray(citations) && citations.length > 0;
}
