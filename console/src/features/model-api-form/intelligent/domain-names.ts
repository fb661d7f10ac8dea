// The domains that a draft tells apart, by name, as people call them: the built-in ones and its own.
import { useMessages } from "../../../i18n/language.tsx";
import { builtInDomains, domainMessages } from "../../routing/domain-words.ts";
import { useFormContext } from "../form-context.tsx";

/** Name -> label. */
export function useDomainNames(): ReadonlyMap<string, string> {
  const t = useMessages(domainMessages);
  const { routing } = useFormContext().draft;
  const names = new Map<string, string>();
  if (routing.builtInDomains) for (const name of builtInDomains) names.set(name, t(name));
  for (const { domain } of routing.domains)
    if (domain.name !== "" && !names.has(domain.name)) names.set(domain.name, domain.name);
  return names;
}
