import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../lib/engine/command-line.js";
import { temporaryDirectory } from "../support/archive.js";

/** Writes files with these names and their name as content. Returns their paths. */
async function filesOf<const Name extends string>(...names: Name[]): Promise<Record<Name, string>> {
  const folder = await temporaryDirectory();
  const paths = names.map((name) => [name, join(folder, name)] as const);
  for (const [name, path] of paths) await writeFile(path, name);
  return Object.fromEntries(paths) as Record<Name, string>; // one for each name
}

describe("the command line of the engine", () => {
  test("has defaults for everything", () => {
    expect(parseCommandLine([])).toEqual({ engine: { executor: "auto" }, debug: false });
  });

  test("sets the options of the engine", () => {
    const args = ["-H", "unix:///a.sock", "--host=tcp://127.0.0.1:0", "--data-root", "/data", "--api-version", "1.41", "-D"];
    args.push("--executor=oci", "--insecure-registry=a:5000", "--insecure-registry", "b:1");
    expect(parseCommandLine(args)).toEqual({
      engine: {
        executor: "oci",
        listen: ["unix:///a.sock", "tcp://127.0.0.1:0"],
        dataRoot: "/data",
        apiVersion: "1.41",
        insecureRegistries: ["a:5000", "b:1"],
      },
      debug: true,
    });
  });

  test("asks for help and for the version", () => {
    for (const args of [["-h"], ["--help"], ["--debug", "--help", "--version"]])
      expect(parseCommandLine(args)).toEqual({ print: "help" });
    for (const args of [["-v"], ["--version"]]) expect(parseCommandLine(args)).toEqual({ print: "version" });
  });

  test("reads certificates", async () => {
    const { ca, cert, key } = await filesOf("ca", "cert", "key");
    const certificate = ["--tlscert", cert, "--tlskey", key];
    expect(parseCommandLine(["--tls", ...certificate])).toMatchObject({ engine: { tls: { cert: "cert", key: "key" } } });
    expect(parseCommandLine(["--tlsverify", "--tlscacert", ca, ...certificate])).toMatchObject({
      engine: { tls: { cert: "cert", key: "key", ca: "ca" } },
    });
    // without --tlsverify, clients need no certificate
    const unverified = parseCommandLine(["--tls", "--tlscacert", ca, ...certificate]);
    expect("engine" in unverified && unverified.engine.tls).toEqual({ cert: "cert", key: "key" });
  });

  test.each([
    [["--colour"], "Unknown option '--colour'"],
    [["start"], "Unexpected argument 'start'"],
    [["--tls"], "TLS needs --tlscert and --tlskey"],
    [["--tlsverify", "--tlscert", "a", "--tlskey", "b"], "--tlsverify needs --tlscacert"],
    [["--tlscert", "a"], "certificates are used only with --tls or --tlsverify"],
    [["--tls", "--tlscert", "/missing/cert", "--tlskey", "b"], "--tlscert cannot be read: ENOENT"],
  ])("refuses %j", (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
