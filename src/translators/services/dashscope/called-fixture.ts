// A call of DashScope as tests look at it. Only for tests.
import { expect } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { dashscopeService } from "./dashscope-service.ts";

export interface Called {
  readonly parameters: JsonObject;
  readonly messages: unknown;
  readonly path: string;
  readonly headers: readonly string[];
  readonly warnings: readonly string[];
}

export function call(
  fields: Partial<ChatRequest>,
  traits: ModelTraits = {},
  passFields: readonly string[] = [],
): Called {
  const context = contextOf({ model: "qwen-plus", traits, passFields });
  const { body, path, headers = [] } = dashscopeService.request(chatRequest(fields), context);
  const input = body["input"] as JsonObject;
  expect(body["model"]).toBe("qwen-plus");
  return {
    parameters: body["parameters"] as JsonObject,
    messages: input["messages"],
    path,
    headers,
    warnings: context.notes.warnings.map(({ field, action }) => `${field};${action}`),
  };
}
