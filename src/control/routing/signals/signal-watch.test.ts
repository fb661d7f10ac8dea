// Which ended exchanges become weak labels: questions asked again, answers that are no JSON; and what looks like that and is
// not. Records are stand-ins.
import { expect, test } from "vitest";
import { routingStoreInMemory } from "../../../store/sqlite-routing-store.ts";
import type { LogItem } from "../../../telemetry/log-answers.ts";
import type { TelemetryPort } from "../../routes/ports.ts";
import { LabelBook } from "../label-book.ts";
import { intelligentResources, routedRecord } from "../learning-fixture.ts";
import { SignalWatch } from "./signal-watch.ts";

const startMs = Date.UTC(2026, 0, 1);

interface Ended {
  readonly requestId: string;
  /** Seconds. */
  readonly at: number;
  readonly tag?: string | undefined;
  readonly fields?: object;
  readonly request?: string;
  readonly response?: string;
}

function itemOf({ requestId, at, tag = "c1", fields = {}, request }: Ended): LogItem {
  const { decision, ...rest } = routedRecord();
  const routing = { ...decision?.routing, conversation: tag };
  const item = {
    ...rest,
    requestId,
    time: new Date(startMs + at * 1_000).toISOString(),
    durationMs: 2_000,
    consumer: "ada",
    outcome: "ok",
    status: 200,
    cache: "skip",
    recorded: request !== undefined,
    decision: { ...decision, routing },
    ...fields,
  };
  // As much of a record as the watch reads.
  return item as unknown as LogItem;
}

function scene(learning: object = { enabled: true }) {
  const resources = intelligentResources({ learning });
  const ended: Ended[] = [];
  const asked: string[] = [];
  const telemetry: TelemetryPort = {
    // A stand-in answers these two questions.
    ask: async (kind, ask) => {
      asked.push(kind);
      if (kind === "tail") {
        const { after } = ask as { readonly after: string | null };
        const from = after === null ? ended.length : Number(after);
        return { items: ended.slice(from).map(itemOf), next: String(ended.length) } as never;
      }
      const found = ended.find(({ requestId }) => requestId === (ask as { requestId: string }).requestId);
      return { requestContent: found?.request, responseContent: found?.response } as never;
    },
  };
  const labels = new LabelBook({ store: routingStoreInMemory(), wallMs: () => startMs });
  const watch = new SignalWatch({
    configuration: { working: { resources, revision: 1 } as never },
    telemetry,
    labels,
  });
  return {
    asked,
    /** What became of exchanges that ended between two looks. */
    async see(...exchanges: readonly Ended[]): Promise<string[]> {
      await watch.look();
      ended.push(...exchanges);
      await watch.look();
      return labels
        .labelsOf("chat")
        .labels.map(({ requestId, source, score, weight }) => `${requestId} ${source} ${score} x${weight}`);
    },
  };
}

test("a question that is asked again speaks against the answer before", async () => {
  const { see } = scene();
  await expect(see({ requestId: "a", at: 0 }, { requestId: "b", at: 30 })).resolves.toEqual([
    "a regenerate 0 x0.2",
  ]);
});

test("what is seen in two looks is seen", async () => {
  const { see } = scene();
  await expect(see({ requestId: "a", at: 0 })).resolves.toEqual([]);
  await expect(see({ requestId: "b", at: 30 })).resolves.toEqual(["a regenerate 0 x0.2"]);
});

test.each<[string, Ended, Ended]>([
  ["another conversation", { requestId: "a", at: 0 }, { requestId: "b", at: 30, tag: "c2" }],
  ["another consumer", { requestId: "a", at: 0 }, { requestId: "b", at: 30, fields: { consumer: "bob" } }],
  ["much later", { requestId: "a", at: 0 }, { requestId: "b", at: 303 }],
  ["at the same time", { requestId: "a", at: 0 }, { requestId: "b", at: 1 }],
  [
    "after a failure",
    { requestId: "a", at: 0, fields: { outcome: "upstream_error", status: 502 } },
    { requestId: "b", at: 30 },
  ],
  ["from the cache", { requestId: "a", at: 0, fields: { cache: "hit" } }, { requestId: "b", at: 30 }],
  [
    "in another mode",
    { requestId: "a", at: 0, fields: { decision: { mode: "single", reason: "", candidates: [] } } },
    { requestId: "b", at: 30, fields: { decision: { mode: "single", reason: "", candidates: [] } } },
  ],
])("asked %s is no sign", async (_name, first, second) => {
  await expect(scene().see(first, second)).resolves.toEqual([]);
});

test("who asks three times or more is a program: nothing of it stays", async () => {
  const { see } = scene();
  const again = (requestId: string, at: number): Ended => ({ requestId, at });
  await see(again("a", 0), again("b", 30));
  await expect(see(again("c", 60))).resolves.toEqual([]);
  await expect(see(again("d", 90), again("e", 120))).resolves.toEqual([]);
});

const ask = JSON.stringify({ response_format: { type: "json_object" } });
const says = (content: string): string => JSON.stringify({ choices: [{ message: { content } }] });

test("answers to who asked for JSON are JSON or are not", async () => {
  const { see } = scene();
  const labels = await see(
    { requestId: "a", at: 0, tag: "1", request: ask, response: says('{"a":1}') },
    { requestId: "b", at: 0, tag: "2", request: ask, response: says("Sure!") },
    { requestId: "c", at: 0, tag: "3", request: "{}", response: says("Sure!") },
    {
      requestId: "d",
      at: 0,
      tag: "4",
      request: ask,
      response: `${says("{")}\n<9 more bytes were not recorded>`,
    },
  );
  expect(labels).toEqual(["a validity 1 x0.15", "b validity 0 x0.15"]);
});

test("where nobody learns, nobody looks", async () => {
  const { see, asked } = scene({ enabled: false });
  await expect(see({ requestId: "a", at: 0 }, { requestId: "b", at: 30 })).resolves.toEqual([]);
  expect(asked).toEqual([]);
});
