import { expect, test } from "vitest";
import { generateReference } from "./support/generate-reference.js";

test("the guide lists the methods as the agent describes them", async () => {
  await expect(await generateReference()).toMatchFileSnapshot("../../docs/guides/agent-methods.md");
});
