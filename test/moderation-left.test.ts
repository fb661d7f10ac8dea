// A client that leaves while a check is being asked leaves nothing behind: the check is left, the service is not asked.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

test.each(["block", "pass"])("while a check hangs, with onError %s", async (onError) => {
  const asked = Promise.withResolvers<IncomingMessage>();
  const judge = createServer((request) => asked.resolve(request)).listen(0, "127.0.0.1");
  await once(judge, "listening");
  keep({
    close: async () => {
      judge.closeAllConnections();
      await new Promise((resolve) => judge.close(resolve));
    },
  });
  const { port } = judge.address() as AddressInfo;
  const upstream = keep(await startRawUpstream({ onRequest: () => undefined }));
  const url = `http://127.0.0.1:${port}/judge`;
  const checks = [{ name: "far", type: "webhook", url, timeoutMs: 600_000 }];
  const gateway = keep(
    await startGateway({
      services: [serviceAt(upstream.url, "openai")],
      modelApis: [apiOf("openai", { moderation: { enabled: true, onError, checks } })],
    }),
  );
  const leaving = new AbortController();
  const answered = fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"model":"m","messages":[{"role":"user","content":"Hi"}]}',
    signal: leaving.signal,
  });
  const request = await asked.promise;
  const closed = once(request.socket, "close");
  leaving.abort();
  await expect(answered).rejects.toThrow();
  await closed;
  expect(await gateway.recordWhere(() => true)).toMatchObject({
    status: 499,
    outcome: "client_closed",
    moderation: [],
  });
  expect(upstream.requests).toHaveLength(0);
});
