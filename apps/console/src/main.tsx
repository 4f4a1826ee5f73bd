import "@fontsource/b612/400.css";
import "@fontsource/b612/700.css";
import "@fontsource/b612-mono/400.css";
import "@atalaya/web/marks.css";
import "./theme/base.css";
import "./theme/desk.css";
import { applyTheme } from "@atalaya/web/tokens";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { useShown } from "./link/store.ts";

applyTheme(useShown.getState().theme);
document.documentElement.lang = useShown.getState().language;
useShown.subscribe(({ theme, language }) => {
  applyTheme(theme);
  document.documentElement.lang = language;
});
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
