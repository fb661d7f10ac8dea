// Where the gateway may connect to: checked on the address itself, whatever it was called.
import { describe, expect, test } from "vitest";
import { singleTarget } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { healthyAnswer } from "./support/fault-upstream.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const [wire] = protocolCases as readonly [ProtocolCase];

async function ask(url: string, upstreamNetworks: "private" | "public"): Promise<Answer> {
  const document = singleTarget(url, wire.protocol, {
    service: { timeouts: { connectMs: 2000 } },
    api: { retries: { max: 0 } },
  });
  const gateway = keep(await startGateway(document, { upstreamNetworks }));
  return exchange(gateway.port, { path: wire.path, body: wire.request(false) });
}

describe("a service on this machine", () => {
  const names = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"];

  test.each(names)(
    "as %s is reached where private networks are allowed, and not where only public ones are",
    async (name) => {
      const upstream = keep(
        await startRawUpstream({
          onRequest: ({ connection }) => connection.socket.write(healthyAnswer({ wire, stream: false })),
        }),
      );
      const url = `http://${name}:${upstream.port}`;
      expect((await ask(url, "private")).status).toBe(200);
      expect(upstream.connections).toHaveLength(1);
      expectOwnError(await ask(url, "public"), {
        protocol: wire.protocol,
        status: 502,
        code: "upstream_unreachable",
      });
      expect(upstream.connections).toHaveLength(1);
    },
  );
});

describe("never connected to", () => {
  test.each([
    ["the metadata address", "169.254.169.254"],
    ["a link-local address", "169.254.1.1"],
    ["an IPv6 link-local address", "[fe80::1]"],
    ["the IPv6 metadata address", "[fd00:ec2::254]"],
    ["the metadata address inside IPv6", "[::ffff:169.254.169.254]"],
    ["the unspecified address", "0.0.0.0"],
    ["the IPv6 unspecified address", "[::]"],
    ["a multicast address", "224.0.0.1"],
    ["an IPv6 multicast address", "[ff02::1]"],
    ["the broadcast address", "255.255.255.255"],
  ])("%s", async (_name, host) => {
    const upstream = keep(await startRawUpstream());
    const answer = await ask(`http://${host}:${upstream.port}`, "private");
    expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_unreachable" });
    expect(upstream.connections).toHaveLength(0);
  });
});
