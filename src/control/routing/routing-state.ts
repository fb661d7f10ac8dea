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
  const publication = versions.publicationOf(api);
  const running = trainings.runningOf(api);
  return {
    learns: learning?.enabled ?? false,
    autoPublish: learning?.autoPublish ?? false,
    labels: { total: counts.reduce((sum, { count }) => sum + count, 0), items: counts },
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
