// The close codes with which sockets end for errors of the gateway (RFC 6455, 7.4). Pure.
import { GatewayError } from "../../core/errors.ts";
import type { Ending, Goodbye } from "./peer.ts";

const goingAway = 1001;
const policyViolation = 1008;
const tooBig = 1009;
const internalError = 1011;

/** 1001 at the end of a drain, 1011 for faults of services, 1008 for what the client asked and may not have. */
export function closeCodeOf({ code, outcome }: GatewayError): number {
  if (code === "shutting_down") return goingAway;
  return outcome === "upstream_error" || outcome === "timeout" ? internalError : policyViolation;
}

/** What the other end is told when one has ended: the same, or 1011 for an end that said no goodbye. */
export function passedOn(ending: Ending): Goodbye {
  return ending.kind === "closed" ? ending : { code: internalError, reason: "" };
}

/** What a client is refused with that broke the protocol of sockets itself. */
export function brokenFrame(code: number): GatewayError {
  if (code === tooBig) return new GatewayError("body_too_large", { message: "A message is over 16 MiB." });
  return new GatewayError("invalid_request", { message: "The client broke the WebSocket protocol." });
}
