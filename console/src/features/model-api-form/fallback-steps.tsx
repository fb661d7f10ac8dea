// The sortable list of fallback targets: by mouse, by keyboard (Space lifts), and by buttons.
import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type Announcements,
  type DragEndEvent,
  type UniqueIdentifier,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { GripVertical } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { moved, type StepDraft } from "./draft.ts";
import classes from "./editors.module.css";
import { fallbackMessages } from "./fallback-messages.ts";
import { Field, useFieldNotes, useFormContext } from "./form-context.tsx";
import { listMessages } from "./list-messages.ts";
import { NumberField } from "./number-field.tsx";
import { RowButtons, useMover } from "./row-buttons.tsx";
import { TargetFields } from "./target-fields.tsx";

export function FallbackSteps() {
  const { draft, set } = useFormContext();
  const { steps } = draft;
  const nameOf = useStepName();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const accessibility = useSpokenMoves(steps, nameOf);
  const { move, status } = useMover(steps, (next) => set({ steps: next }), nameOf);
  const indexOf = (id: UniqueIdentifier | undefined): number => steps.findIndex((step) => step.id === id);
  const drop = ({ active, over }: DragEndEvent): void => {
    if (over !== null) set({ steps: moved(steps, indexOf(active.id), indexOf(over.id)) });
  };
  return (
    <Field path="fallback.targets">
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        accessibility={accessibility}
        onDragEnd={drop}
      >
        <SortableContext items={steps.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
          <ol className={classes["rows"]}>
            {steps.map((step, index) => (
              <Step key={step.id} step={step} index={index} onMove={move} />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
      {status}
    </Field>
  );
}

function useStepName(): (step: StepDraft) => string {
  const t = useMessages(fallbackMessages);
  return ({ service, model }) => {
    if (service === "") return t("unnamedStep");
    return model === "" ? service : `${service} ${model}`;
  };
}

/** The moves in the language of the moment, with names and positions instead of ids. */
function useSpokenMoves(steps: readonly StepDraft[], nameOf: (step: StepDraft) => string) {
  const t = useMessages(listMessages);
  const say = (
    key: "lifted" | "over" | "dropped",
    id: UniqueIdentifier,
    place: UniqueIdentifier | undefined,
  ): string | undefined => {
    const step = steps.find((one) => one.id === id);
    const position = steps.findIndex((one) => one.id === (place ?? id)) + 1;
    return step === undefined ? undefined : t(key, { name: nameOf(step), position, count: steps.length });
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => say("lifted", active.id, undefined),
    onDragOver: ({ active, over }) => say("over", active.id, over?.id),
    onDragEnd: ({ active, over }) => say("dropped", active.id, over?.id),
    onDragCancel: ({ active }) => {
      const index = steps.findIndex((one) => one.id === active.id);
      const step = steps[index];
      return step === undefined ? undefined : t("cancelled", { name: nameOf(step), position: index + 1 });
    },
  };
  return { announcements, screenReaderInstructions: { draggable: t("instructions") } };
}

function Step({
  step,
  index,
  onMove,
}: {
  readonly step: StepDraft;
  readonly index: number;
  readonly onMove: (index: number, direction: "up" | "down") => void;
}) {
  const t = useMessages(fallbackMessages);
  const list = useMessages(listMessages);
  const { draft, set, readOnly } = useFormContext();
  const disabled = readOnly !== undefined;
  const nameOf = useStepName();
  const path = `fallback.targets[${index}]`;
  const { error } = useFieldNotes(`${path}.firstPacketTimeoutMs`);
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({ id: step.id, disabled });
  const change = (fields: Partial<StepDraft>): void =>
    set({ steps: draft.steps.map((other) => (other.id === step.id ? { ...other, ...fields } : other)) });
  return (
    <li
      ref={setNodeRef}
      className={classes["row"]}
      data-lifted={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <div className={classes["stepLine"]}>
        <button
          type="button"
          ref={setActivatorNodeRef}
          {...attributes}
          {...listeners}
          role={undefined}
          className={classes["grip"]}
          disabled={disabled}
          aria-label={list("grip", { name: `${index + 1} ${nameOf(step)}` })}
        >
          <GripVertical size={15} aria-hidden />
        </button>
        <span className={`num dim ${classes["number"]}`}>{index + 1}</span>
        <TargetFields bare name={t("step", { n: index + 1 })} target={step} path={path} onChange={change} />
        <Field path={`${path}.firstPacketTimeoutMs`}>
          <NumberField
            name={`${t("step", { n: index + 1 })}: ${t("ownFirstPacket")}`}
            value={step.firstPacketTimeoutMs}
            placeholder={t("asApi")}
            unit="ms"
            error={error}
            disabled={disabled}
            onChange={(firstPacketTimeoutMs) => change({ firstPacketTimeoutMs })}
          />
        </Field>
        <RowButtons
          id={step.id}
          name={`${index + 1} ${nameOf(step)}`}
          index={index}
          count={draft.steps.length}
          onMove={onMove}
          onRemove={() => set({ steps: draft.steps.filter(({ id }) => id !== step.id) })}
          disabled={disabled}
        />
      </div>
    </li>
  );
}
