// The kinds of resource and where each stands in the admin API and in a configuration file: one table.

/** One kind: its collection in the admin API, its list in a configuration document, and its word for a reader. */
export interface KindRow {
  /** Collection name in the admin API and in the store. */
  readonly kind: string;
  /** Path of its list in a configuration document. */
  readonly documentPath: readonly string[];
  readonly label: string;
}

export const kindTable = [
  { kind: "instances", documentPath: ["instance"], label: "instance" },
  { kind: "resource-groups", documentPath: ["resourceGroups"], label: "resource group" },
  { kind: "domains", documentPath: ["domains"], label: "domain" },
  { kind: "services", documentPath: ["services"], label: "service" },
  { kind: "model-apis", documentPath: ["modelApis"], label: "Model API" },
  { kind: "consumer-groups", documentPath: ["consumerGroups"], label: "consumer group" },
  { kind: "consumers", documentPath: ["consumers"], label: "consumer" },
  { kind: "users", documentPath: ["users"], label: "user" },
  { kind: "tokens", documentPath: [], label: "token" },
  { kind: "sinks", documentPath: ["telemetry", "sinks"], label: "sink" },
  { kind: "alerts", documentPath: ["alerts"], label: "alert" },
] as const satisfies readonly KindRow[];

export type Kind = (typeof kindTable)[number]["kind"];
