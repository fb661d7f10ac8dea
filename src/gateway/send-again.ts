// Whether a request that failed may be sent once more, there or elsewhere. Knows no socket.
import type { Exchange, Matched } from "./exchange.ts";
import { fallsBack, type Failure } from "./failure.ts";

/**
 * Never when its body has passed and is gone. What makes something at a service is sent again only if no byte of it was
 * sent, or the service answered with an error status: else there could be two. A task that was made is made, whatever
 * became of it.
 */
export function maySendAgain({ body, task }: Exchange, { operation }: Matched, failure: Failure): boolean {
  if (body?.upload?.sendable === false || task === "made") return false;
  if (!operation.creates && task === "") return true;
  return failure.unsent === true || failure.refused === true;
}

/** Whether another target may answer in the place of one that failed; what the ids of a request name is nowhere else. */
export function mayFallBack({ ids }: Exchange, { api }: Matched, failure: Failure): boolean {
  return api.fallbacks.length > 0 && ids?.owner === undefined && fallsBack(failure, api.config.fallback.on);
}
