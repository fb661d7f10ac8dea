// What Bedrock's errors say: bodies of error statuses, and exceptions in the midst of a stream.
import { memberOf, parseJson, textOf } from "../../../lib/json-value.ts";
import type { ReportedError } from "../../../protocols/wire.ts";
import { readServiceError } from "../../chat/service-error.ts";
import type { ServiceError } from "../../translation.ts";

const longestMessage = 1_000;
const unknownStatus = 502;

/** By the name without its ending; those about the gateway's own credentials are no matter of the client's. */
const statuses: Readonly<Record<string, number>> = {
  throttling: 429,
  toomanyrequests: 429,
  servicequotaexceeded: 429,
  validation: 400,
  modelstreamerror: 424,
  modelerror: 424,
  modelnotready: 429,
  modeltimeout: 504,
  resourcenotfound: 404,
  serviceunavailable: 503,
  internalserver: 500,
  internalfailure: 500,
};

/** An exception that stands in a stream. */
export function exceptionError(type: string, data: Buffer): ReportedError {
  const name = type.toLowerCase().replace(/(?:exception|error)$/u, "");
  const status = Object.hasOwn(statuses, name)
    ? statuses[name]
    : Object.hasOwn(statuses, `${name}error`)
      ? statuses[`${name}error`]
      : undefined;
  const parsed = parseJson(data.toString());
  return {
    status: status ?? unknownStatus,
    message: shorten(wordsOf(parsed) ?? `The model service reported ${type}.`),
  };
}

/** The body of an error status; the status itself is the answer's. */
export function errorOf(status: number, body: string): ServiceError {
  const parsed = parseJson(body);
  const code = textOf(parsed, "__type")?.split("#").at(-1);
  const message = wordsOf(parsed);
  if (message === undefined && code === undefined) return readServiceError(status, body);
  return {
    message: shorten(message ?? `The model service answered with status ${status}.`),
    ...(code === undefined ? {} : { code }),
  };
}

function wordsOf(parsed: unknown): string | undefined {
  return (
    textOf(parsed, "message") ??
    textOf(parsed, "Message") ??
    textOf(parsed, "originalMessage") ??
    textOf(memberOf(parsed, "error"), "message")
  );
}

/** Cuts by characters and never through a pair of surrogates. */
function shorten(message: string): string {
  return message.length <= longestMessage ? message : message.slice(0, longestMessage).toWellFormed();
}
