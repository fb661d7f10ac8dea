// Counts the tokens of a message where the service cannot: coding agents ask before they send. An estimate by the gateway's
// own tokenizer, and marked as one.
import { GatewayError } from "../../core/errors.ts";
import { parseExactJson } from "../../lib/exact-json.ts";
import { isJsonObject, listOf } from "../../lib/json-value.ts";
import { roughCounts, type TokenCounter } from "../accounting/token-ask.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { selectable } from "../match-request.ts";
import { placesOf } from "../ids/api-places.ts";

/** What a picture or a page is taken for; its bytes say nothing of it. */
const tokensOfMedia = 1_500;
const nothing = { bytes: Buffer.alloc(0), total: 0 };

/** Whether the gateway itself must count: the service that would be asked has no such endpoint. */
export async function countsTokensItself(exchange: Exchange, matched: Matched): Promise<boolean> {
  const { api, route } = matched;
  const native = { protocol: route.serviceProtocol };
  const { services } = placesOf(api, exchange.plan);
  const speaks = [...services].some((name) => exchange.plan.services.get(name)?.endpointFor(native));
  if (!speaks) return true;
  const { target } = await api.selector.select({ ...selectable(exchange, matched), dryRun: true });
  return target.service.endpointFor(native) === undefined;
}

/** @throws GatewayError invalid_request */
export async function answerTokenCount(exchange: Exchange, counter: TokenCounter | undefined): Promise<void> {
  const { bytes, media } = countable(exchange.body?.bytes ?? nothing.bytes);
  const ask = { request: { bytes, total: bytes.length }, answer: nothing };
  const { input } = (await counter?.count(ask)) ?? roughCounts(ask);
  exchange.warnings.push({ field: "input_tokens", action: "rewritten" });
  const headers = ["content-type", "application/json"];
  pushGatewayHeaders(headers, exchange);
  exchange.status = 200;
  exchange.call.send(200, headers, JSON.stringify({ input_tokens: input + media * tokensOfMedia }));
}

/** The request without the bytes of media, which are no text. */
function countable(body: Buffer): { readonly bytes: Buffer; readonly media: number } {
  let request: unknown;
  try {
    request = parseExactJson(body.toString());
  } catch {
    request = undefined;
  }
  if (!isJsonObject(request) || listOf(request, "messages").length === 0) {
    throw new GatewayError("invalid_request", { message: "messages must be a list.", param: "messages" });
  }
  let media = 0;
  const text = JSON.stringify(request, (key, value: unknown) => {
    if (key !== "source" || !isJsonObject(value) || value["type"] !== "base64") return value;
    media += 1;
    return null;
  });
  return { bytes: Buffer.from(text), media };
}
