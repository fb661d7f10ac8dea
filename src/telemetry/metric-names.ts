// The metrics that the roll-ups answer for: the words that alerts share with them.
export { metrics } from "../core/metric-names.ts";
export type { MetricName } from "../core/metric-names.ts";
