// What an empty gateway starts with: a simulated service and a Model API in front of it. Data only, knows no store.
import type { Kind } from "../resources/kinds.ts";

export interface DemoResource {
  readonly kind: Kind;
  /** A resource body as a configuration file would hold it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** In the order in which they can be created. Ordinary resources: they can be edited and deleted. */
export const demoResources: readonly DemoResource[] = [
  { kind: "services", body: { name: "simulator", provider: "simulator" } },
  {
    kind: "model-apis",
    body: {
      name: "demo",
      description:
        "Simulated answers, to try the gateway without a key. Delete it when you have your own Model API.",
      useCase: "text-generation",
      protocols: ["openai", "anthropic"],
      basePath: "/demo",
      stripBasePath: true,
      routes: {
        enabled: ["responses", "realtime", "count-message-tokens", "message-batches", "anthropic-files"],
      },
      modelService: { mode: "single", target: { service: "simulator" } },
    },
  },
];
