import { describe, expect, it } from "vitest";
import { NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import { client, container, uniqueName, useEngine } from "../../../support/engine.js";
import { fileIn, notOnPodman, removedAtEnd, repositoryName } from "../../../support/images.js";

useEngine();

describe("commitContainer", () => {
  it("creates an image from an unchanged container", async () => {
    const id = await container({ Cmd: ["echo", "hello"], Env: ["COLOUR=red"], WorkingDir: "/tmp" });
    await client.copyToContainer({ container: id, path: "/tmp/file", content: "content" });
    const name = removedAtEnd(`${repositoryName()}:1`);
    const { Id } = await client.commitContainer({ container: id, repository: name, comment: "by a spec", author: "Ada" });
    const image = await client.inspectImage({ name });
    expect(image.Id.replace("sha256:", "")).toBe(Id.replace("sha256:", ""));
    expect(image).toMatchObject({ Author: "Ada", Comment: "by a spec" });
    expect(image.Config).toMatchObject({ Cmd: ["echo", "hello"], WorkingDir: "/tmp" });
    expect(image.Config?.Env).toContain("COLOUR=red");
    expect(await fileIn(name, "/tmp/file")).toBe("content");
  });

  it("applies changes to the image configuration", async () => {
    const id = await container({ Cmd: ["echo", "hello"] });
    const repository = repositoryName();
    const name = removedAtEnd(`${repository}:changed`);
    await client.commitContainer({
      container: id,
      repository,
      tag: "changed",
      pause: false,
      changes: ["ENV COLOUR=blue", 'CMD ["ls", "/"]', "USER 1234"],
    });
    const { Config } = await client.inspectImage({ name });
    expect(Config).toMatchObject({ Cmd: ["ls", "/"], User: "1234" });
    expect(Config?.Env).toContain("COLOUR=blue");
  });

  it("overrides the container's configuration", async (context) => {
    notOnPodman(context, "ignores the image settings of a commit", 5);
    const id = await container({ Cmd: ["echo", "hello"] });
    const name = removedAtEnd(`${repositoryName()}:run`);
    await client.commitContainer({ container: id, repository: name, run: { Cmd: ["ls"], Labels: { colour: "green" } } });
    const { Config } = await client.inspectImage({ name });
    expect(Config).toMatchObject({ Cmd: ["ls"], Labels: { colour: "green" } });
  });

  it("rejects a missing container", async () => {
    const nosuch = uniqueName("nosuch");
    const error = await client.commitContainer({ container: nosuch }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ id: nosuch, status: 404 });
  });
});
