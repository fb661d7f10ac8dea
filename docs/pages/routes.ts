// docs/routes.md from the default routes.
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import { servedProtocols, servedRoutes, servedUseCases } from "../../src/resources/served.ts";
import { useCases } from "../../src/resources/use-case.ts";
import { code, page, table } from "./markdown.ts";

export function routesPage(): string {
  return page("Default routes", [
    "The routes that a Model API has from its use case and protocols. `routes.disabled` switches one off; those that are not on from the start are switched on by `routes.enabled`. Paths are below the base path. *Served* says whether this build answers them.",
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
    isServed(row) ? "yes" : "no",
    row.description,
  ];
}

function isServed(row: DefaultRoute): boolean {
  return (
    servedUseCases.includes(row.useCase) &&
    servedProtocols.includes(row.protocol) &&
    servedRoutes.includes(row.name)
  );
}
