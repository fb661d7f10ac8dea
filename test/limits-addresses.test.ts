// Limits by address: whose address counts behind proxies, and that nobody gets more by having many.
import { afterEach, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const answer = '{"id":"c1","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}';
let gateway: Gateway | undefined;

afterEach(() => {
  gateway = undefined;
});

async function ask(forwardedFor: string | undefined): Promise<number> {
  const response = await fetch(`${gateway?.url ?? ""}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor }),
    },
    body: '{"model":"m","messages":[]}',
  });
  await response.text();
  return response.status;
}

interface Row {
  readonly proxies: readonly string[];
  readonly calls: readonly (string | undefined)[];
  readonly statuses: readonly number[];
}

test.each<[name: string, row: Row]>([
  [
    "nobody is trusted: the connection's address counts",
    { proxies: [], calls: ["1.2.3.4", "1.2.3.5"], statuses: [200, 429] },
  ],
  [
    "a trusted proxy: each client has a count",
    { proxies: ["127.0.0.0/8"], calls: ["1.2.3.4", "1.2.3.5", "1.2.3.4"], statuses: [200, 200, 429] },
  ],
  [
    "what a client writes further left is not believed",
    { proxies: ["127.0.0.0/8"], calls: ["9.9.9.9, 1.2.3.4", "8.8.8.8, 1.2.3.4"], statuses: [200, 429] },
  ],
  [
    "no header: the proxy itself",
    { proxies: ["127.0.0.0/8"], calls: [undefined, "", undefined], statuses: [200, 429, 429] },
  ],
  [
    "many addresses of one IPv6 network are one",
    {
      proxies: ["127.0.0.0/8"],
      calls: ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:DB8:1:2:0:0:0:3"],
      statuses: [200, 429, 429],
    },
  ],
  [
    "another IPv6 network has a count of its own",
    { proxies: ["127.0.0.0/8"], calls: ["2001:db8:1:2::1", "2001:db8:1:3::1"], statuses: [200, 200] },
  ],
  [
    "IPv4 in IPv6 is the same client",
    { proxies: ["127.0.0.0/8"], calls: ["1.2.3.4", "::ffff:1.2.3.4"], statuses: [200, 429] },
  ],
])("%s", async (_, { proxies, calls, statuses }) => {
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => {
        connection.socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
        );
      },
    }),
  );
  const rateLimits = [{ name: "each", by: "ip", metric: "requests", limit: 1, window: "day" }];
  gateway = keep(
    await startGateway(
      { services: [serviceAt(upstream.url, "openai")], modelApis: [apiOf("openai", { rateLimits })] },
      { trustedProxies: proxies },
    ),
  );
  const got: number[] = [];
  for (const call of calls) got.push(await ask(call));
  expect(got).toEqual(statuses);
});
