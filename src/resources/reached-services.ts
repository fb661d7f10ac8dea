// Which services a Model API's routes can reach, by protocol and by translation, for whoever offers a choice of them: the
// tables of core under the one roof that the console may look into.
export { spokenEndpoint, taskOfRoute, translatedTo } from "../core/translated-pairs.ts";
export type { ServiceProtocol } from "../core/protocol.ts";
