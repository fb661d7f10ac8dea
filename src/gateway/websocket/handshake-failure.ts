// What a refused handshake means, by the same table as an answer to a plain request.
import { readAnswerHead } from "../answer/answer-head.ts";
import {
  credentialFailure,
  isCredentialRefusal,
  networkFailure,
  redirectFailure,
  statusFailure,
  type Failure,
} from "../failure.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import { withoutHandshake } from "./dial-request.ts";

/** @param raw headers of the answer, flat and as sent */
export function handshakeFailure(
  status: number,
  raw: Buffer[],
  body: Buffer,
  service: ServiceRuntime,
): Failure {
  if (status >= 300 && status < 400) return redirectFailure(status);
  if (isCredentialRefusal(status)) return credentialFailure();
  if (status < 400 || status > 599) {
    return networkFailure({ kind: "broken", reusedConnection: false, detail: "NO_UPGRADE" }, true);
  }
  const head = readAnswerHead(raw, service);
  return statusFailure({ status, head: { ...head, forward: withoutHandshake(head.forward) }, body });
}
