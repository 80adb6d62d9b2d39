import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { packEntries } from "../../../lib/archive/pack-entries.js";

/** The pieces of a download, and the time between two, in milliseconds: a kill is to fall into it now and then. */
const PIECES = 12;
const PAUSE = 4;

/** A name that saved images have and an engine knows as another image. */
export const TAKEN = "service/taken:latest";

/** A name that saved images have and an engine does not know. */
export const STRANGE = "service/strange:latest";

const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

const packed = (files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> =>
  buffer(packEntries(Object.entries(files).map(([name, content]) => ({ name, content, mtime: new Date(0) }))));

/** An archive of files, or of a saved image, whose content is that of its ID alone. */
async function archiveOf(id: string): Promise<Buffer> {
  const files = await packed({ id, padding: `${id}\n`.repeat(20_000) });
  if (id.startsWith("files-")) return files;
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [`sha256:${digest(files)}`] },
    }),
  );
  const manifest = [{ Config: "config.json", RepoTags: [TAKEN, STRANGE], Layers: ["layer.tar"] }];
  return packed({ "config.json": config, "layer.tar": files, "manifest.json": JSON.stringify(manifest) });
}

/** An image service with images of every ID: `files-N` is an archive of files, any other a saved image. */
export class ImageSource {
  /** The number of downloads that were begun, by ID. */
  readonly downloads = new Map<string, number>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(({ url = "" }, response) => {
      const [, id = ""] = /^\/images\/([^/]+)\/download$/.exec(url) ?? [];
      this.downloads.set(id, (this.downloads.get(id) ?? 0) + 1);
      void archiveOf(id).then(async (archive) => {
        response.writeHead(200, { "Content-Length": archive.length });
        const size = Math.ceil(archive.length / PIECES);
        for (let at = 0; at < archive.length && !response.destroyed; at += size) {
          response.write(archive.subarray(at, at + size));
          await pause(PAUSE);
        }
        response.end();
      });
    });
  }

  /** Starts a service. */
  static async start(): Promise<ImageSource> {
    const source = new ImageSource();
    source.#server.listen(0, "127.0.0.1");
    await once(source.#server, "listening");
    return source;
  }

  /** Where it is, as `--image-service` has it. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
