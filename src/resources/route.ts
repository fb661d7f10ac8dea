// The schema of a Model API's route settings: which default routes it serves and which of its own.
import { z } from "zod";
import { apiProtocols } from "../core/protocol.ts";
import { pathProblem } from "../lib/base-path.ts";
import { didYouMean } from "../lib/edit-distance.ts";
import { defaultRoutesOf, hasModelsRoute, modelsRouteName, routesOf } from "./default-routes.ts";
import { routeClashes } from "./route-clashes.ts";
import type { ModelApi } from "./model-api.ts";
import { namedList, nameField, strict } from "./field.ts";

const routePathField = z.string().superRefine((text, context) => {
  const problem = pathProblem(text, { maxBytes: 1024, braces: true }) ?? templateProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

function templateProblem(text: string): string | undefined {
  const odd = text
    .split("/")
    .find((segment) => /[{}]/u.test(segment) && !/^\{[A-Za-z0-9_-]+\}$/u.test(segment));
  return odd === undefined ? undefined : `has segment "${odd}"; a parameter is a whole segment, such as {id}`;
}

const methodField = z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]);

export const routesField = strict({
  disabled: z.array(z.string()).default([]).describe("Names of default routes that are switched off."),
  enabled: z.array(z.string()).default([]).describe("Names of extra default routes that are switched on."),
  custom: namedList(
    strict({
      name: nameField.describe("Name of the route."),
      path: routePathField.describe("Path below the base path; `{param}` stands for one segment."),
      methods: z.array(methodField).min(1).describe("Methods that it accepts."),
      match: z
        .enum(["exact", "template", "prefix"])
        .optional()
        .describe("How the path is compared; absent = template if the path has braces, else exact."),
      protocol: z
        .enum(apiProtocols)
        .optional()
        .describe("What it speaks; absent = the API's first protocol."),
    }),
  ).describe("Routes of your own."),
});

interface RouteIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with an API's route settings once its use case and protocols are known. */
export function routeIssues(api: Pick<ModelApi, "useCase" | "protocols" | "routes">): RouteIssue[] {
  const { disabled, enabled, custom } = api.routes;
  const issues: RouteIssue[] = [];
  const rows = defaultRoutesOf(api.useCase, api.protocols);
  const names = new Set(rows.map((row) => row.name));
  if (hasModelsRoute(api.protocols)) names.add(modelsRouteName);
  for (const [field, list] of [
    ["disabled", disabled],
    ["enabled", enabled],
  ] as const) {
    list.forEach((name, index) => {
      if (names.has(name)) return;
      issues.push({
        path: [field, index],
        message: `"${name}" is no default route of ${api.useCase} with ${api.protocols.join(" and ")}${didYouMean(name, names)}`,
      });
    });
  }
  custom.forEach((route, index) => {
    if (names.has(route.name)) {
      issues.push({
        path: ["custom", index, "name"],
        message: `"${route.name}" is the name of a default route`,
      });
    }
    if (route.protocol !== undefined && !api.protocols.includes(route.protocol)) {
      issues.push({
        path: ["custom", index, "protocol"],
        message: `"${route.protocol}" is none of the API's protocols`,
      });
    }
    if (route.match === "prefix" && route.path.includes("{")) {
      issues.push({
        path: ["custom", index, "match"],
        message: "a path with {param} cannot be matched as a prefix",
      });
    }
  });
  return [...issues, ...clashes(api)];
}

/** Of each custom route that answers what another one answers already. */
function clashes(api: Pick<ModelApi, "useCase" | "protocols" | "routes">): RouteIssue[] {
  const own = new Map(api.routes.custom.map((route, index) => [route.name, index]));
  return routeClashes(routesOf(api.useCase, api.protocols, api.routes)).flatMap(
    ({ name, method, path, other }) => {
      const index = own.get(name);
      if (index === undefined) return [];
      return [
        {
          path: ["custom", index, "path"],
          message: `${method} ${path} is already served by route "${other}"`,
        },
      ];
    },
  );
}
