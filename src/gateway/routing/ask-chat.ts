// Asks a chat model of a service for the gateway itself, at temperature 0, and reads the words of its answer. By the same
// keys and connector as requests of clients. Knows not what is asked.
import { z } from "zod";
import { parseJson } from "../../lib/json-value.ts";
import { askService, type ServiceAnswer } from "../ask-service.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import type { CollectOptions } from "../upstream/collect-answer.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Chat } from "./recorded-chat.ts";

const bytesOfToken = 3;

export interface ChatQuestion extends CollectOptions {
  readonly model: string;
  readonly chat: Chat;
  readonly maxTokens: number;
}

export interface ChatWords {
  readonly text: string;
  /** As the service says, else by the size of the texts. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The message is a class of failure: never an address, a key or content. */
export class ChatRefused extends Error {
  readonly failure: `status-${number}` | "not-understood";

  constructor(failure: ChatRefused["failure"]) {
    super(failure);
    this.name = "ChatRefused";
    this.failure = failure;
  }
}

/** @throws AskFailed, ChatRefused */
export async function askChat(
  service: ServiceRuntime,
  { model, chat, maxTokens, ...options }: ChatQuestion,
  upstream: Upstream,
): Promise<ChatWords> {
  const answer = await askService(
    service,
    {
      protocols: ["openai", "anthropic"],
      model,
      ask: (protocol) =>
        protocol === "anthropic" ? anthropicForm(model, chat, maxTokens) : openAiForm(model, chat, maxTokens),
      ...options,
    },
    upstream,
  );
  if (answer.status < 200 || answer.status > 299) throw new ChatRefused(`status-${answer.status}`);
  const words = wordsOf(answer);
  if (words === undefined) throw new ChatRefused("not-understood");
  const { text, inputTokens, outputTokens } = words;
  const sent = Buffer.byteLength(JSON.stringify(chat));
  return {
    text,
    inputTokens: inputTokens ?? Math.ceil(sent / bytesOfToken),
    outputTokens: outputTokens ?? Math.ceil(Buffer.byteLength(text) / bytesOfToken),
  };
}

function openAiForm(model: string, { system, messages }: Chat, maxTokens: number) {
  const before = system === "" ? [] : [{ role: "system", content: system }];
  const said = messages.map(({ role, text }) => ({ role, content: text }));
  return {
    path: "/v1/chat/completions",
    body: { model, temperature: 0, max_tokens: maxTokens, messages: [...before, ...said] },
  };
}

function anthropicForm(model: string, { system, messages }: Chat, maxTokens: number) {
  const said = messages.map(({ role, text }) => ({ role, content: text }));
  return {
    path: "/v1/messages",
    headers: ["anthropic-version", "2023-06-01"],
    body: {
      model,
      temperature: 0,
      max_tokens: maxTokens,
      ...(system === "" ? {} : { system }),
      messages: said,
    },
  };
}

const tokens = z.number().int().min(0).optional();
const chatSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish(),
});
const messageSchema = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: z.object({ input_tokens: tokens, output_tokens: tokens }).nullish(),
});

interface ReadWords {
  readonly text: string;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

function wordsOf({ protocol, body }: ServiceAnswer): ReadWords | undefined {
  const json = parseJson(body);
  if (protocol === "anthropic") {
    const { data } = messageSchema.safeParse(json);
    if (data === undefined) return undefined;
    const text = data.content.map((block) => (block.type === "text" ? (block.text ?? "") : "")).join("");
    return { text, inputTokens: data.usage?.input_tokens, outputTokens: data.usage?.output_tokens };
  }
  const { data } = chatSchema.safeParse(json);
  const text = data?.choices[0]?.message.content;
  if (data === undefined || text === undefined) return undefined;
  return { text, inputTokens: data.usage?.prompt_tokens, outputTokens: data.usage?.completion_tokens };
}
