// Headers and JSON fields that are taken out, renamed or set: a table for each place.
import { ActionIcon, Button } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { newId } from "../draft.ts";
import { Field, GroupFault, useFormContext } from "../form-context.tsx";
import { ChoicePart, ListHead, TextPart } from "./parts.tsx";
import classes from "./policies.module.css";
import { transformPlaces, type EditDraft, type TransformPlace } from "./policy-draft.ts";
import { shapingMessages } from "./shaping-messages.ts";

const actions = ["remove", "rename", "set"] as const;

export function TransformBody() {
  const t = useMessages(shapingMessages);
  return (
    <>
      <p className="small dim">{t("order")}</p>
      {transformPlaces.map((place) => (
        <Place key={place} place={place} />
      ))}
    </>
  );
}

/** Where the admin API finds fault with a row. */
export function saidPath(place: TransformPlace, rows: readonly EditDraft[], row: EditDraft): string {
  if (row.action !== "remove") return `transform.${place}.${row.action}.${row.name}`;
  const index = rows.filter(({ action }) => action === "remove").indexOf(row);
  return `transform.${place}.remove[${index}]`;
}

function Place({ place }: { readonly place: TransformPlace }) {
  const t = useMessages(shapingMessages);
  const { draft, set, readOnly } = useFormContext();
  const rows = draft.edits[place];
  const put = (next: readonly EditDraft[]): void =>
    set({
      edits: { ...draft.edits, [place]: next },
      paused: draft.paused.filter((name) => name !== "transform"),
    });
  const title = t(place);
  return (
    <div className="col g8">
      <ListHead
        path={`transform.${place}`}
        title={title}
        {...(rows.length === 0 ? { hint: t("nothing") } : {})}
      >
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          aria-label={t("addTo", { place: title })}
          disabled={readOnly !== undefined}
          onClick={() => put([...rows, { id: newId(), action: "remove", name: "", value: "" }])}
        >
          {t("add")}
        </Button>
      </ListHead>
      {rows.length > 0 && (
        <ul className={classes["rows"]}>
          {rows.map((row, index) => (
            <li key={row.id}>
              <EditRow
                name={t("editN", { place: title, n: index + 1 })}
                path={`transform.${place}[${index}]`}
                said={saidPath(place, rows, row)}
                json={place === "requestBody"}
                row={row}
                onChange={(change) => put(rows.map((each) => (each === row ? { ...row, ...change } : each)))}
                onRemove={() => put(rows.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function EditRow({
  name,
  path,
  said,
  json,
  row,
  onChange,
  onRemove,
}: {
  /** Of the row, for screen readers. */
  readonly name: string;
  readonly path: string;
  /** As the admin API names it. */
  readonly said: string;
  readonly json: boolean;
  readonly row: EditDraft;
  readonly onChange: (change: Partial<EditDraft>) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(shapingMessages);
  const { readOnly } = useFormContext();
  return (
    <Field path={said} className={classes["editRow"] ?? ""}>
      <ChoicePart
        path={`${path}.action`}
        row={name}
        label={t("action")}
        value={row.action}
        options={actions.map((action) => ({ value: action, label: t(action) }))}
        onChange={(action) => onChange({ action })}
      />
      <TextPart
        path={`${path}.name`}
        row={name}
        label={t("name")}
        mono
        value={row.name}
        onChange={(to) => onChange({ name: to })}
      />
      {row.action === "remove" ? (
        <span />
      ) : (
        <TextPart
          path={`${path}.value`}
          row={name}
          label={t(row.action === "rename" ? "to" : json ? "json" : "value")}
          mono
          {...(row.action === "set" && json ? { hint: t("jsonHint") } : {})}
          value={row.value}
          onChange={(value) => onChange({ value })}
        />
      )}
      <ActionIcon
        variant="subtle"
        size={26}
        aria-label={t("removeRow", { name: row.name === "" ? name : row.name })}
        disabled={readOnly !== undefined}
        style={{ marginTop: 27 }}
        onClick={onRemove}
      >
        <X size={14} />
      </ActionIcon>
      <GroupFault path={said} />
    </Field>
  );
}
