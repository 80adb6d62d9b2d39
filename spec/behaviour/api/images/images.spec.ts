import { describe, expect, it } from "vitest";
import { NotImplementedError } from "../../../../lib/errors/api-error.js";
import { ImageInUseError, NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../../lib/errors/usage-errors.js";
import { client, container, IMAGE, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { builtImage, dockerfile, removedAtEnd, repositoryName } from "../../../support/images.js";

useEngine();

const nosuch = `localhost/${uniqueName("nosuch")}:1`;

describe("listImages", () => {
  it("lists images by label and by name", async () => {
    const label = uniqueName();
    const { id, name, repository } = await builtImage([], { labels: { "spec.label": label } });
    const [byLabel, byName, others] = await Promise.all([
      client.listImages({ filters: { label: `spec.label=${label}` } }),
      client.listImages({ filters: { reference: [`${repository}:*`] } }),
      client.listImages({ filters: { label: ["spec.label=another"] } }),
    ]);
    expect(byLabel).toHaveLength(1);
    expect(byLabel[0]?.Id).toBe(id);
    expect(byLabel[0]?.RepoTags).toEqual([name]);
    expect(byLabel[0]?.Labels).toMatchObject({ "spec.label": label });
    expect(byLabel[0]?.Size).toBeGreaterThan(0);
    expect(byName.map(({ Id }) => Id)).toEqual([id]);
    expect(others).toEqual([]);
  });

  it("lists all images", async () => {
    const all = await client.listImages({ all: true });
    const named = await client.listImages();
    expect(all.length).toBeGreaterThanOrEqual(named.length);
    expect(named.flatMap(({ RepoTags }) => RepoTags).some((name) => name.endsWith(IMAGE))).toBe(true);
  });

  it("lists digests", async () => {
    const listed = await client.listImages({ digests: true });
    expect(listed.every(({ RepoDigests }) => Array.isArray(RepoDigests))).toBe(true);
  });

  it("reports the shared size", async (context) => {
    needsApi(context, "1.42", "sharedSize of listImages");
    const listed = await client.listImages({ sharedSize: true });
    expect(listed.every(({ SharedSize }) => SharedSize >= 0)).toBe(true);
  });

  it("rejects when the image of a filter is missing", async () => {
    const error = await client.listImages({ filters: { before: nosuch } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: nosuch });
  });
});

describe("inspectImage", () => {
  it("returns the details of an image", async () => {
    const { id, name } = await builtImage(["ENV COLOUR=red", 'CMD ["echo", "hello"]', "WORKDIR /tmp", "EXPOSE 80/tcp"]);
    const inspected = await client.inspectImage({ name });
    expect(inspected.RepoTags).toEqual([name]);
    expect(inspected.Os).toBe("linux");
    expect(inspected.RootFS.Layers?.length).toBeGreaterThan(0);
    expect(inspected.Config).toMatchObject({ Cmd: ["echo", "hello"], WorkingDir: "/tmp", ExposedPorts: { "80/tcp": {} } });
    expect(inspected.Config?.Env).toContain("COLOUR=red");
    expect((await client.inspectImage({ name: id })).Id).toBe(inspected.Id);
  });

  it("returns the manifests", async (context) => {
    needsApi(context, "1.48", "manifests of inspectImage");
    expect((await client.inspectImage({ name: IMAGE, manifests: true })).Os).toBe("linux");
  });

  it("inspects the variant of a platform", async (context) => {
    needsApi(context, "1.49", "platform of inspectImage");
    const { Os: os, Architecture: architecture } = await client.inspectImage({ name: IMAGE });
    expect((await client.inspectImage({ name: IMAGE, platform: { os, architecture } })).Architecture).toBe(architecture);
    await expect(client.inspectImage({ name: IMAGE, platform: "plan9/mips" })).rejects.toBeInstanceOf(NoSuchImageError);
  });

  it("rejects a missing image", async () => {
    const error = await client.inspectImage({ name: nosuch }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: nosuch, status: 404 });
  });
});

describe("imageHistory", () => {
  it("returns the steps, latest first", async () => {
    const { name } = await builtImage(["ENV FIRST=1", "ENV SECOND=2"]);
    const [last, before] = await client.imageHistory({ name });
    expect(last?.CreatedBy).toContain("SECOND=2");
    expect(before?.CreatedBy).toContain("FIRST=1");
    expect(last?.Created).toBeGreaterThan(1_600_000_000);
  });

  it("rejects a missing image", async () => {
    await expect(client.imageHistory({ name: nosuch })).rejects.toBeInstanceOf(NoSuchImageError);
  });
});

describe("imageAttestations", () => {
  it("lists statements if the engine supports them", async () => {
    const listed = client.imageAttestations({ name: IMAGE });
    const known = await client.supports("imageAttestations");
    const outcome = await listed.catch((error: unknown) => error);
    if (!known) expect(outcome).toBeInstanceOf(UnsupportedVersionError);
    else if (outcome instanceof Error) expect(outcome).toBeInstanceOf(NotImplementedError);
    else expect(outcome).toEqual([]);
  });
});

describe("tagImage", () => {
  it("adds a name to an image", async () => {
    const { id, repository, name } = await builtImage();
    await client.tagImage({ name, repo: repository, tag: "2" });
    await client.tagImage({ name: id, repo: `${repository}:3` });
    await client.tagImage({ name, repo: repository });
    for (const tag of ["2", "3", "latest"]) removedAtEnd(`${repository}:${tag}`);
    const { RepoTags } = await client.inspectImage({ name });
    expect([...RepoTags].sort()).toEqual(["1", "2", "3", "latest"].map((tag) => `${repository}:${tag}`));
  });

  it("moves a name from another image", async () => {
    const [one, other] = [await builtImage(), await builtImage()];
    await client.tagImage({ name: other.id, repo: one.name });
    expect((await client.inspectImage({ name: one.name })).Id).toBe((await client.inspectImage({ name: other.name })).Id);
    await client.removeImage({ name: one.id, force: true });
  });

  it("rejects a missing image and an invalid name", async () => {
    await expect(client.tagImage({ name: nosuch, repo: repositoryName() })).rejects.toBeInstanceOf(NoSuchImageError);
    await expect(client.tagImage({ name: IMAGE, repo: "localhost/UPPER" })).rejects.toBeInstanceOf(InvalidOptionError);
  });
});

describe("removeImage", () => {
  it("removes one name, and the image with its last name", async () => {
    const { repository, name } = await builtImage();
    await client.tagImage({ name, repo: repository, tag: "2" });
    expect(await client.removeImage({ name })).toEqual([{ Untagged: name }]);
    const removed = await client.removeImage({ name: `${repository}:2` });
    expect(removed).toContainEqual({ Untagged: `${repository}:2` });
    expect(removed.some(({ Deleted }) => Deleted !== undefined)).toBe(true);
    await expect(client.inspectImage({ name: `${repository}:2` })).rejects.toBeInstanceOf(NoSuchImageError);
  });

  it("rejects an image in use unless forced", async () => {
    const { name } = await builtImage();
    const used = await container({ Image: name, Cmd: ["true"] });
    const error = await client.removeImage({ name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ImageInUseError);
    expect(error).toMatchObject({ image: name, status: 409 });
    await client.removeContainer({ id: used, force: true });
    await client.removeImage({ name, force: true, noPrune: true });
    await expect(client.inspectImage({ name })).rejects.toBeInstanceOf(NoSuchImageError);
  });

  it("rejects a missing image", async () => {
    await expect(client.removeImage({ name: nosuch })).rejects.toBeInstanceOf(NoSuchImageError);
  });
});

describe("pruneImages", () => {
  it("removes untagged images with a matching label", async () => {
    const label = uniqueName();
    const labels = { "spec.prune": label };
    const { imageId } = await client.buildImage({ dockerfileContent: dockerfile(), labels });
    const { name } = await builtImage([], { labels });
    const { ImagesDeleted, SpaceReclaimed } = await client.pruneImages({ filters: { label: `spec.prune=${label}` } });
    expect(ImagesDeleted.map(({ Deleted }) => Deleted?.replace("sha256:", ""))).toContain(imageId.replace("sha256:", ""));
    expect(SpaceReclaimed).toBeGreaterThanOrEqual(0);
    await expect(client.inspectImage({ name: imageId })).rejects.toBeInstanceOf(NoSuchImageError);
    expect((await client.inspectImage({ name })).RepoTags).toEqual([name]);
  });

  it("reports that no container was removed", async () => {
    const { ImagesDeleted } = await client.pruneImages({ filters: { label: uniqueName() } });
    expect(ImagesDeleted).toEqual([]);
  });
});

describe("imagesViz", () => {
  it("draws an image on top of its parent", async () => {
    const { id, name } = await builtImage(["RUN echo 1 > /one"]);
    const drawn = await client.imagesViz();
    const short = id.replace("sha256:", "").slice(0, 12);
    expect(drawn).toMatch(/^digraph docker \{\n/);
    expect(drawn).toContain(`\n "${short}" [label="${short}\\n${name}"`);
    expect(drawn).toMatch(new RegExp(`^ "[0-9a-f]{12}" -> "${short}"$`, "m"));
  });
});
