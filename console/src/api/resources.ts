// The resources as the admin API shows them, and queries and changes over any collection of them.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import type { DependantsAnswer } from "../../../src/control/routes/console-answers.ts";
import type { alertSchema } from "../../../src/resources/alert.ts";
import type { consumerGroupSchema } from "../../../src/resources/consumer-group.ts";
import type { consumerSchema } from "../../../src/resources/consumer.ts";
import type { domainSchema } from "../../../src/resources/domain.ts";
import type { Kind } from "../../../src/resources/kinds.ts";
import type { modelApiSchema } from "../../../src/resources/model-api.ts";
import type { resourceGroupSchema } from "../../../src/resources/resource-group.ts";
import type { serviceSchema } from "../../../src/resources/service.ts";
import type { sinkSchema } from "../../../src/resources/sink.ts";
import type { tokenSchema } from "../../../src/resources/token.ts";
import type { userSchema } from "../../../src/resources/user.ts";
import { call } from "./client.ts";

/** What every stored object has beside its own fields. */
export interface Stored {
  readonly revision: number;
  /** `file`: comes from the started configuration file and is edited there. */
  readonly managedBy: "api" | "file";
  /** Of a write: what its author should know. */
  readonly warnings?: readonly string[];
}

type Shown<Schema extends z.ZodType> = z.output<Schema> & Stored;

export type ModelApi = Shown<typeof modelApiSchema>;
export type Service = Shown<typeof serviceSchema>;
export type Domain = Shown<typeof domainSchema>;
export type ResourceGroup = Shown<typeof resourceGroupSchema>;
export type Consumer = Shown<typeof consumerSchema>;
export type ConsumerGroup = Shown<typeof consumerGroupSchema>;
export type Alert = Shown<typeof alertSchema>;
export type Sink = Shown<typeof sinkSchema>;
/** With what only readers learn. */
export type Token = Shown<typeof tokenSchema> & {
  readonly expired?: boolean;
  /** ISO 8601; null = never. */
  readonly lastUsedAt?: string | null;
  readonly createdAt?: string;
  readonly createdBy?: string;
};
/** With what only readers learn. */
export type User = Shown<typeof userSchema> & {
  /** ISO 8601; null = not seen. */
  readonly lastSignInAt?: string | null;
  readonly openSessions?: number;
};

/** Collection of the admin API -> what it holds. */
export interface Collections {
  readonly "model-apis": ModelApi;
  readonly services: Service;
  readonly domains: Domain;
  readonly "resource-groups": ResourceGroup;
  readonly consumers: Consumer;
  readonly "consumer-groups": ConsumerGroup;
  readonly tokens: Token;
  readonly users: User;
  readonly alerts: Alert;
  readonly sinks: Sink;
}
export type Collection = keyof Collections & Kind;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** As many as one request may bring; a page that shows fewer says so. */
const pageLimit = 1000;

/** One page of a collection. */
export function listQuery<Name extends Collection>(collection: Name) {
  return queryOptions({
    queryKey: [collection, "list"],
    queryFn: ({ signal }) =>
      call<Page<Collections[Name]>>("GET", `/${collection}`, { query: { limit: pageLimit }, signal }),
  });
}

/** One object by its name. */
export function objectQuery<Name extends Collection>(collection: Name, name: string) {
  return queryOptions({
    queryKey: [collection, "one", name],
    queryFn: ({ signal }) =>
      call<Collections[Name]>("GET", `/${collection}/${encodeURIComponent(name)}`, { signal }),
  });
}

/** Who uses an object, and so keeps it from being deleted. */
export function dependantsQuery(collection: Collection, name: string) {
  return queryOptions({
    queryKey: [collection, "dependants", name],
    queryFn: ({ signal }) =>
      call<DependantsAnswer>("GET", `/${collection}/${encodeURIComponent(name)}/dependants`, { signal }),
  });
}

/** A change of one object. */
export type Change =
  | { readonly action: "create"; readonly body: object }
  | { readonly action: "replace"; readonly name: string; readonly body: object; readonly revision?: number }
  | { readonly action: "patch"; readonly name: string; readonly body: object; readonly revision?: number }
  | { readonly action: "delete"; readonly name: string; readonly revision?: number };

const methods = { create: "POST", replace: "PUT", patch: "PATCH", delete: "DELETE" } as const;

/** Makes a change; afterwards whatever is shown is read anew, as one object's change may show in others. */
export function useChange<Name extends Collection>(collection: Name) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => {
      const path =
        change.action === "create" ? `/${collection}` : `/${collection}/${encodeURIComponent(change.name)}`;
      const revision = change.action === "create" ? undefined : change.revision;
      return call<Collections[Name]>(methods[change.action], path, {
        ...("body" in change ? { body: change.body } : {}),
        ...(revision === undefined ? {} : { ifMatch: revision }),
      });
    },
    onSuccess: (object, change) => {
      if (change.action === "delete") client.removeQueries({ queryKey: [collection, "one", change.name] });
      else client.setQueryData([collection, "one", object.name], object);
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
}
