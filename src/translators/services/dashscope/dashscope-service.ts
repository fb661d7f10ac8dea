// DashScope's native generation as a service's protocol: the pieces beside this file under one name.
import { isJsonObject, parseJson, textOf } from "../../../lib/json-value.ts";
import { readError } from "../../../protocols/reported-error.ts";
import type { ServiceError, ServiceSide } from "../../translation.ts";
import { answerToChat } from "./answer-to-chat.ts";
import { dashscopeCall } from "./request-from-chat.ts";
import { DashscopeChatStream } from "./stream-to-chat.ts";

export const dashscopeService: ServiceSide = {
  request: dashscopeCall,
  answer: (body, _chat, context) => answerToChat(body, context),
  stream: (_chat, context) => new DashscopeChatStream(context),
  error: readServiceError,
};

/** `{code, message, request_id}`, or an event of an error, or whatever a proxy before the service answers. */
function readServiceError(status: number, body: string): ServiceError {
  const value = parseJson(body) ?? parseJson(/^data:(.*)$/m.exec(body)?.[1] ?? "");
  const inner = isJsonObject(value) && isJsonObject(value["error"]) ? value["error"] : value;
  if (isJsonObject(inner)) {
    const code = textOf(inner, "code");
    return { message: readError(inner).message, ...(code === undefined ? {} : { code }) };
  }
  const text = typeof value === "string" ? value : body.trim();
  const isPage = text === "" || text.startsWith("<");
  return { message: readError(isPage ? `The model service answered with status ${status}.` : text).message };
}
