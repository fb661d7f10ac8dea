// What the console port answers while the store cannot be used: the data plane serves, nothing can be read or changed.
import type { FetchApp } from "../control/server.ts";

const configError =
  "The store cannot be used; the gateway serves the last good snapshot. The operational log has the reason. Mend it and restart.";

export function storelessApi(
  readiness: () => { readonly ready: boolean; readonly revision: number },
): FetchApp {
  return {
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/healthz") return answer(200, { status: "ok" });
      if (pathname === "/readyz") {
        const state = readiness();
        return answer(state.ready ? 200 : 503, { ...state, configError });
      }
      return answer(503, { error: { code: "store_unavailable", message: configError, details: [] } });
    },
  };
}

function answer(status: number, body: object): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
