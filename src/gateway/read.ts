// Reads a request's body: bytes kept as they came, model and stream read on the side.
import { GatewayError } from "../core/errors.ts";
import { readRequestBody } from "../protocols/request-body.ts";
import type { Exchange } from "./exchange.ts";

/** JSON bodies at most, in bytes. */
export const maxJsonBytes = 32 * 1024 * 1024;

const withBody = new Set(["POST", "PUT", "PATCH"]);

/** @throws GatewayError invalid_request, body_too_large, request_timeout */
export async function read(exchange: Exchange): Promise<void> {
  const { call, head } = exchange;
  if (head === null || !withBody.has(call.method)) return;
  if (head.contentEncoding !== "" && head.contentEncoding.toLowerCase() !== "identity") {
    throw new GatewayError("invalid_request", {
      status: 415,
      message: "A JSON request must not have a Content-Encoding; send it uncompressed.",
    });
  }
  const bytes = await call.readBody(maxJsonBytes);
  exchange.keepBody({ bytes, parsed: readRequestBody(bytes) });
}
