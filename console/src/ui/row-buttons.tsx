// The word buttons at the end of a list's row; one that is not allowed stays, disabled, with the reason.
import { ActionIcon, Menu, UnstyledButton } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import type { WriteRight } from "./use-may-write.ts";

export interface RowAction {
  readonly text: string;
  /** With the object's name, for screen readers; the text alone where the menu has the name. */
  readonly label?: string;
  readonly right: WriteRight;
  readonly run: () => void;
}

const none: readonly RowAction[] = [];

/** @param menu the rarer ones, behind the ellipsis @param menuLabel its accessible name */
export function RowButtons({
  actions = none,
  menu = none,
  menuLabel = "",
}: {
  readonly actions?: readonly RowAction[];
  readonly menu?: readonly RowAction[];
  readonly menuLabel?: string;
}) {
  return (
    <span className="row g4" style={{ justifyContent: "flex-end" }}>
      {actions.map(({ text, label, right, run }) => (
        <UnstyledButton
          key={text}
          className={right.allowed ? "link" : "dim"}
          style={{ padding: "0 5px", fontSize: 13, cursor: right.allowed ? "pointer" : "not-allowed" }}
          aria-label={label}
          disabled={!right.allowed}
          title={right.reason}
          onClick={run}
        >
          {text}
        </UnstyledButton>
      ))}
      {menu.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" size={26} aria-label={menuLabel}>
              <Ellipsis size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {menu.map(({ text, label, right, run }) => (
              <Menu.Item
                key={text}
                aria-label={label}
                disabled={!right.allowed}
                title={right.reason}
                onClick={run}
              >
                {text}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}
