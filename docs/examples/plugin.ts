/**
 * Creates and configures a plugin and, if there is a registry, pushes it and installs it with the privileges that it
 * requests. It uses the registry of the test bed: TESTBED_REGISTRY is its address, TESTBED_REGISTRY_USER and
 * TESTBED_REGISTRY_PASSWORD are the credentials.
 */
import { Client, NotImplementedError, PluginPrivilegesError } from "ts-dockerclient";
import { packEntries } from "ts-dockerclient/archive";

const { TESTBED_REGISTRY: registry, TESTBED_REGISTRY_USER: username, TESTBED_REGISTRY_PASSWORD: password } = process.env;
const name = `${registry ?? "localhost:5000"}/ts-dockerclient-example-plugin:1`;

const config = {
  description: "an example that cannot run: there is no program in it",
  entrypoint: ["/bin/driver"],
  interface: { types: ["docker.volumedriver/1.0"], socket: "driver.sock" },
  env: [{ name: "DEBUG", description: "says more", settable: ["value"], value: "0" }],
  linux: { capabilities: ["CAP_SYS_ADMIN"] },
};

const client = Client.fromEnv();
try {
  const inputStream = packEntries([
    { name: "config.json", content: JSON.stringify(config) },
    { name: "rootfs/etc/motd", content: "hello\n" },
  ]);
  await client.createPlugin({ name, inputStream });
  try {
    await client.configurePlugin({ name, settings: ["DEBUG=1"] });
    const { Settings, Enabled } = await client.inspectPlugins({ name });
    console.log(`${Settings.Env.join(" ")}, ${Enabled ? "enabled" : "not enabled"}`);
    const drivers = await client.listPlugins({ filters: { capability: "volumedriver", enabled: false } });
    console.log(drivers.some((plugin) => plugin.Name === name) ? "listed as not enabled" : "not listed");

    if (registry !== undefined) {
      const auth = { username, password };
      const { digest } = await client.pushPlugin({ name, auth });
      console.log("pushed", digest);
      await client.removePlugin({ name });

      const install = { remote: name, auth };
      try {
        await client.installPlugins(install);
      } catch (error) {
        if (!(error instanceof PluginPrivilegesError)) throw error;
        for (const { Name, Value } of error.privileges) console.log("the plugin requests", Name, Value.join(", "));
        // ask the user before granting the privileges
        await client.installPlugins({ ...install, privileges: error.privileges });
      }
      console.log("installed", (await client.inspectPlugins({ name })).PluginReference);
    }
  } finally {
    await client.removePlugin({ name, force: true });
  }
} catch (error) {
  if (!(error instanceof NotImplementedError)) throw error;
  console.log("This engine manages no plugins.");
} finally {
  await client.close();
}
