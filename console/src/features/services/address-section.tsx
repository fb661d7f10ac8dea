// Where a service is: base URL and region, as its provider needs them.
import { TextInput } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./form.module.css";
import { catalogueUrl } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";

export function AddressSection({ form }: { readonly form: ServiceForm }) {
  const t = useMessages(serviceFormMessages);
  const { draft, provider } = form;
  const fromCatalogue = catalogueUrl(provider);
  const needsRegion = fromCatalogue.includes("{region}");
  const part = /\{[a-z]+\}/u.exec(draft.baseUrl)?.[0];
  const hint =
    fromCatalogue === ""
      ? t("baseUrlOwn")
      : part !== undefined && part !== "{region}"
        ? t("baseUrlTemplate", { part })
        : t("baseUrlHint");
  return (
    <section className={classes["section"]} aria-labelledby="section-address">
      <h2 id="section-address">{t("address")}</h2>
      <div>
        <TextInput
          id={fieldId("baseUrl")}
          label={t("baseUrl")}
          description={form.errorOf("baseUrl") === undefined ? hint : undefined}
          placeholder={fromCatalogue === "" ? "https://" : fromCatalogue}
          value={draft.baseUrl}
          error={form.errorOf("baseUrl")}
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: "mono" }}
          onBlur={() => form.touch("baseUrl")}
          onChange={(event) => form.change({ baseUrl: event.currentTarget.value })}
        />
        {fromCatalogue !== "" && draft.baseUrl !== fromCatalogue && (
          <button
            type="button"
            className="textlink small"
            onClick={() => form.change({ baseUrl: fromCatalogue })}
          >
            {t("resetUrl")}
          </button>
        )}
      </div>
      {(needsRegion || draft.region !== "") && (
        <TextInput
          id={fieldId("region")}
          label={t("region")}
          description={t("regionHint", {
            url: draft.baseUrl
              .replaceAll("{region}", draft.region === "" ? "{region}" : draft.region)
              .replaceAll("{project}", draft.project === "" ? "{project}" : draft.project),
          })}
          value={draft.region}
          error={form.errorOf("region")}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onBlur={() => form.touch("region")}
          onChange={(event) => form.change({ region: event.currentTarget.value })}
        />
      )}
      {(fromCatalogue.includes("{project}") || draft.project !== "") && (
        <TextInput
          id={fieldId("project")}
          label={t("project")}
          description={t("projectHint")}
          value={draft.project}
          error={form.errorOf("project")}
          maxLength={63}
          autoComplete="off"
          spellCheck={false}
          onBlur={() => form.touch("project")}
          onChange={(event) => form.change({ project: event.currentTarget.value })}
        />
      )}
    </section>
  );
}
