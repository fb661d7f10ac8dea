// What the tests of ids share. Must not be imported by the program.
import { defaultRoutes } from "../../resources/default-routes.ts";
import type { MadeId } from "./made.ts";
import { idsAskedFor } from "./references.ts";
import type { FormPart } from "./references.ts";
import { idsOfRoute } from "./route-ids.ts";
import type { RouteIds } from "./route-ids.ts";

/** The rules of a default route, by API protocol and name. */
export function idsOf(key: string): RouteIds {
  const [protocol, name] = key.split(" ");
  const row = defaultRoutes.find((each) => each.protocol === protocol && each.name === name);
  const ids = row && idsOfRoute({ name: row.name, path: row.path, protocol: row.speaks ?? row.protocol });
  if (ids === undefined) throw new Error(`${key} has no ids`);
  return ids;
}

export const textsOf = (made: readonly MadeId[]): string[] => made.map(({ family, id }) => `${family} ${id}`);

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly parts?: FormPart[];
}

/** What a request refers to: `family id`, and how an unknown one is taken where that is not `refuse`. */
export function asked(
  key: string,
  { method = "POST", path = "/", query = "", body, parts }: Asked,
): string[] {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { method, path, query, parts, body: text === undefined ? undefined : Buffer.from(text) };
  return idsAskedFor(idsOf(key), request).map(
    ({ family, id, unknown }) => `${family} ${id}${unknown === "refuse" ? "" : ` ${unknown}`}`,
  );
}
