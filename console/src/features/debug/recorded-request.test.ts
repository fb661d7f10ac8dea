// A recorded request in the debug panel: what is sent again is what was sent.
import { describe, expect, test } from "vitest";
import { chatRequest } from "./chat-request.ts";
import { recordedRequest } from "./recorded-request.ts";
import { requestForms } from "./request-forms.ts";
import { defaultSettings } from "./settings.ts";
import { caseRequest } from "./use-cases/use-case-request.ts";

const forms = requestForms({
  useCase: "text-generation",
  protocols: ["openai", "anthropic"],
  basePath: "/support",
  routes: { disabled: [], enabled: [], custom: [] },
});
const formAt = (path: string) => {
  const form = forms.find((each) => each.path === path) ?? forms.at(-1);
  if (form === undefined) throw new Error("no form");
  return form;
};

/** The body that the panel would send after it has taken a record over. */
function sentAgain(body: unknown, path: string): { kind: string; body: unknown } | null {
  const form = formAt(path);
  const { model = "", stream = false } = body as { model?: string; stream?: boolean };
  const settings = { ...defaultSettings, form: form.id, model, stream };
  const record = { method: "POST", path, requestContent: JSON.stringify(body) };
  const taken = recordedRequest(settings, record, form.kind === "chat");
  if (taken === null) return null;
  const request =
    taken.kind === "chat"
      ? chatRequest(form, taken.settings, [{ role: "user", text: taken.text }])
      : caseRequest(formAt(""), taken.settings, taken.inputs);
  expect(request.path).toBe(path);
  return { kind: taken.kind, body: request.body };
}

const openai = "/support/v1/chat/completions";
const anthropic = "/support/v1/messages";
const hello = { role: "user", content: "Hello" };

describe("is sent again as it was", () => {
  test.each<[string, string, object, string]>([
    ["one message", openai, { model: "m", stream: false, messages: [hello] }, "chat"],
    [
      "a message after that of the system, with dials and more",
      openai,
      {
        model: "m",
        messages: [{ role: "system", content: "Short" }, hello],
        stream: true,
        temperature: 0.3,
        max_tokens: 9,
        seed: 7,
      },
      "chat",
    ],
    [
      "Anthropic",
      anthropic,
      { model: "m", max_tokens: 9, stream: false, system: "Short", messages: [hello] },
      "chat",
    ],
    [
      "several turns",
      openai,
      { model: "m", messages: [hello, { role: "assistant", content: "Hi" }, hello] },
      "json",
    ],
    [
      "a message of parts",
      openai,
      { model: "m", messages: [{ role: "user", content: [{ type: "text", text: "x" }] }] },
      "json",
    ],
    ["a message with a name", openai, { model: "m", messages: [{ ...hello, name: "ann" }] }, "json"],
    ["another route", "/support/v1/other", { anything: [1, { a: null }] }, "json"],
  ])("%s", (_name, path, body, kind) => {
    expect(sentAgain(body, path)).toEqual({ kind, body });
  });
});

test.each([
  ["not recorded", undefined],
  ["cut", '{"model":"m","messa'],
  ["no object", "[]"],
])("a body that was %s is not taken over", (_name, requestContent) => {
  const record = {
    method: "POST",
    path: openai,
    ...(requestContent === undefined ? {} : { requestContent }),
  };
  expect(recordedRequest(defaultSettings, record, true)).toBeNull();
});
