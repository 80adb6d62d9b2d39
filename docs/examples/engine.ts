/** Queries an engine's version and features, traces the requests to it, and sends a custom one. */
import { json } from "node:stream/consumers";
import { Client, describeOptions, UnsupportedVersionError } from "ts-dockerclient";

const client = Client.fromEnv();
client.axios.interceptors.request.use((request) => {
  console.log(`> ${request.method?.toUpperCase() ?? ""} ${(request.url ?? "").replace(/^.*?\/(v[\d.]+|_ping)/, "/$1")}`);
  return request;
});
try {
  const { Version, ApiVersion, Os, Arch } = await client.version();
  console.log(`engine ${Version}, API ${ApiVersion}, ${Os}/${Arch}`);
  const { Containers, Images, Driver } = await client.info();
  console.log(`${Containers >= 0 && Images > 0 ? "some" : "no"} images, stored by ${Driver}`);

  for (const feature of ["createContainer.platform", "pruneBuilds", "imageAttestations"]) {
    console.log(`${feature}: ${(await client.supports(feature)) ? "yes" : "no"}`);
  }
  // the client rejects what the engine does not support, before anything is sent
  const old = new Client({ endpoint: client.endpoint, apiVersion: "1.24" });
  await old.stats({ id: "any", oneShot: true }).catch((error: unknown) => {
    if (error instanceof UnsupportedVersionError) console.log(error.message);
  });
  await old.close();

  for (const { option, key, in: place, since } of describeOptions("killContainer")) {
    console.log(`${option} is sent in the ${place}${key === "" ? "" : ` as ${key}`}${since ? `, API ${since}+` : ""}`);
  }

  const { status, body } = await client.request({ path: "/containers/json", query: { limit: 1 } });
  console.log(status, Array.isArray(await json(body)));
} finally {
  await client.close();
}
