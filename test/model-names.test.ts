// Mode by-model-name over sockets: which target gets a request, with which model, and what is said of models that
// none serves.
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { healthyAnswer } from "./support/fault-upstream.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

const rules = [
  { pattern: "*", target: { service: "up", model: "any" } },
  { pattern: "qwen-*", target: { service: "up", model: "special" } },
  { pattern: "qwen-max", target: { service: "up" } },
];

interface Scene {
  readonly upstream: RawUpstream;
  /** Asks for a model; undefined: without the field. */
  ask(model: string | undefined): Promise<Answer>;
  record(answer: Answer): Promise<Readonly<Record<string, unknown>>>;
}

async function sceneOf(wire: ProtocolCase, modelService: object): Promise<Scene> {
  const good = healthyAnswer({ wire, stream: false });
  const upstream = keep(
    await startRawUpstream({ onRequest: ({ connection }) => connection.socket.write(good, "latin1") }),
  );
  const document: TestDocument = {
    services: [serviceAt(upstream.url, wire.protocol)],
    modelApis: [apiOf(wire.protocol, { modelService: { mode: "by-model-name", ...modelService } })],
  };
  const gateway = keep(await startGateway(document));
  const usual: object = Object(JSON.parse(wire.request(false)));
  return {
    upstream,
    ask: (model) => exchange(gateway.port, { path: wire.path, body: JSON.stringify({ ...usual, model }) }),
    record: async (answer) => ({ ...(await gateway.record(answer.header("x-request-id"))) }),
  };
}

describe.each(protocolCases.map((wire) => [wire.protocol, wire] as const))("%s", (protocol, wire) => {
  test.each([
    ["a name of its own rule, passed through", "qwen-max", "qwen-max", 'rule "qwen-max" fits'],
    ["a name of the more special rule", "qwen-plus", "special", 'rule "qwen-*" fits'],
    ["another name", "Qwen-max", "any", 'rule "*" fits'],
  ])("%s", async (_, asked, sent, reason) => {
    const scene = await sceneOf(wire, { rules });
    const answer = await scene.ask(asked);
    expect([answer.status, answer.header("x-moongate-model")]).toEqual([200, sent]);
    expect(JSON.parse((await scene.upstream.request(0)).body.toString())).toMatchObject({ model: sent });
    expect(await scene.record(answer)).toMatchObject({
      requestedModel: asked,
      model: sent,
      decision: { mode: "by-model-name", reason },
    });
  });

  test("a name of 10 KB goes through as it is, and stands in record and header cut short", async () => {
    const long = `qwen-max-${"x".repeat(10_240)}`;
    const scene = await sceneOf(wire, { rules: [{ pattern: "*", target: { service: "up" } }] });
    const answer = await scene.ask(long);
    expect(answer.status).toBe(200);
    expect(JSON.parse((await scene.upstream.request(0)).body.toString())).toMatchObject({ model: long });
    const record = await scene.record(answer);
    expect(record).toMatchObject({ requestedModel: expect.stringMatching(/^qwen-max-x{246}…$/) as string });
    expect(JSON.stringify(record).length).toBeLessThan(4096);
    expect(answer.header("x-moongate-model")?.length).toBeLessThan(1024);
  });

  test("a request without a model goes to the default target", async () => {
    const scene = await sceneOf(wire, { rules: [], default: { service: "up", model: "usual" } });
    expect((await scene.ask(undefined)).header("x-moongate-model")).toBe("usual");
  });

  test.each([
    ["a model that no rule fits", "gpt-4o", 'the model "gpt-4o". It serves "qwen-*"'],
    ["no model", undefined, "names no model"],
    ["a name of 10 KB", "a".repeat(10_240), `the model "${"a".repeat(99)}…". It serves`],
  ])("%s is refused, and nothing is sent", async (_, asked, says) => {
    const scene = await sceneOf(wire, { rules: rules.slice(1) });
    const answer = await scene.ask(asked);
    expectOwnError(answer, { protocol, status: 404, code: "model_not_found" });
    expect(answer.body.toString()).toContain(JSON.stringify(says).slice(1, -1));
    expect(answer.body.length).toBeLessThan(1_500);
    expect(scene.upstream.requests).toEqual([]);
    expect(await scene.record(answer)).toMatchObject({
      outcome: "client_error",
      errorCode: "model_not_found",
      attempts: [],
      decision: null,
    });
  });

  test("patterns that tempt a matcher to try again and again cost nothing", async () => {
    const hard = ["*a*a*a*a*b", "*a*a*a*a*b*", `*${"a?".repeat(120)}b*`];
    const scene = await sceneOf(wire, {
      rules: hard.map((pattern) => ({ pattern, target: { service: "up" } })),
    });
    expect((await scene.ask("a".repeat(10_240))).status).toBe(404);
    expect((await scene.ask(`${"a".repeat(10_240)}b`)).status).toBe(200);
  });
});
