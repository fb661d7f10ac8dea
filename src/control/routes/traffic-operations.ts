// Traffic as the console shows it: counts of all Model APIs, and the way through one. Asks a port; knows no record.
import { trafficWindows } from "../../telemetry/traffic-window.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { findObject } from "../objects.ts";
import type { Operation, Parameter } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import type { TrafficWindow } from "./console-answers.ts";
import type { TelemetryPort } from "./ports.ts";
import { trafficSchema, waySchema } from "./traffic-schema.ts";

const json = ["application/json"];

const windowParameter: Parameter = {
  name: "window",
  in: "query",
  description: "How far back.",
  schema: { type: "string", enum: trafficWindows, default: "24h" },
};

const groupParameter: Parameter = {
  name: "resourceGroup",
  in: "query",
  description: "Of the Model APIs of one resource group alone.",
  schema: { type: "string" },
};

export function trafficOperations(configuration: Configuration, port: TelemetryPort): Operation[] {
  return [
    {
      method: "get",
      path: "/api/v1/traffic",
      id: "readTraffic",
      summary: "Count the exchanges of a time, by Model API and in all.",
      tag: "traffic",
      access: "read",
      reach: "groups",
      parameters: [windowParameter, groupParameter],
      status: 200,
      response: { description: "The counts.", mediaTypes: json, schema: trafficSchema },
      errors: ["traffic_unavailable"],
      handle: async ({ query, principal }) => {
        const resourceGroup = query.get("resourceGroup");
        const window = readWindow(query.get("window"));
        const ask = resourceGroup === undefined ? { window } : { window, resourceGroups: [resourceGroup] };
        return jsonAnswer(await told(telemetryFor(port, principal).ask("traffic", ask)));
      },
    },
    {
      method: "get",
      path: "/api/v1/traffic/{api}",
      id: "readWay",
      summary:
        "Count what passed each step on the way through a Model API, what was stopped, and who answered.",
      tag: "traffic",
      access: "read",
      reach: "groups",
      parameters: [windowParameter],
      status: 200,
      response: { description: "The way.", mediaTypes: json, schema: waySchema },
      errors: ["not_found", "traffic_unavailable"],
      handle: async ({ query, param, principal }) => {
        const window = readWindow(query.get("window"));
        const { name } = findObject(
          configurationFor(configuration, principal).working,
          "model-apis",
          param("api"),
        );
        return jsonAnswer(await told(telemetryFor(port, principal).ask("way", { api: name, window })));
      },
    },
  ];
}

/** @throws ControlError `traffic_unavailable` when no answer comes, as when whoever counts is being started again */
export async function told<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw new ControlError("traffic_unavailable", undefined, [], error);
  }
}

function readWindow(text: string | undefined): TrafficWindow {
  if (text === undefined) return "24h";
  const window = trafficWindows.find((known) => known === text);
  if (window !== undefined) return window;
  throw new ControlError("invalid", `window must be one of ${trafficWindows.join(", ")}.`);
}
