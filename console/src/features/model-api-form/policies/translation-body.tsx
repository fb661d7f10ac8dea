// What follows where a service of another protocol cannot be told something, and how long its image tasks are waited for.
import { useMessages } from "../../../i18n/language.tsx";
import { useFormContext } from "../form-context.tsx";
import { DecimalPart } from "./decimal-part.tsx";
import { LinesPart, SwitchPart } from "./parts.tsx";
import classes from "./policies.module.css";
import type { PolicyDraft } from "./policy-draft.ts";
import { translationMessages } from "./translation-messages.ts";

/** What is pasted comes in lines, or with commas, semicolons or spaces. */
const separators = /[\s,;]+/u;

export function TranslationBody() {
  const t = useMessages(translationMessages);
  const { draft, set } = useFormContext();
  const { translation } = draft;
  const change = (fields: Partial<PolicyDraft["translation"]>): void =>
    set({ translation: { ...translation, ...fields } });
  return (
    <>
      <SwitchPart
        path="translation.strict"
        label={t("strict")}
        hint={t("strictHint")}
        checked={translation.strict}
        onChange={(strict) => change({ strict })}
      />
      <LinesPart
        path="translation.passFields"
        label={t("passFields")}
        hint={t("passFieldsHint")}
        placeholder="service_tier"
        value={translation.passFields}
        split={separators}
        onChange={(passFields) => change({ passFields: [...passFields] })}
      />
      {draft.useCase === "image-generation" && <ImageTasks />}
    </>
  );
}

function ImageTasks() {
  const t = useMessages(translationMessages);
  const { draft, set } = useFormContext();
  const { images } = draft;
  return (
    <fieldset className={classes["set"]}>
      <legend>{t("images")}</legend>
      <p className="small dim" style={{ marginBottom: 10 }}>
        {t("imagesHint")}
      </p>
      <div className={classes["two"]}>
        <DecimalPart
          path="images.pollSeconds"
          label={t("poll")}
          hint={t("pollHint")}
          value={images.pollSeconds}
          onChange={(pollSeconds) => set({ images: { ...images, pollSeconds } })}
        />
        <DecimalPart
          path="images.deadlineSeconds"
          label={t("deadline")}
          hint={t("deadlineHint")}
          value={images.deadlineSeconds}
          onChange={(deadlineSeconds) => set({ images: { ...images, deadlineSeconds } })}
        />
      </div>
    </fieldset>
  );
}
