import * as z from "zod";
import { RpcError } from "../rpc/rpc-error.js";
import { GetMetrics } from "./guest-metrics.js";
import { assertUsable, inspectGuest } from "./guests.js";
import { method } from "./method.js";

const id = z.string().min(1, "missing guest with id").describe("ID of the guest.");
const count = z.int().nonnegative();
const time = z.string().describe("Seconds since 1970, RFC 3339, or a duration before now such as 10m.");

/** The most output that one answer contains, in bytes. What follows is read as progress. */
const OUTPUT_LIMIT = 1024 * 1024;

/** How long a command may run by default, in milliseconds. */
const COMMAND_TIME = 10 * 60_000;

const line = z
  .object({
    stream: z.enum(["stdin", "stdout", "stderr"]).describe("The stream of the line."),
    line: z.string().describe("The line as UTF-8, without its end."),
  })
  .meta({ id: "LogLine", description: "A line of a guest's output." });

const GetLogs = method({
  summary: "Returns the output of a guest.",
  details:
    "With follow, each line is progress, until the guest ends or the caller leaves: ask for a stream or a job. Otherwise the lines " +
    "are in the result, the last ones if they exceed 1 MiB.",
  params: z.strictObject({
    id,
    tail: count.optional().describe("The number of lines from the end. All by default."),
    since: time.optional(),
    until: time.optional(),
    timestamps: z.boolean().optional().describe("Whether each line begins with its time. false by default."),
    stdout: z.boolean().optional().describe("Whether standard output is returned. true by default."),
    stderr: z.boolean().optional().describe("Whether standard error is returned. true by default."),
    follow: z.boolean().optional().describe("Whether new lines are reported as progress. false by default."),
  }),
  result: z
    .object({
      lines: z.array(line).describe("The lines. Empty with follow."),
      truncated: z.boolean().describe("Whether earlier lines were left out."),
    })
    .meta({ id: "LogsResponse", description: "The output of a guest." }),
  changes: false,
  isEndless: ({ follow }) => follow ?? false,
  timeout: ({ follow }) => (follow ? 0 : 60_000),
  failures: ["notFound", "policy"],
  async run({ follow, ...options }, context) {
    await assertUsable(context, options.id);
    const { client, signal } = context;
    await using output = await client.logs({ ...options, follow }, { signal });
    const lines: z.infer<typeof line>[] = [];
    const sizes: number[] = [];
    let size = 0;
    let dropped = 0;
    for await (const found of output.lines()) {
      if (follow) {
        context.progress(found);
        continue;
      }
      lines.push(found);
      sizes.push(Buffer.byteLength(found.line));
      for (size += Buffer.byteLength(found.line); size > OUTPUT_LIMIT && dropped < lines.length - 1; dropped++)
        size -= sizes[dropped] ?? 0;
    }
    return { lines: lines.slice(dropped), truncated: dropped > 0 };
  },
});

const ExecContainer = method({
  summary: "Runs a command in a running guest and returns its exit code and output.",
  params: z.strictObject({
    id,
    command: z.array(z.string()).min(1, "missing command").describe("The command and its arguments."),
    env: z.record(z.string(), z.string()).optional().describe("Environment variables beyond those of the guest."),
    user: z.string().optional().describe("User and group. Those of the guest by default."),
    workingDirectory: z.string().optional().describe("Working directory. That of the guest by default."),
    input: z.string().optional().describe("Standard input. Empty by default."),
    encoding: z.enum(["utf8", "base64"]).optional().describe("How input and output are encoded. utf8 by default."),
    tty: z.boolean().optional().describe("Whether the command has a terminal. false by default."),
    privileged: z.boolean().optional().describe("Whether the command has all rights of the host. The policy must allow it."),
    timeout: z.int().positive().optional().describe("Seconds after which the command is killed. 600 by default."),
  }),
  result: z
    .object({
      exitCode: z.int().describe("Exit code. 127 if the executable does not exist, 126 if it cannot be started."),
      stdout: z.string().describe("Standard output."),
      stderr: z.string().describe("Standard error."),
    })
    .meta({ id: "ExecResponse", description: "The end of a command." }),
  changes: true,
  timeout: ({ timeout }) => 30_000 + (timeout === undefined ? COMMAND_TIME : timeout * 1000),
  failures: ["notFound", "conflict", "policy", "timeout"],
  async run({ id: container, command, env = {}, workingDirectory, input, encoding = "utf8", timeout, ...options }, context) {
    const { client, policy, signal } = context;
    policy.assertPrivileged(options.privileged);
    if (options.user) policy.assertUser(options.user);
    else if (policy.restrictsUsers) policy.assertUser((await inspectGuest(context, container)).Config.User);
    await assertUsable(context, container);
    const { exitCode, stdout, stderr } = await client.execute(
      {
        container,
        cmd: command,
        env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
        ...(workingDirectory !== undefined && { workingDir: workingDirectory }),
        ...options,
        ...(input !== undefined && { input: Buffer.from(input, encoding) }),
        maxOutput: OUTPUT_LIMIT,
        timeout: timeout === undefined ? COMMAND_TIME : timeout * 1000,
      },
      { signal },
    );
    return { exitCode, stdout: stdout.toString(encoding), stderr: stderr.toString(encoding) };
  },
});

const WaitContainer = method({
  summary: "Waits for the end of a guest.",
  params: z.strictObject({
    id,
    timeout: count.optional().describe("Seconds after which the wait fails. No limit by default: ask for a stream or a job."),
  }),
  result: z
    .object({ exitCode: z.int().describe("Exit code of the guest.") })
    .meta({ id: "WaitResponse", description: "The end of a guest." }),
  changes: false,
  timeout: ({ timeout }) => (timeout === undefined ? 0 : Math.max(1, timeout * 1000)),
  failures: ["notFound", "policy", "timeout"],
  async run({ id: container }, context) {
    await assertUsable(context, container);
    const { statusCode } = await context.client.waitContainer({ id: container }, { signal: context.signal });
    return { exitCode: statusCode };
  },
});

const StreamEvents = method({
  summary: "Reports the engine's events as progress until the caller leaves: ask for a stream or a job.",
  params: z.strictObject({
    filters: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe("Filters of the engine, such as type, event or container."),
    since: time.optional(),
    until: time.optional(),
  }),
  result: z
    .object({ count: count.describe("The number of events.") })
    .meta({ id: "EventsResponse", description: "The end of a stream." }),
  changes: false,
  isEndless: ({ until }) => until === undefined,
  timeout: () => 0,
  async run(options, { client, policy, signal, progress }) {
    if (policy.ownedOnly) throw new RpcError("policy", "events are about all containers", { rule: "ownedOnly" });
    let seen = 0;
    for await (const event of client.streamEvents(options, { signal })) {
      seen++;
      progress(event);
    }
    return { count: seen };
  },
});

/** The methods that watch guests and run commands in them. */
export const observingMethods = { GetLogs, GetMetrics, ExecContainer, WaitContainer, StreamEvents };
