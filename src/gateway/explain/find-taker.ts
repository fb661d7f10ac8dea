// Tells which Model API would take a request. Sends nothing and knows nothing of who asks.
import { GatewayError } from "../../core/errors.ts";
import type { Plan } from "../plan.ts";
import { readHead } from "../request-head.ts";
import { imaginedCall, type ImaginedRequest } from "./imagined-call.ts";

export interface Taker {
  readonly api: string;
  readonly isWebSocket: boolean;
}

/** Null: no route takes it, or its head is refused. */
export function findTaker(
  plan: Plan,
  request: Pick<ImaginedRequest, "method" | "path" | "headers">,
): Taker | null {
  try {
    const head = readHead(imaginedCall({ ...request, body: undefined }));
    const found = plan.hosts.match(head.host, head.path, request.method);
    if (!found.found) return null;
    return { api: found.api.config.name, isWebSocket: found.route.row.websocket };
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
