/** The wire types of responses that methods stream or convert, by operation ID. */
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
