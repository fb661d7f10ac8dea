// The form of a service: its sections, the summary of faults, the test beside it. Knows not whether it creates or edits.
import { Info, Lock } from "lucide-react";
import type { ReactNode } from "react";
import type { KeyStanding, ServiceStanding } from "../../../../src/control/routes/console-answers.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { AddressSection } from "./address-section.tsx";
import { AdvancedSection } from "./advanced-section.tsx";
import classes from "./form.module.css";
import { GeneralSection } from "./general-section.tsx";
import { KeysSection } from "./keys-section.tsx";
import { ModelsSection } from "./models-section.tsx";
import { providerNote } from "./provider-texts.ts";
import { addModels } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";
import { SimulatorSection } from "./simulator-section.tsx";
import { testMessages } from "./test-messages.ts";
import { TestPanel } from "./test-panel.tsx";
import { TestModels } from "./test-models.tsx";
import type { TestSubject } from "./use-service-test.ts";

export interface ServiceFormProps {
  readonly form: ServiceForm;
  readonly isNew: boolean;
  readonly subject: TestSubject;
  readonly keyStandings: ReadonlyMap<string, KeyStanding>;
  readonly standing?: ServiceStanding | undefined;
  /** Why nothing can be changed; empty when it can. */
  readonly locked: string;
  /** Of the last save. */
  readonly failure: { readonly error: unknown; readonly others: readonly string[] } | undefined;
  readonly onSubmit: () => void;
  /** The bar at the foot. */
  readonly bar: ReactNode;
  /** Over the test, at the side. */
  readonly aside?: ReactNode;
}

export function ServiceFormView(props: ServiceFormProps) {
  const { form, isNew, subject, keyStandings, locked, onSubmit, bar, aside } = props;
  const t = useMessages(serviceFormMessages);
  const texts = useMessages(testMessages);
  const { language } = useLanguage();
  const { provider, draft } = form;
  const isSimulator = provider.id === "simulator";
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className={classes["page"]}>
        <div className={classes["form"]}>
          {locked !== "" && (
            <p className="note note-info" style={{ marginBottom: 16 }}>
              <Lock size={15} aria-hidden style={{ flex: "none" }} />
              {locked}
            </p>
          )}
          {provider.note !== "" && (
            <p className="note note-info small" style={{ marginBottom: 16 }}>
              <Info size={15} aria-hidden style={{ flex: "none" }} />
              {providerNote(provider, language)}
            </p>
          )}
          <FaultSummary {...props} />
          <fieldset className={classes["fields"]} disabled={locked !== ""}>
            <GeneralSection form={form} isNew={isNew} />
            {!isSimulator && provider.endpoints.length > 0 && <AddressSection form={form} />}
            {isSimulator && <SimulatorSection form={form} />}
            {(provider.auth.kind !== "none" || draft.apiKeys.length > 0) && (
              <KeysSection form={form} standings={keyStandings} />
            )}
            <ModelsSection form={form} subject={subject} />
            <AdvancedSection
              form={form}
              isOpen={draft.protocols.length + draft.headers.length > 0 || provider.endpoints.length === 0}
            />
          </fieldset>
        </div>
        <aside className={classes["aside"]}>
          <div className={classes["sticky"]}>
            {aside}
            <section aria-labelledby="section-test">
              <h2 id="section-test" style={{ marginBottom: 8 }}>
                {texts("title")}
              </h2>
              <TestPanel
                subject={subject}
                blocked={form.isValid ? undefined : t("testBlocked")}
                renderAfter={(report) => (
                  <TestModels
                    report={report}
                    present={draft.models.map(({ name }) => name)}
                    locked={locked !== ""}
                    onAdd={(names) => form.change({ models: addModels(draft.models, names, provider) })}
                  />
                )}
              />
            </section>
          </div>
        </aside>
      </div>
      {bar}
    </form>
  );
}

const sections = {
  name: "name",
  baseUrl: "baseUrl",
  region: "region",
  project: "project",
  apiKeys: "keys",
  models: "models",
  headers: "headers",
  protocols: "protocols",
} as const;

/** The word for the part of the form in which a field stands. */
function sectionOf(path: string): (typeof sections)[keyof typeof sections] | "general" {
  const found = Object.entries(sections).find(([field]) => path === field || path.startsWith(`${field}[`));
  return found?.[1] ?? "general";
}

/** What keeps the service from being saved, as links to the fields. */
function FaultSummary({ form, failure }: ServiceFormProps) {
  const t = useMessages(serviceFormMessages);
  const { shownErrors } = form;
  if (failure === undefined) return null;
  if (shownErrors.length === 0) {
    return (
      <div style={{ marginBottom: 16 }}>
        {failure.error !== null && <ErrorPanel title={t("saveFailed")} error={failure.error} />}
      </div>
    );
  }
  return (
    <div role="alert" className="note note-bad" style={{ marginBottom: 16 }}>
      <div>
        <p className="medium">{t("summaryHead", { n: shownErrors.length })}</p>
        <ul style={{ margin: "4px 0 0", paddingLeft: 18 }}>
          {shownErrors.map(([path, text]) => (
            <li key={path}>
              <a
                className="textlink"
                href={`#${fieldId(path)}`}
                onClick={(event) => {
                  event.preventDefault();
                  focusField(path);
                }}
              >
                {t("faultOf", { field: t(sectionOf(path)), text })}
              </a>
            </li>
          ))}
          {failure.others.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Goes to a field; one in a folded part is unfolded first. */
function focusField(path: string): void {
  const field = document.getElementById(fieldId(path));
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

/** Goes to the first field with a fault, once the faults are shown. */
export function focusFirstFault(): void {
  requestAnimationFrame(() => {
    const [first] = document.querySelectorAll<HTMLElement>('form [aria-invalid="true"]');
    if (first === undefined) focusField("apiKeys");
    else {
      first.closest("details")?.setAttribute("open", "");
      first.focus();
    }
  });
}
