import {
  containerCreateResponse,
  containerInspect,
  containersPruneResponse,
  containerStats,
  containerSummary,
  containerUpdateResponse,
  execInspect,
  network,
  networkInspect,
  networksPruneResponse,
} from "./containers.js";
import {
  attestationStatement,
  buildPruneResponse,
  distributionInspect,
  imageHistoryItem,
  imageInspect,
  imagesPruneResponse,
  imageSummary,
  plugin,
  systemDataUsage,
  systemInfo,
  systemVersion,
  volume,
  volumeListResponse,
  volumesPruneResponse,
} from "./images.js";
import { type AnyShape, list, nullReader, type Reader } from "./shape.js";
import {
  configSpec,
  node,
  pluginPrivilege,
  secretSpec,
  service,
  serviceCreateResponse,
  serviceUpdateResponse,
  swarm,
  task,
} from "./swarm.js";

/**
 * The shapes of all answers that contain lists or maps, by the name of the method.
 *
 * @internal
 */
export const answers = {
  containerChanges: list,
  createContainer: containerCreateResponse,
  createService: serviceCreateResponse,
  createVolume: volume,
  diskUsage: systemDataUsage,
  getPluginPrivileges: [pluginPrivilege],
  imageAttestations: [attestationStatement],
  imageHistory: [imageHistoryItem],
  inspectConfig: { Spec: configSpec },
  inspectContainer: containerInspect,
  inspectDistribution: distributionInspect,
  inspectExec: execInspect,
  inspectImage: imageInspect,
  inspectNetwork: networkInspect,
  inspectNode: node,
  inspectPlugins: plugin,
  inspectSecret: { Spec: secretSpec },
  inspectService: service,
  inspectSwarm: swarm,
  inspectTask: task,
  inspectVolume: volume,
  listCheckpoints: list,
  listConfigs: [{ Spec: configSpec }],
  listContainers: [containerSummary],
  listImages: [imageSummary],
  listNetworks: [network],
  listNodes: [node],
  listPlugins: [plugin],
  listSecrets: [{ Spec: secretSpec }],
  listServices: [service],
  listTasks: [task],
  listVolumes: volumeListResponse,
  pruneBuilds: buildPruneResponse,
  pruneContainers: containersPruneResponse,
  pruneImages: imagesPruneResponse,
  pruneNetworks: networksPruneResponse,
  pruneVolumes: volumesPruneResponse,
  removeImage: list,
  searchImages: list,
  stats: containerStats,
  topContainer: { Titles: list, Processes: [list] },
  updateContainer: containerUpdateResponse,
  updateService: serviceUpdateResponse,
  info: systemInfo,
  version: systemVersion,
} as const satisfies Readonly<Record<string, AnyShape>>;

const shapes: Readonly<Record<string, AnyShape | undefined>> = answers;
const readers = new Map<string, Reader>();

/**
 * Returns the reader of a method's answer. It is compiled on the method's first answer, because most processes call few methods.
 */
function readerOf(method: string, shape: AnyShape): Reader {
  const reader = readers.get(method) ?? nullReader(shape);
  readers.set(method, reader);
  return reader;
}

/**
 * Replaces null lists and maps in a method's answer with empty ones.
 *
 * @returns the answer, changed in place; an empty list if the answer itself is a null list.
 */
export function readNulls(method: string, answer: unknown): unknown {
  const shape = shapes[method];
  return shape === undefined ? answer : readerOf(method, shape)(answer);
}
