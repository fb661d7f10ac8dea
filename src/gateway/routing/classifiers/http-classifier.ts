// A classifier of the administrator's own, asked by POST: what it answers is read strictly. Knows not what follows.
import { z } from "zod";
import type { ClassifierDomain } from "../../../routing/policy.ts";
import { parseJson } from "../../../lib/json-value.ts";
import { collectAnswer } from "../../upstream/collect-answer.ts";
import type { DomainProbability } from "../classifier.ts";
import { ClassifierFailed, goodBody, type DomainAsker } from "./domain-asker.ts";

const maxAnswerBytes = 64 * 1024;
/** Of all probabilities: what rounding adds is forgiven. */
const maxSum = 1.01;

const answerSchema = z.object({ domains: z.record(z.string().max(256), z.number().min(0).max(1)) });

export function httpClassifier(config: {
  readonly url: string;
  readonly timeoutMs: number;
  readonly domains: readonly ClassifierDomain[];
}): DomainAsker {
  const { origin, pathname, search } = new URL(config.url);
  const { timeoutMs } = config;
  const names = config.domains.map(({ name }) => name);
  const known = new Set(names);
  return {
    whereUnsure: false,
    async ask(text, { upstream, signal }) {
      const request = {
        origin,
        method: "POST",
        path: pathname + search,
        headers: ["content-type", "application/json", "accept", "application/json", "user-agent", "moongate"],
        body: Buffer.from(JSON.stringify({ text, domains: names })),
        connectTimeoutMs: timeoutMs,
        freshConnection: false,
      };
      const answer = await collectAnswer(upstream, request, { timeoutMs, maxBytes: maxAnswerBytes, signal });
      return probabilities(goodBody(answer), known);
    },
  };
}

/** @throws ClassifierFailed where it is no answer to what was asked */
function probabilities(body: string, known: ReadonlySet<string>): DomainProbability[] {
  const parsed = answerSchema.safeParse(parseJson(body));
  if (!parsed.success) throw new ClassifierFailed("not-understood");
  const all = Object.entries(parsed.data.domains);
  const sum = all.reduce((total, [, probability]) => total + probability, 0);
  if (sum > maxSum || all.some(([name]) => !known.has(name))) throw new ClassifierFailed("not-understood");
  return all.map(([name, probability]) => ({ name, probability }));
}
