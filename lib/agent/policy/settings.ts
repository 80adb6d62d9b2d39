import * as z from "zod";

const patterns = z.array(z.string().min(1));

/** The settings of a policy, as in its file. Patterns may contain `*`, which stands for any number of characters. */
export const policySettings = z
  .strictObject({
    methods: patterns.optional().describe("Patterns of the methods that may be called. All by default."),
    images: patterns
      .optional()
      .describe(
        "Patterns of the images that may be used, as docker.io/library/busybox:latest or busybox:latest. All by default.",
      ),
    networks: patterns
      .optional()
      .describe(
        "Patterns of the networks that guests may join; without one, a guest joins bridge. All but host and container: by default.",
      ),
    users: patterns
      .optional()
      .describe(
        "Patterns of the users that guests and commands in them may run as; that of the image counts, or root. All by default.",
      ),
    bindRoots: z
      .array(z.string().startsWith("/", "a root of bind mounts must be an absolute path"))
      .optional()
      .describe("Folders of the host that guests may mount, with everything below. None by default."),
    devices: patterns.optional().describe("Patterns of devices of the host. None by default."),
    capabilities: patterns.optional().describe("Patterns of capabilities that may be added. None by default."),
    securityOptions: patterns.optional().describe("Patterns of security options. None by default."),
    runtimes: patterns.optional().describe("Patterns of OCI runtimes. None but the engine's default by default."),
    cgroupParents: patterns.optional().describe("Patterns of parent control groups. None by default."),
    hostNamespaces: z
      .boolean()
      .optional()
      .describe(
        "Whether guests may share the network, PID or IPC namespace of the host or of other containers. false by default.",
      ),
    privileged: z.boolean().optional().describe("Whether guests and commands may be privileged. false by default."),
    ownedOnly: z
      .boolean()
      .optional()
      .describe("Whether only guests that an agent has created may be changed or read. false by default."),
  })
  .meta({ id: "PolicySettings", description: "What callers of an agent may do." });

export type PolicySettings = z.infer<typeof policySettings>;
