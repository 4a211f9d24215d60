import { Monitor, Moon, Sun } from "lucide-react";
import { IconButton } from "@/components/Button";
import { setTheme, type Theme, useTheme } from "@/lib/theme";

const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const ICONS = { system: Monitor, light: Sun, dark: Moon };

export function ThemeSwitch() {
  const theme = useTheme();
  const Icon = ICONS[theme];
  return (
    <IconButton label={`Theme: ${theme}. Switch to ${NEXT[theme]}`} onClick={() => setTheme(NEXT[theme])}>
      <Icon aria-hidden className="size-4" />
    </IconButton>
  );
}
