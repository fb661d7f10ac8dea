// The trace that an exchange belongs to: the client's where it names one, else one of its own. Knows no service.
import { isKept, newSpanId, readTraceParent, writeTraceParent, type Trace } from "../lib/trace-context.ts";
import type { Exchange } from "./exchange.ts";
import { withoutHeaders } from "./raw-headers.ts";
import type { RequestHead } from "./request-head.ts";

/** Decided once, when it is first asked for: after the Model API was found, if there is one. */
export function traceOf(exchange: Exchange): Trace {
  exchange.trace ??= openTrace(exchange);
  return exchange.trace;
}

function openTrace({ head, matched, requestId }: Exchange): Trace {
  const parent = readTraceParent(head?.traceparent ?? "");
  const traceId = parent?.traceId ?? requestId.replaceAll("-", "");
  const { traces, traceSampleRatio } = matched?.api.config.monitoring ?? everything;
  return {
    traceId,
    spanId: traces ? newSpanId() : "",
    parentSpanId: parent?.spanId ?? "",
    // What the client keeps or drops is kept or dropped as a whole; the ratio is for traces that begin here.
    sampled: traces && (parent?.sampled ?? isKept(traceId, traceSampleRatio)),
  };
}

/** Of what found no Model API. */
const everything = { metrics: true, logs: true, traces: true, traceSampleRatio: 1 };

/** What is wanted of a record: `m` metrics, `l` logs, `t` traces, if it was sampled. */
export function signalsOf(exchange: Exchange): string {
  const { metrics, logs, traces } = exchange.matched?.api.config.monitoring ?? everything;
  const traced = traces && traceOf(exchange).sampled;
  return `${metrics ? "m" : ""}${logs ? "l" : ""}${traced ? "t" : ""}`;
}

const contextHeaders: ReadonlySet<string> = new Set(["traceparent", "tracestate"]);

/**
 * A client's headers as they go to a service: its trace context is replaced by that of the attempt. Where the Model API
 * wants no traces the gateway takes no part, and they go on as they are.
 * @param spanId of the attempt
 * @param isSet whether the service's own headers have this one
 */
export function withTraceContext(
  headers: string[],
  exchange: Exchange,
  head: RequestHead,
  { spanId, isSet }: { readonly spanId: string; readonly isSet: (name: string) => boolean },
): string[] {
  if (spanId === "") return headers;
  const { traceId, sampled, parentSpanId } = traceOf(exchange);
  const hasContext = head.traceparent !== "" || head.tracestate !== "";
  const kept = hasContext ? withoutHeaders(headers, (name) => contextHeaders.has(name)) : headers;
  if (isSet("traceparent")) return kept;
  kept.push("traceparent", writeTraceParent({ traceId, spanId, sampled }));
  // What vendors say of a trace is of no use without the trace.
  const passes = head.tracestate !== "" && parentSpanId !== "" && !isSet("tracestate");
  if (passes) kept.push("tracestate", head.tracestate);
  return kept;
}
