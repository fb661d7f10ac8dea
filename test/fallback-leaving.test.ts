// A client that leaves while a request goes from one target to the next ends it: nobody further is asked.
import { describe, expect, test } from "vitest";
import { sendsOf, startScene } from "./support/fault-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases } from "./support/protocol-cases.ts";
import { exchange, RawClient } from "./support/raw-client.ts";
import { stillClock } from "./support/still-clock.ts";

const keep = createKeeper();

describe.each(protocolCases)("a client that leaves during a fallback, $protocol", (wire) => {
  test.each([false, true])("ends it: nothing further is tried (stream: %s)", async (stream) => {
    const scene = await startScene(keep, ["serverError", "stallBeforeHead", "healthy"], {
      wire,
      stream,
      gateway: { clock: stillClock },
    });
    const { gateway, upstreams } = scene;
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ path: wire.path, body: wire.request(stream) }));
    await upstreams[1]?.request(0);
    const connection = await upstreams[1]?.connection(0);
    expect(connection?.leftAtMs).toBeUndefined();
    client.destroy();
    // No time passes for the gateway: nothing but the client's going can end it.
    await connection?.leaving();
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({
      status: 499,
      outcome: "client_closed",
      fallbackFrom: "s0",
      errorCode: "",
    });
    expect(record.attempts).toMatchObject([
      { service: "s0", outcome: "upstream_error", nextAction: "fallback" },
      { service: "s1", outcome: "client_closed", reason: "", nextAction: "none" },
    ]);
    expect(sendsOf(scene)).toEqual([1, 1, 0]);
  });
});

describe.each(protocolCases)("a client that leaves in the pause before a retry, $protocol", (wire) => {
  test.each([false, true])("is the last that is heard of it (stream: %s)", async (stream) => {
    const scene = await startScene(keep, ["unavailableInASecond", "healthy"], {
      wire,
      stream,
      api: { retries: { max: 1 } },
    });
    const { gateway, upstreams } = scene;
    const client = await RawClient.connect(gateway.port);
    client.send(gateway.bytes({ path: wire.path, body: wire.request(stream) }));
    await upstreams[0]?.request(0);
    // Whole exchanges later the gateway has read the answer and pauses.
    for (let count = 0; count < 3; count += 1) {
      await exchange(gateway.port, { path: "/moongate/healthz" });
    }
    client.destroy();
    const record = await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record).toMatchObject({ status: 499, fallbackFrom: "" });
    expect(record.attempts).toMatchObject([{ service: "s0", status: 503, nextAction: "none" }]);
    expect(sendsOf(scene)).toEqual([1, 0]);
  });
});
