// Lets the control plane ask recorded prompts again, from the main thread, the way the data plane would reach services.
import type { ReplayPort } from "../control/routing/judge/replay-port.ts";
import { priceOf } from "../gateway/cost.ts";
import { askChat } from "../gateway/routing/ask-chat.ts";
import { recordedChat } from "../gateway/routing/recorded-chat.ts";
import { AskFailed } from "../gateway/upstream/collect-answer.ts";
import { createUndiciUpstream } from "../gateway/upstream/undici-upstream.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import type { ReadingPlans } from "./reading-plans.ts";
import type { Stops } from "./stops.ts";

const timeoutMs = 60_000;
const maxBytes = 1024 * 1024;

export function replayPort(plans: ReadingPlans, networks: AllowedNetworks, stops: Stops): ReplayPort {
  const upstream = createUndiciUpstream(networks);
  stops.add(() => upstream.close());
  return {
    read: (_protocol, content) => recordedChat(content),
    price({ service, model }) {
      const { plan } = plans.current ?? {};
      return plan && priceOf(plan, service, model);
    },
    async ask({ service, model }, chat, { maxTokens, signal }) {
      const runtime = plans.services.get(service);
      if (runtime === undefined) throw new AskFailed("not-offered");
      return askChat(runtime, { model, chat, maxTokens, timeoutMs, maxBytes, signal }, upstream);
    },
  };
}
