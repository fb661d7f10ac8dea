// Sinks beside their resources: how delivery stands, and a try of one, saved or not. Asks a port; knows no protocol.
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { findObject } from "../objects.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { TriedTooOften } from "../tried-too-often.ts";
import { readUnsavedObject } from "../unsaved-object.ts";
import type { ResourceValue } from "../../resources/registry.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";
import type { DeliveryPort } from "./delivery-port.ts";
import { schemaNames, schemaReference } from "./resource-schemas.ts";
import { told } from "./traffic-operations.ts";

const json = ["application/json"];
const kind = "sinks";
const time: JsonSchema = { type: "string", format: "date-time" };

const stateSchema = objectOf({
  name: text,
  status: {
    type: "string",
    enum: ["ok", "retrying", "refused", "idle"],
    description: "`refused`: somebody must change something; nothing is thrown away meanwhile.",
  },
  delivered: { ...integer, description: "Records that the receiver has taken." },
  deadLettered: { ...integer, description: "Records that the receiver will never take." },
  rejected: { ...integer, description: "What a collector says that it dropped of batches that it took." },
  dropped: { ...integer, description: "Records that retention removed before they could be delivered." },
  behind: { ...integer, description: "Records that are still to be delivered." },
  lastDeliveredAt: orNull(time),
  lastError: orNull(objectOf({ at: time, message: text })),
  failingSince: orNull(time),
  nextTryAt: orNull(time),
});

const testSchema = objectOf({
  ok: { type: "boolean" },
  message: text,
  ms: number,
  requests: arrayOf(
    objectOf({
      method: text,
      url: { ...text, description: "Without a query." },
      bytes: integer,
      status: { ...integer, description: "0 = no answer came." },
      ms: number,
    }),
  ),
});

/** At once: nobody shall try addresses out by the hundred. */
const maxRunning = 4;

const shared = {
  method: "post",
  tag: kind,
  access: "write",
  status: 200,
  response: { description: "What was sent, and what came of it.", mediaTypes: json, schema: testSchema },
} as const;

export function sinkOperations(configuration: Configuration, delivery: DeliveryPort): Operation[] {
  let running = 0;
  const tested = async (sink: ResourceValue["sinks"]): Promise<Response> => {
    if (running >= maxRunning)
      throw new TriedTooOften(`${maxRunning} tests run already; try again when one is done.`, 1_000);
    running += 1;
    try {
      return jsonAnswer(await told(delivery.test(sink)));
    } finally {
      running -= 1;
    }
  };
  return [
    {
      method: "get",
      path: "/api/v1/sink-states",
      id: "listSinkStates",
      summary: "Tell how the delivery to every sink stands.",
      tag: kind,
      access: "read",
      reach: "groups",
      status: 200,
      response: {
        description: "The states, by name.",
        mediaTypes: json,
        schema: objectOf({ items: arrayOf(stateSchema) }),
      },
      errors: [],
      handle: ({ principal }) => {
        const { sinks } = configurationFor(configuration, principal).working.resources;
        return jsonAnswer({ items: delivery.states().filter(({ name }) => sinks.has(name)) });
      },
    },
    {
      ...shared,
      path: "/api/v1/sinks/test",
      id: "testUnsavedSink",
      summary: "Send one made-up record to a sink before it is saved.",
      request: {
        description: "The sink. Secrets that are masked or left out are those stored under its name.",
        mediaTypes: json,
        schema: schemaReference(schemaNames(kind).input),
      },
      errors: ["secret_missing", "too_many_tries", "traffic_unavailable"],
      handle: async (call) => tested(readUnsavedObject(configuration, kind, await call.json())),
    },
    {
      ...shared,
      path: "/api/v1/sinks/{name}/test",
      id: "testSink",
      summary: "Send one made-up record to a stored sink.",
      errors: ["not_found", "too_many_tries", "traffic_unavailable"],
      handle: async ({ param }) => {
        const found = findObject(configuration.working, kind, param("name"));
        if (found.kind !== kind) throw new ControlError("not_found");
        return tested(found.value);
      },
    },
  ];
}
