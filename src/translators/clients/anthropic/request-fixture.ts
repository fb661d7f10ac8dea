// Reads Anthropic requests by their side, for tables. Only for tests.
import { expect } from "vitest";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { contextOf } from "../../translation-fixture.ts";
import { anthropicClient } from "./anthropic-client.ts";

export interface Read {
  readonly chat: ChatRequest;
  readonly notes: readonly string[];
}

export function read(fields: object): Read {
  const context = contextOf();
  const body = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "Hi" }], ...fields };
  const chat = anthropicClient.request({ body, model: "m", stream: false }, context);
  return { chat, notes: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

export const tool = { name: "f", description: "d", input_schema: { type: "object", properties: {} } };
export const mark = { cache_control: { type: "ephemeral", ttl: "1h" } };

export const user = (...content: object[]): object => ({ messages: [{ role: "user", content }] });
export const assistant = (...content: object[]): object => ({
  messages: [
    { role: "user", content: "Hi" },
    { role: "assistant", content },
  ],
});

export type Row = readonly [name: string, fields: object, chat: object, notes?: readonly string[]];

/** One row of a table. */
export function compare([, fields, chat, notes = []]: Row): void {
  const found = read(fields);
  for (const [name, value] of Object.entries(chat)) {
    if (value === undefined) expect(found.chat).not.toHaveProperty(name);
    else expect(found.chat).toMatchObject({ [name]: value });
  }
  if ("messages" in chat && Array.isArray(chat.messages))
    expect(found.chat.messages).toHaveLength(chat.messages.length);
  expect(found.notes).toEqual(notes);
}
