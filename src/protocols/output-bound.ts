// How many tokens of output a request allows at most, by protocol. Must not know services or limits.
import type { RouteProtocol } from "../core/protocol.ts";
import { prepareScan, scanObject, type JsonMember, type ScanPlan } from "../lib/json-scan.ts";

/** Where it stands: members of the body, or of objects in it. */
interface Place {
  /** Absent: in the body itself. */
  readonly inside?: readonly string[];
  /** Services differ over which holds: the highest counts. */
  readonly most: readonly string[];
  /** How many answers are asked for. */
  readonly times: readonly string[];
}

const openAi: Place = { most: ["max_completion_tokens", "max_tokens", "max_output_tokens"], times: ["n"] };

const places: Readonly<Record<RouteProtocol, Place>> = {
  openai: openAi,
  vllm: openAi,
  "openai-responses": { most: ["max_output_tokens"], times: [] },
  anthropic: { most: ["max_tokens"], times: [] },
  // Both spellings of a field of a protocol-buffer message are read (protobuf.dev, ProtoJSON).
  gemini: {
    inside: ["generationConfig", "generation_config"],
    most: ["maxOutputTokens", "max_output_tokens"],
    times: ["candidateCount", "candidate_count"],
  },
  dashscope: { inside: ["parameters"], most: ["max_tokens", "max_completion_tokens"], times: ["n"] },
  comfyui: { most: [], times: [] },
};

/** Output tokens of an answer that no request bounds. */
export const usualOutputTokens = 4_096;
/** More answers than any service gives to one request. */
const mostTimes = 128;

interface Plans {
  readonly outer: ScanPlan | null;
  readonly inner: ScanPlan;
}

const plans = new Map<RouteProtocol, Plans>();

function plansOf(protocol: RouteProtocol): Plans {
  let known = plans.get(protocol);
  if (known === undefined) {
    const { inside, most, times } = places[protocol];
    known = {
      outer: inside === undefined ? null : prepareScan(inside),
      inner: prepareScan([...most, ...times]),
    };
    plans.set(protocol, known);
  }
  return known;
}

/**
 * @param body one JSON object; anything else bounds nothing
 * @param most of one answer, where it is known of the model
 */
export function outputBound(protocol: RouteProtocol, body: Buffer, most = Infinity): number {
  const { outer, inner } = plansOf(protocol);
  const { most: names, times } = places[protocol];
  const bounds: number[] = [];
  const answers: number[] = [];
  for (const object of outer === null ? [body] : objectsOf(body, outer)) {
    const scan = scanObject(object, inner);
    if (!scan.ok) continue;
    for (const [at, member] of scan.members.slice(0, names.length + times.length).entries()) {
      const count = numberAt(object, member);
      if (count !== undefined) (at < names.length ? bounds : answers).push(count);
      // Of a member that stands there twice only the last is seen.
      if (at < names.length && member?.repeated === true) bounds.push(usualOutputTokens);
    }
  }
  const bound = bounds.length === 0 ? usualOutputTokens : Math.max(...bounds);
  return Math.min(bound, most) * Math.min(mostTimes, Math.max(1, ...answers));
}

function objectsOf(body: Buffer, plan: ScanPlan): Buffer[] {
  const scan = scanObject(body, plan);
  if (!scan.ok) return [];
  return scan.members.flatMap((member) =>
    member?.kind === "object" ? [body.subarray(member.start, member.end)] : [],
  );
}

/** A whole number above 0. */
function numberAt(body: Buffer, member: JsonMember | undefined): number | undefined {
  if (member?.kind !== "number") return undefined;
  const value = Number(body.toString("latin1", member.start, member.end));
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
