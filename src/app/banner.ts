// What a person reads after the start: where everything is, how to sign in, what to try first. Text only.
import type { Snapshot } from "../snapshot/snapshot.ts";
import { modeTargets } from "../snapshot/snapshot-targets.ts";

export interface BannerFacts {
  readonly version: string;
  readonly gatewayUrl: string;
  readonly consoleUrl: string;
  /** Whether pages of the console are served. */
  readonly hasConsole: boolean;
  /** Of the set-up link; null when there is an owner who can sign in. */
  readonly setUpToken: string | null;
  readonly dataDir: string;
  /** Printed when no other way to sign in exists yet. */
  readonly bootstrapToken: string | null;
  readonly snapshot: Snapshot | undefined;
}

export function banner(facts: BannerFacts): string {
  const { gatewayUrl, consoleUrl, dataDir, hasConsole, setUpToken } = facts;
  const lines = [
    `Moongate ${facts.version} is ready`,
    "",
    `  data plane   ${gatewayUrl}`,
    ...(hasConsole ? [`  console      ${consoleUrl}/`] : []),
    `  admin API    ${consoleUrl}/api/v1   (description: ${consoleUrl}/api/v1/openapi.json)`,
    `  data folder  ${dataDir}`,
  ];
  if (hasConsole && setUpToken !== null) {
    lines.push(
      "",
      "Nobody can sign in to the console yet. This link creates the owner, once (it changes with every start):",
      // Behind "#", which browsers send to nobody.
      `  ${consoleUrl}/setup#token=${setUpToken}`,
    );
  }
  if (facts.bootstrapToken !== null) {
    lines.push(
      "",
      "For scripts: until an owner exists, this token works (it changes with every start):",
      `  export MOONGATE_ADMIN_TOKEN=${facts.bootstrapToken}`,
    );
  }
  const call = firstCall(facts.snapshot, gatewayUrl);
  if (call !== undefined) lines.push("", "Try it:", call);
  return `${lines.join("\n")}\n`;
}

/** A curl line for the first Model API that answers chat completions without a credential. */
function firstCall(snapshot: Snapshot | undefined, gatewayUrl: string): string | undefined {
  for (const api of snapshot?.apis.values() ?? []) {
    const serves = api.routes.some((route) => route.name === "create-chat-completion");
    if (!serves || api.auth !== null) continue;
    const base = api.basePath === "/" ? "" : api.basePath;
    const host = api.hosts.includes("*") ? "" : ` -H 'host: ${(api.hosts[0] ?? "").replace("*", "www")}'`;
    const providers = modeTargets(api.modelService).map(
      ({ service }) => snapshot?.services.get(service)?.provider,
    );
    const simulated = providers.includes("simulator") ? "   # simulated answer" : "";
    const body = '{"model":"moon-1","messages":[{"role":"user","content":"Hello!"}]}';
    return `  curl ${gatewayUrl}${base}/v1/chat/completions${host} -H 'content-type: application/json' -d '${body}'${simulated}`;
  }
  return undefined;
}
