// What the data plane is told of the checks of content of a Model API: plain data, secrets opened. Part of the snapshot.
import type { Moderation, moderationDimensions, personalDataKinds } from "../resources/moderation.ts";

export type Dimension = (typeof moderationDimensions)[number];

export interface CommonCheck {
  readonly name: string;
  /** Absent: what its type is for, or what its service says. */
  readonly dimension?: Dimension;
  /** Absent: high, or what its service says. */
  readonly risk?: "low" | "medium" | "high";
  readonly on: readonly ("request" | "response")[];
}

interface LocalCheck extends CommonCheck {
  readonly action: "block" | "mask";
}

interface RemoteCheck extends CommonCheck {
  readonly timeoutMs: number;
}

export interface KeywordsCheck extends LocalCheck {
  readonly type: "keywords";
  readonly keywords: readonly string[];
  readonly wholeWords: boolean;
}

export interface RegexCheck extends LocalCheck {
  readonly type: "regex";
  readonly pattern: string;
}

export interface PersonalDataCheck extends LocalCheck {
  readonly type: "personal-data";
  readonly kinds: readonly (typeof personalDataKinds)[number][];
}

export interface PromptAttackCheck extends CommonCheck {
  readonly type: "prompt-attack";
}

export interface OpenAiModerationCheck extends RemoteCheck {
  readonly type: "openai-moderation";
  readonly service: string;
  readonly model: string;
  readonly images: boolean;
}

export interface LlmJudgeCheck extends RemoteCheck {
  readonly type: "llm-judge";
  readonly service: string;
  readonly model: string;
  readonly policy: string;
}

export interface AlibabaGuardrailsCheck extends RemoteCheck {
  readonly type: "alibaba-guardrails";
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly region: string;
  readonly endpoint?: string;
}

export interface WebhookCheck extends RemoteCheck {
  readonly type: "webhook";
  readonly url: string;
  readonly secret?: string;
}

export type SnapshotCheck =
  | KeywordsCheck
  | RegexCheck
  | PersonalDataCheck
  | PromptAttackCheck
  | OpenAiModerationCheck
  | LlmJudgeCheck
  | AlibabaGuardrailsCheck
  | WebhookCheck;

export interface SnapshotModeration {
  readonly dryRun: boolean;
  readonly request: boolean;
  readonly response: boolean;
  readonly images: boolean;
  readonly onError: "block" | "pass";
  readonly streamWindowCharacters: number;
  readonly checks: readonly SnapshotCheck[];
  /** The first that fits a find decides. */
  readonly rules: Moderation["rules"];
}
