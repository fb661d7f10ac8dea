// The box that tries a prompt: which model would answer, and why, by what is saved or by what a form holds now.
import { Button, Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { DecisionView } from "./decision-view.tsx";
import type { Decided } from "./decision-words.ts";
import classes from "./routing.module.css";
import { testMessages } from "./test-messages.ts";
import { askedOf, emptyQuestion, testProfiles, type TestQuestion } from "./test-question.ts";

interface Tested {
  readonly decision: {
    readonly routing?: Decided["routing"];
    readonly candidates: Decided["candidates"];
  } | null;
  readonly scores?: Decided["scores"];
  /** Why there is no decision. */
  readonly reason: string;
}

/**
 * @param name of the Model API
 * @param modelService what a form holds, in place of what is saved
 * @param needs whether images, tools and lengths can be asked for
 */
export function TestBox({
  name,
  modelService,
  needs,
  heading: Heading = "h2",
}: {
  readonly name: string;
  readonly modelService?: unknown;
  readonly needs: boolean;
  readonly heading?: "h2" | "h3";
}) {
  const t = useMessages(testMessages);
  const [question, setQuestion] = useState<TestQuestion>(emptyQuestion);
  const asked = needs ? question : { ...emptyQuestion, prompt: question.prompt, profile: question.profile };
  const ask = useMutation({
    mutationFn: () =>
      call<Tested>("POST", `/model-apis/${encodeURIComponent(name)}/routing/test`, {
        body: { ...askedOf(asked), ...(modelService === undefined ? {} : { modelService }) },
      }),
  });
  const isEmpty = question.prompt.trim() === "";
  return (
    <section aria-label={t("title")} className="col g12">
      <div className="row wrap">
        <Heading style={{ margin: 0 }}>{t("title")}</Heading>
        <span className="small dim">{t(modelService === undefined ? "hint" : "unsaved")}</span>
      </div>
      <QuestionFields
        question={question}
        needs={needs}
        onChange={(change) => setQuestion({ ...question, ...change })}
        onAsk={() => {
          if (!isEmpty && !ask.isPending) ask.mutate();
        }}
      />
      <Button
        style={{ alignSelf: "flex-start" }}
        disabled={isEmpty}
        loading={ask.isPending}
        onClick={() => ask.mutate()}
      >
        {t("run")}
      </Button>
      {ask.isError && <ErrorPanel title={t("failed")} error={ask.error} />}
      <div aria-live="polite">{ask.data !== undefined && <Result tested={ask.data} />}</div>
    </section>
  );
}

function Result({ tested: { decision, scores, reason } }: { readonly tested: Tested }) {
  const t = useMessages(testMessages);
  if (decision?.routing === undefined)
    return (
      <p className="warn">
        {t("none")} <span lang="en">{reason}</span>
      </p>
    );
  const { routing, candidates } = decision;
  return <DecisionView decided={{ routing, candidates, scores }} />;
}

function QuestionFields({
  question,
  needs,
  onChange,
  onAsk,
}: {
  readonly question: TestQuestion;
  readonly needs: boolean;
  readonly onChange: (change: Partial<TestQuestion>) => void;
  readonly onAsk: () => void;
}) {
  const t = useMessages(testMessages);
  return (
    <>
      <Textarea
        label={t("prompt")}
        placeholder={t("promptHint")}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={20_000}
        value={question.prompt}
        onChange={(event) => onChange({ prompt: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            onAsk();
          }
        }}
      />
      <div className={classes["needs"]}>
        <Select
          label={t("profile")}
          data={testProfiles.map((value) => ({ value, label: t(value) }))}
          value={question.profile}
          onChange={(value) => onChange({ profile: testProfiles.find((each) => each === value) ?? "auto" })}
        />
        {needs && <NeedFields question={question} onChange={onChange} />}
      </div>
    </>
  );
}

/** What a request may need besides words. */
function NeedFields({
  question,
  onChange,
}: {
  readonly question: TestQuestion;
  readonly onChange: (change: Partial<TestQuestion>) => void;
}) {
  const t = useMessages(testMessages);
  return (
    <>
      <TextInput
        label={t("maxTokens")}
        inputMode="numeric"
        autoComplete="off"
        placeholder="—"
        value={question.maxTokens === undefined ? "" : String(question.maxTokens)}
        onChange={(event) => {
          const digits = event.currentTarget.value.replaceAll(/\D/gu, "").slice(0, 7);
          onChange({ maxTokens: digits === "" ? undefined : Number(digits) });
        }}
      />
      <Checkbox
        className={classes["tick"] ?? ""}
        label={t("image")}
        checked={question.image}
        onChange={(event) => onChange({ image: event.currentTarget.checked })}
      />
      <Checkbox
        className={classes["tick"] ?? ""}
        label={t("tools")}
        checked={question.tools}
        onChange={(event) => onChange({ tools: event.currentTarget.checked })}
      />
    </>
  );
}
