// The request of the panel as a client would write it: a shell command, Python, Node. The console's own call is never in it.
import type { JsonRequest } from "./chat-request.ts";

export interface Place {
  /** Address of the gateway as clients reach it, without a path. */
  readonly gateway: string;
  /** Host to name in a header; empty where the address itself is called. */
  readonly host: string;
  /** Whether the Model API asks who calls. */
  readonly hasAuth: boolean;
  /** The protocol's header for the key. */
  readonly keyHeader: "authorization" | "x-api-key";
}

const keyVariable = "MOONGATE_KEY";

/** One argument of a POSIX shell, whatever it holds. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** @param oneLine without line continuations */
export function curlCommand(request: JsonRequest, place: Place, oneLine: boolean): string {
  const isStream = request.body?.["stream"] === true || request.path.includes("alt=sse");
  const headers = Object.entries(request.headers).map(
    ([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`,
  );
  const parts = [
    `curl${isStream ? " -N" : ""}${request.method === "POST" || request.method === "GET" ? "" : ` -X ${request.method}`} ${shellQuote(place.gateway + request.path)}`,
    ...(place.host === "" ? [] : [`-H ${shellQuote(`host: ${place.host}`)}`]),
    ...(place.hasAuth ? [`-H ${keyArgument(place)}`] : []),
    ...headers,
    ...(request.body === undefined
      ? request.method === "POST"
        ? ["-d ''"]
        : []
      : [`--data-raw ${shellQuote(JSON.stringify(request.body))}`]),
  ];
  return parts.join(oneLine ? " " : " \\\n  ");
}

/** In double quotes, so that the shell puts the key in. */
function keyArgument({ keyHeader }: Place): string {
  return keyHeader === "x-api-key"
    ? `"x-api-key: $${keyVariable}"`
    : `"authorization: Bearer $${keyVariable}"`;
}

/** @param basePath of the Model API, without the route */
export function pythonSnippet(request: JsonRequest, place: Place, basePath: string): string {
  const { messages, body } = split(request);
  const known = new Set(["model", "stream", "max_tokens", "top_p", "temperature"]);
  const extra = Object.fromEntries(Object.entries(body).filter(([name]) => !known.has(name)));
  const named = Object.entries(body).filter(([name]) => known.has(name));
  return [
    "import os",
    "from openai import OpenAI",
    "",
    "client = OpenAI(",
    `    base_url=${pythonValue(`${place.gateway}${slashless(basePath)}/v1`)},`,
    place.hasAuth ? `    api_key=os.environ["${keyVariable}"],` : `    api_key="none",`,
    ...(place.host === "" ? [] : [`    default_headers={"host": ${pythonValue(place.host)}},`]),
    ")",
    "answer = client.chat.completions.create(",
    ...named.map(([name, value]) => `    ${name}=${pythonValue(value)},`),
    `    messages=${pythonValue(messages)},`,
    ...(Object.keys(extra).length === 0 ? [] : [`    extra_body=${pythonValue(extra)},`]),
    ")",
    ...(body["stream"] === true
      ? [
          "for chunk in answer:",
          "    if chunk.choices and chunk.choices[0].delta.content:",
          `        print(chunk.choices[0].delta.content, end="", flush=True)`,
        ]
      : ["print(answer.choices[0].message.content)"]),
  ].join("\n");
}

export function nodeSnippet(request: JsonRequest, place: Place, basePath: string): string {
  const isStream = request.body?.["stream"] === true;
  return [
    `import OpenAI from "openai";`,
    "",
    "const client = new OpenAI({",
    `  baseURL: ${JSON.stringify(`${place.gateway}${slashless(basePath)}/v1`)},`,
    place.hasAuth ? `  apiKey: process.env.${keyVariable},` : `  apiKey: "none",`,
    ...(place.host === "" ? [] : [`  defaultHeaders: { host: ${JSON.stringify(place.host)} },`]),
    "});",
    `const answer = await client.chat.completions.create(${JSON.stringify(request.body ?? {}, null, 2)});`,
    ...(isStream
      ? [
          "for await (const chunk of answer) {",
          `  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");`,
          "}",
        ]
      : ["console.log(answer.choices[0].message.content);"]),
  ].join("\n");
}

export function anthropicSnippet(request: JsonRequest, place: Place, basePath: string): string {
  const { body, messages } = split(request);
  const isStream = body["stream"] === true;
  const named = Object.entries(body).filter(([name]) => name !== "stream");
  return [
    "import os",
    "import anthropic",
    "",
    "client = anthropic.Anthropic(",
    `    base_url=${pythonValue(place.gateway + slashless(basePath))},`,
    place.hasAuth ? `    api_key=os.environ["${keyVariable}"],` : `    api_key="none",`,
    ...(place.host === "" ? [] : [`    default_headers={"host": ${pythonValue(place.host)}},`]),
    ")",
    isStream ? "with client.messages.stream(" : "answer = client.messages.create(",
    ...named.map(([name, value]) => `    ${name}=${pythonValue(value)},`),
    `    messages=${pythonValue(messages)},`,
    ...(isStream
      ? [") as stream:", "    for text in stream.text_stream:", `        print(text, end="", flush=True)`]
      : [")", "print(answer.content[0].text)"]),
  ].join("\n");
}

function split({ body = {} }: JsonRequest): { messages: unknown; body: Record<string, unknown> } {
  const { messages = [], ...rest } = body;
  return { messages, body: rest };
}

function slashless(basePath: string): string {
  return basePath === "/" ? "" : basePath;
}

/** A JSON value as Python writes it. */
export function pythonValue(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(
      ([name, inner]) => `${JSON.stringify(name)}: ${pythonValue(inner)}`,
    );
    return `{${pairs.join(", ")}}`;
  }
  return JSON.stringify(value);
}
