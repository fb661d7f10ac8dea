// What records say of consumption that no one answer tells: sockets by their endings, and objects that are looked at
// until they are done. Compared with what services say; the table of requests and endings is test/accounting.test.ts.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TokenPort } from "../src/app/token-port.ts";
import { addUsage, noTokens, type Usage } from "../src/core/usage.ts";
import { countAsk } from "../src/gateway/accounting/token-ask.ts";
import { countTokens } from "../src/gateway/accounting/tokenizer.ts";
import { countOf, memberOf, textOf } from "../src/lib/json-value.ts";
import { realtimeUsage } from "../src/protocols/openai-realtime.ts";
import { countedEndings } from "./support/accounting-endings.ts";
import { anthropicHeaders, type CountedRequest } from "./support/accounting-request.ts";
import { countedRequests } from "./support/accounting-rows.ts";
import { AccountingScene } from "./support/accounting-scene.ts";
import { named } from "./support/named.ts";
import { RawClient } from "./support/raw-client.ts";
import { textAt } from "./support/route-sample.ts";
import { acceptedSocket, type SocketLog } from "./support/socket-client.ts";
import { continueTask, finishTask, runTask, speechPath } from "./support/speech-frames.ts";

let scene: AccountingScene;

beforeAll(async () => {
  scene = await AccountingScene.start(countedEndings, {
    count: (ask) => Promise.resolve(countAsk(ask, countTokens)),
  });
});

afterAll(() => scene.close());

const realtimePath = "/complete/text-generation/openai/v1/realtime?model=counted-model";

function say(text: string): object {
  return {
    type: "conversation.item.create",
    item: { role: "user", content: [{ type: "input_text", text }] },
  };
}

async function usageOfAnswers(socket: SocketLog, count: number): Promise<readonly Usage[]> {
  const usages: Usage[] = [];
  for (let number = 0; usages.length < count; number += 1) {
    const usage = realtimeUsage((await socket.message(number)).data);
    if (usage !== undefined) usages.push(usage);
  }
  return usages;
}

describe("sockets", () => {
  test.each([
    ["closes", (socket: SocketLog) => socket.socket.close(1000), "ok"],
    ["is lost", (socket: SocketLog) => socket.socket.terminate(), "client_closed"],
  ])(
    "a realtime session has consumed what all its answers have, when the client %s",
    async (_, end, outcome) => {
      const before = scene.gateway.records.length;
      const socket = await acceptedSocket(scene.gateway.port, realtimePath);
      socket.send(say("How do you count?"));
      socket.send({ type: "response.create" });
      await usageOfAnswers(socket, 1);
      socket.send(say("And this one, which is quite a bit longer?"));
      socket.send({ type: "response.create" });
      const [first, second] = await usageOfAnswers(socket, 2);
      end(socket);
      const record = await scene.gateway.recordWhere((each) => scene.gateway.records.indexOf(each) >= before);
      if (first === undefined || second === undefined) throw new Error("two answers were awaited");
      expect(record).toMatchObject({ outcome, usage: addUsage(first, second) });
      expect(first.inputTokens).toBeGreaterThan(0);
      expect(record.costUsd).toBeGreaterThan(0);
    },
  );

  test("a realtime session that the service ends in its first answer was told of nothing", async () => {
    const before = scene.gateway.records.length;
    const socket = await acceptedSocket(
      scene.gateway.port,
      realtimePath.replace("complete", "cut-by-the-service"),
    );
    socket.send(say("How do you count?"));
    socket.send({ type: "response.create" });
    await socket.ended();
    const record = await scene.gateway.recordWhere((each) => scene.gateway.records.indexOf(each) >= before);
    expect(record).toMatchObject({ outcome: "truncated", usage: null });
  });

  test("speech that the service cuts has consumed the characters that were sent", async () => {
    const before = scene.gateway.records.length;
    const socket = await acceptedSocket(
      scene.gateway.port,
      `/cut-by-the-service/speech-synthesis/dashscope${speechPath}`,
    );
    socket.send(runTask("counted-model", "cut"));
    await socket.message(0);
    socket.send(continueTask("Good morning!", undefined, "cut"));
    await socket.ended();
    const record = await scene.gateway.recordWhere((each) => scene.gateway.records.indexOf(each) >= before);
    expect(record).toMatchObject({ outcome: "truncated", usage: { characters: 13, estimated: true } });
  });

  test("a socket of ComfyUI only tells, and has consumed nothing", async () => {
    const before = scene.gateway.records.length;
    const socket = await acceptedSocket(
      scene.gateway.port,
      "/complete/image-generation/comfyui/ws?clientId=counted",
    );
    await socket.message(0);
    socket.socket.close(1000);
    const record = await scene.gateway.recordWhere((each) => scene.gateway.records.indexOf(each) >= before);
    expect(record).toMatchObject({ outcome: "ok", usage: null, costUsd: null });
  });

  test.each([
    ["complete", "finish", "ok", { characters: 13, estimated: false }],
    ["that the client leaves", "leave", "client_closed", { characters: 13, estimated: true }],
  ])("speech %s has consumed its characters", async (_, last, outcome, usage) => {
    const before = scene.gateway.records.length;
    const socket = await acceptedSocket(
      scene.gateway.port,
      `/complete/speech-synthesis/dashscope${speechPath}`,
    );
    socket.send(runTask("counted-model", last));
    await socket.message(0);
    socket.send(continueTask("Good morning!", undefined, last));
    await socket.message(1);
    if (last === "finish") socket.send(finishTask(last));
    else socket.socket.terminate();
    const record = await scene.gateway.recordWhere((each) => scene.gateway.records.indexOf(each) >= before);
    socket.socket.terminate();
    expect(record).toMatchObject({ outcome, usage });
  });
});

interface CountedObject {
  /** Of the request that makes it. */
  readonly name: string;
  readonly body?: object;
  readonly idAt: readonly string[];
  /** Where it is looked at, before its id. */
  readonly look: string;
  isDone(answer: unknown, id: string): boolean;
  /** What it has consumed, by the answer that tells it; null: nothing is told. */
  used(answer: unknown): Partial<Usage> | null;
}

const statusIs =
  (...states: readonly string[]) =>
  (answer: unknown): boolean =>
    states.includes(textOf(answer, "status") ?? "");

const told = (answer: unknown): Partial<Usage> => ({
  inputTokens: countOf(memberOf(answer, "usage"), "input_tokens") ?? -1,
  outputTokens: countOf(memberOf(answer, "usage"), "output_tokens") ?? -1,
});

const taskOf = (path: string, used: Partial<Usage>): CountedObject => ({
  name: `task of ${path}`,
  idAt: ["output", "task_id"],
  look: "/api/v1/tasks/",
  isDone: (answer) => textOf(memberOf(answer, "output"), "task_status") === "SUCCEEDED",
  used: () => used,
});

const objects: readonly CountedObject[] = [
  taskOf("text2image/image-synthesis", { images: 2 }),
  taskOf("image2image/image-synthesis", { images: 2 }),
  taskOf("image2image/out-painting", { images: 2 }),
  taskOf("virtualmodel/generation", { images: 2 }),
  taskOf("background-generation/generation", { images: 2 }),
  taskOf("video-generation/video-synthesis", { seconds: 5 }),
  taskOf("image2video/video-synthesis", { seconds: 5 }),
  {
    name: "video",
    idAt: ["id"],
    look: "/v1/videos/",
    isDone: statusIs("completed"),
    used: () => ({ seconds: 4 }),
  },
  { name: "batch", idAt: ["id"], look: "/v1/batches/", isDone: statusIs("completed"), used: told },
  {
    name: "training",
    idAt: ["id"],
    look: "/v1/fine_tuning/jobs/",
    isDone: statusIs("succeeded"),
    used: (answer) => ({ inputTokens: countOf(answer, "trained_tokens") ?? -1 }),
  },
  {
    name: "response",
    body: { model: "counted-model", input: "How many are these?", background: true },
    idAt: ["id"],
    look: "/v1/responses/",
    isDone: statusIs("completed"),
    used: told,
  },
  {
    name: "batch of messages",
    idAt: ["id"],
    look: "/v1/messages/batches/",
    isDone: (answer) => textOf(answer, "processing_status") === "ended",
    used: () => null,
  },
  {
    name: "workflow",
    idAt: ["prompt_id"],
    look: "/history/",
    isDone: (answer, id) => memberOf(answer, id) !== undefined,
    used: () => null,
  },
];

/** Looks until it has been seen done three times; what each look was recorded to have consumed, and the last answer. */
async function looksAt({ look, isDone }: CountedObject, id: string, request: CountedRequest) {
  const { useCase, protocol } = request;
  const path = `/complete/${useCase}/${protocol}${look}${id}`;
  const headers = protocol === "anthropic" ? anthropicHeaders : [];
  const client = await RawClient.connect(scene.gateway.port);
  const usages: (Usage | null)[] = [];
  let last: unknown = null;
  for (let done = 0; done < 3;) {
    const answer = await client.request({ path, headers });
    usages.push((await scene.gateway.record(answer.header("x-request-id"))).usage);
    last = answer.json();
    if (isDone(last, id)) done += 1;
  }
  client.destroy();
  return { usages, last };
}

describe("objects that are looked at", () => {
  test.each(named(objects))("a %s counts once, at the first look that sees it done", async (_, object) => {
    const request = countedRequests.find(({ name }) => name === object.name);
    if (request === undefined) throw new Error(`no request makes a ${object.name}`);
    const { body } = object;
    const made = await scene.made(body === undefined ? request : { ...request, body: JSON.stringify(body) });
    expect((await scene.gateway.record(made.header("x-request-id"))).usage).toBeNull();
    const id = textAt(made.json(), ...object.idAt);
    const { usages, last } = await looksAt(object, id, request);
    const used = object.used(last);
    expect(usages.filter((usage) => usage !== null)).toEqual(used === null ? [] : [{ ...noTokens, ...used }]);
    if (used !== null) expect(usages.at(-3)).not.toBeNull();
  });
});

describe("a token thread that does not answer in time", () => {
  test("costs an exchange its exact count, and neither its record nor the mark of an estimate", async () => {
    const endings = countedEndings.filter(({ mute }) => mute === true);
    const [ending] = endings;
    const request = countedRequests.find(({ name }) => name === "chat");
    if (ending === undefined || request === undefined) throw new Error("no such row");
    const waiting: { postMessage(value: unknown): void; close(): void }[] = [];
    const tokens = new TokenPort({ patienceMs: 5, connect: (port) => void waiting.push(port) });
    const loading = await AccountingScene.start(endings, tokens);
    const { gateway } = loading;
    const first = await loading.recordOf(request, ending);
    waiting[0]?.postMessage({ id: 1, counts: { input: 1, output: 1 } });
    const second = await loading.recordOf(request, ending);
    const counted = await loading.servedTo(first);
    waiting[0]?.close();
    await loading.close();
    expect(waiting).toHaveLength(1);
    expect(gateway.records).toEqual([first, second]);
    for (const { usage } of [first, second]) {
      expect(usage).toMatchObject({ estimated: true });
      expect(Math.abs((usage?.inputTokens ?? 0) - counted.inputTokens)).toBeLessThan(counted.inputTokens / 2);
      expect(usage?.outputTokens).toBeGreaterThan(1);
    }
  });
});
