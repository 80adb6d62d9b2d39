import { chmodSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { CredentialHelpers } from "../../lib/auth/credential-helper.js";
import { AbortError } from "../../lib/errors/connection-errors.js";
import { CredentialsError } from "../../lib/errors/usage-errors.js";
import { answering, hanging, type Home, isAlive, temporaryHome } from "../support/home.js";

function helpersIn({ env }: Home, timeout = 60_000): CredentialHelpers {
  return new CredentialHelpers({ env, timeout });
}

async function failure(answer: Promise<unknown>): Promise<CredentialsError> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CredentialsError) return error;
  throw new Error("no CredentialsError", { cause: error });
}

/** Waits until a hanging helper and its child have written their process IDs. */
function pidsOf(home: Home): Promise<number[]> {
  return vi.waitUntil(() => (home.read("pids") ? home.read("pids").trim().split(" ").map(Number) : undefined), {
    timeout: 20_000,
  });
}

async function expectGone(pids: readonly number[]): Promise<void> {
  expect(pids).toHaveLength(2);
  await vi.waitUntil(() => !pids.some(isAlive), { timeout: 20_000 });
  await vi.waitUntil(() => !process.getActiveResourcesInfo().includes("ProcessWrap"), { timeout: 20_000 });
}

describe("CredentialHelpers.get", () => {
  it("passes the registry on standard input, and reads user and password", async () => {
    const home = temporaryHome();
    home.helper("pass", answering("me", "p:w"));
    expect(await helpersIn(home).get("pass", "quay.io")).toEqual({ username: "me", password: "p:w" });
    expect(home.calls()).toEqual(["pass get quay.io"]);
  });

  it("reads an identity token", async () => {
    const home = temporaryHome();
    home.helper("pass", answering("<token>", "it"));
    expect(await helpersIn(home).get("pass", "quay.io")).toEqual({ identitytoken: "it" });
  });

  it.each([
    ["reports no credentials", "echo 'credentials not found in native keychain'; exit 1"],
    ["returns empty credentials", answering("", "")],
  ])("returns undefined when the helper %s", async (_, script) => {
    const home = temporaryHome();
    home.helper("pass", script);
    expect(await helpersIn(home).get("pass", "quay.io")).toBeUndefined();
  });

  it("accepts a helper that does not read its input", async () => {
    const home = temporaryHome();
    home.write("bin/docker-credential-deaf", `#!/bin/sh\nexec <&-\n${answering("me", "pw")}\n`);
    chmodSync(join(home.path, "bin/docker-credential-deaf"), 0o755);
    expect(await helpersIn(home).get("deaf", "x".repeat(1_000_000))).toEqual({ username: "me", password: "pw" });
  });

  it("reports a helper that is not installed", async () => {
    const error = await failure(helpersIn(temporaryHome()).get("gcloud", "gcr.io"));
    expect(error.message).toBe(
      "credential helper docker-credential-gcloud, needed for gcr.io, is not installed: it is not in the PATH",
    );
    expect(error.code).toBe("ERR_CREDENTIALS");
  });

  it("reports a helper that cannot be run", async () => {
    const home = temporaryHome();
    home.helper("pass", "");
    chmodSync(join(home.path, "bin/docker-credential-pass"), 0o644);
    expect((await failure(helpersIn(home).get("pass", "quay.io"))).message).toBe(
      "credential helper docker-credential-pass, needed for quay.io, cannot be run (EACCES)",
    );
  });

  it("does not quote invalid environment variables", async () => {
    const home = temporaryHome();
    home.env["TOKEN"] = "S3CRET\0";
    const error = await failure(helpersIn(home).get("pass", "quay.io"));
    expect(error.message).toContain("docker-credential-pass, needed for quay.io, cannot be run (ERR_INVALID_ARG_VALUE)");
    expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain("S3CRET");
  });

  it.each([
    [
      "fails",
      `${answering("me", "S3CRET")}; echo S3CRET >&2; exit 3`,
      '(exit status 3); run "docker-credential-pass get" to see why',
    ],
    ["is killed", "echo S3CRET; kill -9 $$", "(killed by SIGKILL)"],
    ["succeeds without credentials", "echo 'credentials not found in native keychain'", "returned malformed JSON"],
    ["prints text", "echo S3CRET", "returned malformed JSON"],
    ["prints truncated JSON", `printf '%s' '{"Username":"me","Secret":"S3CRET'`, "returned malformed JSON"],
    ["prints nothing", "", "returned malformed JSON"],
    ["prints a list", `echo '["S3CRET"]'`, "returned malformed JSON"],
    ["prints null", "echo null", "returned malformed JSON"],
    ["prints no user", `echo '{"Secret":"S3CRET"}'`, "returned malformed JSON"],
    ["prints a number as the secret", `echo '{"Username":"S3CRET","Secret":5}'`, "returned malformed JSON"],
    ["prints endless output", "yes S3CRET", "wrote more than 1 MiB in response to a request for quay.io and was killed"],
  ])("rejects without the helper's output when the helper %s", async (_, script, message) => {
    const home = temporaryHome();
    home.helper("pass", script);
    const error = await failure(helpersIn(home).get("pass", "https://user:S3CRET@quay.io/v1/"));
    expect(error.message).toContain(message);
    expect(error.message).toContain("docker-credential-pass");
    expect(error.message).toContain("for quay.io");
    expect(inspect(error, { showHidden: true, depth: 10 }) + JSON.stringify(error)).not.toContain("S3CRET");
  });

  it.each(["../evil", "a/b", "a\\b", "..", "", "-rf", "a b", "a\0", "S3CRET;rm"])(
    "rejects the name %j without quoting it",
    async (name) => {
      const home = temporaryHome();
      const error = await failure(helpersIn(home).get(name, "quay.io"));
      expect(error.message).toContain("the credential helper configured for quay.io has an invalid name");
      expect(error.message).not.toContain("S3CRET");
      expect(home.calls()).toEqual([]);
    },
  );

  it("accepts names with dots and dashes", async () => {
    const home = temporaryHome();
    for (const name of ["ecr-login", "desktop.exe"]) {
      home.helper(name, answering("me", "pw"));
      expect(await helpersIn(home).get(name, "quay.io")).toEqual({ username: "me", password: "pw" });
    }
  });

  it("shares a run between concurrent calls", async () => {
    const home = temporaryHome();
    home.helper("pass", answering("me", "pw"));
    const helpers = helpersIn(home);
    const answers = ["quay.io", "quay.io", "gcr.io"].map((registry) => helpers.get("pass", registry));
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 3 }, () => ({ username: "me", password: "pw" })));
    expect(home.calls().sort()).toEqual(["pass get gcr.io", "pass get quay.io"]);
    await helpers.get("pass", "quay.io");
    expect(home.calls()).toHaveLength(3);
  });

  it("kills a helper that times out, and its child", async () => {
    const home = temporaryHome();
    home.helper("pass", hanging);
    // on a busy machine, starting the helper may take longer than the timeout
    for (let timeout = 500; home.read("pids") === ""; timeout *= 2) {
      const error = await failure(helpersIn(home, timeout).get("pass", "quay.io"));
      expect(error.message).toBe(
        `credential helper docker-credential-pass did not respond within ${timeout} ms to a request for quay.io and was killed`,
      );
    }
    await expectGone(await pidsOf(home));
  }, 60_000);

  it("kills the helper when the last caller is aborted", async () => {
    const home = temporaryHome();
    home.helper("pass", hanging);
    const helpers = helpersIn(home, 0);
    const controllers = [new AbortController(), new AbortController()];
    const answers = controllers.map(({ signal }) => helpers.get("pass", "quay.io", signal).catch((error: unknown) => error));
    const pids = await pidsOf(home);
    controllers[0]?.abort("enough");
    expect(await answers[0]).toBeInstanceOf(AbortError);
    expect(pids.every(isAlive)).toBe(true);
    controllers[1]?.abort("enough");
    expect(await answers[1]).toMatchObject({ name: "AbortError", code: "ABORT_ERR", cause: "enough" });
    await expectGone(pids);
  }, 60_000);

  it("does not run a helper for an aborted signal", async () => {
    const home = temporaryHome();
    home.helper("pass", answering("me", "pw"));
    await expect(helpersIn(home).get("pass", "quay.io", AbortSignal.abort())).rejects.toThrow(AbortError);
    expect(home.calls()).toEqual([]);
  });

  it("leaves no timer behind", async () => {
    const home = temporaryHome();
    home.helper("pass", answering("me", "pw"));
    const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    await helpersIn(home).get("pass", "quay.io");
    await failure(helpersIn(home).get("none", "quay.io"));
    expect(timers()).toBeLessThanOrEqual(before);
    await vi.waitUntil(() => !process.getActiveResourcesInfo().includes("ProcessWrap"));
  });
});

describe("CredentialHelpers.list", () => {
  it("lists the addresses that the helper stores", async () => {
    const home = temporaryHome();
    home.helper("pass", `echo '{"https://index.docker.io/v1/":"me","quay.io":"you"}'`);
    expect(await helpersIn(home).list("pass")).toEqual(["https://index.docker.io/v1/", "quay.io"]);
    expect(home.calls()).toEqual(["pass list unused"]);
  });

  it.each(["{}", "null"])("returns an empty list for %s", async (answer) => {
    const home = temporaryHome();
    home.helper("pass", `echo '${answer}'`);
    expect(await helpersIn(home).list("pass")).toEqual([]);
  });

  it("decodes characters that arrive in pieces", async () => {
    const home = temporaryHome();
    const keys = Array.from({ length: 20_000 }, (_, index) => `ü€😀${index}`);
    home.write("answer", Object.fromEntries(keys.map((key) => [key, ""])));
    home.helper("pass", 'cat "$HOME/answer"');
    expect(await helpersIn(home).list("pass")).toEqual(keys);
  });

  it.each([
    [
      "fails",
      "echo S3CRET; exit 1",
      'failed for a list of registries (exit status 1); run "docker-credential-pass list" to see why',
    ],
    ["prints text", "echo S3CRET", "returned malformed JSON for a list of registries"],
  ])("rejects when the helper %s", async (_, script, message) => {
    const home = temporaryHome();
    home.helper("pass", script);
    expect((await failure(helpersIn(home).list("pass"))).message).toBe(`credential helper docker-credential-pass ${message}`);
  });

  it("rejects a name with a path", async () => {
    expect((await failure(helpersIn(temporaryHome()).list("../evil"))).message).toContain("has an invalid name");
  });
});
