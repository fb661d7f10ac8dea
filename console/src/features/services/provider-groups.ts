// The provider catalogue in groups a person looks for: the simulator, own servers, clouds by where they are. Pure.
import type { Provider } from "../../../../src/control/routes/console-answers.ts";

export const providerGroups = ["built-in", "compatible", "global", "china", "own"] as const;
export type ProviderGroup = (typeof providerGroups)[number];

const chinese: ReadonlySet<string> = new Set([
  "dashscope",
  "deepseek",
  "moonshot",
  "zhipu",
  "minimax",
  "doubao",
  "hunyuan",
  "baichuan",
  "yi",
  "stepfun",
  "spark",
  "qianfan",
  "siliconflow",
]);

/** By the catalogue's address; a provider that it does not place is a cloud. */
export function groupOf({ id, endpoints }: Provider): ProviderGroup {
  const url = endpoints[0]?.baseUrl;
  if (url === "simulator:") return "built-in";
  if (url === "") return "compatible";
  if (url?.startsWith("http://127.0.0.1") === true) return "own";
  return chinese.has(id) ? "china" : "global";
}

/** Groups in their order, without empty ones, of the providers whose name or address fits the text. */
export function groupedProviders(
  providers: readonly Provider[],
  text: string,
): readonly { readonly group: ProviderGroup; readonly providers: readonly Provider[] }[] {
  const wanted = text.trim().toLowerCase();
  const fitting = providers.filter((provider) =>
    [provider.id, provider.label, ...provider.endpoints.map(({ baseUrl }) => baseUrl)]
      .join("\n")
      .toLowerCase()
      .includes(wanted),
  );
  return providerGroups
    .map((group) => ({ group, providers: fitting.filter((provider) => groupOf(provider) === group) }))
    .filter((row) => row.providers.length > 0);
}
