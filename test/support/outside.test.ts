import { expect, test } from "vitest";
import { startOutside } from "./outside.ts";

test("a stand-in whose answer throws says so at once, and leaves nobody waiting", async () => {
  await using outside = await startOutside(async () => {
    throw new Error("The test has made a mistake.");
  });

  const response = await fetch(outside.origin);

  expect(response.status).toBe(500);
  expect(await response.text()).toContain("The test has made a mistake.");
});
