// How learning stands for one Model API, as people see it. Knows no HTTP.
import type { KeptVersion } from "../../core/kept-routing.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { ModelService } from "../../resources/model-service.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import { readReport } from "./router-versions.ts";
import type { RouterVersion, RoutingState } from "./routing-answers.ts";
import type { RoutingPort } from "./routing-port.ts";

/** @throws StoreUnavailable */
export function routingState(
  { labels, versions, trainings }: Pick<RoutingPort, "labels" | "versions" | "trainings">,
  api: string,
  modelService: ModelService,
): RoutingState {
  const learning = modelService.mode === "intelligent" ? modelService.learning : undefined;
  const counts = labels.counts(api);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const unusable = labels.countUnusable(api);
  const publication = versions.publicationOf(api);
  const running = trainings.runningOf(api);
  return {
    learns: learning?.enabled ?? false,
    autoPublish: learning?.autoPublish ?? false,
    labels: { total, unusable, items: counts },
    notes: notesOf(unusable, versions.inUse(api) === 0 ? (publication?.version ?? 0) : 0),
    versions: versions.versionsOf(api).map(shownVersion),
    published: {
      version: versions.inUse(api),
      former: publication?.former ?? 0,
      at: publication === undefined ? null : isoTime(publication.atMs),
      by: publication?.by ?? "",
    },
    running: running === undefined ? null : { since: running.since, by: running.by },
    lastRun: versions.lastRun(api),
  };
}

/** @param version that is published and cannot be used; 0: none */
function notesOf(unusable: number, version: number): string[] {
  const notes = [];
  if (unusable > 0)
    notes.push(
      `Labels of prompts that another version of the program has read: ${unusable}. Nothing is learnt of them; what is judged from now on counts.`,
    );
  if (version > 0)
    notes.push(
      `Version ${version} was put into use, but another version of the program has made it: requests are decided by what is declared until it is trained anew.`,
    );
  return notes;
}

function shownVersion({ number, atMs, by, labels, prompts, bytes, report }: KeptVersion): RouterVersion {
  const { against, features, verdict, reason, overCurrent, overDefault } = readReport(report);
  return {
    version: number,
    at: isoTime(atMs),
    by,
    labels,
    prompts,
    bytes,
    against,
    usable: features === featuresVersion,
    verdict,
    reason,
    overCurrent,
    overDefault,
  };
}
