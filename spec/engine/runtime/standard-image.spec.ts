import { expect, test } from "vitest";
import { standardPrograms } from "../../../lib/engine/runtime/program/standard/index.js";
import { temporaryDirectory } from "../../support/archive.js";
import { startBareEngine } from "../../support/embedded-engine.js";

test("a new engine has an image with the standard programs, the same one on every engine", async () => {
  const ids = [];
  for (let engine = 0; engine < 2; engine += 1) {
    const { client } = await startBareEngine({ standardImages: ["busybox:latest", "registry.test/tools:1"] });
    const images = await client.listImages();
    expect(images.map(({ RepoTags }) => RepoTags)).toEqual([["busybox:latest", "registry.test/tools:1"]]);
    ids.push(images[0]?.Id);
  }
  expect(ids[1]).toBe(ids[0]);
});

test("all standard programs are found in it, and its accounts by name", async () => {
  const { client } = await startBareEngine({ standardImages: ["busybox:latest"] });
  const script =
    "for name in $(busybox --list); do which $name >/dev/null || echo missing: $name; done; ls /bin | wc -l; id nobody";
  const { stdout } = await client.output({ image: "busybox", command: ["sh", "-c", script] });
  const files = Object.keys(standardPrograms).length + 3;
  expect(stdout.toString()).toBe(`${files}\nuid=65534(nobody) gid=65534(nobody) groups=65534(nobody)\n`);
  const mode = await client.output({
    image: "busybox",
    command: ["sh", "-c", "stat -c '%a %U' /tmp /bin/sh; readlink /usr/bin/env"],
  });
  expect(mode.stdout.toString()).toBe("1777 root\n755 root\n/bin/env\n");
});

test("a removed image does not come back with the next start, and the engine keeps its ID", async () => {
  const options = { dataRoot: await temporaryDirectory(), standardImages: ["busybox:latest"] };
  const first = await startBareEngine(options);
  const { ID } = await first.client.info();
  await first.client.removeImage({ name: "busybox" });
  await first.engine.close();
  const second = await startBareEngine(options);
  expect(await second.client.listImages()).toEqual([]);
  expect((await second.client.info()).ID).toBe(ID);
});

test("an engine does not start with a wrong name of its image", async () => {
  await expect(startBareEngine({ standardImages: ["Busybox"] })).rejects.toThrow(/Busybox/);
});
