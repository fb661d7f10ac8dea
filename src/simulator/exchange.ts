// One request on its way through the simulator: read, answered, and sent or refused. Must not know how it listens.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import { deliverJson, deliverStream, later } from "./delivery.ts";
import { findEndpoint } from "./endpoints.ts";
import type { Endpoint } from "./endpoints.ts";
import { anthropicErrors, openaiErrors } from "./error-shapes.ts";
import type { ErrorShape } from "./error-shapes.ts";
import { parseBody } from "./fields.ts";
import { drawFault, KnobError, knobsHeader, readKnobs } from "./knobs.ts";
import type { SimulatorFault } from "../core/simulator-faults.ts";
import type { Knobs } from "./knobs.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { Reply } from "./reply.ts";

/** Larger bodies are refused with 413, unread. */
const mostBodyBytes = 64 * 1024 * 1024;

/** What every request of one simulator shares. */
export interface Context {
  readonly random: () => number;
  readonly clock: Clock;
  readonly defaults: Knobs;
}

interface Exchange {
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly out: ServerResponse;
  readonly path: string;
  readonly errors: ErrorShape;
  readonly requestId: string;
}

/** Answers one request. Nothing is thrown: what goes wrong becomes an answer. */
export function handle(context: Context, request: IncomingMessage, out: ServerResponse): void {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const found = findEndpoint(path);
  const fallback = request.headers["anthropic-version"] === undefined ? openaiErrors : anthropicErrors;
  const exchange: Exchange = {
    context,
    request,
    out,
    path,
    errors: found?.endpoint.errors ?? fallback,
    requestId: newId(context.random, "req_"),
  };
  out.setHeader(exchange.errors.requestIdHeader, exchange.requestId);
  out.setHeader("x-moongate-simulated", "true");
  readText(request, (text) => {
    guard(exchange, () => {
      if (text === null) throw new RefusedRequest(413, "The request body is too large.");
      if (found === undefined) throw new RefusedRequest(404, `Unknown path: ${path}`, null, "unknown_url");
      serve(exchange, { ...found, text });
    });
  });
}

/** Collects the body as text; null when it is too large. Never calls back for a client that leaves before its end. */
function readText(request: IncomingMessage, done: (text: string | null) => void): void {
  const parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= mostBodyBytes) {
      parts.push(part);
      return;
    }
    request.off("data", take);
    request.off("end", finish);
    done(null);
  };
  const finish = (): void => done(Buffer.concat(parts, length).toString());
  request.on("data", take);
  request.once("end", finish);
}

/** Turns what is thrown on purpose into the protocol's error. */
function guard(exchange: Exchange, step: () => void): void {
  try {
    step();
  } catch (error) {
    refuse(exchange, asRefusal(error));
  }
}

function asRefusal(error: unknown): RefusedRequest {
  if (error instanceof RefusedRequest) return error;
  if (error instanceof KnobError) return new RefusedRequest(400, `${knobsHeader}: ${error.message}`);
  return new RefusedRequest(500, "The simulator could not answer this request.");
}

interface Found {
  readonly endpoint: Endpoint;
  readonly pathRest: string;
  readonly text: string;
}

function serve(exchange: Exchange, { endpoint, pathRest, text }: Found): void {
  const { context, request, out } = exchange;
  if (request.method !== endpoint.method) {
    out.setHeader("allow", endpoint.method);
    throw new RefusedRequest(405, `This path is served with ${endpoint.method} only.`);
  }
  const header = (name: string): string | undefined => [request.headers[name]].flat()[0];
  const knobs = readKnobs(header(knobsHeader), context.defaults);
  const reply = endpoint.answer({
    body: endpoint.method === "GET" ? {} : parseBody(text),
    pathRest,
    header,
    outputTokens: knobs.outputTokens ?? 0,
    newId: (prefix) => newId(context.random, prefix),
    createdAt: Math.floor(context.clock.wallMs() / 1000),
  });
  const fault = drawFault(knobs, context.random);
  later(out, knobs.latencyMs ?? 0, () => deliver(exchange, reply, { knobs, fault }));
}

/** Faults of the whole answer are made here, those within it by the delivery. */
function deliver(
  exchange: Exchange,
  reply: Reply,
  { knobs, fault }: { knobs: Knobs; fault: SimulatorFault },
): void {
  const { context, out, errors, requestId } = exchange;
  switch (fault) {
    case "status-429":
      out.setHeader("retry-after", "1");
      refuse(exchange, new RefusedRequest(429, "Simulated rate limit.", null, "rate_limit_exceeded"));
      return;
    case "status-500":
      refuse(exchange, new RefusedRequest(500, "Simulated failure.", null, "server_error"));
      return;
    case "reset":
      out.socket?.resetAndDestroy();
      return;
    default:
  }
  const delivery = { out, clock: context.clock, knobs, fault };
  const failure = new RefusedRequest(500, "Simulated failure.", null, "server_error");
  if (reply.kind === "json") {
    const body = fault === "error-in-200" ? errors.body(failure, requestId) : reply.body;
    deliverJson(delivery, { ...reply, body });
  } else {
    const failed = [{ text: errors.event(failure, requestId), isToken: false }];
    deliverStream(delivery, fault === "error-in-200" ? { ...reply, frames: failed } : reply);
  }
}

function refuse({ out, errors, requestId }: Exchange, error: RefusedRequest): void {
  const body = errors.body(error, requestId);
  out.writeHead(error.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // The rest of a body that is not read cannot be told from the next request.
    ...(error.status === 413 ? { connection: "close" } : {}),
  });
  out.end(body);
}

function newId(random: () => number, prefix: string): string {
  const part = (): string =>
    Math.floor(random() * 36 ** 10)
      .toString(36)
      .padStart(10, "0");
  return `${prefix}${part()}${part()}`;
}
