// What is told about a request that nobody sent. Data only: it leaves by the admin API as it is.
import type { Decision } from "../../core/exchange-record.ts";
import type { PolicyVerdict } from "./explain-authentication.ts";
import type { Standing } from "../selectors/selector.ts";

/** A place where the request could be sent. */
export interface ExplainedTarget {
  readonly service: string;
  /** Model name sent; "" when the request names none and the target neither. */
  readonly model: string;
  /** Whole URL without credentials; "" when the service does not speak the protocol. */
  readonly url: string;
  /** What it is sent in where that is not the client's protocol: it is translated. Absent: it is not. */
  readonly translatedTo?: string;
  readonly standing: Standing;
  /** Why it is not `ready`; "" when it is. */
  readonly reason: string;
  /** For streams; 0 = off. */
  readonly firstPacketTimeoutMs: number;
}

/** What the gateway would answer instead of sending the request. */
export interface ExplainedRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Explanation {
  /** Name of the route; null when the request does not come to this Model API. */
  readonly route: string | null;
  /** What route and client speak; "" without a route. */
  readonly protocol: string;
  /** Why there is no route, or who answers when no service is asked; "" for a request that is sent. */
  readonly reason: string;
  /** The other Model API that takes the request, where one does; for who hands the explanation on. */
  readonly takenBy?: string;
  /** In the order in which they are asked. */
  readonly policies: readonly PolicyVerdict[];
  readonly refusal: ExplainedRefusal | null;
  /** Null when the request does not come so far. What follows holds as if every policy had passed. */
  readonly decision: Decision | null;
  /** The selected target; empty without one. */
  readonly order: readonly ExplainedTarget[];
  /** What is tried after it, in order. */
  readonly fallback: readonly ExplainedTarget[];
  /** Failures that go on to the next target. */
  readonly fallbackOn: readonly string[];
}

/** What holds for a request that does not come to the Model API. */
export const nothing: Explanation = {
  route: null,
  protocol: "",
  reason: "",
  policies: [],
  refusal: null,
  decision: null,
  order: [],
  fallback: [],
  fallbackOn: [],
};
