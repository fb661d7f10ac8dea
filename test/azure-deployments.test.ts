// Azure OpenAI's paths with a deployment in them, over sockets.
import { expect, test } from "vitest";
import { wholeAnswer } from "./support/fault-upstream.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { exchange } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const answer = JSON.stringify({ choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }] });

test.each([
  [
    "the client's model",
    undefined,
    "/openai/deployments/mine/chat/completions?api-version=2024-10-21",
    "mine",
  ],
  [
    "the target's model",
    "my deployment",
    "/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21",
    "my deployment",
  ],
])("%s is the deployment, and the key goes where Azure wants it", async (_, model, path, sent) => {
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => connection.socket.write(wholeAnswer(200, answer)),
    }),
  );
  const gateway = keep(
    await startGateway({
      services: [
        {
          name: "azure",
          provider: "azure-openai",
          baseUrl: `${upstream.url}/openai`,
          apiKeys: [{ name: "main", value: "azure-key-0123456789" }],
        },
      ],
      modelApis: [
        {
          name: "chat",
          useCase: "text-generation",
          protocols: ["openai"],
          basePath: "/team",
          modelService: {
            mode: "single",
            target: { service: "azure", ...(model === undefined ? {} : { model }) },
          },
        },
      ],
    }),
  );
  const body = JSON.stringify({ model: "mine", messages: [] });
  const got = await exchange(gateway.port, { path: "/team/v1/chat/completions", body });
  expect([got.status, got.text()]).toEqual([200, answer]);
  const request = await upstream.request(0);
  expect(request.path).toBe(path);
  expect(request.header("api-key")).toBe("azure-key-0123456789");
  expect(JSON.parse(request.body.toString())).toMatchObject({ model: sent });
});
