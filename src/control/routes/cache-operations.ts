// Forgets the answers that a Model API keeps for reuse. Knows no thread.
import type { Configuration } from "../configuration.ts";
import { findObject } from "../objects.ts";
import type { Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import type { AdminApiPorts } from "./ports.ts";

export function cacheOperations(
  configuration: Configuration,
  answers: AdminApiPorts["answers"],
): Operation[] {
  return [
    {
      method: "delete",
      path: "/api/v1/model-apis/{name}/cache",
      id: "purgeCache",
      summary: "Forget the answers that a Model API keeps for reuse.",
      tag: "model-apis",
      access: "write",
      reach: "groups",
      status: 204,
      response: { description: "None is kept any more." },
      errors: ["not_found"],
      handle: async (call) => {
        const own = configurationFor(configuration, call.principal, "write");
        const { name } = findObject(own.working, "model-apis", call.param("name"));
        await answers.purge(name);
        return new Response(null, { status: 204 });
      },
    },
  ];
}
