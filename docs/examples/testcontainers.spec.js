/** Runs a suite that uses Testcontainers on the embedded engine, without Docker. It needs `npm install --save-dev testcontainers vitest`. */
import { once } from "node:events";
import { EmbeddedEngine } from "ts-dockerclient/engine";
import { afterAll, beforeAll, expect, test } from "vitest";

/** @type {EmbeddedEngine} */
let engine;

beforeAll(async () => {
  engine = await EmbeddedEngine.start();
  // a stand-in for an image that would be pulled
  await engine.images.add("shop/orders:1.4", {
    config: { ExposedPorts: { "8080/tcp": {} } },
    program: async ({ stdout, listen, signal }) => {
      const close = listen(8080, (connection) => connection.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
      stdout.write("ready\n");
      await once(signal, "abort");
      close();
      return 0;
    },
  });
  process.env.DOCKER_HOST = engine.endpoint;
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true"; // the engine ends with the test
  // in a container it would connect to the gateway of the bridge, but the embedded engine publishes ports here
  process.env.TESTCONTAINERS_HOST_OVERRIDE = "localhost";
});
afterAll(() => engine.close());

test("a container of the shop answers", async () => {
  // it reads DOCKER_HOST when it is loaded
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = await new GenericContainer("shop/orders:1.4")
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forLogMessage("ready"))
    .start();
  const response = await fetch(`http://${container.getHost()}:${container.getMappedPort(8080)}`);
  expect(await response.text()).toBe("ok");
  await container.stop();
});
