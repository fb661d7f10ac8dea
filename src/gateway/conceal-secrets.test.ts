// Rows of how a service may echo a key: none of its spellings stays, and what is no secret does.
import { expect, test } from "vitest";
import { concealed } from "./conceal-secrets.ts";

const secret = 'sk-Canary/+"~0123456789';
const secrets = [secret, "another-secret"];
const base64 = (text: string): string => Buffer.from(text).toString("base64");

test.each<[string, string]>([
  ["as it is", secret],
  ["twice", `${secret} ${secret}`],
  ["as a JSON text", JSON.stringify(secret)],
  ["percent-encoded", encodeURIComponent(secret)],
  [
    "percent-encoded in small letters",
    encodeURIComponent(secret).toLowerCase().replace("sk-canary", "sk-Canary"),
  ],
  ["every mark percent-encoded", encodeURIComponent(secret).replaceAll("-", "%2D").replaceAll("~", "%7E")],
  ["in hexadecimal", Buffer.from(secret).toString("hex")],
  ["in base64", base64(secret)],
  ["in base64 behind one letter", base64(`:${secret}`)],
  ["in base64 behind a scheme", base64(`Bearer ${secret}`)],
  ["in base64 of addresses", Buffer.from(`user:${secret}`).toString("base64url")],
])("%s", (_name, echoed) => {
  const text = concealed(`Key ${echoed} is not valid.`, secrets);
  expect(text).toContain("[secret]");
  expect(text).not.toContain(echoed.slice(3, -3));
  expect(text).toMatch(/^Key .* is not valid\.$/);
});

test("a secret that whoever read the text has cut off is gone as well", () => {
  const cut = `${"x".repeat(980)}${secret}`.slice(0, 1_000);
  expect(concealed(cut, secrets)).toBe(`${"x".repeat(980)}[secret]`);
  expect(concealed("A short text that ends in sk-Ca", secrets)).toBe("A short text that ends in sk-Ca");
});

test("other words stay as they are", () => {
  const words = "The model does not exist.".repeat(60);
  expect(concealed(words, secrets)).toBe(words);
  expect(concealed(words, [])).toBe(words);
});
