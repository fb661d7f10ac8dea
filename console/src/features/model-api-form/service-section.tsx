// How a service is picked: the mode, and the editor of the mode. Every mode keeps what was typed in it.
import { ArrowDownNarrowWide, BrainCircuit, ChartPie, CircleDot, Gauge, type LucideIcon } from "lucide-react";
import { lazy, Suspense } from "react";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import type { Mode } from "./draft.ts";
import { Field, GroupFault, useFormContext } from "./form-context.tsx";
import { FormSection } from "./form-sections.tsx";
import classes from "./form.module.css";
import { MetricsEditor } from "./metrics-editor.tsx";
import { NoService } from "./no-service.tsx";
import { protocolList } from "./protocol-names.ts";
import { RadioCards } from "./radio-cards.tsx";
import { RulesEditor } from "./rules-editor.tsx";
import { serviceMessages } from "./service-messages.ts";
import { TargetFields } from "./target-fields.tsx";
import { WeightsEditor } from "./weights-editor.tsx";

const IntelligentEditor = lazy(async () => ({
  default: (await import("./intelligent/intelligent-editor.tsx")).IntelligentEditor,
}));

const modes: readonly { readonly mode: Mode; readonly icon: LucideIcon }[] = [
  { mode: "single", icon: CircleDot },
  { mode: "by-model-name", icon: ArrowDownNarrowWide },
  { mode: "by-weight", icon: ChartPie },
  { mode: "by-metrics", icon: Gauge },
  { mode: "intelligent", icon: BrainCircuit },
];

export function ServiceSection() {
  const t = useMessages(serviceMessages);
  const { draft, set, choices, readOnly } = useFormContext();
  return (
    <FormSection id="service" title={t("modelService")}>
      <Field path="modelService.mode">
        <RadioCards
          label={t("mode")}
          className={classes["modes"]}
          size={16}
          value={draft.mode}
          onChange={(mode) => {
            if (readOnly === undefined) set({ mode });
          }}
          options={modes.map(({ mode, icon }) => ({
            value: mode,
            icon,
            title: t(mode),
            hint: t(`${mode}-hint`),
          }))}
        />
        <GroupFault path="modelService.mode" />
      </Field>
      {choices.shown.length === 0 ? <NoService /> : <ModeEditor />}
      <HiddenServices />
    </FormSection>
  );
}

function ModeEditor() {
  const { draft, set } = useFormContext();
  switch (draft.mode) {
    case "single":
      return (
        <TargetFields
          target={draft.single}
          path="modelService.target"
          onChange={(change) => set({ single: { ...draft.single, ...change } })}
        />
      );
    case "by-model-name":
      return <RulesEditor />;
    case "by-weight":
      return <WeightsEditor />;
    case "by-metrics":
      return <MetricsEditor />;
    case "intelligent":
      return (
        <Suspense fallback={<LoadingRows rows={4} />}>
          <IntelligentEditor />
        </Suspense>
      );
  }
}

/** Services that cannot serve, with the reason. */
function HiddenServices() {
  const t = useMessages(serviceMessages);
  const { language } = useLanguage();
  const { draft, choices } = useFormContext();
  if (choices.hidden.length === 0 || draft.protocols.length === 0) return null;
  return (
    <p className={classes["hint"]} title={choices.hidden.map(({ name }) => name).join(", ")}>
      {t("hidden", { n: choices.hidden.length, protocols: protocolList(draft.protocols, language) })}
    </p>
  );
}
