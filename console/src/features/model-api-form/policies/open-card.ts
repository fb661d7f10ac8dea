// Which card of the policies is open: one at a time, kept in the address.
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { CardName } from "./policy-draft.ts";

export function useOpenCard() {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { card } = search;
  return {
    card,
    show: (name: CardName | undefined): void =>
      void navigate({
        to: ".",
        search: ({ card: _before, ...others }) => (name === undefined ? others : { ...others, card: name }),
        replace: true,
        resetScroll: false,
        hash: true,
      }),
  };
}
