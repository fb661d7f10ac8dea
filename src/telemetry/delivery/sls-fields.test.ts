// The fields of a record in Simple Log Service, in both forms.
import { expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { slsFields } from "./sls-fields.ts";

const sender = { version: "1", instance: "default", region: "local", node: "n" };
const record = recordOf({
  requestId: "id-1",
  route: "create-chat-completion",
  consumer: "ana",
  stream: true,
  service: "s",
  model: "m",
  ttftMs: 20.4,
  durationMs: 120.6,
  overheadMs: 0.6,
  usage: {
    inputTokens: 10,
    outputTokens: 5,
    cachedInputTokens: 4,
    cacheWriteTokens: 0,
    reasoningTokens: 2,
    estimated: false,
  },
});

test("every field under its own name", () => {
  const fields = Object.fromEntries(slsFields("moongate", record, sender));
  expect(Object.keys(fields)).toEqual(Object.keys(record));
  expect(fields).toMatchObject({
    requestId: "id-1",
    status: "200",
    stream: "true",
    costUsd: "",
    attempts: "[]",
  });
  expect(JSON.parse(fields["usage"] ?? "")).toEqual(record.usage);
});

test("the names of the cloud gateway", () => {
  const { ai_log: aiLog, ...access } = Object.fromEntries(slsFields("original", record, sender));
  expect(access).toMatchObject({
    cluster_id: "default",
    authority: "a.test",
    duration: "121",
    method: "POST",
    path: "/v1/chat/completions",
    request_id: "id-1",
    response_code: "200",
    response_flags: "-",
    route_name: "a/create-chat-completion",
    upstream_cluster: "s",
    x_forwarded_for: "192.0.2.1",
  });
  expect(JSON.parse(aiLog ?? "")).toEqual({
    api: "a",
    model: "m",
    consumer: "ana",
    response_type: "stream",
    cache_status: "skip",
    input_token: 10,
    output_token: 5,
    total_token: 15,
    cached_tokens: 4,
    reasoning_tokens: 2,
    llm_first_token_duration: 20,
    llm_service_duration: 120,
  });
});

test("content stands under the names of the cloud gateway where it is delivered", () => {
  const withContent = { ...record, requestContent: "q", responseContent: "a" };
  const { ai_log: aiLog } = Object.fromEntries(slsFields("original", withContent, sender));
  expect(JSON.parse(aiLog ?? "")).toMatchObject({ question: "q", answer: "a" });
});
