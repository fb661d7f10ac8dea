// Code with which a client calls a Model API: cURL, and the SDKs that fit what it is for. Pure; no key ever stands in it.
import type { ModelApi } from "../../api/resources.ts";

export interface Snippet {
  /** Name of its tab, the same in every language. */
  readonly label: string;
  readonly code: string;
}

type Protocol = ModelApi["protocols"][number];

/** How a client proves who it is; undefined: it need not. */
type KeyPlace = ModelApi["auth"]["apiKeySources"][number] | undefined;

export interface SnippetRequest {
  readonly api: Pick<ModelApi, "useCase" | "auth" | "routes">;
  readonly protocol: Protocol;
  /** With base path, without a trailing slash. */
  readonly baseUrl: string;
  readonly model: string;
}

/** A first call: its route, its body, and the same in the words of the protocol's SDK. */
interface Call {
  readonly route: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: readonly string[];
  readonly curlOptions?: readonly string[];
  readonly python?: readonly string[];
  readonly node?: readonly string[];
}

/** What an SDK is pointed at: OpenAI's adds the paths below /v1 itself, Anthropic's adds /v1 too. */
export function clientUrl(protocol: Protocol, baseUrl: string): string {
  return protocol === "openai" || protocol === "vllm" ? `${baseUrl}/v1` : baseUrl;
}

/** Where the key goes: the place that the protocol's SDK uses by itself, if the API looks there, else the first. */
export function keyPlace({ auth }: Pick<ModelApi, "auth">, protocol: Protocol): KeyPlace {
  if (!auth.enabled) return undefined;
  const usual = auth.apiKeySources.find((source) =>
    protocol === "anthropic"
      ? source.in === "header" && source.name.toLowerCase() === "x-api-key"
      : source.in === "bearer",
  );
  return usual ?? auth.apiKeySources[0];
}

/** Empty when the route of the usual first call is switched off. */
export function snippetsOf(request: SnippetRequest): Snippet[] {
  const call = firstCall(request);
  if (call === undefined || request.api.routes.disabled.includes(call.route)) return [];
  const key = keyPlace(request.api, request.protocol);
  const snippets: Snippet[] = [{ label: "cURL", code: curl(request.baseUrl, call, key) }];
  if (call.python !== undefined)
    snippets.push({ label: "Python", code: [...pythonClient(request, key), ...call.python].join("\n") });
  if (call.node !== undefined)
    snippets.push({ label: "Node.js", code: [...nodeClient(request, key), ...call.node].join("\n") });
  return snippets;
}

function curl(baseUrl: string, call: Call, key: KeyPlace): string {
  if (call.path.startsWith("/api-ws/")) {
    const lines = [`npx wscat -c "${withKey(baseUrl.replace(/^http/u, "ws") + call.path, key)}"`];
    return [...lines, ...keyHeaders(key)].join(" \\\n  ");
  }
  const lines = [`curl "${withKey(baseUrl + call.path, key)}"`, ...keyHeaders(key)];
  for (const header of call.headers ?? []) lines.push(`-H "${header}"`);
  if (call.body !== undefined) {
    lines.push('-H "content-type: application/json"');
    lines.push(`-d '${JSON.stringify(call.body).replaceAll("'", String.raw`'\''`)}'`);
  }
  return [...lines, ...(call.curlOptions ?? [])].join(" \\\n  ");
}

function withKey(url: string, key: KeyPlace): string {
  return key?.in === "query" ? `${url}?${key.name}=$MOONGATE_KEY` : url;
}

function keyHeaders(key: KeyPlace): string[] {
  if (key?.in === "bearer") return ['-H "authorization: Bearer $MOONGATE_KEY"'];
  if (key?.in === "header") return [`-H "${key.name}: $MOONGATE_KEY"`];
  return [];
}

const pythonKey = 'os.environ["MOONGATE_KEY"]';
const nodeKey = "process.env.MOONGATE_KEY";

function pythonClient({ protocol, baseUrl }: SnippetRequest, key: KeyPlace): string[] {
  const name = protocol === "anthropic" ? "Anthropic" : "OpenAI";
  return [
    ...(key === undefined ? [] : ["import os", ""]),
    `from ${name.toLowerCase()} import ${name}`,
    "",
    `client = ${name}(`,
    `  base_url="${clientUrl(protocol, baseUrl)}",`,
    ...keyOptions(protocol, key).map(({ python }) => `  ${python},`),
    ")",
  ];
}

function nodeClient({ protocol, baseUrl }: SnippetRequest, key: KeyPlace): string[] {
  const name = protocol === "anthropic" ? "Anthropic" : "OpenAI";
  const from = protocol === "anthropic" ? "@anthropic-ai/sdk" : "openai";
  return [
    `import ${name} from "${from}";`,
    "",
    `const client = new ${name}({`,
    `  baseURL: "${clientUrl(protocol, baseUrl)}",`,
    ...keyOptions(protocol, key).map(({ node }) => `  ${node},`),
    "});",
  ];
}

/** Both SDKs insist on a key, also where none is asked for. */
function keyOptions(protocol: Protocol, key: KeyPlace): { python: string; node: string }[] {
  const none = { python: 'api_key="none"', node: 'apiKey: "none"' };
  if (key === undefined) return [none];
  if (key.in === "bearer") {
    return protocol === "anthropic"
      ? [{ python: `auth_token=${pythonKey}`, node: `authToken: ${nodeKey}` }]
      : [{ python: `api_key=${pythonKey}`, node: `apiKey: ${nodeKey}` }];
  }
  if (key.in === "header") {
    if (protocol === "anthropic" && key.name.toLowerCase() === "x-api-key")
      return [{ python: `api_key=${pythonKey}`, node: `apiKey: ${nodeKey}` }];
    const python = `default_headers={"${key.name}": ${pythonKey}}`;
    return [none, { python, node: `defaultHeaders: { "${key.name}": ${nodeKey} }` }];
  }
  const python = `default_query={"${key.name}": ${pythonKey}}`;
  return [none, { python, node: `defaultQuery: { "${key.name}": ${nodeKey} }` }];
}

function firstCall({ api, protocol, model }: SnippetRequest): Call | undefined {
  switch (api.useCase) {
    case "text-generation":
      return textCall(api, protocol, model);
    case "image-generation":
      return imageCall(protocol, model);
    case "video-generation":
      return protocol === "dashscope"
        ? dashscopeTask("video-generation/video-synthesis", "dashscope-video-generation-synthesis", model)
        : undefined;
    case "speech-synthesis":
      return speechCall(protocol, model);
    case "embedding":
      return {
        route: "create-embedding",
        path: "/v1/embeddings",
        body: { model, input: "Hello" },
        python: [
          "",
          `reply = client.embeddings.create(model="${model}", input="Hello")`,
          "print(len(reply.data[0].embedding))",
        ],
        node: [
          "",
          `const reply = await client.embeddings.create({ model: "${model}", input: "Hello" });`,
          "console.log(reply.data[0].embedding.length);",
        ],
      };
    case "rerank":
      return rerankCall(protocol, model);
    case "others":
      return {
        route: "models",
        path: "/v1/models",
        python: ["", "for model in client.models.list():", "  print(model.id)"],
        node: ["", "for await (const model of client.models.list()) console.log(model.id);"],
      };
  }
}

function textCall(api: SnippetRequest["api"], protocol: Protocol, model: string): Call | undefined {
  const messages = [{ role: "user", content: "Hello" }];
  if (protocol === "openai")
    return {
      route: "create-chat-completion",
      path: "/v1/chat/completions",
      body: { model, messages },
      python: [
        "",
        "reply = client.chat.completions.create(",
        `  model="${model}",`,
        '  messages=[{"role": "user", "content": "Hello"}],',
        ")",
        "print(reply.choices[0].message.content)",
      ],
      node: [
        "",
        "const reply = await client.chat.completions.create({",
        `  model: "${model}",`,
        '  messages: [{ role: "user", content: "Hello" }],',
        "});",
        "console.log(reply.choices[0].message.content);",
      ],
    };
  if (protocol === "anthropic")
    return {
      route: "create-message",
      path: "/v1/messages",
      headers: ["anthropic-version: 2023-06-01"],
      body: { model, max_tokens: 256, messages },
      python: [
        "",
        "reply = client.messages.create(",
        `  model="${model}",`,
        "  max_tokens=256,",
        '  messages=[{"role": "user", "content": "Hello"}],',
        ")",
        "print(reply.content[0].text)",
      ],
      node: [
        "",
        "const reply = await client.messages.create({",
        `  model: "${model}",`,
        "  max_tokens: 256,",
        '  messages: [{ role: "user", content: "Hello" }],',
        "});",
        "console.log(reply.content);",
      ],
    };
  if (protocol === "dashscope" && api.routes.enabled.includes("dashscope-text-generation"))
    return {
      route: "dashscope-text-generation",
      path: "/api/v1/services/aigc/text-generation/generation",
      body: { model, input: { messages } },
    };
  if (protocol === "gemini" && api.routes.enabled.includes("gemini-models"))
    return {
      route: "gemini-models",
      path: `/v1beta/models/${model}:generateContent`,
      body: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
    };
  return undefined;
}

const picture = "A moon gate in a white wall";

function imageCall(protocol: Protocol, model: string): Call | undefined {
  if (protocol === "openai")
    return {
      route: "openai-image-generation",
      path: "/v1/images/generations",
      body: { model, prompt: picture },
      python: [
        "",
        `image = client.images.generate(model="${model}", prompt="${picture}")`,
        "print(image.data[0])",
      ],
      node: [
        "",
        `const image = await client.images.generate({ model: "${model}", prompt: "${picture}" });`,
        "console.log(image.data[0]);",
      ],
    };
  if (protocol === "dashscope")
    return dashscopeTask("text2image/image-synthesis", "dashscope-text-to-image-synthesis", model);
  if (protocol === "comfyui") return { route: "comfyui-system-stats", path: "/system_stats" };
  return undefined;
}

/** Answers with a task id; the result is under /api/v1/tasks/ID. */
function dashscopeTask(path: string, route: string, model: string): Call {
  return {
    route,
    path: `/api/v1/services/aigc/${path}`,
    headers: ["x-dashscope-async: enable"],
    body: { model, input: { prompt: picture } },
  };
}

function speechCall(protocol: Protocol, model: string): Call | undefined {
  if (protocol === "dashscope")
    return { route: "dashscope-text-to-audio-synthesis", path: "/api-ws/v1/inference" };
  return {
    route: "openai-audio-speech",
    path: "/v1/audio/speech",
    body: { model, voice: "alloy", input: "Hello" },
    curlOptions: ["--output speech.mp3"],
    python: [
      "",
      `speech = client.audio.speech.create(model="${model}", voice="alloy", input="Hello")`,
      'speech.write_to_file("speech.mp3")',
    ],
    node: [
      "",
      `const speech = await client.audio.speech.create({ model: "${model}", voice: "alloy", input: "Hello" });`,
      'await (await import("node:fs/promises")).writeFile("speech.mp3", Buffer.from(await speech.arrayBuffer()));',
    ],
  };
}

function rerankCall(protocol: Protocol, model: string): Call {
  const documents = ["a wall", "a gate in the shape of the moon"];
  if (protocol === "dashscope")
    return {
      route: "rerank",
      path: "/api/v1/services/rerank/text-rerank/text-rerank",
      body: { model, input: { query: "moon gate", documents } },
    };
  return { route: "rerank", path: "/v1/rerank", body: { model, query: "moon gate", documents } };
}

/** A model that the API would take: one that it names, else one of its services'. */
export function sampleModel(
  { modelService: mode }: Pick<ModelApi, "modelService">,
  services: readonly { readonly name: string; readonly models: readonly { readonly name: string }[] }[] = [],
): string {
  const known = (service: string): string | undefined =>
    services.find(({ name }) => name === service)?.models[0]?.name;
  if (mode.mode === "by-model-name") {
    const patterns = mode.rules.map(({ pattern }) => pattern);
    const plain = patterns.find((pattern) => !/[*?]/u.test(pattern));
    const rule = mode.rules.map(({ target }) => target.model ?? known(target.service)).find(Boolean);
    return plain ?? rule ?? patterns[0]?.replaceAll("*", "1").replaceAll("?", "1") ?? "moon-1";
  }
  const targets =
    mode.mode === "single" ? [mode.target] : mode.mode === "intelligent" ? mode.candidates : mode.targets;
  const named = targets.find(({ model }) => model !== undefined)?.model;
  return named ?? targets.map(({ service }) => known(service)).find(Boolean) ?? "moon-1";
}
