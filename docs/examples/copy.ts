/** Copies strings, files and directories to and from a container, running or not. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, NoSuchPathError } from "ts-dockerclient";

const client = Client.fromEnv();
const folder = await mkdtemp(join(tmpdir(), "example-"));
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["true"] } });
try {
  await writeFile(join(folder, "page.html"), "<p>hello</p>\n");
  await writeFile(join(folder, "page.map"), "{}\n");

  // #region readme
  await client.copyToContainer({ container: id, path: "/etc/app/settings.json", content: "{}", makeParents: true });
  await client.copyToContainer({ container: id, path: "/srv", source: folder, ignore: ["*.map"] });
  await client.copyFromContainer({ container: id, resource: "/srv", target: join(folder, "copies") });
  const settings = await client.readContainerFile({ container: id, path: "/etc/app/settings.json" });
  // #endregion

  console.log(settings.toString(), await readdir(join(folder, "copies", "srv")));
  const { size, mode } = await client.statContainerPath({ container: id, path: "/srv/page.html" });
  console.log(`${size} bytes, mode ${(mode & 0o777).toString(8)}`);
  try {
    await client.readContainerFile({ container: id, path: "/srv/page.map" });
  } catch (error) {
    if (!(error instanceof NoSuchPathError)) throw error;
    console.log(error.message.replace(id, "it"));
  }
} finally {
  await client.removeContainer({ id, force: true });
  await rm(folder, { recursive: true });
  await client.close();
}
