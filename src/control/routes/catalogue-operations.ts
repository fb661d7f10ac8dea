// What a form needs to know before anything exists: default routes and providers.
import { providers } from "../../providers/catalog.ts";
import { defaultRoutes } from "../../resources/default-routes.ts";
import { apiProtocols } from "../../core/protocol.ts";
import { useCases } from "../../resources/use-case.ts";
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import type { Operation } from "../operation.ts";

const itemsSchema = {
  type: "object",
  required: ["items"],
  properties: { items: { type: "array", items: { type: "object" } } },
};

export function catalogueOperations(): Operation[] {
  return [defaultRoutesOperation, providersOperation];
}

const defaultRoutesOperation: Operation = {
  method: "get",
  path: "/api/v1/default-routes",
  id: "listDefaultRoutes",
  summary:
    "List the routes that Model APIs get by use case and protocol; `served` says whether this build answers them.",
  tag: "catalogue",
  access: "read",
  reach: "groups",
  parameters: [
    {
      name: "useCase",
      in: "query",
      description: "Only of this use case.",
      schema: { type: "string", enum: [...useCases] },
    },
    {
      name: "protocol",
      in: "query",
      description: "Only of this protocol.",
      schema: { type: "string", enum: [...apiProtocols] },
    },
  ],
  status: 200,
  response: { description: "The routes.", mediaTypes: ["application/json"], schema: itemsSchema },
  errors: [],
  handle: ({ query }) => {
    const useCase = choiceOf("useCase", query.get("useCase"), useCases);
    const protocol = choiceOf("protocol", query.get("protocol"), apiProtocols);
    const items = defaultRoutes
      .filter((row) => useCase === undefined || row.useCase === useCase)
      .filter((row) => protocol === undefined || row.protocol === protocol)
      .map((row) => ({ ...row, served: true }));
    return jsonAnswer({ items });
  },
};

const providersOperation: Operation = {
  method: "get",
  path: "/api/v1/providers",
  id: "listProviders",
  summary: "List the provider catalogue.",
  tag: "catalogue",
  access: "read",
  reach: "groups",
  status: 200,
  response: { description: "The providers.", mediaTypes: ["application/json"], schema: itemsSchema },
  errors: [],
  handle: () => jsonAnswer({ items: providers }),
};

function choiceOf<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const choice = choices.find((known) => known === text);
  if (text === undefined || choice !== undefined) return choice;
  throw new ControlError("invalid", `${name} must be one of ${choices.join(", ")}.`);
}
