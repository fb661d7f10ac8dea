// How many tokens of output a request allows at most, by protocol. Must not know services or limits.
import type { RouteProtocol } from "../core/protocol.ts";
import { prepareScan, scanObject, type JsonMember, type ScanPlan } from "../lib/json-scan.ts";

/** Where it stands: members of the body, or of an object in it. */
interface Place {
  readonly inside?: string;
  /** The first that is there counts. */
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
  gemini: { inside: "generationConfig", most: ["maxOutputTokens"], times: ["candidateCount"] },
  dashscope: { inside: "parameters", most: ["max_tokens"], times: ["n"] },
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
      outer: inside === undefined ? null : prepareScan([inside]),
      inner: prepareScan([...most, ...times]),
    };
    plans.set(protocol, known);
  }
  return known;
}

/** @param body one JSON object; anything else bounds nothing */
export function outputBound(protocol: RouteProtocol, body: Buffer): number {
  const { outer, inner } = plansOf(protocol);
  const object = outer === null ? body : memberOf(body, outer);
  const scan = object === undefined ? undefined : scanObject(object, inner);
  if (object === undefined || scan?.ok !== true) return usualOutputTokens;
  const { most, times } = places[protocol];
  const counts = scan.members.map((member) => numberAt(object, member));
  const bound = counts.slice(0, most.length).find((count) => count !== undefined) ?? usualOutputTokens;
  const answers = times.length === 0 ? 1 : (counts[most.length] ?? 1);
  return bound * Math.min(mostTimes, answers);
}

function memberOf(body: Buffer, plan: ScanPlan): Buffer | undefined {
  const scan = scanObject(body, plan);
  const member = scan.ok ? scan.members[0] : undefined;
  return member?.kind === "object" ? body.subarray(member.start, member.end) : undefined;
}

/** A whole number above 0. */
function numberAt(body: Buffer, member: JsonMember | undefined): number | undefined {
  if (member?.kind !== "number") return undefined;
  const value = Number(body.toString("latin1", member.start, member.end));
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
