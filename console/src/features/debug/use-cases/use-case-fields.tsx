// The fields of a request that is no chat, by its kind.
import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { ModelApi } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { callableRoutes, type RequestForm } from "../request-forms.ts";
import { isBodyGood, type Inputs } from "./use-case-request.ts";
import { caseMessages } from "./use-case-messages.ts";

interface Props {
  readonly api: ModelApi;
  readonly form: RequestForm;
  readonly inputs: Inputs;
  readonly onInputs: (inputs: Inputs) => void;
}

export function UseCaseFields(props: Props) {
  const t = useMessages(caseMessages);
  const { form } = props;
  switch (form.kind) {
    case "embedding":
      return (
        <>
          <Area name="input" label={t("input")} {...props} />
          <Area name="secondInput" label={t("secondInput")} {...props} />
        </>
      );
    case "rerank":
      return (
        <>
          <Line name="query" label={t("query")} {...props} />
          <Area name="documents" label={t("documents")} rows={5} {...props} />
          <Line name="topN" label={t("topN")} numeric {...props} />
        </>
      );
    case "image":
    case "image-task":
      return (
        <>
          <Area name="prompt" label={t("prompt")} {...props} />
          <div className="row g12">
            <Line
              name="size"
              label={t("size")}
              placeholder={form.kind === "image" ? "1024x1024" : "1024*1024"}
              {...props}
            />
            <Line name="count" label={t("count")} numeric {...props} />
          </div>
        </>
      );
    case "video":
    case "video-task":
      return (
        <>
          <Area name="prompt" label={t("prompt")} {...props} />
          <div className="row g12">
            <Line
              name="size"
              label={t("size")}
              placeholder={form.kind === "video" ? "1280x720" : "1280*720"}
              {...props}
            />
            {form.kind === "video" && <Line name="seconds" label={t("seconds")} numeric {...props} />}
          </div>
        </>
      );
    case "speech":
      return (
        <>
          <Area name="input" label={t("input")} {...props} />
          <div className="row g12">
            <Line name="voice" label={t("voice")} placeholder="alloy" {...props} />
            <Format {...props} />
          </div>
        </>
      );
    case "json":
      return <AnyRoute {...props} />;
    case "chat":
      return null;
  }
}

interface FieldProps extends Props {
  readonly name: string;
  readonly label: string;
}

function Area({ name, label, rows = 3, inputs, onInputs }: FieldProps & { readonly rows?: number }) {
  return (
    <Textarea
      label={label}
      autosize
      minRows={rows}
      maxRows={14}
      value={inputs[name] ?? ""}
      onChange={(event) => onInputs({ ...inputs, [name]: event.currentTarget.value })}
    />
  );
}

function Line({
  name,
  label,
  placeholder,
  numeric = false,
  inputs,
  onInputs,
}: FieldProps & { readonly placeholder?: string; readonly numeric?: boolean }) {
  return (
    <TextInput
      className="grow"
      label={label}
      placeholder={placeholder}
      inputMode={numeric ? "numeric" : "text"}
      value={inputs[name] ?? ""}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onInputs({ ...inputs, [name]: numeric ? value.replaceAll(/\D/gu, "") : value });
      }}
    />
  );
}

function Format({ inputs, onInputs }: Props) {
  const t = useMessages(caseMessages);
  return (
    <NativeSelect
      className="grow"
      label={t("format")}
      value={inputs["format"] ?? ""}
      data={[{ value: "", label: "—" }, "mp3", "wav", "opus", "aac", "flac"]}
      onChange={(event) => onInputs({ ...inputs, format: event.currentTarget.value })}
    />
  );
}

function AnyRoute({ api, inputs, onInputs }: Props) {
  const t = useMessages(caseMessages);
  const routes = callableRoutes(api);
  const method = inputs["method"] ?? "GET";
  const path = inputs["path"] ?? "";
  return (
    <>
      <NativeSelect
        label={t("route")}
        value={inputs["route"] ?? ""}
        data={[
          { value: "", label: "—" },
          ...routes.map((route) => ({ value: route.path, label: `${route.path}  (${route.name})` })),
        ]}
        onChange={(event) => {
          const chosen = routes.find((route) => route.path === event.currentTarget.value);
          const first = chosen?.methods.includes(method) === true ? method : (chosen?.methods[0] ?? method);
          onInputs({
            ...inputs,
            route: event.currentTarget.value,
            path: chosen?.path ?? path,
            method: first,
          });
        }}
      />
      <div className="row g12">
        <NativeSelect
          w={110}
          label={t("method")}
          value={method}
          data={["GET", "POST", "PUT", "PATCH", "DELETE"]}
          onChange={(event) => onInputs({ ...inputs, method: event.currentTarget.value })}
        />
        <TextInput
          className="grow"
          label={t("path")}
          value={path}
          spellCheck={false}
          error={/[{}]/u.test(path) ? t("openPath") : undefined}
          styles={{ input: { fontFamily: "var(--mg-mono)", fontSize: 12 } }}
          onChange={(event) => onInputs({ ...inputs, path: event.currentTarget.value })}
        />
      </div>
      {method !== "GET" && (
        <Textarea
          label={t("body")}
          autosize
          minRows={5}
          maxRows={20}
          spellCheck={false}
          value={inputs["body"] ?? ""}
          error={isBodyGood(inputs) ? undefined : t("badBody")}
          styles={{ input: { fontFamily: "var(--mg-mono)", fontSize: 12 } }}
          onChange={(event) => onInputs({ ...inputs, body: event.currentTarget.value })}
        />
      )}
    </>
  );
}
