// Debug calls whose data plane is a part of the test: what is handed to it, and what becomes of answers that it cannot
// give over a socket at will. The rest: test/debug.test.ts.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import type { DataPlaneAnswer, DebugSend } from "./debug-port.ts";

let sent: DebugSend | undefined;
let answer: (() => DataPlaneAnswer) | undefined;
let fixture: ApiFixture;

beforeEach(async () => {
  sent = undefined;
  answer = undefined;
  fixture = await openApi({
    debug: {
      takerOf: () => null,
      send: (request) => {
        sent = request;
        return answer === undefined
          ? Promise.reject(new Error("connect ECONNREFUSED"))
          : Promise.resolve(answer());
      },
    },
  });
  await fixture.ask("POST /api/v1/services", { body: { name: "up", provider: "simulator" } });
  await fixture.ask("POST /api/v1/model-apis", {
    body: {
      name: "chat",
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: "up" } },
    },
  });
});
afterEach(() => fixture.close());

const debug = (body: object) => fixture.ask("POST /api/v1/model-apis/chat/debug", { body });

function streamOf(...texts: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });
}

test("a data plane that is not there is told with 502 and reported with its cause", async () => {
  const told = await debug({ path: "/" });
  expect([told.status, told.body]).toMatchObject([502, { error: { code: "data_plane_unreachable" } }]);
  expect(fixture.failures.map(String)).toEqual(["Error: connect ECONNREFUSED"]);
});

test("headers that frame the message, and the host, are the gateway's", async () => {
  const names = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "X-Mine"];
  await debug({ path: "/a?b", headers: Object.fromEntries(names.map((name) => [name, "1"])), body: {} });
  expect(sent).toEqual({
    api: "chat",
    consumer: "",
    method: "POST",
    path: "/a?b",
    headers: ["host", "localhost", "X-Mine", "1", "content-type", "application/json"],
    body: Buffer.from("{}"),
  });
});

test("a content type of one's own holds", async () => {
  await debug({ path: "/", headers: { "Content-Type": "text/x" }, body: "a" });
  expect(sent?.headers).toEqual(["host", "localhost", "Content-Type", "text/x"]);
});

test("a status without a body has none, and one that browsers do not take is told as such", async () => {
  answer = () => ({ status: 204, headers: [], body: streamOf("x") });
  expect(await debug({ path: "/" })).toMatchObject({ status: 204, text: "" });
  answer = () => ({ status: 999, headers: [], body: streamOf("x") });
  const told = await debug({ path: "/" });
  expect([told.status, told.text]).toEqual([502, expect.stringContaining("999")]);
});
