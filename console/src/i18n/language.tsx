// Which language the console speaks, for every component below the provider; remembered in this browser.
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { createTranslate, languages, type Language, type Messages, type Translate } from "./messages.ts";

const storageKey = "moongate-language";

interface LanguageState {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<LanguageState>({ language: "en", setLanguage: () => undefined });

function firstLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  const known = languages.find((language) => language === stored);
  return known ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    localStorage.setItem(storageKey, language);
  }, [language]);
  const state = useMemo(() => ({ language, setLanguage }), [language]);
  return <LanguageContext value={state}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageState {
  return use(LanguageContext);
}

/** The texts of a feature in the language of the moment. */
export function useMessages<English extends Readonly<Record<string, string>>>(
  messages: Messages<English>,
): Translate<English> {
  const { language } = useLanguage();
  return useMemo(() => createTranslate(messages, language), [messages, language]);
}
