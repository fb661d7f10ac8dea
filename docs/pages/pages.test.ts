import { expect, test } from "vitest";
import { settingHelp } from "../../src/app/settings.ts";
import { errorTable } from "../../src/core/errors.ts";
import { logFields } from "../../src/control/routes/log-query-text.ts";
import { metrics } from "../../src/core/metric-names.ts";
import { defaultRoutes } from "../../src/resources/default-routes.ts";
import { providerIds } from "../../src/resources/provider-id.ts";
import { configurationPage } from "./configuration.ts";
import { environmentPage, withoutEffect } from "./environment.ts";
import { errorsPage } from "./errors.ts";
import { fieldRows } from "./field-rows.ts";
import { table } from "./markdown.ts";
import { providersPage } from "./providers.ts";
import { queriesPage } from "./queries.ts";
import { routesPage } from "./routes.ts";

test("the errors page has every code", () => {
  for (const code of Object.keys(errorTable)) expect(errorsPage()).toContain(`| \`${code}\` | `);
});

test("the environment page has every variable", () => {
  for (const { variable } of settingHelp) expect(environmentPage()).toContain(`| \`${variable}\` | `);
});

test("variables that are said to have no effect are known ones", () => {
  const known = settingHelp.map(({ variable }) => variable);
  expect(known).toEqual(expect.arrayContaining([...withoutEffect]));
});

test("the providers page has every provider", () => {
  for (const id of providerIds) expect(providersPage()).toContain(`| \`${id}\` | `);
});

test("the routes page has every default route and alias", () => {
  for (const { name, path, alias } of defaultRoutes) {
    expect(routesPage()).toContain(`| \`${name}\` | `);
    expect(routesPage()).toContain(`\`${path}\``);
    expect(routesPage()).toContain(`\`${alias ?? path}\``);
  }
});

test("the page of queries has every filter and metric", () => {
  for (const name of [...Object.keys(logFields), ...Object.keys(metrics)])
    expect(queriesPage()).toContain(`| \`${name}\` | `);
});

test.each([
  [
    "a default",
    "| `timeouts.idleMs` | whole number, 1 to 3600000 | `60000` | Milliseconds between two bytes. |",
  ],
  [
    "a required field",
    "| `protocols` | list of `openai`, `anthropic`, `dashscope`, `comfyui`, `vllm`, `gemini` | *required* | ",
  ],
  ["a secret in a list", "| `apiKeys[].value` | secret or object | *required* | The key. Write-only. |"],
  [
    "a field of one variant",
    '| `credentials[].claim` | text | `"sub"` | jwt: Claim that names the consumer. |',
  ],
  [
    "a default behind a change",
    '| `domains` | list of text | `["*"]` | Host names that clients call; `*` = any. |',
  ],
  ["what is not served", "| `domains` | `forceHttps` | switch it off |"],
])("the configuration page shows %s", (_name, line) => {
  expect(configurationPage()).toContain(line);
});

test("every field on the configuration page has a meaning", () => {
  const without = configurationPage()
    .split("\n")
    .filter((line) => line.startsWith("| `") && /\|\s*\|$/u.test(line));
  expect(without).toEqual([]);
});

test("a nested field is named by its path, and stored forms of secrets are not shown", () => {
  const sealed = {
    anyOf: [{ type: "string" }, { type: "object", properties: { sealed: { type: "string" } } }],
  };
  const schema = {
    type: "object",
    properties: { list: { type: "array", items: { type: "object", properties: { key: sealed } } } },
    required: ["list"],
  };
  expect(fieldRows(schema)).toEqual([
    { field: "list", type: "list of object", default: "*required*", meaning: "" },
    { field: "list[].key", type: "secret", default: "*optional*", meaning: "" },
  ]);
});

test("a cell cannot break its table", () => {
  expect(table(["a"], [["x|y\nz"]])).toBe("| a |\n| --- |\n| x\\|y z |");
});
