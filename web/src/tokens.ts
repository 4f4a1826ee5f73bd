// The colours of the four themes, after the table of the screen design; the style sheet and the map are both made from this.

export const THEMES = ["dark", "light", "red", "hc"] as const;
export type Theme = (typeof THEMES)[number];

/** Token → hex digits for dark, light, red and high contrast. */
export const tokens = {
  bg: ["0A0F14", "E9EDF1", "000000", "000000"],
  surface: ["111920", "FFFFFF", "0B0000", "000000"],
  raised: ["18222B", "F4F6F8", "180202", "000000"],
  hover: ["22303B", "E3E9EF", "240404", "1F1F1F"],
  line: ["26323D", "D2D9E0", "3B0A08", "FFFFFF"],
  "line-strong": ["5E7081", "6B7A88", "AC3E34", "FFFFFF"],
  text: ["E8EEF4", "101820", "FF7A6B", "FFFFFF"],
  "text-2": ["B1BECA", "3C4956", "E2574A", "FFFFFF"],
  "text-3": ["8C9BA9", "586673", "D65044", "E0E0E0"],
  focus: ["A9D2FF", "0B5CAD", "FFB0A6", "FFFF00"],
  warning: ["FF5F57", "B81410", "FF7A6B", "FF8A80"],
  "warning-fill": ["C6221B", "B81410", "4A0805", "FFFFFF"],
  "warning-on": ["FFFFFF", "FFFFFF", "FFA79B", "000000"],
  caution: ["FFB302", "8A5200", "FF7A6B", "FFC233"],
  advisory: ["F2E36B", "6A5C00", "E2574A", "FFF176"],
  ok: ["5FDB80", "14702F", "E2574A", "7CFF9B"],
  standby: ["5CC8F2", "0A6790", "E2574A", "7FE3FF"],
  off: ["9AA5B1", "586673", "D65044", "D6D6D6"],
  unknown: ["F3E2A0", "5E4B00", "FF7A6B", "FFF3B8"],
  suspect: ["F7A1D6", "97206F", "FF7A6B", "FFB8E4"],
  own: ["7FC8FF", "0A5EA8", "E2574A", "8FD0FF"],
  authorised: ["9CE0B1", "1B6B35", "E2574A", "A8FFC1"],
  manned: ["C5D0DB", "3E4C59", "D65044", "FFFFFF"],
  lookalike: ["8C9AA8", "5E6B77", "D65044", "D6D6D6"],
  drill: ["C3A1FF", "6B2FC0", "FF7A6B", "DCC8FF"],
  replay: ["C9D2DB", "3C4956", "D65044", "FFFFFF"],
  "map-land": ["0C1319", "F3F2EC", "050000", "000000"],
  "map-urban": ["121B23", "E9E8E2", "0B0000", "0A0A0A"],
  "map-water": ["14344D", "BCD7EA", "1C0505", "00324F"],
  "map-river": ["2E6B97", "5E9CC7", "5A1A15", "5CB6F0"],
  "map-border": ["7F90A0", "6B7A88", "AC3E34", "FFFFFF"],
  "map-label": ["8494A3", "5B6670", "D65044", "E0E0E0"],
} as const satisfies Readonly<Record<string, readonly [string, string, string, string]>>;

export type Token = keyof typeof tokens;

export function colour(token: Token, theme: Theme): string {
  return `#${tokens[token][THEMES.indexOf(theme)] ?? "FF00FF"}`;
}

/** Puts the theme's colours on the document as custom properties. */
export function applyTheme(theme: Theme): void {
  const { documentElement } = document;
  documentElement.dataset["theme"] = theme;
  for (const token of Object.keys(tokens) as Token[]) documentElement.style.setProperty(`--${token}`, colour(token, theme));
  documentElement.style.setProperty("color-scheme", theme === "light" ? "light" : "dark");
}
