// Bodies of requests in which tests hide forbidden words. Must not know what becomes of them.
import type { RequestParts } from "./raw-client.ts";

export const chat = (more: object): string =>
  JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }], ...more });
export const said = (content: unknown): string => chat({ messages: [{ role: "user", content }] });
export const messages = (more: object): string => JSON.stringify({ model: "m", max_tokens: 9, ...more });
export const gemini = "/v1beta/models/m:generateContent";
export const contents = (parts: unknown): string => JSON.stringify({ contents: [{ role: "user", parts }] });
export const json = [["content-type", "application/json"]] as const;
export const base64 = (text: string, filler = 400): string =>
  Buffer.from(text.padEnd(filler, " .")).toString("base64");

export function form(
  parts: readonly (readonly [head: string, content: string | Buffer])[],
): Partial<RequestParts> {
  const pieces = parts.flatMap(([head, content]) => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    path: "/v1/files",
    headers: [["content-type", "multipart/form-data; boundary=b"]],
    body: Buffer.concat([...pieces, Buffer.from("--b--\r\n")]),
  };
}

export const file = (head: string, content: string | Buffer): Partial<RequestParts> =>
  form([
    ['name="purpose"', "user_data"],
    [`name="file"; ${head}`, content],
  ]);

export const utf16 = (text: string, mark = true): Buffer =>
  Buffer.from((mark ? "\ufeff" : "") + text, "utf16le");
