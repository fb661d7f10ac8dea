// A gateway with a Model API for every use case and protocol, with all their routes on, before services of one address.
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import type { TestDocument } from "./configuration.ts";
import { targetModel, type Direct } from "./route-sample.ts";
import type { ModelVariant } from "./route-cells.ts";

export const routeKey = "sk-route-canary-0123456789";

const providers = {
  openai: "openai",
  anthropic: "anthropic",
  dashscope: "dashscope",
  comfyui: "comfyui",
  vllm: "vllm",
  gemini: "gemini",
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** A service of each protocol, of the provider that is known for it, at one address. */
export function routeServices(url: string, fields: Fields = {}): Fields[] {
  return Object.entries(providers).map(([protocol, provider]) => ({
    name: protocol,
    provider,
    baseUrl: url,
    ...(protocol === "comfyui" ? {} : { apiKeys: [{ name: "main", value: routeKey }] }),
    ...fields,
  }));
}

const pairs = [
  ...new Map(defaultRoutes.map((row) => [`${row.useCase}-${row.protocol}`, row] as const)).entries(),
];

/** Base path of the Model API that has a route. */
export function basePathOf({ useCase, protocol }: DefaultRoute, variant: ModelVariant = "as asked"): string {
  return `/${variant === "renamed" ? "renamed/" : ""}${useCase}/${protocol}`;
}

/** Names of all routes that are off unless they are switched on. */
export function extraRoutesOf({ useCase, protocol }: DefaultRoute): string[] {
  return defaultRoutes
    .filter((row) => row.useCase === useCase && row.protocol === protocol && row.beyondSeeds === true)
    .map((row) => row.name);
}

/** Every Model API, below a path of its own that is stripped. */
export function routeApis(variant: ModelVariant, fields: Fields = {}): Fields[] {
  return pairs.map(([name, row]) => ({
    name: variant === "renamed" ? `${name}-renamed` : name,
    useCase: row.useCase,
    protocols: [row.protocol],
    basePath: basePathOf(row, variant),
    stripBasePath: true,
    routes: { enabled: extraRoutesOf(row) },
    modelService: {
      mode: "single",
      target: { service: row.protocol, ...(variant === "renamed" ? { model: targetModel } : {}) },
    },
    ...fields,
  }));
}

/** Model APIs that pass the model through, and others that name it. */
export function routeDocument(url: string): TestDocument {
  return {
    services: routeServices(url),
    modelApis: [...routeApis("as asked"), ...routeApis("renamed")],
  };
}

/** Asks a service at `url` as the gateway would ask it for `row`. @throws Error for an answer that is no success */
export function directTo(url: string, row: DefaultRoute): Direct {
  return async (method, path, body, type = "application/json") => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(row.protocol === "comfyui" ? {} : { authorization: `Bearer ${routeKey}` }),
        ...(row.protocol === "anthropic" ? { "anthropic-version": "2023-06-01" } : {}),
        "x-dashscope-async": "enable",
        ...(body === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status} ${text}`);
    return text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as unknown) : text;
  };
}
