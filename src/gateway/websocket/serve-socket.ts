// The way of a WebSocket after it was matched and authenticated: checked, then relayed task by task, or as a whole.
// Each step is one small file; what fails before the 101 is thrown and answered like any other request.
import { GatewayError } from "../../core/errors.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { ClientUpgrade } from "../listener/listener.ts";
import { serveTasks } from "./task-session.ts";
import type { GatewayTools } from "./socket-tools.ts";
import { passThrough } from "./pass-through.ts";

const faultMessages = {
  key: "Sec-WebSocket-Key must be 16 bytes in base64.",
  protocols: "Sec-WebSocket-Protocol must be a list of different names.",
};

/**
 * Resolves when the exchange has ended, be it with its socket or with the first task on it.
 * @throws GatewayError what the handshake is to be answered with
 */
export async function serveSocket(exchange: Exchange, matched: Matched, tools: GatewayTools): Promise<void> {
  const { upgrade } = exchange.call;
  if (upgrade === null) throw new GatewayError("upgrade_required");
  checkHandshake(upgrade);
  checkOrigin(exchange, matched, upgrade);
  if (tools.sockets.isDraining()) throw new GatewayError("shutting_down", { retryAfterSeconds: 1 });
  // What names its model in a frame can only be routed when that frame has come.
  if (matched.operation.model === "frame") await serveTasks(exchange, matched, tools);
  else await passThrough(exchange, matched, tools);
}

function checkHandshake({ fault }: ClientUpgrade): void {
  if (fault === "version") {
    throw new GatewayError("upgrade_required", { message: "This route speaks WebSocket version 13." });
  }
  if (fault !== "") throw new GatewayError("invalid_request", { message: faultMessages[fault] });
}

/** Browsers let any page open a socket anywhere and say so by `Origin`; no answer's headers could stop them later. */
function checkOrigin({ head }: Exchange, { api }: Matched, { authority }: ClientUpgrade): void {
  const origin = head?.origin ?? "";
  const allowed = api.config.corsOrigins;
  if (origin === "" || allowed.includes("*") || allowed.includes(origin)) return;
  // A page of the very host that it calls.
  if (/^https?:\/\/(.*)$/.exec(origin)?.[1]?.toLowerCase() === authority.toLowerCase()) return;
  throw new GatewayError("consumer_not_allowed", {
    message: "This Model API takes no WebSockets from pages of this origin; its cors.origins may name it.",
  });
}
