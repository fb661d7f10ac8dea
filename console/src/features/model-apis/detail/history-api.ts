// What the admin API tells of a Model API's past: its revisions, how it was then, and what a rollback would change.
import { queryOptions } from "@tanstack/react-query";
import { call } from "../../../api/client.ts";
import type { ModelApi, Page } from "../../../api/resources.ts";

/** A revision with what it did to the object. */
export interface ApiRevision {
  readonly number: number;
  readonly at: string;
  readonly by: string;
  readonly action: "create" | "update" | "delete";
  readonly paths: readonly string[];
}

/** An object that differs between two revisions. */
export interface Difference {
  readonly action: "create" | "update" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly paths: readonly string[];
}

/** As many as one look at the past shows. */
export const revisionLimit = 200;

/** Revisions that changed the Model API, newest first. */
export function revisionsQuery(name: string) {
  return queryOptions({
    queryKey: ["model-apis", "revisions", name],
    queryFn: ({ signal }) =>
      call<Page<ApiRevision>>("GET", "/revisions", {
        query: { kind: "model-apis", name, limit: revisionLimit },
        signal,
      }),
  });
}

type Stored = Omit<ModelApi, "revision" | "managedBy" | "warnings">;

/** The object as it was at a revision; null when it did not exist. The past does not change. */
export function stateQuery(name: string, revision: number) {
  return queryOptions({
    queryKey: ["model-apis", "at", name, revision],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const path = `/revisions/${revision}/objects/model-apis/${encodeURIComponent(name)}`;
      return (await call<{ object: Stored | null }>("GET", path, { signal })).object;
    },
  });
}

/** What a rollback to a revision would change, in every object; access is left alone by a rollback. */
export function rollbackQuery(current: number, to: number) {
  return queryOptions({
    queryKey: ["revisions", "diff", current, to],
    queryFn: async ({ signal }) => {
      const { changes } = await call<{ changes: readonly Difference[] }>(
        "GET",
        `/revisions/${current}/diff`,
        {
          query: { to },
          signal,
        },
      );
      return changes.filter(({ kind }) => kind !== "tokens" && kind !== "users");
    },
  });
}

export async function rollBack(to: number): Promise<void> {
  await call("POST", `/revisions/${to}/rollback`);
}
