/** Connects over every transport. Creating a client opens no connection; the first call does. */
import { readFileSync } from "node:fs";
import { Client, readTlsFolder } from "ts-dockerclient";

/** Creates clients for engines that need not exist. */
export function everyWay(): void {
  // #region readme
  Client.fromEnv(); // DOCKER_HOST, else DOCKER_CONTEXT, else the current context, else the first socket that exists
  Client.fromEnv({ context: "staging" }); // a context of the docker command, with its TLS files
  new Client({ endpoint: "unix:///run/user/1000/podman/podman.sock" });
  new Client({ endpoint: "tcp://engine.example.com:2376", tls: readTlsFolder("/etc/docker/tls") }); // mutual TLS
  new Client({ endpoint: "https://engine.example.com", tls: { ca: readFileSync("ca.pem") }, apiVersion: "1.44" });
  new Client({ endpoint: "ssh://me@engine.example.com" }); // through the ssh command of this machine
  // #endregion
}

const client = Client.fromEnv();
const version = await client.negotiate();
console.log(`${client.endpoint} speaks API ${version}`);
console.log(`can it pull for another platform? ${(await client.supports("pullImage.platform")) ? "yes" : "no"}`);
console.log(`${await client.connections()} connection is open`);
await client.close();
