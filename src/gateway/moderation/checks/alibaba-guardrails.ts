// The check by Alibaba Cloud AI Guardrails: MultiModalGuard of its content moderation API, version 2022-03-02, signed.
// Knows not what follows from a find.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../../core/clock.ts";
import type { AlibabaGuardrailsCheck } from "../../../snapshot/snapshot-moderation.ts";
import { collectAnswer } from "../../upstream/collect-answer.ts";
import type { Upstream, UpstreamRequest } from "../../upstream/upstream.ts";
import { CheckFailed, type CheckQuestion, type Find, type ModerationDimension, type Risk } from "../check.ts";
import { acsHeaders, percentEncoded } from "./acs-signature.ts";
import { jsonOf, labelOf, maxFindsOfAnswer, type RemoteJudge } from "./remote-check.ts";

const version = "2022-03-02";
const maxAnswerBytes = 256 * 1024;
/** The service takes 2,000 characters; room for those that it counts twice. */
const maxCharacters = 1_800;

const textServices = { request: "query_security_check", response: "response_security_check" } as const;
const imageServices = { request: "img_query_guard", response: "img_response_guard" } as const;

/** Its kinds of risk; what is not listed is about content. */
const dimensions: Readonly<Record<string, ModerationDimension>> = {
  contentModeration: "content-compliance",
  promptAttack: "prompt-attack",
  sensitiveData: "sensitive-data",
  maliciousUrl: "malicious-url",
  modelHallucination: "hallucination",
};
/** Sensitive data has levels of its own. */
const risks: Readonly<Record<string, Risk | null>> = {
  none: null,
  low: "low",
  medium: "medium",
  high: "high",
  S0: null,
  S1: "low",
  S2: "medium",
  S3: "high",
  S4: "high",
};

const answerSchema = z.object({
  Code: z.number(),
  Data: z
    .object({
      Detail: z
        .array(
          z.object({
            Type: z.string(),
            Level: z.string(),
            Result: z.array(z.object({ Label: z.string().nullish(), Level: z.string().nullish() })).nullish(),
          }),
        )
        .max(maxFindsOfAnswer),
    })
    .optional(),
});

/** What one question needs besides its form. */
interface Asking {
  readonly signal: AbortSignal;
  /** Of the text; 0 for an image. */
  readonly length: number;
}

export function alibabaGuardrails(
  config: AlibabaGuardrailsCheck,
  tools: { readonly upstream: Upstream; readonly clock: Pick<Clock, "wallMs"> },
): RemoteJudge {
  const url = new URL(config.endpoint ?? `https://green-cip.${config.region}.aliyuncs.com`);
  const ask = async (action: string, form: Form, { signal, length }: Asking): Promise<Find[]> => {
    const { timeoutMs } = config;
    const answer = await collectAnswer(
      tools.upstream,
      signedRequest(config, url, { action, form, nowMs: tools.clock.wallMs() }),
      { timeoutMs, maxBytes: maxAnswerBytes, signal },
    );
    return findsOf(jsonOf(answer), config, length);
  };
  return {
    maxCharacters,
    text: (text, { direction, signal, requestId }) =>
      ask("MultiModalGuard", formOf(textServices[direction], { content: text, chatId: requestId }), {
        signal,
        length: text.length,
      }),
    image: ({ url: address, bytes }, { direction, signal }: CheckQuestion) => {
      const service = imageServices[direction];
      if (bytes !== undefined) {
        const form = { ...formOf(service, {}), ImageBase64Str: bytes.toString("base64") };
        return ask("MultiModalGuardForBase64", form, { signal, length: 0 });
      }
      return ask("MultiModalGuard", formOf(service, { imageUrls: [address] }), { signal, length: 0 });
    },
  };
}

type Form = Readonly<Record<string, string>>;

function signedRequest(
  { accessKeyId, accessKeySecret, timeoutMs }: AlibabaGuardrailsCheck,
  { origin, host, pathname }: URL,
  { action, form, nowMs }: { readonly action: string; readonly form: Form; readonly nowMs: number },
): UpstreamRequest {
  const body = Object.entries(form)
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .join("&");
  const contentType = "application/x-www-form-urlencoded";
  const date = new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, "Z");
  const headers = acsHeaders(
    { method: "POST", host, path: pathname, query: [], body, action, version, contentType },
    { accessKeyId, accessKeySecret, date, nonce: randomUUID() },
  );
  return {
    origin,
    method: "POST",
    path: pathname,
    headers: ["accept", "application/json", ...Object.entries(headers).flat()],
    body: Buffer.from(body),
    connectTimeoutMs: timeoutMs,
    freshConnection: false,
  };
}

function formOf(service: string, parameters: object): Form {
  return { Service: service, ServiceParameters: JSON.stringify(parameters) };
}

function findsOf(answer: unknown, config: AlibabaGuardrailsCheck, end: number): Find[] {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw new CheckFailed("not-understood");
  const { Code, Data } = parsed.data;
  if (Code !== 200) throw new CheckFailed(`code-${Math.trunc(Code)}`);
  if (Data === undefined) throw new CheckFailed("not-understood");
  return Data.Detail.flatMap(({ Type, Level, Result }): Find[] => {
    const risk = risks[Level];
    if (risk === undefined) throw new CheckFailed("not-understood");
    if (risk === null) return [];
    const dimension = config.dimension ?? dimensions[Type] ?? "content-compliance";
    const labels = (Result ?? []).flatMap(({ Label }) => Label ?? []).filter((label) => label !== "nonLabel");
    return [...new Set(labels.length === 0 ? [Type] : labels)].map((label) => ({
      dimension,
      risk: config.risk ?? risk,
      label: labelOf(label),
      start: 0,
      end,
    }));
  });
}
