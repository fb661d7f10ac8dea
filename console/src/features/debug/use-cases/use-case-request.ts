// Requests that are no chat, from the fields of their forms. Pure; sends nothing.
import { target, type JsonRequest } from "../chat-request.ts";
import { isObject, parseJson, type JsonObject } from "../json.ts";
import { given } from "../protocols/adapter.ts";
import type { RequestForm } from "../request-forms.ts";
import { customObject, type Settings } from "../settings.ts";

/** What stands in the fields, by name; every absent one is empty. */
export type Inputs = Readonly<Record<string, string>>;

const jsonHeaders = { "content-type": "application/json" };

export function caseRequest(form: RequestForm, settings: Settings, inputs: Inputs): JsonRequest {
  if (form.kind === "json") return anyRequest(settings, inputs);
  const isTask = form.kind === "image-task" || form.kind === "video-task";
  return {
    method: "POST",
    path: form.path,
    headers: isTask ? { ...jsonHeaders, "x-dashscope-async": "enable" } : jsonHeaders,
    body: { ...given("model", settings.model), ...bodyOf(form, inputs), ...customObject(settings.custom) },
    ...target(settings),
  };
}

function bodyOf({ kind, protocol }: RequestForm, inputs: Inputs): JsonObject {
  const text = (name: string): string => inputs[name] ?? "";
  const number = (name: string): number | undefined => (text(name) === "" ? undefined : Number(text(name)));
  switch (kind) {
    case "embedding":
      return { input: [text("input"), text("secondInput")].filter((entry) => entry !== "") };
    case "rerank": {
      const documents = linesOf(text("documents"));
      const top = given("top_n", number("topN"));
      return protocol === "dashscope"
        ? { input: { query: text("query"), documents }, parameters: { return_documents: true, ...top } }
        : { query: text("query"), documents, ...top };
    }
    case "image":
      return { prompt: text("prompt"), ...given("n", number("count")), ...given("size", text("size")) };
    case "image-task":
    case "video-task":
      return {
        input: { prompt: text("prompt") },
        parameters: { ...given("size", text("size")), ...given("n", number("count")) },
      };
    case "video":
      return { prompt: text("prompt"), ...given("seconds", text("seconds")), ...given("size", text("size")) };
    case "speech":
      return {
        input: text("input"),
        voice: text("voice") === "" ? "alloy" : text("voice"),
        ...given("response_format", text("format")),
      };
    case "chat":
    case "json":
      return {};
  }
}

function anyRequest(settings: Settings, inputs: Inputs): JsonRequest {
  const method = inputs["method"] ?? "GET";
  const body = parseJson(inputs["body"] ?? "");
  const hasBody = method !== "GET" && isObject(body);
  return {
    method,
    path: inputs["path"] ?? "/",
    headers: hasBody ? jsonHeaders : {},
    ...(hasBody ? { body } : {}),
    ...target(settings),
  };
}

export function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

/** Whether enough is filled in to be sent. */
export function isComplete(form: RequestForm, inputs: Inputs): boolean {
  const has = (name: string): boolean => (inputs[name] ?? "").trim() !== "";
  switch (form.kind) {
    case "embedding":
    case "speech":
      return has("input");
    case "rerank":
      return has("query") && has("documents");
    case "image":
    case "image-task":
    case "video":
    case "video-task":
      return has("prompt");
    case "json":
      return has("path") && !/[{}]/u.test(inputs["path"] ?? "") && isBodyGood(inputs);
    case "chat":
      return false;
  }
}

export function isBodyGood(inputs: Inputs): boolean {
  const { method = "GET", body = "" } = inputs;
  return method === "GET" || body.trim() === "" || isObject(parseJson(body));
}
