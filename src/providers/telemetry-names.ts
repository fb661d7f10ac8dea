// What the OpenTelemetry conventions call our providers. Knows no signal.
// Names: https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ (gen_ai.provider.name)
import type { ProviderId } from "../resources/provider-id.ts";

/** Where theirs differs from ours. */
const names: Partial<Readonly<Record<ProviderId, string>>> = {
  "azure-openai": "azure.ai.openai",
  gemini: "gcp.gemini",
  vertex: "gcp.vertex_ai",
  bedrock: "aws.bedrock",
  mistral: "mistral_ai",
  xai: "x_ai",
  "openai-compatible": "openai",
  "anthropic-compatible": "anthropic",
};

/** The name of theirs, or our own id where they have none. */
export function telemetryProviderName(id: ProviderId): string {
  return names[id] ?? id;
}
