// The paths that are for WebSockets only, as a request without an upgrade finds them. Must not know sockets.
import type { Endpoint } from "./endpoint.ts";
import { comfyuiErrors, dashscopeErrors, openaiErrors } from "./error-shapes.ts";
import { RefusedRequest } from "./refused-request.ts";

const rows = [
  { path: "/api-ws/v1/inference", errors: dashscopeErrors },
  { path: "/v1/realtime", errors: openaiErrors },
  { path: "=/ws", errors: comfyuiErrors },
] as const;

export const webSocketEndpoints: readonly Endpoint[] = rows.map((row) => ({
  ...row,
  method: "GET",
  answer: () => {
    throw new RefusedRequest(
      426,
      "This path is for WebSockets: ask for an upgrade.",
      null,
      "upgrade_required",
    );
  },
}));
