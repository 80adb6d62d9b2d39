import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { badRequest, notSupported } from "../engine-error.js";
import { archiveRefusal } from "../files/archive-refusal.js";
import { MountedFiles } from "../files/mounted-files.js";
import { exportTree, packPath } from "../files/pack-path.js";
import { pathStat } from "../files/path-stat.js";
import { unpackInto } from "../files/unpack.js";
import { StartError } from "../runtime/executor.js";
import { findUser } from "../runtime/program/users.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { decompress, sniff } from "../store/decompress.js";

const STAT_HEADER = "x-docker-container-path-stat";

/** Routes of the files of containers. */
export function containerFileRoutes(containers: Containers): Route[] {
  const find = (exchange: Exchange): Container => containers.find(exchange.param("id"));
  return [
    {
      method: "HEAD",
      path: "/containers/**:id/archive",
      handle: (exchange) => refusing(exchange, statPath(exchange, find(exchange))),
    },
    {
      method: "GET",
      path: "/containers/**:id/archive",
      handle: (exchange) => refusing(exchange, download(exchange, find(exchange))),
    },
    {
      method: "PUT",
      path: "/containers/**:id/archive",
      handle: (exchange) => refusing(exchange, upload(exchange, find(exchange))),
    },
    {
      method: "GET",
      path: "/containers/**:id/changes",
      handle: async (exchange) => {
        const { root } = await find(exchange).files();
        const found = await root.changes();
        exchange.json(found.length === 0 ? null : found);
      },
    },
    {
      method: "GET",
      path: "/containers/**:id/export",
      handle: async (exchange) => {
        const container = find(exchange);
        const { root } = await container.files();
        container.emit("export");
        await send(exchange, exportTree(root), "application/octet-stream");
      },
    },
  ];
}

/** Turns failures of files into what Docker answers. */
async function refusing(exchange: Exchange, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw archiveRefusal(error, exchange.query.text("path"), exchange.param("id")) ?? error;
  }
}

function pathOf({ query }: Exchange): string {
  const path = query.text("path");
  if (path === "") throw badRequest("path cannot be empty");
  return path;
}

async function statPath(exchange: Exchange, container: Container): Promise<void> {
  const { files } = await container.files();
  exchange.response.setHeader(STAT_HEADER, statHeader(await pathStat(files, pathOf(exchange))));
  exchange.empty(200);
}

const statHeader = (stat: object): string => Buffer.from(JSON.stringify(stat)).toString("base64");

async function download(exchange: Exchange, container: Container): Promise<void> {
  const { files } = await container.files();
  const path = pathOf(exchange);
  const archive = await packPath(files, path);
  exchange.response.setHeader(STAT_HEADER, statHeader(await pathStat(files, path)));
  await send(exchange, archive, "application/x-tar");
}

async function send(exchange: Exchange, archive: Readable, type: string): Promise<void> {
  await pipeline(archive, exchange.stream(type));
}

async function upload(exchange: Exchange, container: Container): Promise<void> {
  const { files } = await container.files();
  if (!(files instanceof MountedFiles)) throw notSupported("the files of this container cannot be written");
  const { query } = exchange;
  const { compression, content } = await sniff(exchange.request as AsyncIterable<Buffer>);
  const archive = Readable.from(decompress(content, compression), { objectMode: false });
  const owner = query.flag("copyUIDGID") ? await ownerOf(container, files) : undefined;
  await unpackInto(files, pathOf(exchange), archive, {
    noOverwriteDirNonDir: query.flag("noOverwriteDirNonDir"),
    ...(owner ? { owner } : {}),
  });
  await container.keepFiles();
  exchange.empty(200);
}

/**
 * Returns the user of a container, to whom files belong that are uploaded with `copyUIDGID`. Files uploaded to a container without a
 * user keep the owners of the archive.
 *
 * @throws an {@link EngineError} with status 400 when the container does not know the user.
 */
async function ownerOf(container: Container, files: MountedFiles): Promise<{ uid: number; gid: number } | undefined> {
  const user = container.record.config.User ?? "";
  if (user === "") return undefined;
  try {
    const { uid, gid } = await findUser(files, user);
    return { uid, gid };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(": ") + 2);
    throw badRequest(`failed to look up user ${JSON.stringify(user)} in container: ${reason}`, error);
  }
}
