// The question that explain asks, and its answer in parts that can be told. Knows no React and no language.
import type { Route } from "../../../../src/resources/default-routes.ts";
import { routesOf } from "../../../../src/resources/default-routes.ts";
import type { ModelApi } from "../../api/resources.ts";
import type { Decided } from "../routing/decision-words.ts";
import { hostOf, pathBelow, sampleBody, samplePath } from "./sample-call.ts";

/** A place where a request could be sent, as the gateway tells it. */
export interface ExplainedTarget {
  readonly service: string;
  readonly model: string;
  readonly url: string;
  /** What it would be sent in, where that is not what the client speaks. */
  readonly translatedTo?: string;
  readonly standing: "ready" | "trial" | "ejected" | "refused" | "resting" | "disabled" | "foreign";
  readonly reason: string;
  readonly firstPacketTimeoutMs: number;
}

export interface Explanation {
  readonly route: string | null;
  readonly protocol: string;
  readonly reason: string;
  readonly policies: readonly {
    readonly name: string;
    readonly verdict: "off" | "passed" | "refused";
    readonly reason: string;
  }[];
  readonly refusal: { readonly status: number; readonly code: string; readonly message: string } | null;
  readonly decision: {
    readonly mode: string;
    readonly reason: string;
    readonly candidates: readonly {
      readonly service: string;
      readonly model: string;
      readonly reason: string;
    }[];
    /** Of mode intelligent: what the model was chosen by. */
    readonly routing?: Decided["routing"];
  } | null;
  readonly order: readonly ExplainedTarget[];
  readonly fallback: readonly ExplainedTarget[];
  readonly fallbackOn: readonly string[];
}

export interface Question {
  /** Of `callsOf`. */
  readonly call: number;
  readonly domain: string;
  readonly model: string;
  readonly stream: boolean;
  /** Of mode intelligent, where the words decide; empty: any. */
  readonly prompt: string;
  readonly key: string;
  /** `name: value` a line. */
  readonly headers: string;
}

export interface Call {
  readonly method: string;
  readonly route: Route;
}

/** Every method and path that a client can call. */
export function callsOf(api: ModelApi): readonly Call[] {
  return routesOf(api.useCase, api.protocols, api.routes).flatMap((route) =>
    route.methods.map((method) => ({ method, route })),
  );
}

/** Headers of lines; a line without colon is left out. */
export function readHeaders(text: string): Record<string, string> {
  const lines = text.split("\n").flatMap((line) => {
    const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/u.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(lines);
}

/** The header or query in which the API looks for keys first. */
function keyPlace(api: ModelApi, key: string): { header?: readonly [string, string]; query?: string } {
  const [source] = api.auth.apiKeySources;
  if (key === "" || source === undefined) return {};
  if (source.in === "bearer") return { header: ["authorization", `Bearer ${key}`] };
  if (source.in === "header") return { header: [source.name, key] };
  return { query: `?${encodeURIComponent(source.name)}=${encodeURIComponent(key)}` };
}

export interface AskedCall {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** The request that explain is asked about. */
export function askedCall(api: ModelApi, question: Question): AskedCall | undefined {
  const call = callsOf(api)[question.call];
  if (call === undefined) return undefined;
  const place = keyPlace(api, question.key);
  const body =
    call.method === "POST"
      ? sampleBody(call.route, {
          model: question.model,
          stream: question.stream,
          ...(question.prompt === "" ? {} : { prompt: question.prompt }),
        })
      : undefined;
  return {
    method: call.method,
    host: question.domain === "*" ? "localhost" : hostOf(question.domain),
    path: pathBelow(api.basePath, samplePath(call.route)) + (place.query ?? ""),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...readHeaders(question.headers),
      ...(place.header === undefined ? {} : { [place.header[0]]: place.header[1] }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** Candidates that were considered and not chosen, with what speaks against them. */
export function leftOut(
  explanation: Explanation,
): readonly { service: string; model: string; reason: string }[] {
  const [chosen] = explanation.order;
  return (explanation.decision?.candidates ?? []).filter(
    ({ service, model, reason }) =>
      reason !== "" && !(service === chosen?.service && (model === "" || model === chosen.model)),
  );
}

/** Targets in the order in which they would be tried: those that can be sent to. */
export function triedInOrder(explanation: Explanation): readonly ExplainedTarget[] {
  return [...explanation.order, ...explanation.fallback];
}
