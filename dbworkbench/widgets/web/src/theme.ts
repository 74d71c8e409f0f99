// Whether the page around a view is dark: each host says it in its own way.

export function isDark(): boolean {
  const body = document.body.dataset;
  const page = document.documentElement;
  if (body["jpThemeLight"]) return body["jpThemeLight"] === "false";
  if (body["vscodeThemeKind"]) return body["vscodeThemeKind"].includes("dark");
  const said = page.dataset["theme"] ?? page.getAttribute("theme") ?? "";
  if (said) return said.includes("dark");
  if (page.classList.contains("dark") || document.body.classList.contains("dark")) return true;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export function watchTheme(told: (dark: boolean) => void): () => void {
  const look = () => told(isDark());
  const seen = new MutationObserver(look);
  const attributes = { attributes: true, attributeFilter: ["class", "data-jp-theme-light", "data-theme", "theme", "data-vscode-theme-kind"] };
  seen.observe(document.body, attributes);
  seen.observe(document.documentElement, attributes);
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", look);
  look();
  return () => {
    seen.disconnect();
    media.removeEventListener("change", look);
  };
}
