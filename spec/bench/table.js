// Formats the results as tables.

export const CLIENTS = ["ours", "raw-net", "raw", "dockerode", "node-sdk"];
const PEERS = ["dockerode", "node-sdk"];

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Formats an aligned Markdown table. Numbers are right-aligned. */
export function markdown(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

function short(number) {
  if (number === undefined) return "-";
  if (number >= 100) return Math.round(number).toLocaleString("en-US");
  return number.toPrecision(3);
}

/** Returns the median of a client's samples; undefined if there are none. */
const middle = (samples, key) => (samples?.length ? median(samples.map((sample) => sample[key])) : undefined);

/** Returns the metric of a line: elapsed time for fresh processes, CPU time for all others. */
const judged = (line) => (line.method === undefined ? "wallMs" : "cpuMs");

const titleOf = (line, volume) =>
  line.each || line.method === undefined ? line.title : `${line.title}, ${volume.toLocaleString("en-US")} ${line.unit}`;

const amountOf = (line, volume) => (line.method === undefined ? 1 : volume);

function ratio(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

// bars are as low as 0.1
const decimals = (value) => value.toFixed(value < 0.2 ? 3 : 2);

const judgement = (value, bar) => {
  if (value === undefined) return "-";
  if (bar === undefined) return decimals(value);
  return value < bar ? `${decimals(value)} < ${bar} met` : `${decimals(value)} >= ${bar} MISSED`;
};

/**
 * Formats the results.
 *
 * @param {import("./lines.js").Line[]} lines
 * @param {Map<string, Record<string, { cpuMs: number, wallMs: number, rssMb: number }[]>>} samples - by line and client.
 * @param {"full" | "quick"} size
 * @returns the tables and the bars that were met and missed.
 */
export function report(lines, samples, size) {
  const met = [];
  const missed = [];
  const judge = (line, what, value, bar) => {
    if (value !== undefined && bar !== undefined)
      (value < bar ? met : missed).push(`${line.name} ${what} ${decimals(value)} (bar ${bar})`);
    return judgement(value, bar);
  };
  const cpu = [];
  const rates = [];
  const memory = [];
  for (const line of lines) {
    const by = samples.get(line.name) ?? {};
    const amount = amountOf(line, line[size]);
    const title = titleOf(line, line[size]);
    const per = line.each ? amount / 1000 : 1;
    const time = (client) => middle(by[client], judged(line));
    const peers = PEERS.map(time).filter((value) => value !== undefined);
    const peer = peers.length > 0 ? Math.min(...peers) : undefined;
    const unit = line.each ? "us each" : line.method === undefined ? "ms passed" : "ms";
    cpu.push([
      title,
      unit,
      ...CLIENTS.map((client) => short(ratio(time(client), per))),
      judge(line, "to peer", ratio(time("ours"), peer), line.bars.peer),
      judge(line, "to raw", ratio(time("ours"), time("raw")), line.bars.raw),
      judge(line, "to raw-net", ratio(time("ours"), time("raw-net")), line.bars.rawNet),
    ]);
    if (line.method !== undefined) {
      const rate = (client) => ratio(amount * 1000, middle(by[client], "wallMs"));
      rates.push([title, `${line.unit}/s`, ...CLIENTS.map((client) => short(rate(client)))]);
    }
    const peak = (client) => middle(by[client], "rssMb");
    const { memory: bar } = line.bars;
    memory.push([
      title,
      ...CLIENTS.map((client) => short(peak(client))),
      bar === undefined ? "" : judge(line, "MB", peak("ours"), bar),
    ]);
  }
  const tables = [
    ["CPU time of the client", markdown(["line", "", ...CLIENTS, "ours to best peer", "ours to raw", "ours to raw-net"], cpu)],
    ...(rates.length > 0 ? [["Rate", markdown(["line", "", ...CLIENTS], rates)]] : []),
    ["Peak memory, MB", markdown(["line", ...CLIENTS, "bar"], memory)],
  ];
  return { text: tables.map(([title, table]) => `### ${title}\n\n${table}\n`).join("\n"), met, missed };
}

/** Formats the sizes of the installations. Ours must be less than half of dockerode's. */
export function installReport(sizes) {
  const { dockerode } = sizes;
  const met = [];
  const missed = [];
  const rows = Object.entries(sizes).map(([name, { packages, megabytes, files }]) => {
    const row = [name, String(packages), megabytes.toFixed(1), files.toLocaleString("en-US")];
    if (name !== "ours" || !dockerode) return [...row, "", ""];
    const judge = (what, value) => {
      (value < 0.5 ? met : missed).push(`installed ${what} ${decimals(value)} of dockerode's (bar 0.5)`);
      return judgement(value, 0.5);
    };
    return [...row, judge("packages", packages / dockerode.packages), judge("MB", megabytes / dockerode.megabytes)];
  });
  const table = markdown(["package", "packages", "MB", "files", "packages to dockerode", "MB to dockerode"], rows);
  return { text: `### Installed\n\n${table}\n`, met, missed };
}
