// What an error must look like in each client protocol, written down from the public contract and not from the code under test.
import { expect } from "vitest";
import type { Answer } from "./raw-client.ts";
import type { CaseProtocol } from "./protocol-cases.ts";

const openaiTypes: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

const anthropicTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

/** The `type` that an error of this status has. */
export function errorType(protocol: CaseProtocol, status: number): string {
  if (protocol === "anthropic") return anthropicTypes[status] ?? "api_error";
  return openaiTypes[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
}

/** Words that betray our inside: paths, stack frames, addresses. */
const inside = /node:|\bat [\w.<>]+ \(|\.ts\b|\/src\/|127\.0\.0\.1|localhost|ECONN|UND_ERR|undefined/;

/** Asserts status, protocol shape and code of one of the gateway's own errors. */
export function expectOwnError(
  answer: Answer,
  expected: { readonly protocol: CaseProtocol; readonly status: number; readonly code: string },
): void {
  const { protocol, status, code } = expected;
  const seen = answer.text();
  expect({ status: answer.status, body: seen }).toMatchObject({ status });
  expect(answer.header("content-type")).toMatch(/^application\/json/);
  expect(answer.header("x-request-id"), "x-request-id").toBeTruthy();
  const type = errorType(protocol, status);
  if (protocol === "anthropic") {
    const requestId = answer.header("x-request-id");
    expect(answer.json()).toEqual({
      type: "error",
      error: { type, message: expect.any(String) },
      request_id: requestId,
    });
  } else {
    expect(answer.json()).toEqual({ error: { message: expect.any(String), type, param: expectParam, code } });
  }
  expect(seen).not.toMatch(inside);
}

const expectParam: unknown = expect.toSatisfy(
  (param: unknown) => param === null || typeof param === "string",
);
