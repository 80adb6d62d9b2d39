import { inspect } from "node:util";
import { expect, type TestContext } from "vitest";
import type { AuthConfiguration } from "../../lib/auth/auth-configuration.js";
import { client, uniqueName } from "./engine.js";
import { builtImage, removedAtEnd } from "./images.js";

const { TESTBED_REGISTRY: registry, TESTBED_REGISTRY_USER: username, TESTBED_REGISTRY_PASSWORD: password } = process.env;

/** Credentials that the registry accepts. */
export const right: AuthConfiguration = { username, password };
/** Credentials that the registry rejects. */
export const wrong: AuthConfiguration = { username, password: "a-wrong-secret" };

/** Returns the address of the registry. Skips the test without one, with the reason in the report. */
export function needsRegistry(context: TestContext): string {
  context.skip(!registry || !username || !password, "needs a registry: TESTBED_REGISTRY, _USER and _PASSWORD are not set");
  return registry ?? "";
}

/** Tags an image with 1 for a repository that is not in the registry yet. Returns the repository. */
export async function namedImage(host: string): Promise<string> {
  const { id } = await builtImage(["RUN head -c 4096 /dev/urandom > /random"]);
  const repository = `${host}/${uniqueName("push")}`;
  await client.tagImage({ name: id, repo: repository, tag: "1" });
  return removedAtEnd(`${repository}:1`).replace(/:1$/, "");
}

/** Returns the error of a call after checking that it contains no secret. */
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
