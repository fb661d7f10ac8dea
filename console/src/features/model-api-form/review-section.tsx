// The end of the form: everything in plain sentences, with what the gateway warns of.
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { useFormContext } from "./form-context.tsx";
import { FormSection } from "./form-sections.tsx";
import { policyMessages } from "./policy-messages.ts";
import { protocolList } from "./protocol-names.ts";
import { servedRoutes } from "./routes-of-draft.ts";
import { WaySentence } from "./way-sentence.tsx";

export function ReviewSection() {
  const t = useMessages(policyMessages);
  const { language } = useLanguage();
  const { draft, faults, warnings } = useFormContext();
  const names = new Set(servedRoutes(draft).map(({ name }) => name));
  const access = !draft.authOn
    ? t("reviewOpenAccess")
    : draft.grants.length === 0
      ? t("reviewNobody")
      : t("reviewGranted", { n: draft.grants.length });
  return (
    <FormSection id="review" title={t("review")}>
      <p className="reading">
        <WaySentence draft={draft} />{" "}
        {t("reviewRoutes", { n: names.size, protocols: protocolList(draft.protocols, language) })} {access}
      </p>
      {faults.length > 0 && <p className="warn">{t("reviewOpen", { n: faults.length })}</p>}
      {warnings.length > 0 && (
        <div>
          <h3>{t("warnings")}</h3>
          <ul className="small soft" style={{ margin: "4px 0 0", paddingLeft: 18 }}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
    </FormSection>
  );
}
