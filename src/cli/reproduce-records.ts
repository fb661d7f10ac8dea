// Decides recorded requests again, from records as the admin API and sinks give them: one JSON object a line. Knows no file
// and no gateway.
import type { RoutingRecord } from "../core/routing-record.ts";
import { parseObject, record } from "../lib/unknown-json.ts";
import { reproduce } from "../routing/decision/reproduce.ts";

export interface ReproducedRecords {
  /** Whose choice comes out again. */
  readonly good: number;
  /** Of other modes. */
  readonly undecided: number;
  /** A line for each whose choice does not. */
  readonly differing: readonly string[];
  /** A line for each that is no record. */
  readonly unreadable: readonly string[];
}

export function reproduceRecords(text: string): ReproducedRecords {
  let [good, undecided] = [0, 0];
  const differing: string[] = [];
  const unreadable: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const fields = parseObject(line);
    if (fields === undefined) {
      unreadable.push(`line ${index + 1} is not one JSON object`);
      continue;
    }
    const routing = routingOf(fields);
    if (routing === undefined) undecided += 1;
    else {
      const words = differenceOf(routing);
      if (words === "") good += 1;
      else differing.push(`line ${index + 1}, request ${String(fields["requestId"])}: ${words}`);
    }
  }
  return { good, undecided, differing, unreadable };
}

function routingOf(fields: Readonly<Record<string, unknown>>): RoutingRecord | undefined {
  const { routing } = record(fields["decision"]);
  const { evidence, choice } = record(routing);
  const isDecided = Array.isArray(record(evidence)["models"]) && typeof record(choice)["model"] === "string";
  // Written by a gateway; what is missing of it makes the choice another one, or none, which is told.
  return isDecided ? (routing as RoutingRecord) : undefined;
}

/** Empty: the same comes out. */
function differenceOf(routing: RoutingRecord): string {
  try {
    const { differences } = reproduce(routing);
    return differences
      .map(({ field, recorded, now }) => `${field} was ${String(recorded)}, is ${String(now)}`)
      .join(", ");
  } catch {
    return "its evidence is incomplete";
  }
}
