// The attributes of a decision of mode intelligent, as a table. Other modes have none of them.
import type { DescribedExchange } from "./described-exchange.ts";
import type { AttributeRow } from "./otlp-values.ts";

export const routingRows: readonly AttributeRow<DescribedExchange>[] = [
  {
    name: "moongate.routing.reason",
    type: "string",
    field: "decision.routing.choice.reason",
    of: ({ record }) => record.decision?.routing?.choice.reason,
  },
  {
    name: "moongate.routing.margin",
    type: "double",
    field: "decision.routing.choice.margin",
    of: ({ record }) => record.decision?.routing?.choice.margin,
  },
  {
    name: "moongate.routing.profile",
    type: "string",
    field: "decision.routing.evidence.profile",
    of: ({ record }) => record.decision?.routing?.evidence.profile,
  },
  {
    name: "moongate.routing.domain",
    type: "string",
    field: "decision.routing.evidence.prompt.domains[0].name",
    of: ({ record }) => record.decision?.routing?.evidence.prompt.domains[0]?.name,
  },
  {
    name: "moongate.routing.domain_probability",
    type: "double",
    field: "decision.routing.evidence.prompt.domains[0].probability",
    of: ({ record }) => record.decision?.routing?.evidence.prompt.domains[0]?.probability,
  },
  {
    name: "moongate.routing.excluded",
    type: "string",
    field: "decision.routing.evidence.models[].model, excluded",
    of: ({ record }) =>
      record.decision?.routing?.evidence.models
        .filter(({ excluded }) => excluded !== "")
        .map(({ model, excluded }) => `${model}: ${excluded}`)
        .join(", "),
  },
  {
    name: "moongate.routing.router",
    type: "string",
    field: "decision.routing.router",
    of: ({ record }) => record.decision?.routing?.router,
  },
];
