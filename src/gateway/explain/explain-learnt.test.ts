// What is said of a Model API that learns when what was learnt cannot be used: another version has made it, or it is damaged.
import { expect, test } from "vitest";
import { apiOf, serviceAt } from "../../../test/support/configuration.ts";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import { buildLabelTable } from "../../routing/labels/build-label-table.ts";
import { decodeTable, encodeTable } from "../../routing/labels/label-table-bytes.ts";
import { sketchLength } from "../../routing/labels/sketch.ts";
import { testSurroundings } from "../runtime-fixture.ts";
import { explain } from "./explain.ts";
import { toolsOf } from "./explain-fixture.ts";
import { createReadingPlan } from "./reading-plan.ts";

const candidates = ["small", "large"].map((model) => ({ service: "up", model, quality: 70 }));
const snapshot = snapshotOf({
  services: [serviceAt("https://up.test", "openai", { name: "up" })],
  modelApis: [apiOf("openai", { name: "chat", modelService: { mode: "intelligent", candidates } })],
});
const sketch = Int8Array.from({ length: sketchLength }, (_, at) => at % 7);
const table = buildLabelTable([{ sketch, model: "large", score: 1, weight: 1 }]);
const older = encodeTable({ ...decodeTable(table), features: featuresVersion - 1 });
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

async function decisionBy(labels: string | undefined) {
  const [config] = snapshot.apis.values();
  if (config === undefined) throw new Error("there is no Model API");
  const routers = labels === undefined ? new Map() : new Map([[config.name, { version: 3, labels }]]);
  const surroundings = testSurroundings();
  const request = {
    method: "POST",
    path: `${config.basePath === "/" ? "" : config.basePath}/v1/chat/completions`,
    headers: ["host", "localhost"],
    body: JSON.stringify({ model: "auto", messages: [{ role: "user", content: "What is a prime?" }] }),
  };
  const plan = createReadingPlan({ ...snapshot, routers }, surroundings);
  const { decision, reason } = await explain(plan, config, request, toolsOf(surroundings));
  if (decision === null) throw new Error(reason);
  return decision;
}

test.each([
  ["nothing was learnt", undefined, 0, false],
  ["it can be used", text(table), 3, false],
  ["another version has made it, as the control plane says", "", 0, true],
  ["another version has made it, as its table says", text(older), 0, true],
  ["it is damaged", text(table.subarray(0, -1)), 0, true],
])("a decision when %s", async (_name, labels, version, warns) => {
  const decision = await decisionBy(labels);
  const warning = "version 3 of what was learnt cannot be used by this version of the program";
  expect(decision.reason.includes(warning)).toBe(warns);
  expect(decision.routing?.router.split(".").at(-1)).toBe(String(version));
  expect(decision.routing?.evidence.models.some(({ learnt }) => learnt !== undefined)).toBe(version > 0);
});
