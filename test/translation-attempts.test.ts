// Attempts at services of several protocols: fallbacks between them, those that only ping, clients that leave. Must not
// know translators.
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import { patientClock } from "./support/patient-clock.ts";
import { ask, chat, recordOf, sceneOf, send, serviceOf, speak, type Reply } from "./support/policy-scene.ts";
import { RawClient } from "./support/raw-client.ts";
import { translatedServices, type TranslatedService } from "./support/translation-scene.ts";

const keep = createKeeper();

describe("a fallback", () => {
  const failing = { error: { message: "down" } };
  const to = (...services: readonly TranslatedService[]) => ({
    fallback: { targets: services.map((service) => ({ service })) },
  });
  const failAt =
    (...names: readonly TranslatedService[]): Reply =>
    (request, number) =>
      names.includes(serviceOf(request))
        ? send(request, JSON.stringify(failing), "application/json", 500)
        : speak(request, number);
  const fields = { logit_bias: { "1": 2 }, seed: 3, verbosity: "low" };

  test("from a native service to a translated one warns of what was lost there", async () => {
    const scene = await sceneOf(keep, failAt("openai"), {
      services: ["openai", "anthropic"],
      api: to("anthropic"),
    });
    const answer = await ask(scene, chat(fields));
    expect(answer.status).toBe(200);
    expect(answer.header("x-moongate-fallback-from")).toBe("openai");
    expect(answer.header("x-moongate-warnings")).toBe("seed;dropped, logit_bias;dropped, verbosity;dropped");
    // Nothing of the native request was changed.
    expect(JSON.parse(scene.asked[0]?.body.toString() ?? "")).toMatchObject(fields);
  });

  test("from a translated service to a native one warns of nothing", async () => {
    const scene = await sceneOf(keep, failAt("anthropic"), {
      services: ["anthropic", "openai"],
      api: to("openai"),
    });
    const answer = await ask(scene, chat(fields));
    expect(answer.status).toBe(200);
    expect(answer.header("x-moongate-warnings")).toBeUndefined();
    expect(scene.asked[1]?.body.toString()).toBe(chat(fields).body);
    expect((await recordOf(scene, answer)).warnings).toEqual([]);
  });

  test("from one translated service to another warns of the last alone", async () => {
    const scene = await sceneOf(keep, failAt("anthropic"), {
      services: ["anthropic", "gemini"],
      api: to("gemini"),
    });
    const answer = await ask(scene, chat(fields));
    // Gemini has a seed.
    expect(answer.header("x-moongate-warnings")).toBe("logit_bias;dropped, verbosity;dropped");
    const record = await recordOf(scene, answer);
    expect(record.attempts.map(({ protocol }) => protocol)).toEqual(["anthropic", "gemini"]);
  });

  test("to a service that cannot say what is asked refuses in strict mode, by name", async () => {
    const scene = await sceneOf(keep, failAt("openai"), {
      services: ["openai", "anthropic"],
      api: { ...to("anthropic"), translation: { strict: true } },
    });
    const answer = await ask(scene, chat(fields));
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { param: "seed" } });
    expect(scene.asked.length).toBe(1);
  });
});

describe("a service of another protocol that only pings", () => {
  const pings: Readonly<Partial<Record<TranslatedService, string>>> = {
    anthropic: 'event: ping\ndata: {"type":"ping"}\n\n',
    gemini: ": ping\n\n",
    dashscope: ":ping\n\n",
    "openai-responses": ": ping\n\n",
  };

  test.each(Object.entries(pings))("%s: defect 18: a ping is no first packet", async (name, ping) => {
    const service = translatedServices.find((each) => each === name) ?? "anthropic";
    const timers: NodeJS.Timeout[] = [];
    const reply: Reply = ({ connection: { socket } }) => {
      socket.write(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
      );
      const framed = `${ping.length.toString(16)}\r\n${ping}\r\n`;
      const timer = setInterval(
        () => void (socket.destroyed ? clearInterval(timer) : socket.write(framed)),
        5,
      );
      timers.push(timer);
    };
    const scene = await sceneOf(keep, reply, {
      services: [service],
      api: { firstPacketTimeoutMs: 150 },
      options: { clock: patientClock() },
    });
    const answer = await ask(scene, chat({ stream: true }));
    for (const timer of timers) clearInterval(timer);
    expect(answer.status).toBe(504);
    expect(answer.json()).toMatchObject({ error: { code: "first_packet_timeout" } });
  });
});

describe("a client that leaves", () => {
  test("while the service thinks takes the call with it", async () => {
    const scene = await sceneOf(keep, () => undefined);
    const client = await RawClient.connect(scene.gateway.port);
    client.send(scene.gateway.bytes(chat({ stream: true })));
    const { connection } = await scene.upstream.request(0);
    client.destroy();
    await connection.leaving();
    const record = await scene.gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record.status).toBe(499);
  });

  test("while a picture is fetched is not asked for, and the fetch ends", async () => {
    const scene = await sceneOf(keep, () => undefined, {
      services: ["bedrock"],
      options: { fetchNetworks: "private" },
    });
    const picture = { type: "image_url", image_url: { url: `${scene.upstream.url}/slow.png` } };
    const client = await RawClient.connect(scene.gateway.port);
    client.send(scene.gateway.bytes(chat({ messages: [{ role: "user", content: [picture] }] })));
    const { connection, path } = await scene.upstream.request(0);
    expect(path).toBe("/slow.png");
    client.destroy();
    await connection.leaving();
    const record = await scene.gateway.recordWhere(({ outcome }) => outcome === "client_closed");
    expect(record.status).toBe(499);
    expect(scene.asked.length).toBe(1);
  });
});
