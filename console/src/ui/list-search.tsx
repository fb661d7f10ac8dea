// The search box over a list; the slash key goes to it. Its text is the caller's, who keeps it in the address.
import { TextInput } from "@mantine/core";
import { Search } from "lucide-react";
import { useEffect, useRef } from "react";
import { isTyping } from "./keyboard.ts";

export function ListSearch({
  label,
  value,
  onChange,
  width = 260,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly width?: number;
}) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== "/" || isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  return (
    <TextInput
      ref={input}
      type="search"
      size="xs"
      w={width}
      maw="100%"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={14} aria-hidden />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
