import fc from "fast-check";
import { DockerError } from "../../../lib/errors/docker-error.js";
import { startRegistry } from "../../crash/registry.js";
import { BOX } from "../../support/box-archive.js";
import { EngineUnderTest } from "../engine-under-test.js";
import { deeds, HostileRegistry } from "../hostile-registry.js";
import { Finding, type KindFactory, Outcomes } from "../kind.js";

/** How long an operation may take before the client leaves, in milliseconds. */
const PATIENCE = 2_000;

/** How long the engine may take to remove what an operation has left, in milliseconds. */
const CLEAN = 5_000;

/** Pulls from a registry that lies, and pushes to it. */
export const registry: KindFactory = async () => {
  const outcomes = new Outcomes();
  const engine = await EngineUnderTest.start();
  const { registry: honest, repositories } = await startRegistry(["fuzz"]);
  const hostile = await HostileRegistry.start(honest.address);
  const { client } = engine;
  const name = `${hostile.address}/${repositories[0] ?? ""}`;
  await client.pullImage({ repository: name, tag: "latest" });
  const { Id: id, RepoDigests } = await client.inspectImage({ name });
  const digest = RepoDigests[0]?.split("@")[1] ?? "";
  const box = (await client.inspectImage({ name: BOX })).Id;
  /** Removes everything but the image with which the engine started. */
  const remove = async (): Promise<void> => {
    for (const { Id, RepoTags } of await client.listImages())
      if (Id !== box) await client.removeImage({ name: Id, force: true });
      else for (const tag of RepoTags) if (tag !== BOX) await client.removeImage({ name: tag, force: true });
  };
  // the form in which a layer was pushed is kept with it
  await client.tagImage({ name: BOX, repo: name, tag: "pushed" });
  await client.pushImage({ name, tag: "pushed" });
  await remove();
  const kept = (await engine.blobs()).sort().join();
  const operations = {
    pull: () => client.pullImage({ repository: name, tag: "latest" }),
    "pull by digest": () => client.pullImage({ repository: `${name}@${digest}` }),
    push: async () => {
      await client.tagImage({ name: BOX, repo: name, tag: "pushed" });
      return client.pushImage({ name, tag: "pushed" });
    },
    inspect: () => client.inspectDistribution({ name }),
    auth: () => client.authCheck({ username: "a", password: "b", serveraddress: hostile.address }),
  } satisfies Record<string, () => Promise<unknown>>;
  const property = fc.asyncProperty(
    fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])),
    deeds,
    async (operation, planned) => {
      hostile.plan(planned);
      const shown = `${operation} with ${JSON.stringify(planned).slice(0, 1_500)}`;
      let answer = "";
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Finding(`${shown} does not end`)), PATIENCE * 10);
      });
      try {
        await Promise.race([operations[operation](), late]);
        outcomes.count("done");
        if (operation === "pull by digest" && (await client.inspectImage({ name: `${name}@${digest}` })).Id !== id)
          throw new Finding(`${shown} pulls another image`);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        answer = error.message;
        outcomes.count("refused");
      } finally {
        clearTimeout(timer);
      }
      hostile.plan([]);
      await engine.check(shown, answer);
      await remove();
      const end = performance.now() + CLEAN;
      while ((await engine.blobs()).sort().join() !== kept) {
        if (performance.now() > end) throw new Finding(`${shown} leaves ${(await engine.blobs()).sort().join()}, not ${kept}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  );
  return {
    about: "pulls and pushes with a hostile registry",
    property,
    outcomes,
    close: async () => {
      await engine.close();
      await hostile.close();
      await honest.close();
    },
  };
};
