// The filters of the metrics as chips. Values come from the objects that exist and from what was counted, when one looks.
import { Checkbox, Popover, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { metricsMessages } from "./metrics-messages.ts";
import { askMetrics } from "./metrics-query.ts";
import { filterNames, type FilterName, type Filters } from "./metrics-search.ts";
import type { TimeSpan } from "./metrics-span.ts";
import classes from "./metrics.module.css";
import { valueName } from "./panel.ts";

const words = {
  api: "filterApi",
  route: "filterRoute",
  service: "filterService",
  model: "filterModel",
  consumer: "filterConsumer",
  resourceGroup: "filterResourceGroup",
  stream: "filterStream",
  status: "filterStatus",
} as const;

export function FilterChips({
  filters,
  span,
  onChange,
}: {
  readonly filters: Filters;
  readonly span: () => TimeSpan;
  readonly onChange: (name: FilterName, values: readonly string[]) => void;
}) {
  return filterNames.map((name) => (
    <Chip
      key={name}
      name={name}
      values={filters[name] ?? []}
      span={span}
      onChange={(values) => onChange(name, values)}
    />
  ));
}

interface ChipProps {
  readonly name: FilterName;
  readonly values: readonly string[];
  readonly span: () => TimeSpan;
  readonly onChange: (values: readonly string[]) => void;
}

function Chip({ name, values, span, onChange }: ChipProps) {
  const t = useMessages(metricsMessages);
  const ui = useMessages(uiMessages);
  const [isOpen, setOpen] = useState(false);
  const isSet = values.length > 0;
  const label = t(words[name]);
  const shown = values.map((value) => valueName(name, value, t)).join(", ");
  return (
    <span className="row g4">
      <Popover position="bottom-start" withinPortal trapFocus width={260} opened={isOpen} onChange={setOpen}>
        <Popover.Target>
          <button
            type="button"
            className={`chip ${isSet ? "chip-set" : ""}`}
            style={{ maxWidth: 300 }}
            onClick={() => setOpen(!isOpen)}
          >
            {!isSet && <Plus size={13} aria-hidden />}
            <span className="cut">{isSet ? `${label}: ${shown}` : label}</span>
          </button>
        </Popover.Target>
        <Popover.Dropdown p={10}>
          {isOpen && <Values name={name} values={values} span={span} onChange={onChange} />}
        </Popover.Dropdown>
      </Popover>
      {isSet && (
        <button
          type="button"
          className="chip chip-set"
          style={{ padding: "0 6px" }}
          aria-label={ui("remove", { name: label })}
          onClick={() => onChange([])}
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}

function Values({ name, values, span, onChange }: ChipProps) {
  const t = useMessages(metricsMessages);
  const { options, isPending, error } = useOptions(name, span);
  const [text, setText] = useState("");
  const wanted = text.trim();
  const all = [...new Set([...values, ...options])];
  const shown = all.filter((value) => valueName(name, value, t).toLowerCase().includes(wanted.toLowerCase()));
  const toggle = (value: string): void =>
    onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  return (
    <div className="col g8">
      {name !== "stream" && (
        <TextInput
          data-autofocus
          size="xs"
          aria-label={t("findValue")}
          placeholder={t("findValue")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || wanted === "") return;
            toggle(shown.length === 1 ? (shown[0] ?? wanted) : wanted);
            setText("");
          }}
        />
      )}
      {isPending && <LoadingRows rows={2} height={24} />}
      <fieldset className={classes["values"]} style={{ border: 0 }}>
        <legend className="sr-only">{t(words[name])}</legend>
        {shown.map((value) => (
          <Checkbox
            key={value}
            checked={values.includes(value)}
            onChange={() => toggle(value)}
            label={valueName(name, value, t)}
          />
        ))}
      </fieldset>
      {error !== null && <ErrorPanel title={t("valuesFailed")} error={error} />}
      {!isPending && error === null && shown.length === 0 && wanted === "" && (
        <p className="small dim">{t("noValues")}</p>
      )}
      {wanted !== "" && !all.includes(wanted) && (
        <button
          type="button"
          className="textlink small"
          onClick={() => {
            toggle(wanted);
            setText("");
          }}
        >
          {t("addValue", { value: wanted })}
        </button>
      )}
    </div>
  );
}

const collections = {
  api: "model-apis",
  service: "services",
  consumer: "consumers",
  resourceGroup: "resource-groups",
} as const;
const fixedValues: Readonly<Partial<Record<FilterName, readonly string[]>>> = {
  stream: ["true", "false"],
  status: ["2xx", "4xx", "5xx"],
};
const mostValues = 100;

/** Values that exist, then values that were counted. */
function useOptions(name: FilterName, span: () => TimeSpan) {
  const collection = name in collections ? collections[name as keyof typeof collections] : undefined;
  const objects = useQuery({ ...listQuery(collection ?? "model-apis"), enabled: collection !== undefined });
  const counted = useQuery({
    queryKey: ["metrics", "values", name],
    enabled: name !== "stream",
    queryFn: ({ signal }) =>
      askMetrics([{ name: "requests", groupBy: [name], top: mostValues }], span(), { filters: {}, signal }),
  });
  const series = counted.data?.metrics[0]?.series ?? [];
  return {
    isPending: counted.isLoading || objects.isLoading,
    error: counted.error,
    options: [
      ...(fixedValues[name] ?? []),
      ...(collection === undefined ? [] : (objects.data?.items ?? []).map((object) => object.name)),
      ...series.flatMap(({ labels, other }) => (other ? [] : [labels[name] ?? ""])),
    ],
  };
}
