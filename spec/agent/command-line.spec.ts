import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HELP, parseCommandLine } from "../../lib/agent/command-line.js";
import { certify } from "../support/certificates.js";
import { temporaryFolder } from "../support/servers.js";

test("no options leave everything to the agent's defaults", () => {
  expect(parseCommandLine([], {})).toEqual({ agent: { guests: {} }, logLevel: "warn" });
});

test("options become those of an agent", async () => {
  const folder = await temporaryFolder();
  const { cert, key } = certify({ name: "agent" });
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const [certificate, privateKey] = [await file("cert.pem", cert), await file("key.pem", key)];
  const tls = ["--tls-cert", certificate, "--tls-key", privateKey, "--tls-client-ca", certificate, "--tls-client-name", "a"];
  expect(
    parseCommandLine(
      [
        ...["--listen", "0.0.0.0:1", "--listen", "unix:///a.sock", "--port", "30002", "--endpoint", "unix:///e.sock", ...tls],
        ...["--image-service", ":20000", "--image-redirect-host", "cdn", "--token-file", "/t", "--host-name", "h"],
        ...["--policy", "/p.json", "--state-dir", "/s", "--stdin", "--publish-all", "--require-nic", "--device", "/dev/zfs"],
        ...["--log-level", "INFO"],
      ],
      {},
    ),
  ).toEqual({
    agent: {
      listen: ["tcp://127.0.0.1:30002", "tcp://0.0.0.0:1", "unix:///a.sock"],
      endpoint: "unix:///e.sock",
      imageService: ":20000",
      imageRedirectHosts: ["cdn"],
      tokenFile: "/t",
      tls: { cert, key, ca: cert, clientNames: ["a"] },
      hosts: ["h"],
      policy: "/p.json",
      stateDirectory: "/s",
      guests: { stdin: true, publishAll: true, requireNic: true, devices: ["/dev/zfs"] },
    },
    logLevel: "info",
  });
});

test("mdocker's letters are accepted", () => {
  expect(parseCommandLine(["-p", "1", "-e", "unix:///e.sock", "-i", "images", "-l", "warning"], {})).toEqual({
    agent: { listen: ["tcp://127.0.0.1:1"], endpoint: "unix:///e.sock", imageService: "images", guests: {} },
    logLevel: "warn",
  });
  expect(parseCommandLine(["-h"])).toEqual({ print: "help" });
  expect(parseCommandLine(["-v"])).toEqual({ print: "version" });
});

test("a folder of certificates is for an engine on TCP, and read for a socket as well", async () => {
  const folder = await temporaryFolder();
  const { cert, key } = certify({ name: "engine" });
  const clientFor = (args: string[], env: NodeJS.ProcessEnv): { endpoint?: string } | undefined => {
    const command = parseCommandLine(args, env);
    const client = "agent" in command ? command.agent.client : undefined;
    onTestFinished(() => client?.close());
    return client;
  };
  expect(() => parseCommandLine(["-d", folder], {})).toThrow(`--docker-cert-path: ${join(folder, "ca.pem")} cannot be read`);
  for (const [name, text] of Object.entries({ "ca.pem": cert, "cert.pem": cert, "key.pem": key }))
    await writeFile(join(folder, name), text);
  expect(clientFor(["-d", folder, "-e", "tcp://10.0.0.1:2376"], {})?.endpoint).toMatch(/10\.0\.0\.1:2376$/);
  expect(clientFor([], { DOCKER_CERT_PATH: folder, DOCKER_HOST: "unix:///e.sock" })?.endpoint).toBe("unix:///e.sock");
  expect(clientFor([], { DOCKER_CERT_PATH: "", DOCKER_HOST: "unix:///e.sock" })).toBeUndefined();
});

test.each([
  [["--port", "65536"], '--port is a number up to 65535, not "65536"'],
  [["--port", "x"], '--port is a number up to 65535, not "x"'],
  [["--log-level", "loud"], '--log-level is debug, info, warning or error, not "loud"'],
  [["--tls-key", "k"], "TLS needs --tls-cert and --tls-key"],
  [["--tls-client-ca", "c"], "--tls-client-ca and --tls-client-name need --tls-cert and --tls-key"],
  [["--tls-cert", "c", "--tls-key", "k", "--tls-client-name", "n"], "--tls-client-name needs --tls-client-ca"],
  [["--tls-cert", "/nonesuch", "--tls-key", "k"], "--tls-cert: /nonesuch cannot be read"],
  [["--nonesuch"], "Unknown option '--nonesuch'"],
  [["argument"], "Unexpected argument 'argument'"],
])("%j is refused", (args, message) => {
  expect(() => parseCommandLine(args, {})).toThrow(message);
});

test("the help has every option, and no line of more than 120 characters", () => {
  for (const option of ["listen", "port", "endpoint", "docker-cert-path", "image-service", "image-redirect-host", "token-file"])
    expect(HELP).toContain(`--${option} `);
  for (const option of ["tls-cert", "tls-key", "tls-client-ca", "tls-client-name", "host-name", "policy", "state-dir", "stdin"])
    expect(HELP).toContain(`--${option} `);
  for (const option of ["publish-all", "require-nic", "device", "log-level", "help", "version"])
    expect(HELP).toContain(`--${option} `);
  for (const line of HELP.split("\n")) expect(line.length, line).toBeLessThanOrEqual(120);
});
