import { beforeEach, describe, expect, it } from "vitest";
import type { AuthConfiguration } from "../../../../lib/auth/auth-configuration.js";
import { Client } from "../../../../lib/client.js";
import { NotImplementedError, ServerError } from "../../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { RegistryAuthenticationError } from "../../../../lib/errors/stream-errors.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";
import { client, uniqueName, useEngine } from "../../../support/engine.js";
import { namedImage, needsRegistry, refusalOf, right, wrong } from "../../../support/registry.js";

useEngine();

describe("inspectDistribution", () => {
  beforeEach(async (context) => {
    const error = await client.inspectDistribution({ name: "127.0.0.1:1/app" }).catch((e: unknown) => e);
    context.skip(error instanceof NotImplementedError, "the engine, like Podman, has no inspectDistribution");
  });

  it("inspects an image in a registry without pulling it", async (context) => {
    const host = needsRegistry(context);
    const repository = await namedImage(host);
    const { digest } = await client.pushImage({ name: repository, tag: "1", auth: right });
    await client.removeImage({ name: `${repository}:1` });
    const { Descriptor, Platforms } = await client.inspectDistribution({ name: `${repository}:1`, auth: right });
    expect(Descriptor).toMatchObject({ digest, mediaType: expect.stringContaining("manifest") as string });
    expect(Descriptor.size).toBeGreaterThan(0);
    expect(Platforms).toEqual([expect.objectContaining({ os: "linux", architecture: expect.any(String) as string })]);
    const byDigest = await client.inspectDistribution({ name: `${repository}@${digest ?? ""}`, auth: right });
    expect(byDigest.Descriptor.digest).toBe(digest);
    await using own = new Client({ endpoint: client.endpoint, auth: { [host]: right } });
    expect(await own.inspectDistribution({ name: `${repository}:1` })).toEqual({ Descriptor, Platforms });
    await expect(client.inspectImage({ name: `${repository}:1` })).rejects.toBeInstanceOf(NoSuchImageError);
  });

  it.for<[string, AuthConfiguration | false]>([
    ["wrong", wrong],
    ["missing", false],
  ])("rejects when the password is %s", async ([, auth], context) => {
    const repository = await namedImage(needsRegistry(context));
    await client.pushImage({ name: repository, tag: "1", auth: right });
    const error = await refusalOf(client.inspectDistribution({ name: `${repository}:1`, auth }));
    expect(error).toBeInstanceOf(RegistryAuthenticationError);
    expect(error).toMatchObject({ registry: `${repository}:1`, operation: "inspectDistribution" });
  });

  it("rejects when the registry does not have the image", async (context) => {
    const name = `${needsRegistry(context)}/${uniqueName("nosuch")}:1`;
    const error = await refusalOf(client.inspectDistribution({ name, auth: right }));
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: name });
  });

  it("rejects an unreachable registry and an invalid name", async () => {
    await expect(client.inspectDistribution({ name: "127.0.0.1:1/app" })).rejects.toBeInstanceOf(ServerError);
    await expect(client.inspectDistribution({ name: "No Name" })).rejects.toBeInstanceOf(InvalidOptionError);
  });
});
