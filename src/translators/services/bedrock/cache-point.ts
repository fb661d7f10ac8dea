// Anthropic's mark of what to cache, as Converse has it: a block after what is to be cached.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { CacheControl } from "../../chat/chat-request.ts";

export function cachePoint({ ttl }: CacheControl): JsonObject {
  return { cachePoint: { type: "default", ...(ttl === "5m" || ttl === "1h" ? { ttl } : {}) } };
}
