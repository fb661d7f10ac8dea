// What a Model API is for: seven cards with the number of protocols each.
import {
  ArrowDownWideNarrow,
  AudioLines,
  Binary,
  Clapperboard,
  Image,
  MessageSquareText,
  Shapes,
  type LucideIcon,
} from "lucide-react";
import { protocolsOf } from "../../../../src/resources/default-routes.ts";
import type { UseCase } from "../../../../src/resources/use-case.ts";
import { useMessages } from "../../i18n/language.tsx";
import { caseOrder } from "./draft.ts";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";
import { RadioCards } from "./radio-cards.tsx";

const icons: Readonly<Record<UseCase, LucideIcon>> = {
  "text-generation": MessageSquareText,
  "image-generation": Image,
  "video-generation": Clapperboard,
  "speech-synthesis": AudioLines,
  embedding: Binary,
  rerank: ArrowDownWideNarrow,
  others: Shapes,
};

export function UseCaseCards({
  value,
  onChange,
  large = false,
  locked,
}: {
  readonly value: UseCase | undefined;
  readonly onChange: (useCase: UseCase) => void;
  readonly large?: boolean;
  /** Why the choice is fixed. */
  readonly locked?: string | undefined;
}) {
  const t = useMessages(formMessages);
  const shown = locked === undefined ? caseOrder : caseOrder.filter((useCase) => useCase === value);
  return (
    <RadioCards
      label={t("useCase")}
      className={classes[large ? "casesLarge" : "cases"]}
      value={value}
      onChange={onChange}
      options={shown.map((useCase) => {
        const count = protocolsOf(useCase).length;
        return {
          value: useCase,
          icon: icons[useCase],
          title: t(useCase),
          hint: locked ?? t("protocolCount", { n: count }),
          ...(large ? { about: t(`${useCase}-about`) } : {}),
        };
      })}
    />
  );
}
