// Answers `/v1/models` with the names that a Model API serves and its caller may use, without asking a service.
import { GatewayError } from "../core/errors.ts";
import { shortText } from "../lib/short-text.ts";
import { anthropicModelList, openaiModelList } from "../protocols/model-list.ts";
import { pushGatewayHeaders } from "./answer/answer-headers.ts";
import { maxShownModel, type Exchange, type Matched } from "./exchange.ts";
import { allowsModel, mayAsk } from "./identity/allowed-models.ts";
import { modelNames } from "./model-names.ts";
import { modelsRoute, type Plan, type PlannedApi } from "./plan.ts";

/** Names by Model API as planned: a new plan brings new ones, and few APIs are ever asked. */
const knownNames = new WeakMap<PlannedApi, readonly string[]>();

/** @throws GatewayError model_not_found, invalid_request */
export function answerModels(exchange: Exchange, { api, route, relativePath }: Matched): void {
  const { head, call, plan } = exchange;
  const format = head?.hasAnthropicVersion === true ? anthropicModelList : openaiModelList;
  const id = modelId(relativePath.slice(route.row.path.length));
  const names = allowedNames(exchange, api, namesOf(api, plan), route.listsModels);
  if (id !== "" && !names.includes(id)) throw unknownModel(id);
  const body = id === "" ? format.list(names, head?.query ?? "") : format.one(id);
  const headers = ["content-type", "application/json"];
  pushGatewayHeaders(headers, exchange);
  exchange.status = 200;
  call.send(200, headers, body);
}

/**
 * Whether the gateway answers by itself where else a service would: its list tells more than the caller's grants are for.
 * One model of it is asked for by name, and passes if a grant has it.
 * @throws GatewayError model_not_found
 */
export function answersModelsInstead(exchange: Exchange, { route, relativePath }: Matched): boolean {
  const { allowedModels, call } = exchange;
  if (allowedModels === null || route.row.name !== modelsRoute) return false;
  const id = modelId(relativePath.slice(route.row.path.length));
  if (id !== "" && !allowsModel(allowedModels, id)) throw unknownModel(id);
  return id === "" && (call.method === "GET" || call.method === "HEAD");
}

/** Names that grants spell out are served too where the service takes whatever the client names. */
function allowedNames(
  { allowedModels }: Exchange,
  { config }: PlannedApi,
  names: readonly string[],
  known: boolean,
): readonly string[] {
  if (allowedModels === null) return names;
  const spelled = known ? [] : allowedModels.filter(({ exact }) => exact).map(({ source }) => source);
  const allowed = names.filter((name) => mayAsk(config, allowedModels, name));
  return [...new Set([...allowed, ...spelled])];
}

function unknownModel(id: string): GatewayError {
  return new GatewayError("model_not_found", {
    message: `This Model API does not serve the model "${shortText(id.toWellFormed(), maxShownModel)}".`,
    param: "model",
  });
}

function namesOf(api: PlannedApi, plan: Plan): readonly string[] {
  let names = knownNames.get(api);
  if (names === undefined) {
    const modelsOf = (service: string): readonly string[] => plan.services.get(service)?.config.models ?? [];
    names = modelNames(api.config.modelService, modelsOf);
    knownNames.set(api, names);
  }
  return names;
}

/**
 * The name in what follows the list's path: all of it, since names such as `meta/llama` hold slashes. One slash at the
 * end is none of the name's.
 */
function modelId(rest: string): string {
  const text = rest.replace(/^\//, "").replace(/\/$/, "");
  try {
    return decodeURIComponent(text);
  } catch {
    // Whatever it is, no model is called so.
    return text;
  }
}
