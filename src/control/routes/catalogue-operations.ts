// What a form needs to know before anything exists: default routes and providers.
import { providers } from "../../providers/catalog.ts";
import { catalogueOf } from "../../providers/model-catalogue.ts";
import { knownProviders } from "../../providers/known-providers.ts";
import { defaultRoutes } from "../../resources/default-routes.ts";
import { apiProtocols } from "../../core/protocol.ts";
import { useCases } from "../../resources/use-case.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { Operation } from "../operation.ts";

const itemsSchema = {
  type: "object",
  required: ["items"],
  properties: { items: { type: "array", items: { type: "object" } } },
};

export function catalogueOperations(configuration: Configuration): Operation[] {
  return [defaultRoutesOperation, providersOperation(configuration), providerModelsOperation(configuration)];
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

const modelsChoices = ["all", "none"] as const;

function providersOperation(configuration: Configuration): Operation {
  return {
    method: "get",
    path: "/api/v1/providers",
    id: "listProviders",
    summary:
      "List the provider catalogue, with what is known of models: sizes, prices in USD, and where the figures are from.",
    tag: "catalogue",
    access: "read",
    reach: "groups",
    parameters: [
      {
        name: "models",
        in: "query",
        description: "`none` leaves the models out.",
        schema: { type: "string", enum: [...modelsChoices] },
      },
    ],
    status: 200,
    response: { description: "The providers.", mediaTypes: ["application/json"], schema: itemsSchema },
    errors: [],
    handle: ({ query }) => {
      const isShort = choiceOf("models", query.get("models"), modelsChoices) === "none";
      const rows = knownProviders(configuration.snapshot.modelData);
      return jsonAnswer({ items: isShort ? rows.map((row) => ({ ...row, models: [] })) : rows });
    },
  };
}

function providerModelsOperation(configuration: Configuration): Operation {
  return {
    method: "get",
    path: "/api/v1/providers/{id}/models",
    id: "listProviderModels",
    summary:
      "List what is known of the models of a provider, with all that translations act on (`traits`), by the data that ships and the file of `MOONGATE_MODELS_FILE`.",
    tag: "catalogue",
    access: "read",
    reach: "groups",
    status: 200,
    response: { description: "The models.", mediaTypes: ["application/json"], schema: itemsSchema },
    errors: ["not_found"],
    handle: (call) => {
      const id = call.param("id");
      const provider = providers.find((row) => row.id === id);
      if (provider === undefined) throw new ControlError("not_found", `There is no provider "${id}".`);
      const catalogue = catalogueOf(configuration.snapshot.modelData);
      const items = [...catalogue.models(provider.id).values()].map((model) => ({
        ...model,
        traits: catalogue.traits(provider.id, model.name),
      }));
      return jsonAnswer({ items });
    },
  };
}

function choiceOf<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const choice = choices.find((known) => known === text);
  if (text === undefined || choice !== undefined) return choice;
  throw new ControlError("invalid", `${name} must be one of ${choices.join(", ")}.`);
}
