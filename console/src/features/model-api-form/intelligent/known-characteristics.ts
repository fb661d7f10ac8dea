// What the gateway knows of candidates: characteristics of models, from data, from services, or assumed.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import type { KnownCharacteristics } from "../../../../../src/control/routes/console-answers.ts";
import { call } from "../../../api/client.ts";
import type { CandidateDraft } from "./routing-draft.ts";

const askDelayMs = 300;

type Asked = Pick<CandidateDraft, "service" | "model">;

const keyOf = ({ service, model }: Asked): string => JSON.stringify([service, model]);

/** What is known or assumed of each candidate, by service and model; undefined before it is read. */
export function useKnownCharacteristics(
  candidates: readonly Asked[],
): (candidate: Asked) => KnownCharacteristics | undefined {
  const named = candidates.filter(({ service, model }) => service !== "" && model !== "");
  const keys = [...new Set(named.map(keyOf))].toSorted((one, other) => one.localeCompare(other));
  const [settled] = useDebouncedValue(JSON.stringify(keys), askDelayMs);
  const answer = useQuery({
    queryKey: ["services", "characteristics", settled],
    queryFn: ({ signal }) =>
      call<{ readonly items: readonly KnownCharacteristics[] }>("POST", "/routing/characteristics", {
        body: { candidates: named.map(({ service, model }) => ({ service, model })) },
        signal,
      }),
    enabled: keys.length > 0,
    placeholderData: keepPreviousData,
  });
  const known = new Map(answer.data?.items.map((item) => [keyOf(item), item]));
  return (candidate) => known.get(keyOf(candidate));
}
