// U27: answers that have no body whatever they say: to HEAD, 204 and 304. What a service sends as one all the same
// reaches nobody, neither this client nor the next one on that connection.
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { wholeAnswer } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { RawClient } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const path = "/v1/things";
const thing = '{"thing":1}';
const poison = '{"poisoned":true}';

/** The first request gets these bytes, all later ones a sound answer. */
async function startPair(
  wire: ProtocolCase,
  first: string,
  sound: string,
): Promise<{ gateway: Gateway; upstream: RawUpstream }> {
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => connection.socket.write(upstream.requests.length === 1 ? first : sound),
    }),
  );
  const routes = { custom: [{ name: "things", path, methods: ["GET"] }] };
  const api = apiOf(wire.protocol, {
    retries: { max: 0 },
    routes,
    fallback: { targets: [{ service: "up" }] },
  });
  const services = [serviceAt(upstream.url, wire.protocol)];
  return { upstream, gateway: keep(await startGateway({ services, modelApis: [api] })) };
}

const heads = [
  { name: "without a length", head: "", body: "" },
  { name: "with the length of what GET gives", head: `content-length: ${thing.length}\r\n`, body: "" },
  { name: "that is chunked", head: "transfer-encoding: chunked\r\n", body: "" },
  { name: "with a body", head: `content-length: ${poison.length}\r\n`, body: poison },
];

function lengthOf(head: string): string | undefined {
  return /content-length: (\d+)/.exec(head)?.[1];
}

describe("HEAD", () => {
  const types = ["application/json", "text/plain", "text/event-stream"];
  const cells = heads.flatMap((row) =>
    types.flatMap((type) =>
      protocolCases.map((wire) => ({ ...row, type, wire, name: `${row.name}, ${type}, ${wire.protocol}` })),
    ),
  );

  test.each(named(cells))("an answer %s", async (_name, { head, body, type, wire }) => {
    const first = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nx-kept: yes\r\n${head}\r\n${body}`;
    const { gateway, upstream } = await startPair(wire, first, wholeAnswer(200, thing));
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ method: "HEAD", path }), "HEAD");
    const answer = await client.answer();
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.header("x-kept")).toBe("yes");
    // Either what GET gives or nothing (RFC 9110, 8.6).
    expect([undefined, lengthOf(head)]).toContain(answer.header("content-length"));
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "ok", method: "HEAD" });
    expect(record.attempts).toMatchObject([{ status: 200, outcome: "ok", reason: "" }]);
    expect(upstream.requests).toHaveLength(1);
    // The same connection of the client, and whichever the gateway has to the service.
    const next = await client.request({ method: "GET", path });
    expect(next.text()).toBe(thing);
    client.destroy();
  });

  test.each(protocolCases)("an error status keeps its own, $protocol", async (wire) => {
    const { gateway } = await startPair(wire, wholeAnswer(404, "").replace("length: 0", "length: 99"), "");
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ method: "HEAD", path }), "HEAD");
    expect(await client.answer()).toMatchObject({ status: 404, complete: true });
    client.destroy();
  });
});

describe("POST", () => {
  const cells = [204, 304].flatMap((status) =>
    protocolCases.flatMap((wire) =>
      [false, true].map((stream) => ({
        status,
        wire,
        stream,
        name: `${status} with a body, ${wire.protocol} ${stream ? "stream" : "plain"}`,
      })),
    ),
  );

  test.each(named(cells))("%s", async (_name, { status, wire, stream }) => {
    const first = `HTTP/1.1 ${status} Status\r\ncontent-type: application/json\r\n\r\n${wholeAnswer(200, poison)}`;
    const { gateway, upstream } = await startPair(wire, first, wholeAnswer(200, wire.answer));
    const client = await RawClient.connect(gateway.port);
    const request = { path: wire.path, body: wire.request(stream) };
    // No answer is a failure; the fallback, the same service, is asked on another connection.
    const answer = await client.request(request);
    expect(answer.text()).toBe(wire.answer);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record.attempts).toMatchObject([
      { status, reason: status === 204 ? "empty-answer" : "upstream-5xx", nextAction: "fallback" },
      { status: 200, outcome: "ok" },
    ]);
    expect((await client.request(request)).text()).toBe(wire.answer);
    expect(upstream.requests.slice(1).every(({ connection }) => connection.number > 0)).toBe(true);
    client.destroy();
  });
});
