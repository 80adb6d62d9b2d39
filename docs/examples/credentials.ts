/** Finds credentials like the docker command, and passes custom ones to a client. Needs neither engine nor registry. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "ts-dockerclient";
import { type CredentialsProvider, encodeRegistryAuth, RegistryCredentials, registryOf } from "ts-dockerclient/auth";

const folder = await mkdtemp(join(tmpdir(), "example-"));
try {
  // the format that docker login writes without a credential helper
  const auth = Buffer.from("me:secret").toString("base64");
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { "registry.example.com": { auth } } }));

  const credentials = new RegistryCredentials({ config: { directory: folder } });
  const found = await credentials.resolve(registryOf("registry.example.com/team/app:1.2"));
  console.log(found?.username, found?.serveraddress);
  console.log((await credentials.resolve(registryOf("busybox"))) ?? "none for Docker Hub");
  console.log(`a header of ${encodeRegistryAuth(found ?? {}).length} characters`);

  // credentials from any source: a client requests them when needed
  const vault: CredentialsProvider = {
    resolve: (registry) => Promise.resolve(registry.endsWith(".example.com") ? { identitytoken: "token" } : undefined),
  };
  const clients = [
    new Client({ auth: { "registry.example.com": { username: "me", password: "secret" } } }),
    new Client({ auth: vault }),
    new Client({ auth: false }),
  ];
  for (const client of clients) await client.close();
} finally {
  await rm(folder, { recursive: true });
}
