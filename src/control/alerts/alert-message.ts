// What a webhook is told of an alert. Pure; the body holds names and figures, never a secret.
import { createHmac, createHash } from "node:crypto";
import { metrics } from "../../core/metric-names.ts";
import { isoTime } from "../../lib/iso-time.ts";
import { windowMsOf } from "./alert-rule.ts";
import type { Alert } from "./alert-rule.ts";

/** One message about one alert, for every webhook of it. */
export interface AlertMessage {
  readonly alert: string;
  readonly state: "firing" | "resolved" | "test";
  /** Milliseconds since 1970: since when it fires, or is over. */
  readonly sinceMs: number;
  readonly value: number | null;
}

export interface AlertOrigin {
  readonly instance: string;
  /** Address of the console, without a slash at its end. */
  readonly consoleUrl: string;
}

/** The same message has the same id however often it is sent, so that a receiver can tell. */
export function deliveryIdOf({ alert, state, sinceMs }: AlertMessage, webhook: string): string {
  const text = JSON.stringify([alert, state, sinceMs, webhook]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

export function bodyOf(alert: Alert, message: AlertMessage, { instance, consoleUrl }: AlertOrigin): string {
  const { metric, op, threshold, filter } = alert;
  return JSON.stringify({
    alert: alert.name,
    state: message.state,
    test: message.state === "test",
    metric,
    unit: metrics[metric].unit,
    op,
    threshold,
    value: message.value,
    windowSeconds: windowMsOf(alert) / 1_000,
    since: isoTime(message.sinceMs),
    labels: filter,
    instance,
    link: linkOf(alert, message, consoleUrl),
  });
}

const beforeMs = 15 * 60_000;

/** The console's metrics page, of what the alert looks at, around the moment. */
function linkOf(alert: Alert, { sinceMs }: AlertMessage, consoleUrl: string): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(alert.filter)) if (value !== undefined) parts.set(name, value);
  parts.set("from", String(sinceMs - windowMsOf(alert) - beforeMs));
  parts.set("to", String(sinceMs + beforeMs));
  return `${consoleUrl}/observe/metrics?${parts.toString()}`;
}

export function headersOf(
  body: string,
  deliveryId: string,
  secret: string | undefined,
): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "moongate",
    "x-moongate-delivery": deliveryId,
    ...(secret === undefined
      ? {}
      : { "x-moongate-signature": createHmac("sha256", secret).update(body).digest("hex") }),
  };
}
