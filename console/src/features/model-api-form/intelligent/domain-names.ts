// The domains that a draft tells apart, by name, as people call them: the built-in ones and its own.
import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "../../../i18n/language.tsx";
import { useFormContext } from "../form-context.tsx";
import { domainsQuery } from "./routing-catalogue.ts";

/** Name -> label. */
export function useDomainNames(): ReadonlyMap<string, string> {
  const { language } = useLanguage();
  const { draft } = useFormContext();
  const builtIn = useQuery(domainsQuery);
  const { routing } = draft;
  const names = new Map<string, string>();
  if (routing.builtInDomains)
    for (const { name, label } of builtIn.data?.items ?? []) names.set(name, label[language]);
  for (const { domain } of routing.domains)
    if (domain.name !== "" && !names.has(domain.name)) names.set(domain.name, domain.name);
  return names;
}
