// A naive reading of recorded answers of OpenAI-compatible services, without a line of the code under test. Only for tests.

interface Recording {
  readonly body: Buffer;
}

/** What an answer says, however it was framed. */
export interface Said {
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly ids: readonly string[];
  readonly finish: string;
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly reasoning: number;
}

type Content = string | null | readonly { type: string; text?: string; thinking?: { text: string }[] }[];
interface Called {
  index?: number;
  id?: string | null;
  function: { name?: string | null; arguments?: string };
}
interface Message {
  content?: Content;
  refusal?: string | null;
  reasoning?: string | null;
  reasoning_content?: string | null;
  reasoning_details?: { text?: string }[];
  tool_calls?: Called[] | null;
  function_call?: Called["function"] | null;
}
interface Figures {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
  prompt_cache_hit_tokens?: number;
  cached_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number } | null;
  completion_tokens_details?: { reasoning_tokens?: number } | null;
  reasoning_tokens?: number;
}
interface Answer {
  choices?: { message?: Message; delta?: Message; finish_reason?: string | null }[];
  usage?: Figures | null;
  x_groq?: { usage?: Figures } | null;
  error?: unknown;
}

const finishes: Readonly<Record<string, string>> = {
  eos: "stop",
  stop: "stop",
  length: "length",
  content_filter: "content_filter",
};

export function streamedSaid({ body }: Recording): Said {
  return saidBy(
    body
      .toString()
      .replaceAll("\r\n", "\n")
      .split("\n")
      .filter((line) => /^data: ?\{/.test(line))
      // What the recordings hold is known.
      .map((line) => JSON.parse(line.slice(5)) as Answer),
  );
}

export function wholeSaid({ body }: Recording): Said {
  // As above.
  return saidBy([JSON.parse(body.toString()) as Answer]);
}

/** Whether a recorded stream holds an error, or an end without one. */
export function breaksOff({ body }: Recording): boolean {
  return /"error"\s*:\s*\{|^event: error/m.test(body.toString());
}

function saidBy(answers: readonly Answer[]): Said {
  const messages = answers.flatMap(({ choices }) =>
    (choices ?? []).map(({ message, delta }) => message ?? delta ?? {}),
  );
  const calls = callsIn(messages);
  const told = answers.flatMap(({ choices }) => choices ?? []).map(({ finish_reason: reason }) => reason);
  const last = told.findLast((reason) => typeof reason === "string" && reason !== "") ?? "stop";
  const usage = answers
    .map((answer) => answer.usage ?? answer.x_groq?.usage)
    .findLast((each) => each != null);
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? usage?.reasoning_tokens ?? 0;
  const completion = usage?.completion_tokens ?? 0;
  const isApart =
    reasoning > 0 && usage?.total_tokens === (usage?.prompt_tokens ?? 0) + completion + reasoning;
  return {
    text: messages.map(({ content, refusal }) => textOf(content) + (refusal ?? "")).join(""),
    thoughts: messages.map(thoughtsOf).join(""),
    calls: calls.map(({ name, json }) => ({ name, input: JSON.parse(json === "" ? "{}" : json) })),
    ids: calls.map(({ id }) => id),
    finish: calls.length > 0 ? "tool_calls" : (finishes[last] ?? last),
    prompt: usage?.prompt_tokens ?? 0,
    completion: isApart ? completion + reasoning : completion,
    cached:
      usage?.prompt_tokens_details?.cached_tokens ??
      usage?.prompt_cache_hit_tokens ??
      usage?.cached_tokens ??
      0,
    reasoning,
  };
}

function textOf(content: Content | undefined): string {
  if (content === undefined || content === null) return "";
  if (typeof content === "string") return content;
  return content.map(({ type, text }) => (type === "text" ? text : "")).join("");
}

function thoughtsOf({
  content,
  reasoning,
  reasoning_content: thoughts,
  reasoning_details: details,
}: Message): string {
  if (typeof content === "object" && content !== null)
    return content
      .flatMap(({ thinking }) => thinking ?? [])
      .map(({ text }) => text)
      .join("");
  return thoughts ?? reasoning ?? details?.map(({ text }) => text ?? "").join("") ?? "";
}

/** By index; the recordings hold no two calls with one index. */
function callsIn(messages: readonly Message[]): { id: string; name: string; json: string }[] {
  const calls: { id: string; name: string; json: string }[] = [];
  const single = messages.flatMap(({ function_call: call }) => (call == null ? [] : [call]));
  const pieces = [
    ...messages.flatMap(({ tool_calls: list }) => (list ?? []).map((call, at) => ({ at, ...call }))),
    ...single.map((call) => ({ at: 0, index: 0, id: "", function: call })),
  ];
  const first = Math.min(...pieces.map(({ index }) => index ?? 0));
  for (const { at, index, id, function: called } of pieces) {
    const call = (calls[index === undefined ? at : index - first] ??= { id: "", name: "", json: "" });
    call.id ||= id ?? "";
    call.name ||= called.name ?? "";
    call.json += called.arguments ?? "";
  }
  return calls.filter(({ name }) => name !== "");
}
