// Every place of a request where a text can stand, through the real checks and over sockets: a forbidden one is refused and
// no service is asked; the same request with another text gets through.
import { describe, expect, test } from "vitest";
import type { TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { hidingPlaces, openPlaces } from "./support/hidden-texts.ts";
import type { HidingPlace } from "./support/hiding-place.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";
import { routeApis, routeServices } from "./support/route-scene.ts";

const keep = createKeeper();

const moderation = {
  enabled: true,
  response: false,
  checks: [{ name: "words", type: "keywords", keywords: ["forbidden fruit"] }],
};

async function scene(): Promise<{ gateway: Gateway; upstream: RawUpstream }> {
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => {
        connection.socket.write(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        );
      },
    }),
  );
  const document: TestDocument = {
    services: routeServices(upstream.url),
    modelApis: routeApis("as asked", { moderation, retries: { max: 0 } }),
  };
  return { gateway: keep(await startGateway(document)), upstream };
}

async function sent(gateway: Gateway, { api, hide }: HidingPlace, text: string): Promise<Answer> {
  const { method = "POST", path, body, headers } = hide(text);
  const client = await RawClient.connect(gateway.port);
  const got = await client.request({
    method,
    path: `/${api}${path}`,
    body,
    headers,
    chunked: path.length % 2 === 0,
  });
  client.destroy();
  return got;
}

describe("a forbidden text", () => {
  test.each(Object.entries(hidingPlaces))("%s is found, and another one is not", async (_name, place) => {
    const { gateway, upstream } = await scene();
    const refused = await sent(gateway, place, "forbidden fruit");
    expect([refused.status, upstream.requests.length]).toEqual([400, 0]);
    const { outcome, errorCode } = await gateway.record(refused.header("x-request-id"));
    expect([outcome, errorCode]).toEqual(["blocked", "content_blocked"]);
    await sent(gateway, place, "different fruit");
    expect(upstream.requests.length).toBe(1);
  });

  test.each(Object.entries(openPlaces))("%s passes unread, as is documented", async (_name, place) => {
    const { gateway, upstream } = await scene();
    await sent(gateway, place, "forbidden fruit");
    expect(upstream.requests.length).toBe(1);
  });
});
