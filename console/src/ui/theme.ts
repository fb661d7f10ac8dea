// The identity as a Mantine theme: colours, sizes and shapes of Mantine's parts. Every colour is a token of tokens.css.
import { createTheme } from "@mantine/core";
import type { CSSVariablesResolver, MantineColorsTuple } from "@mantine/core";

const pond: MantineColorsTuple = [
  "#e9f4f6",
  "#cfe6ea",
  "#a3d2da",
  "#6cc4d0",
  "#3ea3b3",
  "#1c8497",
  "#0a6577",
  "#084f5e",
  "#073f4b",
  "#052f38",
];
const dark: MantineColorsTuple = [
  "#e7eded",
  "#b4c0c1",
  "#8f9c9e",
  "#67767a",
  "#2f3c40",
  "#212c2f",
  "#192225",
  "#12191b",
  "#0e1517",
  "#0b1012",
];

const overlay = { backgroundOpacity: 0.35, blur: 0 };
const raised = {
  background: "var(--mg-raised)",
  boxShadow: "var(--mg-shadow)",
  border: "1px solid var(--mg-hair)",
};

export const theme = createTheme({
  primaryColor: "pond",
  primaryShade: { light: 6, dark: 3 },
  colors: { pond, dark },
  black: "#172123",
  fontFamily: "var(--mg-font)",
  fontFamilyMonospace: "var(--mg-mono)",
  headings: { fontWeight: "600" },
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "11.5px", sm: "12px", md: "13px", lg: "14px", xl: "20px" },
  lineHeights: { xs: "1.4", sm: "1.5", md: "1.54", lg: "1.58", xl: "1.4" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "10px", xl: "14px" },
  components: {
    Button: {
      defaultProps: { variant: "default" },
      vars: (_theme: unknown, props: { readonly size?: string }) => ({
        root: {
          "--button-height": props.size === "xs" ? "28px" : "32px",
          "--button-padding-x": props.size === "xs" ? "9px" : "12px",
          "--button-fz": props.size === "xs" ? "12.5px" : "13px",
        },
      }),
      styles: { root: { fontWeight: 550 }, section: { marginInlineEnd: 6 } },
    },
    Input: {
      vars: (_theme: unknown, props: { readonly size?: string }) => ({
        wrapper: {
          "--input-height": props.size === "xs" ? "30px" : "34px",
          "--input-fz": "13px",
          "--input-bd": "var(--mg-control)",
          "--input-bg": "var(--mg-surface)",
        },
      }),
    },
    InputWrapper: {
      styles: {
        label: { fontSize: "12.5px", lineHeight: "18px", fontWeight: 550, marginBottom: 5 },
        description: { fontSize: 12, lineHeight: "18px", color: "var(--mg-ink-3)", marginTop: 4 },
        error: { fontSize: 12, lineHeight: "18px", marginTop: 4 },
      },
      defaultProps: { inputWrapperOrder: ["label", "input", "error", "description"] },
    },
    TextInput: { defaultProps: { inputWrapperOrder: ["label", "input", "error", "description"] } },
    Textarea: { defaultProps: { inputWrapperOrder: ["label", "input", "error", "description"] } },
    Select: {
      defaultProps: {
        inputWrapperOrder: ["label", "input", "error", "description"],
        allowDeselect: false,
        comboboxProps: { shadow: "none" },
      },
    },
    Badge: { defaultProps: { radius: "xs" }, styles: { root: { textTransform: "none" } } },
    Menu: {
      styles: { dropdown: raised },
      // Without the element that Mantine puts first to take the focus: a menu may hold items only.
      defaultProps: { transitionProps: { duration: 120 }, withInitialFocusPlaceholder: false },
    },
    Popover: { styles: { dropdown: raised }, defaultProps: { transitionProps: { duration: 120 } } },
    Modal: {
      defaultProps: { overlayProps: overlay, centered: true, radius: 14, transitionProps: { duration: 180 } },
      styles: {
        content: { background: "var(--mg-raised)", boxShadow: "var(--mg-shadow)" },
        header: { background: "var(--mg-raised)", padding: "16px 20px 8px" },
        title: { fontSize: 14, fontWeight: 600 },
        body: { padding: "4px 20px 20px" },
      },
    },
    Drawer: {
      defaultProps: { overlayProps: overlay, position: "right", transitionProps: { duration: 280 } },
      styles: {
        content: { background: "var(--mg-surface)" },
        header: { background: "var(--mg-surface)", padding: "14px 20px" },
        title: { fontSize: 14, fontWeight: 600 },
        body: { padding: "0 20px 20px" },
      },
    },
    Tabs: { styles: { tab: { padding: "8px 0", marginInlineEnd: 20, fontSize: 13 } } },
    Switch: {
      defaultProps: { withThumbIndicator: false },
      vars: () => ({
        root: {
          "--switch-height": "18px",
          "--switch-width": "30px",
          "--switch-thumb-size": "14px",
          "--switch-track-label-padding": "0px",
          "--switch-label-font-size": "0px",
        },
      }),
    },
    Checkbox: { defaultProps: { size: "16px", radius: 4 } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    Skeleton: { defaultProps: { animate: false } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 120 } } },
  },
});

const tokens = {
  "--mantine-color-body": "var(--mg-surface)",
  "--mantine-color-text": "var(--mg-ink)",
  "--mantine-color-bright": "var(--mg-ink)",
  "--mantine-color-dimmed": "var(--mg-ink-3)",
  "--mantine-color-placeholder": "var(--mg-ink-3)",
  "--mantine-color-anchor": "var(--mg-pond-text)",
  "--mantine-color-error": "var(--mg-bad)",
  "--mantine-color-default": "var(--mg-surface)",
  "--mantine-color-default-hover": "var(--mg-hover)",
  "--mantine-color-default-color": "var(--mg-ink)",
  "--mantine-color-default-border": "var(--mg-line)",
  "--mantine-color-disabled": "var(--mg-off-soft)",
  "--mantine-color-disabled-color": "var(--mg-ink-3)",
  "--mantine-primary-color-filled": "var(--mg-pond)",
  "--mantine-primary-color-filled-hover": "var(--mg-pond-hover)",
  "--mantine-primary-color-contrast": "var(--mg-on-pond)",
  "--mantine-primary-color-light": "var(--mg-pond-soft)",
  "--mantine-primary-color-light-hover": "var(--mg-selected)",
  "--mantine-primary-color-light-color": "var(--mg-pond-text)",
  "--mantine-color-pond-filled": "var(--mg-pond)",
  "--mantine-color-pond-filled-hover": "var(--mg-pond-hover)",
  "--mantine-color-pond-light": "var(--mg-pond-soft)",
  "--mantine-color-pond-light-hover": "var(--mg-selected)",
  "--mantine-color-pond-light-color": "var(--mg-pond-text)",
  "--mantine-color-pond-outline": "var(--mg-pond)",
  "--mantine-color-red-filled": "var(--mg-bad)",
  "--mantine-color-red-light": "var(--mg-bad-soft)",
  "--mantine-color-red-light-color": "var(--mg-bad)",
  "--mantine-color-red-outline": "var(--mg-bad)",
};

/** Mantine's own variables point at the tokens, so that both themes come from one place. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: tokens,
  dark: tokens,
});
