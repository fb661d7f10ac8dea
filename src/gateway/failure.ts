// How an attempt failed, as data: the table of faults before the commit point. Knows no socket.
import { concealed } from "./conceal-secrets.ts";
import { GatewayError } from "../core/errors.ts";
import type { AttemptOutcome, Trigger } from "../core/exchange-record.ts";
import type { AnswerVerdict, ReportedError } from "../protocols/wire.ts";
import type { SnapshotFallback } from "../snapshot/snapshot.ts";
import type { AnswerHead } from "./answer/answer-head.ts";
import type { UpstreamFailure } from "./upstream/upstream.ts";

/** The service's own answer, kept to be passed on when nothing else is tried. */
export interface KeptAnswer {
  readonly status: number;
  readonly head: AnswerHead;
  readonly body: Buffer;
}

export interface Failure {
  readonly trigger: Trigger | "";
  /** A limit of the gateway itself refused the send. */
  readonly policy?: boolean;
  /** No byte of the request was sent. */
  readonly unsent?: boolean;
  /** Nobody has said that the key is bad: it needs no rest. */
  readonly keyUnproven?: boolean;
  /** The service answered with an error status. */
  readonly refused?: boolean;
  readonly outcome: AttemptOutcome;
  /** What the client gets when nothing else is tried and there is no answer to pass on. */
  readonly error: GatewayError;
  readonly answer?: KeptAnswer;
  /** The client has been given the service's own answer already: it was too large to be held. */
  readonly answered?: boolean;
  /** The service closed a kept connection just when it was used again: one resend on a fresh one is safe. */
  readonly staleConnection?: boolean;
}

/** Triggers that are 4xx statuses of the service. */
const refusals: ReadonlySet<string> = new Set([
  "upstream-429",
  "upstream-credentials",
  "upstream-4xx",
  "upstream-any-4xx",
]);

/** A status that does not exist. */
export const malformedStatus: UpstreamFailure = {
  kind: "broken",
  reusedConnection: false,
  detail: "STATUS_CODE",
};

/** Whether a failure goes to the next target. @param on the triggers of the Model API */
export function fallsBack({ trigger, policy }: Failure, on: SnapshotFallback["on"]): boolean {
  if (policy === true) return on.includes("policy-rejection");
  if (trigger === "") return false;
  return on.includes(trigger) || (refusals.has(trigger) && on.includes("upstream-any-4xx"));
}

/** Statuses by which a service refuses the gateway's own key. Their bodies are never shown. */
export function isCredentialRefusal(status: number): boolean {
  return status === 401 || status === 402 || status === 403;
}

/** An answer with an error status. */
export function statusFailure(answer: KeptAnswer): Failure {
  const { status } = answer;
  const error = new GatewayError("upstream_error", { message: `The model service answered ${status}.` });
  const refused = true;
  if (status >= 500) return { trigger: "upstream-5xx", outcome: "upstream_error", error, answer, refused };
  if (status === 429) return { trigger: "upstream-429", outcome: "upstream_error", error, answer, refused };
  const everyClient = status === 400 || status === 413 || status === 422;
  return {
    trigger: everyClient ? "upstream-any-4xx" : "upstream-4xx",
    outcome: "upstream_error",
    error,
    answer,
    refused,
  };
}

export function redirectFailure(status: number): Failure {
  const message = `The model service answered with a redirect (${status}), which is never followed.`;
  return {
    trigger: "upstream-5xx",
    outcome: "upstream_error",
    error: new GatewayError("upstream_error", { message }),
  };
}

export function credentialFailure(): Failure {
  return {
    trigger: "upstream-credentials",
    outcome: "upstream_error",
    error: new GatewayError("upstream_credentials"),
    refused: true,
  };
}

/** A token for a key could not be had: nothing was sent, and the key itself may be good. */
function tokenFailure(detail: string): Failure {
  return {
    trigger: "upstream-credentials",
    outcome: "upstream_error",
    error: new GatewayError("upstream_credentials", {
      message: "The gateway could not get an access token for the model service.",
      cause: detail,
    }),
    unsent: true,
    keyUnproven: true,
  };
}

export function networkFailure(failure: UpstreamFailure, answerStarted: boolean): Failure {
  if (failure.kind === "credentials") return tokenFailure(failure.detail);
  const code = failure.kind === "unreachable" ? "upstream_unreachable" : "upstream_error";
  return {
    trigger: "network-error",
    outcome: "upstream_error",
    error: new GatewayError(code, { cause: failure.detail }),
    unsent: failure.kind === "unreachable",
    staleConnection: failure.kind === "broken" && failure.reusedConnection && !answerStarted,
  };
}

export function timeoutFailure(kind: "first-packet" | "idle" | "total"): Failure {
  if (kind === "first-packet") {
    const error = new GatewayError("first_packet_timeout");
    return { trigger: "first-packet-timeout", outcome: "timeout", error };
  }
  return { trigger: "timeout", outcome: "timeout", error: new GatewayError("upstream_timeout") };
}

/** @param secrets never shown, not even in a service's own words */
export function reportedFailure(reported: ReportedError, secrets: readonly string[]): Failure {
  const message = concealed(reported.message, secrets);
  const error = new GatewayError("upstream_error", { status: reported.status, message });
  return { trigger: "error-in-200", outcome: "upstream_error", error };
}

function invalidFailure(): Failure {
  const message = "The model service answered with something that is no JSON object.";
  return {
    trigger: "error-in-200",
    outcome: "upstream_error",
    error: new GatewayError("upstream_error", { message }),
  };
}

export function emptyFailure(): Failure {
  const message = "The model service answered without any content.";
  return {
    trigger: "empty-answer",
    outcome: "upstream_error",
    error: new GatewayError("upstream_error", { message }),
  };
}

/** The gateway itself ends the attempt, as at the end of a drain. */
export function interruptedFailure(error: GatewayError): Failure {
  return { trigger: "", outcome: "upstream_error", error };
}

export function clientGoneFailure(): Failure {
  return { trigger: "", outcome: "client_closed", error: new GatewayError("upstream_error") };
}

/** `maxInFlight` of the service is reached. */
export function overloadedFailure(): Failure {
  const error = new GatewayError("overloaded", { retryAfterSeconds: 1 });
  return { trigger: "", policy: true, outcome: "upstream_error", error, unsent: true };
}

/** Every key of the service rests after a rate limit: nothing is sent. */
export function restingFailure(service: string, restMs: number): Failure {
  const error = new GatewayError("no_healthy_service", {
    message: `Every API key of service ${service} rests after a rate limit.`,
    retryAfterSeconds: Math.max(1, Math.ceil(restMs / 1000)),
  });
  return { trigger: "upstream-429", outcome: "upstream_error", error, unsent: true };
}

/** A 200 that is no answer. @param secrets as for `reportedFailure` */
export function verdictFailure(
  verdict: Exclude<AnswerVerdict, { readonly kind: "answer" }>,
  secrets: readonly string[],
): Failure {
  if (verdict.kind === "error") return reportedFailure(verdict.error, secrets);
  return verdict.kind === "empty" ? emptyFailure() : invalidFailure();
}
