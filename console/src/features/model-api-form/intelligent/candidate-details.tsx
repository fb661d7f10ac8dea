// All characteristics of one candidate: what is known or assumed, and what its author says instead.
import type { KnownCharacteristics } from "../../../../../src/control/routes/console-answers.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { changedPrice } from "./candidate-facts.ts";
import { candidateMessages } from "./candidate-messages.ts";
import { useDomainNames } from "./domain-names.ts";
import classes from "./intelligent.module.css";
import { KnownNumber, KnownSet, KnownSwitch, PartsHead } from "./known-parts.tsx";
import type { CandidateDraft } from "./routing-draft.ts";

const modalities = ["text", "image", "audio", "video", "pdf"] as const;
const languages = ["en", "zh"] as const;

interface DetailProps {
  readonly row: CandidateDraft;
  readonly path: string;
  readonly name: string;
  readonly known: KnownCharacteristics | undefined;
  readonly onChange: (change: Partial<CandidateDraft>) => void;
}

export function CandidateDetails(props: DetailProps) {
  const t = useMessages(candidateMessages);
  const { row, path, name, known, onChange } = props;
  const sets = { row: name, path };
  return (
    <section className={classes["details"]} aria-label={t("characteristics", { name })}>
      <Numbers {...props} />
      <Strengths {...props} />
      <KnownSet
        {...sets}
        path={`${path}.input`}
        label={t("input")}
        value={row.input}
        known={known?.input}
        options={modalities.map((value) => ({ value, label: t(value) }))}
        onChange={(input) => onChange({ input })}
      />
      <KnownSet
        {...sets}
        path={`${path}.output`}
        label={t("output")}
        value={row.output}
        known={known?.output}
        options={modalities.map((value) => ({ value, label: t(value) }))}
        onChange={(output) => onChange({ output })}
      />
      <KnownSet
        {...sets}
        path={`${path}.languages`}
        label={t("languages")}
        value={row.languages}
        known={known?.languages}
        options={languages.map((value) => ({ value, label: t(value) }))}
        onChange={(chosen) => onChange({ languages: chosen })}
      />
      <div className={classes["grid"]}>
        <KnownSwitch
          {...sets}
          path={`${path}.tools`}
          label={t("tools")}
          value={row.tools}
          known={known?.tools}
          onChange={(tools) => onChange({ tools })}
        />
        <KnownSwitch
          {...sets}
          path={`${path}.jsonSchema`}
          label={t("jsonSchema")}
          value={row.jsonSchema}
          known={known?.jsonSchema}
          onChange={(jsonSchema) => onChange({ jsonSchema })}
        />
      </div>
      {known?.source !== undefined && (
        <p className="tiny dim" style={{ margin: 0 }}>
          {t("sourceOf", { source: known.source, date: known.date ?? "—" })}
        </p>
      )}
    </section>
  );
}

function Numbers({ row, path, name, known, onChange }: DetailProps) {
  const t = useMessages(candidateMessages);
  const knownPrice = known?.price;
  return (
    <div className={classes["grid"]}>
      <KnownNumber
        path={`${path}.quality`}
        row={name}
        label={t("quality")}
        max={100}
        value={row.quality}
        known={known?.quality}
        onChange={(quality) => onChange({ quality })}
      />
      <KnownNumber
        path={`${path}.contextWindow`}
        row={name}
        label={t("contextWindow")}
        unit={t("tokens")}
        value={row.contextWindow}
        known={known?.contextWindow}
        onChange={(contextWindow) => onChange({ contextWindow })}
      />
      <KnownNumber
        path={`${path}.maxOutputTokens`}
        row={name}
        label={t("maxOutputTokens")}
        unit={t("tokens")}
        value={row.maxOutputTokens}
        known={known?.maxOutputTokens}
        onChange={(maxOutputTokens) => onChange({ maxOutputTokens })}
      />
      {(["input", "output"] as const).map((part) => (
        <KnownNumber
          key={part}
          path={`${path}.price.${part}`}
          row={name}
          label={t(part === "input" ? "priceInput" : "priceOutput")}
          unit={t("perMillion")}
          decimals
          value={row.price?.[part]}
          known={
            knownPrice === undefined
              ? undefined
              : { value: knownPrice.value[part], origin: knownPrice.origin }
          }
          onChange={(value) => onChange({ price: changedPrice(row.price, knownPrice?.value, part, value) })}
        />
      ))}
    </div>
  );
}

function Strengths({ row, path, name, known, onChange }: DetailProps) {
  const t = useMessages(candidateMessages);
  const labels = new Map(useDomainNames());
  for (const domain of Object.keys(row.strengths)) if (!labels.has(domain)) labels.set(domain, domain);
  const overall = row.quality ?? known?.quality.value;
  return (
    <div className="col g8">
      <PartsHead title={t("strengths")} hint={t("strengthsHint")} />
      <div className={classes["grid"]}>
        {[...labels].map(([domain, label]) => (
          <KnownNumber
            key={domain}
            path={`${path}.strengths.${domain}`}
            row={name}
            label={label}
            max={100}
            value={row.strengths[domain]}
            known={overall === undefined ? undefined : { value: overall, origin: "assumed" }}
            onChange={(value) => {
              const { [domain]: _old, ...others } = row.strengths;
              onChange({ strengths: value === undefined ? others : { ...others, [domain]: value } });
            }}
          />
        ))}
      </div>
    </div>
  );
}
