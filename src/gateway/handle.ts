// THE main path: a request's whole way, step by step. Each step is one small file; an error on any step ends here.
import { GatewayError } from "../core/errors.ts";
import { preflightHeaders } from "./answer/answer-headers.ts";
import { authenticate } from "./authenticate.ts";
import { answerFromCache } from "./cache/answer-from-cache.ts";
import type { Exchange } from "./exchange.ts";
import { beginCapture } from "./capture/record-content.ts";
import { requireModel } from "./identity/allowed-models.ts";
import { answerList, listAskedFor } from "./ids/answer-list.ts";
import { attemptPlaced } from "./ids/attempt-placed.ts";
import { admit } from "./limits/admit.ts";
import { reserve } from "./limits/reserve.ts";
import { match } from "./match-request.ts";
import { moderate } from "./moderation/moderate.ts";
import { answerModels, answersModelsInstead } from "./models-answer.ts";
import { read } from "./body/read.ts";
import { answerFailure, markClientGone, refuse, toGatewayError } from "./refuse.ts";
import { admitAddress } from "./shaping/ip-access.ts";
import { addPrompt, shapeBody, shapeHead } from "./shaping/shape.ts";
import { answerTokenCount, countsTokensItself } from "./translation/count-tokens.ts";
import { serveSocket } from "./websocket/serve-socket.ts";
import type { GatewayTools } from "./websocket/socket-tools.ts";

/** Takes an exchange from its head to its answer. Never throws; `exchange` then holds all there is to record. */
export async function handle(exchange: Exchange, tools: GatewayTools): Promise<void> {
  try {
    await answer(exchange, tools);
  } catch (error) {
    if (!(error instanceof GatewayError)) tools.reportDefect(error);
    if (exchange.call.gone) markClientGone(exchange);
    else refuse(exchange, toGatewayError(error));
  }
  if (exchange.guard !== null) await exchange.guard.settled();
}

async function answer(exchange: Exchange, tools: GatewayTools): Promise<void> {
  const matched = match(exchange, exchange.call, exchange.plan);
  if (matched === null) return answerHealth(exchange);
  if (exchange.call.method === "OPTIONS") return answerPreflight(exchange);
  beginCapture(exchange, matched, tools.contentBudget);
  admitAddress(exchange, matched);
  const proving = authenticate(exchange, { wallMs: tools.clock.wallMs() }, tools);
  if (proving !== undefined) await proving;
  shapeHead(exchange, matched);
  if (matched.route.listsModels || answersModelsInstead(exchange, matched)) {
    return answerModels(exchange, matched);
  }
  const admitted = admit(exchange, matched, tools);
  if (admitted !== null) await admitted;
  if (matched.route.row.websocket) return await serveSocket(exchange, matched, tools);
  await read(exchange, matched, tools);
  requireModel(exchange, matched);
  shapeBody(exchange, matched);
  const reserved = reserve(exchange, matched, tools);
  if (reserved !== null) await reserved;
  const { moderation } = matched.api;
  if (moderation !== null) await moderate(exchange, matched, moderation, tools);
  const list = listAskedFor(exchange, matched);
  if (list !== undefined) return await answerList(exchange, list, tools);
  addPrompt(exchange, matched);
  if (matched.operation.task === "count-tokens" && (await countsTokensItself(exchange, matched)))
    return await answerTokenCount(exchange, tools.tokens);
  const { cache } = matched.api.config;
  if (cache !== undefined && (await answerFromCache(exchange, matched, cache, tools))) return;
  const failure = await attemptPlaced(exchange, matched, tools);
  if (failure !== null) answerFailure(exchange, failure);
}

function answerHealth(exchange: Exchange): void {
  exchange.status = 200;
  exchange.isHealthCheck = true;
  exchange.call.send(
    200,
    ["content-type", "application/json", "cache-control", "no-store"],
    '{"status":"ok"}',
  );
}

function answerPreflight(exchange: Exchange): void {
  exchange.status = 204;
  exchange.call.send(204, preflightHeaders(exchange), "");
}
