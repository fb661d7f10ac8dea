// The error statuses of services, as clients of another protocol see them. Knows no socket.
import type { RouteProtocol } from "../../core/protocol.ts";
import type { Wire } from "../../protocols/wire.ts";
import { concealed } from "../conceal-secrets.ts";
import type { ServiceError } from "../../translators/translation.ts";

/** "Overloaded" has a status of its own with Anthropic; to all others it is 503. */
const anthropicOverloaded = 529;

export function shownStatus(status: number, protocol: RouteProtocol): number {
  return status === anthropicOverloaded && protocol !== "anthropic" ? 503 : status;
}

/** The service's error in the client's protocol. @param secrets never shown, not even in a service's own words */
export function shownError(
  wire: Wire,
  error: ServiceError & { readonly status: number },
  { requestId, secrets }: { readonly requestId: string; readonly secrets: readonly string[] },
): string {
  const clean = (text: string): string => concealed(text, secrets);
  return wire.errorBody({
    status: error.status,
    code: error.status >= 500 ? "upstream_error" : "invalid_request",
    message: clean(error.message),
    param: error.param === undefined ? undefined : clean(error.param),
    serviceCode: error.code === undefined ? undefined : clean(error.code),
    requestId,
  });
}
