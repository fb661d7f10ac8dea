// Which failures go to the next target, and what each further target is sent: triggers, models, timeouts, long lists.
import { describe, expect, test } from "vitest";
import { providerKey } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { statusBody } from "./support/fault-answers.ts";
import { catalogue, defaultTriggers } from "./support/fault-table.ts";
import { failureBody, rateLimitBody } from "./support/fault-upstream.ts";
import { sendsOf, startScene, type Scene } from "./support/fault-scene.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";

const keep = createKeeper();
const [openai, anthropic] = protocolCases as readonly [ProtocolCase, ProtocolCase];

/** A fault for every trigger that is on by default, and the status that a client gets when nothing else is tried. */
const triggerRows = [
  { trigger: "upstream-5xx", fault: "serverError", status: 500 },
  { trigger: "upstream-5xx", fault: "redirect", status: 502 },
  { trigger: "upstream-429", fault: "retryAfterSeconds", status: 429 },
  { trigger: "upstream-credentials", fault: "unauthorized", status: 502 },
  { trigger: "upstream-credentials", fault: "forbidden", status: 502 },
  { trigger: "network-error", fault: "refused", status: 502 },
  { trigger: "network-error", fault: "resetBeforeHead", status: 502 },
  { trigger: "timeout", fault: "stallBeforeHead", status: 504 },
  { trigger: "first-packet-timeout", fault: "commentsOnly", status: 504 },
  { trigger: "error-in-200", fault: "errorIn200", status: 500 },
  { trigger: "error-in-200", fault: "html", status: 502 },
  { trigger: "empty-answer", fault: "emptyAnswer", status: 502 },
] as const;

describe("a trigger that is switched off", () => {
  test("is tried here for every default trigger", () => {
    expect(new Set(triggerRows.map(({ trigger }) => trigger))).toEqual(new Set(defaultTriggers));
  });

  const rows = triggerRows.flatMap((row) =>
    protocolCases.map((wire) => ({ ...row, wire, name: `${row.trigger}, ${row.fault}, ${wire.protocol}` })),
  );

  test.each(named(rows))("%s: the failure is the answer", async (_name, { trigger, fault, status, wire }) => {
    const firstPacket = trigger === "first-packet-timeout";
    const timeouts = trigger === "timeout" ? { timeouts: { totalMs: 100 } } : {};
    const build = async (on: readonly string[]): Promise<Scene> =>
      startScene(keep, [{ fault, fields: timeouts }, "healthy"], {
        wire,
        stream: firstPacket,
        // The second has all the time that it needs.
        fallback: { on, ...(firstPacket ? { targets: [{ service: "s1", firstPacketTimeoutMs: 0 }] } : {}) },
        api: firstPacket ? { firstPacketTimeoutMs: 100 } : {},
      });
    const off = await build(defaultTriggers.filter((other) => other !== trigger));
    const { answer, attempts } = await off.ask();
    expect(answer.status).toBe(status);
    expect(answer.header("x-moongate-fallback-from")).toBeUndefined();
    expect(attempts).toMatchObject([{ service: "s0", reason: trigger, nextAction: "none" }]);
    expect(sendsOf(off)[1]).toBe(0);
    const only = await build([trigger]);
    expect((await only.ask()).answer.status).toBe(200);
    expect(sendsOf(only)[1]).toBe(1);
  });

  test("a fallback that is switched off is none", async () => {
    const scene = await startScene(keep, ["serverError", "healthy"], { fallback: { enabled: false } });
    expect((await scene.ask()).answer.status).toBe(500);
    expect(sendsOf(scene)).toEqual([1, 0]);
  });
});

describe("statuses below 500", () => {
  const narrow = [...defaultTriggers, "upstream-4xx"];
  const wide = [...defaultTriggers, "upstream-any-4xx"];
  const onlyWide = ["upstream-any-4xx"];
  const rows = [
    { fault: "notFound", on: defaultTriggers, falls: false },
    { fault: "notFound", on: narrow, falls: true },
    { fault: "notFound", on: wide, falls: true },
    { fault: "conflict", on: narrow, falls: true },
    { fault: "badRequest", on: narrow, falls: false },
    { fault: "badRequest", on: wide, falls: true },
    { fault: "tooLarge", on: narrow, falls: false },
    { fault: "tooLarge", on: wide, falls: true },
    { fault: "unprocessable", on: narrow, falls: false },
    { fault: "unprocessable", on: wide, falls: true },
    { fault: "retryAfterSeconds", on: onlyWide, falls: true },
    { fault: "unauthorized", on: onlyWide, falls: true },
    { fault: "serverError", on: onlyWide, falls: false },
    { fault: "limitIn200", on: onlyWide, falls: false },
  ] as const;

  test.each(
    named(rows.map((row) => ({ ...row, name: `${catalogue[row.fault].name}, on: ${row.on.at(-1)}` }))),
  )("%s", async (_name, { fault, on, falls }) => {
    const scene = await startScene(keep, [fault, "healthy"], { fallback: { on } });
    const { answer } = await scene.ask();
    expect(answer.status === 200).toBe(falls);
    expect(sendsOf(scene)).toEqual([1, falls ? 1 : 0]);
  });
});

describe("when both targets fail, the last failure is what the client gets", () => {
  const passed = (status: number, body: string) => ({ status, body });
  const rows = [
    { first: "serverError", second: "unavailable", ...passed(503, statusBody), retryAfter: "9", up: 503 },
    { first: "unavailable", second: "serverError", ...passed(500, failureBody), up: 500 },
    {
      first: "serverError",
      second: "retryAfterSeconds",
      ...passed(429, rateLimitBody),
      retryAfter: "7",
      up: 429,
    },
    { first: "serverError", second: "badRequest", ...passed(400, statusBody), up: 400 },
    { first: "refused", second: "serverError", ...passed(500, failureBody), up: 500 },
    { first: "serverError", second: "resetBeforeHead", status: 502, code: "upstream_error", up: 0 },
    { first: "serverError", second: "refused", status: 502, code: "upstream_unreachable", up: 0 },
    {
      first: "retryAfterSeconds",
      second: "unauthorized",
      status: 502,
      code: "upstream_credentials",
      up: 401,
    },
    { first: "unauthorized", second: "forbidden", status: 502, code: "upstream_credentials", up: 403 },
    { first: "emptyAnswer", second: "errorIn200", status: 500, code: "upstream_error", up: 200 },
    { first: "resetBeforeHead", second: "html", status: 502, code: "upstream_error", up: 200 },
  ] as const;

  const cells = rows.flatMap((row) =>
    protocolCases.map((wire) => ({
      ...row,
      wire,
      name: `${row.first}, then ${row.second}, ${wire.protocol}`,
    })),
  );

  test.each(named(cells))("%s", async (_name, row) => {
    const { first, second, status, wire, up } = row;
    const scene = await startScene(keep, [first, second], { wire });
    const { answer, attempts, record } = await scene.ask();
    expect(answer.status).toBe(status);
    if ("code" in row) expectOwnError(answer, { protocol: wire.protocol, status, code: row.code });
    else expect(answer.text()).toBe(row.body);
    expect(answer.header("retry-after")).toBe("retryAfter" in row ? row.retryAfter : undefined);
    expect(answer.header("x-moongate-fallback-from")).toBe("s0");
    expect(answer.header("x-moongate-service")).toBe("s1");
    expect(answer.header("x-moongate-attempts")).toBe("2");
    expect(attempts).toMatchObject([
      { service: "s0", nextAction: "fallback" },
      { service: "s1", nextAction: "none" },
    ]);
    expect(record).toMatchObject({ service: "s1", fallbackFrom: "s0", status, upstreamStatus: up });
  });

  test.each(protocolCases)("a break after the commit ends there, $protocol", async (wire) => {
    const scene = await startScene(keep, ["serverError", "finInsideChunk", "healthy"], {
      wire,
      stream: true,
    });
    const { answer, record } = await scene.ask();
    expect(answer.status).toBe(200);
    expect(answer.text().startsWith(wire.noise + wire.semantic)).toBe(true);
    expect(answer.text()).not.toContain(wire.endMarker);
    expect(record).toMatchObject({ outcome: "truncated", service: "s1", fallbackFrom: "s0" });
    expect(sendsOf(scene)).toEqual([1, 1, 0]);
  });
});

describe("what a fallback is sent", () => {
  test.each(protocolCases)("its own model and its own key, $protocol", async (wire) => {
    const fields = { apiKeys: [{ name: "k", value: "sk-key-of-the-fallback" }] };
    const scene = await startScene(keep, ["serverError", { fault: "healthy", fields }], {
      wire,
      fallback: { targets: [{ service: "s1", model: "quite-another/model" }] },
    });
    const { answer, attempts, record } = await scene.ask();
    expect(answer.status).toBe(200);
    expect(answer.header("x-moongate-model")).toBe("quite-another/model");
    const [first, second] = scene.upstreams.map((upstream) => upstream?.requests[0]);
    expect(first?.body.toString()).toBe(wire.request(false));
    const changed = wire.request(false).replace('"small"', '"quite-another/model"');
    expect(second?.body.toString()).toBe(changed);
    expect(second?.head.toString("latin1")).not.toContain(providerKey);
    expect(attempts.map(({ model }) => model)).toEqual(["small", "quite-another/model"]);
    expect(record).toMatchObject({ requestedModel: "small", model: "quite-another/model" });
  });

  test("the client's model where it names none, whatever the first was sent", async () => {
    const target = { service: "s0", model: "first-only" };
    const scene = await startScene(keep, ["serverError", "healthy"], {
      api: { modelService: { mode: "single", target } },
    });
    expect((await scene.ask()).answer.header("x-moongate-model")).toBe("small");
    const [first, second] = scene.upstreams.map((upstream) => upstream?.requests[0]?.body.toString());
    expect(first).toContain('"first-only"');
    expect(second).toBe(openai.request(false));
  });

  test("the usage option only where it is known", async () => {
    const url = { provider: "openai-compatible" };
    const strict = { provider: "mistral" };
    const scene = await startScene(
      keep,
      [
        { fault: "serverError", fields: url },
        { fault: "healthy", fields: strict },
      ],
      { stream: true },
    );
    await scene.ask();
    const [first, second] = scene.upstreams.map((upstream) => upstream?.requests[0]?.body.toString());
    expect(first).toContain("include_usage");
    expect(second).toBe(openai.request(true));
  });
});

describe("first-packet timeout of a fallback", () => {
  const stall = { fault: "commentsOnly" } as const;

  test.each(protocolCases)("its own ends it though the API has none, $protocol", async (wire) => {
    const scene = await startScene(keep, ["serverError", stall], {
      wire,
      stream: true,
      fallback: { targets: [{ service: "s1", firstPacketTimeoutMs: 100 }] },
    });
    const { answer, attempts } = await scene.ask();
    expectOwnError(answer, { protocol: wire.protocol, status: 504, code: "first_packet_timeout" });
    expect(attempts.map(({ reason }) => reason)).toEqual(["upstream-5xx", "first-packet-timeout"]);
  });

  test.each(protocolCases)("none of its own is the API's, $protocol", async (wire) => {
    const scene = await startScene(keep, ["serverError", stall], {
      wire,
      stream: true,
      api: { firstPacketTimeoutMs: 100 },
    });
    const { answer } = await scene.ask();
    expectOwnError(answer, { protocol: wire.protocol, status: 504, code: "first_packet_timeout" });
  });

  test.each(protocolCases)("0 switches the API's off for it, $protocol", async (wire) => {
    const scene = await startScene(
      keep,
      [stall, { fault: "commentsOnly", fields: { timeouts: { totalMs: 600 } } }],
      {
        wire,
        stream: true,
        api: { firstPacketTimeoutMs: 100 },
        fallback: { targets: [{ service: "s1", firstPacketTimeoutMs: 0 }] },
      },
    );
    const { answer, attempts } = await scene.ask();
    expectOwnError(answer, { protocol: wire.protocol, status: 504, code: "upstream_timeout" });
    expect(attempts.map(({ reason }) => reason)).toEqual(["first-packet-timeout", "timeout"]);
  });
});

describe("lists", () => {
  test.each(protocolCases)(
    "of five are tried in order, each failure being a trigger, $protocol",
    async (wire) => {
      const scene = await startScene(
        keep,
        ["serverError", "refused", "unauthorized", "emptyAnswer", "retryAfterSeconds", "healthy"],
        { wire },
      );
      const { answer, attempts, record } = await scene.ask();
      expect(answer.text()).toBe(wire.answer);
      expect(answer.header("x-moongate-attempts")).toBe("6");
      expect(answer.header("x-moongate-fallback-from")).toBe("s0");
      expect(attempts.map(({ service, reason, nextAction }) => [service, reason, nextAction])).toEqual([
        ["s0", "upstream-5xx", "fallback"],
        ["s1", "network-error", "fallback"],
        ["s2", "upstream-credentials", "fallback"],
        ["s3", "empty-answer", "fallback"],
        ["s4", "upstream-429", "fallback"],
        ["s5", "", "none"],
      ]);
      expect(record).toMatchObject({ outcome: "ok", service: "s5", fallbackFrom: "s0" });
    },
  );

  test("end at the first failure that is no trigger", async () => {
    const scene = await startScene(keep, ["serverError", "notFound", "healthy"]);
    expect((await scene.ask()).answer.status).toBe(404);
    expect(sendsOf(scene)).toEqual([1, 1, 0]);
  });

  test("may name a service twice", async () => {
    const scene = await startScene(keep, ["resetFromThenOn", "serverError"], {
      fallback: { targets: [{ service: "s1" }, { service: "s0" }, { service: "s1", model: "other" }] },
    });
    // The first service answers its first request only.
    expect((await scene.ask()).answer.status).toBe(200);
    const { answer, attempts } = await scene.ask();
    expect(answer.status).toBe(500);
    const trail = attempts.map(({ service, model, nextAction }) => [service, model, nextAction]);
    expect(trail).toEqual([
      // A kept connection that breaks is sent again by itself.
      ["s0", "small", "retry"],
      ["s0", "small", "fallback"],
      ["s1", "small", "fallback"],
      ["s0", "small", "fallback"],
      ["s1", "other", "none"],
    ]);
  });

  test("pass over a service of which every key rests", async () => {
    const scene = await startScene(keep, ["retryAfterSeconds", "healthy"], {
      fallback: { targets: [{ service: "s0" }, { service: "s1" }] },
    });
    const first = await scene.ask();
    expect(first.answer.status).toBe(200);
    expect(first.attempts.map(({ service }) => service)).toEqual(["s0", "s1"]);
    const second = await scene.ask();
    expect(second.attempts).toMatchObject([{ service: "s1", outcome: "ok", nextAction: "none" }]);
    expect(second.answer.header("x-moongate-attempts")).toBe("1");
    expect(second.answer.header("x-moongate-fallback-from")).toBe("s0");
    expect(second.record).toMatchObject({ fallbackFrom: "s0", service: "s1", outcome: "ok" });
    expect(sendsOf(scene)).toEqual([1, 2]);
  });

  test("come after the keys and the retries of a target", async () => {
    const apiKeys = ["one", "two"].map((name) => ({ name, value: `sk-key-number-${name}` }));
    const scene = await startScene(
      keep,
      [{ fault: "unauthorized", fields: { apiKeys } }, "unavailableNow", "healthy"],
      { api: { retries: { max: 1 } } },
    );
    const { answer, attempts } = await scene.ask();
    expect(answer.status).toBe(200);
    expect(attempts.map(({ service, nextAction }) => `${service} ${nextAction}`)).toEqual([
      "s0 next-key",
      "s0 fallback",
      "s1 retry",
      "s1 fallback",
      "s2 none",
    ]);
  });
});

test("headers that tell of a fallback can be switched off", async () => {
  const scene = await startScene(keep, ["serverError", "healthy"], {
    wire: anthropic,
    api: { monitoring: { exposeHeaders: false } },
  });
  const { answer, record } = await scene.ask();
  expect(answer.status).toBe(200);
  const names = answer.headers.map(([name]) => name.toLowerCase());
  expect(names.filter((name) => name.startsWith("x-moongate-"))).toEqual([]);
  expect(record).toMatchObject({ fallbackFrom: "s0" });
});
