// The panels of every view.
import type { MetricsView } from "./metrics-search.ts";
import type { Panel } from "./panel.ts";
import { fallbacks, health, protection, routing, share } from "./routing-panels.ts";
import { tokenPanels, tokens } from "./token-panels.ts";
import { latency, requests, traffic, ttft } from "./traffic-panels.ts";

export const panels: Readonly<Record<MetricsView, readonly Panel[]>> = {
  summary: [ttft, requests, tokens, share(2), fallbacks, health],
  traffic,
  latency,
  tokens: tokenPanels,
  routing,
  protection,
};
