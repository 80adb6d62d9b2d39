import { expect, test } from "vitest";
import { outputOf, started, startEngine } from "../../support/embedded-engine.js";

test("processes of a container with links have the variables of Docker", async () => {
  const { client } = await startEngine();
  const ExposedPorts = Object.fromEntries(["443/tcp", "53/udp", "82/tcp", "80/tcp", "81/tcp"].map((port) => [port, {}]));
  const target = await started(client, ["sleep", "100"], {}, { ExposedPorts, Env: ["A=1", "HOME=/x", "E="] });
  const { Networks = {} } = (await client.inspectContainer({ id: target })).NetworkSettings;
  const ip = Networks.bridge?.IPAddress ?? "none";
  const links = { Links: [`${target}:my-db`] };
  const { Id: id } = await client.createContainer({
    name: "web",
    config: { Image: "box", Cmd: ["cat", "/proc/self/environ"], Env: ["MY_DB_ENV_A=own"] },
    hostConfig: links,
  });
  await client.startContainer({ id });
  const { stdout } = await outputOf(client, id);
  const found = stdout.split("\0").filter((line) => line.startsWith("MY_DB"));
  // as Docker 28 has them
  expect(found.sort()).toEqual(
    [
      `MY_DB_PORT=udp://${ip}:53`,
      ...[80, 81, 82, 443].flatMap((port) => [
        `MY_DB_PORT_${port}_TCP=tcp://${ip}:${port}`,
        `MY_DB_PORT_${port}_TCP_ADDR=${ip}`,
        `MY_DB_PORT_${port}_TCP_PORT=${port}`,
        `MY_DB_PORT_${port}_TCP_PROTO=tcp`,
      ]),
      `MY_DB_PORT_53_UDP=udp://${ip}:53`,
      `MY_DB_PORT_53_UDP_ADDR=${ip}`,
      "MY_DB_PORT_53_UDP_PORT=53",
      "MY_DB_PORT_53_UDP_PROTO=udp",
      `MY_DB_PORT_80_TCP_START=tcp://${ip}:80`,
      "MY_DB_PORT_80_TCP_PORT_START=80",
      `MY_DB_PORT_80_TCP_END=tcp://${ip}:82`,
      "MY_DB_PORT_80_TCP_PORT_END=82",
      "MY_DB_NAME=/web/my-db",
      "MY_DB_ENV_A=own",
      "MY_DB_ENV_E=",
    ].sort(),
  );
});
