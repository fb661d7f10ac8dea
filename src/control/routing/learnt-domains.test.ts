// Saving a Model API has what its domains look like learnt elsewhere: the thread that answers everybody goes on meanwhile.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DomainExamples } from "../../routing/domains/train-domain-table.ts";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";

let fixture: ApiFixture;
let learnt: (readonly DomainExamples[])[];
let answer: () => Promise<string>;

beforeEach(async () => {
  learnt = [];
  answer = async () => "bGVhcm50";
  fixture = await openApi();
  fixture.learnt.domains = async (domains) => {
    learnt.push(domains);
    return await answer();
  };
  await fixture.ask("POST /api/v1/services", { body: { name: "sim", provider: "simulator" } });
});
afterEach(() => fixture.close());

async function save(name: string, example: string): Promise<number> {
  const body = {
    name,
    basePath: `/${name}`,
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: {
      mode: "intelligent",
      candidates: [{ service: "sim", model: "m" }],
      builtInDomains: false,
      domains: [{ name: "pets", examples: [example] }],
    },
  };
  return (await fixture.ask("POST /api/v1/model-apis", { body })).status;
}

function tableOf(name: string): string | undefined {
  const service = fixture.configuration.snapshot.apis.get(name)?.modelService;
  return service?.mode === "intelligent" ? service.policy.domainTable : undefined;
}

test("the table is what was learnt elsewhere, once for the same examples", async () => {
  expect(await save("one", "a hamster that nobody else has")).toBe(201);
  expect(await save("two", "a hamster that nobody else has")).toBe(201);
  expect(learnt).toEqual([[{ name: "pets", examples: ["a hamster that nobody else has"] }]]);
  expect([tableOf("one"), tableOf("two")]).toEqual(["bGVhcm50", "bGVhcm50"]);
});

test("other writes go on meanwhile being read, and what was asked waits for it", async () => {
  const learning = Promise.withResolvers<string>();
  answer = () => learning.promise;
  const saved = save("slow", "a parrot that takes long");
  expect((await fixture.ask("GET /api/v1/services")).status).toBe(200);
  learning.resolve("c2xvdw==");
  expect(await saved).toBe(201);
  expect(tableOf("slow")).toBe("c2xvdw==");
});

test("where that fails it is learnt when it is needed", async () => {
  answer = () => Promise.reject(new Error("no thread"));
  expect(await save("alone", "a tortoise that is alone")).toBe(201);
  expect(tableOf("alone")?.length).toBeGreaterThan(1_000);
});
