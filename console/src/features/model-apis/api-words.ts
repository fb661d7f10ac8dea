// The words for what a Model API is: use cases, protocols, modes. Texts and names only.
import type { LucideIcon } from "lucide-react";
import {
  ArrowDownWideNarrow,
  AudioLines,
  Binary,
  Clapperboard,
  Image,
  MessageSquareText,
  Shapes,
} from "lucide-react";
import type { ModelApi } from "../../api/resources.ts";
import type { UseCase } from "../../../../src/resources/use-case.ts";
import { defineMessages } from "../../i18n/messages.ts";

/** Names of protocols are the same in every language. */
export const protocolNames: Readonly<Record<ModelApi["protocols"][number], string>> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  dashscope: "DashScope",
  comfyui: "ComfyUI",
  vllm: "vLLM",
  gemini: "Gemini",
};

export const caseIcons: Readonly<Record<UseCase, LucideIcon>> = {
  "text-generation": MessageSquareText,
  "image-generation": Image,
  "video-generation": Clapperboard,
  "speech-synthesis": AudioLines,
  embedding: Binary,
  rerank: ArrowDownWideNarrow,
  others: Shapes,
};

/** One word each, for lists. */
export const caseWords = defineMessages(
  {
    "text-generation": "Text",
    "image-generation": "Image",
    "video-generation": "Video",
    "speech-synthesis": "Speech",
    embedding: "Embedding",
    rerank: "Rerank",
    others: "Others",
  },
  {
    "text-generation": "文本",
    "image-generation": "图像",
    "video-generation": "视频",
    "speech-synthesis": "语音",
    embedding: "向量",
    rerank: "重排",
    others: "其他",
  },
);

/** The whole name, for the head of a page. */
export const caseNames = defineMessages(
  {
    "text-generation": "Text generation",
    "image-generation": "Image generation",
    "video-generation": "Video generation",
    "speech-synthesis": "Speech synthesis",
    embedding: "Embedding",
    rerank: "Rerank",
    others: "Others",
  },
  {
    "text-generation": "文本生成",
    "image-generation": "图像生成",
    "video-generation": "视频生成",
    "speech-synthesis": "语音合成",
    embedding: "向量",
    rerank: "重排",
    others: "其他",
  },
);
