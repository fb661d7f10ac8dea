// From an error of the gateway to what a protocol shows of it.
import type { GatewayError } from "../core/errors.ts";
import type { ErrorView } from "../protocols/wire.ts";

/** An error as the client shall see it. */
export function errorView(error: GatewayError, requestId: string): ErrorView {
  return { status: error.status, code: error.code, message: error.message, param: error.param, requestId };
}
