import { expect, test } from "vitest";
import { parseLink } from "../../../lib/engine/containers/links.js";
import { BOX, outputOf, started, startEngine } from "../../support/embedded-engine.js";

test.each([
  ["db", { reference: "db", alias: "db" }],
  ["db:store", { reference: "db", alias: "store" }],
  ["/db:/web/store", { reference: "db", alias: "store" }],
])("%s is a link", (text, link) => {
  expect(parseLink(text)).toEqual(link);
});

test("links without a container, and with too many names, are refused", () => {
  expect(() => parseLink("")).toThrow("empty string specified for links");
  expect(() => parseLink("a:b:c")).toThrow("bad format for links: a:b:c");
});

test("a link is a name of its container, follows it when it is renamed, and ends alone", async () => {
  const { client } = await startEngine();
  const { Id: db } = await client.createContainer({ name: "db", config: { Image: BOX, Cmd: ["sleep", "1000"] } });
  const hostConfig = { Links: ["db:store"] };
  const { Id: web } = await client.createContainer({
    name: "web",
    config: { Image: BOX, Cmd: ["cat", "/etc/hosts"] },
    hostConfig,
  });
  await expect(client.startContainer({ id: web })).rejects.toThrow("Cannot link to a non running container: /db AS /web/store");
  await client.startContainer({ id: db });
  await client.startContainer({ id: web });
  expect((await outputOf(client, web)).stdout).toContain(`172.17.0.2\tstore ${db.slice(0, 12)} db\n`);
  const linksOfWeb = async (): Promise<unknown> => (await client.inspectContainer({ id: web })).HostConfig.Links;
  const listed = async (name: string): Promise<unknown> =>
    (await client.listContainers({ all: true, filters: { name } })).map(({ Names }) => Names);
  expect(await linksOfWeb()).toEqual(["/db:/web/store"]);
  expect(await listed("^web/store$")).toEqual([["/db", "/web/store"]]);
  expect((await client.inspectContainer({ id: "web/store" })).Id).toBe(db);
  await client.renameContainer({ id: "web/store", name: "data" });
  expect(await linksOfWeb()).toEqual(["/data:/web/store"]);
  await expect(client.removeContainer({ id: "web/other", link: true })).rejects.toThrow("no such container");
  await expect(client.removeContainer({ id: "web", link: true })).rejects.toThrow("cannot remove the default link name");
  await client.removeContainer({ id: "web/store", link: true });
  expect(await linksOfWeb()).toEqual([]);
  expect(await listed("data")).toEqual([["/data"]]);
});

test("a container with links to removed or stopped ones starts nothing until they are removed from it", async () => {
  const { client } = await startEngine();
  const [db, cache] = [await started(client, ["sleep", "1000"]), await started(client, ["sleep", "1000"])];
  await client.renameContainer({ id: db, name: "db" });
  await client.renameContainer({ id: cache, name: "cache" });
  const web = await started(client, ["sleep", "1000"], { Links: ["db:store", "cache:fast"] });
  await client.renameContainer({ id: web, name: "web" });
  const run = () => client.execute({ container: "web", cmd: ["true"] });
  await run();
  await client.removeContainer({ id: "db", force: true });
  await expect(run()).rejects.toThrow("Cannot link to a non running container: /db AS /web/store");
  expect((await client.inspectContainer({ id: "web" })).HostConfig.Links).toEqual(["/db:/web/store", "/cache:/web/fast"]);
  await client.killContainer({ id: "web" });
  await client.waitContainer({ id: "web" });
  await expect(client.startContainer({ id: "web" })).rejects.toThrow("non running container: /db AS /web/store");
});

test("links to containers that are missing or on the network of the host are refused", async () => {
  const { client } = await startEngine();
  const linking = (link: string) => client.createContainer({ config: { Image: BOX }, hostConfig: { Links: [link] } });
  await expect(linking("missing:x")).rejects.toThrow("could not get container for missing: No such container: missing");
  const host = await started(client, ["sleep", "1000"], { NetworkMode: "host" });
  await expect(linking(`${host}:x`)).rejects.toThrow("host type networking can't be used with links");
});
