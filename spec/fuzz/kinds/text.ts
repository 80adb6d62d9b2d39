import fc from "fast-check";
import { DockerError } from "../../../lib/errors/docker-error.js";
import { printable, quoted, shown } from "../../../lib/errors/quote.js";
import { parseEndpoint } from "../../../lib/transport/dial/endpoint.js";
import { compareVersions, isApiVersion } from "../../../lib/wire/api-version.js";
import { formatDuration, parseDuration } from "../../../lib/wire/duration.js";
import { parseReference } from "../../../lib/wire/reference.js";
import { imageNameProblem, referenceProblem } from "../../../lib/wire/reference-grammar.js";
import { encodeTimestamp } from "../../../lib/wire/timestamp.js";
import { Finding, type KindFactory, mustEqual, Outcomes } from "../kind.js";

/** The grammar of references in the registry's documentation, with the limits that it states only in prose. */
const digit = "[0-9]";
const alphanumeric = "[a-z0-9]+";
const component = `${alphanumeric}(?:(?:\\.|_|__|-+)${alphanumeric})*`;
const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::${digit}+)?`;
const name = `(?:${domain}/)?${component}(?:/${component})*`;
const reference = new RegExp(
  `^(${name})(?::(\\w[\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** The additional requirements of Docker for a reference that users write. */
function isReference(text: string): boolean {
  const [, repository = "", , digest] = reference.exec(text) ?? [];
  if (repository === "" || /^[0-9a-f]{64}$/.test(repository)) return false;
  const [first = "", ...rest] = repository.split("/");
  // a component without a dot, a colon or an upper-case letter is not a registry but part of the path
  const hasHost = rest.length > 0 && (/[.:A-Z[]/.test(first) || first === "localhost");
  const path = hasHost ? rest.join("/") : repository;
  if (path.length > 255 || !new RegExp(`^${component}(?:/${component})*$`).test(path)) return false;
  if (hasHost && !new RegExp(`^${domain}$`).test(first)) return false;
  if (Number(/:(\d+)$/.exec(hasHost ? first : "")?.[1] ?? 0) > 65_535) return false;
  const sizes: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };
  const [algorithm = "", hex = ""] = digest?.split(":") ?? [];
  return digest === undefined || (Object.hasOwn(sizes, algorithm) && hex.length === sizes[algorithm] && /^[0-9a-f]+$/.test(hex));
}

const pieces = (parts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...parts) },
        { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 2 }) },
      ),
      { maxLength: 9 },
    )
    .map((all) => all.join(""));

const referenceText = pieces([
  ..."a/:@.-_A[]09%\n".split(""),
  ...[
    "busybox",
    "localhost",
    "library/",
    "registry.example:5000/",
    "LOCAL/",
    "[::1]:80/",
    "host:99999/",
    "__",
    "--",
    ":latest",
    ":5000",
  ],
  ...[
    `@sha256:${"a".repeat(64)}`,
    `@sha512:${"0".repeat(128)}`,
    `@sha256:${"A".repeat(64)}`,
    "@md5:1",
    "b".repeat(64),
    "c".repeat(129),
    "d".repeat(256),
    "constructor",
  ],
]);
const timeText = pieces([
  "1",
  "59",
  "1.5",
  ".",
  "-",
  "+",
  ":",
  "T",
  "Z",
  "h",
  "m",
  "s",
  "ms",
  "us",
  "\u00b5s",
  "ns",
  "2024-05-01",
  "T12:00:00",
  "9".repeat(25),
  "+02:00",
  "e5",
  " ",
]);
const addressText = pieces([
  "unix://",
  "tcp://",
  "ssh://",
  "http://",
  "https://",
  "npipe://",
  "fd://",
  "/",
  "host",
  "user@",
  ":",
  "2375",
  "99999",
  "[::1]",
  "..",
  "%2f",
  "\0",
  "\n",
  "$",
  "?a=b",
  "#x",
  "//./pipe/x",
  " ",
  "\ud800",
]);

/** Units in the order in which Go prints them, in nanoseconds. */
const units: Readonly<Record<string, number>> = {
  h: 3.6e12,
  m: 6e10,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  "\u00b5s": 1e3,
  "\u03bcs": 1e3,
  ns: 1,
};

/** The nanoseconds of a duration, within the precision of a number; undefined for other text. */
function nanoseconds(text: string): number | undefined {
  let rest = text;
  let sum = 0;
  while (rest !== "") {
    const [whole, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)(h|ms|m|s|us|\u00b5s|\u03bcs|ns)/.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    sum += Number(amount) * (units[unit] ?? 0);
    rest = rest.slice(whole.length);
  }
  return text === "" ? undefined : sum;
}

function checkDuration(text: string): void {
  const [read, expected] = [parseDuration(text), nanoseconds(text)];
  mustEqual("is a duration", read !== undefined, expected !== undefined);
  if (read === undefined || expected === undefined) return;
  if (Math.abs(Number(read) - expected) > 10 + expected * 1e-12) throw new Finding(`${text} is ${read}, expected ${expected}`);
  if (parseDuration(formatDuration(read)) !== read) throw new Finding(`${formatDuration(read)} is not read as ${read}`);
}

function checkTime(text: string): void {
  const encoded = encodeTimestamp(text);
  if (encoded === undefined) return;
  if (!/^\d+(?:\.\d{1,9})?$/.test(encoded)) throw new Finding(`not a time for the engine: ${encoded}`);
  const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) mustEqual("time", Math.floor(Number(encoded) * 1_000 + 1e-6), date);
}

function checkReference(text: string): void {
  mustEqual("is a reference", referenceProblem(text) === undefined, isReference(text));
  imageNameProblem(text);
  const { repository, tag, digest } = parseReference(text);
  mustEqual("parts", `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`, text);
}

function checkAddress(text: string): void {
  try {
    parseEndpoint(text);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    if (/[\p{Cc}]/u.test(error.message)) throw new Finding(`control characters in ${JSON.stringify(error.message)}`);
  }
}

function checkShown(text: string): void {
  for (const one of [shown(text, 20), quoted(text, 20), printable(text)]) {
    if (/(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(one)) throw new Finding(`not printable: ${JSON.stringify(one)}`);
  }
}

function checkVersions(a: string, b: string): void {
  isApiVersion(a);
  if (isApiVersion(a) && isApiVersion(b))
    mustEqual("order", Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
}

/** References, durations, times, versions and addresses. */
export const text: KindFactory = () => {
  const outcomes = new Outcomes();
  const versionText = pieces(["1", "0", ".", "24", "1.41", "999"]);
  const property = fc.oneof(
    fc.record({ kind: fc.constant("reference" as const), text: referenceText }),
    fc.record({ kind: fc.constant("duration" as const), text: timeText }),
    fc.record({ kind: fc.constant("time" as const), text: timeText }),
    fc.record({ kind: fc.constant("address" as const), text: addressText }),
    fc.record({ kind: fc.constant("message" as const), text: fc.string({ unit: "binary", maxLength: 60 }) }),
    fc.record({ kind: fc.constant("version" as const), text: versionText }),
  );
  const checks = {
    reference: checkReference,
    duration: checkDuration,
    time: checkTime,
    address: checkAddress,
    message: checkShown,
    version: (one: string) => checkVersions(one, "1.41"),
  };
  return {
    about: "references, times, addresses against their grammars",
    property: fc.property(property, (input) => {
      checks[input.kind](input.text);
      outcomes.count(input.kind);
    }),
    outcomes,
    close: () => undefined,
  };
};
