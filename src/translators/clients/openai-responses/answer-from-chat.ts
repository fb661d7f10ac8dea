// A whole answer in chat form as a `response` object. Must not know services.
import { blocksOf } from "../../chat/assistant-blocks.ts";
import type { ChatAnswer, ChatChoice } from "../../chat/chat-answer.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import { clientToolsOf, type ClientTool } from "./client-tools.ts";
import {
  annotationOf,
  clientRunItem,
  functionItem,
  logprobsOf,
  messageItem,
  reasoningItem,
  refusalPart,
  signatureItem,
  stateOfDetail,
  textPart,
  type ItemStatus,
  type OutputItem,
} from "./output-items.ts";
import { repeatedFields, responseUsage, stateOf } from "./response-object.ts";

export function answerFromChat(
  answer: ChatAnswer,
  { body }: ClientRequest,
  context: TranslationContext,
): object {
  const choice = answer.choices.find(({ index }) => index === 0) ?? answer.choices[0];
  const state = stateOf(choice?.finish_reason ?? null);
  return {
    id: `resp_${context.newId()}`,
    object: "response",
    created_at: answer.created,
    completed_at: state.status === "completed" ? context.nowSeconds : null,
    model: answer.model,
    ...state,
    output: choice === undefined ? [] : outputOf(choice, clientToolsOf(body), context.newId),
    usage: responseUsage(answer.usage),
    ...repeatedFields(body, answer.service_tier),
  };
}

function outputOf(
  choice: ChatChoice,
  tools: ReadonlyMap<string, ClientTool>,
  newId: () => string,
): OutputItem[] {
  const { message, finish_reason: finish } = choice;
  const items: OutputItem[] = [];
  const details = message.reasoning_details ?? [];
  const words = message.reasoning_content ?? "";
  if (details.length === 0 && words !== "") items.push(reasoningItem(`rs_${newId()}`, words, undefined));
  const blocks = blocksOf({ ...message, refusal: null, server_blocks: [] });
  const hasText = blocks.some(({ kind }) => kind === "text");
  // A refusal stands where the text would.
  const refusalAt = hasText ? -1 : blocks.findLastIndex(({ kind }) => kind === "reasoning") + 1;
  const isCut = finish === "length" || finish === "content_filter";
  const statusAt = (index: number): ItemStatus =>
    isCut && index >= blocks.length - 1 ? "incomplete" : "completed";
  for (let index = 0; index <= blocks.length; index++) {
    const block = blocks[index];
    if (index === refusalAt && typeof message.refusal === "string")
      items.push(messageItem(`msg_${newId()}`, statusAt(blocks.length), partsOf(choice, "")));
    if (block?.kind === "reasoning")
      items.push(reasoningItem(`rs_${newId()}`, block.detail.text ?? "", stateOfDetail(block.detail)));
    else if (block?.kind === "text")
      items.push(messageItem(`msg_${newId()}`, statusAt(index), partsOf(choice, block.part.text)));
    else if (block?.kind === "call") {
      const { id: callId, function: made, extra_content: extra } = block.call;
      const signature = extra?.google?.thought_signature;
      if (signature !== undefined) items.push(signatureItem(`rs_${newId()}`, callId, signature));
      const call = { callId, name: made.name, arguments: made.arguments || "{}" };
      const tool = tools.get(made.name);
      items.push(
        clientRunItem(newId, call, tool, statusAt(index)) ??
          functionItem(`fc_${newId()}`, call, tool, statusAt(index)),
      );
    }
  }
  return items;
}

function partsOf({ message, logprobs }: ChatChoice, text: string): object[] & ReturnType<typeof textPart>[] {
  const parts = [];
  if (text !== "")
    parts.push(textPart(text, (message.annotations ?? []).map(annotationOf), logprobsOf(logprobs)));
  if (typeof message.refusal === "string") parts.push(refusalPart(message.refusal));
  return parts;
}
