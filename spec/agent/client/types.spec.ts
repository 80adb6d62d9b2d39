import { expect, test } from "vitest";
import { generateTypes } from "../support/generate-types.js";

test("the types of the client are those of the schemas", async () => {
  await expect(await generateTypes()).toMatchFileSnapshot("../../../lib/agent/client/types.ts");
});
