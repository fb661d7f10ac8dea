// One single call from end to end, as text on both sides. Only for tests.
import type { ModelTraits } from "../core/model-traits.ts";
import type { ReportedError } from "../protocols/wire.ts";
import type { Translate } from "./translated-call.ts";
import type { ServiceCall } from "./translation.ts";
import { contextOf } from "./translation-fixture.ts";

export interface SingleExchange {
  readonly calls: readonly ServiceCall[];
  /** What the client is answered, or what the service reported. */
  readonly answer: unknown;
  readonly warnings: readonly string[];
}

interface Asked {
  readonly body: unknown;
  readonly traits?: ModelTraits;
  readonly passFields?: readonly string[];
  /** Bodies of the service's answers. */
  readonly answers?: readonly unknown[];
}

export function exchange(
  translate: Translate,
  { body, traits = {}, passFields = [], answers }: Asked,
): SingleExchange {
  const context = contextOf({ model: "m", traits, passFields });
  const translation = translate({ body, model: "asked", stream: false }, context);
  const calls = translation.calls(new Map());
  const texts = answers?.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  const answer = texts === undefined ? undefined : read(translation.answer(texts));
  const warnings = context.notes.warnings.map(({ field, action }) => `${field};${action}`);
  return { calls, answer, warnings };
}

function read(answer: { readonly body: string } | ReportedError): unknown {
  return "body" in answer ? JSON.parse(answer.body) : answer;
}
