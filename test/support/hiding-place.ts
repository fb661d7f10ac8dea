// What a request is in which a text is hidden, and how rows of such are written. Must not know the gateway.
import type { HeaderLine } from "./http-message.ts";

export interface HidingRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: readonly HeaderLine[];
}

export interface HidingPlace {
  /** Use case and protocol of the Model API, as its base path. */
  readonly api: string;
  hide(text: string): HidingRequest;
}

export const json = (value: unknown): string => JSON.stringify(value);
export const base64 = (text: string): string => Buffer.from(text).toString("base64");
export const user = (content: unknown): object => ({ role: "user", content });

/** Rows of one Model API. */
export function rowsOf(
  api: string,
  rows: Readonly<Record<string, (text: string) => HidingRequest>>,
): Record<string, HidingPlace> {
  return Object.fromEntries(Object.entries(rows).map(([name, hide]) => [`${api}: ${name}`, { api, hide }]));
}

export const escaped = (text: string): string =>
  Array.from(text, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

export const chatPath = "/v1/chat/completions";
