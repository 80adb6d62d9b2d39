import { describe, expect, it } from "vitest";
import type { AuthConfiguration } from "../../../../lib/auth/auth-configuration.js";
import { Client } from "../../../../lib/client.js";
import { ApiError } from "../../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { RegistryAuthenticationError } from "../../../../lib/errors/stream-errors.js";
import { client, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman, removedAtEnd } from "../../../support/images.js";
import { namedImage, needsRegistry, refusalOf, right, wrong } from "../../../support/registry.js";

useEngine();

describe("pushImage and pullImage with a registry's password", () => {
  it("push and pull with the right password", async (context) => {
    const repository = await namedImage(needsRegistry(context));
    const push = client.pushImage({ name: repository, tag: "1", auth: right });
    const statuses: string[] = [];
    for await (const { status } of push) statuses.push(status ?? "");
    const { reference, digest, tag, size, pushed } = await push;
    expect(reference).toBe(`${repository}:1`);
    expect(tag).toBe("1");
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(size).toBeGreaterThan(0);
    expect(pushed).toEqual([{ Tag: "1", Digest: digest, Size: size }]);
    expect(statuses.length).toBeGreaterThan(0);

    await client.removeImage({ name: reference });
    const pulled = await client.pullImage({ repository, tag: "1", auth: right });
    expect(pulled.reference).toBe(reference);
    // some engines do not report it
    expect([digest, undefined]).toContain(pulled.digest);
    await client.pullImage({ repository: `${repository}@${digest ?? ""}`, auth: right });
    expect((await client.inspectImage({ name: reference })).RepoDigests).toContain(`${repository}@${digest ?? ""}`);
  });

  it("use the client's credentials and a separate registry name", async (context) => {
    const host = needsRegistry(context);
    const repository = await namedImage(host);
    await using own = new Client({ endpoint: client.endpoint, auth: { [host]: right } });
    const name = repository.slice(host.length + 1);
    const { digest } = await own.pushImage({ name, registry: host, tag: "1" });
    expect(digest).toMatch(/^sha256:/);
    expect(await own.pullImage({ repository: name, registry: host, tag: "1" })).toMatchObject({ reference: `${repository}:1` });
  });

  it("push all tags at once", async (context) => {
    notOnPodman(context, "cannot push all tags at once");
    const repository = await namedImage(needsRegistry(context));
    await client.tagImage({ name: `${repository}:1`, repo: removedAtEnd(`${repository}:2`) });
    const { pushed } = await client.pushImage({ name: repository, allTags: true, auth: right });
    expect(pushed.length).toBeGreaterThan(0);
    const { digest } = await client.pushImage({ name: `${repository}:2`, auth: right });
    expect(pushed.map(({ Digest }) => Digest)).toContain(digest);
  });

  it.for<[string, AuthConfiguration | false]>([
    ["wrong", wrong],
    ["missing", false],
    ["empty", {}],
  ])("reject when the password is %s", async ([, auth], context) => {
    const repository = await namedImage(needsRegistry(context));
    const pushed = await refusalOf(client.pushImage({ name: repository, tag: "1", auth }));
    expect(pushed).toBeInstanceOf(RegistryAuthenticationError);
    expect(pushed).toMatchObject({ registry: `${repository}:1`, operation: "pushImage" });

    await client.pushImage({ name: repository, tag: "1", auth: right });
    const pulled = await refusalOf(client.pullImage({ repository, tag: "1", auth }));
    expect(pulled).toBeInstanceOf(RegistryAuthenticationError);
    expect(pulled).toMatchObject({ registry: `${repository}:1`, operation: "pullImage" });
  });

  it("reject when the registry does not have the image", async (context) => {
    const repository = `${needsRegistry(context)}/${uniqueName("nosuch")}`;
    const pulled = await refusalOf(client.pullImage({ repository, tag: "1", auth: right }));
    expect(pulled).toBeInstanceOf(NoSuchImageError);
    expect(pulled).toMatchObject({ image: `${repository}:1` });
  });

  it("reject when the engine does not have the image", async (context) => {
    const name = `${needsRegistry(context)}/${uniqueName("nosuch")}`;
    const pushed = await refusalOf(client.pushImage({ name, tag: "1", auth: right }));
    expect(pushed).toBeInstanceOf(NoSuchImageError);
    expect(pushed).toMatchObject({ image: `${name}:1` });
  });

  it("let a build pull its base image", async (context) => {
    const host = needsRegistry(context);
    const repository = await namedImage(host);
    await client.pushImage({ name: repository, tag: "1", auth: right });
    await client.removeImage({ name: `${repository}:1` });
    const options = { dockerfileContent: `FROM ${repository}:1\nLABEL spec.unique=${uniqueName()}\n`, pull: true };
    expect(await refusalOf(client.buildImage({ ...options, authConfigs: { [host]: wrong } }))).toBeInstanceOf(ApiError);
    const { imageId } = await client.buildImage({ ...options, authConfigs: { [host]: right } });
    removedAtEnd(`${repository}:1`);
    removedAtEnd(imageId);
    expect((await client.inspectImage({ name: imageId })).Os).toBe("linux");
  });
});

describe("pullImage and searchImages", () => {
  it("reject when the registry is unreachable", async () => {
    await expect(client.pullImage({ repository: "127.0.0.1:1/app" })).rejects.toBeInstanceOf(ApiError);
    await expect(client.searchImages({ term: "127.0.0.1:1/app", limit: 3 })).rejects.toBeInstanceOf(ApiError);
    await expect(client.pushImage({ name: `127.0.0.1:1/${uniqueName()}` })).rejects.toBeInstanceOf(NoSuchImageError);
  });
});
