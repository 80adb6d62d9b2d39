import { Accounts } from "./accounts.js";
import { type Command, Failure, program } from "./command.js";
import { formatTime, readDate } from "./dates.js";
import { UsageError } from "./options.js";

/** Prints the environment, or runs a command in a changed one. */
export const env = program(
  async (command) => {
    const options = command.options("iu:0", { stopsAtOperand: true, long: { "ignore-environment": "i", unset: "u" } });
    const words = [...options.operands];
    let isEmpty = options.has("i");
    if (words[0] === "-") {
      isEmpty = true;
      words.shift();
    }
    const variables = new Map(isEmpty ? [] : Object.entries(command.context.env));
    for (const name of options.values("u")) variables.delete(name);
    for (let [, name, value] = assignment(words[0]); name !== undefined; [, name, value] = assignment(words[0])) {
      variables.set(name, value ?? "");
      words.shift();
    }
    if (words.length > 0) return await command.run(words, { env: Object.fromEntries(variables), replaces: true });
    for (const [name, value] of variables) command.out.put(`${name}=${value}${options.has("0") ? "\0" : "\n"}`);
    return 0;
  },
  { usage: "[-iu0] [-] [NAME=VALUE]... [PROG ARGS]" },
);

const assignment = (word = ""): RegExpExecArray | [] => /^([^=]+)=(.*)$/s.exec(word) ?? [];

/** Prints the value of environment variables. */
export const printenv = program(({ args, context, out }) => {
  let code = 0;
  const names = args.filter((arg) => !arg.startsWith("-"));
  for (const name of names.length > 0 ? names : Object.keys(context.env)) {
    const value = context.env[name];
    if (value === undefined) code = 1;
    else out.put(names.length > 0 ? `${value}\n` : `${name}=${value}\n`);
  }
  return code;
});

/** Prints the working directory. */
export const pwd = program(async ({ args, context, files, out }) => {
  out.put(`${args.includes("-P") ? await files.realPath(context.cwd) : context.cwd}\n`);
});

/** Prints the IDs of the user. */
export const id = program(
  async (command) => {
    const options = command.options("ugGnr");
    const accounts = await Accounts.read(command.files);
    const name = options.operands[0];
    let user: Pick<Command["context"]["user"], "uid" | "gid" | "groups"> = command.context.user;
    if (name !== undefined) {
      const account = accounts.users.find((other) => other.name === name);
      if (!account) throw new Failure(`unknown user ${name}`);
      const groups = accounts.groups.filter(({ members }) => members.includes(name)).map(({ gid }) => gid);
      user = { ...account, groups };
    }
    const groups = [...new Set([user.gid, ...user.groups])];
    const shown = (number: number, text: string | undefined): string =>
      options.has("n") ? (text ?? String(number)) : String(number);
    const full = (number: number, text: string | undefined): string => `${number}${text === undefined ? "" : `(${text})`}`;
    if (options.has("u")) command.out.put(`${shown(user.uid, accounts.userName(user.uid))}\n`);
    else if (options.has("g")) command.out.put(`${shown(user.gid, accounts.groupName(user.gid))}\n`);
    else if (options.has("G")) command.out.put(`${groups.map((gid) => shown(gid, accounts.groupName(gid))).join(" ")}\n`);
    else {
      const list = groups.map((gid) => full(gid, accounts.groupName(gid))).join(",");
      const own = `uid=${full(user.uid, accounts.userName(user.uid))} gid=${full(user.gid, accounts.groupName(user.gid))}`;
      command.out.put(`${own} groups=${list}\n`);
    }
  },
  { usage: "[-ugGnr] [USER]" },
);

/** Prints the name of the user. */
export const whoami = program(async ({ context, files, out }) => {
  const name = (await Accounts.read(files)).userName(context.user.uid);
  if (name === undefined) throw new Failure(`unknown uid ${context.user.uid}`);
  out.put(`${name}\n`);
});

/** Prints the names of a user's groups. */
export const groups = program(async ({ context, files, out }) => {
  const accounts = await Accounts.read(files);
  const ids = [...new Set([context.user.gid, ...context.user.groups])];
  out.put(`${ids.map((gid) => accounts.groupName(gid) ?? String(gid)).join(" ")}\n`);
});

/** Prints the host name. */
export const hostname = program(
  async (command) => {
    const options = command.options("sidfF:");
    if (options.has("F") || options.operands.length > 0) throw new Failure("sethostname: Operation not permitted");
    const { hostname: name } = command.context;
    if (options.has("s")) command.out.put(`${name.replace(/\..*/, "")}\n`);
    else if (options.has("d")) command.out.put(`${/\.(.*)/.exec(name)?.[1] ?? ""}\n`);
    else if (options.has("i")) command.out.put(`${(await addressOf(command)) ?? ""}\n`);
    else command.out.put(`${name}\n`);
  },
  { usage: "[-sidf]" },
);

/** Returns the address of the container as `/etc/hosts` has it. */
async function addressOf({ context, files }: Command): Promise<string | undefined> {
  if (!(await files.exists("/etc/hosts"))) return undefined;
  const lines = (await files.readFile("/etc/hosts")).toString().split("\n");
  const words = lines.map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
  return words.find(([, ...names]) => names.includes(context.hostname))?.[0];
}

const machines: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64", ia32: "i686", arm: "armv7l" };

/** The machine, as Linux names it. */
const machine = machines[process.arch] ?? process.arch;

/** Prints the name and version of the system. The version is that of the engine's Linux: there is no kernel. */
export const uname = program(
  (command) => {
    const options = command.options("snrvmpioa", { long: { all: "a" } });
    const parts: readonly [string, string][] = [
      ["s", "Linux"],
      ["n", command.context.hostname],
      ["r", "6.1.0"],
      ["v", "#1 SMP"],
      ["m", machine],
      ["p", "unknown"],
      ["i", "unknown"],
      ["o", "GNU/Linux"],
    ];
    const isShown = (letter: string): boolean => {
      if (options.has("a")) return !"pi".includes(letter);
      return options.given.length === 0 ? letter === "s" : options.has(letter);
    };
    command.out.put(`${parts.flatMap(([letter, value]) => (isShown(letter) ? [value] : [])).join(" ")}\n`);
  },
  { usage: "[-amnrspvio]" },
);

/** Prints the kind of machine. */
export const arch = program(({ out }) => {
  out.put(`${machine}\n`);
});

const isoFormats: Readonly<Record<string, string>> = {
  "": "%Y-%m-%d",
  date: "%Y-%m-%d",
  hours: "%Y-%m-%dT%H+00:00",
  minutes: "%Y-%m-%dT%H:%M+00:00",
  seconds: "%Y-%m-%dT%H:%M:%S+00:00",
  ns: "%Y-%m-%dT%H:%M:%S,%N+00:00",
};

/** Prints the time. All times are UTC. */
export const date = program(
  async (command) => {
    // `-I` may have a value directly after it
    const args = command.args.map((arg) => (/^-I./.test(arg) ? `--iso=${arg.slice(2)}` : arg));
    const options = command.options(
      "uRs:d:D:r:IJ:",
      { long: { iso: "J", "iso-8601": "I", date: "d", utc: "u", rfc: "R" } },
      args,
    );
    const now = command.context.clock.now();
    let time = now;
    const text = options.value("d");
    const reference = options.value("r");
    if (text !== undefined) {
      const read = readDate(text, now);
      if (read === undefined) throw new Failure(`invalid date '${text}'`);
      time = read;
    } else if (reference !== undefined) {
      const status = await command.statusOf(reference);
      if (!status) throw new Failure(`can't stat '${reference}': No such file or directory`);
      time = status.mtime;
    }
    const [format, ...more] = options.operands;
    if (more.length > 0) throw new UsageError("");
    if (options.has("s") || (format !== undefined && !format.startsWith("+")))
      throw new Failure("can't set date: Operation not permitted");
    let shown = format?.slice(1) ?? "%a %b %e %H:%M:%S %Z %Y";
    if (format === undefined && options.has("R")) shown = "%a, %d %b %Y %H:%M:%S %z";
    const iso = isoFormats[options.value("J") ?? ""];
    if (options.has("IJ")) {
      if (iso === undefined) throw new UsageError("");
      shown = iso;
    }
    command.out.put(`${formatTime(shown, time)}\n`);
  },
  { usage: "[-uR] [-d TIME] [-I[SPEC]] [-r FILE] [+FMT]" },
);
