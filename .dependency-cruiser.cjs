// The rooms of ARCHITECTURE.md and which of them each may import. Anything else is an error.
const rooms = {
  model: [],
  telemetry: [],
  store: ["model", "telemetry"],
  odata: ["model"],
  onboarding: ["model", "telemetry", "store"],
  provisioners: ["model", "telemetry", "store", "onboarding"],
  notify: ["model", "telemetry", "onboarding"],
  server: ["model", "telemetry", "odata", "onboarding"],
  work: ["model", "telemetry", "store", "onboarding", "provisioners"],
  client: [],
  cli: ["model", "telemetry", "store", "odata", "onboarding", "provisioners", "notify", "server", "work", "client"],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports-only-${allowed.join("-and-") || "nothing"}`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(?:${[room, ...allowed].join("|")})/` },
    })),
    {
      name: "portal-imports-only-client",
      severity: "error",
      from: { path: "^portal/" },
      to: { path: "^src/", pathNot: "^src/client/" },
    },
    {
      name: "model-and-client-import-no-package",
      severity: "error",
      from: { path: "^src/(?:model|client)/" },
      to: { dependencyTypes: ["npm", "core"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
