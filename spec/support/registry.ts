import { inspect } from "node:util";
import { expect, type TestContext } from "vitest";
import type { AuthConfiguration } from "../../lib/auth/auth-configuration.js";
import { client, uniqueName } from "./engine.js";
import { builtImage, removedAtEnd } from "./images.js";

const { TESTBED_REGISTRY: registry, TESTBED_REGISTRY_USER: username, TESTBED_REGISTRY_PASSWORD: password } = process.env;

/** Credentials that the registry takes. */
export const right: AuthConfiguration = { username, password };
/** Credentials that it does not take. */
export const wrong: AuthConfiguration = { username, password: "a-wrong-secret" };

/** Gives the address of the registry. Skips a test where there is none, and says so in the report. */
export function needsRegistry(context: TestContext): string {
  context.skip(!registry || !username || !password, "needs a registry: TESTBED_REGISTRY, _USER and _PASSWORD are not set");
  return registry ?? "";
}

/** Makes an image that has the name of a repository in the registry with the tag 1, and is not there yet. Gives the repository. */
export async function namedImage(host: string): Promise<string> {
  const { id } = await builtImage(["RUN head -c 4096 /dev/urandom > /random"]);
  const repository = `${host}/${uniqueName("push")}`;
  await client.tagImage({ name: id, repo: repository, tag: "1" });
  return removedAtEnd(`${repository}:1`).replace(/:1$/, "");
}

/** What a call rejects with, once it is clear that nothing in it tells a secret. */
export async function refusalOf(call: PromiseLike<unknown>): Promise<unknown> {
  const error = await Promise.resolve(call).catch((e: unknown) => e);
  const shown = inspect(error, { depth: null, showHidden: true });
  for (const secret of ["a-wrong-secret", password ?? ""]) {
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(secret).toString("base64").replace(/=+$/, ""));
  }
  expect(shown).not.toContain("X-Registry-Auth");
  return error;
}
