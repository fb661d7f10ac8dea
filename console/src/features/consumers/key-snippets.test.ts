import { expect, test } from "vitest";
import { signedCall } from "./key-snippets.ts";

test("the text that is signed names the path that is called", () => {
  const code = signedCall("http://127.0.0.1:8080/support", "qwen-max");
  expect(code).toContain('\n/support/v1/chat/completions"');
  expect(code).toContain('curl "http://127.0.0.1:8080/support/v1/chat/completions"');
  expect(signedCall("http://127.0.0.1:8080", "m")).toContain('\n/v1/chat/completions"');
});
