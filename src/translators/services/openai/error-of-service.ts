// What the body of an OpenAI-compatible service's error status says, in all shapes seen. Any bytes are taken.
import { isJsonObject, listOf, memberOf, parseJson, textOf } from "../../../lib/json-value.ts";
import { isErrorValue, readError } from "../../../protocols/reported-error.ts";
import type { ServiceError } from "../../translation.ts";

const longestMessage = 1_000;

export function errorOfService(status: number, body: string): ServiceError {
  const parsed = parseJson(body);
  // A few put the object into a list.
  const found: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isJsonObject(found)) return { message: plainMessage(status, typeof found === "string" ? found : body) };
  const inner = memberOf(found, "error");
  const error = isErrorValue(inner) ? inner : found;
  const code = codeOf(error);
  const param = textOf(error, "param");
  return {
    message: messageOf(error),
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
  };
}

/** FastAPI lists what did not validate; OpenRouter keeps the words of the service behind it apart. */
function messageOf(error: unknown): string {
  const details = listOf(error, "detail")
    .map((detail) => textOf(detail, "msg") ?? textOf(detail, "message"))
    .filter((line) => line !== undefined);
  if (details.length > 0) return shorten(details.join("; "));
  const { message } = readError(error);
  const raw = textOf(memberOf(error, "metadata"), "raw");
  return raw === undefined ? message : shorten(`${message}: ${raw}`);
}

/** A number in it is the status once more. */
function codeOf(error: unknown): string | undefined {
  return textOf(error, "code") ?? textOf(error, "type") ?? textOf(error, "status");
}

/** Pages of a proxy are for people with a browser. */
function plainMessage(status: number, body: string): string {
  const text = body.trim();
  if (text === "") return `The model service answered with status ${status} and an empty body.`;
  if (!text.startsWith("<")) return shorten(text);
  const title = /<title[^>]{0,100}>([^<]{1,300})<\/title>/i.exec(text.slice(0, 4_096))?.[1]?.trim();
  const said = title === undefined || title === "" ? "" : `: ${title}`;
  return `The model service answered with status ${status} and a page of HTML${said}.`;
}

function shorten(text: string): string {
  return text.length <= longestMessage ? text : text.slice(0, longestMessage).toWellFormed();
}
