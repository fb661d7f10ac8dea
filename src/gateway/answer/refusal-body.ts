// An error status of a service whose body cannot be passed on, as it never came whole or is too large to be held: the
// status stands, with a body of ours in the client's protocol. Knows no socket.
import type { Wire } from "../../protocols/wire.ts";
import { errorView } from "../error-view.ts";
import { statusFailure, type Failure, type KeptAnswer } from "../failure.ts";
import { withoutHeaders } from "../raw-headers.ts";

const ofTheBody: ReadonlySet<string> = new Set(["content-type", "content-encoding"]);

export function refusalWithoutBody(answer: KeptAnswer, wire: Wire, requestId: string): Failure {
  const { status, head } = answer;
  const { error } = statusFailure(answer);
  const forward = withoutHeaders(head.forward, (name) => ofTheBody.has(name));
  forward.push("content-type", "application/json");
  const body = Buffer.from(wire.errorBody({ ...errorView(error, requestId), status }));
  return statusFailure({ status, head: { ...head, forward }, body });
}
