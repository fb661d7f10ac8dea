// The way that needs nothing: a Model API in front of the built-in simulator, made with what is there already.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { listQuery, type ModelApi, type Service } from "../../api/resources.ts";

/** `demo`, `demo-2`, `demo-3`: the first that is free. */
export function freeName(wanted: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.includes(name)) return name;
  }
}

/** Creates a simulator service unless there is one, then the Model API; gives its name. */
export function useCreateDemo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (): Promise<string> => {
      const services = await client.fetchQuery(listQuery("services"));
      const apis = await client.fetchQuery(listQuery("model-apis"));
      const service = services.items.find(({ provider, enabled }) => provider === "simulator" && enabled);
      const serviceName = service?.name ?? (await createSimulator(services.items));
      const name = freeName(
        "demo",
        apis.items.flatMap((api) => [api.name, api.basePath.slice(1)]),
      );
      await call<ModelApi>("POST", "/model-apis", {
        body: {
          name,
          useCase: "text-generation",
          protocols: ["openai", "anthropic"],
          basePath: `/${name}`,
          stripBasePath: true,
          modelService: { mode: "single", target: { service: serviceName } },
        },
      });
      return name;
    },
    onSettled: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" }),
  });
}

async function createSimulator(services: readonly Service[]): Promise<string> {
  const name = freeName(
    "simulator",
    services.map((each) => each.name),
  );
  await call<Service>("POST", "/services", { body: { name, provider: "simulator" } });
  return name;
}
