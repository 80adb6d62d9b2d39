import * as z from "zod";
import { refuseVariable } from "./values/environment.js";
import { refuseIdentifier } from "./values/identifier.js";
import type { SwarmPlacement } from "./values/placement.js";

/** The schema of an identifier. */
export const identifier = z.string({ error: "identifier may not be empty" }).superRefine((text, context) => {
  const message = refuseIdentifier(text);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** The schema of the name of a container. */
export const containerOptions = z.strictObject({ id: identifier });

const range = (name: string): string => `${name} is a port: 1 to 65535`;

/** The schema of a port that must be set. */
export const port = (name: string): z.ZodNumber =>
  z
    .int({ error: range(name) })
    .min(1, range(name))
    .max(65_535, range(name));

/** The schema of port pairs. */
export const portPairs = z
  .array(
    z.strictObject({
      internal: port("the internal port"),
      external: z.union([port("the external port"), z.literal(0)]).optional(),
    }),
  )
  .superRefine((pairs, context) => {
    const repeated = (of: "internal" | "external"): number | undefined => {
      const ports = pairs.map((pair) => pair[of] ?? 0).filter((each) => each !== 0);
      return ports.find((each, index) => ports.indexOf(each) !== index);
    };
    const internal = repeated("internal");
    if (internal !== undefined) context.addIssue({ code: "custom", message: `the internal port ${internal} is given twice` });
    const external = repeated("external");
    if (external !== undefined) context.addIssue({ code: "custom", message: `the external port ${external} is given twice` });
  });

const variable = z.strictObject({ name: z.string(), value: z.string() }).superRefine((given, context) => {
  const message = refuseVariable(given);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

/** The schema of an environment. */
export const environmentDescription = z.strictObject({
  id: identifier.optional(),
  variables: z.array(variable).optional(),
  source: z
    .string()
    .superRefine((text, context) => {
      const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
      if (!isUrl) context.addIssue({ code: "custom", message: "the source of an environment is an http or https URL" });
    })
    .optional(),
});

const host = (name: string): z.ZodString => z.string().regex(/^[\w.:-]{1,253}$/, `${name} is a name or an address`);

/** The schema of a link. */
export const networkLink = z.strictObject({
  fromHost: host("the host that a link leads from").optional(),
  fromPort: port("the port that a link leads from"),
  toHost: host("the host that a link leads to").optional(),
  toPort: z.union([port("the port that a link leads to"), z.literal(0)]).optional(),
});

/** The schema of the links of a container. */
export const containerLink = z.strictObject({ id: identifier, networkLinks: z.array(networkLink) });

const path = z.string().regex(/^\/[^\0]*$/, "a volume needs an absolute path in the container");

/** The schema of volumes. */
export const volumeConfig = z.strictObject({
  volumes: z.array(z.strictObject({ path })).optional(),
  volumeMounts: z
    .array(
      z.strictObject({
        path,
        hostPath: z
          .string()
          .regex(/^(\/[^\0]*|[a-zA-Z0-9][\w.-]+)$/, "a volume mount needs an absolute path or the name of a volume"),
        readOnly: z.boolean().optional(),
      }),
    )
    .optional(),
});

const time = "a time of a health check is 1 to 86400000 milliseconds";
const checkTime = z.int({ error: time }).min(1, time).max(86_400_000, time).optional();
const retries = "the retries of a health check are 1 to 1000";

/** The schema of a health check. */
export const healthCheck = z.strictObject({
  command: z.array(z.string()).min(1, "a health check needs a command"),
  interval: checkTime,
  timeout: checkTime,
  retries: z.int({ error: retries }).min(1, retries).max(1_000, retries).optional(),
  startPeriod: checkTime,
});

const replicas = "the number of replicas is 1 to 1000";

/** The members of the schemas of what runs on a swarm. */
export const swarmPlacement = {
  replicas: z.int({ error: replicas }).min(1, replicas).max(1_000, replicas).optional(),
  global: z.boolean().optional(),
  constraints: z
    .array(
      z
        .string()
        .regex(/^\s*[\w.-]+\s*[=!]=\s*\S.*$/, 'a placement constraint has the form "node.labels.disk == ssd", with == or !='),
    )
    .optional(),
};

/** The members of the schemas of containers that are installed on a swarm. */
export const swarmInstallation = {
  ...swarmPlacement,
  publish: z.enum(["ingress", "host"], { error: 'ports are published as "ingress" or "host"' }).optional(),
  secretEnvironment: z.boolean().optional(),
};

/** Adds an issue to what runs on each node and has a number of replicas. */
export function checkPlacement({ global, replicas: count }: SwarmPlacement, context: z.RefinementCtx): void {
  if (global && count !== undefined)
    context.addIssue({ code: "custom", path: ["replicas"], message: "what runs on each node has no number of replicas" });
}
