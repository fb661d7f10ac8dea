// What of mode intelligent stands folded: weights and limits, conversations, the classifier, learning.
import { BrainCircuit, GraduationCap, MessagesSquare, SlidersHorizontal } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { formatShare } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { useFormContext } from "../form-context.tsx";
import { DecimalPart } from "../policies/decimal-part.tsx";
import { ChoicePart, NumberPart, SwitchPart, TextPart } from "../policies/parts.tsx";
import policies from "../policies/policies.module.css";
import { onlyService } from "../rules-editor.tsx";
import { TargetFields } from "../target-fields.tsx";
import { FoldCard } from "./fold-card.tsx";
import { profileMessages } from "./profile-messages.ts";
import type { Classifier, RoutingDraft } from "./routing-draft.ts";

const base = "modelService";

function useRouting() {
  const { draft, set } = useFormContext();
  const { routing } = draft;
  const put = (change: Partial<RoutingDraft>): void => set({ routing: { ...routing, ...change } });
  return { routing, put };
}

export function AdvancedCard() {
  const t = useMessages(profileMessages);
  const { routing, put } = useRouting();
  const { weights } = routing;
  return (
    <FoldCard
      title={t("advanced")}
      summary={t("advanced-hint")}
      icon={SlidersHorizontal}
      paths={["weights", "maxQualityDrop", "maxPrice", "otherNames", "exploration"].map(
        (field) => `${base}.${field}`,
      )}
    >
      <SwitchPart
        path={`${base}.weights`}
        label={t("ownWeights")}
        hint={t("ownWeightsHint")}
        checked={weights !== undefined}
        onChange={(on) => put({ weights: on ? { cost: 0.15, latency: 0.05 } : undefined })}
      />
      {weights !== undefined && (
        <div className={policies["two"]}>
          <DecimalPart
            path={`${base}.weights.cost`}
            label={t("weightCost")}
            hint={t("weightCostHint")}
            value={weights.cost}
            onChange={(cost) => put({ weights: { ...weights, cost } })}
          />
          <DecimalPart
            path={`${base}.weights.latency`}
            label={t("weightLatency")}
            hint={t("weightLatencyHint")}
            value={weights.latency}
            onChange={(latency) => put({ weights: { ...weights, latency } })}
          />
        </div>
      )}
      <div className={policies["two"]}>
        <NumberPart
          path={`${base}.maxQualityDrop`}
          label={t("maxQualityDrop")}
          hint={t("maxQualityDropHint")}
          unit={t("points")}
          placeholder={t("asProfile")}
          value={routing.maxQualityDrop}
          onChange={(maxQualityDrop) => put({ maxQualityDrop })}
        />
        <DecimalPart
          path={`${base}.maxPrice`}
          label={t("maxPrice")}
          hint={t("maxPriceHint")}
          placeholder={t("noCeiling")}
          value={routing.maxPrice}
          onChange={(maxPrice) => put({ maxPrice })}
        />
        <ChoicePart
          path={`${base}.otherNames`}
          label={t("otherNames")}
          hint={t("otherNamesHint")}
          value={routing.otherNames}
          options={(["route", "refuse"] as const).map((value) => ({ value, label: t(`names-${value}`) }))}
          onChange={(otherNames) => put({ otherNames })}
        />
        <ChoicePart
          path={`${base}.exploration`}
          label={t("exploration")}
          hint={t("explorationHint")}
          value={String(routing.exploration)}
          options={shares(routing.exploration).map((share) => ({
            value: String(share),
            label: formatShare(share, 1),
          }))}
          onChange={(share) => put({ exploration: Number(share) })}
        />
      </div>
    </FoldCard>
  );
}

/** Those that are offered, and the one that is set by other means. */
function shares(set: number): readonly number[] {
  return [...new Set([0, 0.01, 0.02, 0.05, set])].toSorted((one, other) => one - other);
}

export function ConversationCard() {
  const t = useMessages(profileMessages);
  const { routing, put } = useRouting();
  const { stickiness } = routing;
  return (
    <FoldCard
      title={t("stickiness")}
      summary={stickiness.enabled ? t("stickiness-on", { n: stickiness.minutes }) : t("stickiness-off")}
      icon={MessagesSquare}
      paths={[`${base}.stickiness`]}
    >
      <SwitchPart
        path={`${base}.stickiness.enabled`}
        label={t("keepModel")}
        hint={t("keepModelHint")}
        checked={stickiness.enabled}
        onChange={(enabled) => put({ stickiness: { ...stickiness, enabled } })}
      />
      {stickiness.enabled && (
        <div className={policies["two"]}>
          <NumberPart
            path={`${base}.stickiness.minutes`}
            label={t("minutes")}
            hint={t("minutesHint")}
            unit={t("minutesUnit")}
            value={stickiness.minutes}
            onChange={(minutes) => put({ stickiness: { ...stickiness, minutes: minutes ?? 60 } })}
          />
          <TextPart
            path={`${base}.stickiness.header`}
            label={t("header")}
            hint={t("headerHint")}
            placeholder={t("optional")}
            mono
            value={stickiness.header ?? ""}
            onChange={(header) => {
              const { header: _old, ...rest } = stickiness;
              put({ stickiness: header === "" ? rest : { ...rest, header } });
            }}
          />
        </div>
      )}
    </FoldCard>
  );
}

const classifierTypes = ["none", "embedding", "http", "llm"] as const;

export function ClassifierCard() {
  const t = useMessages(profileMessages);
  const { choices } = useFormContext();
  const { routing, put } = useRouting();
  const { classifier } = routing;
  const path = `${base}.classifier`;
  const fresh = (type: (typeof classifierTypes)[number]): Classifier | undefined => {
    if (type === "none") return undefined;
    if (type === "http") return { type, url: "", timeoutMs: 30 };
    const target =
      classifier === undefined || classifier.type === "http"
        ? { service: onlyService(choices.shown), model: "" }
        : { service: classifier.service, model: classifier.model };
    return { type, ...target, timeoutMs: type === "llm" ? 1_500 : 30 };
  };
  return (
    <FoldCard
      title={t("classifier")}
      summary={t(`classifier-${classifier?.type ?? "none"}`)}
      icon={BrainCircuit}
      paths={[path]}
    >
      <p className={`small ${policies["help"]}`}>{t("classifierHelp")}</p>
      <ChoicePart
        path={`${path}.type`}
        label={t("classifierType")}
        value={classifier?.type ?? "none"}
        options={classifierTypes.map((value) => ({ value, label: t(`classifier-${value}`) }))}
        onChange={(type) => put({ classifier: fresh(type) })}
      />
      {classifier?.type === "http" && (
        <TextPart
          path={`${path}.url`}
          label={t("classifierUrl")}
          hint={t("classifierUrlHint")}
          placeholder="https://classifier.example.com/classify"
          mono
          value={classifier.url}
          onChange={(url) => put({ classifier: { ...classifier, url } })}
        />
      )}
      {classifier !== undefined && classifier.type !== "http" && (
        <TargetFields
          mustName
          target={classifier}
          path={path}
          name={t("classifier")}
          onChange={(change) => put({ classifier: { ...classifier, ...change } })}
        />
      )}
      {classifier !== undefined && (
        <NumberPart
          path={`${path}.timeoutMs`}
          label={t("timeoutMs")}
          unit={t("ms")}
          width={140}
          value={classifier.timeoutMs}
          onChange={(timeoutMs) => put({ classifier: { ...classifier, timeoutMs: timeoutMs ?? 30 } })}
        />
      )}
    </FoldCard>
  );
}

export function LearningCard() {
  const t = useMessages(profileMessages);
  const { choices, editing } = useFormContext();
  const { routing, put } = useRouting();
  const { learning } = routing;
  const path = `${base}.learning`;
  const { judge, ...rest } = learning;
  return (
    <FoldCard
      title={t("learning")}
      summary={t(learning.enabled ? "learning-on" : "learning-off")}
      icon={GraduationCap}
      paths={[path]}
    >
      <p className={`small ${policies["help"]}`}>{t("learningHelp")}</p>
      <SwitchPart
        path={`${path}.enabled`}
        label={t("enabled")}
        hint={t("enabledHint")}
        checked={learning.enabled}
        onChange={(enabled) => put({ learning: { ...learning, enabled } })}
      />
      <SwitchPart
        path={`${path}.autoPublish`}
        label={t("autoPublish")}
        hint={t("autoPublishHint")}
        disabled={!learning.enabled && !learning.autoPublish}
        checked={learning.autoPublish}
        onChange={(autoPublish) => put({ learning: { ...learning, autoPublish } })}
      />
      <SwitchPart
        path={`${path}.judge`}
        label={t("judge")}
        hint={t("judgeHint")}
        disabled={!learning.enabled && judge === undefined}
        checked={judge !== undefined}
        onChange={(on) =>
          put({
            learning: on ? { ...rest, judge: { service: onlyService(choices.shown), model: "" } } : rest,
          })
        }
      />
      {judge !== undefined && (
        <TargetFields
          mustName
          target={judge}
          path={`${path}.judge`}
          name={t("judge")}
          onChange={(change) => put({ learning: { ...learning, judge: { ...judge, ...change } } })}
        />
      )}
      {editing !== undefined && (
        <p className="small" style={{ margin: 0 }}>
          <Link className="link" to="/model-apis/$name/$tab" params={{ name: editing, tab: "routing" }}>
            {t("toLearning")}
          </Link>
        </p>
      )}
    </FoldCard>
  );
}
