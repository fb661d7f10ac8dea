// Calls of the admin API about learning of one Model API: its state, its judge job, and what may be done with them.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { JudgeState } from "../../../../../src/control/routing/judge/judge-state.ts";
import type { LabelSource, RoutingState } from "../../../../../src/control/routing/routing-answers.ts";
import { call } from "../../../api/client.ts";

const lookAgainMs = 2_000;

export type JudgeAnswer = JudgeState | { readonly state: null };

export function pathOf(api: string, rest = ""): string {
  return `/model-apis/${encodeURIComponent(api)}/routing${rest}`;
}

/** Asked again while a training runs. */
export function routingQuery(api: string) {
  return queryOptions({
    queryKey: ["routing", "state", api],
    queryFn: ({ signal }) => call<RoutingState>("GET", pathOf(api), { signal }),
    refetchInterval: (query) =>
      query.state.data !== undefined && query.state.data.running !== null ? lookAgainMs : false,
  });
}

/** Asked again while the job runs. */
export function judgeQuery(api: string) {
  return queryOptions({
    queryKey: ["routing", "judge", api],
    queryFn: ({ signal }) => call<JudgeAnswer>("GET", pathOf(api, "/judge"), { signal }),
    refetchInterval: (query) => (query.state.data?.state === "running" ? lookAgainMs : false),
  });
}

export type LearningAct =
  | { readonly act: "train" }
  | { readonly act: "publish"; readonly version: number }
  | { readonly act: "rollback" }
  | { readonly act: "clear"; readonly source: LabelSource }
  | { readonly act: "import"; readonly items: readonly object[] }
  | { readonly act: "judge"; readonly order: object }
  | { readonly act: "cancel" };

function send(api: string, action: LearningAct): Promise<unknown> {
  switch (action.act) {
    case "train":
      return call("POST", pathOf(api, "/train"));
    case "publish":
      return call("POST", pathOf(api, "/publish"), { body: { version: action.version } });
    case "rollback":
      return call("POST", pathOf(api, "/rollback"));
    case "clear":
      return call("DELETE", pathOf(api, "/labels"), { query: { source: action.source } });
    case "import":
      return call("POST", pathOf(api, "/labels"), { body: { items: action.items } });
    case "judge":
      return call("POST", pathOf(api, "/judge"), { body: action.order });
    case "cancel":
      return call("DELETE", pathOf(api, "/judge"));
  }
}

/** Does something; afterwards the state is read anew. */
export function useLearningAct(api: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: LearningAct) => send(api, action),
    onSettled: () => client.invalidateQueries({ queryKey: ["routing"] }),
  });
}
