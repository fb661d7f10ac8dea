// docs/log-delivery.md: how records leave the gateway, with the tables of fields that the delivery itself uses.
import { attemptRows, exchangeRows } from "../../src/telemetry/delivery/exchange-attributes.ts";
import { severities } from "../../src/telemetry/delivery/otlp-logs.ts";
import { instruments, metricRows } from "../../src/telemetry/delivery/otlp-metrics.ts";
import { resourceRows } from "../../src/telemetry/delivery/otlp-receiver.ts";
import type { AttributeRow } from "../../src/telemetry/delivery/otlp-values.ts";
import { accessRows, aiLogRows } from "../../src/telemetry/delivery/sls-fields.ts";
import { code, page, table } from "./markdown.ts";

const sinksExample = `\`\`\`yaml
telemetry:
  sinks:
    - { name: collector, type: otlp, endpoint: "http://127.0.0.1:4318", signals: [logs, metrics, traces] }
    - name: cloud
      type: sls
      endpoint: https://cn-hangzhou.log.aliyuncs.com
      project: my-project
      logstore: my-store
      accessKeyId: my-id
      accessKeySecret: "\${env:SLS_SECRET}"
    - { name: hook, type: webhook, url: "https://example.com/records", secret: "\${env:HOOK_SECRET}" }
    - { name: file, type: file, path: exports/requests.jsonl }
\`\`\``;

export function logDeliveryPage(): string {
  return page("Log delivery", [
    "A sink is a place that records are delivered to: an OpenTelemetry collector, Simple Log Service of Alibaba Cloud, a webhook, or a file. [configuration.md](configuration.md#telemetrysinks) has every field, [examples/14-log-delivery](../examples/14-log-delivery/README.md) something to run.",
    sinksExample,
    ...promise,
    ...operating,
    ...openTelemetry(),
    ...simpleLogService(),
    ...webhook,
    ...file,
  ]);
}

const promise = [
  "## What is promised",
  "- **Nothing is lost through an outage.** The log store is the queue: a delivery thread reads committed records in the order in which they were read in, and every sink has its own place there, kept in `logs/delivery.db`. A sink that does not answer for an hour is an hour behind, and then catches up. Only what retention removes before it could be delivered is lost, and counted (`dropped`).",
  "- **At least once.** A batch is sent again until its receiver says that it has taken it. When the gateway or the connection dies between the two, that batch comes twice: receivers tell a double by the request id, and a webhook by `x-moongate-delivery` too. Metrics carry no request id; points of one series never overlap in time.",
  "- **No sink waits for another**, and no request waits for any of them. Each signal of a collector has a place of its own.",
  "- **A new sink begins with its creation**; a sink that is deleted and made again begins anew. A sink whose fields change goes on where it was.",
  "- Records of a Model API with `monitoring.logs: false` are not delivered as logs, nor to any sink but a collector; `metrics` and `traces` hold for those signals. Recorded content is delivered only where the sink says `includeContent: true`.",
];

const operating = [
  "## Failures",
  table(
    ["What happens", "What is done", "State"],
    [
      [
        "no connection, no answer within 10 s, 408, 425, 429, 5xx; a disk that takes nothing",
        "tried again after 0.5 s, doubling to 30 s, spread at random; `Retry-After` is obeyed, up to an hour",
        "`retrying`",
      ],
      [
        "401, 403, 404, redirects and every other status",
        "tried again after 15 s, doubling to 2 min: somebody must mend address or credentials; nothing is thrown away",
        "`refused`",
      ],
      [
        "400, 413, 422",
        "the batch is halved until the record at fault is found, which becomes a dead letter; all others arrive",
        "`ok`",
      ],
      [
        "20 records refused so, one by one, none taken between them",
        "it is not the records: tried again slowly, and each time one more becomes a dead letter",
        "`refused`",
      ],
      [
        "a collector says that it dropped some of a batch (partial success)",
        "counted as `rejected`, not sent again",
        "`ok`",
      ],
    ],
  ),
  "`GET /api/v1/sink-states` tells how every sink stands, what its last failure was and when the next try is; the console shows it under Settings, and a sink that is refused, or failing for a minute, stands among what needs attention. `POST /api/v1/sinks/{name}/test` sends one made-up record, whose request id begins with `moongate-test-`. Dead letters are in `logs/dead-letters/`, a JSON line each with the reason, 16 MiB a sink, the oldest dropped first. They stay when the sink is deleted.",
  "A batch has at most 500 records and 4 MiB (with content 50 records); one batch of a place is under way at a time, so memory is bounded however far a sink is behind. Addresses are checked as those of services are: `MOONGATE_UPSTREAM_NETWORKS`. No redirect is followed. Without a usable database nothing is delivered until the next good start.",
];

function attributeTable<Subject>(rows: readonly AttributeRow<Subject>[]): string {
  return table(
    ["Attribute", "Type", "From"],
    rows.map(({ name, type, field }) => [code(name), type, fieldText(field)]),
  );
}

/** Names of fields in code; sentences as they are. */
function fieldText(field: string): string {
  return field.includes("`") || field.includes(" ") ? field : code(field);
}

function openTelemetry(): string[] {
  return [
    "## OpenTelemetry",
    "OTLP over HTTP in JSON, gzip, to `/v1/logs`, `/v1/traces` and `/v1/metrics` below the endpoint. Names follow the [conventions for generative AI](https://opentelemetry.io/docs/specs/semconv/gen-ai/), which are still in development; what they have no word for begins with `moongate.`. A value that a record does not have is left out.",
    "### Resource",
    attributeTable(resourceRows),
    "### Spans and logs",
    "An exchange is a span of kind SERVER named `{operation} {model}`, and below it a span of kind CLIENT per attempt. Trace and parent come from the client's `traceparent`; the ids of attempts are those that services got. Exchanges that were not sampled (`monitoring.traceSampleRatio`) have no spans. Tokens are on the gateway's span alone, so that whoever adds up spans counts each once. The gateway's span fails for server errors, time-outs and answers that break off, not for faults of the client.",
    "The span of the gateway and the log of an exchange have the same attributes, and the log has the ids of the span:",
    attributeTable(exchangeRows),
    "An attempt:",
    attributeTable(attemptRows),
    "The severity of a log is that of the outcome:",
    table(
      ["Outcome", "Severity"],
      Object.entries(severities).map(([outcome, [, text]]) => [code(outcome), text]),
    ),
    "### Metrics",
    "Sums and histograms of each batch, with temporality delta: a collector that wants cumulative values has the processor `deltatocumulative`. Points stand at the times at which exchanges ended, also after an outage.",
    table(
      ["Metric", "Kind", "Unit", "Meaning", "Bounds"],
      instruments.map(({ name, unit, description, bounds }) => [
        code(name),
        bounds === undefined ? "sum" : "histogram",
        unit,
        description,
        bounds?.join(", ") ?? "",
      ]),
    ),
    "Series differ by these attributes, `gen_ai.client.token.usage` by `gen_ai.token.type` too. None of them is a text that a client chooses: the model is the one that was sent to the service.",
    attributeTable(metricRows),
  ];
}

function simpleLogService(): string[] {
  const fields = [
    ...accessRows.map(({ name, field }) => [code(name), fieldText(field)]),
    ...aiLogRows.map(({ name, field }) => [code(`ai_log.${name}`), fieldText(field)]),
  ];
  return [
    "## Simple Log Service",
    "PutLogs to `{project}.{endpoint}`, protobuf compressed with LZ4. Requests are signed in version 4 where the region is known, by `region` or from the endpoint, else in version 1; `signatureVersion` decides otherwise. With an IP address as endpoint the project stands in the Host header alone. The time of a log is the start of the exchange, its topic `moongate`, its source the node, its tags instance and region.",
    "With `fieldNames: moongate` a log has the fields of our record under their own names, objects and lists as JSON. With `fieldNames: original` it has those of the cloud gateway, so that dashboards made for it go on; `ai_log` is one JSON text:",
    table(["Field", "From"], fields),
  ];
}

const webhook = [
  "## Webhook",
  'POST of `{"records": [...]}` in JSON, each record as in [lifecycle.md](lifecycle.md). `x-moongate-signature` is the HMAC-SHA256 of the body under `secret`, in hex; compare it before the body is read, in constant time. `x-moongate-delivery` is the same whenever the same records are sent again. Any 2xx is a yes.',
];

const file = [
  "## File",
  "One JSON line per record, appended and flushed to the disk batch by batch. `path` is counted from the data folder, ends in `.jsonl`, `.ndjson` or `.log`, and lies in none of the gateway's own folders. Past `maxBytes` the file becomes `….1`, that one `….2`, and so on; `keep` of them stay. When somebody else moves the file away, it is made anew.",
];
