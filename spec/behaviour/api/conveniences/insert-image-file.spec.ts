import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { client, IMAGE, uniqueName, useEngine } from "../../../support/engine.js";
import { builtImage, fileIn, notOnPodman, removedAtEnd, repositoryName } from "../../../support/images.js";

useEngine();

/** Returns the number of containers that use an image. */
async function containersOf(image: string): Promise<number> {
  return (await client.listContainers({ all: true, filters: { ancestor: image } })).length;
}

describe("insertImageFile", () => {
  it.each([
    ["a string", () => "hello\n"],
    ["bytes", () => Buffer.from("hello\n")],
    ["a stream", () => Readable.from([Buffer.from("hel"), Buffer.from("lo\n")])],
  ])("creates a new image with a file from %s", async (_what, content) => {
    const { id, name } = await builtImage(['CMD ["cat", "/deep/down/motd"]', "ENV COLOUR=red"]);
    const repository = removedAtEnd(`${repositoryName()}:2`);
    const { Id } = await client.insertImageFile({ name, path: "/deep/down/motd", content: content(), mode: 0o600, repository });
    const image = await client.inspectImage({ name: repository });
    expect(image.Id.replace("sha256:", "")).toBe(Id.replace("sha256:", ""));
    expect(image.Config).toMatchObject({ Cmd: ["cat", "/deep/down/motd"] });
    expect(image.Config?.Env).toContain("COLOUR=red");
    expect((await client.output({ image: repository, pull: "never" })).stdout.toString()).toBe("hello\n");
    // the original image is unchanged, and nothing is left behind
    expect(await fileIn(name, "/deep/down/motd")).toBe("");
    expect(await containersOf(id)).toBe(0);
  });

  it("downloads the file", async () => {
    const server = createServer((_request, response) => response.end("from afar"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/motd`;
    const { Id } = await client.insertImageFile({ name: IMAGE, path: "/etc/motd", url });
    removedAtEnd(Id);
    expect(await fileIn(Id, "/etc/motd")).toBe("from afar");
  });

  it("adds no command to an image without one", async (context) => {
    notOnPodman(context, "cannot remove the entrypoint of an image");
    const { name } = await builtImage(["CMD []", "ENTRYPOINT []"]);
    const { Id } = await client.insertImageFile({ name, path: "/file", content: "x" });
    removedAtEnd(Id);
    const { Config } = await client.inspectImage({ name: Id });
    expect([Config?.Cmd ?? [], Config?.Entrypoint ?? []]).toEqual([[], []]);
  });

  it("rejects a missing image", async () => {
    const name = `localhost/${uniqueName("nosuch")}:1`;
    await expect(client.insertImageFile({ name, path: "/x", content: "" })).rejects.toBeInstanceOf(NoSuchImageError);
  });
});
