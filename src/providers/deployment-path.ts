// Paths of a vendor that has the model in them: one deployment per model, and a version of the API in the query.
// Azure OpenAI's first form, beside its newer one under `/openai/v1`. Pure.

/** Objects that belong to the whole resource and to no deployment. */
const ofTheResource = /^\/(?:files|batches|fine_tuning|models)(?:\/|$)/;

/**
 * @param basePath of the service: `/openai`
 * @param routePath the route's path, with or without its `/v1`
 * @param query of the client, with its leading `?`; its own `api-version` stays
 */
export function deploymentPath(
  basePath: string,
  routePath: string,
  model: string,
  { query, apiVersion }: { readonly query: string; readonly apiVersion: string },
): string {
  const rest = routePath.replace(/^\/v1(?=\/|$)/, "");
  const place = ofTheResource.test(rest) ? "" : `/deployments/${encodeURIComponent(model.toWellFormed())}`;
  if (/[?&]api-version=/.test(query)) return basePath + place + rest + query;
  return `${basePath}${place}${rest}${query === "" ? "?" : `${query}&`}api-version=${apiVersion}`;
}
