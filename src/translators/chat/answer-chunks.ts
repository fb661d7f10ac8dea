// A whole answer as the chunks of a stream, for a client that waits for one. Must not know any other protocol.
import type { ChatAnswer, ChatChoice, ChatChunk, ChatDelta } from "./chat-answer.ts";

/** In the order in which a service that streams says it: thinking, text, refusal, calls, how it ended, usage. */
export function answerChunks({ id, created, model, choices, usage }: ChatAnswer): ChatChunk[] {
  const head = { id, object: "chat.completion.chunk", created, model } as const;
  const chunks: ChatChunk[] = choices.flatMap((choice) => [
    ...deltasOf(choice).map((delta) => ({
      ...head,
      choices: [{ index: choice.index, delta, finish_reason: null }],
    })),
    {
      ...head,
      choices: [
        {
          index: choice.index,
          delta: {},
          finish_reason: choice.finish_reason,
          ...(choice.logprobs === undefined ? {} : { logprobs: choice.logprobs }),
          ...(choice.stop_sequence === undefined ? {} : { stop_sequence: choice.stop_sequence }),
        },
      ],
    },
  ]);
  return usage === undefined ? chunks : [...chunks, { ...head, choices: [], usage }];
}

function deltasOf({ message }: ChatChoice): ChatDelta[] {
  const deltas: ChatDelta[] = [{ role: "assistant" }];
  const { reasoning_content: reasoning, reasoning_details: details, content, refusal, annotations } = message;
  if (reasoning !== undefined || details !== undefined) {
    deltas.push({
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(details === undefined ? {} : { reasoning_details: details }),
    });
  }
  if (content !== null && content !== "") deltas.push({ content });
  if (typeof refusal === "string") deltas.push({ refusal });
  if (annotations !== undefined && annotations.length > 0) deltas.push({ annotations });
  message.tool_calls?.forEach((call, index) => deltas.push({ tool_calls: [{ index, ...call }] }));
  return deltas;
}
