// What a model service that is not saved would decide for a prompt: by its own words, domains and figures, and by what was
// learnt for the Model API. How services stand and how fast they are is not known here. Sends nothing.
import type { RoutingRecord } from "../../core/routing-record.ts";
import { chooseModel } from "../../routing/decision/choose-model.ts";
import { gatherEvidence } from "../../routing/decision/gather-evidence.ts";
import type { LabelEstimates } from "../../routing/labels/label-table.ts";
import { openLabelTable } from "../../routing/labels/open-label-table.ts";
import { featuresOfSketch } from "../../routing/learning/replay.ts";
import type { PublishedRouter } from "../../routing/policy.ts";
import { compiled, type DraftRouting } from "./draft-routing.ts";
import { plainFacts, readyState } from "./imported-labels.ts";
import type { LearningPort } from "./routing-port.ts";

export interface UnsavedQuestion {
  readonly draft: DraftRouting;
  readonly router: PublishedRouter | undefined;
  readonly prompt: string;
  /** Model name that the client writes. */
  readonly model: string;
}

export async function unsavedDecision(
  { draft, router, prompt, model }: UnsavedQuestion,
  learning: LearningPort,
): Promise<RoutingRecord> {
  const { domainTable } = draft.policy;
  const [read] = await learning.run("read", { domainTable, texts: [prompt] });
  if (read === undefined) throw new Error("the prompt was not read");
  const routing = compiled(draft);
  const labels = router === undefined || router.labels === "" ? undefined : router;
  const facts = { ...plainFacts(prompt), requestedModel: model };
  const { evidence } = gatherEvidence(routing, {
    facts,
    rules: routing.readRules(facts),
    features: read,
    found: { domains: read.domains, source: "engine" },
    estimates: estimatesOf(labels, read.sketch),
    states: routing.models.map(readyState),
    previous: undefined,
    draw: undefined,
  });
  const { scores: _scores, ...choice } = chooseModel(evidence);
  return { router: `unsaved.${labels?.version ?? 0}`, evidence, choice };
}

function estimatesOf(router: PublishedRouter | undefined, sketch: Int8Array): LabelEstimates | undefined {
  if (router === undefined) return undefined;
  return openLabelTable(Buffer.from(router.labels, "base64")).estimate(featuresOfSketch(sketch));
}
