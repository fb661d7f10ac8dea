// The models of a service with context window and prices: typed, from the catalogue, or as the service lists them.
import { Button } from "@mantine/core";
import { ListPlus, Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { useErrorText } from "../../ui/error-panel.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import classes from "./form.module.css";
import { ModelPicker } from "./model-picker.tsx";
import { ModelRow } from "./model-row.tsx";
import { addModels, newModel, nextId, type ModelDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import type { ServiceForm } from "./service-form-state.ts";
import { useTestSentence } from "./test-report.tsx";
import { useServiceTest, type TestSubject } from "./use-service-test.ts";

const shownAtFirst = 50;

/** @param subject what is asked for its models */
export function ModelsSection({
  form,
  subject,
}: {
  readonly form: ServiceForm;
  readonly subject: TestSubject;
}) {
  const t = useMessages(serviceFormMessages);
  const { draft, provider } = form;
  const { models } = draft;
  const [opened, setOpened] = useState<number>();
  const [isAll, setAll] = useState(false);
  const [isPicking, setPicking] = useState(false);
  const present = new Set(models.map(({ name }) => name));
  const known = provider.models.map(({ name }) => name);
  const add = (): void => {
    const id = nextId(models);
    form.change({ models: [...models, newModel("", provider, id)] });
    setAll(true);
    setOpened(id);
  };
  const change = (model: ModelDraft): void =>
    form.change({ models: models.map((each) => (each.id === model.id ? model : each)) });
  const shown = isAll ? models : models.slice(0, shownAtFirst);
  return (
    <section className={classes["section"]} aria-labelledby="section-models">
      <div>
        <h2 id="section-models">{t("models")}</h2>
        <p className="small dim">{t("modelsHint")}</p>
      </div>
      {models.length > 0 && (
        <ul className={classes["list"]} aria-labelledby="section-models">
          {shown.map((model, index) => (
            <ModelRow
              key={model.id}
              form={form}
              model={model}
              index={index}
              isOpen={opened === model.id}
              onToggle={() => setOpened(opened === model.id ? undefined : model.id)}
              onChange={change}
              onRemove={() => form.change({ models: models.filter(({ id }) => id !== model.id) })}
            />
          ))}
        </ul>
      )}
      {shown.length < models.length && (
        <button type="button" className="textlink" onClick={() => setAll(true)}>
          {t("showAll", { n: models.length })}
        </button>
      )}
      <div className="row wrap">
        <FetchModels form={form} subject={subject} />
        {known.some((name) => !present.has(name)) && (
          <Button size="xs" leftSection={<ListPlus size={14} />} onClick={() => setPicking(true)}>
            {t("pickKnown")}
          </Button>
        )}
        {isPicking && (
          <ModelPicker
            listed={known}
            present={present}
            onClose={() => setPicking(false)}
            onPick={(names) => form.change({ models: addModels(models, names, provider) })}
          />
        )}
        <Button size="xs" leftSection={<Plus size={14} />} onClick={add}>
          {t("addModel")}
        </Button>
      </div>
    </section>
  );
}

function FetchModels({ form, subject }: { readonly form: ServiceForm; readonly subject: TestSubject }) {
  const t = useMessages(serviceFormMessages);
  const right = useMayWrite();
  const { test } = useServiceTest();
  const [isPicking, setPicking] = useState(false);
  const errorText = useErrorText(test.error);
  const sentence = useTestSentence(test.data);
  const listed = test.data?.models ?? [];
  const { draft, provider } = form;
  const failure =
    test.error !== null
      ? t("fetchFailed", { message: errorText })
      : test.data !== undefined && !test.isPending && listed.length === 0
        ? test.data.ok
          ? t("pickNone")
          : t("fetchFailed", { message: sentence })
        : "";
  return (
    <>
      <Button
        size="xs"
        leftSection={<RefreshCw size={14} />}
        loading={test.isPending}
        disabled={!right.allowed || !form.isValid}
        title={!right.allowed ? right.reason : form.isValid ? undefined : t("testBlocked")}
        onClick={() => test.mutate(subject, { onSuccess: ({ models }) => setPicking(models.length > 0) })}
      >
        {t("fetchModels")}
      </Button>
      <span role="status" className="small bad" style={{ order: 9, flexBasis: "100%" }}>
        {failure}
      </span>
      {isPicking && (
        <ModelPicker
          listed={listed}
          present={new Set(draft.models.map(({ name }) => name))}
          onClose={() => setPicking(false)}
          onPick={(names) => form.change({ models: addModels(draft.models, names, provider) })}
        />
      )}
    </>
  );
}
