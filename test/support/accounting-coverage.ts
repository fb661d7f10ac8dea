// Which default routes make usage, and which of them requests go to. Must not know sockets.
import { routeOperations, type Operation } from "../../src/protocols/route-operations.ts";
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import type { CountedRequest } from "./accounting-request.ts";

/** The route that a request goes to; undefined for a custom one. */
export function routeOf({ useCase, protocol, path }: Pick<CountedRequest, "useCase" | "protocol" | "path">) {
  const [plainPath = ""] = path.split("?");
  const rows = defaultRoutes.filter((row) => row.useCase === useCase && row.protocol === protocol);
  return (
    rows.find((row) => row.path === plainPath || row.alias === plainPath) ??
    rows.find((row) => row.match === "prefix" && plainPath.startsWith(`${row.path}/`))
  );
}

export const nameOf = ({ useCase, protocol, name }: DefaultRoute): string => `${useCase} ${protocol} ${name}`;

/** An operation that names a model, or whose answer is a model's or an object's, may consume something. */
const mayConsume = ({ model, answer }: Operation): boolean =>
  model !== "none" || (answer !== "json" && answer !== "bytes");

/** Every default route that may consume something, sockets included. */
export const consumingRoutes: readonly DefaultRoute[] = defaultRoutes.filter(
  (row) =>
    row.websocket === true || routeOperations[`${row.protocol} ${row.name}`]?.some(mayConsume) !== false,
);

const elsewhere = "test/accounting-objects.test.ts counts";

/** Routes that have no cell of request and ending, each with the reason. */
export const exemptRoutes: Readonly<Record<string, string>> = {
  "text-generation openai realtime": `${elsewhere} what sessions consume, by ending`,
  "speech-synthesis dashscope dashscope-text-to-audio-synthesis": `${elsewhere} what tasks speak, by ending`,
  "image-generation comfyui comfyui-websocket": `${elsewhere} nothing for what it only tells`,
  "image-generation dashscope tasks": `${elsewhere} a task at the look that sees it done`,
  "video-generation dashscope tasks": `${elsewhere} a task at the look that sees it done`,
};
