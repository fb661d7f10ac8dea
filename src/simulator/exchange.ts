// One request on its way through the simulator: read, answered, and sent or refused. Must not know how it listens.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import type { SimulatorFault } from "../core/simulator-faults.ts";
import type { Account, Accounts } from "./account.ts";
import { deliverStream, deliverWhole, later, type Delivery, type Progress } from "./delivery.ts";
import type { Endpoint, FoundEndpoint } from "./endpoint.ts";
import { findEndpoint } from "./endpoints.ts";
import { anthropicErrors, dashscopeErrors, geminiErrors, openaiErrors } from "./error-shapes.ts";
import type { ErrorShape } from "./error-shapes.ts";
import type { JsonObject } from "./fields.ts";
import { newId, newUuid } from "./ids.ts";
import { drawFault, KnobError, knobsHeader, readKnobs } from "./knobs.ts";
import type { Knobs } from "./knobs.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { Call, InnerAnswer, Reply } from "./reply.ts";
import { readBody } from "./request-body.ts";
import type { RequestBody } from "./request-body.ts";

/** What every request of one simulator shares. */
export interface Context {
  readonly random: () => number;
  readonly clock: Clock;
  readonly defaults: Knobs;
  readonly accounts: Accounts;
  readonly onTaken: (traceparent: string | undefined) => void;
  readonly onServed: (served: ServedRequest) => void;
}

/** What was counted of one request that was carried out, once nothing more of its answer goes out. */
export interface ServedRequest {
  readonly path: string;
  readonly traceparent: string | undefined;
  readonly inputTokens: number;
  /** As far as they went out. */
  readonly outputTokens: number;
  /** All of the answer went out. */
  readonly complete: boolean;
}

interface Exchange {
  readonly context: Context;
  readonly request: IncomingMessage;
  readonly out: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly account: Account;
  readonly errors: ErrorShape;
  readonly requestId: string;
}

/** Answers one request. Nothing is thrown: what goes wrong becomes an answer. */
export function handle(context: Context, request: IncomingMessage, out: ServerResponse): void {
  const { path, query } = splitUrl(request.url);
  const isAnthropic = request.headers["anthropic-version"] !== undefined;
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const found = findEndpoint(method, path, isAnthropic);
  const endpoint = found !== undefined && "endpoint" in found ? found.endpoint : undefined;
  const errors = endpoint?.errors ?? (found !== undefined && "methods" in found ? found.errors : null);
  const exchange: Exchange = {
    context,
    request,
    out,
    path,
    query,
    account: context.accounts.of(request.headers, query),
    errors: errors ?? shapeOf(path, isAnthropic),
    requestId: newId(context.random, "req_"),
  };
  out.setHeader(exchange.errors.requestIdHeader, exchange.requestId);
  out.setHeader("x-moongate-simulated", "true");
  const reads = { kind: kindOf(endpoint), keepBytes: endpoint?.keepBytes ?? 0 };
  readBody(request, reads, (result) => {
    guard(exchange, () => {
      if (result instanceof RefusedRequest && result.status === 413) throw result;
      if (found === undefined) throw new RefusedRequest(404, `Unknown path: ${path}`, null, "unknown_url");
      if ("methods" in found) refuseMethod(out, found.methods);
      else serve(exchange, found, result);
    });
  });
}

/** Path and query of a request target. */
export function splitUrl(url = "/"): { path: string; query: URLSearchParams } {
  const at = url.indexOf("?");
  if (at < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}

function kindOf(endpoint: Endpoint | undefined): NonNullable<Endpoint["reads"]> {
  return endpoint?.reads ?? (endpoint?.method === "POST" ? "json" : "none");
}

/** The error shape of a path that has no row. */
function shapeOf(path: string, isAnthropic: boolean): ErrorShape {
  if (path.includes("/api/v1/")) return dashscopeErrors;
  if (path.includes("/v1beta/")) return geminiErrors;
  return isAnthropic ? anthropicErrors : openaiErrors;
}

function refuseMethod(out: ServerResponse, methods: readonly string[]): never {
  out.setHeader("allow", methods.join(", "));
  throw new RefusedRequest(405, `This path is served with ${methods.join(", ")} only.`);
}

/** Turns what is thrown on purpose into the protocol's error. */
function guard(exchange: Exchange, step: () => void): void {
  try {
    step();
  } catch (error) {
    refuse(exchange, asRefusal(error));
  }
}

/** What to answer for anything that was thrown. */
export function asRefusal(error: unknown): RefusedRequest {
  if (error instanceof RefusedRequest) return error;
  if (error instanceof KnobError) return new RefusedRequest(400, `${knobsHeader}: ${error.message}`);
  return new RefusedRequest(500, "The simulator could not answer this request.");
}

function serve(exchange: Exchange, found: FoundEndpoint, body: RequestBody | Error): void {
  const { context, request, out } = exchange;
  if (body instanceof Error) throw body;
  const header = (name: string): string | undefined => [request.headers[name]].flat()[0];
  const knobs = readKnobs(header(knobsHeader), context.defaults);
  const call: Call = {
    query: exchange.query,
    params: found.params.map(decode),
    ...body,
    header,
    account: exchange.account,
    knobs,
    outputTokens: knobs.outputTokens ?? 0,
    newId: (prefix) => newId(context.random, prefix),
    newUuid: () => newUuid(context.random),
    createdAt: Math.floor(context.clock.wallMs() / 1000),
    origin: `http://${header("host") ?? "localhost"}`,
    ask: (path, asked) => ask(call, path, asked),
  };
  const fault = drawFault(knobs, context.random);
  // A request that fails as a whole is not carried out.
  const reply = faultsBefore.has(fault) ? null : found.endpoint.answer(call);
  const progress: Progress = { tokens: 0, complete: false };
  if (reply !== null) {
    const { inputTokens = 0 } = reply;
    const { path } = exchange;
    const traceparent = header("traceparent");
    context.onTaken(traceparent);
    out.once("close", () => {
      const { tokens: outputTokens, complete } = progress;
      context.onServed({ path, traceparent, inputTokens, outputTokens, complete });
    });
  }
  later(out, knobs.latencyMs ?? 0, () =>
    guard(exchange, () => deliver(exchange, reply, { knobs, fault, progress })),
  );
}

/** A placeholder's text; kept as it is where it cannot be decoded. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Answers a line of a batch as the endpoint that it names would, never streamed. */
function ask(call: Call, path: string, body: JsonObject): InnerAnswer {
  const isAnthropic = call.header("anthropic-version") !== undefined;
  const found = findEndpoint("POST", path, isAnthropic);
  if (found === undefined || "methods" in found) return { status: 404, body: null };
  try {
    const reply = found.endpoint.answer({ ...call, params: found.params, body: { ...body, stream: false } });
    const text = reply.kind === "whole" && typeof reply.body === "string" ? reply.body : "null";
    return { status: 200, body: JSON.parse(text) };
  } catch (error) {
    const refusal = asRefusal(error);
    const { errors } = found.endpoint;
    return { status: refusal.status, body: JSON.parse((errors ?? openaiErrors).body(refusal, "req_batch")) };
  }
}

const faultsBefore: ReadonlySet<SimulatorFault> = new Set(["status-429", "status-500", "reset"]);

/** Faults of the whole answer are made here, those within it by the delivery. A null reply is one of the former. */
function deliver(
  exchange: Exchange,
  reply: Reply | null,
  { knobs, fault, progress }: Pick<Delivery, "knobs" | "fault" | "progress">,
): void {
  const { context, out, errors, requestId } = exchange;
  if (fault === "reset") {
    out.socket?.resetAndDestroy();
    return;
  }
  if (fault === "status-429") out.setHeader("retry-after", "1");
  const failure = failureOf(fault);
  if (reply === null) {
    refuse(exchange, failure);
    return;
  }
  const delivery = { out, clock: context.clock, knobs, fault, progress };
  const isFailed = fault === "error-in-200";
  const isEvents = reply.kind === "stream" && reply.contentType === undefined;
  if (isFailed && !isEvents) {
    deliverWhole(delivery, { kind: "whole", body: errors.body(failure, requestId), outputTokens: 0 });
  } else if (reply.kind === "whole") {
    deliverWhole(delivery, reply);
  } else {
    const frames = [{ text: errors.event(failure, requestId), isToken: false }];
    deliverStream(delivery, isFailed ? { ...reply, frames } : reply);
  }
}

/** The error that a fault answers with. */
export function failureOf(fault: SimulatorFault): RefusedRequest {
  if (fault === "status-429") {
    return new RefusedRequest(429, "Simulated rate limit.", null, "rate_limit_exceeded");
  }
  return new RefusedRequest(500, "Simulated failure.", null, "server_error");
}

function refuse({ out, errors, requestId }: Exchange, error: RefusedRequest): void {
  if (out.headersSent) {
    out.destroy();
    return;
  }
  const body = errors.body(error, requestId);
  out.writeHead(error.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // The rest of a body that is not read cannot be told from the next request.
    ...(out.req.complete ? {} : { connection: "close" }),
  });
  out.end(body);
}
