import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { DockerError } from "../../../lib/errors/docker-error.js";
import { BOX } from "../../support/box-archive.js";
import { EngineUnderTest } from "../engine-under-test.js";
import { headerBlock } from "../hostile-tar.js";
import { type KindFactory, Outcomes } from "../kind.js";

/** Paths in the folder, of which some lead through what is swapped. */
const paths = [
  ...["directory", "directory/secret", "directory/", "directory/.", "file", "deep", "deep/inner", "deep/inner/secret", ""],
  ...["link-to-folder/secret", "link-to-file", "deep/inner/../secret", "directory/new"],
];

/** Entries of archives that are copied there. */
const names = ["secret", "new", "directory/secret", "directory/new", "file", "deep/inner/secret", "deep/inner/a/b", "../secret"];

/** Makes the folder: entries, and links to the canary that will take their places. */
async function furnish(shared: string, canary: string): Promise<void> {
  await rm(shared, { recursive: true, force: true });
  await mkdir(join(shared, "deep", "inner"), { recursive: true });
  await mkdir(join(shared, "directory"));
  for (const name of ["directory/secret", "file", "deep/inner/secret"]) await writeFile(join(shared, name), "known");
  await symlink(canary, join(shared, "link-to-folder"));
  await symlink(join(canary, "secret"), join(shared, "link-to-file"));
  await symlink("../canary", join(shared, "deep-link"));
}

/** Copies, commands and builds in a folder in which another process swaps directories and files for links. */
export const races: KindFactory = async () => {
  const outcomes = new Outcomes();
  const engine = await EngineUnderTest.start();
  const { client, folder } = engine;
  const shared = join(folder, "shared");
  const canary = join(folder, "canary");
  await furnish(shared, canary);
  const { Id: id } = await client.createContainer({
    config: { Image: BOX, Cmd: ["sleep", "1000000"] },
    hostConfig: { Binds: [`${shared}:/data`] },
  });
  await client.startContainer({ id });
  const swapper = fork(new URL("../swap.ts", import.meta.url), [shared], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(swapper, "message");

  const command = async (...cmd: string[]): Promise<string> => {
    const { stdout, stderr } = await client.execute({ container: id, cmd });
    return `${stdout.toString()}${stderr.toString()}`;
  };
  const operations: Readonly<Record<string, (path: string, name: string) => Promise<string>>> = {
    "copy out": async (path) =>
      (await buffer(await client.downloadFromContainer({ container: id, path: `/data/${path}` }))).toString("latin1"),
    "copy in": async (path, name) => {
      const entry = headerBlock({ name, content: "written" });
      const inputStream = Readable.from([Buffer.concat([entry, Buffer.alloc(1024)])]);
      await client.uploadToContainer({ container: id, path: `/data/${path}`, inputStream });
      return "";
    },
    "copy in a link": async (path, name) => {
      const link = headerBlock({ name: "directory", type: "2", linkname: canary });
      const entry = headerBlock({ name: `directory/${name}`, content: "written" });
      const inputStream = Readable.from([Buffer.concat([link, entry, Buffer.alloc(1024)])]);
      await client.uploadToContainer({ container: id, path: `/data/${path}`, inputStream });
      return "";
    },
    read: (path) => command("cat", `/data/${path}`),
    write: (path) => command("sh", "-c", 'echo written > "$0"', `/data/${path}`),
    list: (path) => command("ls", "-la", `/data/${path}`),
  };
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.keys(operations)),
    fc.constantFrom(...paths),
    fc.constantFrom(...names),
    async (operation, path, name) => {
      const shown = `${operation} of /data/${path} with ${name}`;
      let answer: string;
      try {
        answer = (await operations[operation]?.(path, name)) ?? "";
        outcomes.count("done");
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        answer = error.message;
        outcomes.count("refused");
      }
      await engine.check(shown, answer);
    },
  );
  return {
    about: "copies in a folder in which directories become links",
    property,
    outcomes,
    close: async () => {
      swapper.disconnect();
      await once(swapper, "exit");
      await engine.close();
    },
  };
};
