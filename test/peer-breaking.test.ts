// The failures that break other gateways, seen through the official client libraries: a broken answer is an error and
// never a shorter answer, and what fails before the first data is whole when there is a fallback.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { refusedUrl } from "./support/fault-upstream.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { patientClock } from "./support/patient-clock.ts";
import { peerShapes, serveWhole, textOf, tokens, type PeerShape } from "./support/peer-shapes.ts";
import type { CaseProtocol } from "./support/protocol-cases.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const apiKey = "client-key-0123456789";
/** Without retries of its own, and without its word on standard error about rubbish that a test has sent. */
const quiet = { apiKey, maxRetries: 0, logLevel: "off" } as const;
const message = { role: "user", content: "Count." } as const;

/** What a library made of an answer: its text up to the end, and what it threw, if it did. */
interface Seen {
  readonly text: string;
  /** How the answer says it ended; "" when it never said. */
  readonly finish: string;
  readonly error?: unknown;
}

async function ask(protocol: CaseProtocol, url: string, stream: boolean): Promise<Seen> {
  return protocol === "openai" ? askOpenai(url, stream) : askAnthropic(url, stream);
}

async function askOpenai(url: string, stream: boolean): Promise<Seen> {
  const client = new OpenAI({ ...quiet, baseURL: `${url}/v1` });
  const body = { model: "small", messages: [message] };
  let text = "";
  let finish = "";
  try {
    if (stream) {
      for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? "";
        finish = chunk.choices[0]?.finish_reason ?? finish;
      }
    } else {
      const [choice] = (await client.chat.completions.create(body)).choices;
      text = choice?.message.content ?? "";
      finish = choice?.finish_reason ?? "";
    }
    return { text, finish };
  } catch (error) {
    return { text, finish, error };
  }
}

async function askAnthropic(url: string, stream: boolean): Promise<Seen> {
  const client = new Anthropic({ ...quiet, baseURL: url });
  const body = { model: "small", max_tokens: 100, messages: [message] };
  let text = "";
  let finish = "";
  try {
    if (stream) {
      for await (const event of await client.messages.create({ ...body, stream: true })) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta")
          text += event.delta.text;
        if (event.type === "message_delta") finish = event.delta.stop_reason ?? finish;
      }
    } else {
      const answer = await client.messages.create(body);
      const [block] = answer.content;
      text = block?.type === "text" ? block.text : "";
      finish = answer.stop_reason ?? "";
    }
    return { text, finish };
  } catch (error) {
    return { text, finish, error };
  }
}

type Shape = Omit<PeerShape, "serve"> & { readonly serve: PeerShape["serve"] | "refused" };

const refused = ["stream", "plain"] as const;
const shapes: readonly Shape[] = [
  ...peerShapes,
  ...refused.map((shape) => ({
    name: "refused",
    shape,
    serve: "refused" as const,
    expected: { tokens: 0, end: "error" as const, beforeCommit: true },
  })),
];

const cells = shapes.flatMap((shape) =>
  (["openai", "anthropic"] as const).flatMap((protocol) =>
    [false, true].map((fallback) => ({
      ...shape,
      protocol,
      fallback,
      name: `${shape.name}, ${protocol} ${shape.shape}, ${fallback ? "with" : "without"} fallback: ${endOf(shape, fallback)}`,
    })),
  ),
);

function endOf({ expected, asWithout }: Shape, fallback: boolean): string {
  if (fallback && expected.beforeCommit) return "the whole answer";
  return asWithout === true ? "as without a gateway" : expected.end;
}

async function urlOf({ serve }: Pick<Shape, "serve">, protocol: CaseProtocol): Promise<string> {
  if (serve === "refused") return refusedUrl();
  return keep(await startRawUpstream({ onRequest: ({ connection }) => serve(connection, protocol) })).url;
}

async function startBetween(url: string, protocol: CaseProtocol, secondUrl?: string): Promise<Gateway> {
  const timeouts = { idleMs: 200 };
  const second = secondUrl === undefined ? [] : [serviceAt(secondUrl, protocol, { name: "second" })];
  return keep(
    await startGateway(
      {
        services: [serviceAt(url, protocol, { timeouts }), ...second],
        modelApis: [
          apiOf(protocol, {
            retries: { max: 0 },
            fallback: { targets: second.map(() => ({ service: "second" })) },
          }),
        ],
      },
      { clock: patientClock() },
    ),
  );
}

describe(`${cells.length} cells of shape x protocol x fallback or none, through the official client libraries`, () => {
  test.each(named(cells))("%s", async (_name, cell) => {
    const { protocol, fallback, expected } = cell;
    const stream = cell.shape === "stream";
    const url = await urlOf(cell, protocol);
    const second = keep(
      await startRawUpstream({ onRequest: ({ connection }) => serveWhole(connection, protocol, stream) }),
    );
    const gateway = await startBetween(url, protocol, fallback ? second.url : undefined);
    const seen = await ask(protocol, gateway.url, stream);
    const record = await gateway.recordWhere(() => true);
    if (fallback && expected.beforeCommit) {
      expect(seen.error).toBeUndefined();
      expect(seen.text).toBe(textOf(tokens));
      expect(seen.finish).toMatch(/^(stop|end_turn)$/);
      expect(record).toMatchObject({ outcome: "ok", fallbackFrom: "up", service: "second" });
      return;
    }
    expect(second.connections).toHaveLength(0);
    expect(seen.text).toBe(textOf(expected.tokens));
    if (cell.asWithout === true) {
      const direct = await ask(protocol, url, stream);
      expect({ ...seen, error: likeness(seen.error) }).toEqual({ ...direct, error: likeness(direct.error) });
      expect(seen.error === undefined).toBe(expected.end === "complete");
      return;
    }
    expect(seen.error).toBeInstanceOf(Error);
    expect(seen.finish).toBe("");
    expect(record.outcome).not.toBe("ok");
    if (!expected.beforeCommit) expect(record).toMatchObject({ status: 200, outcome: "truncated" });
    else expect(seen.error).toMatchObject({ status: record.status });
  });
});

/** What makes two errors of a library the same to its user. */
function likeness(error: unknown): unknown {
  return error instanceof Error ? { name: error.name, message: error.message } : error;
}

test.each(["openai", "anthropic"] as const)("a healthy answer comes out whole, %s", async (protocol) => {
  for (const stream of [false, true]) {
    const upstream = keep(
      await startRawUpstream({ onRequest: ({ connection }) => serveWhole(connection, protocol, stream) }),
    );
    const gateway = await startBetween(upstream.url, protocol);
    const seen = await ask(protocol, gateway.url, stream);
    expect(seen).toMatchObject({ text: textOf(tokens), finish: protocol === "openai" ? "stop" : "end_turn" });
    expect(seen.error).toBeUndefined();
  }
});
