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
import { AccessSection, MonitoringSection } from "./policy-sections.tsx";
import { ReviewSection } from "./review-section.tsx";
import { RoutesSection } from "./routes-section.tsx";
import { SectionIndex } from "./section-index.tsx";
import { ServiceSection } from "./service-section.tsx";
import { UseCaseCards } from "./use-case-cards.tsx";
import type { FormState } from "./use-form.ts";

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
  const choices = choicesOf(services.data?.items ?? [], providers.data?.items ?? [], form.draft.protocols);
  const scroller = useRef<HTMLFormElement>(null);
  const current = useCurrentSection(scroller);
  useLeaving(scroller, form.touch);
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
            <ReviewSection />
          </div>
        </form>
        <Preview pane={pane} onPane={onPane} explain={explain} />
      </div>
    </FormProvider>
  );
}

/** The section at the top of what is seen. */
function useCurrentSection(scroller: React.RefObject<HTMLElement | null>): Section | undefined {
  const [current, setCurrent] = useState<Section>();
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      const top = element.getBoundingClientRect().top + 96;
      const atEnd =
        element.scrollTop > 0 && element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
      const passed = sections.filter((section) => {
        const place = element.querySelector(`[data-section="${section}"]`);
        return place !== null && place.getBoundingClientRect().top <= top;
      });
      setCurrent(atEnd ? sections.at(-1) : (passed.at(-1) ?? sections[0]));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller]);
  return current;
}

/** Tells of each field that the focus leaves. */
function useLeaving(scroller: React.RefObject<HTMLElement | null>, touch: (path: string) => void): void {
  const latest = useRef(touch);
  useEffect(() => {
    latest.current = touch;
  }, [touch]);
  useEffect(() => {
    const element = scroller.current;
    const leave = (event: FocusEvent): void => {
      const left = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-field]") : null;
      const path = left?.dataset["field"];
      if (path !== undefined) latest.current(path);
    };
    element?.addEventListener("focusout", leave);
    return () => element?.removeEventListener("focusout", leave);
  }, [scroller]);
}
