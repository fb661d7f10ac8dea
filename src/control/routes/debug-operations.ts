// Tries a Model API out: sends a request through the data plane by a port, and hands its answer on as it comes.
import type { ModelApi } from "../../resources/model-api.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { findObject } from "../objects.ts";
import type { Call, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { debugInputSchema, readDebugRequest } from "./debug-request.ts";
import type { DataPlaneAnswer, DebugPort, DebugSend } from "./debug-port.ts";

/** Room for images and small files in base64. */
const maxBodyBytes = 64 * 1024 * 1024;

export function debugOperations(configuration: Configuration, debug: DebugPort): Operation[] {
  return [
    {
      method: "post",
      path: "/api/v1/model-apis/{name}/debug",
      id: "debugModelApi",
      summary: "Send a request through the data plane, as a client would, and stream its answer back.",
      tag: "model-apis",
      access: "write",
      reach: "groups",
      request: {
        description: "The request, as a client would send it, and in whose name.",
        mediaTypes: ["application/json"],
        schema: debugInputSchema(),
      },
      status: 200,
      response: {
        description:
          "What the data plane answers, byte by byte, with its status, whatever that is. `x-moongate-request-id` is the id of the record. Headers that say more than what the answer is come as `x-moongate-answer-NAME`, so that none acts on the console or a proxy before it.",
        mediaTypes: ["*/*"],
      },
      errors: ["not_found", "conflict", "data_plane_unreachable"],
      maxBodyBytes,
      handle: async (call) => {
        const own = configurationFor(configuration, call.principal, "write");
        const request = await readRequest(own, debug, call);
        return handOn(await send(debug, request, call.left), request.method, call);
      },
    },
  ];
}

async function readRequest(configuration: Configuration, debug: DebugPort, call: Call): Promise<DebugSend> {
  const input = await call.json();
  const { working } = configuration;
  const found = findObject(working, "model-apis", call.param("name"));
  if (found.kind !== "model-apis") throw new ControlError("not_found");
  const { name, value } = found;
  const request = readDebugRequest(input, name, value.domains);
  if (!value.enabled) {
    throw new ControlError(
      "conflict",
      `Model API "${name}" is disabled: it takes no requests. Enable it first.`,
    );
  }
  const consumer = consumerOf(configuration, value, request.consumer);
  const taker = debug.takerOf(request);
  if (taker !== null && taker.api !== name) {
    const other = working.resources["model-apis"].has(taker.api)
      ? `Model API "${taker.api}"`
      : "Another Model API";
    const message = `${other} takes this request: domain and path are its own.`;
    throw new ControlError("invalid", message, [{ path: "path", message }]);
  }
  if (taker?.isWebSocket === true) {
    const message =
      "This route is a WebSocket: it is opened by a client of its own, not by a single request.";
    throw new ControlError("invalid", message, [{ path: "path", message }]);
  }
  return { ...request, consumer };
}

/** @returns "" for nobody */
function consumerOf({ working }: Configuration, api: ModelApi, name: string | undefined): string {
  if (name === undefined) return "";
  const refusal = (message: string): ControlError =>
    new ControlError("invalid", message, [{ path: "consumer", message }]);
  const consumer = working.resources.consumers.get(name);
  if (consumer === undefined) throw refusal(`There is no consumer "${name}".`);
  if (!api.auth.enabled) {
    throw refusal(`Authentication of Model API "${api.name}" is off: nobody is known as a consumer there.`);
  }
  if (!consumer.value.enabled) throw refusal(`Consumer "${name}" is disabled: it may call nothing.`);
  return name;
}

async function send(debug: DebugPort, request: DebugSend, left: AbortSignal): Promise<DataPlaneAnswer> {
  try {
    return await debug.send(request, left);
  } catch (error) {
    throw new ControlError("data_plane_unreachable", undefined, [], error);
  }
}

/** About the connection to the data plane alone, or nothing that this port may set. */
const dropped = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "trailer",
  "upgrade",
  "set-cookie",
]);
/**
 * What an answer is, and what the data plane says of it. Any other header is shown under another name: it was meant for the
 * client of a model, and here it would speak for the console, to its browser (`clear-site-data`, `refresh`, `location`) or
 * to a proxy before it (`x-accel-redirect`).
 */
const harmless = new Set([
  "accept-ranges",
  "age",
  "allow",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "date",
  "etag",
  "last-modified",
  "retry-after",
]);
const harmlessFamily = /^x-(?:moongate|ratelimit)-/u;
const statusesWithoutBody = new Set([204, 205, 304]);

/** The data plane's answer as the answer to this call. */
function handOn({ status, headers, body }: DataPlaneAnswer, method: string, call: Call): Response {
  if (status < 200 || status > 599) {
    void body.cancel();
    const message = `The service answered with status ${status}, which browsers do not take.`;
    throw new ControlError("data_plane_unreachable", message);
  }
  const shown = new Headers();
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] ?? "").toLowerCase();
    const value = headers[index + 1] ?? "";
    if (name === "x-request-id") shown.append("x-moongate-request-id", value);
    else if (harmless.has(name) || harmlessFamily.test(name)) shown.append(name, value);
    else if (!dropped.has(name)) shown.append(`x-moongate-answer-${name}`, value);
  }
  if (method === "HEAD" || statusesWithoutBody.has(status)) {
    void body.cancel();
    shown.delete("content-length");
    return new Response(null, { status, headers: shown });
  }
  return new Response(cuttingOff(body, call), { status, headers: shown });
}

/** Passes a body on; where it breaks off, so does the connection, and nobody takes a part for the whole. */
function cuttingOff(body: ReadableStream<Uint8Array>, call: Call): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (call.cut === undefined) controller.error(error);
          else call.cut();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
