// The form of a Model API as a page shows it: index, sections, preview. The same for a new one and for an edit.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { listQuery } from "../../api/resources.ts";
import { providersQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { UseCase } from "../../../../src/resources/use-case.ts";
import { choicesOf } from "./eligible.ts";
import { EntrySection } from "./entry-section.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { FallbackSection } from "./fallback-section.tsx";
import { sections, type Section } from "./faults.ts";
import { FormProvider } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import { FormSection } from "./form-sections.tsx";
import classes from "./form.module.css";
import { GeneralSection } from "./general-section.tsx";
import type { Pane } from "./form-search.ts";
import { Preview } from "./preview.tsx";
import { AccessSection, MonitoringSection, PoliciesSection } from "./policy-sections.tsx";
import { servedRoutes } from "./routes-of-draft.ts";
import { ReviewSection } from "./review-section.tsx";
import { RoutesSection } from "./routes-section.tsx";
import { SectionIndex } from "./section-index.tsx";
import { ServiceSection } from "./service-section.tsx";
import { UseCaseCards } from "./use-case-cards.tsx";
import type { FormState } from "./use-form.ts";
import { useLeaving } from "./use-leaving.ts";

export function ModelApiForm({
  form,
  editing,
  readOnly,
  pane,
  onPane,
  explain,
  onUseCase,
  onSubmit,
  above,
}: {
  readonly form: FormState;
  readonly editing?: string;
  readonly readOnly: string | undefined;
  readonly pane: Pane;
  readonly onPane: (pane: Pane) => void;
  readonly explain: ReactNode;
  readonly onUseCase: (useCase: UseCase) => void;
  readonly onSubmit: () => void;
  /** Notes over the first section. */
  readonly above?: ReactNode;
}) {
  const t = useMessages(formMessages);
  const services = useQuery(listQuery("services"));
  const providers = useQuery(providersQuery);
  const choices = choicesOf(
    services.data?.items ?? [],
    providers.data?.items ?? [],
    form.draft.protocols,
    servedRoutes(form.draft),
  );
  const scroller = useRef<HTMLFormElement>(null);
  const current = useCurrentSection(scroller);
  useLeaving(scroller, form.touch);
  useFirstSection();
  return (
    <FormProvider value={{ ...form, choices, editing, readOnly }}>
      <div className={classes["frame"]}>
        <SectionIndex current={current} />
        <form
          ref={scroller}
          id="model-api-form"
          className={classes["form"]}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          <div className={classes["column"]}>
            {above}
            {form.submitted && <ErrorSummary faults={form.faults} />}
            <FormSection id="useCase" title={t("useCase")} hidden>
              <UseCaseCards
                value={form.draft.useCase}
                locked={editing === undefined ? undefined : t("useCaseFixed")}
                onChange={onUseCase}
              />
            </FormSection>
            <GeneralSection />
            <EntrySection />
            <ServiceSection />
            <FallbackSection />
            <RoutesSection />
            <MonitoringSection />
            <AccessSection />
            <PoliciesSection />
            <ReviewSection />
          </div>
        </form>
        <Preview pane={pane} onPane={onPane} explain={explain} />
      </div>
    </FormProvider>
  );
}

/** Goes to the section that the address names, which was not there yet when the page began. */
function useFirstSection(): void {
  useEffect(() => {
    const named = sections.find((section) => `#${section}` === location.hash);
    if (named !== undefined) document.querySelector(`[data-section="${named}"]`)?.scrollIntoView();
  }, []);
}

/** Below this distance from the top a section's head counts as passed. */
const passedAt = 220;

/** The section at the top of what is seen. What scrolls is the form, or on smaller screens a frame around it. */
function useCurrentSection(form: React.RefObject<HTMLElement | null>): Section | undefined {
  const [current, setCurrent] = useState<Section>();
  useEffect(() => {
    const element = form.current;
    if (element === null) return;
    const look = (event?: Event): void => {
      const scrolled = event?.target instanceof HTMLElement ? event.target : element;
      if (!scrolled.contains(element)) return;
      const atEnd =
        scrolled.scrollTop > 0 && scrolled.scrollTop + scrolled.clientHeight >= scrolled.scrollHeight - 2;
      const passed = sections.filter((section) => {
        const place = element.querySelector(`[data-section="${section}"]`);
        return place !== null && place.getBoundingClientRect().top <= passedAt;
      });
      setCurrent(atEnd ? sections.at(-1) : (passed.at(-1) ?? sections[0]));
    };
    look();
    // Scrolling does not bubble.
    document.addEventListener("scroll", look, { passive: true, capture: true });
    return () => document.removeEventListener("scroll", look, { capture: true });
  }, [form]);
  return current;
}
