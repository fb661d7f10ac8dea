// The check by a URL of an administrator: what is asked is signed, what is answered is read strictly. Knows not what
// follows from a find.
import { createHmac } from "node:crypto";
import { z } from "zod";

import type { WebhookCheck } from "../../../snapshot/snapshot-moderation.ts";
import { collectAnswer } from "../../upstream/collect-answer.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import { CheckFailed, type CheckedImage, type CheckQuestion, type Find } from "../check.ts";
import { verdictDimensions, verdictRisks } from "./verdict-words.ts";
import { jsonOf, labelOf, maxFindsOfAnswer, type RemoteJudge } from "./remote-check.ts";

const maxAnswerBytes = 256 * 1024;

const answerSchema = z.strictObject({
  findings: z
    .array(
      z
        .strictObject({
          dimension: z.enum(verdictDimensions),
          risk: z.enum(verdictRisks),
          label: z.string().min(1).max(256),
          start: z.number().int().min(0).optional(),
          end: z.number().int().min(0).optional(),
        })
        .refine(
          ({ start, end }) => (start === undefined) === (end === undefined) && (start ?? 0) <= (end ?? 0),
        ),
    )
    .max(maxFindsOfAnswer),
});

export function webhookJudge(config: WebhookCheck, upstream: Upstream): RemoteJudge {
  const { origin, pathname, search } = new URL(config.url);
  const ask = async (content: object, length: number, question: CheckQuestion): Promise<Find[]> => {
    const { requestId, direction, api, consumer, signal } = question;
    const body = Buffer.from(JSON.stringify({ requestId, direction, api, consumer, ...content }));
    const headers = [
      "content-type",
      "application/json",
      "accept",
      "application/json",
      "user-agent",
      "moongate",
    ];
    if (config.secret !== undefined) {
      headers.push("x-moongate-signature", createHmac("sha256", config.secret).update(body).digest("hex"));
    }
    const answer = await collectAnswer(
      upstream,
      {
        origin,
        method: "POST",
        path: pathname + search,
        headers,
        body,
        connectTimeoutMs: config.timeoutMs,
        freshConnection: false,
      },
      { timeoutMs: config.timeoutMs, maxBytes: maxAnswerBytes, signal },
    );
    const parsed = answerSchema.safeParse(jsonOf(answer));
    if (!parsed.success) throw new CheckFailed("not-understood");
    return parsed.data.findings.map((find) => findOf(find, config, length));
  };
  return {
    maxCharacters: 100_000,
    text: (text, question) => ask({ text }, text.length, question),
    image: (image, question) => ask({ image: imageOf(image) }, 0, question),
  };
}

function findOf(
  { dimension, risk, label, start = 0, end }: z.output<typeof answerSchema>["findings"][number],
  config: WebhookCheck,
  length: number,
): Find {
  if ((end ?? 0) > length) throw new CheckFailed("not-understood");
  return {
    dimension: config.dimension ?? dimension,
    risk: config.risk ?? risk,
    label: labelOf(label),
    start,
    end: end ?? length,
  };
}

function imageOf({ url, bytes, mediaType }: CheckedImage): object {
  return {
    ...(bytes === undefined ? { url } : { base64: bytes.toString("base64") }),
    ...(mediaType === undefined ? {} : { mediaType }),
  };
}
