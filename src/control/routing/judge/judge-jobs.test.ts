// Judge jobs from order to labels: blind comparisons in both orders, budgets, bounds, cancelling, restarts, and what is
// skipped and counted. Models and judge are stand-ins of the port.
import { describe, expect, test } from "vitest";
import { routingStoreInMemory } from "../../../store/sqlite-routing-store.ts";
import type { TelemetryPort } from "../../routes/ports.ts";
import { LabelBook } from "../label-book.ts";
import { intelligentResources, routedRecord } from "../learning-fixture.ts";
import { JudgeJobs, type JudgeOrder } from "./judge-jobs.ts";
import type { JudgeState } from "./judge-state.ts";
import type { ReplayAnswer, ReplayedChat, ReplayPort, ReplayTarget } from "./replay-port.ts";

const judge = { service: "s", model: "judge" };
const learning = { learning: { enabled: true, judge } };
const order: JudgeOrder = {
  from: null,
  to: null,
  limit: 100,
  models: ["m", "large"],
  maxCostUsd: null,
  maxRequests: 2_000,
};

interface Stored {
  readonly item: object;
  readonly content?: string;
}

function exchange(fields: object = {}, content = "the question"): Stored {
  const item = { ...routedRecord(), protocol: "openai", outcome: "ok", recorded: true, ...fields };
  return { item, content };
}

/** Records in pages of two. */
function records(stored: readonly Stored[]): TelemetryPort {
  const byId = new Map(stored.map((each, index) => [`r${index}`, each]));
  const items = [...byId].map(([requestId, { item }]) => ({ ...item, requestId }));
  const answers = {
    logs: ({ cursor }: { readonly cursor: string | null }) => {
      const start = Number(cursor ?? 0);
      const nextCursor = start + 2 < items.length ? String(start + 2) : null;
      return { items: items.slice(start, start + 2), nextCursor };
    },
    log: ({ requestId }: { readonly requestId: string }) => ({
      requestContent: byId.get(requestId)?.content,
    }),
  };
  return {
    // A stand-in answers these two questions with as much of a record as the job reads.
    ask: async (kind, ask) => {
      if (kind === "logs") return answers.logs(ask as { cursor: string | null }) as never;
      if (kind === "log") return answers.log(ask as { requestId: string }) as never;
      throw new Error(`nobody asks for ${kind}`);
    },
  };
}

type Says = (target: ReplayTarget, chat: ReplayedChat) => string | Error | Promise<string>;

/** Judges by what an answer says of itself, wherever it stands. */
function fair(chat: ReplayedChat): string {
  const [, A = "", B = ""] = /"A":"(.*)","B":"(.*)"\}/u.exec(chat.messages[0]?.text ?? "") ?? [];
  if (A === B) return "tie";
  return A.includes("good") ? "A" : "B";
}

const usual = ({ model }: ReplayTarget, chat: ReplayedChat): string =>
  model === "judge" ? fair(chat) : model === "large" ? "a good answer" : "an answer";

interface Scene {
  readonly jobs: JudgeJobs;
  readonly asked: { readonly model: string; readonly chat: ReplayedChat }[];
  readonly labels: LabelBook;
  readonly problems: unknown[];
  kept(): string | undefined;
  /** As after a start over what was kept. */
  reopened(): Promise<JudgeJobs>;
  ended(): Promise<JudgeState>;
  configure(modelService: object): void;
}

async function scene(
  stored: readonly Stored[],
  says: Says = usual,
  price?: { input: number; output: number },
): Promise<Scene> {
  let resources = intelligentResources(learning);
  const asked: Scene["asked"][number][] = [];
  const replay: ReplayPort = {
    read: (_protocol, text) =>
      text === "no words" ? undefined : { system: "", messages: [{ role: "user", text }] },
    price: () => price,
    ask: async (target, chat): Promise<ReplayAnswer> => {
      asked.push({ model: target.model, chat });
      const text = await says(target, chat);
      if (text instanceof Error) throw text;
      return { text, inputTokens: 1_000, outputTokens: 1_000 };
    },
  };
  const labels = new LabelBook({ store: routingStoreInMemory(), wallMs: () => 5 });
  const problems: unknown[] = [];
  let text: string | undefined;
  const open = (): Promise<JudgeJobs> =>
    JudgeJobs.open({
      configuration: {
        get working() {
          return { resources, revision: 1 } as never;
        },
      },
      telemetry: records(stored),
      replay,
      labels,
      wallMs: () => Date.UTC(2026, 0, 1),
      file: { read: async () => text, write: async (next) => void (text = next) },
      onProblem: (error) => problems.push(error),
    });
  const jobs = await open();
  return {
    jobs,
    asked,
    labels,
    problems,
    kept: () => text,
    reopened: open,
    ended: async () => {
      for (;;) {
        const state = jobs.stateOf("chat");
        if (state !== null && state.state !== "running") return state;
        await new Promise(setImmediate);
      }
    },
    configure: (modelService) => (resources = intelligentResources(modelService)),
  };
}

const many = (count: number): Stored[] =>
  Array.from({ length: count }, (_, index) => exchange({}, `question ${index}`));

test("the better model wins in both orders, and every prompt gives a label for each", async () => {
  const { jobs, labels, ended, asked } = await scene(many(5));
  expect(jobs.start("chat", order, "user:ada")).toMatchObject({ state: "running", by: "user:ada" });
  const state = await ended();
  expect(state).toMatchObject({
    state: "done",
    looked: 5,
    judged: 5,
    labels: 10,
    requests: 20,
    skipped: {},
    models: [
      { model: "m", won: 0, lost: 5, tied: 0 },
      { model: "large", won: 5, lost: 0, tied: 0 },
    ],
  });
  const kept = labels.labelsOf("chat");
  expect(kept.labels.map(({ model, score, source }) => `${model} ${score} ${source}`).toSorted()).toEqual([
    ...Array<string>(5).fill("large 1 judge"),
    ...Array<string>(5).fill("m 0 judge"),
  ]);
  expect(kept.prompts.length).toBe(5);
  expect(asked.filter(({ model }) => model === "judge").length).toBe(10);
});

test("a judge who always takes the first is a tie each time", async () => {
  const { jobs, labels, ended } = await scene(many(3), ({ model }, chat) =>
    model === "judge" ? "A" : usual({ service: "s", model }, chat),
  );
  jobs.start("chat", order, "x");
  expect((await ended()).models).toEqual([
    { model: "m", won: 0, lost: 0, tied: 3 },
    { model: "large", won: 0, lost: 0, tied: 3 },
  ]);
  expect(new Set(labels.labelsOf("chat").labels.map(({ score }) => score))).toEqual(new Set([0.5]));
});

test.each(["a", "A is better", "", "both", "Tie", "A\nB"])(
  "a judge who says %j has said nothing",
  async (word) => {
    const { jobs, labels, ended } = await scene(many(2), ({ model }) =>
      model === "judge" ? word : `by ${model}`,
    );
    jobs.start("chat", order, "x");
    expect(await ended()).toMatchObject({ state: "done", judged: 0, skipped: { "no-verdict": 2 } });
    expect(labels.labelsOf("chat").labels).toEqual([]);
  },
);

test("what cannot be judged is skipped and counted", async () => {
  const { jobs, ended, asked, labels } = await scene([
    exchange({ outcome: "upstream_error" }),
    exchange({ decision: null }),
    exchange({ recorded: false }),
    exchange({}, ""),
    exchange({}, '{"messages":[\n<11,901 more bytes were not recorded>'),
    exchange({}, "my mail is <email>"),
    exchange({}, "key <secret>"),
    exchange({}, '{"url":"data:image/png;base64,<base64, 9,000 bytes>"}'),
    exchange({}, "no words"),
    exchange(),
  ]);
  jobs.start("chat", order, "x");
  expect(await ended()).toMatchObject({
    looked: 10,
    judged: 1,
    skipped: { "failed-then": 1, "no-numbers": 1, "not-recorded": 2, cut: 2, redacted: 2, "not-words": 1 },
  });
  expect(asked.length).toBe(4);
  jobs.start("chat", order, "x");
  expect(await ended()).toMatchObject({ judged: 0, skipped: { "judged-before": 1 } });
  expect(labels.labelsOf("chat").labels.length).toBe(2);
});

test("one model that does not answer leaves nothing to compare", async () => {
  const { jobs, ended } = await scene(many(3), (target, chat) =>
    target.model === "m" ? new Error("status-503") : usual(target, chat),
  );
  jobs.start("chat", order, "x");
  expect(await ended()).toMatchObject({ state: "done", judged: 0, skipped: { "no-answers": 3 } });
});

test("when nothing answers any more the job ends, and says by which class of failure", async () => {
  const { jobs, ended, asked } = await scene(many(50), () => new Error("unreachable"));
  jobs.start("chat", order, "x");
  const state = await ended();
  expect(state.state).toBe("failed");
  expect(state.message).toContain('service "s": unreachable');
  expect(asked.length).toBeLessThan(16);
});

describe("budgets", () => {
  test("no more is asked than the limit of prompts, requests or USD allows", async () => {
    const byLimit = await scene(many(9));
    byLimit.jobs.start("chat", { ...order, limit: 4 }, "x");
    expect(await byLimit.ended()).toMatchObject({ state: "done", judged: 4 });

    const byRequests = await scene(many(9));
    byRequests.jobs.start("chat", { ...order, maxRequests: 10 }, "x");
    expect(await byRequests.ended()).toMatchObject({ state: "budget", requests: 10 });

    // Each answer costs 2 USD; what is asked sets its most aside before.
    const byCost = await scene(many(9), usual, { input: 1_000, output: 1_000 });
    byCost.jobs.start("chat", { ...order, maxCostUsd: 20 }, "x");
    const state = await byCost.ended();
    expect(state.state).toBe("budget");
    expect(state.costUsd).toBeLessThanOrEqual(20);
    expect(state.costUsd).toBeGreaterThan(10);
  });

  test("costs are not bounded by prices that nobody knows", async () => {
    const { jobs, asked } = await scene(many(2));
    expect(() => jobs.start("chat", { ...order, maxCostUsd: 1 }, "x")).toThrow(
      /No price of "judge" at service "s"/u,
    );
    expect(jobs.stateOf("chat")).toBe(null);
    expect(asked).toEqual([]);
  });
});

/** Holds every request until it is let go or its job ends. */
function held() {
  const gates: (() => void)[] = [];
  const says: Says = async (target, chat) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    return usual(target, chat);
  };
  return { gates, says, open: () => gates.splice(0).forEach((open) => open()) };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

test("no more than two prompts are asked at a time, and one job of a Model API", async () => {
  const { gates, says, open } = held();
  const { jobs, ended } = await scene(many(9), says);
  jobs.start("chat", order, "x");
  await until(() => gates.length === 2);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(gates.length).toBe(2);
  expect(() => jobs.start("chat", order, "x")).toThrow(/being judged already/u);
  const opening = setInterval(open, 0);
  expect((await ended()).judged).toBe(9);
  clearInterval(opening);
});

test("a job is cancelled, its labels stay, and another can begin", async () => {
  const { gates, says, open } = held();
  const { jobs, ended } = await scene(many(9), says);
  jobs.start("chat", order, "x");
  await until(() => gates.length === 2);
  const cancelled = jobs.cancel("chat");
  open();
  await expect(cancelled).resolves.toMatchObject({ state: "cancelled", judged: 0 });
  await expect(jobs.cancel("chat")).rejects.toThrow(/No answers of "chat" are being judged/u);
  jobs.start("chat", { ...order, limit: 1 }, "x");
  const opening = setInterval(open, 0);
  expect((await ended()).state).toBe("done");
  clearInterval(opening);
});

test("a stop ends what runs, and a start says that it was interrupted", async () => {
  const { gates, says, open } = held();
  const { jobs, kept, reopened } = await scene(many(9), says);
  jobs.start("chat", order, "x");
  await until(() => gates.length === 2 && kept() !== undefined);
  const afterKill = await reopened();
  expect(afterKill.stateOf("chat")).toMatchObject({ state: "interrupted" });
  const stopped = jobs.stop();
  open();
  await stopped;
  expect(jobs.stateOf("chat")).toMatchObject({ state: "interrupted" });
  expect((await reopened()).stateOf("chat")).toEqual(jobs.stateOf("chat"));
  expect(() => jobs.start("chat", order, "x")).toThrow(/being stopped/u);
});

test("what was kept and cannot be read costs no start", async () => {
  const { reopened, problems, jobs, ended, kept } = await scene(many(1));
  jobs.start("chat", order, "x");
  await ended();
  await until(() => kept()?.includes('"done"') === true);
  expect((await reopened()).stateOf("chat")).toMatchObject({ state: "done" });
  expect(problems).toEqual([]);
});

test("who switches learning off ends the job", async () => {
  const { gates, says, open } = held();
  const made = await scene(many(9), says);
  made.jobs.start("chat", order, "x");
  await until(() => gates.length === 2);
  made.configure({ learning: { enabled: false, judge } });
  const opening = setInterval(open, 0);
  const state = await made.ended();
  clearInterval(opening);
  expect(state.state).toBe("cancelled");
  expect(state.message).toMatch(/does not learn/u);
  expect(() => made.jobs.start("chat", order, "x")).toThrow(/does not learn/u);
});

test.each([
  ["no judge", { learning: { enabled: true } }, /has no judge/u],
  ["no learning", {}, /does not learn/u],
])("with %s nothing is judged", async (_name, modelService, words) => {
  const made = await scene(many(1));
  made.configure(modelService);
  expect(() => made.jobs.start("chat", order, "x")).toThrow(words);
  expect(() => made.jobs.start("other", order, "x")).toThrow(/no Model API "other"/u);
});

test("no prompt and no answer is in what a job tells or keeps", async () => {
  const canary = "canary 5550199";
  const { jobs, ended, kept } = await scene([exchange({}, canary)], ({ model }) =>
    model === "judge" ? canary : `${canary} by ${model}`,
  );
  jobs.start("chat", order, "x");
  expect(JSON.stringify(await ended())).not.toContain("5550199");
  await until(() => kept()?.includes('"done"') === true);
  expect(kept()).not.toContain("5550199");
});
