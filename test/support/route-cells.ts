// Every default route x method x path x sample as rows of a table, with the bytes of each. Must not know the gateway.
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import { askedModel, formBoundary, formBytes, targetModel, type RouteSample } from "./route-sample.ts";
import { comfyuiSamples } from "./route-samples-comfyui.ts";
import { mediaSamples } from "./route-samples-media.ts";
import { objectSamples } from "./route-samples-objects.ts";
import { textSamples } from "./route-samples-text.ts";

const samples: Readonly<Record<string, readonly RouteSample[]>> = {
  ...textSamples,
  ...mediaSamples,
  ...objectSamples,
  ...comfyuiSamples,
};

/** `as asked`: the target names no model. `renamed`: it does. */
export type ModelVariant = "as asked" | "renamed";

export interface RouteCell {
  readonly name: string;
  readonly row: DefaultRoute;
  readonly sample: RouteSample;
  readonly variant: ModelVariant;
  /** Path and query below the base path. */
  readonly path: string;
  /** Path and query at the service, whose base URL has no path. */
  readonly servicePath: string;
  readonly body: Buffer | undefined;
  readonly contentType: string | undefined;
}

/** Routes without a sample for one of their methods; WebSockets have none. */
export const missingSamples: readonly string[] = defaultRoutes.flatMap((row) =>
  row.websocket === true
    ? []
    : row.methods
        .filter((method) => samplesOf(row, method).length === 0)
        .map((method) => `${keyOf(row)} ${method}`),
);

/** Every cell; the ids that a sample speaks of are still placeholders in it. */
export const routeCells: readonly RouteCell[] = defaultRoutes.flatMap((row) =>
  [row.path, ...(row.alias === undefined ? [] : [row.alias])].flatMap((base) =>
    row.methods.flatMap((method) =>
      samplesOf(row, method).flatMap((sample) =>
        variantsOf(row, sample).map((variant) => cellOf(row, base, sample, variant)),
      ),
    ),
  ),
);

/** A list of models is the gateway's own where the target names one. */
function variantsOf(row: DefaultRoute, sample: RouteSample): readonly ModelVariant[] {
  if (row.name === "models") return ["as asked"];
  return sample.needsTarget === true ? ["renamed"] : ["as asked", "renamed"];
}

function keyOf(row: DefaultRoute): string {
  return `${row.protocol} ${row.name}`;
}

function samplesOf(row: DefaultRoute, method: string): readonly RouteSample[] {
  // The same route may be another thing in another use case.
  const rows = samples[`${row.useCase} ${keyOf(row)}`] ?? samples[keyOf(row)] ?? [];
  return rows.filter((sample) => sample.method === method);
}

function cellOf(row: DefaultRoute, base: string, sample: RouteSample, variant: ModelVariant): RouteCell {
  const { tail = "" } = sample;
  const path = sample.path ?? base + tail;
  const atService = sample.path ?? (row.alias ?? row.path) + tail;
  const renamesPath = variant === "renamed" && sample.model === "path";
  return {
    name: `${row.useCase} ${row.protocol}: ${sample.method} ${path}, ${sample.what}, model ${variant}`,
    row,
    sample,
    variant,
    path,
    servicePath: renamesPath ? atService.replace(askedModel, encodeURIComponent(targetModel)) : atService,
    ...bodyOf(sample),
  };
}

function bodyOf({ json, form, bytes }: RouteSample): Pick<RouteCell, "body" | "contentType"> {
  if (json !== undefined) return { body: Buffer.from(json), contentType: "application/json" };
  if (form !== undefined) {
    return { body: formBytes(form), contentType: `multipart/form-data; boundary="${formBoundary}"` };
  }
  return { body: bytes, contentType: bytes === undefined ? undefined : "application/octet-stream" };
}

/** The text with the ids that were made: `{name}` in a path, `{{name}}` in a body. */
export function fillIn(text: string, ids: Readonly<Record<string, string>>, braces: "{}" | "{{}}"): string {
  let filled = text;
  for (const [name, id] of Object.entries(ids)) {
    filled = filled.replaceAll(braces === "{}" ? `{${name}}` : `{{${name}}}`, id);
  }
  return filled;
}

/** What the service must get, given what the client sent. */
export function expectedBody({ sample, variant }: RouteCell, sent: Buffer | undefined): Buffer {
  const body = sent ?? Buffer.alloc(0);
  if (variant === "as asked") return body;
  const target = JSON.stringify(targetModel);
  switch (sample.model) {
    case "json":
      return replaceIn(body, JSON.stringify(askedModel), target);
    case "json-first":
      return replaceIn(body, "{", `{"model":${target},`);
    case "part":
      return replaceIn(body, modelPart(askedModel), modelPart(targetModel));
    case "part-first": {
      const part = formBytes([{ name: "model", content: targetModel }]);
      return Buffer.concat([part.subarray(0, part.indexOf(`--${formBoundary}--`)), body]);
    }
    default:
      return body;
  }
}

/** The head of a part is not in the file of the same form, though its name and value are. */
function modelPart(name: string): string {
  return `Content-Disposition: form-data; name="model"\r\n\r\n${name}\r\n`;
}

function replaceIn(body: Buffer, text: string, by: string): Buffer {
  const at = body.indexOf(text);
  if (at === -1) throw new Error(`no ${text} in the body of a sample`);
  return Buffer.concat([body.subarray(0, at), Buffer.from(by), body.subarray(at + text.length)]);
}

/** The name that the service is sent; "" where the request names none and none is put in. */
export function expectedModel({ sample, variant }: RouteCell): string {
  const { model = "none" } = sample;
  if (model === "none") return "";
  if (variant === "renamed") return targetModel;
  return model.endsWith("-first") ? "" : askedModel;
}
