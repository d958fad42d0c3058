// Shows the OpenAPI document of this server in Swagger UI, in the colours that the reader prefers.
const viewer = document.querySelector("#viewer");
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

// What Swagger UI leaves without a name, or out of reach of the keyboard.
const complete = () => {
  viewer.querySelector(".schemes")?.setAttribute("aria-label", "Token");
  for (const select of viewer.querySelectorAll("select:not([aria-label])")) {
    select.setAttribute("aria-label", select.closest("tr")?.dataset.paramName ?? "Media type");
  }
  for (const code of viewer.querySelectorAll("pre:not([tabindex])")) code.tabIndex = 0;
};
new MutationObserver(complete).observe(viewer, { childList: true, subtree: true });

SwaggerUIBundle({
  url: "/v1.0/openapi.json",
  domNode: viewer,
  validatorUrl: null,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  // Its colours of code cannot be read by everyone.
  syntaxHighlight: { activated: false },
});
