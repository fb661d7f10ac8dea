// One column of a comparison: which model answers, with which parameters, what it says and how fast.
import { ActionIcon, Autocomplete, Button, NativeSelect, Popover, Switch, Textarea } from "@mantine/core";
import { SlidersHorizontal, X } from "lucide-react";
import type { ModelApi, Service } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { offeredModels } from "../debug/model-hint.ts";
import { Conversation } from "../debug/panels/conversation.tsx";
import { DialField } from "../debug/panels/dial.tsx";
import { TimingStrip } from "../debug/panels/timing-strip.tsx";
import { cutText, dialRange, systemLimit, type Settings } from "../debug/settings.ts";
import { useOptionalRunView } from "../debug/use-run.ts";
import { playgroundMessages } from "./playground-messages.ts";
import classes from "./playground.module.css";
import type { Column } from "./columns.ts";
import type { ColumnState } from "./use-columns.ts";

interface Props {
  readonly state: ColumnState;
  readonly letter: string;
  readonly apis: readonly ModelApi[];
  readonly services: readonly Service[];
  readonly isPlain: boolean;
  readonly isBlind: boolean;
  /** Words for what it was best at. */
  readonly marks: readonly string[];
  readonly onChange: (column: Column) => void;
  readonly onRemove: (() => void) | undefined;
  readonly onRegenerate: () => void;
}

export function ColumnView(props: Props) {
  const t = useMessages(playgroundMessages);
  const { state, letter, isPlain, isBlind, marks, onRegenerate } = props;
  const view = useOptionalRunView(state.turns.at(-1)?.run ?? null);
  return (
    <section className={classes["column"]} aria-label={t("column", { name: letter })}>
      {isBlind ? (
        <h2 className={classes["blind"]}>{t("column", { name: letter })}</h2>
      ) : (
        <ColumnHead {...props} />
      )}
      <div
        className={classes["messages"]}
        data-scrolls
        tabIndex={0}
        role="region"
        aria-label={t("column", { name: letter })}
      >
        <Conversation turns={state.turns} isPlain={isPlain} hasNames={!isBlind} onRegenerate={onRegenerate} />
      </div>
      {marks.length > 0 && (
        <p className={`row g6 wrap ${classes["marks"]}`}>
          {marks.map((mark) => (
            <span key={mark} className="tag tag-moon">
              {mark}
            </span>
          ))}
        </p>
      )}
      {view !== null && <TimingStrip view={view} />}
    </section>
  );
}

function ColumnHead({ state, letter, apis, services, onChange, onRemove }: Props) {
  const t = useMessages(playgroundMessages);
  const { column, api } = state;
  const change = (settings: Settings): void => onChange({ ...column, settings });
  return (
    <div className={classes["head"]}>
      <div className="row g6">
        <NativeSelect
          className="grow"
          size="xs"
          aria-label={`${t("api")}, ${t("column", { name: letter })}`}
          value={column.api}
          data={apis.map(({ name }) => name)}
          onChange={(event) =>
            onChange({
              ...column,
              api: event.currentTarget.value,
              settings: { ...column.settings, model: "", form: "" },
            })
          }
        />
        <ParametersButton settings={column.settings} letter={letter} onChange={change} />
        {onRemove !== undefined && (
          <ActionIcon
            variant="subtle"
            size={28}
            aria-label={t("removeColumn", { name: letter })}
            onClick={onRemove}
          >
            <X size={14} />
          </ActionIcon>
        )}
      </div>
      <Autocomplete
        size="xs"
        aria-label={`${t("model")}, ${t("column", { name: letter })}`}
        value={column.settings.model}
        data={api === undefined ? [] : offeredModels(api, services)}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mg-mono)", fontSize: 12 } }}
        onChange={(model) => change({ ...column.settings, model })}
      />
      {api?.enabled === false && <p className="small warn">{t("disabledApi", { name: api.name })}</p>}
    </div>
  );
}

function ParametersButton({
  settings,
  letter,
  onChange,
}: {
  readonly settings: Settings;
  readonly letter: string;
  readonly onChange: (settings: Settings) => void;
}) {
  const t = useMessages(playgroundMessages);
  const limit = systemLimit(settings.extended);
  return (
    <Popover position="bottom-end" width={300} withinPortal trapFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<SlidersHorizontal size={14} />}
          aria-label={t("parametersOf", { name: letter })}
        >
          {t("parameters")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={16}>
        <Textarea
          label={t("systemPrompt")}
          autosize
          minRows={2}
          maxRows={5}
          value={settings.system}
          onChange={(event) => onChange({ ...settings, system: cutText(event.currentTarget.value, limit) })}
        />
        <Switch
          mt={12}
          label={t("streaming")}
          styles={{ label: { fontSize: 13, paddingInlineStart: 8 } }}
          checked={settings.stream}
          onChange={(event) => onChange({ ...settings, stream: event.currentTarget.checked })}
        />
        <DialField
          name="max_tokens"
          dial={settings.maxTokens}
          range={dialRange("maxTokens", settings.extended)}
          onChange={(maxTokens) => onChange({ ...settings, maxTokens })}
        />
        <DialField
          name="top_p"
          dial={settings.topP}
          range={dialRange("topP", settings.extended)}
          onChange={(topP) => onChange({ ...settings, topP })}
        />
        <DialField
          name="temperature"
          dial={settings.temperature}
          range={dialRange("temperature", settings.extended)}
          onChange={(temperature) => onChange({ ...settings, temperature })}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
