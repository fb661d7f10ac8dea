// The left panel: where a run goes, in whose name, and with which parameters.
import { Autocomplete, NativeSelect, Switch, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import type { Consumer, ModelApi, Service } from "../../../api/resources.ts";
import { formatCount, formatShare } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { clashes } from "../chat-request.ts";
import { debugMessages } from "../debug-messages.ts";
import { contextWindowOf, modelHint, offeredModels, type ModelHint } from "../model-hint.ts";
import type { RequestForm } from "../request-forms.ts";
import { cutText, dialRange, systemLimit, textLength, withinLimits, type Settings } from "../settings.ts";
import { caseRequest } from "../use-cases/use-case-request.ts";
import { CustomParameters } from "./custom-parameters.tsx";
import { DialField } from "./dial.tsx";
import { formLabel } from "./form-label.ts";
import classes from "./parameters.module.css";

interface Props {
  readonly api: ModelApi;
  readonly services: readonly Service[];
  readonly consumers: readonly Consumer[];
  readonly forms: readonly RequestForm[];
  readonly form: RequestForm;
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** @param children fields of the request that is no chat */
export function Parameters({ children, ...props }: Props & { readonly children?: ReactNode }) {
  const { form } = props;
  return (
    <div className={classes["panel"]}>
      <TargetFields {...props} />
      {form.kind === "chat" && <ChatFields {...props} />}
      {form.kind !== "chat" && form.kind !== "json" && <OtherFields {...props} />}
      {children}
    </div>
  );
}

function TargetFields({ api, services, consumers, forms, form, settings, onChange }: Props) {
  const t = useMessages(debugMessages);
  const hasModel = form.kind !== "json";
  return (
    <div className="col g12">
      {forms.length > 2 || form.kind === "json" ? (
        <NativeSelect
          label={t("request")}
          size="xs"
          value={form.id}
          data={forms.map((row) => ({
            value: row.id,
            label: row.kind === "json" ? t("anyRoute") : formLabel(row),
          }))}
          onChange={(event) => onChange({ ...settings, form: event.currentTarget.value })}
        />
      ) : null}
      <NativeSelect
        label={t("domain")}
        size="xs"
        value={settings.domain === "" ? api.domains[0] : settings.domain}
        data={api.domains.map((domain) => ({
          value: domain,
          label: domain === "*" ? `* (${t("anyHost")})` : domain,
        }))}
        onChange={(event) => onChange({ ...settings, domain: event.currentTarget.value })}
      />
      {hasModel && (
        <div>
          <Autocomplete
            label={t("model")}
            size="xs"
            placeholder={t("modelPlaceholder")}
            value={settings.model}
            data={offeredModels(api, services)}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mg-mono)", fontSize: 12 } }}
            onChange={(model) => onChange({ ...settings, model })}
          />
          <p className="small dim" aria-live="polite">
            <HintText hint={modelHint(api, settings.model)} />
          </p>
        </div>
      )}
      <NativeSelect
        label={t("identity")}
        size="xs"
        value={settings.consumer}
        disabled={!api.auth.enabled}
        description={api.auth.enabled ? undefined : t("authOff")}
        inputWrapperOrder={["label", "input", "error", "description"]}
        data={[
          { value: "", label: t("admin") },
          ...consumers.map(({ name, enabled }) => ({ value: name, label: name, disabled: !enabled })),
        ]}
        onChange={(event) => onChange({ ...settings, consumer: event.currentTarget.value })}
      />
    </div>
  );
}

function ChatFields({ services, form, settings, onChange }: Props) {
  const t = useMessages(debugMessages);
  const { extended } = settings;
  const limit = systemLimit(extended);
  const range = dialRange("maxTokens", extended, contextWindowOf(services, settings.model));
  return (
    <>
      <div className={classes["switch"]}>
        <span className="medium grow" id="debug-streaming">
          {t("streaming")}
        </span>
        <Switch
          aria-labelledby="debug-streaming"
          checked={settings.stream}
          onChange={(event) => onChange({ ...settings, stream: event.currentTarget.checked })}
        />
      </div>
      <hr className="rule" />
      <div className={classes["system"]}>
        <div className="row">
          <label className={`grow ${classes["label"]}`} htmlFor="debug-system">
            {t("systemPrompt")}
          </label>
          <span className="small dim num">
            {t("of", { n: textLength(settings.system), limit: formatCount(limit) })}
          </span>
        </div>
        <Textarea
          id="debug-system"
          autosize
          minRows={2}
          maxRows={extended ? 16 : 5}
          value={settings.system}
          onChange={(event) => onChange({ ...settings, system: cutText(event.currentTarget.value, limit) })}
        />
      </div>
      <DialField
        name="max_tokens"
        dial={settings.maxTokens}
        range={range}
        hint={settings.maxTokens.value === 0 ? t("zeroNotSent") : ""}
        onChange={(maxTokens) => onChange({ ...settings, maxTokens })}
      />
      <DialField
        name="top_p"
        dial={settings.topP}
        range={dialRange("topP", extended)}
        onChange={(topP) => onChange({ ...settings, topP })}
      />
      <DialField
        name="temperature"
        dial={settings.temperature}
        range={dialRange("temperature", extended)}
        hint={t("largeEffect")}
        onChange={(temperature) => onChange({ ...settings, temperature })}
      />
      <CustomParameters
        rows={settings.custom}
        clashes={clashes(form, settings)}
        onChange={(custom) => onChange({ ...settings, custom })}
      />
      <div className={classes["switch"]}>
        <span className="grow" id="debug-extended">
          {t("extended")}
        </span>
        <Switch
          aria-labelledby="debug-extended"
          aria-describedby="debug-extended-help"
          checked={extended}
          onChange={(event) => onChange(withinLimits({ ...settings, extended: event.currentTarget.checked }))}
        />
      </div>
      <p className="small dim" id="debug-extended-help">
        {t("extendedHelp")}
      </p>
    </>
  );
}

function OtherFields({ form, settings, onChange }: Props) {
  const { body = {} } = caseRequest(form, { ...settings, custom: [] }, {});
  const taken = new Set(settings.custom.map(({ key }) => key).filter((key) => key in body));
  return (
    <CustomParameters
      rows={settings.custom}
      clashes={taken}
      onChange={(custom) => onChange({ ...settings, custom })}
    />
  );
}

function HintText({ hint }: { readonly hint: ModelHint }): string {
  const t = useMessages(debugMessages);
  switch (hint.kind) {
    case "single":
      return hint.target.model === undefined
        ? t("hintSingle", { service: hint.target.service })
        : t("hintSingleModel", { service: hint.target.service, model: hint.target.model });
    case "rule":
      return t("hintRule", { pattern: hint.pattern, service: hint.target.service });
    case "default":
      return t("hintDefault", { service: hint.target.service });
    case "no-rule":
      return t("hintNoRule");
    case "weights": {
      const shares = hint.shares
        .map(({ service, share }) => `${formatShare(share, 0)} ${service}`)
        .join(", ");
      return t("hintWeights", { shares });
    }
    case "metrics":
      return t("hintMetrics", { services: hint.services.join(", ") });
    case "intelligent":
      return t("hintIntelligent", { profile: t(`profile-${hint.profile}`), models: hint.models.join(", ") });
    case "named":
      return t("hintNamed", { services: hint.services.join(", ") });
    case "refused":
      return t("hintRefused");
  }
}
