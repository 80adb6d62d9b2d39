import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { notSent, reference, source } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { type ByteSource } from "../../wire/byte-source.js";
import { noPluginName, pluginErrors } from "./errors.js";

/** Options for {@link Client.createPlugin}. Either `path` or `inputStream` is required. */
export interface CreatePluginOptions {
  /** Name of the plugin, such as `registry:5000/volumes:1.2`. The tag defaults to `latest`. */
  name: string;
  /**
   * A local folder that contains the plugin's configuration, `config.json`, and its file system, the folder `rootfs`. The
   * owners of files are preserved.
   */
  path?: string | undefined;
  /** An uncompressed tar archive with the contents of such a folder. */
  inputStream?: ByteSource | undefined;
}

const createPlugin = operation<CreatePluginOptions>({
  name: "createPlugin",
  method: "POST",
  path: "/plugins/create",
  since: "1.25",
  longRunning: true,
  fields: {
    name: reference("name", { required: true }),
    path: notSent,
    inputStream: source,
  },
  errors: ({ name }) => pluginErrors(name),
});

function invalid(option: string, what: string, cause?: unknown): InvalidOptionError {
  const operation = createPlugin.name;
  return new InvalidOptionError(option, `${operation}: ${what}`, { operation, cause });
}

/** Checks that a folder contains a plugin, and packs it into an archive. */
async function packFolder(path: string): Promise<Readable> {
  for (const [name, isRight] of [
    ["config.json", "isFile"],
    ["rootfs", "isDirectory"],
  ] as const) {
    const found = await stat(join(path, name)).catch((cause: unknown) => {
      throw invalid("path", `cannot read ${join(path, name)}, which every plugin must have`, cause);
    });
    if (!found[isRight]()) throw invalid("path", `${join(path, name)} must be a ${isRight === "isFile" ? "file" : "folder"}`);
  }
  const { packDirectory } = await import("../../archive/pack-directory.js");
  return packDirectory(path, { ignore: ["*", "!config.json", "!rootfs"], keepOwner: true });
}

/** Mixed into {@link Client}. */
export default abstract class PluginCreateMixin extends Connection {
  /**
   * Creates a plugin from its configuration and file system. The plugin is not enabled: call {@link Client.enablePlugin} to use
   * it.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginCreate | PluginCreate}
   * @throws {@link NoSuchPluginError} when `name` is empty.
   * @throws {@link PluginAlreadyExistsError} when the name is in use.
   * @throws {@link InvalidOptionError} when the folder does not contain a plugin, or not exactly one of `path` and
   * `inputStream` is set.
   * @throws {@link ArchiveError} when a file in the folder cannot be read.
   * @throws {@link InputStreamError} when `inputStream` fails.
   * @throws {@link BadRequestError} when the name is invalid, or the archive does not contain a plugin.
   * @example
   * ```ts
   * await client.createPlugin({ name: "registry.example.com/volumes:1.2", path: "plugin" });
   * ```
   */
  async createPlugin(options: CreatePluginOptions, call?: CallOptions): Promise<void> {
    await this.withStreams(createPlugin, options, call, async (taken, inner) => {
      const { name, path, inputStream } = taken;
      if (name === "") throw noPluginName(createPlugin);
      if (path !== undefined && inputStream) throw invalid("inputStream", 'set either "path" or "inputStream"');
      const upload = path === undefined ? inputStream : await packFolder(path);
      if (!upload) throw invalid("path", 'set one of the options "path" and "inputStream"');
      const headers = { "Content-Type": "application/x-tar" };
      await this.send(createPlugin, taken, inner, { headers, upload });
    });
  }
}
