// Runs before the first paint, so that nobody sees the wrong theme flash. A file, not inline, for the
// content security policy's sake.
(() => {
  let wanted = "system";
  try {
    wanted = localStorage.getItem("slipway.theme") || "system";
  } catch {
    // Storage may be forbidden; the system's theme is then right.
  }
  const dark =
    wanted === "dark" || (wanted === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
