// Every sample request to every default route twice, with reuse of answers on: which get the same answer again, byte for
// byte, and that no other ever does.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import { fillIn, routeCells, type RouteCell } from "./support/route-cells.ts";
import { basePathOf, directTo, routeApis, routeServices } from "./support/route-scene.ts";

/** By protocol, route and sample. */
const reused = new Set([
  "openai create-chat-completion whole",
  "openai create-chat-completion without a model",
  "openai create-chat-completion streamed",
  "openai create-completion whole",
  "openai create-completion streamed",
  "anthropic create-message whole",
  "anthropic create-message streamed",
  "dashscope dashscope-text-generation whole",
  "dashscope dashscope-text-generation streamed",
  "dashscope dashscope-multimodal-generation whole",
  "dashscope dashscope-multimodal-generation streamed",
  "gemini gemini-models generateContent",
  "gemini gemini-models streamGenerateContent as events",
  "gemini gemini-models streamGenerateContent as a list",
  "gemini gemini-models embedContent",
  "openai create-embedding numbers",
  "openai create-embedding base64",
  "openai openai-image-generation whole",
  "openai openai-image-generation without a model",
  "openai openai-image-generation streamed",
  "dashscope rerank whole",
  "vllm rerank whole",
  "vllm rerank without a model",
]);

const nameOf = ({ row, sample }: RouteCell): string => `${row.protocol} ${row.name} ${sample.what}`;

let simulator: Simulator;
let gateway: Gateway;
let client: RawClient;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
  const fields = { cache: { enabled: true } };
  gateway = await startGateway({
    services: routeServices(simulator.url),
    modelApis: [...routeApis("as asked", fields), ...routeApis("renamed", fields)],
  });
  client = await RawClient.connect(gateway.port);
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await simulator.close();
});

const cells = routeCells.filter(({ row }) => row.websocket !== true);

async function ask(cell: RouteCell, ids: Readonly<Record<string, string>>): Promise<Answer> {
  const { sample, row } = cell;
  const answer = await client.request({
    method: sample.method,
    path: basePathOf(row, cell.variant) + fillIn(cell.path, ids, "{}"),
    headers: [
      ...(sample.headers ?? []),
      ...(cell.contentType === undefined ? [] : [["content-type", cell.contentType] as const]),
    ],
    body: sample.json === undefined ? cell.body : Buffer.from(fillIn(sample.json, ids, "{{}}")),
  });
  await gateway.record(answer.header("x-request-id"));
  return answer;
}

test("every sample in the list is there", () => {
  expect([...reused].filter((name) => !cells.some((cell) => nameOf(cell) === name))).toEqual([]);
});

test.each(cells)("$name", async (cell) => {
  const { sample, row } = cell;
  const through = directTo(gateway.url + basePathOf(row, cell.variant), row);
  const ids = (await sample.given?.(directTo(simulator.url, row), through)) ?? {};
  const first = await ask(cell, ids);
  const again = await ask(cell, ids);
  const record = await gateway.record(again.header("x-request-id"));
  if (!reused.has(nameOf(cell))) {
    expect([again.header("x-moongate-cache"), record.cache]).toEqual([undefined, "skip"]);
    return;
  }
  // An alias of a path is the same route.
  expect(again.header("x-moongate-cache")).toBe("hit");
  expect([again.status, again.complete]).toEqual([200, true]);
  expect(again.body.equals(first.body)).toBe(true);
  expect(again.header("content-type")).toBe(first.header("content-type"));
  expect([again.header("x-moongate-service"), again.header("x-moongate-attempts")]).toEqual([
    row.protocol,
    "0",
  ]);
  expect(record).toMatchObject({ cache: "hit", attempts: [], outcome: "ok", costUsd: 0 });
});
