// What prompts are about: the built-in domains, own ones by examples, and how well they are told apart.
import { Autocomplete, Button, MultiSelect, Textarea } from "@mantine/core";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { builtInDomains, domainMessages } from "../../routing/domain-words.ts";
import { newId } from "../draft.ts";
import editors from "../editors.module.css";
import { isWithin } from "../faults.ts";
import { Field, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";
import { LinesPart, ListHead, NumberPart, SwitchPart } from "../policies/parts.tsx";
import policies from "../policies/policies.module.css";
import { RowButtons } from "../row-buttons.tsx";
import { DomainAccuracy } from "./domain-accuracy.tsx";
import classes from "./intelligent.module.css";
import {
  examplesOf,
  examplesText,
  modelsOf,
  newDomain,
  type DomainRow,
  type RoutingDomain,
} from "./routing-draft.ts";
import { ruleMessages } from "./rule-messages.ts";

const base = "modelService.domains";

export function DomainsPart() {
  const t = useMessages(ruleMessages);
  const { draft, set, readOnly } = useFormContext();
  const { routing } = draft;
  const { domains } = routing;
  const [open, setOpen] = useState<string>();
  const put = (next: readonly DomainRow[]): void => set({ routing: { ...routing, domains: next } });
  return (
    <div className="col g8">
      <ListHead heading="h3" path={base} title={t("domains")} hint={t("domainsHint")}>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={readOnly !== undefined}
          onClick={() => {
            const id = newId();
            put([...domains, { id, domain: newDomain }]);
            setOpen(id);
          }}
        >
          {t("addDomain")}
        </Button>
      </ListHead>
      <SwitchPart
        path="modelService.builtInDomains"
        label={t("builtIn")}
        hint={t("builtInHint")}
        checked={routing.builtInDomains}
        onChange={(on) => set({ routing: { ...routing, builtInDomains: on } })}
      />
      {routing.builtInDomains && <BuiltInList />}
      {domains.length > 0 && (
        <ul className={editors["rows"]}>
          {domains.map((row, index) => (
            <li key={row.id} className={editors["row"]}>
              <DomainItem
                row={row}
                index={index}
                isToggled={open === row.id}
                onToggle={(on) => setOpen(on ? row.id : undefined)}
                onChange={(change) =>
                  put(
                    domains.map((each) =>
                      each.id === row.id ? { ...row, domain: { ...row.domain, ...change } } : each,
                    ),
                  )
                }
                onRemove={() => put(domains.filter(({ id }) => id !== row.id))}
              />
            </li>
          ))}
        </ul>
      )}
      {domains.some(({ domain }) => domain.examples.length > 0) && <DomainAccuracy />}
    </div>
  );
}

function BuiltInList() {
  const t = useMessages(ruleMessages);
  const d = useMessages(domainMessages);
  return (
    <details>
      <summary className="small dim" style={{ cursor: "pointer" }}>
        {t("builtInList")}
      </summary>
      <dl className="small" style={{ margin: "6px 0 0" }}>
        {builtInDomains.map((name) => (
          <div key={name} style={{ marginBottom: 4 }}>
            <dt className="medium">
              {d(name)} <span className="mono dim">{name}</span>
            </dt>
            <dd className="soft" style={{ margin: 0 }}>
              {d(`${name}-about`)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface ItemProps {
  readonly row: DomainRow;
  readonly index: number;
  readonly isToggled: boolean;
  readonly onToggle: (on: boolean) => void;
  readonly onChange: (change: Partial<RoutingDomain>) => void;
  readonly onRemove: () => void;
}

function DomainItem({ row, index, isToggled, onToggle, onChange, onRemove }: ItemProps) {
  const t = useMessages(ruleMessages);
  const { draft, readOnly, shown } = useFormContext();
  const { domain } = row;
  const path = `${base}[${index}]`;
  const isOpen = isToggled || shown.some((fault) => isWithin(fault.path, path));
  const name = domain.name || t("domainN", { n: index + 1 });
  const isAddition = draft.routing.builtInDomains && builtInDomains.some((known) => known === domain.name);
  const count = domain.examples.length;
  const examples =
    count === 0
      ? t("noExamples")
      : isAddition || count >= 20
        ? t("examplesCount", { n: count })
        : t("examplesFew", { n: count });
  return (
    <>
      <div className={classes["rule"]}>
        <span className="num dim">{index + 1}</span>
        <button
          type="button"
          className={classes["open"]}
          aria-expanded={isOpen}
          onClick={() => onToggle(!isOpen)}
        >
          <span className="medium cut">{name}</span>
          <span className="tiny dim">
            {isAddition ? `${t("addsTo")} · ` : ""}
            {examples}
          </span>
        </button>
        <RowButtons
          id={row.id}
          name={name}
          index={index}
          count={1}
          onRemove={onRemove}
          disabled={readOnly !== undefined}
        />
      </div>
      {isOpen && <DomainFields domain={domain} path={path} name={name} onChange={onChange} />}
    </>
  );
}

function DomainFields({
  domain,
  path,
  name,
  onChange,
}: {
  readonly domain: RoutingDomain;
  readonly path: string;
  readonly name: string;
  readonly onChange: (change: Partial<RoutingDomain>) => void;
}) {
  const t = useMessages(ruleMessages);
  const { draft, readOnly } = useFormContext();
  const nameNotes = useFieldNotes(`${path}.name`, t("domainNameHint"));
  const preferNotes = useFieldNotes(`${path}.prefer`, t("preferHint"));
  const models = [...new Set([...modelsOf(draft.routing), ...domain.prefer])];
  return (
    <div className={classes["details"]}>
      <Field path={`${path}.name`}>
        <Autocomplete
          {...nameNotes}
          label={t("name")}
          inputWrapperOrder={inputOrder}
          data={draft.routing.builtInDomains ? [...builtInDomains] : []}
          value={domain.name}
          maxLength={64}
          disabled={readOnly !== undefined}
          comboboxProps={{ shadow: "none" }}
          spellCheck={false}
          onChange={(next) => onChange({ name: next })}
        />
      </Field>
      <Examples domain={domain} path={path} name={name} onChange={onChange} />
      <div className={policies["two"]}>
        <LinesPart
          path={`${path}.keywords`}
          label={t("keywords")}
          hint={t("domainKeywordsHint")}
          value={domain.keywords}
          onChange={(keywords) => onChange({ keywords: [...keywords] })}
        />
        <LinesPart
          path={`${path}.patterns`}
          label={t("patterns")}
          hint={t("patternsHint")}
          value={domain.patterns}
          onChange={(patterns) => onChange({ patterns: [...patterns] })}
        />
        <Field path={`${path}.prefer`}>
          <MultiSelect
            {...preferNotes}
            label={t("prefer")}
            inputWrapperOrder={inputOrder}
            placeholder={domain.prefer.length === 0 ? t("preferAll") : ""}
            data={models}
            value={domain.prefer}
            disabled={readOnly !== undefined}
            comboboxProps={{ shadow: "none" }}
            onChange={(prefer) => onChange({ prefer })}
          />
        </Field>
        <NumberPart
          path={`${path}.minQuality`}
          label={t("minQuality")}
          hint={t("minQualityHint")}
          unit={t("points")}
          placeholder={t("noLeast")}
          value={domain.minQuality}
          onChange={(minQuality) =>
            onChange({ minQuality: minQuality === undefined ? undefined : Math.min(100, minQuality) })
          }
        />
      </div>
    </div>
  );
}

/** Typed as lines; the text stands as typed until the field is left. */
function Examples({
  domain,
  path,
  name,
  onChange,
}: {
  readonly domain: RoutingDomain;
  readonly path: string;
  readonly name: string;
  readonly onChange: (change: Partial<RoutingDomain>) => void;
}) {
  const t = useMessages(ruleMessages);
  const { readOnly } = useFormContext();
  const [typed, setTyped] = useState<string>();
  const notes = useFieldNotes(`${path}.examples`, t("examplesHint"));
  return (
    <Field path={`${path}.examples`}>
      <Textarea
        {...notes}
        label={`${t("examples")} · ${t("examplesCount", { n: domain.examples.length })}`}
        aria-label={`${name}: ${t("examples")}`}
        inputWrapperOrder={inputOrder}
        autosize
        minRows={4}
        maxRows={14}
        value={typed ?? examplesText(domain.examples)}
        disabled={readOnly !== undefined}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          onChange({ examples: [...examplesOf(text)] });
        }}
        onBlur={() => setTyped(undefined)}
      />
    </Field>
  );
}
