// A call that a client could make, as JSON and as a cURL command, for preview and explain. Knows no React.

export interface SampleRoute {
  readonly protocol: string;
  readonly path: string;
  readonly methods: readonly string[];
}

/** A small body that a route of this protocol and path understands; undefined for one without a body. */
export function sampleBody(
  route: SampleRoute,
  options: { readonly model: string; readonly stream: boolean; readonly prompt?: string },
): object | undefined {
  const { path, protocol } = route;
  const { model, stream, prompt = "Hello" } = options;
  const named = model === "" ? {} : { model };
  const message = { role: "user", content: prompt };
  if (path.endsWith("/chat/completions")) return { ...named, messages: [message], stream };
  if (path.endsWith("/v1/completions")) return { ...named, prompt, stream };
  if (path.endsWith("/v1/responses")) return { ...named, input: prompt, stream };
  if (path.endsWith("/v1/messages")) return { ...named, max_tokens: 256, messages: [message], stream };
  if (path.endsWith("/messages/count_tokens")) return { ...named, messages: [message] };
  if (path.endsWith("/embeddings") && protocol === "openai") return { ...named, input: "Hello" };
  if (path.endsWith("/rerank")) return { ...named, query: "moon", documents: ["a gate", "the moon"] };
  if (path.endsWith("/audio/speech")) return { ...named, input: "Hello", voice: "alloy" };
  if (path.endsWith("/images/generations")) return { ...named, prompt: "A moon gate" };
  if (path.endsWith("/v1/moderations")) return { ...named, input: "Hello" };
  if (path.endsWith("/text-rerank"))
    return { ...named, input: { query: "moon", documents: ["a gate", "the moon"] } };
  if (protocol === "dashscope") return { ...named, input: { prompt: "A moon gate" } };
  return undefined;
}

/** The route's path with an example in the place of each parameter. */
export function samplePath(route: SampleRoute): string {
  return route.path.replaceAll(/\{([^}]+)\}/gu, "$1");
}

/** The method that a first call would use. */
export function sampleMethod({ methods }: SampleRoute): string {
  return methods.includes("POST") ? "POST" : (methods[0] ?? "GET");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A host that a domain stands for: a wildcard domain gets a first label. */
export function hostOf(domain: string): string {
  return domain.startsWith("*.") ? `api${domain.slice(1)}` : domain;
}

export function pathBelow(basePath: string, path: string): string {
  return basePath === "/" ? path : basePath + path;
}

/**
 * A command that runs as pasted, where the gateway listens; the host is named where it is not any.
 * @param key adds the header of the client's key
 */
export function curlOf(call: {
  readonly gatewayUrl: string;
  readonly domain: string;
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
  readonly key: boolean;
  readonly stream: boolean;
}): string {
  const url = call.gatewayUrl.replace(/\/$/u, "") + call.path;
  const lines = [`curl ${call.stream ? "-N " : ""}-X ${call.method} ${quoted(url)}`];
  if (call.domain !== "*") lines.push(`-H ${quoted(`Host: ${hostOf(call.domain)}`)}`);
  if (call.key) lines.push(`-H "Authorization: Bearer $MOONGATE_KEY"`);
  if (call.body !== undefined) {
    lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(call.body))}`);
  }
  return lines.join(" \\\n  ");
}
