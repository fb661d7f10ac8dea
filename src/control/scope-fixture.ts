// An admin API with two resource groups that know nothing of each other, and bearers in one of them. Tests only.
import { openApi } from "./admin-api-fixture.ts";
import type { ApiFixture } from "./admin-api-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { AdminApiPorts } from "./routes/ports.ts";

export interface ScopeFixture extends ApiFixture {
  /** A token that holds this role in these groups, or everywhere. */
  bearer(role: string, resourceGroups?: readonly string[]): Promise<string>;
  /** A stored object as the owner reads it. */
  stored(path: string): Promise<JsonObject>;
}

/** Objects of groups `a` and `b`; the names of those of `b` hold the word `secret`. */
export async function openScopes(ports: Partial<AdminApiPorts> = {}): Promise<ScopeFixture> {
  const fixture = await openApi(ports);
  const { ask } = fixture;
  const create = async (kind: string, body: JsonObject): Promise<void> => {
    const answer = await ask(`POST /api/v1/${kind}`, { body });
    if (answer.status !== 201) throw new Error(`${kind}: ${answer.text}`);
  };
  for (const name of ["a", "secret-b"]) await create("resource-groups", { name });
  for (const [group, mark] of [
    ["a", "a"],
    ["secret-b", "secret"],
  ] as const) {
    const resourceGroup = group;
    await create("services", {
      name: `${mark}-service`,
      provider: "openai",
      baseUrl: "http://127.0.0.1:9",
      apiKeys: [{ name: "main", value: `sk-of-${mark}-service-0123456789` }],
      resourceGroup,
    });
    await create("model-apis", {
      name: `${mark}-api`,
      basePath: `/${mark}`,
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: `${mark}-service` } },
      resourceGroup,
    });
    await create("consumers", { name: `${mark}-consumer`, resourceGroup });
    await create("alerts", {
      name: `${mark}-alert`,
      metric: "requests",
      filter: { api: `${mark}-api` },
      op: ">",
      threshold: 1,
    });
    const roles = [{ role: "editor", resourceGroups: [group] }];
    await create("users", { name: `${mark}-user`, roles });
    await create("tokens", { name: `${mark}-token`, role: "viewer", resourceGroups: [group] });
  }
  await create("consumer-groups", { name: "open-group" });
  await create("sinks", { name: "secret-sink", type: "file", path: "secret-sink.jsonl" });
  let made = 0;
  return {
    ...fixture,
    bearer: async (role, resourceGroups) => {
      const body = { name: `bearer-${(made += 1)}`, role, ...(resourceGroups && { resourceGroups }) };
      const answer = await ask("POST /api/v1/tokens", { body });
      if (answer.status !== 201) throw new Error(answer.text);
      return String(answer.body["token"]);
    },
    stored: async (path) => (await ask(`GET /api/v1/${path}`)).body,
  };
}
