// Reads the body of an error status of Gemini's, and of whatever may stand before it. Must not know what is done about it.
import { isJsonObject, listOf, memberOf, parseJson, textOf } from "../../../lib/json-value.ts";
import type { ServiceError } from "../../translation.ts";
import { readServiceError } from "../../chat/service-error.ts";

/** Seconds, as in "34.4s". */
const delay = /^(\d{1,9}(?:\.\d{1,9})?)s$/;

export function readGeminiError(status: number, body: string): ServiceError {
  const parsed = parseJson(body);
  // Without events it comes as the one item of a list.
  const whole: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = memberOf(whole, "error");
  if (!isJsonObject(error))
    return readServiceError(status, Array.isArray(parsed) ? JSON.stringify(whole) : body);
  const details = listOf(error, "details");
  const reason = find(details, "ErrorInfo", (detail) => textOf(detail, "reason"));
  const code = reason ?? textOf(error, "status");
  const param = find(details, "BadRequest", (detail) =>
    textOf(listOf(detail, "fieldViolations")[0], "field"),
  );
  const retry = find(details, "RetryInfo", (detail) => delay.exec(textOf(detail, "retryDelay") ?? "")?.[1]);
  const message = textOf(error, "message");
  return {
    // A key that is not valid is told as a bad request.
    ...(reason !== undefined && reason.startsWith("API_KEY_") && { status: 401 }),
    message: (message ?? `The service answered with status ${status}.`).slice(0, 1_000).toWellFormed(),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
    ...(retry !== undefined && { retryAfterSeconds: Math.ceil(Number(retry)) }),
  };
}

function find<Found>(
  details: readonly unknown[],
  type: string,
  read: (detail: unknown) => Found | undefined,
): Found | undefined {
  const detail = details.find((each) => textOf(each, "@type")?.endsWith(`google.rpc.${type}`) ?? false);
  return detail === undefined ? undefined : read(detail);
}
