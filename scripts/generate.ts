// Writes what is derived from the model and the migrations and committed: a test fails when it is out of date.
import { mkdirSync, writeFileSync } from "node:fs";
import { generatedFiles } from "./generated-files.ts";

mkdirSync(new URL("../generated/", import.meta.url), { recursive: true });
for (const [path, content] of await generatedFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), content);
