// Reads Gemini requests by their side, for tables. Only for tests.
import { expect } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { contextOf } from "../../translation-fixture.ts";
import { geminiClient } from "./gemini-client.ts";

export const contents = [{ role: "user", parts: [{ text: "Hi" }] }];

export interface Read {
  readonly chat: ChatRequest;
  readonly notes: readonly string[];
}

export function read(body: object, stream = false): Read {
  const context = contextOf();
  const chat = geminiClient.request({ body: { contents, ...body }, model: "gemini-x", stream }, context);
  return { chat, notes: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

export type Row = readonly [name: string, body: object, chat: object, notes?: readonly string[]];

export function compare([, body, expected, notes = []]: Row): void {
  const found = read(body);
  for (const [name, value] of Object.entries(expected)) {
    if (value === undefined) expect(found.chat).not.toHaveProperty(name);
    else expect(found.chat[name as keyof ChatRequest]).toEqual(value);
  }
  expect(found.notes).toEqual(notes);
}

export function faultOf(body: unknown): object | undefined {
  try {
    geminiClient.request({ body, model: "m", stream: false }, contextOf());
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, param: error.param };
    throw error;
  }
}
