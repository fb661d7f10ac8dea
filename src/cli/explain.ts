// `explain`: will tell how a request would be handled. The admin API of this build has no such operation yet.
import { CommandError, type Command } from "./command.ts";

export const explain: Command = {
  usage: "explain --api NAME --path PATH [--body FILE]",
  summary: "tell how a request would be handled (not served by this build)",
  options: { api: { type: "string" }, path: { type: "string" }, body: { type: "string" } },
  maxPositionals: 0,
  run: (args) => {
    args.required("api");
    args.required("path");
    const remedy =
      "send the request itself: x-moongate-service, x-moongate-model and x-moongate-attempts tell who answered";
    return Promise.reject(new CommandError(`explain is not served by this build; ${remedy}`));
  },
};
