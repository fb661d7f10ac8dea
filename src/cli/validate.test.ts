// `validate` on files as authors write them: each fault with its line, its field and the way to mend it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeFinder } from "../config/fault-lines.ts";
import { main } from "./main.ts";
import { createTestTerminal } from "../../test/support/test-terminal.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-validate-"));
});

afterAll(() => rm(folder, { recursive: true }));

const good = `version: 1
services:
  - name: openai
    provider: openai
    apiKeys: [{ name: main, value: "\${env:OPENAI_API_KEY}" }]
modelApis:
  - name: chat
    useCase: text-generation
    protocols: [openai]
    modelService: { mode: single, target: { service: openai } }
`;

async function validate(text: string, name = "gateway.yaml", env: Record<string, string> = {}) {
  const path = join(folder, name);
  await writeFile(path, text);
  const terminal = createTestTerminal(env);
  const code = await main(["validate", "-f", path], terminal);
  const bare = (lines: string[]) => lines.map((line) => line.replaceAll(`${folder}/`, ""));
  return { code, printed: bare(terminal.printed), noted: bare(terminal.noted) };
}

test("a good file is summed up", async () => {
  expect(await validate(good, "gateway.yaml", { OPENAI_API_KEY: "sk-0123456789" })).toEqual({
    code: 0,
    printed: ["gateway.yaml is valid: 1 service, 1 Model API"],
    noted: [],
  });
});

test("a reference without a value is a warning with its line", async () => {
  const { code, noted } = await validate(good);
  expect({ code, noted }).toEqual({
    code: 0,
    noted: [
      expect.stringMatching(/^warning: gateway\.yaml:5 services\[0\]\.apiKeys\[0\]\.value: .*OPENAI_API_KEY/),
    ],
  });
});

test("a JSON file is read as JSON", async () => {
  const text = JSON.stringify({ version: 1, services: [{ name: "s", provider: "simulator" }] }, null, 2);
  expect(await validate(text, "gateway.json")).toMatchObject({
    code: 0,
    printed: ["gateway.json is valid: 1 service"],
  });
});

describe("a file is refused", () => {
  test.each([
    ["for broken YAML", "version: 1\nservices: [\n", /^gateway\.yaml:3:1 This is not valid YAML/],
    ["for its head", "services: []\n", /version: is required: write version: 1/],
    ["when empty", "", /the document is empty/],
    [
      "for a misspelt field",
      good.replace("protocols:", "protocolls:"),
      /^gateway\.yaml:9 model-apis\/chat: protocolls: unknown field "protocolls"; did you mean "protocols"\?/,
    ],
    [
      "for a service that is not there",
      good.replace("service: openai }", "service: opena }"),
      /^gateway\.yaml:10 model-apis\/chat: modelService\.target\.service: there is no service "opena"; did you mean "openai"\?/,
    ],
  ])("%s", async (_name, text, line) => {
    const { code, printed, noted } = await validate(text, "gateway.yaml", {
      OPENAI_API_KEY: "sk-0123456789",
    });
    expect({ code, printed }).toEqual({ code: 1, printed: [] });
    expect(noted[0]).toMatch(/^moongate: gateway\.yaml is not valid, \d+ faults?:$/);
    expect(noted).toContainEqual(expect.stringMatching(line));
  });

  test("with at most 100 lines", async () => {
    const items = Array.from({ length: 130 }, (_, index) => `  - { name: s${index}, provider: nobody }`);
    const { noted } = await validate(`version: 1\nservices:\n${items.join("\n")}\n`);
    expect(noted).toHaveLength(102);
    expect(noted.at(-1)).toBe("and 30 more");
  });
});

describe("the place of a fault", () => {
  const toPlace = placeFinder({
    services: [{ name: "a" }, { name: "b" }],
    telemetry: { sinks: [{ name: "file" }] },
    instance: { name: "default" },
  });

  test.each([
    ["services/b: apiKeys[0].value", "services[1].apiKeys[0].value"],
    ["services/b", "services[1]"],
    ["services/unknown: region", "services"],
    ["sinks/file: path", "telemetry.sinks[0].path"],
    ["instances/default: region", "instance.region"],
    ["consumers/a: groups", "consumers.groups"],
    ["modelApis[3].basePath", "modelApis[3].basePath"],
    ["version", "version"],
  ])("%s is %s", (path, place) => {
    expect(toPlace(path)).toBe(place);
  });
});
