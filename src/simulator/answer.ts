// Makes up what the simulated model says: text, tool call or JSON. Must not know how a protocol writes it down.
import { sampleValue } from "./sample-value.ts";
import { countTokens, splitTokens } from "./tokens.ts";

export interface Tool {
  readonly name: string;
  /** JSON schema of the arguments. */
  readonly schema: unknown;
}

/** Whether a tool must, may or must not be called; `name` picks one. */
export type ToolChoice =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | { readonly kind: "forced"; readonly name: string | null };

/** What the model is asked, whatever the protocol. */
export interface Question {
  readonly model: string;
  /** The last words of the user. */
  readonly prompt: string;
  /** True when the conversation ends with the result of a tool: time to answer in words. */
  readonly afterTool: boolean;
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** Most tokens allowed; null = no limit. */
  readonly maxTokens: number | null;
  /** Length asked for by the knobs; 0 = the natural one. */
  readonly outputTokens: number;
  readonly stop: readonly string[];
  /** JSON schema of a structured answer; null = plain words. */
  readonly answerSchema: unknown;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: unknown;
  /** The arguments as JSON, cut for streaming. */
  readonly pieces: readonly string[];
}

export type Ending = "done" | "limit" | "stop" | "tool";

export interface Answer {
  /** The text, cut into its tokens. */
  readonly pieces: readonly string[];
  readonly call: ToolCall | null;
  readonly ending: Ending;
  /** The stop sequence that ended the text. */
  readonly stoppedBy: string | null;
  readonly outputTokens: number;
}

const fillers = [
  " No model was called and nothing was charged.",
  " The words are canned, the shape of the answer is real.",
  " Configure a service with a real provider to get real answers.",
  " Every figure in the usage is counted from this text.",
].map(splitTokens);

/** Answers a question: the same question always gets the same answer. `variant` tells several choices apart. */
export function answerTo(question: Question, variant: number): Answer {
  const call = callFor(question);
  if (call !== null && call.pieces.length <= (question.maxTokens ?? Infinity)) {
    return { pieces: [], call, ending: "tool", stoppedBy: null, outputTokens: call.pieces.length };
  }
  return cut(question, textFor(question, variant));
}

/** Ends the text at its limit or at the first stop sequence, whichever comes first. */
function cut(question: Question, full: readonly string[]): Answer {
  const limit = question.maxTokens ?? Infinity;
  const isOver = full.length > limit;
  const kept = isOver ? full.slice(0, limit) : full;
  const stopped = stopAt(kept.join(""), question.stop);
  if (stopped !== null) {
    const pieces = splitTokens(stopped.text);
    return { pieces, call: null, ending: "stop", stoppedBy: stopped.by, outputTokens: pieces.length };
  }
  const ending = isOver ? "limit" : "done";
  return { pieces: kept, call: null, ending, stoppedBy: null, outputTokens: kept.length };
}

function stopAt(text: string, stop: readonly string[]): { text: string; by: string } | null {
  let first: { text: string; by: string } | null = null;
  for (const by of stop) {
    const at = text.indexOf(by);
    if (at >= 0 && at < (first?.text.length ?? Infinity)) first = { text: text.slice(0, at), by };
  }
  return first;
}

function textFor(question: Question, variant: number): readonly string[] {
  if (question.answerSchema !== null) return splitTokens(JSON.stringify(sampleValue(question.answerSchema)));
  const pieces = splitTokens(openingOf(question));
  const offset = variant + countTokens(question.prompt);
  if (question.outputTokens === 0) return [...pieces, ...filler(offset)];
  for (let round = 0; pieces.length < question.outputTokens; round += 1)
    pieces.push(...filler(offset + round));
  return pieces.slice(0, question.outputTokens);
}

function openingOf(question: Question): string {
  const opening = `This is a simulated answer from "${question.model}".`;
  const excerpt = excerptOf(question.prompt);
  if (question.afterTool) return `${opening} The result of the tool has arrived.`;
  return excerpt === "" ? opening : `${opening} You wrote: "${excerpt}".`;
}

function excerptOf(prompt: string): string {
  const line = prompt.slice(0, 400).replaceAll(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= 80 ? line : `${characters.slice(0, 80).join("")}…`;
}

function filler(index: number): readonly string[] {
  return fillers[index % fillers.length] ?? [];
}

function callFor(question: Question): ToolCall | null {
  const tool = toolFor(question);
  if (tool === undefined) return null;
  const sample = sampleValue(tool.schema);
  return { name: tool.name, arguments: sample, pieces: splitTokens(JSON.stringify(sample)) };
}

/** The tool to call: the forced one, or one that the user's words hint at, but not twice for one question. */
function toolFor(question: Question): Tool | undefined {
  const { toolChoice, tools } = question;
  if (toolChoice.kind === "none" || tools.length === 0) return undefined;
  const prompt = question.prompt.toLowerCase();
  const named = (tool: Tool) => isNamedIn(prompt, tool.name);
  if (toolChoice.kind === "auto") return question.afterTool ? undefined : tools.find(named);
  if (toolChoice.name !== null) return tools.find((tool) => tool.name === toolChoice.name);
  return tools.find(named) ?? tools[0];
}

/** Whether a text holds the name of a tool or a telling part of it: "weather" for `get_weather`. */
function isNamedIn(text: string, name: string): boolean {
  const parts = name.split(/[^a-zA-Z0-9]+|(?<=[a-z])(?=[A-Z])/);
  return [name, ...parts.filter((part) => part.length > 3)].some((part) => text.includes(part.toLowerCase()));
}
