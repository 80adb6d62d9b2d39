import { Readable } from "node:stream";
import * as z from "zod";
import { type ImageInspect, NoSuchImageError, parseReference } from "../../index.js";
import { IMAGE_LABEL } from "../guest/labels.js";
import { examineArchive, withoutNames } from "../images/archive.js";
import { NamelessFile } from "../images/nameless-file.js";
import { RpcError } from "../rpc/rpc-error.js";
import { type Image, image, type ImageResponse, imageResponse } from "../schemas/responses.js";
import { method, type MethodContext } from "./method.js";

const MB = 1024 * 1024;

/** The repository in which imported and loaded images get a name, so that the agent finds them again. */
const OWN = "mistify-imports";

/** How long work on images may take, in milliseconds. */
const WORK = 30 * 60_000;

const imageId = z.string({ error: "missing image with id" }).min(1, "missing image with id");

const imageParams = z.strictObject({
  id: imageId.describe("ID or name of the image."),
  type: z.string().optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
  dest: z.string().optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
  source: z.string().optional().describe("Ignored except by PullImage."),
});

const credentials = z
  .strictObject({
    username: z.string().optional().describe("User name."),
    password: z.string().optional().describe("Password or access token."),
    serveraddress: z.string().optional().describe("Registry."),
    identitytoken: z.string().optional().describe("Identity token, in place of a password."),
    registrytoken: z.string().optional().describe("Bearer token for the registry."),
  })
  .meta({ id: "RegistryCredentials", description: "Credentials for a registry. Never logged or returned." });

function imageOf(id: string, { Size }: Pick<ImageInspect, "Size">): Image {
  return { id, type: "container", size: Math.floor(Size / MB) };
}

/** Inspects an image by its name, or by the ID that it was imported with. */
async function findImage({ client, signal }: MethodContext, id: string): Promise<{ name: string; image: ImageInspect }> {
  try {
    return { name: id, image: await client.inspectImage({ name: id }, { signal }) };
  } catch (error) {
    if (!(error instanceof NoSuchImageError)) throw error;
    const name = `${OWN}/${id}`;
    // the error is about the name that the caller knows
    return { name, image: await client.inspectImage({ name }, { signal }).catch(() => Promise.reject(error)) };
  }
}

const ListImages = method({
  summary: "Lists the images that an agent has imported or loaded.",
  params: z.strictObject({
    ...imageParams.partial().shape,
    all: z.boolean().optional().describe("Whether all images of the engine are listed. false by default."),
  }),
  result: imageResponse,
  changes: false,
  async run({ all = false }, { client, signal }) {
    const images: Image[] = [];
    for (const image of await client.listImages({}, { signal })) {
      const names = image.RepoTags; // null or `<none>:<none>` for images without a name
      const repositories = names.map((name) => parseReference(name).repository);
      const own = repositories.flatMap((name) => (name.startsWith(`${OWN}/`) ? [name.slice(OWN.length + 1)] : []));
      const label = image.Labels[IMAGE_LABEL];
      const ids = new Set(label === undefined ? own : [label, ...own]);
      images.push(...[...ids].map((id) => imageOf(id, image)));
      if (all && ids.size === 0) images.push(imageOf(names.find((name) => name !== "<none>:<none>") ?? image.Id, image));
    }
    return { images };
  },
});

const GetImage = method({
  summary: "Returns one image.",
  params: imageParams,
  result: imageResponse,
  changes: false,
  failures: ["notFound"],
  async run({ id }, context) {
    const { image } = await findImage(context, id);
    return { images: [imageOf(id, image)] };
  },
});

const DeleteImage = method({
  summary: "Removes an image and returns it as it was.",
  params: imageParams.extend({
    force: z.boolean().optional().describe("Whether an image that stopped guests use is removed as well. false by default."),
  }),
  result: imageResponse,
  changes: true,
  failures: ["notFound", "conflict"],
  async run({ id, force }, context) {
    const { client, isResumed, signal } = context;
    try {
      const { name, image } = await findImage(context, id);
      const own = `${OWN}/${id}:latest`;
      const isTwice = name !== `${OWN}/${id}` && image.RepoTags.includes(own);
      await client.removeImage({ name, force }, { signal });
      if (isTwice) await client.removeImage({ name: own, force }, { signal });
      return { images: [imageOf(id, image)] };
    } catch (error) {
      if (!isResumed || !(error instanceof NoSuchImageError)) throw error;
      return { images: [{ id, type: "container", size: 0 }] }; // the call that was cut off removed it
    }
  },
});

const downloadParams = imageParams.extend({
  id: imageId
    // what a repository may be called: the ID becomes one, and a part of the URL, which dots would lead elsewhere
    .regex(
      /^[\da-z]+(?:(?:[._]|__|-+)[\da-z]+)*(?:\/[\da-z]+(?:(?:[._]|__|-+)[\da-z]+)*)*$/,
      "the image id is no name of a repository",
    )
    .max(200, "the image id is longer than 200 characters")
    .describe("ID of the image: lower-case letters and digits, separated by . _ - or /."),
  digest: z
    .string()
    .regex(/^sha256:[\da-f]{64}$/, "a digest is sha256: and 64 hexadecimal digits")
    .optional()
    .describe("Digest of the downloaded archive. A download with another one is refused."),
});

/**
 * Downloads an image from the image service, unless it is there, and gives it a name. A saved image is loaded, an archive of files
 * is imported.
 *
 * @param wanted - the name that the image gets.
 */
async function fetchImage(
  id: string,
  wanted: string,
  digest: string | undefined,
  context: MethodContext,
): Promise<ImageResponse> {
  const { client, imageService, policy, signal, progress } = context;
  policy.assertImage(wanted);
  const own = `${OWN}/${id}:latest`;
  for (const name of new Set([wanted, own])) {
    const there = await client.inspectImage({ name }, { signal }).catch((error: unknown) => {
      if (error instanceof NoSuchImageError) return undefined;
      throw error;
    });
    if (!there) continue;
    if (name !== wanted) await client.tagImage({ name, ...repoAndTag(wanted) }, { signal });
    return { images: [imageOf(id, there)] };
  }
  const file = new NamelessFile();
  try {
    progress({ status: "Downloading", id });
    await imageService.download(id, file, digest, signal);
    progress({ status: "Verifying", id });
    const kind = await examineArchive(file, imageService.maxUnpacked, signal);
    if (kind === "files") await importFrom(file, id, context);
    else await loadFrom(file, own, context);
    if (wanted !== own) await client.tagImage({ name: own, ...repoAndTag(wanted) }, { signal });
    return { images: [imageOf(id, await client.inspectImage({ name: wanted }, { signal }))] };
  } finally {
    await file.close();
  }
}

async function importFrom(file: NamelessFile, id: string, { client, signal, progress }: MethodContext): Promise<void> {
  const changes = `LABEL ${IMAGE_LABEL}=${JSON.stringify(id)}`;
  const inputStream = Readable.from(file.chunks());
  await client.importImage({ repository: `${OWN}/${id}`, tag: "latest", inputStream, changes, onProgress: progress }, { signal });
}

/** Loads a saved image under a name of ours, and no other one. */
async function loadFrom(file: NamelessFile, own: string, { client, signal, progress }: MethodContext): Promise<void> {
  const { images } = await client.loadImage({ inputStream: withoutNames(file), onProgress: progress }, { signal });
  const [loaded] = images;
  if (loaded === undefined) throw new RpcError("engine", "the engine loaded no image from the archive");
  await client.tagImage({ name: loaded, ...repoAndTag(own) }, { signal });
}

function repoAndTag(name: string): { repo: string; tag: string } {
  const { repository, tag = "latest" } = parseReference(name);
  return { repo: repository, tag };
}

const ImportImage = method({
  summary: "Downloads an image from the image service, as mistify-imports/ID, unless it is there.",
  details: "The download is complete, within the limits and verified before the engine gets any of it.",
  params: downloadParams,
  result: imageResponse,
  changes: true,
  timeout: () => WORK,
  failures: ["policy", "timeout"],
  run: ({ id, digest }, context) => fetchImage(id, `${OWN}/${id}:latest`, digest, context),
});

const LoadImage = method({
  summary: "Downloads an image from the image service, under its ID as its name, unless it is there.",
  details:
    "The download is complete, within the limits and verified before the engine gets any of it. Images of other names stay as they are.",
  params: downloadParams,
  result: imageResponse,
  changes: true,
  timeout: () => WORK,
  failures: ["policy", "timeout"],
  run: ({ id, digest }, context) => fetchImage(id, `${id}:latest`, digest, context),
});

const PullImage = method({
  summary: "Pulls an image from a registry.",
  params: imageParams.extend({
    source: z.string().optional().describe("The image to pull, if it differs from id: it is then tagged as id as well."),
    platform: z.string().optional().describe("Platform, such as linux/arm64. That of the engine by default."),
    auth: credentials.optional().describe("Credentials. Those of the agent's Docker configuration by default."),
  }),
  result: imageResponse,
  changes: true,
  timeout: () => WORK,
  failures: ["notFound", "unauthorized", "policy", "timeout"],
  async run({ id, source, platform, auth }, { client, policy, signal, progress }) {
    const name = source || id;
    policy.assertImage(name);
    policy.assertImage(id);
    await client.pullImage(
      { repository: name, ...(platform !== undefined && { platform }), auth, onProgress: progress },
      { signal },
    );
    if (name !== id) await client.tagImage({ name, ...repoAndTag(id) }, { signal });
    return { images: [imageOf(id, await client.inspectImage({ name: id }, { signal }))] };
  },
});

const PushImage = method({
  summary: "Pushes an image to a registry.",
  params: imageParams.extend({
    auth: credentials.optional().describe("Credentials. Those of the agent's Docker configuration by default."),
  }),
  result: z
    .object({
      images: z.array(image).describe("The image."),
      digest: z.string().optional().describe("Digest of the pushed manifest."),
    })
    .meta({ id: "PushResponse", description: "A pushed image." }),
  changes: true,
  timeout: () => WORK,
  failures: ["notFound", "unauthorized", "policy", "timeout"],
  async run({ id, auth }, context) {
    const { client, policy, signal, progress } = context;
    policy.assertImage(id);
    const { image } = await findImage(context, id);
    const { digest } = await client.pushImage({ name: id, auth, onProgress: progress }, { signal });
    return { images: [imageOf(id, image)], ...(digest !== undefined && { digest }) };
  },
});

/** The methods about images. `GetImages` is how mdocker's README calls GetImage. */
export const imageMethods = {
  ListImages,
  GetImage,
  GetImages: GetImage,
  ImportImage,
  LoadImage,
  PullImage,
  PushImage,
  DeleteImage,
};
