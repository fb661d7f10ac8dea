// The list of models that clients ask for, in the shapes of OpenAI and Anthropic. Must not know where the names are from.
import { GatewayError } from "../core/errors.ts";

export interface ModelListFormat {
  /** One model, as JSON. */
  one(id: string): string;
  /**
   * The list, or the page of it that the query asks for, as JSON.
   * @param ids sorted by code units, each once
   * @param query of the request, with its leading `?`; empty without one
   * @throws GatewayError invalid_request
   */
  list(ids: readonly string[], query: string): string;
}

/** OpenAI's list has no pages. */
export const openaiModelList: ModelListFormat = {
  one: (id) => JSON.stringify(openaiModel(id)),
  list: (ids) => JSON.stringify({ object: "list", data: ids.map(openaiModel) }),
};

/** The gateway does not know when a model was made: `created` is the epoch. */
function openaiModel(id: string): object {
  return { id, object: "model", created: 0, owned_by: "moongate" };
}

export const anthropicModelList: ModelListFormat = {
  one: (id) => JSON.stringify(anthropicModel(id)),
  list: (ids, query) => JSON.stringify(anthropicPage(ids, query)),
};

/** The epoch stands for an unknown date, as Anthropic's own reference says of `created_at`. */
function anthropicModel(id: string): object {
  return { type: "model", id, display_name: id, created_at: "1970-01-01T00:00:00Z" };
}

const defaultLimit = 20;
const maxLimit = 1_000;

/**
 * Cursors are names. They count by their place in the order, so that a page follows the one before also when the name
 * at the border has been taken out in between.
 */
function anthropicPage(ids: readonly string[], query: string): object {
  const asked = new URLSearchParams(query);
  const limit = limitOf(asked.get("limit"));
  const after = asked.get("after_id") ?? "";
  const before = asked.get("before_id") ?? "";
  const rest = ids.filter((id) => (after === "" || id > after) && (before === "" || id < before));
  // Backwards, the page ends where the one after it begins.
  const page = before === "" || after !== "" ? rest.slice(0, limit) : rest.slice(-limit);
  return {
    data: page.map(anthropicModel),
    has_more: page.length < rest.length,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  };
}

function limitOf(text: string | null): number {
  if (text === null) return defaultLimit;
  const limit = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw new GatewayError("invalid_request", {
    message: `\`limit\` must be a whole number from 1 to ${maxLimit}.`,
    param: "limit",
  });
}
