// What a model has said so far, put together from pieces of any protocol. Knows no wire format.

/** What one frame, or a whole plain answer, adds. */
export type Piece =
  | { readonly kind: "text" | "reasoning" | "refusal"; readonly text: string }
  | {
      readonly kind: "tool";
      /** Which call it belongs to, within the answer. */
      readonly key: string;
      readonly id?: string;
      readonly name?: string;
      /** A further part of the arguments. */
      readonly input?: string;
    }
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "usage"; readonly usage: Partial<TokenUse> }
  | { readonly kind: "finish"; readonly reason: string }
  | { readonly kind: "model"; readonly model: string }
  | { readonly kind: "error"; readonly message: string; readonly code: string };

/** Tokens as the answer itself reports them. */
export interface TokenUse {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly reasoning: number;
}

export interface ToolCall {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly input: string;
}

export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly tools: readonly ToolCall[];
  readonly images: readonly string[];
  readonly usage: Partial<TokenUse>;
  readonly finish: string;
  /** As the answer names it. */
  readonly model: string;
  readonly error: { readonly message: string; readonly code: string } | null;
}

export const emptyAnswer: Answer = {
  text: "",
  reasoning: "",
  refusal: "",
  tools: [],
  images: [],
  usage: {},
  finish: "",
  model: "",
  error: null,
};

/** Whether a piece is what a client waits for: the first such one ends the wait. */
export function isContent({ kind }: Piece): boolean {
  return kind === "text" || kind === "reasoning" || kind === "refusal" || kind === "tool" || kind === "image";
}

export function addPieces(answer: Answer, pieces: readonly Piece[]): Answer {
  return pieces.reduce(addPiece, answer);
}

function addPiece(answer: Answer, piece: Piece): Answer {
  switch (piece.kind) {
    case "text":
    case "reasoning":
    case "refusal":
      return { ...answer, [piece.kind]: answer[piece.kind] + piece.text };
    case "tool":
      return { ...answer, tools: withTool(answer.tools, piece) };
    case "image":
      return { ...answer, images: [...answer.images, piece.url] };
    case "usage":
      return { ...answer, usage: { ...answer.usage, ...piece.usage } };
    case "finish":
      return { ...answer, finish: piece.reason };
    case "model":
      return { ...answer, model: piece.model };
    case "error":
      return { ...answer, error: { message: piece.message, code: piece.code } };
  }
}

function withTool(
  tools: readonly ToolCall[],
  { key, id = "", name = "", input = "" }: Extract<Piece, { kind: "tool" }>,
): readonly ToolCall[] {
  if (!tools.some((tool) => tool.key === key)) return [...tools, { key, id, name, input }];
  return tools.map((tool) =>
    tool.key === key ? { key, id: tool.id || id, name: tool.name || name, input: tool.input + input } : tool,
  );
}

/** How many tokens a text may be, where nobody counted: four letters each, or two thirds of a Chinese character. */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (const character of text) if ((character.codePointAt(0) ?? 0) >= 0x2e80) wide += 1;
  return Math.ceil((text.length - wide) / 4 + wide / 1.5);
}
