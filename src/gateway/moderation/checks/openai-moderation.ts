// The check by an endpoint like OpenAI's `/v1/moderations`. Knows not what follows from a find.
import { z } from "zod";
import type { OpenAiModerationCheck } from "../../../snapshot/snapshot-moderation.ts";
import { askService } from "../../ask-service.ts";
import type { ServiceRuntime } from "../../targets/service-runtime.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import {
  CheckFailed,
  type CheckedImage,
  type CheckQuestion,
  type Find,
  type ModerationDimension,
  type Risk,
} from "../check.ts";
import { jsonOf, labelOf, type RemoteJudge } from "./remote-check.ts";

const maxAnswerBytes = 256 * 1024;
/** Scores of categories that are not flagged: what is asked for may be stricter than the endpoint. */
const mediumScore = 0.5;
const lowScore = 0.2;

const answerSchema = z.object({
  results: z
    .array(
      z.object({
        flagged: z.boolean(),
        categories: z.record(z.string(), z.boolean().nullable()),
        category_scores: z.record(z.string(), z.number().nullable()).optional(),
      }),
    )
    .min(1)
    .max(16),
});

export function openAiModeration(
  config: OpenAiModerationCheck,
  service: ServiceRuntime | undefined,
  upstream: Upstream,
): RemoteJudge {
  const ask = async (input: unknown, length: number, question: CheckQuestion): Promise<Find[]> => {
    if (service === undefined) throw new CheckFailed("not-offered");
    const answer = await askService(
      service,
      {
        protocols: ["openai"],
        model: config.model,
        ask: () => ({ path: "/v1/moderations", body: { model: config.model, input } }),
        timeoutMs: config.timeoutMs,
        maxBytes: maxAnswerBytes,
        signal: question.signal,
      },
      upstream,
    );
    const parsed = answerSchema.safeParse(jsonOf(answer));
    if (!parsed.success) throw new CheckFailed("not-understood");
    return parsed.data.results.flatMap((result) => findsOf(result, config, length));
  };
  return {
    maxCharacters: 20_000,
    text: (text, question) => ask(text, text.length, question),
    ...(config.images
      ? { image: (image: CheckedImage, question: CheckQuestion) => ask(imageInput(image), 0, question) }
      : {}),
  };
}

function imageInput({ url, bytes, mediaType = "image/png" }: CheckedImage): unknown {
  if (bytes === undefined && url === undefined) throw new CheckFailed("not-understood");
  const address = bytes === undefined ? url : `data:${mediaType};base64,${bytes.toString("base64")}`;
  return [{ type: "image_url", image_url: { url: address } }];
}

type Result = z.output<typeof answerSchema>["results"][number];

function findsOf(result: Result, config: OpenAiModerationCheck, end: number): Find[] {
  const finds = Object.entries(result.categories).flatMap(([category, isFlagged]): Find[] => {
    const risk = riskOf(isFlagged === true, result.category_scores?.[category] ?? 0);
    if (risk === null) return [];
    const dimension = config.dimension ?? dimensionOf(category);
    return [{ dimension, risk: config.risk ?? risk, label: labelOf(category), start: 0, end }];
  });
  if (!result.flagged || Object.values(result.categories).includes(true)) return finds;
  const dimension = config.dimension ?? "content-compliance";
  return [...finds, { dimension, risk: config.risk ?? "high", label: "flagged", start: 0, end }];
}

function riskOf(isFlagged: boolean, score: number): Risk | null {
  if (isFlagged) return "high";
  if (score >= mediumScore) return "medium";
  return score >= lowScore ? "low" : null;
}

/** OpenAI's categories are about content; endpoints like it have others too. */
function dimensionOf(category: string): ModerationDimension {
  if (/jailbreak|prompt|injection/i.test(category)) return "prompt-attack";
  return /pii|privacy|personal/i.test(category) ? "sensitive-data" : "content-compliance";
}
