// The calls of the settings: the configuration as a document, revisions, the instance, tokens.
import { queryOptions } from "@tanstack/react-query";
import type { LogSettings } from "../../../../src/control/routes/console-answers.ts";
import type { SignInSettings } from "../../../../src/resources/sign-in.ts";
import type { Kind } from "../../../../src/resources/kinds.ts";
import type { Role } from "../../../../src/resources/user.ts";
import { call, callRaw, errorOf } from "../../api/client.ts";
import type { Page, Stored, Token } from "../../api/resources.ts";

export interface PlannedChange {
  readonly action: "create" | "update" | "delete";
  readonly kind: Kind;
  readonly name: string;
}

export interface Difference extends PlannedChange {
  /** Fields that differ. */
  readonly paths: readonly string[];
}

export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly string[];
}

export interface Revision {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
}

export interface Instance extends Stored {
  readonly name: string;
  readonly region: string;
  /** How much of the past is kept. */
  readonly logs: LogSettings;
  readonly signIn: SignInSettings;
}

export const instanceQuery = queryOptions({
  queryKey: ["instances", "list"],
  queryFn: ({ signal }) => call<Page<Instance>>("GET", "/instances", { signal }),
});

export function saveRegion({ name, revision }: Instance, region: string): Promise<Instance> {
  return call("PATCH", `/instances/${encodeURIComponent(name)}`, { body: { region }, ifMatch: revision });
}

/** The whole configuration as YAML. @throws ApiError */
export async function exportYaml(): Promise<string> {
  const response = await callRaw("GET", "/config/export");
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

export function sendDocument(action: "plan" | "apply", document: string, prune: boolean): Promise<Plan> {
  return call("POST", `/config/${action}`, {
    body: document,
    contentType: "application/yaml",
    query: { prune: prune ? "true" : "false" },
  });
}

const pageLength = 50;

export function readRevisions(before: string | undefined, signal: AbortSignal): Promise<Page<Revision>> {
  return call("GET", "/revisions", { query: { limit: pageLength, cursor: before }, signal });
}

export function differencesQuery(from: number, to: number) {
  return queryOptions({
    queryKey: ["revisions", "diff", from, to],
    queryFn: ({ signal }) =>
      call<{ changes: readonly Difference[] }>("GET", `/revisions/${from}/diff`, { query: { to }, signal }),
  });
}

/** An object as it was at a revision, secrets masked. */
export function objectAtQuery(revision: number, kind: Kind, name: string) {
  return queryOptions({
    queryKey: ["revisions", "object", revision, kind, name],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      call<{ object: object | null }>(
        "GET",
        `/revisions/${revision}/objects/${kind}/${encodeURIComponent(name)}`,
        { signal },
      ),
  });
}

export function rollBack(revision: number): Promise<Plan> {
  return call("POST", `/revisions/${revision}/rollback`);
}

export interface TokenWish {
  readonly name: string;
  readonly role: Role;
  /** Absent: everywhere. */
  readonly resourceGroups?: readonly string[];
  readonly expiresAt?: string;
}

/** The answer is the only place that shows the token. */
export function createToken(wish: TokenWish): Promise<Token & { readonly token: string }> {
  return call("POST", "/tokens", { body: wish });
}
