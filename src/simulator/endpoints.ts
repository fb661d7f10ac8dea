// The table of what the simulator serves over HTTP, all vendors together. Must not know sockets.
import { anthropicEndpoints } from "./anthropic/endpoints.ts";
import { comfyuiEndpoints } from "./comfyui/endpoints.ts";
import { dashscopeEndpoints } from "./dashscope/endpoints.ts";
import { indexEndpoints } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { openaiErrors } from "./error-shapes.ts";
import { geminiEndpoints } from "./gemini/endpoints.ts";
import { deleteModel, describeModels } from "./models.ts";
import { openaiEndpoints } from "./openai/endpoints.ts";
import { rerankDocuments } from "./rerank.ts";
import { simulatedResult } from "./simulated-results.ts";
import { webSocketEndpoints } from "./web-socket-endpoints.ts";

/** Names of models may hold slashes: what is behind the first /models/ is the name, so these stand last. */
const modelEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/models", errors: null, answer: describeModels },
  { method: "GET", path: "/models/{+}", errors: null, answer: describeModels },
  { method: "DELETE", path: "/models/{+}", errors: null, answer: deleteModel },
];

/** What is more exact stands first. */
const endpoints: readonly Endpoint[] = [
  ...anthropicEndpoints,
  ...openaiEndpoints,
  ...dashscopeEndpoints,
  ...geminiEndpoints,
  { method: "POST", path: "/rerank", errors: openaiErrors, answer: rerankDocuments },
  // DashScope's name for it.
  { method: "POST", path: "/reranks", errors: openaiErrors, answer: rerankDocuments },
  { method: "GET", path: "/simulated/{}", errors: openaiErrors, answer: simulatedResult },
  ...webSocketEndpoints,
  ...comfyuiEndpoints,
  ...modelEndpoints,
];

/** The row of a method and a path, whatever stands before the path (`/v1`, a base path). */
export const findEndpoint = indexEndpoints(endpoints);
