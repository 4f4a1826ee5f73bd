import "@fontsource/b612/400.css";
import "@fontsource/b612/700.css";
import "@atalaya/web/marks.css";
import "./theme/field.css";
import { applyTheme } from "@atalaya/web/tokens";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { begin } from "./device.ts";
import { useField } from "./state.ts";

applyTheme(useField.getState().theme);
document.documentElement.lang = useField.getState().language;
useField.subscribe(({ theme, language }) => {
  applyTheme(theme);
  document.documentElement.lang = language;
});
void begin();
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
// From the second start on the app opens without a network. A newer version takes over at the start of a page only, never in mid-shift.
if ("serviceWorker" in navigator)
  void navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" }).then(({ waiting }) => {
    if (waiting === null) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take-over");
  });
