// The last step of a test: one token from a model, by the same connector, client and headers as any request.
import { likelyChatModel, trialRequest } from "../../protocols/trial-request.ts";
import { ask } from "./ask.ts";
import type { TriedKeys } from "./key-steps.ts";
import { StepFailed } from "./report.ts";
import type { TestContext } from "./test-context.ts";
import { testRequest } from "./test-request.ts";
import { verdictOn } from "./verdict.ts";

const maxAnswerBytes = 1024 * 1024;

interface Told {
  readonly message: string;
  readonly ms?: number;
  readonly skipped?: true;
}

/** @throws StepFailed */
export async function callModel(
  context: TestContext,
  {
    models,
    tried,
    listAbsent,
  }: {
    readonly models: readonly string[];
    readonly tried: TriedKeys | null;
    /** Where the list of models should be, the service has nothing. */
    readonly listAbsent: boolean;
  },
): Promise<Told> {
  const { endpoint, discovery, config, options } = context;
  const model = options.model ?? config.models[0] ?? likelyChatModel(models);
  if (!discovery.chats) return skip("A service of this kind has no chat.");
  if (trialRequest(endpoint.protocol, "") === undefined)
    return skip(`Protocol ${endpoint.protocol} has no chat.`);
  if (model === undefined && listAbsent) {
    const doubt = "Nothing of the service has answered but its 404: is the base URL right?";
    throw new StepFailed(`${doubt} If it has no list of models, name a model, which is then called.`);
  }
  if (model === undefined) return skip("No model is known: name one to call it.");
  const trial = trialRequest(endpoint.protocol, model);
  let failure = "";
  for (const body of trial?.bodies ?? []) {
    const request = await testRequest(context, {
      method: "POST",
      path: trial?.path ?? "",
      headers: trial?.headers ?? [],
      body: Buffer.from(JSON.stringify(body)),
      key: tried?.good ?? "",
      model,
    });
    const { upstream, left, secrets } = context;
    const answer = await ask(request, {
      upstream,
      clock: options.clock,
      deadlineMs: options.deadlines.callMs,
      left,
      maxBytes: maxAnswerBytes,
    });
    const verdict = verdictOn(answer, secrets);
    if (verdict.kind === "good") return { message: `${model} answers.`, ms: answer.firstByteMs };
    failure = `${model}: ${verdict.message}`;
    if (answer.status !== 400) break;
  }
  throw new StepFailed(failure);
}

function skip(message: string): Told {
  return { message, skipped: true };
}
