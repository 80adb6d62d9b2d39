/** The wire types of answers that methods give as a stream or make something else of, by the ID of the operation. */
export const answerTypes: Readonly<Record<string, string>> = {
  ContainerStats: "ContainerStats",
  ContainerTop: "ContainerTopResponse",
  ContainerWait: "ContainerWaitResponse",
  ContainerArchiveInfo: "ContainerPathStat",
  ImageBuild: "ProgressMessage",
  ImageCreate: "ProgressMessage",
  ImageLoad: "ProgressMessage",
  ImagePush: "ProgressMessage",
  PluginPull: "ProgressMessage",
  PluginPush: "ProgressMessage",
  PluginUpgrade: "ProgressMessage",
  SystemEvents: "EventMessage",
};
