// The live tail: what a client hears, in which order, where it goes on, and when it ends.
import { expect, test } from "vitest";
import type { LogItem } from "../../telemetry/log-answers.ts";
import type { TailQuery } from "../../telemetry/log-messages.ts";
import type { Call, Operation } from "../operation.ts";
import { writeCursor } from "./cursor-text.ts";
import { logStreamOperations } from "./log-stream-operations.ts";

interface Scene {
  readonly asked: TailQuery[];
  /** How long was waited, all together. */
  waitedMs: number;
  allowed: boolean;
  readonly left: AbortController;
  open(query?: string, lastEventId?: string): Promise<Response>;
}

/** @param answers ids of records, one list for each time that the log thread is asked; after them nothing comes */
function sceneOf(answers: readonly (readonly string[])[]): Scene {
  const operations: Operation[] = logStreamOperations(
    {
      ask: async (_kind, ask) => {
        // Nothing else is asked here.
        scene.asked.push(ask as TailQuery);
        const ids = answers[scene.asked.length - 1] ?? [];
        const items = ids.map((requestId) => ({ requestId }) as LogItem);
        return { items, next: `place ${scene.asked.length}` } as never;
      },
    },
    async (ms, signal) => {
      signal.throwIfAborted();
      scene.waitedMs += ms;
    },
  );
  const tail = operations.find(({ id }) => id === "tailLogRecords");
  const scene: Scene = {
    asked: [],
    waitedMs: 0,
    allowed: true,
    left: new AbortController(),
    open: async (query = "", lastEventId) => {
      const queryLists = new Map([...new URLSearchParams(query)].map(([name, value]) => [name, [value]]));
      const call: Partial<Call> = {
        principal: { name: "user:ada", roles: [{ role: "viewer", resourceGroups: null }] },
        queryLists,
        header: (name) => (name === "last-event-id" ? lastEventId : undefined),
        stillAllowed: () => scene.allowed,
        left: scene.left.signal,
        cut: undefined,
      };
      // As much of a call as the tail reads.
      return (await tail?.handle(call as Call)) ?? Response.error();
    },
  };
  return scene;
}

const idsIn = (text: string) => [...text.matchAll(/"requestId":"(\w+)"/gu)].map((match) => match[1]);

/** Reads until the text holds this. */
async function readUntil(response: Response, wanted: string): Promise<string> {
  let text = "";
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    if (text.includes(wanted)) return text;
  }
  return text;
}

test("records come in their order, each page with the place behind it", async () => {
  const scene = sceneOf([["a"], [], ["b", "c"]]);
  const response = await scene.open("api=chat");
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const text = await readUntil(response, writeCursor("place 3"));
  expect(idsIn(text)).toEqual(["a", "b", "c"]);
  expect(text).toContain('event: record\ndata: {"requestId":"a"}\n\n');
  expect(text).toContain(`id: ${writeCursor("place 1")}\n\n`);
  expect(scene.asked.slice(0, 3)).toMatchObject([
    { after: null, filters: [{ field: "api" }] },
    { after: "place 1", filters: [{ field: "api" }] },
    { after: "place 2" },
  ]);
});

test("it goes on behind the last place that the client heard of", async () => {
  const scene = sceneOf([["a"]]);
  await readUntil(await scene.open("", writeCursor("place 7")), "record");
  expect(scene.asked[0]?.after).toBe("place 7");
});

test("a place that is none means from now on", async () => {
  const scene = sceneOf([["a"]]);
  await readUntil(await scene.open("", "made up"), "record");
  expect(scene.asked[0]?.after).toBeNull();
});

test("while nothing comes it says every 15 seconds that it is there", async () => {
  const scene = sceneOf([]);
  await readUntil(await scene.open(), ": still here");
  expect(scene.waitedMs).toBe(14_500);
});

test("it ends with the session", async () => {
  const scene = sceneOf([["a"]]);
  scene.allowed = false;
  expect(idsIn(await (await scene.open()).text())).toEqual(["a"]);
  expect(scene.asked).toHaveLength(1);
});

test("it ends when the client leaves, and makes room", async () => {
  const scene = sceneOf([]);
  const open = await Promise.all(Array.from({ length: 20 }, () => scene.open()));
  await expect(scene.open()).rejects.toMatchObject({ code: "too_many_tries" });
  for (const { body } of open) await body?.cancel();
  await expect(scene.open()).resolves.toMatchObject({ status: 200 });
});
