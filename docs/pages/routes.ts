// docs/routes.md from the default routes.
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import { useCases } from "../../src/resources/use-case.ts";
import { code, page, table } from "./markdown.ts";

export function routesPage(): string {
  return page("Default routes", [
    "The routes that a Model API has from its use case and protocols. `routes.disabled` switches one off; those that are not on from the start are switched on by `routes.enabled`. Paths are below the base path. *Served* says whether this build answers them.",
    "Every Model API that speaks `openai` or `anthropic` has the route `models` as well, whatever its use case: `/v1/models` and everything below it. In mode `single` without a model it passes to the service, with any method. Otherwise the gateway answers GET and HEAD with the names that the Model API serves, in Anthropic's shape to a request with `anthropic-version`, else in OpenAI's. When a model was made is not known: `created` is 0 and `created_at` is `1970-01-01T00:00:00Z`.",
    ...useCases.map(
      (useCase) =>
        `## ${useCase}\n\n${table(
          ["Name", "Protocol", "Methods", "Path", "Match", "On", "Served", "Purpose"],
          defaultRoutes.filter((row) => row.useCase === useCase).map(routeRow),
        )}`,
    ),
  ]);
}

function routeRow(row: DefaultRoute): string[] {
  const paths = [row.path, ...(row.alias === undefined ? [] : [row.alias])];
  return [
    code(row.name),
    row.speaks ?? row.protocol,
    row.methods.join(", "),
    paths.map(code).join("<br>") + (row.websocket === true ? " (WebSocket)" : ""),
    row.match,
    row.beyondSeeds === true ? "no" : "yes",
    "yes",
    row.description,
  ];
}
